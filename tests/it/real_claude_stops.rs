//! Promise: a stop is obeyed by the real program in every phase of a turn, in both versions, and
//! the chat goes on after it.
//!
//! The phases that are not here: `real_claude_bridge` stops a stream and a tool,
//! `real_claude_approvals` an open request.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;
use crate::support::programs::running;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    a_stop_while_it_opens_is_obeyed,
    a_clean_stop_keeps_the_last_turn,
    what_follows_a_stop_by_signal_is_answered,
    a_stop_before_the_first_word_is_obeyed,
    a_stop_ends_all_tools_that_run_together,
);

fn a_stop_while_it_opens_is_obeyed(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let gate = hold_back(&mut world, claude);
    let bridge = world.start();
    let said = world.playground.say(OWNER, "bash touch ran.txt");
    bridge.wait_for_line("agent is started");
    world.playground.say(OWNER, "/stop");
    eventually("the arrival of the stop", LONG, || {
        (bridge.output().matches(r#"event="instructed""#).count() == 2).then_some(())
    });
    fs::write(gate, "").expect("written");
    world.see_after(OWNER, said.message_id, "⏹ Stopped");
    world.say_and_see("say and on", "and on");
    assert!(!claude.project().join("ran.txt").exists());
    let texts = world.bot_texts(OWNER);
    assert!(!texts.iter().any(|it| it.contains('⚠')), "{texts:#?}");
}

/// Lets the program start only when the file that is returned is there.
fn hold_back(world: &mut World, claude: &RealClaude) -> PathBuf {
    let (gate, script) = (world.path("gate"), world.path("held-back"));
    let text = format!(
        "#!/bin/sh\nwhile [ ! -e '{}' ]; do sleep 0.02; done\nexec '{}' \"$@\"\n",
        gate.display(),
        claude.binary.display()
    );
    fs::write(&script, text).expect("a script");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("it is executable");
    world.set(
        "claude.binary",
        format!("{:?}", script.display().to_string()),
    );
    gate
}

/// The model has the prompt and has sent nothing at all.
fn a_stop_before_the_first_word_is_obeyed(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let said = world.playground.say(OWNER, "quiet 600000");
    claude.api.wait_for(1, LONG);
    world.playground.say(OWNER, "/stop");
    world.see_after(OWNER, said.message_id, "⏹ Stopped");
    world.say_and_see("say and on", "and on");
    assert_eq!(claude.api.prompts(), ["quiet 600000", "say and on"]);
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
}

fn a_stop_ends_all_tools_that_run_together(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let bridge = world.start();
    let said = world.playground.say(
        OWNER,
        "together bash tail -f /dev/null ++ bash tail -n 1 -f /dev/null",
    );
    eventually("the start of both tools", LONG, || {
        (running(&world, "tail").len() == 2).then_some(())
    });
    world.playground.say(OWNER, "/stop");
    world.see_after(OWNER, said.message_id, "⏹ Stopped");
    eventually("the end of both tools", LONG, || {
        running(&world, "tail").is_empty().then_some(())
    });
    world.say_and_see("say and on", "and on");
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
}

fn a_clean_stop_keeps_the_last_turn(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let said = world.playground.say(OWNER, "say remember the word plum");
    world.wait("the answer", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts.find_map(|post| (post.reply_to == Some(said.message_id)).then_some(()))
    });
    bridge.stop();
    let _bridge = world.start();
    world.say_and_see("say and on", "and on");
    let requests = claude.api.requests();
    let last = requests.last().expect("there were requests");
    assert!(last.contains("the word plum"), "the conversation goes on");
}

fn what_follows_a_stop_by_signal_is_answered(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let said = world.playground.say(OWNER, "stall 600000");
    world.see_after(OWNER, said.message_id, "before the stall");
    let pid = running(&world, "claude")[0];
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGSTOP).unwrap();
    world.playground.say(OWNER, "/stop");
    eventually("the signal", LONG, || {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("ShdPnd:"))?;
        let pending = u64::from_str_radix(line.trim(), 16).ok()?;
        (pending & 2 != 0).then_some(())
    });
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGCONT).unwrap();
    world.see_after(OWNER, said.message_id, "⏹ Stopped");
    world.say_and_see("say and on", "and on");
}
