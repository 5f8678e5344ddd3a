//! Promise: the real program works behind the wall, and a conversation comes along when the wall
//! comes or goes.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use bridge::claude::guard::Containment;
use playground::Post;
use serde_json::json;

use crate::support::agent_tree::BRIDGE;
use crate::support::bridge::World;
use crate::support::real_claude::{RealClaude, for_each_version, report_skipped};

for_each_version!(
    tools_programs_and_servers_work_in_a_room,
    a_conversation_comes_along_when_the_wall_comes_and_when_it_goes,
    an_agent_without_a_network_reaches_the_api_alone,
    the_login_of_a_room_is_in_no_environment_of_what_claude_starts,
    rust_builds_in_a_room_that_sees_its_toolchain,
    claudes_own_sandbox_needs_its_tools_in_the_room_too,
);

const ANNA: i64 = 2002;

/// A server of the protocol over its streams: one tool that says who it is.
const SERVER: &str = r#"
import json, sys
for line in sys.stdin:
    m = json.loads(line)
    if "id" not in m: continue
    r = {"initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                        "serverInfo": {"name": "s", "version": "1"}},
         "tools/list": {"tools": [{"name": "who", "description": "says who it is",
                                   "inputSchema": {"type": "object"}}]},
         "tools/call": {"content": [{"type": "text", "text": "the server in the room"}]},
         }.get(m["method"], {})
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}), flush=True)
"#;

fn shared(claude: &RealClaude, isolation: &str) -> Option<World> {
    let containments = [Containment::Namespace, Containment::UserNamespace];
    if !containments.iter().any(|it| it.works(BRIDGE.as_ref())) {
        report_skipped("no namespaces here");
        return None;
    }
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    world.set("claude.isolation", format!("{isolation:?}"));
    world.set(
        "claude.allowed_tools",
        r#"["Bash", "Write", "Read", "mcp__s__who"]"#,
    );
    Some(world)
}

fn ask(world: &World, text: &str, expected: &str) -> Post {
    let said = world.playground.say(ANNA, text);
    world.see_after(ANNA, said.message_id, expected)
}

