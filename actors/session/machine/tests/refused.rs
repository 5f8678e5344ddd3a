//! Which conversation an agent is in: one that it refused, one that was set aside.

use expect_test::expect;

use super::support::{check, check_group, check_resumed};

#[test]
fn an_agent_that_works_has_not_refused_whatever_it_says() {
    check_resumed(
        "prompt x
         granted
         ready
         attempt
         unknown
         exit code 1",
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
            > attempt
              journal p1 begun
            > unknown
            > exit code 1
              journal p1 interrupted n1 7 pays ? with @1
              forget agent
              answer @1 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
        "#]],
    );
}

#[test]
fn what_began_after_a_refusal_does_not_run_again_by_itself() {
    check_resumed(
        "prompt x
         granted
         unknown
         tool Bash make
         exit code 1",
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
            > tool Bash make
              journal p1 does "Bash: make"
            > exit code 1
              journal p1 interrupted n1 7 pays ? with @1
              forget agent
              answer @1 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
              slot released
        "#]],
    );
}

#[test]
fn a_conversation_that_an_earlier_run_began_can_be_set_aside() {
    check(
        "resumed started x
         /new
         prompt y
         granted",
        expect![[r#"
            > resumed started x
              journal p1 anew
              notice @1 silent: "↻ The bridge restarted. Your waiting message runs now."
              slot wanted
            > /new
              journal p2 closed p1 closed with @2
              slot withdrawn
              answer @2 to #2: "New conversation. Your next message starts it. 1 waiting message was dropped. It will not run."
            > prompt y
              react 👀 #3
              slot wanted
            > granted
              journal p3 started in c1
              launch g1 new c1
              slot busy
              write text p3: y
        "#]],
    );
}

#[test]
fn in_a_group_a_revoked_persons_prompt_is_not_tried_again_in_another_conversation() {
    check_group(
        "prompt_of 8 x\ngranted\ntaken\nprompt_of 9 y\nrevoke 8\nexit code 1\ngranted",
        expect![[r#"
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > taken
            > prompt_of 9 y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > revoke 8
              journal p1 begun
              kill
            > exit code 1
              journal p2 started in c1 p1 closed with @2
              forget agent
              answer @2 to #1: "⏹ Stopped before it started. Nothing ran."
              launch g2 resume c1
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
            > granted
        "#]],
    );
}
