//! Buttons whose data is forged: anybody can send any data for any message.

use super::approvals::check_in_turn;
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
              answer @1 to #1: live "🔐 May it run? Bash\nNo answer within 30 min means no; reply to say why not." bash "rm -rf build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
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
              journal p4 closed with @1
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
              answer @1 to #1: live "🔐 May it run? Bash\nNo answer within 30 min means no; reply to say why not." bash "ls" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer x n1 8
              journal p2 closed
              toast "This is no longer open."
            > answer y forged 8
              journal p3 closed
              toast "This is no longer open."
        "#]],
    );
}
