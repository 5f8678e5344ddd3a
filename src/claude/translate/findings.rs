//! Pure: what the agent answers when it is asked about itself. What it leaves out counts as nothing.

use bridge_actors::agent_event::AgentEvent;
use bridge_actors::enquiry::{
    Back, ChangedFile, Changes, ContextPart, ContextPiece, ContextUse, FileFate, Findings,
    PartKind, PieceKind, Rule, RuleBook, RuleEffect, RuleSource, Server, ServerState, TaskOutput,
};
use bridge_actors::form::Page;
use bridge_actors::visible::visible_line;
use serde_json::Value;

use super::form;
use super::trouble::Trouble;
use super::usage;
use crate::claude::mcp;
use crate::claude::wire::{Asked, ControlResponseBody, asked_of};

/// Where the long answer about a context has things with names, and what they are.
const PIECES: [(&str, PieceKind); 3] = [
    ("memoryFiles", PieceKind::MemoryFile),
    ("mcpTools", PieceKind::Tool),
    ("agents", PieceKind::Agent),
];

/// Where the pages of Claude's login are (2.1.327, 2.1.332).
const LOGIN_HOSTS: [&str; 4] = [
    "claude.com",
    "claude.ai",
    "platform.claude.com",
    "console.anthropic.com",
];

/// What the CLI says of a task that it does not know (2.1.327, 2.1.332).
const NO_SUCH_TASK: &str = "no shell or Monitor task with that task_id";

/// What the CLI says of a message that is not in its conversation (2.1.327, 2.1.332).
const NO_SUCH_MESSAGE: &str = "No file checkpoint found for this message";

/// Translates the answer to an enquiry; gives another one back.
pub(super) fn on_answer(
    response: ControlResponseBody,
    trouble: &Trouble,
) -> Result<AgentEvent, ControlResponseBody> {
    let Some((asked, asked_in)) = asked_of(&response.request_id) else {
        return Err(response);
    };
    let findings = match response.subtype.as_str() {
        "error" => match response.error.as_deref().unwrap_or_default() {
            why if asked == Asked::TaskOutput && why.contains(NO_SUCH_TASK) => {
                Ok(Box::new(Findings::TaskOutput(None)))
            }
            why => Err(visible_line(why)),
        },
        _ => match refusal(asked, &response.response) {
            Some(reason) => Err(reason),
            None => read(asked, &response.response)
                .map(|findings| with_limits(findings, trouble))
                .map(Box::new)
                .ok_or_else(String::new),
        },
    };
    // What is told of it goes on behind the reason.
    let findings = findings.map_err(|why: String| why.trim_end_matches('.').to_owned());
    Ok(AgentEvent::Found { asked_in, findings })
}

/// Returns why something was not done where an answer says so that is no error.
fn refusal(asked: Asked, answer: &Value) -> Option<String> {
    let field = match asked {
        Asked::Recalled
            if words(answer, "error").is_some_and(|why| why.contains(NO_SUCH_MESSAGE)) =>
        {
            return None;
        }
        Asked::LookBack | Asked::Recalled | Asked::Restored => "canRewind",
        Asked::Forgotten => "rewound",
        Asked::Context
        | Asked::Usage
        | Asked::Rules
        | Asked::Changes
        | Asked::Servers
        | Asked::Order
        | Asked::TaskOutput
        | Asked::LoginPage
        | Asked::LoginCode
        | Asked::Aside => return None,
    };
    let is_done = answer.get(field).and_then(Value::as_bool) == Some(true);
    (!is_done).then(|| words(answer, "error").unwrap_or_default())
}

/// Adds what is known of limits where an answer does not name them.
fn with_limits(mut findings: Findings, trouble: &Trouble) -> Findings {
    if let Findings::Usage(usage) = &mut findings
        && usage.windows.is_empty()
    {
        usage.windows = trouble.windows().to_vec();
    }
    findings
}

/// Only a page of a host that Claude's login uses gets a button.
fn login_page(address: &str) -> Page {
    let page = form::page(address);
    let is_known = LOGIN_HOSTS.contains(&page.host.as_str());
    Page {
        link: page.link.filter(|_| is_known),
        ..page
    }
}

/// Returns what an answer says, if it has the form that it must have.
fn read(asked: Asked, answer: &Value) -> Option<Findings> {
    Some(match asked {
        Asked::Context => Findings::Context(context(answer)?),
        Asked::Usage => Findings::Usage(usage::of_answer(answer)?),
        Asked::Rules => Findings::Rules(rules(answer.get("state")?)?),
        Asked::Changes => {
            let diff = answer.get("diff")?;
            Findings::Changes(match diff.is_null() {
                true => None,
                false => Some(changes(diff)?),
            })
        }
        Asked::Servers => {
            let servers = answer.get("mcpServers")?.as_array()?;
            let servers = servers.iter().filter_map(server);
            // The bridge's own is no business of anybody's.
            Findings::Servers(servers.filter(|it| it.name != mcp::SERVER).collect())
        }
        Asked::Order | Asked::Restored | Asked::Forgotten | Asked::LoginCode => Findings::Done,
        Asked::LoginPage => Findings::LoginPage(login_page(answer.get("manualUrl")?.as_str()?)),
        Asked::LookBack => Findings::Back(Back {
            files: (list(answer, "filesChanged").filter_map(Value::as_str))
                .map(str::to_owned)
                .collect(),
            added: number(answer, "insertions"),
            removed: number(answer, "deletions"),
        }),
        Asked::TaskOutput => Findings::TaskOutput(Some(TaskOutput {
            text: answer.get("output")?.as_str()?.to_owned(),
            cut_from: (answer.get("truncated").and_then(Value::as_bool) == Some(true))
                .then(|| number(answer, "total_bytes")),
        })),
        Asked::Recalled => {
            Findings::Recalled(answer.get("canRewind").and_then(Value::as_bool) == Some(true))
        }
        Asked::Aside => Findings::Aside(answer.get("response")?.as_str()?.to_owned()),
    })
}

