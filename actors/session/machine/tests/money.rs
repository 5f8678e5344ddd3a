//! What a turn cost, as its card says.

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
