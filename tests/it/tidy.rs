//! House rules that no compiler checks: one job and one screenful, pure deciders, narrow doors.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 400;

/// The folders that hold our code, with the files that a module tree starts from.
const TREES: [(&str, &[&str]); 5] = [
    ("src", &["lib.rs", "main.rs"]),
    ("actors", &["lib.rs"]),
    ("playground/src", &["lib.rs"]),
    ("texts", &["lib.rs", "build.rs"]),
    ("tests/it", &["main.rs", "tidy.rs"]),
];

/// Files that only decide, as parts of a path; a folder of the same name belongs to its file.
const DECIDERS: &[&str] = &[
    "/machine",
    "/schedule",
    "/route",
    "/slash_command",
    "/target",
    "/order_effects",
    "/texts",
    "texts/catalogue",
    "texts/messages",
    "/users",
    "/rules",
    "/manage",
    "/pace",
    "/refusals",
    "/buttons",
    "/settings",
    "/orders",
    "src/people/table",
    "src/people/transfer",
    "/children",
    "/moves",
    "/parking",
    "/restart_limit",
    "/slots",
    "/progress",
    "/event",
    "/effect",
    "session/agent",
    "session/archive",
    "session/buttons",
    "session/chat",
    "session/deadline",
    "session/files",
    "session/inbox",
    "session/prompts",
    "session/requests",
    "session/said",
    "session/step",
    "session/take_over",
    "session/turn",
    "src/telegram/inbound",
    "src/telegram/render",
    "src/telegram/errors",
    "src/claude/command_line",
    "src/claude/guard/wall/plan",
    "src/claude/mcp",
    "src/claude/mentions",
    "src/claude/translate",
    "src/claude/wire",
    "src/store/journal/decide",
    "src/store/journal/state",
    "src/store/log/frame",
    "src/store/log/scan",
];

/// What a decider has no use for: clocks, files, the environment, threads, tasks.
const OUTSIDE: [&str; 15] = [
    "Instant::now",
    "SystemTime",
    "Utc::now",
    "std::fs",
    "std::env",
    "std::net",
    "std::io",
    "std::process",
    "std::thread",
    "tokio::",
    "actix::",
    "async fn",
    "async move",
    ".await",
    "new_v4",
];

/// What belongs to the edges and is not named by an actor.
const EDGE_CRATES: [&str; 9] = [
    "teloxide_core",
    "sled::",
    "reqwest::",
    "config::",
    "serde_json::",
    "nix::",
    "tokio::process",
    "tokio::net",
    "tokio::fs",
];

#[test]
fn file_says_its_one_job_and_keeps_to_it() {
    let offenders = sources().into_iter().filter_map(|source| {
        let lines = source.text.lines().count();
        if lines > MAX_LINES {
            return Some(format!("{}: {lines} lines, two jobs", source.path));
        }
        (!source.text.starts_with("//!"))
            .then(|| format!("{}: the first line does not say its job", source.path))
    });
    assert_none(offenders);
}

#[test]
fn deciders_touch_nothing_outside() {
    let deciders = sources().into_iter().filter(Source::is_decider);
    assert_none(deciders.flat_map(|source| source.naming(&OUTSIDE)));
}

#[test]
fn actors_name_no_edge() {
    let actors = sources()
        .into_iter()
        .filter(|s| s.path.starts_with("actors/"));
    assert_none(actors.flat_map(|source| source.naming(&EDGE_CRATES)));
}

#[test]
fn edges_do_not_know_one_another() {
    const EDGES: [&str; 4] = ["telegram", "claude", "store", "room"];
    let offenders = sources().into_iter().flat_map(|source| {
        let own = EDGES.into_iter().find(|edge| source.is_in_edge(edge));
        let others = EDGES
            .into_iter()
            .filter(|edge| own.is_some() && own != Some(*edge));
        let paths: Vec<_> = others.map(|edge| format!("crate::{edge}")).collect();
        let paths: Vec<_> = paths.iter().map(String::as_str).collect();
        source.naming(&paths)
    });
    assert_none(offenders);
}

/// The words that pass between actors, and their ports: whoever needs them needs no actor.
#[test]
fn what_actors_share_names_none_of_them() {
    const SHARED: [&str; 9] = [
        "agent_event.rs",
        "chat_settings.rs",
        "clock.rs",
        "file_offer.rs",
        "ids.rs",
        "instruction.rs",
        "permission_request.rs",
        "ports",
        "post.rs",
    ];
    const ACTORS: [&str; 5] = [
        "crate::outbox::",
        "crate::router::",
        "crate::session::",
        "crate::session_supervisor::",
        "crate::user_registry::",
    ];
    let shared = sources().into_iter().filter(|source| {
        let inside = source.path.strip_prefix("actors/");
        inside.is_some_and(|path| SHARED.iter().any(|shared| path.starts_with(shared)))
    });
    assert_none(shared.flat_map(|source| source.naming(&ACTORS)));
}

/// The parts of a session: each returns what concerns another one, and only the machine knows all.
#[test]
fn parts_of_a_session_do_not_know_one_another() {
    const PARTS: [&str; 9] = [
        "gathering",
        "prompts",
        "agent",
        "turn",
        "requests",
        "files",
        "inbox",
        "archive",
        "chat",
    ];
    let offenders = sources().into_iter().flat_map(|source| {
        let own = PARTS.into_iter().find(|part| {
            let rest = source.path.strip_prefix(&format!("actors/session/{part}"));
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        });
        let others = PARTS
            .into_iter()
            .filter(|part| own.is_some() && own != Some(*part));
        let paths: Vec<_> = others.map(|part| format!("session::{part}::")).collect();
        let paths: Vec<_> = paths.iter().map(String::as_str).collect();
        source.naming(&paths)
    });
    assert_none(offenders);
}

