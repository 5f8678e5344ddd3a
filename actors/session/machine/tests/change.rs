//! A new configuration, a new id of the chat.

use expect_test::expect;

use super::support::{check, check_resumed};

#[test]
fn a_configuration_that_changes_nothing_does_nothing() {
    check(
        "prompt x\ngranted\nready\nanswered ok\nidle\nconfigure nothing\nprompt y",
        expect![[r#"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > configure nothing
            > prompt y
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: y
        "#]],
    );
}

#[test]
fn changed_limits_hold_at_once_and_the_agent_stays() {
    check(
        "prompt x\ngranted\nready\nconfigure queue 1\nprompt y\nprompt z\nanswered ok",
        expect![[r#"
            > configure queue 1
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt z
              journal p3 closed with @2
              answer @2 to #3: "Not taken: 1 message is already waiting here. Send yours again when that one is done. /stop ends the current work and drops what waits."
            > answered ok
              journal p2 started in c1 p1 closed with @3
              answer @3 to #1: md "ok"
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn an_idle_agent_is_ended_when_its_settings_change_and_the_next_has_them() {
    check(
        "prompt x\ngranted\nready\ninit c1\nanswered ok\nidle\nconfigure model opus\nexit code 0\nprompt y\ngranted",
        expect![[r#"
            > init c1
              remember c1
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > configure model opus
              write close
            > exit code 0
              forget agent
              slot released
            > prompt y
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g2 resume c1 with opus
              slot busy
              write text p2: y
        "#]],
    );
}

#[test]
fn a_busy_agent_ends_after_its_turn_when_its_settings_change() {
    check(
        "prompt x\ngranted\nready\ninit c1\nrunning\nprompt y\nconfigure program\nconfigure model opus\nanswered ok\nidle\nexit code 0\ngranted",
        expect![[r#"
            > init c1
              remember c1
            > running
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > configure program
            > configure model opus
            > answered ok
              journal p1 closed with @2
              answer @2 to #1: md "ok"
            > idle
              write close
            > exit code 0
              forget agent
              slot released
              slot wanted
            > granted
              journal p2 started in c1
              launch g2 resume c1 with opus
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn an_agent_in_its_handshake_runs_its_first_prompt_before_it_ends() {
    check(
        "prompt x\ngranted\nconfigure model opus\nready\ninit c1\nanswered ok\nidle\nexit code 0",
        expect![[r#"
            > configure model opus
            > ready
            > init c1
              remember c1
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write close
            > idle
            > exit code 0
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn who_waits_for_a_slot_gets_an_agent_with_the_new_settings() {
    check(
        "prompt x\nconfigure model opus\ngranted",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > configure model opus
            > granted
              journal p1 started in c1
              launch g1 new c1 with opus
              slot busy
              write text p1: x
        "#]],
    );
}

#[test]
fn in_another_folder_a_new_conversation_begins() {
    check_resumed(
        "prompt x\ngranted\nready\nconfigure folder /other\nanswered ok\nidle\nexit code 0\nprompt y\ngranted\nready\ninit c1\nconfigure folder /project\nanswered ok\nidle\nexit code 0\nprompt z\ngranted",
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
            > configure folder /other
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write close
            > idle
            > exit code 0
              forget agent
              slot released
            > prompt y
              react 👀 #2
              slot wanted
            > granted
              remember no conversation in /other
              journal p2 started in c1
              launch g2 new c1 in /other
              slot busy
              write text p2: y
            > ready
            > init c1
              remember c1 in /other
            > configure folder /project
            > answered ok
              journal p2 closed with @2
              answer @2 to #2: md "ok"
              write close
            > idle
            > exit code 0
              forget agent
              slot released
            > prompt z
              react 👀 #3
              slot wanted
            > granted
              remember no conversation
              journal p3 started in c2
              launch g3 new c2
              slot busy
              write text p3: z
        "#]],
    );
}

#[test]
fn an_agent_that_refuses_its_conversation_is_followed_by_one_with_the_new_settings() {
    check_resumed(
        "prompt x\ngranted\nconfigure folder /other\nunknown\nexit code 1",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: x
            > configure folder /other
            > unknown
              remember no conversation
            > exit code 1
              remember no conversation in /other
              journal p1 started in c1
              forget agent
              launch g2 new c1 in /other
              slot busy
              write text p1: x
        "#]],
    );
    check(
        "prompt x\ngranted\nconfigure folder /other\ntaken\nexit code 1\nready\nanswered ok\nprompt y",
        expect![[r#"
            > configure folder /other
            > taken
            > exit code 1
              remember no conversation in /other
              journal p1 started in c2
              forget agent
              launch g2 new c2 in /other
              slot busy
              write text p1: x
            > ready
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write close
            > prompt y
              react 👀 #2
        "#]],
    );
}

#[test]
fn a_command_that_waits_for_the_handshake_runs_although_the_settings_change() {
    check(
        "prompt /compact\ngranted\nconfigure model opus\nready compact",
        expect![[r#"
            > prompt /compact
              react 👀 #1
              slot wanted
            > granted
              launch g1 new c1
            > configure model opus
            > ready compact
              journal p1 begun
              slot busy
              write command p1: /compact
        "#]],
    );
}

#[test]
fn an_agent_takes_no_turn_under_rules_that_hold_no_more() {
    check(
        "
        prompt x
        granted
        ready
        answered ok
        running
        configure mode plan
        prompt y
        idle
        exit code 0
        granted
        ",
        expect![[r#"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > running
              slot busy
            > configure mode plan
            > prompt y
              react 👀 #2
              notice @2 to #2 silent: "Queued: runs when the current work is done."
            > idle
              write close
            > exit code 0
              forget agent
              slot released
              slot wanted
            > granted
              journal p2 started in c2
              launch g2 new c2
              slot busy
              write text p2: y
        "#]],
    );
}
