//! Timers that do not come, since no agent starts or none keeps its word.

use expect_test::expect;

use super::approvals::check_in_turn;
use super::support::check_group;

#[test]
fn an_agent_that_does_not_start_for_a_timer_is_told_of() {
    check_in_turn(
        "init c1
         timer t1 60 once
         answered set it
         idle
         +900
         exit code 0
         +2669
         +2
         granted
         exit code 1 boom
         +4000",
        expect![[r#"
            > init c1
              remember c1
            > timer t1 60 once
              remember c1
            > answered set it
              journal p1 closed with @1
              answer @1 to #1: md "set it"
              slot idle
            > idle
            > +900
              write close
            > exit code 0
              forget agent
              slot released
            > +2669
            > +2
              slot wanted
            > granted
              launch g2 resume c1
            > exit code 1 boom
              journal with @2
              remember c1
              forget agent
              answer @2 silent: "⚠ Claude could not be started for its timers, so they did not come:\n• ⏰ Do t1 (15:05 UTC)\n\nIt printed:\nboom"
              slot released
            > +4000
              remember c1
              finish
        "#]],
    );
}

#[test]
fn a_timer_that_does_not_come_lets_its_agent_go_in_the_end() {
    check_in_turn(
        "init c1
         timer t1 60
         answered set it
         idle
         +900
         exit code 0
         +2669
         +2
         granted
         ready
         +1799
         +902
         exit code 0",
        expect![[r#"
            > init c1
              remember c1
            > timer t1 60
              remember c1
            > answered set it
              journal p1 closed with @1
              answer @1 to #1: md "set it"
              slot idle
            > idle
            > +900
              write close
            > exit code 0
              forget agent
              slot released
            > +2669
            > +2
              slot wanted
            > granted
              launch g2 resume c1
            > ready
              write ask p1 Recall { prompt: PromptId("p1") }
              slot idle
            > +1799
            > +902
              remember c1
              write close
              kill
              forget agent
              slot released
            > exit code 0
        "#]],
    );
}

#[test]
fn in_a_group_the_timers_of_a_removed_person_end_with_their_agent() {
    check_group(
        "prompt_of 8 x\ngranted\nready\ninit c1\ntimer t1 60\nanswered set\nidle\nrevoke 8\nexit signal 9",
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
            > timer t1 60
              remember c1
            > answered set
              journal p1 closed with @1
              answer @1 to #1: md "set"
              slot idle
            > idle
            > revoke 8
              journal with @2
              remember c1
              kill
              answer @2 silent: "⏹ The background work was ended: the person who asked for it may no longer use this bot. Part of it may be done.\nThis ended with it:\n• ⏰ Do t1 (60 minutes)"
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn in_a_group_the_turn_of_another_ends_before_the_agent_of_a_removed_person_does() {
    check_group(
        "prompt_of 8 x\ngranted\nready\ninit c1\ntimer t1 60\nanswered set\nidle\nprompt_of 9 y\n\
         attempt\nrevoke 8\nanswered done\nidle\nexit code 0",
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
            > timer t1 60
              remember c1
            > answered set
              journal p1 closed with @1
              answer @1 to #1: md "set"
              slot idle
            > idle
            > prompt_of 9 y
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: y
            > attempt
              journal p2 begun
            > revoke 8
              remember c1
            > answered done
              journal p2 closed with @2 @3
              remember c1
              answer @2 to #2: md "done"
              write close
              answer @3 silent: "⚠ Claude's process has ended, and this ended with it:\n• ⏰ Do t1 (60 minutes)"
            > idle
            > exit code 0
              forget agent
              slot released
        "#]],
    );
}