fn tools_programs_and_servers_work_in_a_room(claude: &RealClaude) {
    let Some(mut world) = shared(claude, "strict") else {
        return;
    };
    let server = world.path("home/server.py");
    fs::write(&server, SERVER).unwrap();
    let servers = world.path("home/mcp.json");
    let entry = json!({"mcpServers": {"s": {"command": "/usr/bin/python3", "args": [server]}}});
    fs::write(&servers, entry.to_string()).unwrap();
    let opened = world.path("home").display().to_string();
    world.set("isolation.read", format!("[{opened:?}]"));
    let servers = servers.display().to_string();
    world.set(
        "claude.extra_args",
        format!(r#"["--mcp-config", {servers:?}]"#),
    );
    let bridge = world.start();
    let folder = claude.project().join(ANNA.to_string());
    let file = folder.join("written").display().to_string();
    let write = json!({"file_path": file, "content": "by claude"});
    let programs = "git init -q . && git status -s | wc -l; node -e 'console.log(40+2)'; \
                    /usr/bin/python3 -c 'print(6*7)'; cat written; echo $HOME; ls /";
    let script = format!(
        "tool Write {write} ;; bash ({programs}) > out 2>&1 ;; tool mcp__s__who {{}} ;; say all done"
    );
    ask(&world, &script, "all done");
    let out = fs::read_to_string(folder.join("out")).unwrap();
    for part in ["42\n42\n", "by claude", "chats/2002/home\n", "usr\n"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let requests = claude.api.requests();
    let from_server = requests.iter().filter_map(|it| it.tool_result.as_deref());
    let mut from_server = from_server.filter(|it| it.contains("the server in the room"));
    assert!(from_server.next().is_some());
    // What Claude keeps lies in the room, and after the end the conversation goes on.
    let home = world.path("data/chats/2002/home/.claude");
    assert!(home.join("projects").is_dir());
    assert!(!claude.home().join(".claude/projects").exists());
    bridge.kill();
    world.assert_nothing_left_within_two_seconds();
    let _bridge = world.start();
    ask(&world, "say and on", "and on");
    let last = claude.api.requests().pop().unwrap();
    assert!(last.contains("all done"), "the conversation is resumed");
}

fn a_conversation_comes_along_when_the_wall_comes_and_when_it_goes(claude: &RealClaude) {
    let Some(mut world) = shared(claude, "off") else {
        return;
    };
    let remembered = |words: &[&str]| {
        let last = claude.api.requests().pop().unwrap();
        for word in words {
            assert!(last.contains(word), "{word} is forgotten");
        }
    };
    let bridge = world.start();
    ask(&world, "say plum", "plum");
    bridge.stop();
    world.set("claude.isolation", "\"strict\"");
    let bridge = world.start();
    ask(&world, "say pear", "pear");
    remembered(&["say plum"]);
    bridge.stop();
    world.set("claude.isolation", "\"off\"");
    let bridge = world.start();
    ask(&world, "say cherry", "cherry");
    remembered(&["say plum", "say pear"]);
    let texts = world.bot_texts(ANNA).join("\n");
    assert!(!texts.contains("new conversation"), "{texts}");
    bridge.stop();
}

fn an_agent_without_a_network_reaches_the_api_alone(claude: &RealClaude) {
    let Some(mut world) = shared(claude, "strict") else {
        return;
    };
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let script = format!(
        "bash ( : > /dev/tcp/127.0.0.1/{port} ) && echo reached > out || echo kept > out ;; say tried it"
    );
    let out = || {
        let out = claude.project().join(ANNA.to_string()).join("out");
        fs::read_to_string(out).unwrap()
    };
    for (network, expected) in [("open", "reached\n"), ("none", "kept\n")] {
        world.set("isolation.network", format!("{network:?}"));
        let bridge = world.start();
        ask(&world, &script, "tried it");
        assert_eq!(out(), expected);
        bridge.stop();
    }
}

fn the_login_of_a_room_is_in_no_environment_of_what_claude_starts(claude: &RealClaude) {
    for login in ["sk-ant-api03-plum", "sk-ant-oat01-plum"] {
        let Some(mut world) = shared(claude, "strict") else {
            return;
        };
        world.env("ROOM_LOGIN", login);
        world.set("claude.credentials", "\"env:ROOM_LOGIN\"");
        let _bridge = world.start();
        // Its own environment and that of Claude, what each was started with, and what is open.
        let script = "bash (env; tr '\\0' '\\n' < /proc/$PPID/environ; cat /proc/*/environ; \
                      for n in 3 4 5 6 7 8 9 10 11 12; do timeout 1 cat <&$n; done) > out 2>/dev/null; \
                      echo end >> out ;; say looked";
        ask(&world, script, "looked");
        let out = fs::read(claude.project().join(ANNA.to_string()).join("out")).unwrap();
        let out = String::from_utf8_lossy(&out);
        assert!(
            out.contains("CLAUDE_CONFIG_DIR=") && out.ends_with("end\n"),
            "{out}"
        );
        assert!(!out.contains("plum"), "{out}");
        let last = claude.api.requests().pop().unwrap();
        assert_eq!(last.login.as_deref(), Some(login));
    }
}

/// Returns where the compiler of the tests and its companions lie.
fn toolchain() -> Option<String> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    let output = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

fn rust_builds_in_a_room_that_sees_its_toolchain(claude: &RealClaude) {
    let Some(mut world) = shared(claude, "strict") else {
        return;
    };
    let Some(toolchain) = toolchain() else {
        report_skipped("no rustc here");
        return;
    };
    world.set("isolation.read", format!("[{toolchain:?}]"));
    let _bridge = world.start();
    let script = format!(
        "bash (export PATH={toolchain}/bin:$PATH; cargo init -q --offline --vcs none --name fruit . \
         && cargo run -q --offline; echo $CARGO_HOME; ls -d ~/.cargo {}/.cargo) > out 2>&1 ;; say built",
        std::env::var("HOME").unwrap()
    );
    ask(&world, &script, "built");
    let out = fs::read_to_string(claude.project().join(ANNA.to_string()).join("out")).unwrap();
    assert!(out.contains("Hello, world!"), "{out}");
    assert!(out.contains("No such file"), "{out}");
}

fn claudes_own_sandbox_needs_its_tools_in_the_room_too(claude: &RealClaude) {
    let Some(mut world) = shared(claude, "strict") else {
        return;
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &str| std::env::split_paths(&path).any(|it| it.join(name).exists());
    if is_there("bwrap") && is_there("socat") {
        report_skipped("the tools of Claude's sandbox are installed");
        return;
    }
    // Without a word of it, commands run in the room alone.
    let with = |settings: &str| format!("[\"--settings\", {settings:?}]");
    let settings = r#"{"sandbox": {"enabled": true}}"#;
    world.set("claude.extra_args", with(settings));
    let bridge = world.start();
    let script = "bash (echo ran; touch /usr/x) > out 2>&1 ;; say tried it";
    ask(&world, script, "tried it");
    let out = claude.project().join(ANNA.to_string()).join("out");
    let said = fs::read_to_string(&out).unwrap();
    assert!(said.starts_with("ran\n"), "{said}");
    assert!(said.contains("Read-only file system"), "{said}");
    bridge.stop();
    // Where it is insisted on, Claude says what is missing.
    fs::remove_file(&out).unwrap();
    let settings = r#"{"sandbox": {"enabled": true, "failIfUnavailable": true}}"#;
    world.set("claude.extra_args", with(settings));
    let _bridge = world.start();
    ask(&world, script, "bubblewrap (bwrap) not installed");
    assert!(!out.exists());
}