fn context(answer: &Value) -> Option<ContextUse> {
    let parts = list(answer, "categories").filter_map(|part| {
        Some(ContextPart {
            name: words(part, "name")?,
            tokens: number(part, "tokens"),
            kind: match part.get("kind").and_then(Value::as_str) {
                Some("deferred") => PartKind::Deferred,
                Some("buffer") => PartKind::Kept,
                Some("free") => PartKind::Free,
                _ => PartKind::Used,
            },
        })
    });
    let pieces = PIECES.iter().flat_map(|(field, kind)| {
        list(answer, field).filter_map(|piece| {
            let name = words(piece, "path").or_else(|| words(piece, "name"))?;
            let (kind, tokens) = (*kind, number(piece, "tokens"));
            Some(ContextPiece { kind, name, tokens })
        })
    });
    Some(ContextUse {
        used: answer.get("totalTokens")?.as_u64()?,
        limit: answer.get("maxTokens")?.as_u64()?,
        parts: parts.collect(),
        pieces: pieces.filter(|piece| piece.tokens > 0).collect(),
    })
}

fn rules(state: &Value) -> Option<RuleBook> {
    let rules = state.get("rules")?.as_array()?.iter().filter_map(|rule| {
        Some(Rule {
            effect: match rule.get("behavior")?.as_str()? {
                "allow" => RuleEffect::Allow,
                "deny" => RuleEffect::Deny,
                _ => RuleEffect::Ask,
            },
            source: source(rule),
            text: words(rule, "rule")?,
        })
    });
    let folders = list(state, "workspaceDirectories");
    let folders = folders.filter_map(|folder| Some((words(folder, "path")?, source(folder))));
    // It asks about itself what its own tool may send.
    let rules = rules.filter(|rule| rule.text != mcp::TOOL_RULE);
    Some(RuleBook {
        rules: rules.collect(),
        folders: folders.collect(),
    })
}

fn source(of: &Value) -> RuleSource {
    match of.get("source").and_then(Value::as_str).unwrap_or_default() {
        "session" => RuleSource::Session,
        "userSettings" => RuleSource::User,
        "projectSettings" => RuleSource::Project,
        "localSettings" => RuleSource::Local,
        "flagSettings" | "cliArg" => RuleSource::Bridge,
        "policySettings" => RuleSource::Managed,
        other => RuleSource::Other(visible_line(other)),
    }
}

fn changes(diff: &Value) -> Option<Changes> {
    let stats = diff.get("stats")?;
    let files: Vec<_> = list(diff, "perFileStats")
        .filter_map(changed_file)
        .collect();
    Some(Changes {
        n_left_out: diff
            .get("omitted")
            .map_or(0, |omitted| number(omitted, "files")),
        added: number(stats, "linesAdded"),
        removed: number(stats, "linesRemoved"),
        patch: list(diff, "hunks").filter_map(patch_of_file).collect(),
        files,
    })
}

fn changed_file(file: &Value) -> Option<ChangedFile> {
    Some(ChangedFile {
        path: words(file, "path")?,
        fate: match file.get("status").and_then(Value::as_str) {
            Some("added") => FileFate::Added,
            Some("deleted") => FileFate::Deleted,
            _ => FileFate::Modified,
        },
        added: number(file, "added"),
        removed: number(file, "removed"),
    })
}

/// Returns the changed lines of a file as a patch has them, letter by letter.
fn patch_of_file(file: &Value) -> Option<String> {
    let path = words(file, "path")?;
    let mut patch = format!("--- a/{path}\n+++ b/{path}\n");
    for hunk in list(file, "hunks") {
        let [old, n_old] = ["oldStart", "oldLines"].map(|field| number(hunk, field));
        let [new, n_new] = ["newStart", "newLines"].map(|field| number(hunk, field));
        patch.push_str(&format!("@@ -{old},{n_old} +{new},{n_new} @@\n"));
        for line in list(hunk, "lines").filter_map(Value::as_str) {
            patch.push_str(line);
            patch.push('\n');
        }
    }
    Some(patch)
}

fn server(server: &Value) -> Option<Server> {
    let error = || words(server, "error").unwrap_or_default();
    Some(Server {
        name: server.get("name")?.as_str()?.to_owned(),
        state: match server.get("status")?.as_str()? {
            "connected" | "cached" => ServerState::Connected,
            "pending" => ServerState::Pending,
            "needs-auth" => ServerState::NeedsLogin,
            "failed" => ServerState::Failed(error()),
            "disabled" => ServerState::Off,
            other => ServerState::Other(visible_line(other)),
        },
        n_tools: list(server, "tools").count(),
    })
}

fn list<'a>(of: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    of.get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn number(of: &Value, field: &str) -> u64 {
    of.get(field).and_then(Value::as_u64).unwrap_or(0)
}

/// Returns a text on one line, with what it hides shown.
fn words(of: &Value, field: &str) -> Option<String> {
    of.get(field)?.as_str().map(visible_line)
}
