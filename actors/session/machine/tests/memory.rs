//! What Claude should know: a conversation that is shorter than it was, settings files that it
//! passes over.

use expect_test::{Expect, expect};

use super::support::Player;

/// Plays lines; shows those that say, store or ask something of it.
fn check(script: &str, expected: Expect) {
    let played = Player::new(None).play(script);
    let is_about = |line: &&str| {
        let starts = ["> ", "remember", "write ask", "answer @", "launch"];
        let line = line.trim();
        starts.iter().any(|it| line.starts_with(it)) && !line.contains("md \"")
    };
    let shown = played.lines().filter(is_about);
    expected.assert_eq(&shown.map(|line| format!("{line}\n")).collect::<String>());
}

/// A turn that is answered, and the end of its agent.
const TURN: &str = "prompt x\ngranted\nready\ninit c1\nanswered hello\nidle\nexit code 0\n";

#[test]
fn a_conversation_that_is_shorter_than_it_was_is_told_once() {
    check(
        &format!(
            "{TURN}prompt y\ngranted\nready\nfound p1 recalled not\nexit code 1\nprompt z\ngranted\nready"
        ),
        expect![[r#"
            > prompt x
            > granted
              launch g1 new c1
            > ready
            > init c1
              remember c1
            > answered hello
            > idle
            > exit code 0
            > prompt y
            > granted
              launch g2 resume c1
            > ready
              write ask p1 Recall { prompt: PromptId("p1") }
            > found p1 recalled not
              answer @2 silent: "⚠ This conversation is shorter than it was: Claude no longer has your last message here, and perhaps more is missing. Say again what it has to know, or start anew with /new."
            > exit code 1
              answer @3 to #2: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
            > prompt z
            > granted
              launch g3 resume c1
            > ready
        "#]],
    );
}

#[test]
fn a_conversation_that_holds_what_it_held_is_asked_once_for_each_agent() {
    check(
        &format!(
            "{TURN}prompt y\ngranted\nready\nfound p1 recalled\nanswered on\nidle\n+4000\n+4000"
        ),
        expect![[r#"
            > prompt x
            > granted
              launch g1 new c1
            > ready
            > init c1
              remember c1
            > answered hello
            > idle
            > exit code 0
            > prompt y
            > granted
              launch g2 resume c1
            > ready
              write ask p1 Recall { prompt: PromptId("p1") }
            > found p1 recalled
            > answered on
            > idle
            > +4000
            > +4000
              remember c1
        "#]],
    );
}

#[test]
fn what_was_replaced_or_forgotten_on_purpose_is_no_loss() {
    for replaces in ["autocompacted 900", "reset"] {
        let script =
            format!("prompt x\ngranted\nready\ninit c1\nanswered hello\nidle\n{replaces}\n");
        let played =
            Player::new(None).play(&format!("{script}exit code 0\nprompt y\ngranted\nready"));
        assert!(!played.contains("Recall"), "{played}");
    }
    let in_turn = "prompt x\ngranted\nready\ninit c1\nautocompacted 900\nanswered hello\nidle\n";
    let played = Player::new(None).play(&format!("{in_turn}exit code 0\nprompt y\ngranted\nready"));
    assert!(!played.contains("Recall"), "{played}");
}

#[test]
fn settings_files_that_are_passed_over_are_told_when_they_change() {
    check(
        "prompt x\ngranted\nready\npasses_over ~/a.json b.json\npasses_over ~/a.json b.json\n\
         passes_over b.json\npasses_over\npasses_over",
        expect![[r#"
            > prompt x
            > granted
              launch g1 new c1
            > ready
            > passes_over ~/a.json b.json
              answer @1 silent: "⚠ Claude Code passes over these settings files, whole: nothing that they allow or forbid holds.\n• ~/a.json: Invalid or malformed JSON\n• b.json: Invalid or malformed JSON"
              remember no conversation
            > passes_over ~/a.json b.json
            > passes_over b.json
              answer @2 silent: "⚠ Claude Code passes over these settings files, whole: nothing that they allow or forbid holds.\n• b.json: Invalid or malformed JSON"
              remember no conversation
            > passes_over
              remember no conversation
            > passes_over
        "#]],
    );
}

#[test]
fn a_conversation_that_is_nearly_full_is_told_once_until_it_is_compacted() {
    check(
        "prompt x\ngranted\nready\ninit c1\nanswered hello\nnearly_full 83\nnearly_full 84\nidle\n\
         exit code 0\nprompt y\ngranted\nready\nanswered on\nnearly_full 85\nautocompacted 900\n\
         nearly_full 81",
        expect![[r#"
            > prompt x
            > granted
              launch g1 new c1
            > ready
            > init c1
              remember c1
            > answered hello
            > nearly_full 83
              remember c1
            > nearly_full 84
            > idle
            > exit code 0
            > prompt y
            > granted
              launch g2 resume c1
            > ready
              write ask p1 Recall { prompt: PromptId("p1") }
            > answered on
            > nearly_full 85
            > autocompacted 900
              remember c1
            > nearly_full 81
              remember c1
        "#]],
    );
}
