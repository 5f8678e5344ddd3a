//! Promise: a Claude Code that is too old to keep every promise works, and the operator is told.

use std::fs;

use bridge::claude::version::{MINIMUM, NEWEST_TRIED};

use crate::support::bridge::World;
use crate::support::real_claude::CLAUDE_VERSIONS;

const WARNING: &str = "this Claude Code is too old for the bridge to work reliably";

#[test]
fn an_old_version_answers_and_the_log_names_the_minimum_once_for_each_agent() {
    let world = World::new();
    let bridge = speaking_as(&world, "2.1.197").start();
    world.say_and_see("rehearse: say one", "one");
    world.say_and_see("rehearse: say two", "two");
    let output = bridge.stop();
    let warnings: Vec<_> = output
        .lines()
        .filter(|line| line.contains(WARNING))
        .collect();
    assert_eq!(warnings.len(), 1, "{output}");
    assert!(warnings[0].contains("2.1.197") && warnings[0].contains("2.1.327"));
}

#[test]
fn the_minimum_and_later_versions_raise_no_warning() {
    for version in ["2.1.327", "2.2.0"] {
        let world = World::new();
        let bridge = speaking_as(&world, version).start();
        world.say_and_see("rehearse: say one", "one");
        assert!(!bridge.stop().contains(WARNING));
    }
}

#[test]
fn the_versions_that_the_bridge_names_are_those_that_the_tests_run() {
    let named = [NEWEST_TRIED, MINIMUM].map(|version| version.to_string());
    assert_eq!(CLAUDE_VERSIONS, named);
}

/// Has the agent of a world say that it is of this version.
fn speaking_as<'w>(world: &'w World, version: &str) -> &'w World {
    let script = world.path("rehearsal");
    let text = fs::read_to_string(&script).expect("the agent is a script");
    let named = format!(r#"s/"claude_code_version":"[^"]*"/"claude_code_version":"{version}"/"#);
    let text = text.replace("exec ", "");
    let text = format!("{} | sed -u '{named}'\n", text.trim_end());
    fs::write(&script, text).expect("it is ours");
    world
}
