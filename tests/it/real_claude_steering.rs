//! Promise: what is said while the real program works reaches it once, in both versions.

use std::fs;

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;
use crate::support::messages_api::RequestKind;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    what_is_sent_now_joins_the_turn_at_its_next_step,
    what_no_turn_took_in_runs_next,
    a_bang_runs_instead,
    a_stop_leaves_nothing_of_what_was_sent_now,
    background_work_is_listed_and_stopped,
);

fn what_is_sent_now_joins_the_turn_at_its_next_step(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let _bridge = world.start();
    let begun = claude.project().join("begun");
    let wait = "bash touch begun; while [ ! -e go ]; do sleep 0.05; done ;; say the first is done";
    let said = world.playground.say(OWNER, wait);
    eventually("the start of the tool", LONG, || {
        begun.exists().then_some(())
    });
    let notice = world.say_and_see("mention the walrus", "Queued");
    world.press(&notice, "▶ Send now");
    world.see_edited(&notice, "▶ Claude has it");
    fs::write(claude.project().join("go"), "").expect("written");
    world.see_after(OWNER, said.message_id, "the first is done");
    eventually("the model's hearing of it", LONG, || {
        let requests = claude.api.requests();
        let main = requests
            .iter()
            .filter(|request| request.kind == RequestKind::Main);
        (main
            .filter(|request| request.contains("mention the walrus"))
            .count()
            >= 1)
            .then_some(())
    });
    world.say_and_see("say and on", "and on");
    let texts = world.bot_texts(OWNER);
    let firsts = texts
        .iter()
        // A card shows it too while it is being said.
        .filter(|text| text.contains("the first is done") && !text.starts_with('⏳'));
    assert_eq!(firsts.count(), 1, "{texts:#?}");
    assert!(
        !texts
            .iter()
            .any(|text| text.contains("Nothing repeats unless you say so.")),
        "{texts:#?}"
    );
}

fn what_no_turn_took_in_runs_next(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("say warm", "warm");
    let said = world.playground.say(OWNER, "slow 60 50");
    world.see_after(OWNER, said.message_id, "⏳");
    let notice = world.say_and_see("say the second is done", "Queued");
    world.press(&notice, "▶ Send now");
    world.see_after(OWNER, notice.message_id, "the second is done");
    world.say_and_see("say and on", "and on");
    let texts = world.bot_texts(OWNER);
    let seconds = texts
        .iter()
        .filter(|text| text.contains("the second is done"));
    assert_eq!(seconds.count(), 1, "{texts:#?}");
    assert!(
        !texts
            .iter()
            .any(|text| text.contains("Nothing repeats unless you say so.")),
        "{texts:#?}"
    );
}

fn a_bang_runs_instead(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("say warm", "warm");
    let said = world.playground.say(OWNER, "slow 2000 50");
    let card = world.see_after(OWNER, said.message_id, "⏳");
    world.playground.say(OWNER, "!say this instead");
    world.see_after(OWNER, card.message_id, "⏹ Stopped");
    world.see_after(OWNER, card.message_id, "this instead");
    world.see_edited(&card, "⏹ ");
}

fn a_stop_leaves_nothing_of_what_was_sent_now(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("say warm", "warm");
    let said = world.playground.say(OWNER, "slow 2000 50");
    world.see_after(OWNER, said.message_id, "⏳");
    let notice = world.say_and_see("say never", "Queued");
    world.press(&notice, "▶ Send now");
    world.see_edited(&notice, "▶ Claude has it");
    world.playground.say(OWNER, "/stop");
    world.see_after(OWNER, notice.message_id, "⏹ Stopped");
    world.say_and_see("say and on", "and on");
    let texts = world.bot_texts(OWNER);
    assert!(
        !texts.iter().any(|text| text.starts_with("never")),
        "{texts:#?}"
    );
}

fn background_work_is_listed_and_stopped(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let _bridge = world.start();
    world.say_and_see(
        "bashbg touch begun; sleep 1000 ;; say it is begun",
        "it is begun",
    );
    let begun = claude.project().join("begun");
    eventually("the start of the task", LONG, || {
        begun.exists().then_some(())
    });
    let list = world.say_and_see("/tasks", "Running in the background:");
    let label = list.buttons[0][0].label.clone();
    world.press(&list, &label);
    eventually("the end of the task", LONG, || {
        let answer = world.say_and_see("/tasks", "background");
        answer.text.starts_with("Nothing").then_some(())
    });
    world.say_and_see("say and on", "and on");
}
