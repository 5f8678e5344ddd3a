//! `/stop`, `/new` and silence.

use expect_test::expect;

use super::support::{check, check_resumed};

#[test]
fn stop_interrupts_the_turn_and_the_agent_stays() {
    check(
        "prompt x
         granted
         ready
         said Half of it.
         /stop
         interrupted
         idle
         prompt y",
        expect![[r#"
            > said Half of it.
              journal p1 begun
            > /stop
              journal p2 closed
              write interrupt
            > interrupted
              journal p1 closed with @1 @2
              answer @1 to #1: md "Half of it."
              answer @2 to #1: "⏹ Stopped. Part of it may be done."
              slot idle
            > idle
            > prompt y
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: y
        "#]],
    );
}

#[test]
fn stop_drops_what_waits_and_says_so() {
    check(
        "prompt x\ngranted\nready\nprompt y\nprompt z\n/stop\ninterrupted\nidle",
        expect![[r#"
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt z
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > /stop
              journal p1 begun p4 closed p2 closed p3 closed with @3
              write interrupt
              answer @3 silent: "2 waiting messages were dropped. They will not run."
              edit @1: live "✕ Not run." []
              edit @2: live "✕ Not run." []
            > interrupted
              journal p1 closed with @4
              answer @4 to #1: "⏹ Stopped. Part of it may be done."
              slot idle
            > idle
        "#]],
    );
}

#[test]
fn stop_without_work_says_so() {
    check(
        "/stop\nprompt x\n/stop",
        expect![[r#"
            > /stop
              journal p1 closed
              notice @1 to #1: "Nothing is running."
            > prompt x
              react 👀 #2
              slot wanted
            > /stop
              journal p3 closed p2 closed with @2
              slot withdrawn
              answer @2 to #3: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
        "#]],
    );
}

#[test]
fn stop_ends_background_work() {
    check(
        "prompt x\ngranted\nready\nrunning\nanswered Started.\n+2\n/stop\nexit signal 9",
        expect![[r#"
            > running
            > answered Started.
              journal p1 closed with @1
              answer @1 to #1: md "Started."
            > +2
            > /stop
              journal p2 closed with @2
              kill
              answer @2 to #2: "⏹ Ended the background work."
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn an_answer_that_was_faster_than_the_stop_is_an_answer() {
    check(
        "prompt x\ngranted\nready\n/stop\nanswered All of it.",
        expect![[r#"
            > /stop
              journal p1 begun p2 closed
              write interrupt
            > answered All of it.
              journal p1 closed with @1
              answer @1 to #1: md "All of it."
              slot idle
        "#]],
    );
}

#[test]
fn a_turn_without_a_sign_of_life_is_stopped() {
    check(
        "prompt x\ngranted\nready\n+599\nheartbeat\n+599.5\n+0.5\ninterrupted",
        expect![[r#"
            > +599
              typing ×134
            > heartbeat
            > +599.5
              typing ×133
            > +0.5
              journal p1 begun
              write interrupt
            > interrupted
              journal p1 closed with @1
              answer @1 to #1: "⏹ Stopped: Claude gave no sign of life for 10 min. Part of it may be done."
              slot idle
        "#]],
    );
}

#[test]
fn new_sets_the_conversation_aside() {
    check_resumed(
        "/new\nprompt x\ngranted\nready\ninit c1",
        expect![[r#"
            > /new
              remember no conversation
              journal p1 closed with @1
              answer @1 to #1: "New conversation. Your next message starts it."
            > prompt x
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > init c1
              remember c1
        "#]],
    );
}

#[test]
fn new_ends_a_running_turn_and_the_next_prompt_waits_for_its_end() {
    check_resumed(
        "prompt x\ngranted\nready\n/new\nprompt y\nsaid too late\nexit signal 9\ngranted",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: x
            > ready
            > /new
              remember no conversation
              journal p2 closed p1 closed with @1
              kill
              answer @1 to #2: "Stopped the current work; part of it may be done. New conversation. Your next message starts it."
            > prompt y
              react 👀 #3
            > said too late
            > exit signal 9
              forget agent
              slot released
              slot wanted
            > granted
              journal p3 started in c1
              launch g2 new c1
              slot busy
              write text p3: y
        "#]],
    );
}

#[test]
fn an_agent_that_has_just_answered_does_not_work_in_the_background() {
    check(
        "prompt x\ngranted\nready\nrunning\nanswered Hi.\n/status\n/stop\n/new\nexit signal 9",
        expect![[r#"
            > running
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
            > /status
              journal p2 closed
              notice @2 to #2: "State: ready\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
            > /stop
              journal p3 closed
              notice @3 to #3: "Nothing is running."
            > /new
              journal p4 closed with @4
              kill
              answer @4 to #4: "New conversation. Your next message starts it."
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_stopped_prompt_is_not_tried_again_in_another_conversation() {
    check_resumed(
        "prompt x\ngranted\nunknown\n/stop\nexit code 1",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: x
            > unknown
              remember no conversation
            > /stop
              journal p1 begun p2 closed
              write interrupt
            > exit code 1
              journal p1 closed with @1
              forget agent
              answer @1 to #1: "⏹ Stopped before it started. Nothing ran."
              slot released
        "#]],
    );
}

#[test]
fn no_card_begins_when_its_turn_is_killed() {
    check(
        "/verbose 2
         prompt x
         granted
         ready
         /stop
         /stop
         +10",
        expect![[r#"
            > /verbose 2
              remember no conversation
              journal p1 closed with @1
              answer @1 to #1: "How much of the work this chat shows:\n○ /verbose 0 – only the answer\n○ /verbose 1 – what Claude does right now, and its words as they come\n● /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote"
            > prompt x
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > /stop
              journal p2 begun p3 closed
              write interrupt
            > /stop
              journal p4 closed
              kill
            > +10
              typing ×3
              journal p2 closed with @2
              forget agent
              answer @2 to #2: "⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation."
              slot released
        "#]],
    );
}
