//! What becomes of what was sent to a running turn when its agent goes.

use expect_test::{Expect, expect};

use super::approvals::check_in_turn;
use super::support::{Player, check_group};
use crate::ids::ConversationId;

/// The beginning of a turn in a conversation that is resumed, with a prompt that was sent on.
const RESUMED: &str = "prompt x\ngranted\nready\nprompt and tests\nwish n 2 7\n";

/// Runs a script behind [`RESUMED`] and shows what comes after it.
fn check_after_a_resume(script: &str, expected: Expect) {
    let conversation = ConversationId("c0".to_owned());
    let played = Player::new(Some(conversation)).play(&format!("{RESUMED}{script}"));
    let (_, after) = played.split_once("> wish").expect("the prompt is sent on");
    let (_, after) = after.split_once("> ").expect("something comes after it");
    expected.assert_eq(&format!("> {after}"));
}

#[test]
fn an_agent_that_refused_has_not_read_what_it_was_sent() {
    check_after_a_resume(
        "unknown\nexit code 1\nready\nanswered done",
        expect![[r#"
            > unknown
              remember no conversation
            > exit code 1
              journal p1 started in c1
              forget agent
              notice @2 silent: "Claude no longer has this chat's earlier conversation, so this runs in a new one."
              launch g2 new c1
              slot busy
              write text p1: x
            > ready
            > answered done
              journal p2 started in c1 p1 closed with @3
              answer @3 to #1: md "done"
              slot busy
              write text p2: and tests
        "#]],
    );
}

#[test]
fn a_stop_of_an_agent_that_refused_says_what_is_dropped() {
    check_after_a_resume(
        "unknown\n/stop\nexit code 1",
        expect![[r#"
            > unknown
              remember no conversation
            > /stop
              journal p2 begun p1 begun p4 closed
              kill
            > exit code 1
              journal p1 closed p2 closed with @2 @3
              forget agent
              answer @2 to #1: "⏹ Stopped before it started. Nothing ran."
              answer @3 silent: "1 waiting message was dropped. It will not run."
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_did_nothing_has_not_read_what_it_was_sent() {
    check_after_a_resume(
        "answered\nexit signal 9\ngranted\nready\nanswered done",
        expect![[r#"
            > answered
              notice @2 silent: "Claude could not resume this chat's earlier conversation, so this runs in a new one."
              remember no conversation
              kill
            > exit signal 9
              forget agent
              slot released
              slot wanted
            > granted
              journal p1 started in c1
              launch g2 new c1
              slot busy
              write text p1: x
            > ready
            > answered done
              journal p2 started in c1 p1 closed with @3
              answer @3 to #1: md "done"
              slot busy
              write text p2: and tests
        "#]],
    );
}

#[test]
fn a_killed_agent_that_says_how_its_turn_ended_drops_what_it_was_sent() {
    check_in_turn(
        "prompt and tests
         prompt and docs
         wish n 2 7
         wish n 3 7
         /stop
         interrupted
         exit signal 9",
        expect![[r#"
            > prompt and tests
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt and docs
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > wish n 2 7
              journal p2 started in c1 p4 closed
              write text p2: and tests
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
            > wish n 3 7
              journal p3 started in c1 p5 closed
              write text p3: and docs
              toast "▶ Claude gets it with its next step."
              edit @2: live "▶ Claude has it." []
            > /stop
              journal p2 begun p3 begun p6 closed
              kill
            > interrupted
              journal p1 closed p2 closed p3 closed with @3 @4
              answer @3 to #1: "⏹ Stopped. Part of it may be done."
              answer @4 silent: "2 waiting messages were dropped. They will not run."
              kill
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_is_to_be_replaced_gets_nothing_more() {
    check_in_turn(
        "/trust admin\nprompt and tests\nwish n 3 7",
        expect![[r#"
            > /trust admin
              remember no conversation trusted
              journal p2 closed with @1
              audit User(UserId(7)) trust_folder /project
              answer @1 to #2: "Trusted. From the next message on, the hooks, subagents, settings and MCP servers in /project run without asking, also after every change to them. /trust off takes that back."
            > prompt and tests
              react 👀 #3
              notice @2 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > wish n 3 7
              journal p4 closed
              toast "Claude cannot take this now. It runs when everything before it is done."
        "#]],
    );
}

/// It would be the next turn.
#[test]
fn what_a_revoked_person_sent_on_does_not_run_after_the_turn_of_another() {
    check_group(
        "prompt x
         granted
         ready
         prompt_of 8 and tests
         wish n 2 8
         revoke 8
         exit signal 9",
        expect![[r#"
            > prompt_of 8 and tests
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > wish n 2 8
              journal p2 started in c1 p3 closed
              write text p2: and tests
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
            > revoke 8
              journal p1 interrupted n1 p2 closed with @2 @3
              answer @2 to #1: choice "⏹ Claude was ended during this: it had also been given something by a person who may no longer use this bot. Part of it may be done.\n\nNothing repeats unless you say so."
              kill
              answer @3 silent: "1 waiting message was dropped: its author may no longer use this bot."
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn what_a_revoked_person_sent_on_and_the_turn_took_in_ends_with_the_turn() {
    check_group(
        "prompt x
         granted
         ready
         prompt_of 8 and tests
         wish n 2 8
         took p2
         revoke 8
         answered done",
        expect![[r#"
            > prompt_of 8 and tests
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > wish n 2 8
              journal p2 started in c1 p3 closed
              write text p2: and tests
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
            > took p2
              journal p2 begun
            > revoke 8
            > answered done
              journal p1 closed p2 closed with @2
              answer @2 to #1: md "done"
              slot idle
        "#]],
    );
}

#[test]
fn an_agent_that_took_what_it_was_sent_has_not_refused() {
    check_after_a_resume(
        "unknown\ntook p2\nexit code 1",
        expect![[r#"
            > unknown
              remember no conversation
            > took p2
              journal p2 begun
            > exit code 1
              journal p1 interrupted n1 p2 interrupted n2 7 pays ? with @2 @3
              forget agent
              answer @2 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              answer @3 to #2: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_took_what_it_was_sent_has_done_something() {
    check_after_a_resume(
        "took p2\nanswered\nidle",
        expect![[r#"
            > took p2
              journal p2 begun
            > answered
              journal p1 closed p2 closed with @2
              answer @2 to #1: "✓ Done. Claude wrote no answer."
              slot idle
            > idle
        "#]],
    );
}

#[test]
fn what_was_sent_on_and_not_taken_in_is_counted_when_a_conversation_is_set_aside() {
    check_after_a_resume(
        "prompt and docs
         attempt
         /new",
        expect![[r#"
            > prompt and docs
              react 👀 #4
              notice @2 to #4 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.4", "✕ Remove=q1.r.4"]
            > attempt
              journal p1 begun
            > /new
              remember no conversation
              journal p5 closed p4 closed p1 closed p2 closed 7 pays ? with @3
              kill
              answer @3 to #5: "Stopped the current work; part of it may be done. New conversation. Your next message starts it. 2 waiting messages were dropped. They will not run."
              edit @2: live "✕ Not run." []
        "#]],
    );
}

#[test]
fn what_was_sent_on_and_not_taken_in_is_counted_when_its_person_may_no_longer_come_in() {
    check_after_a_resume(
        "attempt
         revoke 7",
        expect![[r#"
            > attempt
              journal p1 begun
            > revoke 7
              journal p1 closed p2 closed 7 pays ? with @2
              kill
              answer @2 silent: "⏹ You may no longer use this bot. Your running work was stopped; part of it may be done. 1 waiting message was dropped. It will not run."
        "#]],
    );
}
