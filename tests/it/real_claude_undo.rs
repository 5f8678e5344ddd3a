//! Promise: what Claude's tools changed in a turn is shown below its answer and can be undone, the
//! files and the conversation apart.

use std::fs;

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;
use crate::support::messages_api::RequestKind;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    files_are_what_they_were_and_claude_still_knows,
    claude_forgets_and_the_files_stay_also_after_a_kill,
    both_are_undone_by_an_agent_that_was_not_there,
    what_was_undone_is_put_back_also_after_a_kill,
    what_was_changed_after_an_undo_stays,
    what_cannot_be_put_back_is_told_before,
    a_kill_in_the_middle_of_an_undo_leaves_what_can_be_put_back,
    what_is_kept_goes_with_all_that_the_chat_has,
    an_earlier_answer_is_forgotten_with_what_came_after_it,
    rewind_lists_what_counts_and_takes_both_back,
    rewind_is_asked_again_after_a_kill_and_knows_a_prompt_without_files,
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

/// Lets Claude change one file and make another; returns the line below its answer.
fn changed_and_made(world: &World, claude: &RealClaude) -> playground::Post {
    fs::write(claude.project().join("kept.txt"), "before\n").expect("a file");
    world.say_and_see("/mode acceptEdits", "edit files");
    let at = |name: &str| claude.project().join(name).display().to_string();
    let (kept, made) = (at("kept.txt"), at("made.txt"));
    let script =
        format!("read {kept} ;; write {kept} after\\n ;; write {made} made\\n ;; say pears are in");
    world.say_and_see(&script, "✎ 2 files changed")
}

/// Undoes the files of a turn; returns the line that can undo that.
fn undone(world: &World, line: &playground::Post) -> playground::Post {
    world.press(line, "↩ Undo");
    let question = world.see_edited(line, "For an hour the files can be put back");
    world.press(&question, "↩ Files");
    world.see_edited(&question, "Claude still knows what it did.");
    world.see_after(OWNER, line.message_id, "For an hour the changes")
}

fn texts(claude: &RealClaude) -> [String; 2] {
    ["kept.txt", "made.txt"].map(|name| {
        let text = fs::read_to_string(claude.project().join(name));
        text.unwrap_or_else(|_| "-".to_owned())
    })
}

/// Returns how many undos the bridge keeps something of.
fn n_kept(world: &World) -> usize {
    let spares = world.path("data/chats").join(OWNER.to_string());
    let sets = fs::read_dir(spares.join("spares"));
    sets.map_or(0, Iterator::count)
}

fn what_was_undone_is_put_back_also_after_a_kill(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let line = changed_and_made(&world, claude);
    let offer = undone(&world, &line);
    assert!(offer.text.contains("2 files"), "{}", offer.text);
    assert_eq!(texts(claude), ["before\n", "-"]);
    bridge.kill();
    let _bridge = world.start();
    assert_eq!(n_kept(&world), 1);
    world.press(&offer, "↪ Put the changes back");
    let back = world.see_edited(&offer, "The changes are back in 2 files");
    assert!(back.text.contains("made.txt"), "{}", back.text);
    assert_eq!(texts(claude), ["after\n", "made\n"]);
    eventually("the copies are gone", LONG, || {
        (n_kept(&world) == 0).then_some(())
    });
    world.assert_no_violations();
}

fn what_was_changed_after_an_undo_stays(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let line = changed_and_made(&world, claude);
    let offer = undone(&world, &line);
    fs::write(claude.project().join("kept.txt"), "by a person\n").expect("a file");
    world.press(&offer, "↪ Put the changes back");
    let back = world.see_edited(&offer, "The changes are back in 1 file");
    let stays = "1 file was changed after the undo and stays as it is:";
    assert!(back.text.contains(stays), "{}", back.text);
    assert_eq!(texts(claude), ["by a person\n", "made\n"]);
    world.assert_no_violations();
}

fn what_cannot_be_put_back_is_told_before(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let line = changed(&world, claude);
    let file = claude.project().join("kept.txt");
    let big = fs::File::options().write(true).open(&file).expect("a file");
    big.set_len(10_000_001).expect("a larger file");
    world.press(&line, "↩ Undo");
    let question = world.see_edited(&line, "1 file could not be put back");
    assert!(
        question.text.contains("larger than 10 MB"),
        "{}",
        question.text
    );
    world.press(&question, "↩ Files");
    world.see_edited(&question, "Claude still knows what it did.");
    assert_eq!((text(claude), n_kept(&world)), ("before\n".to_owned(), 0));
    world.assert_no_violations();
}

