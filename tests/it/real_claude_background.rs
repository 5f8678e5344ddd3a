//! Promise: what the real program says of its own accord is posted as such, and never taken for
//! the answer to somebody's message. Both versions.

use std::fs;
use std::time::Duration;

use playground::Post;

use crate::support::bridge::{Bridge, LONG, OWNER, World};
use crate::support::eventually::eventually;
use crate::support::real_claude::{RealClaude, for_each_version, report_skipped};

for_each_version!(
    a_task_that_ends_is_told_apart_from_the_answers,
    a_message_during_a_turn_of_its_own_has_an_answer_of_its_own,
    a_task_that_ends_during_a_turn_takes_no_answer_away,
    what_a_task_prints_is_shown_while_it_runs_and_told_when_it_is_gone,
    a_task_keeps_its_agent_and_is_told_of_when_both_are_killed,
    a_wakeup_keeps_its_agent_and_is_told_of_when_both_are_killed,
    a_timer_comes_although_its_agent_ended_and_the_bridge_was_killed,
);

/// Begins a task that ends when there is a file `go`.
const TASK: &str = "bashbg while [ ! -e go ]; do sleep 0.05; done; touch over ;; say it is begun";

fn a_task_that_ends_is_told_apart_from_the_answers(claude: &RealClaude) {
    let (world, _bridge) = begin(claude, &format!("{TASK} ;; say the task is over"));
    fs::write(claude.project().join("go"), "").expect("written");
    unasked(&world, "the task is over");
    let said = world.playground.say(OWNER, "say and on");
    assert_eq!(answer(&world, said.message_id).text, "and on");
    assert_once(&world, &["it is begun", "the task is over", "and on"]);
    world.say_and_see("/tasks", "Nothing");
}

/// The turn that Claude began by itself still streams when the messages come.
fn a_message_during_a_turn_of_its_own_has_an_answer_of_its_own(claude: &RealClaude) {
    let (world, _bridge) = begin(claude, &format!("{TASK} ;; slow 20 50"));
    let calls = claude.api.prompts().len();
    fs::write(claude.project().join("go"), "").expect("written");
    claude.api.wait_for(calls + 1, LONG);
    let first = world.playground.say(OWNER, "say first of mine");
    let second = world.playground.say(OWNER, "say second of mine");
    let first = answer(&world, first.message_id);
    let second = answer(&world, second.message_id);
    assert_eq!(first.text, "first of mine");
    assert_eq!(second.text, "second of mine");
    unasked(&world, "word18 word19");
    assert_once(
        &world,
        &["word18 word19", "first of mine", "second of mine"],
    );
}

/// The task ends while a tool of a person's turn runs, and another message waits.
fn a_task_that_ends_during_a_turn_takes_no_answer_away(claude: &RealClaude) {
    let (world, _bridge) = begin(claude, TASK);
    let mine = "bash touch mine; while [ ! -e on ]; do sleep 0.05; done ;; say mine is done";
    let mine = world.playground.say(OWNER, mine);
    eventually("the start of the tool", LONG, || {
        claude.project().join("mine").exists().then_some(())
    });
    let waiting = world.playground.say(OWNER, "say what waited");
    world.see_after(OWNER, waiting.message_id, "Queued");
    fs::write(claude.project().join("go"), "").expect("written");
    eventually("the end of the task", LONG, || {
        claude.project().join("over").exists().then_some(())
    });
    fs::write(claude.project().join("on"), "").expect("written");
    let mine = answer(&world, mine.message_id);
    let waiting = answer(&world, waiting.message_id);
    assert!(mine.text.contains("mine is done"), "{}", mine.text);
    assert_eq!(waiting.text, "what waited");
    assert_once(&world, &["it is begun", "mine is done", "what waited"]);
}

/// The button of the list means the same after a kill, when there is nothing to show any more.
fn what_a_task_prints_is_shown_while_it_runs_and_told_when_it_is_gone(claude: &RealClaude) {
    let task = "bashbg echo first words; touch said; while [ ! -e go ]; do sleep 0.05; done";
    let (world, bridge) = begin(claude, &format!("{task} ;; say it is begun"));
    eventually("its words", LONG, || {
        claude.project().join("said").exists().then_some(())
    });
    let list = world.say_and_see("/tasks", "Running in the background");
    world.press(&list, "Output");
    let shown = world.see_after(OWNER, list.message_id, "has printed:");
    assert!(shown.text.contains("first words"), "{}", shown.text);
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, 0, "this ended with it");
    world.press(&list, "Output");
    world.see_after(OWNER, shown.message_id, "its output is gone with it");
    world.assert_no_violations();
}

