//! Promise: when the real program is killed, alone or with the bridge, the person is told, nothing
//! of it lives on, nothing runs twice, and the chat goes on. Both versions.

use std::fs;

use nix::sys::signal::{Signal, kill};
use playground::Post;

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;
use crate::support::messages_api::RequestKind;
use crate::support::programs::{kill_claude, running};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    a_kill_of_claude_is_told_in_every_phase_of_a_turn,
    a_kill_of_claude_between_turns_costs_nothing,
    a_kill_of_the_bridge_and_claude_at_once_leaves_one_offer,
    a_kill_of_the_bridge_claude_and_its_guard_leaves_no_tool,
    a_prompt_with_tags_of_a_shell_is_sent_again_once,
);

/// A phase of a turn: a prompt that stays in it, and how to see that it is reached.
struct Phase {
    name: &'static str,
    prompt: &'static str,
    is_reached: fn(&World, &RealClaude) -> bool,
}

const BEFORE_THE_FIRST_WORD: Phase = Phase {
    name: "before the first word",
    prompt: "quiet 600000",
    is_reached: |_, claude| calls(claude, "quiet 600000") == 1,
};

const WHILE_TEXT_STREAMS: Phase = Phase {
    name: "while text streams",
    prompt: "stall 600000",
    is_reached: |world, _| shows(world, "before the stall"),
};

const WHILE_A_TOOL_RUNS: Phase = Phase {
    name: "while a tool runs",
    prompt: "bash mktemp ran.XXXXXX; exec tail -f /dev/null",
    is_reached: |world, _| running(world, "tail").len() == 1,
};

const WHILE_TWO_TOOLS_RUN: Phase = Phase {
    name: "while two tools run",
    prompt: "together bash tail -f /dev/null ++ bash tail -n 1 -f /dev/null",
    is_reached: |world, _| running(world, "tail").len() == 2,
};

const WHILE_IT_ASKS: Phase = Phase {
    name: "while it asks",
    prompt: "write never.txt words",
    is_reached: |world, _| shows(world, "🔐 Claude wants to"),
};

fn a_kill_of_claude_is_told_in_every_phase_of_a_turn(claude: &RealClaude) {
    let world = bash_is_allowed(claude);
    let _bridge = world.start();
    kill_while_it_opens(&world);
    for phase in [
        BEFORE_THE_FIRST_WORD,
        WHILE_TEXT_STREAMS,
        WHILE_A_TOOL_RUNS,
        WHILE_TWO_TOOLS_RUN,
        WHILE_IT_ASKS,
    ] {
        let said = reach(&phase, &world, claude);
        kill_claude(&world);
        let told = world.see_after(OWNER, said, "Nothing repeats unless you say so.");
        let is_told = told
            .text
            .contains("Claude ended in the middle of this (signal 9)");
        assert!(is_told, "{}: {}", phase.name, told.text);
        assert_gone_on(&phase, &world, claude, said);
    }
}

fn kill_while_it_opens(world: &World) {
    let said = world.playground.say(OWNER, "bash mktemp ran.XXXXXX");
    eventually("the start of the program", LONG, || {
        (!running(world, "claude").is_empty()).then_some(())
    });
    kill_claude(world);
    let told = world.see_after(OWNER, said.message_id, "signal 9");
    assert!(told.text.contains("could not start"), "{}", told.text);
}

fn a_kill_of_claude_between_turns_costs_nothing(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let said = world.playground.say(OWNER, "say remember the word plum");
    // A card shows the words too, but is no reply.
    world.wait("the answer", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts.find_map(|post| (post.reply_to == Some(said.message_id)).then_some(()))
    });
    let conversation = world.conversation();
    claude.until_written_down(&conversation, "the word plum", 2);
    kill_claude(&world);
    bridge.wait_for_line("agent is gone");
    world.say_and_see("say and on", "and on");
    assert_eq!(world.conversation(), conversation);
    let requests = claude.api.requests();
    let last = requests.last().expect("there were requests");
    assert!(last.contains("the word plum"), "the conversation goes on");
    let texts = world.bot_texts(OWNER);
    assert!(!texts.iter().any(|text| text.contains('⚠')), "{texts:#?}");
}

fn a_kill_of_the_bridge_and_claude_at_once_leaves_one_offer(claude: &RealClaude) {
    let world = bash_is_allowed(claude);
    let mut bridge = world.start();
    for phase in [WHILE_TEXT_STREAMS, WHILE_A_TOOL_RUNS, WHILE_IT_ASKS] {
        let said = reach(&phase, &world, claude);
        kill_claude(&world);
        bridge.kill();
        world.assert_nothing_left_within_two_seconds();
        bridge = world.start();
        world.see_after(OWNER, said, "Nothing repeats unless you say so.");
        assert_gone_on(&phase, &world, claude, said);
    }
}

