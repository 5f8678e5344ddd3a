//! Promise: what Claude's tools changed in a turn is shown below its answer and can be undone, the
//! files and the conversation apart.

use std::fs;

use crate::support::bridge::{OWNER, World};
use crate::support::messages_api::RequestKind;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    files_are_what_they_were_and_claude_still_knows,
    claude_forgets_and_the_files_stay_also_after_a_kill,
    both_are_undone_by_an_agent_that_was_not_there,
);

/// Lets Claude overwrite a file of the project; returns the line below its answer.
fn changed(world: &World, claude: &RealClaude) -> playground::Post {
    let file = claude.project().join("kept.txt");
    fs::write(&file, "before\n").expect("a file");
    world.say_and_see("/mode acceptEdits", "edit files");
    let file = file.display();
    let script = format!("read {file} ;; write {file} after\\n ;; say pears are in");
    let line = world.say_and_see(&script, "✎ 1 file changed: +1 −1 lines");
    assert!(line.text.contains("kept.txt"), "{}", line.text);
    assert_eq!(text(claude), "after\n");
    line
}

fn text(claude: &RealClaude) -> String {
    fs::read_to_string(claude.project().join("kept.txt")).expect("a file")
}

/// Tells whether the model is still told what it said in the turn that was undone.
fn knows(world: &World, claude: &RealClaude) -> bool {
    world.say_and_see("say and on", "and on");
    let requests = claude.api.requests();
    let mut main = requests
        .iter()
        .filter(|request| request.kind == RequestKind::Main);
    let last = main.next_back().expect("a request");
    last.contains("pears are in")
}

fn files_are_what_they_were_and_claude_still_knows(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let line = changed(&world, claude);
    world.press(&line, "↩ Undo");
    let question = world.see_edited(&line, "1 file becomes what it was");
    assert!(question.text.contains("kept.txt"), "{}", question.text);
    assert_eq!(text(claude), "after\n", "it was only asked");
    world.press(&question, "↩ Files");
    world.see_edited(&question, "Claude still knows what it did.");
    assert_eq!(text(claude), "before\n");
    assert!(knows(&world, claude));
    world.assert_no_violations();
}

fn claude_forgets_and_the_files_stay_also_after_a_kill(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say first", "first");
    let line = changed(&world, claude);
    world.press(&line, "↩ Undo");
    let question = world.see_edited(&line, "Undo?");
    world.press(&question, "↩ Conversation");
    world.see_edited(&question, "Claude has forgotten");
    bridge.kill();
    let _bridge = world.start();
    assert!(!knows(&world, claude));
    assert_eq!(text(claude), "after\n");
    world.assert_no_violations();
}

fn both_are_undone_by_an_agent_that_was_not_there(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say first", "first");
    let line = changed(&world, claude);
    bridge.stop();
    let _bridge = world.start();
    world.press(&line, "↩ Undo");
    let question = world.see_edited(&line, "Undo?");
    world.press(&question, "↩ Both");
    world.see_edited(&question, "and Claude has forgotten it");
    assert_eq!(text(claude), "before\n");
    assert!(!knows(&world, claude));
    let said = world.playground.say(OWNER, "/diff");
    world.see_after(OWNER, said.message_id, "not in a Git repository");
    world.assert_no_violations();
}
