//! Which message a press counts for, and what a request names.

use expect_test::expect;

use super::support::{Player, check};
use crate::chat_settings::Detail;

#[test]
fn a_press_counts_for_its_own_message_only() {
    check(
        "prompt x\ngranted\nready\nasks r1 Bash one\nshown 1 500\n\
         answer y n1 7 501\nanswer y n1 admin9 499\nanswer y n1 7 500",
        expect![[r#"
            > asks r1 Bash one
              journal p1 begun p1 does "Bash: one – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "one" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > shown 1 500
              remember no conversation card #500
            > answer y n1 7 501
              journal p2 closed
              toast "This is no longer open."
            > answer y n1 admin9 499
              journal p3 closed
              toast "This is no longer open."
            > answer y n1 7 500
              journal p1 does "Bash: one" p4 closed with @1
              remember no conversation
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit #500: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "one" []
              write allow r1 <one> [] Nothing
        "#]],
    );
}

#[test]
fn a_press_that_overtakes_the_word_of_its_message_counts() {
    check(
        "prompt x\ngranted\nready\nasks r1 Bash one\nanswer y n1 7 500",
        expect![[r#"
            > asks r1 Bash one
              journal p1 begun p1 does "Bash: one – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "one" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer y n1 7 500
              journal p1 does "Bash: one" p2 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @1: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "one" []
              write allow r1 <one> [] Nothing
        "#]],
    );
}

#[test]
fn where_an_address_leads_that_looks_like_another_one_is_named() {
    check(
        "prompt x\ngranted\nready\nasks r1 Bash curl https://github.com@evil.example/x",
        expect![[r#"
            > asks r1 Bash curl https://github.com@evil.example/x
              journal p1 begun p1 does "Bash: curl https://github.com@evil.example/x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\n⚠ Look closely, an address with an @ in it leads to: evil.example\nReply to deny with a reason. Denied automatically in 30 min." bash "curl https://github.com@evil.example/x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
        "#]],
    );
}

#[test]
fn a_stop_counts_for_its_own_card_only() {
    let player = Player::new(None).showing(Detail::Card);
    let script = "prompt x\ngranted\nready\nattempt\ndelta words\n+3\nshown 1 500\n\
                  stop x n1 7 501\nstop x n1 7 500";
    let played = player.play(script);
    let (_, pressed) = played.split_once("> stop").expect("a press");
    expect![[r#"
         x n1 7 501
          journal p2 closed
          toast "This is no longer open."
        > stop x n1 7 500
          journal p3 closed
          write interrupt
          toast "⏹ Stopping. Press again to force it."
    "#]]
    .assert_eq(pressed);
}
