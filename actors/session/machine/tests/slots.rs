//! Waiting for a free agent and making room.

use expect_test::expect;

use super::support::{check, check_resumed};

#[test]
fn waiting_is_told_and_the_place_kept_up_to_date() {
    check(
        "prompt x\ndelayed 2\ndelayed 0\ngranted",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > delayed 2
              notice @1 silent: "⏳ All agents are busy. 2 chats are ahead of you."
            > delayed 0
              edit @1: "⏳ All agents are busy. You are next."
            > granted
              journal p1 started in c1
              edit @1: "▶ Claude starts on it."
              launch g1 new c1
              slot busy
              write text p1: x
        "#]],
    );
}

#[test]
fn an_idle_agent_makes_room() {
    check(
        "prompt x\ngranted\nready\nanswered Hi.\nidle\nyield\nexit code 0",
        expect![[r#"
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
              slot idle
            > idle
            > yield
              write close
            > exit code 0
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_working_agent_makes_room_after_its_turn_and_the_rest_waits_in_line() {
    check(
        "prompt x
         granted
         ready
         running
         prompt y
         yield
         answered Hi.
         idle
         exit code 0
         delayed 0
         granted",
        expect![[r#"
            > running
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > yield
            > answered Hi.
              journal p1 closed with @2
              answer @2 to #1: md "Hi."
            > idle
              write close
            > exit code 0
              forget agent
              slot released
              slot wanted
            > delayed 0
              notice @3 silent: "⏳ All agents are busy. You are next."
            > granted
              journal p2 started in c2
              edit @3: "▶ Claude starts on it."
              launch g2 new c2
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn a_grant_that_comes_too_late_is_given_back() {
    check(
        "prompt x\n/stop\ngranted",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > /stop
              journal p2 closed p1 closed with @1
              slot withdrawn
              answer @1 to #2: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
            > granted
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_takes_the_place_of_one_that_refused_makes_room_as_well() {
    check_resumed(
        "prompt x\ngranted\nyield\nunknown\nexit code 1\nready\nprompt y\nanswered ok",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: x
            > yield
            > unknown
              remember no conversation
            > exit code 1
              journal p1 started in c1
              forget agent
              notice @1 silent: "Claude no longer has this chat's earlier conversation, so this runs in a new one."
              launch g2 new c1
              slot busy
              write text p1: x
            > ready
            > prompt y
              react 👀 #2
              notice @2 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > answered ok
              journal p1 closed with @3
              answer @3 to #1: md "ok"
              write close
        "#]],
    );
}

#[test]
fn a_command_that_waits_for_the_handshake_runs_before_the_agent_makes_room() {
    check(
        "prompt /compact\ngranted\nyield\nready compact\nanswered ok\nidle",
        expect![[r#"
            > prompt /compact
              react 👀 #1
              slot wanted
            > granted
              launch g1 new c1
            > yield
            > ready compact
              journal p1 begun
              slot busy
              write command p1: /compact
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write close
            > idle
        "#]],
    );
}

#[test]
fn an_agent_that_passes_over_a_prompt_is_idle_to_the_supervisor() {
    check(
        "prompt x
         granted
         ready
         took p1
         idle",
        expect![[r#"
            > took p1
            > idle
              journal p1 interrupted n1 with @1
              answer @1 to #1: choice "⚠ Claude already had this message before an interruption, so it did not run again. Part of it may be done.\n\nNothing repeats unless you say so."
              slot idle
        "#]],
    );
}

#[test]
fn nobody_waits_for_a_slot_after_the_last_prompt_is_taken_back() {
    check(
        "prompt x
         granted
         ready
         attempt
         prompt y
         exit code 1
         wish r 2 7",
        expect![[r#"
            > attempt
              journal p1 begun
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > exit code 1
              journal p1 interrupted n1 7 pays ? with @2
              forget agent
              answer @2 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
              slot wanted
            > wish r 2 7
              journal p3 closed p2 closed
              slot withdrawn
              toast "✕ Removed."
              edit @1: live "✕ Not run." []
        "#]],
    );
}

/// It was started with what holds since.
#[test]
fn an_agent_that_stands_in_for_a_stale_one_is_not_stale() {
    check(
        "prompt x
         granted
         /trust admin
         taken
         exit code 1
         ready
         answered done
         idle",
        expect![[r#"
            > /trust admin
              remember no conversation trusted
              journal p2 closed with @1
              audit User(UserId(7)) trust_folder /project
              answer @1 to #2: "Trusted. From the next message on, the hooks, subagents, settings and MCP servers in /project run without asking, also after every change to them. /trust off takes that back."
            > taken
            > exit code 1
              journal p1 started in c1
              forget agent
              launch g2 resume c1
              slot busy
              write text p1: x
            > ready
            > answered done
              journal p1 closed with @2
              answer @2 to #1: md "done"
              write close
            > idle
        "#]],
    );
}
