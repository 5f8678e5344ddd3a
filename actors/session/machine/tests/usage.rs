//! How much of the limits is used: `/usage`.

use expect_test::expect;

use super::support::check;

#[test]
fn each_limit_is_a_bar_with_the_time_at_which_it_begins_anew() {
    check(
        "/usage
         granted
         ready
         found p1 usage 42 5h:52 week:100 Opus:0
         /usage
         found p2 usage 0",
        expect![[r#"
            > /usage
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 Usage
            > found p1 usage 42 5h:52 week:100 Opus:0
              journal p1 closed with @1
              answer @1 to #1 silent: "5 hours ▓▓▓▓▓▓░░░░ 52 %, anew at 16:05 UTC\n7 days ▓▓▓▓▓▓▓▓▓▓ 100 %\n7 days, Opus ░░░░░░░░░░ 0 %, anew at 16:05 UTC\nThis conversation: $0.42 at list prices"
              slot idle
            > /usage
              write ask p2 Usage
            > found p2 usage 0
              journal p2 closed with @2
              answer @2 to #2 silent: "Claude names no limits: an API key has none, and of a subscription it says them with the first answer.\nThis conversation: $0.00 at list prices"
              slot idle
        "#]],
    );
}
