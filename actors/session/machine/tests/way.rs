//! What is said on the way to an answer: folded in the card, or above the answer; never lost.

use expect_test::{Expect, expect};

use super::support::Player;
use crate::chat_settings::Detail;

/// Plays a turn that says something before and after its tools, and has a card.
const ON_THE_WAY: &str = "prompt x
     granted
     ready
     attempt
     said I look.
     tool Bash ls
     +2
     shown 1 40
     said Now I **know**.
     tool Bash make";

fn check(detail: Detail, script: &str, expected: Expect) {
    expected.assert_eq(&rest_of(&Player::new(None).showing(detail).play(script)));
}

/// Returns the lines from the last one of [`ON_THE_WAY`] on.
fn rest_of(transcript: &str) -> String {
    let from = transcript.find("> tool Bash make").expect("the beginning");
    transcript[from..].to_owned()
}

fn with(end: &str) -> String {
    format!("{ON_THE_WAY}\n{end}")
}

#[test]
fn the_card_keeps_what_was_said_on_the_way() {
    check(
        Detail::Card,
        &with("said Blue.\nanswered Blue."),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > said Blue.
            > answered Blue.
              journal p1 closed with @2 @1
              remember no conversation
              answer @2 to #1: md "Blue."
              slot idle
              edit #40: card "✓ 2 s · 2 tools" folded "I look.\n\nNow I **know**." []
        "#]],
    );
}

#[test]
fn without_a_word_after_the_last_tool_the_last_text_is_the_answer() {
    check(
        Detail::Card,
        &with("answered Now I **know**."),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > answered Now I **know**.
              journal p1 closed with @2 @1
              remember no conversation
              answer @2 to #1: md "Now I **know**."
              slot idle
              edit #40: card "✓ 2 s · 2 tools" folded "I look." []
        "#]],
    );
}

#[test]
fn a_chat_that_sees_all_has_all_in_the_answer() {
    check(
        Detail::Log,
        &with("answered Blue."),
        expect![[r#"
        > tool Bash make
          journal p1 does "Bash: make"
        > answered Blue.
          journal p1 closed with @2 @1
          remember no conversation
          answer @2 to #1: md "I look.\n\nNow I **know**.\n\nBlue."
          slot idle
          edit #40: card "✓ 2 s · 2 tools" []
    "#]],
    );
}

#[test]
fn without_a_card_it_stands_above_the_answer() {
    check(
        Detail::Answer,
        &with("answered Blue."),
        expect![[r#"
        > tool Bash make
          journal p1 does "Bash: make"
        > answered Blue.
          journal p1 closed with @1
          answer @1 to #1: folded "I look.\n\nNow I **know**." md "Blue."
          slot idle
    "#]],
    );
    // Telegram has not said which message the card is: it may never arrive.
    check(
        Detail::Card,
        &with("answered Blue.").replace("shown 1 40\n", ""),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > answered Blue.
              journal p1 closed with @2
              answer @2 to #1: folded "I look.\n\nNow I **know**." md "Blue."
              slot idle
              edit @1: card "✓ 2 s · 2 tools" []
        "#]],
    );
}

#[test]
fn what_was_said_and_cut_short_stays_when_the_turn_is_stopped() {
    check(
        Detail::Card,
        &with("delta It is\n/stop\ninterrupted"),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > delta It is
            > /stop
              journal p2 closed
              write interrupt
            > interrupted
              journal p1 closed with @2 @3 @1
              remember no conversation
              answer @2 to #1: md "Now I **know**."
              answer @3 to #1: "⏹ Stopped. Part of it may be done."
              slot idle
              edit #40: card "⏹ 2 s · 2 tools\nCut short:" folded "I look.\n\nIt is" []
        "#]],
    );
    check(
        Detail::Answer,
        &with("delta It is\n/stop\ninterrupted"),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > delta It is
            > /stop
              journal p2 closed
              write interrupt
            > interrupted
              journal p1 closed with @1 @2 @3
              answer @1 to #1: folded "I look." md "Now I **know**."
              answer @2 silent: "Cut short:" folded "It is"
              answer @3 to #1: "⏹ Stopped. Part of it may be done."
              slot idle
        "#]],
    );
}

#[test]
fn it_stays_when_the_agent_dies_or_the_bridge_stops() {
    check(
        Detail::Card,
        &with("delta It is\nexit code 1"),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > delta It is
            > exit code 1
              journal p1 interrupted n2 7 pays ? with @2 @3 @1
              remember no conversation
              forget agent
              answer @2 to #1: md "Now I **know**."
              answer @3 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
              slot released
              edit #40: card "⏹ 2 s · 2 tools\nCut short:" folded "I look.\n\nIt is" []
        "#]],
    );
    check(
        Detail::Card,
        &with("delta It is\nshutdown"),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > delta It is
            > shutdown
              journal p1 interrupted n2 7 pays ? with @2 @3 @1
              remember no conversation
              answer @2 to #1: md "Now I **know**."
              answer @3 to #1: choice "⏹ The bridge stopped while Claude worked on this. Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
              kill
              edit #40: card "⏹ 2 s · 2 tools\nCut short:" folded "I look.\n\nIt is" []
        "#]],
    );
}

#[test]
fn it_stays_when_the_api_fails() {
    check(
        Detail::Card,
        &with("said API Error: 500\napierror API Error: 500"),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > said API Error: 500
            > apierror API Error: 500
              journal p1 halted n2 until 51004 Nothing with @2 @3 @1
              remember no conversation
              answer @2 to #1: md "Now I **know**."
              answer @3 to #1: choice "⚠ API Error: 500\n\nNothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at 14:10 UTC."
              slot idle
              edit #40: card "⚠ 2 s · 2 tools" folded "I look." []
        "#]],
    );
}

#[test]
fn of_a_long_way_the_beginning_is_shown_and_all_of_it_is_a_file() {
    let script = with(&format!(
        "said {}\ntool Bash ls\nanswered Blue.",
        "so it goes on ".repeat(400)
    ));
    let shown = Player::new(None).showing(Detail::Card).play(&script);
    let file = shown.find("silent: file on-the-way.md of 5625 chars");
    let card = shown.find("on-the-way.md below has all of it.\" folded \"I look.");
    assert!(file.is_some() && file < card, "{shown}");
    assert!(shown.contains("md \"Blue.\""), "{shown}");
}

#[test]
fn what_an_agent_says_by_itself_has_the_same_form() {
    check(
        Detail::Card,
        &with(
            "answered Blue.\nrunning\nsaid The build is done.\ntool Bash ls\nbackground All green.",
        ),
        expect![[r#"
            > tool Bash make
              journal p1 does "Bash: make"
            > answered Blue.
              journal p1 closed with @2 @1
              remember no conversation
              answer @2 to #1: md "Blue."
              slot idle
              edit #40: card "✓ 2 s · 2 tools" folded "I look.\n\nNow I **know**." []
            > running
              slot busy
            > said The build is done.
            > tool Bash ls
            > background All green.
              answer @3: folded "The build is done." md "All green."
        "#]],
    );
}
