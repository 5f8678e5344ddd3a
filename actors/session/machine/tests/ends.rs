//! Agents that end, on their own or not.

use expect_test::expect;

use super::support::{check, check_resumed};

#[test]
fn a_death_in_mid_turn_is_told_and_nothing_runs_again() {
    check(
        "prompt x
         granted
         ready
         init c1
         said Half.
         prompt y
         exit signal 9 out of memory
         granted
         ready
         answered yes",
        expect![[r#"
            > init c1
              remember c1
            > said Half.
              journal p1 begun
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > exit signal 9 out of memory
              journal p1 interrupted n1 7 pays ? with @2 @3
              forget agent
              answer @2 to #1: md "Half."
              answer @3 to #1: choice "⚠ Claude ended in the middle of this (signal 9).\n\nIt printed:\nout of memory\n\nPart of it may be done.\n\nNothing repeats unless you say so."
              slot released
              slot wanted
            > granted
              journal p2 started in c1
              launch g2 resume c1
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
            > ready
            > answered yes
              journal p2 closed with @4
              answer @4 to #2: md "yes"
              slot idle
        "#]],
    );
}

#[test]
fn a_missing_program_is_told_with_the_way_out() {
    check(
        "prompt x\ngranted\nexit missing claude",
        expect![[r#"
            > exit missing claude
              journal p1 closed with @1
              forget agent
              answer @1 to #1: "⚠ Your message has not run: `claude` was not found; install Claude Code, or set claude.binary to its full path."
              slot released
        "#]],
    );
}

#[test]
fn a_command_that_waited_for_the_handshake_is_not_tried_for_ever() {
    check(
        "prompt /compact\ngranted\nexit code 1 error: unknown option",
        expect![[r#"
            > prompt /compact
              react 👀 #1
              slot wanted
            > granted
              launch g1 new c1
            > exit code 1 error: unknown option
              journal p1 closed with @1
              forget agent
              answer @1 to #1: "⚠ Claude could not start (exit code 1), so your message has not run. Send it again to try once more; if Claude still does not start, run `bridge check` on the bridge's computer.\n\nIt printed:\nerror: unknown option"
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_never_answers_its_start_is_ended() {
    check(
        "prompt x\ngranted\n+60\nexit signal 9",
        expect![[r#"
            > +60
              typing ×14
              journal p1 closed with @1
              answer @1 to #1: "⚠ Claude did not start within 1 min and was ended. Your message does not run again by itself: send it again."
              kill
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_lost_conversation_runs_the_prompt_once_in_a_new_one() {
    check_resumed(
        "prompt x
         granted
         unknown
         exit code 1
         ready
         init c1
         answered Hi.",
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
            > exit code 1
              journal p1 started in c1
              forget agent
              notice @1 silent: "Claude no longer has this chat's earlier conversation, so this runs in a new one."
              launch g2 new c1
              slot busy
              write text p1: x
            > ready
            > init c1
              remember c1
            > answered Hi.
              journal p1 closed with @2
              answer @2 to #1: md "Hi."
              slot idle
        "#]],
    );
}

#[test]
fn a_conversation_id_that_is_taken_is_resumed() {
    check(
        "prompt x\ngranted\ntaken\nexit code 1\nready\ninit c1\nanswered Hi.",
        expect![[r#"
            > taken
            > exit code 1
              journal p1 started in c1
              forget agent
              launch g2 resume c1
              slot busy
              write text p1: x
            > ready
            > init c1
              remember c1
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
              slot idle
        "#]],
    );
}

#[test]
fn an_idle_agent_is_ended_and_the_next_prompt_resumes() {
    check(
        "prompt x\ngranted\nready\ninit c1\nrunning\nanswered Hi.\nidle\n+900\nexit code 0\nprompt y\ngranted",
        expect![[r#"
            > init c1
              remember c1
            > running
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
            > idle
              slot idle
            > +900
              write close
            > exit code 0
              forget agent
              slot released
            > prompt y
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g2 resume c1
              slot busy
              write text p2: y
        "#]],
    );
}

#[test]
fn an_idle_agent_that_does_not_go_is_killed() {
    check(
        "prompt x\ngranted\nready\nanswered Hi.\nidle\n+905\nexit signal 9",
        expect![[r#"
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
              slot idle
            > idle
            > +905
              write close
              kill
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn an_agent_with_background_work_is_not_idle() {
    check(
        "prompt x\ngranted\nready\nrunning\nanswered Started.\n+899\nheartbeat\n+899",
        expect![[r#"
            > running
            > answered Started.
              journal p1 closed with @1
              answer @1 to #1: md "Started."
            > +899
            > heartbeat
            > +899
        "#]],
    );
}

#[test]
fn background_work_that_dies_is_told() {
    check(
        "prompt x\ngranted\nready\nrunning\nanswered Started.\n+2\nexit code 1",
        expect![[r#"
            > running
            > answered Started.
              journal p1 closed with @1
              answer @1 to #1: md "Started."
            > +2
            > exit code 1
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn an_idle_agent_that_dies_is_nobodys_business() {
    check(
        "prompt x\ngranted\nready\nanswered Hi.\nidle\nexit code 1",
        expect![[r#"
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
              slot idle
            > idle
            > exit code 1
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn shutdown_tells_every_prompt_what_became_of_it() {
    check(
        "prompt x\ngranted\nready\nprompt y\nshutdown\nprompt z\nexit signal 9",
        expect![[r#"
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > shutdown
              journal p1 interrupted n1 with @2 @3
              answer @2 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
              answer @3 to #1: choice "⏹ The bridge stopped while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              kill
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." ["✕ Remove=q1.r.2"]
            > prompt z
              react 👀 #3
              answer @4 to #3: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
            > exit signal 9
              forget agent
              slot released
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." []
              finish
        "#]],
    );
}

#[test]
fn shutdown_of_a_sleeping_session_is_immediate() {
    check(
        "shutdown",
        expect![[r#"
        > shutdown
          finish
    "#]],
    );
}

#[test]
fn a_rebuilt_session_says_what_was_lost() {
    check(
        "rebuilt",
        expect![[r#"
            > rebuilt
              notice @1 silent: "⚠ A fault inside the bridge restarted this chat's session. The conversation continues."
        "#]],
    );
}
