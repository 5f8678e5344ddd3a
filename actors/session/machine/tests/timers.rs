//! Times at which Claude goes on by itself: its agent is there, or it is told that they are gone.

use expect_test::expect;

use super::approvals::check_in_turn;

#[test]
fn an_agent_with_timers_may_end_and_is_there_again_before_they_come() {
    check_in_turn(
        "init c1
         timer t1 60
         answered set it
         idle
         /tasks
         +900
         exit code 0
         +2669
         +2
         granted
         ready
         +30
         running
         timer_came
         said it is time
         background it is time
         idle
         +901",
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
            > /tasks
              journal p2 closed with @2
              answer @2 to #2: "Claude goes on by itself:\n• ⏰ Do t1 (60 minutes), next in 1 h"
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
            > +30
            > running
              slot busy
            > timer_came
              remember c1
            > said it is time
            > background it is time
              answer @3: md "it is time"
            > idle
              slot idle
            > +901
              write close
        "#]],
    );
}

#[test]
fn a_wakeup_keeps_its_agent_and_is_told_when_it_ends_with_it() {
    check_in_turn(
        "init c1
         wakes 40
         answered set it
         idle
         +2000
         /tasks
         +100
         exit signal 9",
        expect![[r#"
            > init c1
              remember c1
            > wakes 40
              remember c1 ×2
            > answered set it
              journal p1 closed with @1
              answer @1 to #1: md "set it"
              slot idle
            > idle
            > +2000
            > /tasks
              journal p2 closed with @2
              answer @2 to #2: "Claude goes on by itself:\n• ⏰ Do wakeup (14:45 UTC), next in 6 min 40 s"
            > +100
            > exit signal 9
              journal with @3
              remember c1
              forget agent
              slot released
              answer @3 silent: "⚠ Claude ended while it worked in the background (signal 9).\nThis ended with it:\n• ⏰ Do wakeup (14:45 UTC)"
        "#]],
    );
}

#[test]
fn a_wakeup_that_came_keeps_nothing() {
    check_in_turn(
        "init c1
         wakes 5
         answered set it
         idle
         +300
         running
         timer_came wakeup
         background woke up
         idle
         +901",
        expect![[r#"
            > init c1
              remember c1
            > wakes 5
              remember c1 ×2
            > answered set it
              journal p1 closed with @1
              answer @1 to #1: md "set it"
              slot idle
            > idle
            > +300
            > running
              slot busy
            > timer_came wakeup
              remember c1 ×2
            > background woke up
              answer @2: md "woke up"
            > idle
              slot idle
            > +901
              write close
        "#]],
    );
}

#[test]
fn another_chat_waits_an_hour_at_most_for_an_agent_that_waits_to_wake_up() {
    check_in_turn(
        "init c1
         wakes 300
         answered set it
         idle
         yield
         +3599
         +2
         exit code 0",
        expect![[r#"
            > init c1
              remember c1
            > wakes 300
              remember c1 ×2
            > answered set it
              journal p1 closed with @1
              answer @1 to #1: md "set it"
              slot idle
            > idle
            > yield
            > +3599
            > +2
              journal with @2
              remember c1
              write close
              answer @2 silent: "⚠ Claude's process has ended, and this ended with it:\n• ⏰ Do wakeup (19:05 UTC)"
            > exit code 0
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_slot_that_is_wanted_is_let_go_when_the_wakeup_has_come() {
    check_in_turn(
        "init c1
         wakes 5
         answered set it
         idle
         yield
         +300
         running
         timer_came wakeup
         background woke up
         idle",
        expect![[r#"
            > init c1
              remember c1
            > wakes 5
              remember c1 ×2
            > answered set it
              journal p1 closed with @1
              answer @1 to #1: md "set it"
              slot idle
            > idle
            > yield
            > +300
            > running
              slot busy
            > timer_came wakeup
              remember c1 ×2
            > background woke up
              answer @2: md "woke up"
            > idle
              write close
        "#]],
    );
}

#[test]
fn timers_end_with_their_conversation_and_that_is_told() {
    check_in_turn(
        "init c1
         timer t1 60
         answered set it
         idle
         /new
         exit signal 9
         /tasks",
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
            > /new
              remember no conversation
              journal p2 closed with @2
              remember no conversation
              kill
              answer @2 to #2: "New conversation. Your next message starts it.\nThis ended with it:\n• ⏰ Do t1 (60 minutes)"
            > exit signal 9
              forget agent
              slot released
            > /tasks
              journal p3 closed with @3
              answer @3 to #3: "Nothing is running in the background."
        "#]],
    );
}

#[test]
fn timers_that_a_cleared_conversation_left_behind_end_with_the_agent() {
    check_in_turn(
        "init c1
         timer t1 60
         answered set it
         idle
         init c2
         +2000
         exit signal 9",
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
            > init c2
              remember c2 ×2
            > +2000
            > exit signal 9
              journal with @2
              remember c2
              forget agent
              slot released
              answer @2 silent: "⚠ Claude ended while it worked in the background (signal 9).\nThis ended with it:\n• ⏰ Do t1 (60 minutes)"
        "#]],
    );
}

#[test]
fn of_a_removed_person_no_timer_comes() {
    check_in_turn(
        "init c1
         timer t1 60
         answered set it
         idle
         revoke 7
         exit signal 9",
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
            > revoke 7
              journal with @2
              remember c1
              kill
              answer @2 silent: "⏹ You may no longer use this bot. Your running work was stopped; part of it may be done.\nThis ended with it:\n• ⏰ Do t1 (60 minutes)"
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}
