//! Revocations: what runs or waits for somebody who may no longer come in.

use expect_test::expect;

use super::support::{check, check_group, check_resumed};

#[test]
fn a_revoked_persons_turn_is_killed_at_once_and_their_queue_dropped() {
    check(
        "prompt x\ngranted\nready\ninit c1\nprompt y\nprompt z\nrevoke 7\nanswered late\nexit signal 9",
        expect![[r#"
            > init c1
              remember c1
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt z
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > revoke 7
              journal p2 closed p3 closed p1 closed with @3
              kill
              edit @1: live "✕ Not run." []
              edit @2: live "✕ Not run." []
              answer @3 silent: "⏹ You may no longer use this bot. Your running work was stopped; part of it may be done. 2 waiting messages were dropped. They will not run."
            > answered late
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_revoked_person_who_returns_goes_on_in_their_conversation() {
    check_resumed(
        "prompt x\ngranted\nready\nrevoke 7\nexit signal 9\nprompt y\ngranted",
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
            > revoke 7
              journal p1 closed with @1
              kill
              answer @1 silent: "⏹ You may no longer use this bot. Your running work was stopped; part of it may be done."
            > exit signal 9
              forget agent
              slot released
            > prompt y
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c0
              launch g2 resume c0
              slot busy
              write text p2: y
        "#]],
    );
}

#[test]
fn a_removed_persons_conversation_is_forgotten() {
    check_resumed(
        "prompt x\ngranted\nready\nremove 7\ninit c0\nexit signal 9\nprompt y\ngranted",
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
            > remove 7
              remember no conversation
              journal p1 closed with @1
              kill
              answer @1 silent: "⏹ You may no longer use this bot. Your running work was stopped; part of it may be done."
            > init c0
            > exit signal 9
              forget agent
              slot released
            > prompt y
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g2 new c1
              slot busy
              write text p2: y
        "#]],
    );
}

#[test]
fn a_revoked_person_who_waits_for_a_slot_waits_no_more() {
    check(
        "prompt x\ndelayed 2\nprompt y\nrevoke 7\ngranted",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > delayed 2
              notice @1 silent: "⏳ All agents are busy. 2 chats are ahead of you."
            > prompt y
              react 👀 #2
              notice @2 to #2 silent: "Queued: 1 message runs first."
            > revoke 7
              journal p1 closed p2 closed with @3
              slot withdrawn
              answer @3 silent: "⏹ You may no longer use this bot. 2 waiting messages were dropped. They will not run."
            > granted
              slot released
        "#]],
    );
}

#[test]
fn a_revoked_persons_prompts_do_not_outlive_an_agent_that_leaves() {
    check_resumed(
        "prompt x\ngranted\nready\nanswered ok\nidle\nyield\nprompt y\nrevoke 7\nexit code 0",
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
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > yield
              write close
            > prompt y
              react 👀 #2
            > revoke 7
              journal p2 closed with @2
              kill
              answer @2 silent: "⏹ You may no longer use this bot. 1 waiting message was dropped. It will not run."
            > exit code 0
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_revoked_persons_background_work_ends() {
    check(
        "prompt x\ngranted\nready\nrunning\nanswered ok\n+5\nrevoke 7\nexit signal 9",
        expect![[r#"
            > running
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
            > +5
            > revoke 7
              kill
              answer @2 silent: "⏹ You may no longer use this bot. Your running work was stopped; part of it may be done."
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_revoked_person_with_nothing_running_is_told_nothing_by_the_session() {
    check_resumed(
        "revoke 7\nremove 7",
        expect![[r#"
        > revoke 7
        > remove 7
          remember no conversation
    "#]],
    );
}

#[test]
fn the_revocation_of_somebody_else_does_nothing() {
    check_resumed(
        "remove 9\nprompt x\nremove 9\ngranted\nready\nprompt y\nremove 9\nanswered ok",
        expect![[r#"
            > remove 9
            > prompt x
              react 👀 #1
              slot wanted
            > remove 9
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: x
            > ready
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > remove 9
            > answered ok
              journal p2 started in c0 p1 closed with @2
              answer @2 to #1: md "ok"
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn in_a_group_only_the_revoked_persons_prompts_go() {
    check_group(
        "prompt_of 8 x\ngranted\nready\nprompt_of 9 y\nprompt_of 8 z\nrevoke 9\nanswered ok\nidle",
        expect![[r#"
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > prompt_of 9 y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt_of 8 z
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > revoke 9
              journal p2 closed with @3
              answer @3 silent: "1 waiting message was dropped: its author may no longer use this bot."
              edit @1: live "✕ Not run." []
            > answered ok
              journal p3 started in c1 p1 closed with @4
              answer @4 to #1: md "ok"
              slot busy
              write text p3: z
              edit @2: live "▶ Claude has it." []
            > idle
        "#]],
    );
}

#[test]
fn in_a_group_the_revoked_persons_turn_is_killed_and_the_others_run_next() {
    check_group(
        "prompt_of 8 x\ngranted\nready\ninit c1\nprompt_of 9 y\nrevoke 8\nexit signal 9\ngranted",
        expect![[r#"
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > init c1
              remember c1
            > prompt_of 9 y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > revoke 8
              journal p1 begun
              kill
            > exit signal 9
              journal p1 closed with @2
              forget agent
              answer @2 to #1: "⏹ Stopped by force: the person who asked for this may no longer use this bot. Claude and everything it ran were ended. Part of it may be done. The next message continues the conversation."
              slot released
              slot wanted
            > granted
              journal p2 started in c1
              launch g2 resume c1
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn in_a_group_nobody_waits_for_a_slot_when_the_only_author_is_revoked() {
    check_group(
        "prompt_of 8 x\ndelayed 1\nremove 8\ngranted",
        expect![[r#"
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > delayed 1
              notice @1 silent: "⏳ All agents are busy. 1 chat is ahead of you."
            > remove 8
              journal p1 closed with @2
              answer @2 silent: "1 waiting message was dropped: its author may no longer use this bot."
              slot withdrawn
            > granted
              slot released
        "#]],
    );
}

#[test]
fn in_a_group_a_killed_turn_that_ends_in_time_takes_nobody_elses_prompt_along() {
    check_group(
        "prompt_of 8 x\ngranted\nready\nprompt_of 9 y\nrevoke 8\nanswered late\nexit signal 9\ngranted",
        expect![[r#"
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > prompt_of 9 y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > revoke 8
              journal p1 begun
              kill
            > answered late
              journal p1 closed with @2
              answer @2 to #1: md "late"
              kill
            > exit signal 9
              forget agent
              slot released
              slot wanted
            > granted
              journal p2 started in c2
              launch g2 new c2
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn somebody_whose_data_is_deleted_is_told_nothing_by_the_session_which_drops_all() {
    check_resumed(
        "prompt x\ngranted\nready\nprompt y\nerase 7\nexit signal 9",
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
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > erase 7
              remember no conversation
              journal p2 closed p1 closed
              kill
              edit @1: live "✕ Not run." []
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}
