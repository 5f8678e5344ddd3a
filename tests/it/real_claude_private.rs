//! Promise: an agent that may edit unasked neither reads nor changes the bridge's own files.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::bridge::{Bridge, OWNER, World};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    the_files_of_the_bridge_are_neither_read_nor_changed_unasked,
    a_configuration_that_would_win_at_the_next_start_is_not_written,
);

/// A bridge that works in its own folder, as the default configuration has it.
fn world_in_its_own_folder(claude: &RealClaude) -> World {
    let mut world = World::with_real_claude(claude);
    let folder = world.path("").display().to_string();
    world.set("workspace.dir", format!("{folder:?}"));
    world.set("claude.permission_mode", "\"acceptEdits\"");
    let owner = world.path("owner.txt").display().to_string();
    world.set("single_user.chat_id_file", format!("{owner:?}"));
    fs::write(&owner, OWNER.to_string()).unwrap();
    fs::create_dir(world.path("data")).unwrap();
    fs::write(world.path("data/kept.txt"), "kept").unwrap();
    world
}

fn the_files_of_the_bridge_are_neither_read_nor_changed_unasked(claude: &RealClaude) {
    let world = world_in_its_own_folder(claude);
    let _bridge = world.start();
    let at = |name: &str| world.path(name).display().to_string();
    let write = |name: &str| ("Write", json!({"file_path": at(name), "content": "evil"}));
    let read = |name: &str| ("Read", json!({"file_path": at(name)}));
    let bash = |command: &str| ("Bash", json!({"command": command, "description": "x"}));
    allowed(&world, &[write("evil.toml"), write("made/new.txt")]);
    denied(
        &world,
        claude,
        &[
            read("bridge.toml"),
            read("data/kept.txt"),
            read("owner.txt"),
            write("bridge.toml"),
            write("owner.txt"),
            write("data/new.txt"),
            write("data/deep/new.txt"),
            bash("cp bridge.toml copy.txt"),
            bash("cp evil.toml bridge.toml"),
            bash("sed -i s/token/tocen/ bridge.toml"),
            bash("mv evil.toml bridge.toml"),
            bash("mv evil.toml owner.txt"),
            bash("mv bridge.toml copy.txt"),
            bash("mv data data2"),
            bash("mv evil.toml data/new.txt"),
            bash("touch data/new.txt"),
            bash("mkdir data/deep"),
            bash("rm bridge.toml"),
            bash("rm owner.txt"),
            bash("rm -rf data"),
            bash("rm -f data/kept.txt"),
            bash("rmdir data"),
        ],
    );
    let configuration = fs::read_to_string(world.path("bridge.toml")).unwrap();
    assert!(configuration.contains("token = "), "{configuration}");
    assert_eq!(
        fs::read_to_string(at("owner.txt")).unwrap(),
        OWNER.to_string()
    );
    assert_eq!(fs::read_to_string(at("data/kept.txt")).unwrap(), "kept");
    assert_absent(&world, &["copy.txt", "data2", "data/new.txt", "data/deep"]);
    assert!(world.path("evil.toml").exists());
}

fn a_configuration_that_would_win_at_the_next_start_is_not_written(claude: &RealClaude) {
    let mut world = world_in_its_own_folder(claude);
    let of_the_user = world.path("config").display().to_string();
    world.env("XDG_CONFIG_HOME", &of_the_user);
    let elsewhere = tempfile::tempdir().unwrap();
    let configuration = elsewhere.path().join("of-the-host.toml");
    let mut command = world.command_with(&configuration);
    command.arg("run");
    let _bridge = Bridge::spawn(command);
    let places = [
        world.path("bridge.toml"),
        world.path("config/bridge/bridge.toml"),
    ];
    let write = |path: &PathBuf| ("Write", json!({"file_path": path, "content": "evil"}));
    let mut calls: Vec<_> = places.iter().map(write).collect();
    calls.push((
        "Bash",
        json!({"command": "touch bridge.toml", "description": "x"}),
    ));
    denied(&world, claude, &calls);
    assert!(places.iter().all(|path| !path.exists()));
}

/// Lets the model make these calls, each of which runs unasked.
fn allowed(world: &World, calls: &[(&str, Value)]) {
    world.say_and_see(&script(calls, "all allowed"), "all allowed");
}

/// Lets the model make these calls, and sees that it is told of each that it is denied.
#[track_caller]
fn denied(world: &World, claude: &RealClaude, calls: &[(&str, Value)]) {
    for (place, call) in calls.iter().enumerate() {
        let words = format!("tried {place}");
        world.say_and_see(&script(std::slice::from_ref(call), &words), &words);
        let requests = claude.api.requests();
        let result = requests.iter().rev().find_map(|it| it.tool_result.clone());
        let result = result.unwrap_or_default();
        assert!(result.contains("denied"), "{call:?}: {result}");
    }
}

fn script(calls: &[(&str, Value)], last: &str) -> String {
    let calls = calls
        .iter()
        .map(|(tool, input)| format!("tool {tool} {input}"));
    let mut steps: Vec<_> = calls.collect();
    steps.push(format!("say {last}"));
    steps.join(" ;; ")
}

fn assert_absent(world: &World, names: &[&str]) {
    for name in names {
        assert!(!Path::exists(&world.path(name)), "{name} is there");
    }
}
