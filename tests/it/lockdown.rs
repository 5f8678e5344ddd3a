//! Promise: `/lockdown` of an administrator ends every agent within a second, nothing but `/unlock`
//! is taken in until it is lifted, and nobody's work is lost or repeated by it.

use std::process::Output;
use std::time::Duration;

use crate::support::bridge::{Bridge, LONG, OWNER, World, works};
use crate::support::eventually::eventually;

/// Somebody who may use the bridge.
const ANNA: i64 = 2002;
/// Another administrator.
const DORA: i64 = 4004;

fn shared_world() -> World {
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    world.set("multi_user.admin_users", format!("[{DORA}]"));
    world.playground.user(ANNA, "Anna");
    world.playground.user(DORA, "Dora");
    world
}

fn unlock(world: &World, arguments: &[&str]) -> Output {
    let mut command = world.command();
    command.arg("unlock").args(arguments);
    command.output().expect("the bridge runs")
}

fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Lets Anna's agent work on something that never ends, with one more message behind it.
fn let_anna_work(world: &World) -> i64 {
    let said = world
        .playground
        .say(ANNA, "rehearse: say begun ;; bash sleep 1000");
    world.wait("work", |view| works(view, ANNA).then_some(()));
    eventually("a sleeping child", LONG, || {
        (world.processes_of_agents().len() > 2).then_some(())
    });
    let waiting = world.playground.say(ANNA, "rehearse: say waited");
    world.see_after(ANNA, waiting.message_id, "Queued");
    said.message_id
}

/// From the order on: how long a loaded host takes to hand over the message is not promised.
fn assert_all_dead_within_a_second(world: &World, bridge: &Bridge) {
    bridge.wait_for_line("locked down: every agent is ended");
    world.assert_nothing_left_within(Duration::from_secs(1));
}

#[test]
fn every_agent_dies_everybody_is_told_and_after_unlock_work_goes_on_where_it_may() {
    let world = shared_world();
    let bridge = world.start();
    world.say_and_see("rehearse: say ready", "ready");
    let work = let_anna_work(&world);
    let locked = world.playground.say(OWNER, "/lockdown");
    assert_all_dead_within_a_second(&world, &bridge);
    world.see_after(OWNER, locked.message_id, "🔒 Locked down");
    world.see_after(DORA, 0, "locked this bridge down");
    // Whatever anybody sends is refused once and not kept.
    let after = world.playground.say(ANNA, "rehearse: say never");
    world.see_after(ANNA, after.message_id, "no message is kept");
    world.playground.say(ANNA, "rehearse: say never either");
    world.playground.say(DORA, "/users");
    world.see_after(DORA, 0, "Send /unlock to lift it");
    let unlocked = world.playground.say(DORA, "/unlock");
    world.see_after(DORA, unlocked.message_id, "🔓 Unlocked");
    world.see_after(OWNER, locked.message_id, "lifted the lockdown");
    world.see_after(ANNA, work, "locked down while Claude worked on this");
    world.see_after(ANNA, work, "waited");
    let ledger = world.ledger();
    assert!(
        ledger.iter().all(|line| !line.contains("never")),
        "{ledger:?}"
    );
    assert_eq!(ledger.len(), 3, "{ledger:?}");
    let refusals = world.bot_texts(ANNA);
    let refusals = refusals
        .iter()
        .filter(|text| text.contains("no message is kept"));
    assert_eq!(refusals.count(), 1);
    let log = std::fs::read_to_string(world.path("data/audit.jsonl")).unwrap();
    assert!(
        log.contains("\"lockdown\"") && log.contains("\"unlock\""),
        "{log}"
    );
    bridge.stop();
    world.assert_no_violations();
}

