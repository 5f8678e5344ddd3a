//! Commands of Claude: what became of them, and what there is in place of those of its terminal.

use expect_test::{Expect, expect};

use super::support::Player;

/// Plays a turn of a command in a conversation; returns what is said and written of it.
fn check(script: &str, expected: Expect) {
    let played = Player::new(None).play(&format!(
        "prompt x\ngranted\nready compact clear usage cost\ninit c1\nanswered hello\nidle\n{script}"
    ));
    let lines = played
        .lines()
        .skip_while(|line| !line.contains("> idle"))
        .skip(1);
    let said = lines.filter(|line| {
        ["answer @", "notice @", "write "]
            .iter()
            .any(|word| line.trim().starts_with(word))
    });
    expected.assert_eq(
        &said
            .map(|line| format!("{}\n", line.trim()))
            .collect::<String>(),
    );
}

#[test]
fn a_compaction_says_how_much_is_left() {
    check(
        "prompt /compact\ncompacted 13569 2549\nanswered",
        expect![[r#"
            write command p2: /compact
            answer @2 to #2: "✓ Compacted. The conversation goes on from its summary: 13.6k tokens became 2.5k."
        "#]],
    );
    check(
        "prompt /compact\ncompacted 13569\nanswered",
        expect![[r#"
        write command p2: /compact
        answer @2 to #2: "✓ Compacted. The conversation, which had 13.6k tokens, goes on from its summary."
    "#]],
    );
}

#[test]
fn a_compaction_that_nobody_asked_for_is_one_quiet_line() {
    check(
        "prompt y\nautocompacted 990011 2623\nanswered done",
        expect![[r#"
            write text p2: y
            notice @2 silent: "The conversation had become too long, so Claude goes on from its summary: 990k tokens became 2.6k."
            answer @3 to #2: md "done"
        "#]],
    );
    check(
        "autocompacted 990011",
        expect![[r#"
        notice @2 silent: "The conversation had become too long (990k tokens), so Claude goes on from its summary."
    "#]],
    );
}

#[test]
fn a_cleared_conversation_is_called_cleared() {
    check(
        "prompt /clear\nreset\ninit c2\nanswered",
        expect![[r#"
        write command p2: /clear
        answer @2 to #2: "✓ Cleared. Your next message starts a new conversation; Claude no longer knows what was said before."
    "#]],
    );
}

#[test]
fn a_command_that_failed_is_not_done() {
    check(
        "prompt /compact\ncommand_failed Error: No messages to compact",
        expect![[r#"
            write command p2: /compact
            answer @2 to #2: "⚠ That did not work: Error: No messages to compact"
        "#]],
    );
}

#[test]
fn what_needs_a_terminal_is_answered_and_not_sent_to_the_model() {
    check(
        "prompt /resume\nprompt /memory\nprompt /login\nprompt /permissions\n\
         prompt /exit\nprompt /plan\nprompt /vim",
        expect![[r#"
            answer @2 to #2: "This chat continues its conversation by itself; /sessions shows earlier ones, and /new starts another one. To continue it in a terminal, send /new here first, then run `claude --resume c1` in /project."
            answer @3 to #3: "What Claude always keeps in mind stands in the file CLAUDE.md of this chat's folder. Ask Claude to show it or to change it."
            write text p4: /login
            notice @4 to #5 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.5", "✕ Remove=q1.r.5"]
            answer @5 to #6: "Nothing has to be closed here: Claude goes to sleep by itself. /stop stops what runs, /new starts a new conversation."
            answer @6 to #7: "Here this is /mode plan. /mode default ends it."
            answer @7 to #8: "/vim works only in a terminal. /help shows what you can do here."
        "#]],
    );
}

#[test]
fn before_claude_has_listed_its_commands_nothing_is_said_in_place_of_one() {
    let played = Player::new(None).play("prompt /resume\ngranted\nready compact");
    assert!(
        played.contains("There is nothing to resume") || played.contains("This chat"),
        "{played}"
    );
    // It may have one of that name.
    let played = Player::new(None).play("prompt /resume\ngranted\nready resume");
    assert!(played.contains("write command p1: /resume"), "{played}");
}
