//! Buttons whose data is forged: anybody can send any data for any message.

use super::approvals::check_in_turn;
use super::support::check_group;
use expect_test::expect;

#[test]
fn forged_data_does_not_close_the_message_of_an_open_request() {
    check_in_turn(
        "asks Bash rm -rf build
         shown 1 2
         answer y forged 8
         shown 1 3
         answer x n1 8
         answer y n1 7",
        expect![[r#"
            > asks Bash rm -rf build
              journal p1 does "Bash: rm -rf build – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -rf build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > shown 1 2
              remember no conversation card #2
            > answer y forged 8
              journal p2 closed
              toast "This is no longer open."
            > shown 1 3
              remember no conversation card #3
            > answer x n1 8
              journal p3 closed
              toast "This is no longer open."
            > answer y n1 7
              journal p1 does "Bash: rm -rf build" p4 closed with @1
              remember no conversation
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit #3: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "rm -rf build" []
              write allow r1 <rm -rf build> [] Nothing
        "#]],
    );
}

#[test]
fn a_request_that_is_not_yet_known_to_be_a_message_keeps_its_buttons() {
    check_in_turn(
        "asks Bash ls\nanswer x n1 8\nanswer y forged 8",
        expect![[r#"
            > asks Bash ls
              journal p1 does "Bash: ls – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "ls" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer x n1 8
              journal p2 closed
              toast "This is no longer open."
            > answer y forged 8
              journal p3 closed
              toast "This is no longer open."
        "#]],
    );
}

/// In a group nobody knows whose message it is that forged data comes from: of an offer, say.
#[test]
fn forged_data_in_a_group_takes_no_buttons_off_a_message() {
    check_group(
        "answer y forged 8
         wish r 999 8
         answer y forged admin9
         wish r 999 admin9",
        expect![[r#"
            > answer y forged 8
              journal p1 closed
              toast "This is no longer open."
            > wish r 999 8
              journal p2 closed
              toast "This is no longer open."
            > answer y forged admin9
              journal p3 closed with @1
              edit #3: "⌛ Expired: Claude was interrupted before anybody decided. Nothing was allowed or sent. Claude asks again if it still needs this."
              toast "This is no longer open."
            > wish r 999 admin9
              journal p4 closed with @2
              edit #4: "This is no longer waiting."
              toast "This is no longer open."
        "#]],
    );
}
