//! Promise: two people of one bridge do not reach each other, whatever tool of the real program
//! they try it with; and each tool works on what is their own.

use std::fs;
use std::path::Path;

use bridge::claude::guard::Containment;
use serde_json::{Value, json};

use crate::support::agent_tree::BRIDGE;
use crate::support::bridge::World;
use crate::support::real_claude::{RealClaude, for_each_version, report_skipped};

for_each_version!(no_tool_reaches_the_room_of_somebody_else);

const ANNA: i64 = 2002;
const BEN: i64 = 3003;

/// A server of the protocol that reads a file for whoever names it, as a resource.
const SERVER: &str = r#"
import json, sys, urllib.parse
for line in sys.stdin:
    m = json.loads(line)
    if "id" not in m: continue
    r = {"initialize": {"protocolVersion": "2025-06-18",
                        "capabilities": {"resources": {}, "tools": {}},
                        "serverInfo": {"name": "s", "version": "1"}},
         "resources/list": {"resources": []}, "tools/list": {"tools": []}}.get(m["method"], {})
    if m["method"] == "resources/read":
        uri = m["params"]["uri"]
        try: text = open(urllib.parse.urlparse(uri).path).read()
        except OSError as e: text = type(e).__name__
        r = {"contents": [{"uri": uri, "mimeType": "text/plain", "text": text}]}
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}), flush=True)
"#;

