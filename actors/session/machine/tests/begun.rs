//! When a prompt counts as begun, so that it never runs again by itself.

use expect_test::expect;

use super::support::check_resumed;

#[test]
fn a_tool_waits_until_it_is_written_down_that_claude_has_begun() {
    check_resumed(
        "
        prompt one
        granted
        ready
        init c0
        tool_waits w1
        tool_waits w2
        answered first
        idle
        tool_waits w3
        ",
        expect![[r#"
            > prompt one
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: one
            > ready
            > init c0
            > tool_waits w1
              journal p1 begun
              write let run w1
            > tool_waits w2
              write let run w2
            > answered first
              journal p1 closed with @1
              answer @1 to #1: md "first"
              slot idle
            > idle
            > tool_waits w3
              write let run w3
        "#]],
    );
}

#[test]
fn a_command_counts_as_begun_when_it_is_written() {
    check_resumed(
        "
        prompt /both
        granted
        ready both
        ",
        expect![[r#"
            > prompt /both
              react 👀 #1
              slot wanted
            > granted
              launch g1 resume c0
            > ready both
              journal p1 begun
              slot busy
              write command p1: /both
        "#]],
    );
}
