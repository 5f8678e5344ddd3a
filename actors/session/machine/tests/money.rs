//! What a turn cost, as its card says, and who pays for it.

use expect_test::expect;

use super::support::Player;
use crate::ids::ConversationId;

/// Plays turns in a conversation that an earlier agent began; returns how their cards end.
fn cards(script: &str) -> String {
    let conversation = Some(ConversationId("c0".to_owned()));
    let script = format!("/verbose 1\n{script}");
    let played = Player::new(conversation).play(&script);
    let cards = played.lines().filter(|line| line.contains("card \"✓"));
    cards.map(|line| format!("{}\n", line.trim())).collect()
}

const TURN: &str = "prompt x\ngranted\nready\n+3\n";
const NEXT: &str = "idle\nprompt y\n+3\n";

#[test]
fn the_sum_of_a_resumed_conversation_is_never_taken_for_the_cost_of_a_turn() {
    expect![[r#"
        edit @2: card "✓ 3 s" []
        edit @4: card "✓ 3 s · $0.04" []
    "#]]
    .assert_eq(&cards(&format!(
        "{TURN}conversation_cost 0.50 one\n{NEXT}conversation_cost 0.54 two"
    )));
}

#[test]
fn what_the_cli_says_of_a_turn_alone_is_its_cost() {
    expect![[r#"
        edit @2: card "✓ 3 s · $0.50" []
        edit @4: card "✓ 3 s · $0.54" []
    "#]]
    .assert_eq(&cards(&format!(
        "{TURN}turn_cost 0.50 one\n{NEXT}turn_cost 0.54 two"
    )));
}

#[test]
fn a_sum_that_begins_with_the_process_is_the_cost_of_its_first_turn() {
    expect![[r#"
        edit @2: card "✓ 3 s · $0.50" []
        edit @4: card "✓ 3 s · $0.04" []
    "#]]
    .assert_eq(&cards(&format!("{TURN}cost 0.50 one\n{NEXT}cost 0.54 two")));
}

#[test]
fn another_conversation_begins_the_sum_anew() {
    expect![[r#"
        edit @2: card "✓ 3 s" []
        edit @4: card "✓ 3 s · $0.10" []
    "#]]
    .assert_eq(&cards(&format!(
        "{TURN}conversation_cost 0.50 one\n{NEXT}conversation_cost 0.10 two"
    )));
}

/// Plays a script in a fresh conversation; returns who pays what.
fn paid(script: &str) -> Vec<String> {
    let played = Player::new(None).play(script);
    let pays = played.lines().filter_map(|line| {
        let at = line.find(" 7 pays ")?;
        let words = line[at..].split(" with ").next()?;
        Some(words.trim().to_owned())
    });
    pays.collect()
}

const SHORT: &str = "prompt x\ngranted\nready\nattempt\n";

#[test]
fn whoever_wrote_pays_for_their_turn_in_the_entry_that_closes_it() {
    assert_eq!(
        paid(&format!("{SHORT}cost 0.5 done\nidle")),
        ["7 pays 500000"]
    );
    let played = Player::new(None).play(&format!("{SHORT}cost 0.5 done"));
    assert!(played.contains("journal p1 closed 7 pays 500000 with @1"));
}

#[test]
fn a_turn_that_nobody_hears_the_end_of_costs_an_unknown_amount_once() {
    for end in [
        "exit code 1",
        "exit code 1\n+3\nprompt y",
        "shutdown 10\n+10",
        "shutdown 10\n+10\nexit code 1",
    ] {
        assert_eq!(paid(&format!("{SHORT}{end}")), ["7 pays ?"], "{end}");
    }
}

#[test]
fn what_has_not_begun_costs_nothing() {
    assert_eq!(paid("prompt x\ngranted\nready\nexit code 1"), [""; 0]);
    assert_eq!(paid("prompt x\ngranted\nunknown\nexit code 1"), [""; 0]);
}

#[test]
fn what_an_earlier_run_left_begun_costs_an_unknown_amount() {
    assert_eq!(paid("resumed begun x"), ["7 pays ?"]);
    assert_eq!(paid("resumed started x"), [""; 0]);
}
