//! Promise: what a usage limit stopped goes on when the limit has ended, if a person wants that or the
//! configuration says so; once, over a kill of the bridge too, and without the old message.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::bridge::{OWNER, World};
use crate::support::eventually::eventually;
use crate::support::messages_api::RequestKind;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    what_a_limit_stopped_goes_on_over_a_kill_and_runs_nothing_twice,
    it_goes_on_by_itself_where_that_is_configured,
    what_is_left_does_not_go_on,
    usage_shows_what_is_used_and_what_the_conversation_cost,
);

const PROMPT: &str = "bash mktemp first.XXXXXX ;; limit 5";

/// How long the limit lasts.
const LIMIT: Duration = Duration::from_secs(5);

/// A world with a subscription, of which alone Claude says when a limit ends.
fn world(claude: &RealClaude) -> World {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    world.unset_env("ANTHROPIC_API_KEY");
    world.env("CLAUDE_CODE_OAUTH_TOKEN", "not-a-token");
    world
}

fn what_a_limit_stopped_goes_on_over_a_kill_and_runs_nothing_twice(claude: &RealClaude) {
    let world = world(claude);
    let bridge = world.start();
    let offer = world.say_and_see(PROMPT, "Claude can go on at");
    world.press(&offer, "▶ Go on then");
    world.see_edited(&offer, "by itself.");
    bridge.kill();
    let _bridge = world.start();
    world.see_after(OWNER, offer.message_id, "The time has come");
    world.see_after(OWNER, offer.message_id, "recovered");
    check_that_nothing_ran_twice(claude);
    world.assert_no_violations();
}

fn it_goes_on_by_itself_where_that_is_configured(claude: &RealClaude) {
    let mut world = world(claude);
    world.set("limits.resume_at_reset", true);
    let _bridge = world.start();
    let told = world.say_and_see(PROMPT, "by itself.");
    let status = world.say_and_see("/status", "by itself.");
    assert!(status.message_id > told.message_id);
    world.see_after(OWNER, told.message_id, "recovered");
    check_that_nothing_ran_twice(claude);
}

fn what_is_left_does_not_go_on(claude: &RealClaude) {
    let world = world(claude);
    let _bridge = world.start();
    let offer = world.say_and_see(PROMPT, "Claude can go on at");
    let ends = Instant::now() + LIMIT;
    world.press(&offer, "▶ Go on then");
    let waits = world.see_edited(&offer, "by itself.");
    world.press(&waits, "✕ Leave it");
    world.see_edited(&offer, "It does not go on.");
    eventually("the end of the limit", 2 * LIMIT, || {
        (Instant::now() > ends).then_some(())
    });
    // The next message is the next step of the same work.
    world.say_and_see("go on then", "recovered");
    assert_eq!(n_told_to_go_on(claude), 0);
}

fn usage_shows_what_is_used_and_what_the_conversation_cost(claude: &RealClaude) {
    let world = world(claude);
    let _bridge = world.start();
    let before = world.say_and_see("/usage", "This conversation: $0.00");
    assert!(before.text.contains("names no limits"), "{}", before.text);
    world.say_and_see("limit 3600", "Claude can go on at");
    let after = world.say_and_see("/usage", "5 hours ▓▓▓▓▓▓▓▓▓▓ 100 %, anew at");
    assert!(
        after.text.contains("This conversation: $"),
        "{}",
        after.text
    );
    world.assert_no_violations();
}

fn check_that_nothing_ran_twice(claude: &RealClaude) {
    let files = fs::read_dir(claude.project()).expect("the folder is there");
    let names = files.flatten().map(|file| file.file_name());
    let ran = names.filter(|name| name.to_string_lossy().starts_with("first."));
    assert_eq!(ran.count(), 1, "the tool");
    assert_eq!(n_told_to_go_on(claude), 1);
    let requests = claude.api.requests();
    let first = requests
        .iter()
        .filter(|request| request.kind == RequestKind::Main && request.step == 0);
    assert_eq!(first.count(), 1, "the message itself");
}

/// Returns how often the model was asked to go on.
fn n_told_to_go_on(claude: &RealClaude) -> usize {
    let requests = claude.api.requests();
    let main = requests
        .iter()
        .filter(|request| request.kind == RequestKind::Main);
    main.filter(|request| request.contains("now it can go on"))
        .count()
}