#[test]
fn a_press_is_answered_and_decides_nothing_while_the_bridge_is_locked_down() {
    let world = World::new();
    let _bridge = world.start();
    let asked = world.say_and_see("rehearse: ask Bash touch made", "wants to run");
    world.say_and_see("/lockdown", "🔒 Locked down");
    let data = asked.buttons[0][0]
        .data
        .clone()
        .expect("a button with data");
    let press = world
        .playground
        .press_as(OWNER, OWNER, asked.message_id, &data);
    world.wait("a toast", |view| {
        let answer = view.press_answer(&press.query_id)?;
        assert!(answer.contains("locked down"), "{answer}");
        Some(())
    });
}

#[test]
fn it_survives_kill_9_and_no_start_begins_anything_until_it_is_lifted() {
    let world = shared_world();
    let bridge = world.start();
    let work = let_anna_work(&world);
    world.say_and_see("/lockdown", "🔒 Locked down");
    bridge.kill();
    for _ in 0..2 {
        let bridge = world.start();
        bridge.wait_for_line("the bridge is locked down");
        bridge.wait_for_line("the bridge is ready");
        let said = world.playground.say(ANNA, "/status");
        world.see_after(ANNA, said.message_id, "no message is kept");
        assert_eq!(world.processes_of_agents(), []);
        bridge.kill();
    }
    let bridge = world.start();
    world.say_and_see("/unlock", "🔓 Unlocked");
    world.see_after(ANNA, work, "locked down while Claude worked on this");
    world.see_after(ANNA, work, "waited");
    assert_eq!(world.ledger().len(), 2, "{:?}", world.ledger());
    bridge.stop();
}

#[test]
fn agents_die_while_the_disk_hangs_and_it_is_confirmed_when_the_disk_has_it() {
    let mut world = World::new();
    // The first syncs are those of the turn; how many it has depends on which share one.
    world.env("FAILPOINTS", "store.sync=2*off->sleep(3000)");
    let bridge = world.start();
    world
        .playground
        .say(OWNER, "rehearse: say begun ;; bash sleep 1000");
    eventually("a sleeping child", LONG, || {
        (world.processes_of_agents().len() > 2).then_some(())
    });
    world.wait("the update is confirmed", |view| {
        (view.unconfirmed_updates() == 0).then_some(())
    });
    let locked = world.playground.say(OWNER, "/lockdown");
    assert_all_dead_within_a_second(&world, &bridge);
    let told = world.bot_texts(OWNER);
    assert!(
        !told.iter().any(|text| text.contains("🔒")),
        "it is confirmed before the disk has it: {told:?}"
    );
    world.see_after(OWNER, locked.message_id, "🔒 Locked down");
}

#[test]
fn whoever_has_the_host_sees_and_lifts_it_while_the_bridge_is_stopped() {
    let world = World::new();
    assert_eq!(printed(&unlock(&world, &["--show"])), "not locked down\n");
    let bridge = world.start();
    world.say_and_see("/lockdown", "🔒 Locked down");
    let busy = unlock(&world, &[]);
    assert_eq!(busy.status.code(), Some(1));
    let told = String::from_utf8(busy.stderr).unwrap();
    assert!(told.contains("send /unlock to the bot"), "{told}");
    bridge.stop();
    let shown = printed(&unlock(&world, &["--show"]));
    assert!(shown.starts_with("locked down by 1001 since "), "{shown}");
    let checked = world.command().arg("check").output().unwrap();
    let checked = String::from_utf8(checked.stdout).unwrap();
    assert!(
        checked.contains("the bridge is locked down by 1001"),
        "{checked}"
    );
    assert!(printed(&unlock(&world, &[])).starts_with("unlocked; "));
    assert_eq!(printed(&unlock(&world, &[])), "not locked down\n");
    let log = std::fs::read_to_string(world.path("data/audit.jsonl")).unwrap();
    assert!(log.lines().last().unwrap().contains("\"unlock\""), "{log}");
    let bridge = world.start();
    world.say_and_see("rehearse: say back", "back");
    bridge.stop();
}
