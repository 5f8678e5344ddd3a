//! What an edited message is told, for each state that it can be in:
//!
//! | state | told |
//! |---|---|
//! | waiting, here or after a restart | the new text runs |
//! | running; taken in beside what runs | too late |
//! | given to Claude, unread | read at its next step |
//! | being stopped | so it is |
//! | interrupted, with a choice | the choice stands |
//! | done; the answer to a request | Claude had it |
//! | dropped, removed, refused as full, never read by an agent that died | it did not run |
//! | of an earlier session, of somebody else | nobody knows |
//!
//! An edit that makes a message a command is that command; what waited of it does not run.

use expect_test::{Expect, expect};

use super::support::{Player, check};

/// Checks what is said to the last line of a script, an edit.
fn check_told(script: &str, expected: Expect) {
    let played = Player::new(None).play(script);
    let edit = played.rsplit_once("> edit ").expect("an edit").1;
    let told = edit.lines().filter(|line| line.contains("notice @"));
    let told: Vec<_> = told.filter_map(|line| line.split('"').nth(1)).collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn what_waits_runs_as_it_is_now() {
    check_told(
        "prompt a\nedit 1 b",
        expect!["✎ The new version runs instead."],
    );
    check_told(
        "prompt a\ngranted\nready\nattempt\nprompt b\nedit 2 c",
        expect!["✎ The new version runs instead."],
    );
    check_told(
        "resumed accepted a\nedit 1 b",
        expect!["✎ The new version runs instead."],
    );
}

#[test]
fn what_claude_works_on_is_told_so() {
    check_told(
        "prompt a\ngranted\nready\nattempt\nedit 1 b",
        expect![
            "Claude is already working on the earlier version. Send the change as a new message and press “Send now”, or send /stop."
        ],
    );
    let taken = "prompt a\ngranted\nready\nattempt\nprompt b\nwish n 2 7\ntook p2\nedit 2 c";
    check_told(
        taken,
        expect![
            "Claude is already working on the earlier version. Send the change as a new message and press “Send now”, or send /stop."
        ],
    );
}

#[test]
fn what_claude_has_not_read_is_told_so() {
    let unread = "prompt a\ngranted\nready\nattempt\nprompt b\nwish n 2 7\nedit 2 c";
    check_told(
        unread,
        expect![
            "Claude was given the earlier version and reads it at its next step. Send the change as a new message."
        ],
    );
}

#[test]
fn what_is_being_stopped_is_told_so() {
    check_told(
        "prompt a\ngranted\nready\nattempt\n/stop\nedit 1 b",
        expect!["Work on the earlier version is being stopped. Send the new one as a new message."],
    );
}

#[test]
fn what_waits_for_a_choice_is_told_so() {
    check_told(
        "resumed interrupted a\nedit 1 b",
        expect![
            "The earlier version waits for your choice above. To run the new one, send it as a new message."
        ],
    );
    check_told(
        "prompt a\ngranted\nready\nattempt\nexit code 1\nedit 1 b",
        expect![
            "The earlier version waits for your choice above. To run the new one, send it as a new message."
        ],
    );
}

#[test]
fn what_claude_had_is_told_so() {
    check_told(
        "prompt a\ngranted\nready\nattempt\nanswered x\nedit 1 b",
        expect!["Claude already had the earlier version. Send the new one as a new message."],
    );
    let stopped = "prompt a\ngranted\nready\nattempt\n/stop\ninterrupted\nedit 1 b";
    check_told(
        stopped,
        expect!["Claude already had the earlier version. Send the new one as a new message."],
    );
    let reason =
        "prompt a\ngranted\nready\nattempt\nasks Bash ls\nshown 1 50\nreply 50 no\nedit 2 b";
    check_told(
        reason,
        expect!["Claude already had the earlier version. Send the new one as a new message."],
    );
}

#[test]
fn what_never_ran_is_told_so() {
    let waits = "prompt a\ngranted\nready\nattempt\nprompt b\n";
    check_told(
        &format!("{waits}/stop\nedit 2 c"),
        expect!["The earlier version did not run. Send the new one as a new message."],
    );
    check_told(
        &format!("{waits}/new\nedit 2 c"),
        expect!["The earlier version did not run. Send the new one as a new message."],
    );
    check_told(
        &format!("{waits}wish r 2 7\nedit 2 c"),
        expect!["The earlier version did not run. Send the new one as a new message."],
    );
    let full = "configure queue 1\nprompt a\nprompt b\nedit 2 c";
    check_told(
        full,
        expect!["The earlier version did not run. Send the new one as a new message."],
    );
    check_told(
        "prompt a\ngranted\nexit code 1\nedit 1 b",
        expect!["The earlier version did not run. Send the new one as a new message."],
    );
}

#[test]
fn what_nobody_knows_is_told_so() {
    check_told(
        "edit 77 b",
        expect![
            "I do not know what became of the earlier version, so the edit changes nothing. Send the new one as a new message."
        ],
    );
    check_told(
        "prompt_of 8 a\nedit 1 b",
        expect![
            "I do not know what became of the earlier version, so the edit changes nothing. Send the new one as a new message."
        ],
    );
}

#[test]
fn words_that_are_edited_into_a_command_do_not_run() {
    check(
        "prompt x\ngranted\nready\nattempt\nprompt /statsu\npiece /stpo\nedit_to_status 2\nedit_to_stop 3\n+2",
        expect![[r#"
            > attempt
              journal p1 begun
            > prompt /statsu
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > piece /stpo
            > edit_to_status 2
              journal p4 closed p2 closed
              notice @2 to #2: "State: working for 0 s\nWaiting messages: 1\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
              edit @1: live "✕ Not run." []
            > edit_to_stop 3
              journal p5 closed p3 closed
              write interrupt
            > +2
              typing
        "#]],
    );
}