/// A notebook with one cell.
fn notebook(text: &str) -> String {
    json!({"cells": [{"cell_type": "code", "id": "c1", "metadata": {}, "outputs": [],
                      "execution_count": null, "source": text}],
           "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    .to_string()
}

fn world(claude: &RealClaude) -> Option<World> {
    let containments = [Containment::Namespace, Containment::UserNamespace];
    if !containments.iter().any(|it| it.works(BRIDGE.as_ref())) {
        report_skipped("no namespaces here");
        return None;
    }
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}, {BEN}]"));
    world.set("claude.isolation", "\"strict\"");
    // Nobody is asked: what holds is the wall alone.
    let tools = [
        "Bash",
        "Read(//**)",
        "Edit(//**)",
        "Glob",
        "Grep",
        "ReadMcpResourceTool",
    ];
    world.set("claude.allowed_tools", format!("{tools:?}"));
    let opened = world.path("home");
    fs::write(opened.join("server.py"), SERVER).unwrap();
    let entry = json!({"mcpServers": {"s": {"command": "/usr/bin/python3",
                                            "args": [opened.join("server.py")]}}});
    fs::write(opened.join("mcp.json"), entry.to_string()).unwrap();
    let servers = opened.join("mcp.json").display().to_string();
    world.set(
        "isolation.read",
        format!("[{:?}]", opened.display().to_string()),
    );
    world.set(
        "claude.extra_args",
        format!(r#"["--mcp-config", {servers:?}]"#),
    );
    for (person, name) in [(ANNA, "Anna"), (BEN, "Ben")] {
        world.playground.user(person, name);
    }
    Some(world)
}

fn ask(world: &World, person: i64, text: &str, expected: &str) {
    let said = world.playground.say(person, text);
    world.see_after(person, said.message_id, expected);
}

/// Every tool that takes a path, on the files of a folder; the writing ones say `mark`.
fn tools(folder: &str, mark: &str) -> Vec<(&'static str, Value)> {
    let at = |name: &str| format!("{folder}/{name}");
    let bash = |command: String| json!({"command": command, "description": "try"});
    vec![
        ("Read", json!({"file_path": at("secret.txt")})),
        ("Read", json!({"file_path": at("book.ipynb")})),
        ("Glob", json!({"pattern": "**/*.txt", "path": folder})),
        (
            "Grep",
            json!({"pattern": "plum", "path": folder, "output_mode": "content"}),
        ),
        (
            "ReadMcpResourceTool",
            json!({"server": "s", "uri": format!("file://{folder}/secret.txt")}),
        ),
        (
            "Write",
            json!({"file_path": at("written.txt"), "content": mark}),
        ),
        (
            "Edit",
            json!({"file_path": at("secret.txt"), "old_string": "tree", "new_string": mark}),
        ),
        (
            "NotebookEdit",
            json!({"notebook_path": at("book.ipynb"), "cell_id": "c1",
                                "new_source": mark}),
        ),
        (
            "Bash",
            bash(format!(
                "cat {folder}/* ; ls -la {folder}; cp -r {folder} stolen; \
                               ln -sf {folder}/secret.txt link.txt; cat link.txt; \
                               echo {mark} >> {folder}/bash.txt; true"
            )),
        ),
    ]
}

fn script(tools: &[(&str, Value)], last: &str) -> String {
    let steps = tools
        .iter()
        .map(|(name, input)| format!("tool {name} {input}"));
    let steps: Vec<String> = steps.collect();
    format!("{} ;; say {last}", steps.join(" ;; "))
}

fn fill(folder: &Path, fruit: &str) {
    fs::write(folder.join("secret.txt"), format!("{fruit} tree\n")).unwrap();
    fs::write(folder.join("book.ipynb"), notebook(fruit)).unwrap();
}

fn no_tool_reaches_the_room_of_somebody_else(claude: &RealClaude) {
    let Some(world) = world(claude) else {
        return;
    };
    let _bridge = world.start();
    let folder = |person: i64| claude.project().join(person.to_string());
    // Both are there, with agents that live and what they have in memory.
    let leaves = "bash echo plum > /tmp/of-ben; echo plum > /dev/shm/of-ben ;; say ready";
    ask(&world, BEN, leaves, "ready");
    ask(&world, ANNA, "say ready", "ready");
    fill(&folder(BEN), "plum");
    fill(&folder(ANNA), "pear");
    let before = contents(&folder(BEN));
    every_tool_works_on_ones_own(&world, claude);
    none_works_on_anothers(&world, claude);
    assert_eq!(contents(&folder(BEN)), before);
    ask(&world, BEN, "say alive", "alive");
}

/// The control.
fn every_tool_works_on_ones_own(world: &World, claude: &RealClaude) {
    let folder = claude.project().join(ANNA.to_string());
    let asked_before = claude.api.requests().len();
    ask(
        world,
        ANNA,
        &script(&tools(&folder.display().to_string(), "apple"), "tried mine"),
        "tried mine",
    );
    let results = results_since(claude, asked_before);
    for tool in ["pear tree", "secret.txt", "updated", "apple"] {
        assert!(results.contains(tool), "{tool}: {results}");
    }
    let own = contents(&folder);
    for name in ["written.txt", "secret.txt", "book.ipynb", "bash.txt"] {
        let text = own.iter().find(|(other, _)| other == name);
        assert!(
            text.is_some_and(|(_, text)| text.contains("apple")),
            "{name}: {own:?}"
        );
    }
}

/// His folder, his home, his inbox, by each name that they have.
fn none_works_on_anothers(world: &World, claude: &RealClaude) {
    let folder = |person: i64| claude.project().join(person.to_string());
    let shown = |person: i64| folder(person).display().to_string();
    let secret = folder(BEN).join("secret.txt").display().to_string();
    let asked_before = claude.api.requests().len();
    ask(
        world,
        ANNA,
        &script(&tools(&shown(BEN), "apple"), "tried his"),
        "tried his",
    );
    let rooms = world.path("data/chats/3003").display().to_string();
    let reach = format!(
        "bash cat /tmp/of-ben /dev/shm/of-ben; grep -rs plum {rooms} /proc/[0-9]*/root{secret} \
         /proc/[0-9]*/cwd/secret.txt; cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep 3003; \
         ps -e -o args | grep 3003 | grep -v grep; pgrep -f {rooms} | xargs -r kill -9; true \
         ;; say tried more"
    );
    ask(world, ANNA, &reach, "tried more");
    ask(
        world,
        ANNA,
        &format!("@{secret} @\"{secret}\" say tried mentions"),
        "tried mentions",
    );
    let link = folder(ANNA).join("way");
    std::os::unix::fs::symlink(folder(BEN), &link).unwrap();
    let through = script(&tools(&link.display().to_string(), "apple"), "tried links");
    ask(world, ANNA, &through, "tried links");
    let results = results_since(claude, asked_before);
    assert!(!results.contains("plum"), "{results}");
}

/// Returns what tools told the program since a request.
fn results_since(claude: &RealClaude, n: usize) -> String {
    let requests = claude.api.requests();
    let results = requests
        .iter()
        .skip(n)
        .filter_map(|it| it.tool_result.clone());
    results.collect::<Vec<_>>().join("\n")
}

/// Returns the plain files of a folder, by name.
fn contents(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let mut all: Vec<_> = files
        .map(|file| {
            let text = fs::read(file.path()).unwrap();
            let name = file.file_name().to_string_lossy().into_owned();
            (name, String::from_utf8_lossy(&text).into_owned())
        })
        .collect();
    all.sort();
    all
}
