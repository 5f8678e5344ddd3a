//! The bridge stops: running turns may finish, and everybody is told.

use expect_test::expect;

use super::support::{check, check_resumed};

#[test]
fn a_turn_that_ends_within_the_grace_is_answered_and_the_agent_goes_in_peace() {
    check(
        "prompt x\ngranted\nready\nprompt y\nshutdown 20\nprompt z\n+5\nanswered done\nexit code 0",
        expect![[r#"
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > shutdown 20
              answer @2 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." ["✕ Remove=q1.r.2"]
            > prompt z
              react 👀 #3
              answer @3 to #3: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
            > +5
              typing ×2
            > answered done
              journal p1 closed with @4
              answer @4 to #1: md "done"
              slot idle
              write close
            > exit code 0
              forget agent
              slot released
              remember no conversation
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." []
              finish
        "#]],
    );
}

#[test]
fn a_turn_that_outlasts_the_grace_is_interrupted_and_told() {
    check(
        "prompt x\ngranted\nready\nshutdown 20\n+19\n+1\nexit signal 9",
        expect![[r#"
            > shutdown 20
            > +19
              typing ×5
            > +1
              journal p1 interrupted n1 with @1
              answer @1 to #1: choice "⏹ The bridge stopped while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              kill
            > exit signal 9
              forget agent
              slot released
              finish
        "#]],
    );
}

#[test]
fn a_second_order_to_end_waits_no_longer() {
    check(
        "prompt x\ngranted\nready\nshutdown 20\nshutdown\nexit signal 9",
        expect![[r#"
            > shutdown 20
            > shutdown
              journal p1 interrupted n1 with @1
              answer @1 to #1: choice "⏹ The bridge stopped while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              kill
            > exit signal 9
              forget agent
              slot released
              finish
        "#]],
    );
}

#[test]
fn an_agent_without_a_turn_gets_no_grace() {
    check(
        "prompt x\ngranted\nready\nanswered done\nshutdown 20\nexit signal 9",
        expect![[r#"
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > shutdown 20
              write close
            > exit signal 9
              forget agent
              slot released
              remember no conversation
              finish
        "#]],
    );
}

#[test]
fn a_prompt_that_no_agent_has_read_is_told_when_the_agent_refuses_to_open() {
    check(
        "prompt x\ngranted\nshutdown 20\ntaken\nexit code 1",
        expect![[r#"
            > shutdown 20
            > taken
            > exit code 1
              forget agent
              slot released
              answer @1 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
              finish
        "#]],
    );
}

#[test]
fn what_waits_when_the_bridge_stops_has_no_buttons_any_more() {
    check(
        "prompt x
         granted
         ready
         attempt
         prompt y
         shutdown
         exit signal 9",
        expect![[r#"
            > attempt
              journal p1 begun
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > shutdown
              journal p1 interrupted n1 7 pays ? with @2 @3
              answer @2 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
              answer @3 to #1: choice "⏹ The bridge stopped while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              kill
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." ["✕ Remove=q1.r.2"]
            > exit signal 9
              forget agent
              slot released
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." []
              finish
        "#]],
    );
}

#[test]
fn what_is_to_run_instead_of_a_turn_runs_when_the_bridge_is_back() {
    check(
        "prompt x
         granted
         ready
         attempt
         shutdown 20
         prompt !rather this
         interrupted
         exit code 0",
        expect![[r#"
            > attempt
              journal p1 begun
            > shutdown 20
            > prompt !rather this
              write interrupt
              react 👀 #2
              answer @1 to #2: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
            > interrupted
              journal p1 closed with @2
              answer @2 to #1: "⏹ Stopped. Part of it may be done."
              slot idle
              write close
            > exit code 0
              forget agent
              slot released
              finish
        "#]],
    );
}

#[test]
fn a_prompt_that_a_resumed_agent_did_not_work_on_runs_when_the_bridge_is_back() {
    check_resumed(
        "prompt x
         granted
         ready
         shutdown 20
         answered
         exit signal 9",
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
            > shutdown 20
            > answered
              answer @1 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
              remember no conversation
              kill
            > exit signal 9
              forget agent
              slot released
              finish
        "#]],
    );
}