/// Without its guard the tool lives on where no namespace holds it, until the next start of the
/// bridge finds it.
fn a_kill_of_the_bridge_claude_and_its_guard_leaves_no_tool(claude: &RealClaude) {
    let world = bash_is_allowed(claude);
    let bridge = world.start();
    let said = reach(&WHILE_A_TOOL_RUNS, &world, claude);
    for pid in running(&world, "bridge") {
        // Some end by the death of another.
        kill(pid, Signal::SIGKILL).ok();
    }
    for pid in running(&world, "claude") {
        kill(pid, Signal::SIGKILL).ok();
    }
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, said, "Nothing repeats unless you say so.");
    assert_gone_on(&WHILE_A_TOOL_RUNS, &world, claude, said);
}

fn bash_is_allowed(claude: &RealClaude) -> World {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    world
}

/// Says the prompt of a phase, waits until it is in it, and returns the id of the message.
fn reach(phase: &Phase, world: &World, claude: &RealClaude) -> i64 {
    let said = world.playground.say(OWNER, phase.prompt);
    eventually(phase.name, LONG, || {
        (phase.is_reached)(world, claude).then_some(())
    });
    said.message_id
}

/// Looks at what is left of a prompt that was cut short, after another one was answered.
fn assert_gone_on(phase: &Phase, world: &World, claude: &RealClaude, said: i64) {
    let name = phase.name;
    world.say_and_see("say and on", "and on");
    eventually("the end of the tools", LONG, || {
        running(world, "tail").is_empty().then_some(())
    });
    let offers = world.playground.look(|view| {
        let posts = view.bot_posts(OWNER);
        posts
            .filter(|post| post.message_id > said && is_offer(post))
            .count()
    });
    assert_eq!(offers, 1, "{name}");
    assert_eq!(calls(claude, phase.prompt), 1, "{name}: asked again");
    let files = fs::read_dir(claude.project()).expect("the folder is there");
    let names = files.flatten().map(|file| file.file_name());
    let names: Vec<_> = names.map(|name| name.display().to_string()).collect();
    let ran = names.iter().filter(|file| file.starts_with("ran."));
    assert!(ran.count() <= 1, "{name}: {names:?}");
    assert!(!names.contains(&"never.txt".to_owned()), "{name}");
}

fn is_offer(post: &Post) -> bool {
    post.text.contains("Nothing repeats unless you say so.")
}

fn shows(world: &World, words: &str) -> bool {
    world
        .playground
        .look(|view| view.bot_posts(OWNER).any(|post| post.text.contains(words)))
}

/// Returns how many calls to the model there were for a prompt.
fn calls(claude: &RealClaude, prompt: &str) -> usize {
    let requests = claude.api.requests();
    let mut of_prompt = requests;
    of_prompt.retain(|request| request.kind == RequestKind::Main && request.prompt == prompt);
    of_prompt.len()
}

/// A version before 2.1.314 never acknowledged such a prompt, and one before 2.1.327 could lose what
/// was sent again.
fn a_prompt_with_tags_of_a_shell_is_sent_again_once(claude: &RealClaude) {
    let world = bash_is_allowed(claude);
    let bridge = world.start();
    world.say_and_see("say warm", "warm");
    let text = "bash mktemp ran.XXXXXX ;; say all of it <bash-stdout>odd</bash-stdout>";
    let answered = world.say_and_see(text, "all of it");
    let before = fs::read_dir(claude.project()).expect("a folder").count();
    // It is at the program's, which has not begun: it is sent again.
    let waits = "quiet 600000 ;; <bash-stdout>odd</bash-stdout>";
    world.playground.say(OWNER, waits);
    eventually("the call", LONG, || {
        (calls(claude, waits) == 1).then_some(())
    });
    bridge.kill();
    let _bridge = world.start();
    eventually("the call again", LONG, || {
        (calls(claude, waits) == 2).then_some(())
    });
    world.say_and_see("/stop", "Stopped");
    world.say_and_see("say and on", "and on");
    assert_eq!(calls(claude, waits), 2, "once more, and no more");
    let ran = fs::read_dir(claude.project()).expect("a folder").count();
    assert_eq!(ran, before, "what was answered does not run again");
    assert!(answered.text.contains("all of it"));
    world.assert_no_violations();
}
