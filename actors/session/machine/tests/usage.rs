//! How much of the limits is used: `/usage`.

use expect_test::expect;

use super::support::{CHAT, Money, Player, check};

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
              answer @1 to #1 silent: "5 hours ▓▓▓▓▓▓░░░░ 52 %, anew at 16:05 UTC\n7 days ▓▓▓▓▓▓▓▓▓▓ 100 %\n7 days, Opus ░░░░░░░░░░ 0 %, anew at 16:05 UTC\nThis conversation: $0.42 at list prices\nYou today: nothing · this month: nothing\nThese are list prices of what this bot ran. A subscription does not pay them by turn."
              slot idle
            > /usage
              write ask p2 Usage
            > found p2 usage 0
              journal p2 closed with @2
              answer @2 to #2 silent: "Claude names no limits: an API key has none, and of a subscription it says them with the first answer.\nThis conversation: $0.00 at list prices\nYou today: nothing · this month: nothing\nThese are list prices of what this bot ran. A subscription does not pay them by turn."
              slot idle
        "#]],
    );
}

/// Returns what `/usage` says of money; a person asks who is in charge.
fn told(player: Player, spend: impl FnOnce(&Money)) -> String {
    spend(&player.money);
    let played = player.play("/usage admin\ngranted\nready\nfound p1 usage 42");
    let (_, told) = played
        .split_once("at list prices\\n")
        .expect("it says what was spent");
    let told = told.lines().next().expect("a line");
    format!("{}\n", told.trim_end_matches('"').replace("\\n", "\n"))
}

#[test]
fn whoever_asks_is_told_what_they_spent_and_that_a_subscription_does_not_pay_it() {
    expect![[r#"
        You today: nothing · this month: nothing
        These are list prices of what this bot ran. A subscription does not pay them by turn.
    "#]]
    .assert_eq(&told(Player::new(None), |_| {}));
    expect![[r#"
        You today: $0.42 in 2 turns, once at an unknown cost · this month: $0.42 in 2 turns, once at an unknown cost
        These are list prices of what this bot ran. A subscription does not pay them by turn.
    "#]]
    .assert_eq(&told(Player::new(None), |money| {
        money.spend((CHAT.0, 0), (1, Some(420_000)));
        money.spend((CHAT.0, 0), (1, None));
    }));
    let broken = told(Player::new(None), Money::break_down);
    expect![[r#"
        What was spent cannot be read. The log of the bridge says why.
    "#]]
    .assert_eq(&broken);
}

#[test]
fn whoever_is_in_charge_is_told_of_everybody_the_dearest_first() {
    expect![[r#"
        You today: $0.10 in 1 turn · this month: $0.10 in 1 turn

        Everybody, today and this month (UTC):
        Ben⟦U+202E⟧ 8: $2.00 in 4 turns · $2.00 in 4 turns
        7: $0.10 in 1 turn · $0.10 in 1 turn

        These are list prices of what this bot ran. A subscription does not pay them by turn.
    "#]]
    .assert_eq(&told(Player::new(None), |money| {
        money.spend((CHAT.0, 0), (1, Some(100_000)));
        money.spend((8, 0), (4, Some(2_000_000)));
    }));
    let crowd = told(Player::new(None), |money| {
        for user in 100..125 {
            money.spend((user, 0), (1, Some(10_000)));
        }
    });
    assert!(crowd.contains("and 5 more people"), "{crowd}");
}

#[test]
fn in_a_group_nobody_is_told_of_others() {
    expect![[r#"
        You today: nothing · this month: nothing
        These are list prices of what this bot ran. A subscription does not pay them by turn.
    "#]]
    .assert_eq(&told(Player::in_group(), |money| {
        money.spend((8, 0), (1, Some(1)));
    }));
}
