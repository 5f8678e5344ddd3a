//! What a person may spend in a day, and what becomes of a message beyond that.

use std::collections::HashMap;

use expect_test::expect;

use super::support::{CHAT, Player};
use crate::budget::{Budgets, OwnBudget};
use crate::ids::UserId;

/// Returns a chat whose person may spend a dollar and have three turns, and all together two dollars.
fn limited() -> Player {
    let player = Player::new(None);
    let own = OwnBudget {
        cost: Some(1_000_000),
        turns: Some(3),
    };
    player.purse.limit(Budgets {
        all: Some(2_000_000),
        own: HashMap::from([(UserId(CHAT.0), own)]),
    });
    player
}

/// Returns one whose person has spent something today.
fn after(turns: u64, cost: u64) -> Player {
    let player = limited();
    player.money.spend((CHAT.0, 0), (turns, Some(cost)));
    player
}

#[test]
fn a_message_beyond_the_limit_is_kept_and_starts_no_agent() {
    expect![[r#"
        > prompt x
          journal p1 not begun n1 for want of Money { day: Day(0) } with @1
          react 👀 #1
          say that 7 has used up day 0
          answer @1 to #1: choice "⚠ Your limit for today is used up: $1.00 of $1.00, with what is set aside for turns that run. Your message did not run and is kept. The limit begins anew at 00:00 UTC tomorrow: press Run then. An administrator can allow more before that."
        > press r n1 7
          journal p2 accepted p2 not begun n2 for want of Money { day: Day(0) } p1 closed with @2 @3
          edit #2: "↻ Trying again. Your message: x"
          toast "↻ Trying again."
          say that 7 has used up day 0
          answer @3 to #1: choice "⚠ Your limit for today is used up: $1.00 of $1.00, with what is set aside for turns that run. Your message did not run and is kept. The limit begins anew at 00:00 UTC tomorrow: press Run then. An administrator can allow more before that."
        > press d n2 7
          journal p3 closed p2 closed with @4
          edit #3: "✕ Discarded. Your message: x"
          toast "✕ Discarded."
    "#]].assert_eq(&after(2, 1_000_000).play("prompt x\npress r n1 7\npress d n2 7"));
}

#[test]
fn turns_and_what_all_spend_are_limits_too() {
    let told = |player: Player| {
        let played = player.play("prompt x");
        let line = played.lines().find(|line| line.contains("choice"));
        line.map(|line| line.trim().to_owned()).unwrap_or_default()
    };
    expect![[r#"answer @1 to #1: choice "⚠ Your turns for today are used up: 3 of 3. Your message did not run and is kept. The limit begins anew at 00:00 UTC tomorrow: press Run then. An administrator can allow more before that.""#]].assert_eq(&told(after(3, 10_000)));
    let player = limited();
    player.money.spend((8, 0), (1, Some(2_000_000)));
    expect![[r#"answer @1 to #1: choice "⚠ What this bot may spend today is used up. Your message did not run and is kept. The limit begins anew at 00:00 UTC tomorrow: press Run then. An administrator can allow more before that.""#]].assert_eq(&told(player));
    let player = limited();
    player.money.break_down();
    expect![[r#"answer @1 to #1: choice "⚠ What was spent today cannot be read, so no turn begins. Your message did not run and is kept. The log of the bridge says why.""#]].assert_eq(&told(player));
    assert_eq!(told(after(2, 999_999)), "");
}

#[test]
fn a_message_that_waited_behind_a_turn_is_kept_when_the_limit_is_used_up_meanwhile() {
    let player = after(2, 0);
    expect![[r#"
        > prompt x
          react 👀 #1
          slot wanted
        > granted
          journal p1 started in c1
          launch g1 new c1
          slot busy
          write text p1: x
        > ready
        > attempt
          journal p1 begun
        > prompt y
          react 👀 #2
          notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
        > answered z
          journal p2 not begun n1 for want of Money { day: Day(0) } p1 closed with @2 @3 @4
          answer @2 to #1: md "z"
          say that 7 has used up day 0
          answer @3 to #2: choice "⚠ Your turns for today are used up: 3 of 3. Your message did not run and is kept. The limit begins anew at 00:00 UTC tomorrow: press Run then. An administrator can allow more before that."
          slot idle
          answer @4 silent: "⚠ You have used 3 of 3 turns for today. At the limit no further turn begins until 00:00 UTC tomorrow."
          edit @1: live "✕ Not run." []
    "#]]
        .assert_eq(&player.play("prompt x\ngranted\nready\nattempt\nprompt y\nanswered z"));
}

#[test]
fn an_administrator_allows_five_more_and_nobody_else() {
    expect![[r#"
        > prompt x
          journal p1 not begun n1 for want of Money { day: Day(0) } with @1
          react 👀 #1
          say that 7 has used up day 0
          answer @1 to #1: choice "⚠ Your turns for today are used up: 3 of 3. Your message did not run and is kept. The limit begins anew at 00:00 UTC tomorrow: press Run then. An administrator can allow more before that."
        > press m n1 7
          journal p2 closed
          toast "Only administrators can allow more."
        > press m n1 admin9
          journal p3 accepted p1 closed 7 may go to turn 8 with @2
          edit #3: "↻ Trying again. Your message: x"
          toast "↻ Trying again."
          slot wanted
        > granted
          journal p3 started in c1
          launch g1 new c1
          slot busy
          write text p3: x
        > ready
        > answered y
          journal p3 closed with @3
          answer @3 to #1: md "y"
          slot idle
    "#]].assert_eq(
        &after(3, 0).play("prompt x\npress m n1 7\npress m n1 admin9\ngranted\nready\nanswered y"),
    );
}

#[test]
fn the_button_that_administrators_are_sent_counts_for_its_day() {
    expect![[r#"
        > more 7 1 admin9
          journal p1 closed with @1
          edit #1: "That day is over, and so is its limit."
          toast ""
        > more 7 0 7
          journal p2 closed
          toast "Only administrators can allow more."
        > more 7 0 admin9
          journal p3 closed 7 may go to turn 8 with @2
          edit #3: "✅ 7 may have 5 more turns today. Their message waits until they press Run."
          toast ""
        > prompt x
          react 👀 #4
          slot wanted
    "#]]
    .assert_eq(&after(3, 0).play("more 7 1 admin9\nmore 7 0 7\nmore 7 0 admin9\nprompt x"));
}

#[test]
fn four_fifths_of_a_limit_are_told_once() {
    let near = |turns, cost, script: &str| {
        let played = after(turns, cost).play(script);
        let told = played.lines().filter(|line| line.contains("You have used"));
        told.map(|line| format!("{}\n", line.trim()))
            .collect::<String>()
    };
    const TURN: &str = "prompt x\ngranted\nready\nattempt\n";
    expect![[r#"
        answer @2 silent: "⚠ You have used $0.80 of $1.00 for today. At the limit no further turn begins until 00:00 UTC tomorrow."
    "#]].assert_eq(&near(0, 700_000, &format!("{TURN}cost 0.1 y")));
    assert_eq!(near(0, 700_000, &format!("{TURN}cost 0.05 y")), "");
    assert_eq!(near(0, 800_000, &format!("{TURN}cost 0.05 y")), "");
    expect![[r#"
        answer @2 silent: "⚠ You have used 3 of 3 turns for today. At the limit no further turn begins until 00:00 UTC tomorrow."
    "#]].assert_eq(&near(2, 0, &format!("{TURN}exit code 1")));
}
