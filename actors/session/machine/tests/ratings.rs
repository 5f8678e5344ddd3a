//! What people think of the bot's messages is counted, and nobody is told anything.

use expect_test::expect;

use super::support::{Player, check};

#[test]
fn reactions_are_counted_in_silence() {
    check(
        "rate +👍\nrate +👍 -👎\nrate -👍 +👎",
        expect![[r#"
        > rate +👍
          remember no conversation
          journal p1 closed
        > rate +👍 -👎
          remember no conversation
          journal p2 closed
        > rate -👍 +👎
          remember no conversation
          journal p3 closed
    "#]],
    );
}

#[test]
fn whoever_is_in_charge_sees_the_counts_in_the_status() {
    let status = |word: &str| Player::new(None).play(&format!("rate +👍\nrate +👎\n{word}"));
    assert!(status("admin_status").contains("Reactions: 👍 1, 👎 1"));
    assert!(!status("/status").contains("Reactions"));
    let none = Player::new(None).play("admin_status");
    assert!(!none.contains("Reactions"), "{none}");
}
