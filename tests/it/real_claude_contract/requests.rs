//! Every control request of the bridge, and every kind of line that it reads, against the program:
//! docs/claude-contract.md is the table, and shows in one run what another version does otherwise.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use expect_test::expect_file;

use super::for_each_version;
use super::walk::Walk;
use crate::support::real_claude::RealClaude;

for_each_version!(the_table_of_the_contract_is_what_the_program_does);

/// The requests of the bridge, and what it reads of their answers, as JSON pointers.
const REQUESTS: &[(&str, &[&str])] = &[
    (
        "initialize",
        &[
            "/commands/0/name",
            "/models/0/value",
            "/models/0/displayName",
            "/claude_code_version",
        ],
    ),
    (
        "get_settings",
        &["/errors/0/file", "/errors/0/path", "/errors/0/message"],
    ),
    ("set_model", &["/model"]),
    ("apply_flag_settings", &[]),
    ("get_usage", &[]),
    ("set_permission_mode", &["/mode"]),
    (
        "get_context_usage",
        &[
            "/totalTokens",
            "/maxTokens",
            "/categories/0/name",
            "/categories/0/tokens",
            "/categories/0/kind",
        ],
    ),
    (
        "list_permission_rules",
        &[
            "/state/rules/0/behavior",
            "/state/rules/0/source",
            "/state/rules/0/rule",
        ],
    ),
    (
        "get_workspace_diff",
        &[
            "/diff/stats/linesAdded",
            "/diff/stats/linesRemoved",
            "/diff/perFileStats/0/path",
            "/diff/perFileStats/0/status",
            "/diff/perFileStats/0/added",
            "/diff/hunks/0/path",
            "/diff/hunks/0/hunks/0/lines",
        ],
    ),
    (
        "mcp_status",
        &["/mcpServers/0/name", "/mcpServers/0/status"],
    ),
    ("mcp_toggle", &[]),
    ("mcp_reconnect", &["error"]),
    (
        "rewind_files",
        &["/canRewind", "/filesChanged/0", "/insertions", "/deletions"],
    ),
    ("rewind_conversation", &["/rewound"]),
    ("side_question", &["/response"]),
    (
        "get_task_output",
        &["/output", "/total_bytes", "/truncated"],
    ),
    ("stop_task", &[]),
    ("interrupt", &[]),
];

/// Requests that begin a login at the host's own service, where no test goes.
const LOGIN: &[&str] = &["claude_authenticate", "claude_oauth_callback"];

/// Kinds of line that each walk sees; a kind of `system` line stands behind a slash.
const SEEN: &[&str] = &[
    "assistant",
    "command_lifecycle",
    "control_request",
    "control_response",
    "result",
    "stream_event",
    "system/background_tasks_changed",
    "system/init",
    "system/session_state_changed",
    "system/status",
    "system/task_notification",
    "system/task_started",
    "user",
];

/// Kinds that need a failure, another mode or more than a walk; recorded sessions and tests of their
/// own have some of them.
const ELSEWHERE: &[&str] = &[
    "auth_status",
    "control_cancel_request",
    "conversation_reset",
    "keep_alive",
    "prompt_suggestion",
    "rate_limit_event",
    "system/api_retry",
    "system/commands_changed",
    "system/compact_boundary",
    "system/control_request_progress",
    "system/elicitation_complete",
    "system/files_persisted",
    "system/hook_progress",
    "system/hook_response",
    "system/hook_started",
    "system/informational",
    "system/local_command_output",
    "system/model_fallback",
    "system/model_refusal_no_fallback",
    "system/notification",
    "system/permission_denied",
    "system/session_title_changed",
    "system/session_writes_lost",
    "system/task_progress",
    "system/task_updated",
    "system/thinking_tokens",
    "system/ui_invalidate",
    "tool_progress",
    "tool_use_summary",
];