/// A file that no module names is not compiled, and a test in it never runs.
#[test]
fn no_file_is_forgotten() {
    let sources = sources();
    let offenders = sources
        .iter()
        .filter(|source| !source.is_root())
        .filter(|source| {
            let declaration = format!("mod {};", source.module_name());
            !source.parents().iter().any(|parent| {
                let parent = sources.iter().find(|source| source.path == *parent);
                parent.is_some_and(|parent| parent.text.contains(&declaration))
            })
        })
        .map(|source| format!("{}: no module names it", source.path));
    assert_none(offenders);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not find itself.
    let unfinished = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("#[ig", "nore"),
    ];
    assert_none(sources().iter().flat_map(|source| {
        let text = source.text.lines().enumerate();
        let found = text.filter(|(_, line)| unfinished.iter().any(|word| line.contains(word)));
        found.map(|(n, line)| format!("{}:{}: {}", source.path, n + 1, line.trim()))
    }));
}

/// Whoever looks for where to change something finds it.
#[test]
fn what_the_documents_point_at_is_there() {
    let names_a_place = |word: &&str| {
        let is_code = [
            "src/",
            "actors/",
            "playground/",
            "tests/",
            "benches/",
            "docs/",
        ]
        .iter()
        .any(|folder| word.starts_with(folder));
        is_code
            && word
                .chars()
                .all(|sign| sign.is_ascii_alphanumeric() || "/._-".contains(sign))
    };
    let missing = [
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "README.md",
        "SECURITY.md",
    ]
    .map(|name| {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let words = text.split('`').skip(1).step_by(2).filter(names_a_place);
        let missing = words.filter(|word| !root().join(word).exists());
        missing
            .map(|word| format!("{name}: {word}"))
            .collect::<Vec<_>>()
    });
    assert_none(missing.into_iter().flatten());
}

#[test]
fn no_file_names_the_folder_it_lies_in() {
    let folder = format!("{}/", root().display());
    let mut files: Vec<_> = ["", "docs", ".github/workflows"]
        .into_iter()
        .flat_map(|folder| files_in(&root().join(folder)))
        // In a linked checkout this is a file that names the other one.
        .filter(|file| !file.ends_with(".git"))
        .collect();
    for (tree, _) in TREES {
        files.extend(files_below(&root().join(tree)));
    }
    let offenders = files
        .iter()
        .filter(|file| fs::read_to_string(file).is_ok_and(|text| text.contains(&folder)))
        .map(|file| format!("{}: names {folder}", file.display()));
    assert_none(offenders);
}

/// A file of ours.
struct Source {
    /// Relative to the root, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn is_decider(&self) -> bool {
        let is_named = |decider: &&str| {
            self.path.match_indices(*decider).any(|(at, _)| {
                let rest = &self.path[at + decider.len()..];
                rest.starts_with('/') || rest == ".rs" || rest.starts_with('_')
            })
        };
        let is_ours = ["actors/", "src/", "texts/"]
            .iter()
            .any(|tree| self.path.starts_with(tree));
        let is_test = self.path.contains("/tests");
        is_ours && !is_test && DECIDERS.iter().any(is_named)
    }

    fn is_in_edge(&self, edge: &str) -> bool {
        let folder = format!("src/{edge}");
        let rest = self.path.strip_prefix(&folder);
        rest.is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
    }

    fn is_root(&self) -> bool {
        TREES.iter().any(|(tree, roots)| {
            let inside = self.path.strip_prefix(tree);
            let name = inside.and_then(|inside| inside.strip_prefix('/'));
            name.is_some_and(|name| roots.contains(&name) || name.starts_with("bin/"))
        })
    }

    fn module_name(&self) -> &str {
        let module = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        module.rsplit('/').next().unwrap_or(module)
    }

    /// Returns the files that could declare this one.
    fn parents(&self) -> Vec<String> {
        let module = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let folder = module.rsplit_once('/').map_or("", |(folder, _)| folder);
        ["/mod.rs", "/lib.rs", "/main.rs", ".rs"]
            .map(|file| format!("{folder}{file}"))
            .into()
    }

    /// Returns the lines of code, not of comment, that name one of `words`.
    fn naming(&self, words: &[&str]) -> Vec<String> {
        let named = |(n, line): (usize, &str)| {
            let code = line.split("//").next().unwrap_or(line);
            let found = words.iter().find(|word| code.contains(**word))?;
            Some(format!("{}:{}: names {found}", self.path, n + 1))
        };
        self.text.lines().enumerate().filter_map(named).collect()
    }
}

#[track_caller]
fn assert_none(offenders: impl IntoIterator<Item = String>) {
    let offenders: Vec<_> = offenders.into_iter().collect();
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}

fn sources() -> Vec<Source> {
    let files = TREES
        .iter()
        .flat_map(|(tree, _)| files_below(&root().join(tree)));
    files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| Source {
            text: fs::read_to_string(&file).unwrap(),
            path: file.strip_prefix(root()).unwrap().display().to_string(),
        })
        .collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = files_in(folder);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path()));
        }
    }
    files
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