fn a_kill_in_the_middle_of_an_undo_leaves_what_can_be_put_back(claude: &RealClaude) {
    for point in ["spares.taken", "spares.sealed", "spares.put_back"] {
        let mut world = World::with_real_claude(claude);
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        let line = changed_and_made(&world, claude);
        world.press(&line, "↩ Undo");
        let question = world.see_edited(&line, "For an hour the files can be put back");
        world.press(&question, "↩ Files");
        if point != "spares.put_back" {
            bridge.wait();
            world.unset_env("FAILPOINTS");
            bridge = world.start();
        }
        world.see_edited(&question, "Claude still knows what it did.");
        let offer = world.see_after(OWNER, line.message_id, "For an hour the changes");
        assert_eq!(texts(claude), ["before\n", "-"], "{point}");
        world.press(&offer, "↪ Put the changes back");
        if point == "spares.put_back" {
            bridge.wait();
            world.unset_env("FAILPOINTS");
            bridge = world.start();
        }
        world.see_edited(&offer, "The changes are back in 2 files");
        assert_eq!(texts(claude), ["after\n", "made\n"], "{point}");
        bridge.stop();
        fs::remove_file(claude.project().join("made.txt")).expect("a file");
        world.assert_no_violations();
    }
}

fn what_is_kept_goes_with_all_that_the_chat_has(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let line = changed_and_made(&world, claude);
    let offer = undone(&world, &line);
    assert_eq!(n_kept(&world), 1);
    let asked = world.say_and_see("/delete_my_data", "Delete what you have here?");
    world.press(&asked, "🗑 Delete it");
    world.see_after(OWNER, asked.message_id, "🗑 Deleted: ");
    assert_eq!(n_kept(&world), 0);
    world.press(&offer, "↪ Put the changes back");
    world.see_edited(&offer, "no longer kept");
    assert_eq!(texts(claude), ["before\n", "-"]);
    world.assert_no_violations();
}

fn rewind_lists_what_counts_and_takes_both_back(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("/rewind", "There is no message to go back to yet");
    world.say_and_see("say first", "first");
    changed_and_made(&world, claude);
    world.say_and_see("say third", "third");
    let list = world.say_and_see("/rewind", "Go back to before which message?");
    let lines: Vec<_> = list.text.lines().skip(1).collect();
    assert!(
        lines[0] == "1. say third" && lines[2] == "3. say first",
        "{lines:?}"
    );
    assert!(lines[1].starts_with("2. read "), "{lines:?}");
    world.press(&list, "2");
    let question = world.see_edited(&list, "and 1 later message");
    assert!(question.text.contains("kept.txt"), "{}", question.text);
    world.press(&question, "↩ Both");
    world.see_edited(&question, "and Claude has forgotten it");
    assert_eq!(texts(claude), ["before\n", "-"]);
    let offer = world.see_after(OWNER, list.message_id, "For an hour the changes");
    let list = world.say_and_see("/rewind", "Go back to before which message?");
    assert!(
        list.text
            .ends_with("message? Press its number, and you see what goes.\n1. say first"),
        "{}",
        list.text
    );
    assert!(!knows(&world, claude));
    world.press(&offer, "↪ Put the changes back");
    world.see_edited(&offer, "The changes are back in 2 files");
    assert_eq!(texts(claude), ["after\n", "made\n"]);
    world.assert_no_violations();
}

fn rewind_is_asked_again_after_a_kill_and_knows_a_prompt_without_files(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say first", "first");
    world.say_and_see("say pears are in", "pears are in");
    let list = world.say_and_see("/rewind", "1. say pears are in");
    bridge.kill();
    let _bridge = world.start();
    world.press(&list, "1");
    let question = world.see_edited(&list, "Back to before “say pears are in”.");
    world.press(&question, "↩ Conversation");
    world.see_edited(&question, "Claude has forgotten");
    assert!(!knows(&world, claude));
    world.assert_no_violations();
}

fn an_earlier_answer_is_forgotten_with_what_came_after_it(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("say first", "first");
    let line = changed(&world, claude);
    world.say_and_see("say later", "later");
    world.press(&line, "↩ Undo");
    let question = world.see_edited(&line, "Undo?");
    world.press(&question, "↩ Conversation");
    world.see_edited(&question, "Claude has forgotten");
    assert!(!knows(&world, claude));
    assert_eq!(text(claude), "after\n");
    world.assert_no_violations();
}