fn the_table_of_the_contract_is_what_the_program_does(claude: &RealClaude) {
    let walk = Walk::through(claude);
    let mut table = String::from(
        "# What the bridge relies on in Claude Code\n\nMade by `UPDATE_EXPECT=1 cargo test --test it \
         real_claude_contract` from a walk through both versions; ✕ marks what one does otherwise.\n\n\
         | request | what is read of the answer |\n| --- | --- |\n",
    );
    for (request, reads) in REQUESTS {
        table += &format!("| `{request}` | {} |\n", walk.shown(request, reads));
    }
    table += "\n| kind of line | in the walk |\n| --- | --- |\n";
    for kind in SEEN {
        let mark = if walk.kinds.contains(*kind) {
            "seen"
        } else {
            "✕ not seen"
        };
        table += &format!("| `{kind}` | {mark} |\n");
    }
    for kind in &walk.kinds {
        if !SEEN.contains(&kind.as_str()) && !ELSEWHERE.contains(&kind.as_str()) {
            table += &format!("| `{kind}` | ✕ unknown to the bridge |\n");
        }
    }
    expect_file![root().join("docs/claude-contract.md")].assert_eq(&table);
}

#[test]
fn each_request_of_the_bridge_is_in_the_contract() {
    let mut used = BTreeSet::new();
    for text in sources("src/claude/wire").chain(sources("src/claude/wire.rs")) {
        used.extend(quoted_after(&text, "\"subtype\": \""));
        for call in text.split("control_request(").skip(1) {
            let arguments = call.split(')').next().unwrap_or_default();
            used.extend(quoted_after(arguments, ", \""));
        }
    }
    // An answer of ours.
    for answer in ["success", "error"] {
        used.remove(answer);
    }
    let walked = REQUESTS.iter().map(|(name, _)| name);
    let known: BTreeSet<_> = walked.chain(LOGIN).map(|it| (*it).to_owned()).collect();
    assert_eq!(used, known);
}

#[test]
fn each_kind_of_line_that_the_bridge_reads_is_in_the_contract() {
    let output = sources("src/claude/wire/output.rs").collect::<String>();
    let translate = sources("src/claude/translate.rs").collect::<String>();
    let between = |text: &str, from: &str, to: &str| {
        let (_, rest) = text.split_once(from).expect(from);
        rest.split_once(to).expect(to).0.to_owned()
    };
    let kinds = between(&output, "match kind.as_str() {", "_ => None");
    let signs = between(&output, "SIGNS_OF_LIFE: &[&str] = &[", "];");
    let mut read: BTreeSet<String> = arms(&kinds).chain(quoted_after(&signs, "    \"")).collect();
    read.remove("system");
    let system = between(&translate, "fn on_system(", "subtype if SYSTEM");
    let system_signs = between(&translate, "SYSTEM_SIGNS_OF_LIFE: &[&str] = &[", "];");
    let system = arms(&system).chain(quoted_after(&system_signs, "    \""));
    read.extend(system.map(|kind| format!("system/{kind}")));
    let known: BTreeSet<_> = SEEN
        .iter()
        .chain(ELSEWHERE)
        .map(|it| (*it).to_owned())
        .collect();
    assert_eq!(read, known);
}

/// Returns the words in quotes that follow a text.
fn quoted_after(text: &str, before: &str) -> Vec<String> {
    let parts = text.split(before).skip(1);
    parts
        .filter_map(|part| Some(part.split_once('"')?.0.to_owned()))
        .collect()
}

/// Returns the literals by which a `match` tells kinds apart.
fn arms(text: &str) -> impl Iterator<Item = String> {
    let arms = text.lines().map(str::trim).filter_map(|line| {
        let rest = line.strip_prefix('"')?;
        let (kind, rest) = rest.split_once('"')?;
        (rest.contains("=>")).then(|| kind.to_owned())
    });
    arms.collect::<Vec<_>>().into_iter()
}

/// Returns the texts of a file, or of the files of a folder.
fn sources(path: &str) -> impl Iterator<Item = String> {
    let path = root().join(path);
    let paths = match path.is_dir() {
        true => fs::read_dir(&path)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| {
                path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs")
            })
            .collect(),
        false => vec![path],
    };
    paths
        .into_iter()
        .map(|path| fs::read_to_string(path).expect("a source"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
