//! Promise: what Claude does not know or goes by although it should is told once.

use std::fs;

use crate::support::bridge::{OWNER, World};
use crate::support::eventually::eventually;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    a_settings_file_that_is_passed_over_is_told_once,
    a_conversation_that_is_shorter_than_it_was_is_told_once,
    a_conversation_that_was_compacted_is_not_called_shorter,
    a_conversation_that_is_nearly_full_is_told_once,
);

fn times(world: &World, words: &str) -> usize {
    world.bot_texts(OWNER).join("\n").matches(words).count()
}

fn a_settings_file_that_is_passed_over_is_told_once(claude: &RealClaude) {
    let folder = claude.home().join(".claude");
    fs::create_dir_all(&folder).expect("a folder");
    let settings = folder.join("settings.json");
    fs::write(&settings, r#"{"permissions":{"deny":"Bash"}}"#).expect("a file");
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say hi", "~/.claude/settings.json: permissions.deny");
    bridge.wait_for_line("passes over a settings file");
    bridge.stop();
    let bridge = world.start();
    world.say_and_see("say on", "on");
    bridge.stop();
    fs::write(&settings, "{").expect("a file");
    let _bridge = world.start();
    world.say_and_see("say once more", "~/.claude/settings.json: Invalid");
    assert_eq!(times(&world, "passes over these settings files"), 2);
    world.assert_no_violations();
}

fn a_conversation_that_is_shorter_than_it_was_is_told_once(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say first", "first");
    let conversation = world.conversation();
    world.say_and_see("say second", "second");
    claude.until_written_down(&conversation, "second", 2);
    bridge.stop();
    // The control: nothing is missing.
    let bridge = world.start();
    world.say_and_see("say third", "third");
    claude.until_written_down(&conversation, "third", 2);
    bridge.stop();
    assert_eq!(times(&world, "shorter than it was"), 0);
    let transcript = claude.transcript_of(&conversation).expect("a transcript");
    let lines = transcript.lines();
    let kept: Vec<_> = lines
        .take_while(|line| !line.contains("say third"))
        .collect();
    claude.write_transcript(&conversation, &(kept.join("\n") + "\n"));
    let bridge = world.start();
    world.say_and_see("say fourth", "fourth");
    eventually("the word", crate::support::bridge::LONG, || {
        (times(&world, "shorter than it was") == 1).then_some(())
    });
    claude.until_written_down(&conversation, "fourth", 2);
    bridge.stop();
    let _bridge = world.start();
    world.say_and_see("say fifth", "fifth");
    world.say_and_see("/context", "Context");
    assert_eq!(times(&world, "shorter than it was"), 1);
    world.assert_no_violations();
}

fn a_conversation_that_was_compacted_is_not_called_shorter(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say first", "first");
    world.say_and_see("/compact", "Compacted");
    bridge.stop();
    let _bridge = world.start();
    world.say_and_see("say second", "second");
    world.say_and_see("/context", "Context");
    assert_eq!(times(&world, "shorter than it was"), 0);
    world.assert_no_violations();
}

/// The model that is used here has room for a million tokens.
fn a_conversation_that_is_nearly_full_is_told_once(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("say small", "small");
    let told = world.say_and_see("full 850000", "The conversation is 85 % full");
    assert!(told.silent);
    world.say_and_see("full 860000", "full");
    world.say_and_see("/context", "Context");
    assert_eq!(times(&world, "The conversation is"), 1);
    world.assert_no_violations();
}
