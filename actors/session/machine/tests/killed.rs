//! Agents that are killed.

use expect_test::expect;

use super::support::check;

#[test]
fn an_agent_that_does_not_obey_is_signalled_then_killed() {
    check(
        "prompt x\ngranted\nready\n/stop\n+5\n+3\nexit signal 9\nprompt y",
        expect![[r#"
            > /stop
              journal p1 begun p2 closed
              write interrupt
            > +5
              typing ×2
              SIGINT
            > +3
              kill
            > exit signal 9
              journal p1 closed with @1
              forget agent
              answer @1 to #1: "⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation."
              slot released
            > prompt y
              react 👀 #3
              slot wanted
        "#]],
    );
}

#[test]
fn a_second_stop_kills_at_once() {
    check(
        "prompt x\ngranted\nready\n/stop\n/stop\nexit signal 9",
        expect![[r#"
            > /stop
              journal p1 begun p2 closed
              write interrupt
            > /stop
              journal p3 closed
              kill
            > exit signal 9
              journal p1 closed with @1
              forget agent
              answer @1 to #1: "⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation."
              slot released
        "#]],
    );
}

#[test]
fn a_killed_agent_whose_end_is_never_reported_is_given_up() {
    check(
        "prompt x\ngranted\nready\n/stop\n/stop\n+10\nprompt y",
        expect![[r#"
            > /stop
              journal p1 begun p2 closed
              write interrupt
            > /stop
              journal p3 closed
              kill
            > +10
              typing ×3
              journal p1 closed with @1
              forget agent
              answer @1 to #1: "⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation."
              slot released
            > prompt y
              react 👀 #4
              slot wanted
        "#]],
    );
}

#[test]
fn a_prompt_that_meets_the_end_of_a_killed_turn_waits_for_the_next_agent() {
    check(
        "prompt x\ngranted\nready\ninit c1\n/stop\n/stop\nprompt y\ninterrupted\nexit signal 9\ngranted",
        expect![[r#"
            > init c1
              remember c1
            > /stop
              journal p1 begun p2 closed
              write interrupt
            > /stop
              journal p3 closed
              kill
            > prompt y
              react 👀 #4
              notice @1 to #4 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.4", "✕ Remove=q1.r.4"]
            > interrupted
              journal p1 closed with @2
              answer @2 to #1: "⏹ Stopped. Part of it may be done."
              kill
            > exit signal 9
              forget agent
              slot released
              slot wanted
            > granted
              journal p4 started in c1
              launch g2 resume c1
              slot busy
              write text p4: y
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}