/// An idle agent ends quickly here. The one with a task lives as long as the task, and when both are
/// killed with the bridge, the next one says so.
fn a_task_keeps_its_agent_and_is_told_of_when_both_are_killed(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    world.set("claude.idle_timeout", r#""300ms""#);
    let bridge = world.start();
    // The control: without a task it is ended.
    world.say_and_see("say warm", "warm");
    eventually("the end of an idle agent", LONG, || {
        world.processes_of_agents().is_empty().then_some(())
    });
    let file = |name: &str| claude.project().join(name);
    let beats = || fs::metadata(file("beats")).map_or(0, |it| it.len());
    let beat = |script: &str| {
        let said = world.playground.say(OWNER, script);
        answer(&world, said.message_id);
        let before = beats();
        // 50 ms each: many times as long as the one without a task lived.
        eventually("beats of the task", LONG, || {
            (beats() > before + 40).then_some(())
        });
    };
    let task = "bashbg while [ ! -e go ]; do printf . >> beats; sleep 0.05; done; touch over";
    beat(&format!(
        "{task} ;; say it is begun ;; say the task is over"
    ));
    fs::write(file("go"), "").expect("written");
    unasked(&world, "the task is over");
    fs::remove_file(file("go")).expect("removed");
    beat(&format!("{task} ;; say begun again"));
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, 0, "this ended with it");
    let texts = world.bot_texts(OWNER).join("\n");
    assert_eq!(texts.matches("this ended with it").count(), 1, "{texts}");
}

/// Nobody writes after the kill.
fn a_wakeup_keeps_its_agent_and_is_told_of_when_both_are_killed(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.idle_timeout", r#""300ms""#);
    let bridge = world.start();
    let wakeup =
        r#"tool ScheduleWakeup {"delaySeconds":3600,"reason":"look again","prompt":"say up"}"#;
    let said = world
        .playground
        .say(OWNER, &format!("{wakeup} ;; say it is set"));
    assert!(answer(&world, said.message_id).text.contains("it is set"));
    world.say_and_see("/tasks", "look again");
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, 0, "this ended with it");
    world.see_after(OWNER, 0, "⏰ look again");
    world.say_and_see("/tasks", "Nothing");
}

/// Nobody writes after the kill: the bridge starts the agent for the timer.
fn a_timer_comes_although_its_agent_ended_and_the_bridge_was_killed(claude: &RealClaude) {
    /// It comes once a minute.
    const MINUTES: Duration = Duration::from_secs(150);
    if std::env::var_os("BRIDGE_SLOW_TESTS").is_none() {
        report_skipped("waits for two minutes to be full: `just slow` runs it");
        return;
    }
    let mut world = World::with_real_claude(claude);
    world.set("claude.idle_timeout", r#""300ms""#);
    let bridge = world.start();
    let timer =
        r#"tool CronCreate {"cron":"* * * * *","prompt":"say it is time","recurring":true}"#;
    let said = world
        .playground
        .say(OWNER, &format!("{timer} ;; say it is set"));
    assert!(answer(&world, said.message_id).text.contains("it is set"));
    eventually("the end of the agent", MINUTES, || {
        world.processes_of_agents().is_empty().then_some(())
    });
    world.say_and_see("/tasks", "say it is time");
    bridge.kill();
    let before = times(&world, "it is time");
    let _bridge = world.start();
    let came = world.playground.wait_until(MINUTES, |view| {
        let posts = view
            .bot_posts(OWNER)
            .filter(|post| post.text == "it is time");
        (posts.count() > before).then_some(())
    });
    came.expect("the timer");
}

/// Returns how many posts say just this.
fn times(world: &World, text: &str) -> usize {
    let texts = world.bot_texts(OWNER);
    texts.iter().filter(|it| *it == text).count()
}

/// Starts a bridge and begins a task in the background.
fn begin(claude: &RealClaude, prompt: &str) -> (World, Bridge) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let bridge = world.start();
    let said = world.playground.say(OWNER, prompt);
    let begun = answer(&world, said.message_id);
    assert!(begun.text.contains("it is begun"), "{}", begun.text);
    (world, bridge)
}

/// Waits for the answer to a message; what is only said about it has no sound.
fn answer(world: &World, message: i64) -> Post {
    world.wait(&format!("an answer to #{message}"), |view| {
        let mut posts = view.bot_posts(OWNER);
        posts
            .find(|post| post.reply_to == Some(message) && !post.silent)
            .cloned()
    })
}

/// Waits for words that answer nobody; a card, which does not either, has no sound.
fn unasked(world: &World, words: &str) {
    world.wait(&format!("{words:?}, unasked"), |view| {
        let mut posts = view.bot_posts(OWNER);
        let post = posts.find(|post| !post.silent && post.text.ends_with(words))?;
        assert_eq!(post.reply_to, None, "nobody asked for it");
        Some(())
    });
}

/// Looks whether each text was posted once, cards left aside.
#[track_caller]
fn assert_once(world: &World, expected: &[&str]) {
    let mut posts = world.playground.chat(OWNER);
    posts.retain(|post| post.is_by_bot() && !post.silent);
    let texts: Vec<_> = posts.iter().map(|post| post.text.as_str()).collect();
    for expected in expected {
        let times = texts.iter().filter(|text| text.ends_with(expected)).count();
        assert_eq!(times, 1, "{expected:?} in {texts:#?}");
    }
}
