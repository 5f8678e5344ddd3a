//! Promise: the bot token stays with the bridge.

use std::fs;

use crate::support::bridge::{OWNER, World, file_contains, works};

#[test]
fn the_token_is_in_no_agents_environment_arguments_or_descriptors() {
    let mut world = World::new();
    let token = world.playground.token().to_owned();
    world.env("TELEGRAM_BOT_TOKEN", &token);
    world.env("BRIDGE__LOG__FORMAT", "text");
    let _bridge = world.start();
    world.playground.say(OWNER, "rehearse: bash sleep 1000");
    world.wait("typing", |view| works(view, OWNER).then_some(()));
    let agents = world.processes_of_agents();
    assert!(!agents.is_empty());
    for pid in agents {
        for part in ["environ", "cmdline"] {
            let path = format!("/proc/{pid}/{part}");
            assert!(
                !file_contains(path.as_ref(), token.as_bytes()),
                "the token is in {path}"
            );
        }
        let names = fs::read_dir(format!("/proc/{pid}/fd"))
            .into_iter()
            .flatten()
            .flatten();
        for name in names {
            let target = fs::read_link(name.path()).unwrap_or_default();
            let target = target.display().to_string();
            let is_private = target.contains("bridge.toml") || target.contains("/data/");
            assert!(!is_private, "agent {pid} holds {target}");
        }
    }
}

#[test]
fn an_agent_sees_no_variable_that_nobody_allowed() {
    let mut world = World::new();
    world.env("SOME_SECRET", "hush-hush");
    let _bridge = world.start();
    let post = world.say_and_see("rehearse: bash env", "CLAUDE_BRIDGE_HOME");
    assert!(!post.text.contains("hush-hush"), "{}", post.text);
}

#[test]
fn the_token_is_in_no_log_line() {
    let mut world = World::new();
    world.set("log.level", r#""trace""#);
    let token = world.playground.token().to_owned();
    let bridge = world.start();
    world.say_and_see("rehearse: say hello", "hello");
    let output = bridge.stop();
    assert!(!output.contains(&token));
    let secret = token.split(':').nth(1).expect("a token has two parts");
    assert!(!output.contains(secret));
}

#[test]
fn the_text_of_a_person_is_in_no_log_line_at_info() {
    let mut world = World::new();
    world.set("log.level", r#""info""#);
    let bridge = world.start();
    world.say_and_see("rehearse: say my diary", "my diary");
    assert!(!bridge.stop().contains("my diary"));
}

#[test]
fn the_data_folder_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let bridge = world.start();
    bridge.wait_for_line("the bridge is ready");
    bridge.stop();
    let mode = fs::metadata(world.path("data"))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}
