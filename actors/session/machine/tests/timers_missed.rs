//! Timers that do not come, since no agent starts or none keeps its word.

use expect_test::expect;

use super::approvals::check_in_turn;

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
