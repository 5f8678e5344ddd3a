//! What a turn can bring besides an answer.

use expect_test::expect;

use super::support::{Player, check, check_resumed};

#[test]
fn an_api_that_is_tried_again_is_told_once() {
    check(
        "prompt x\ngranted\nretrying 1\nretrying 2\nretrying 3",
        expect![[r#"
            > retrying 1
            > retrying 2
              notice @1 silent: "Claude's API has a problem: overloaded. Trying again: 2 of 10."
            > retrying 3
        "#]],
    );
}

#[test]
fn an_api_error_ends_the_turn_and_the_agent_stays() {
    check(
        "prompt x
         granted
         ready
         said API Error: Repeated 529 Overloaded errors.
         apierror API Error: Repeated 529 Overloaded errors.
         idle
         prompt y
         apierror Not logged in · Please run /login",
        expect![[r#"
            > said API Error: Repeated 529 Overloaded errors.
              journal p1 begun
            > apierror API Error: Repeated 529 Overloaded errors.
              journal p1 halted n1 until 51003 Nothing with @1
              answer @1 to #1: choice "⚠ API Error: Repeated 529 Overloaded errors.\n\nNothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at 14:10 UTC."
              slot idle
            > idle
            > prompt y
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: y
            > apierror Not logged in · Please run /login
              journal p2 closed with @2
              answer @2 to #2: "⚠ Not logged in · Please run /login\n\nClaude Code is not logged in, or its login was refused. If this is a private chat, try /login. Otherwise whoever runs the bridge runs `claude` as the bridge's user on its computer and logs in; a group with a room of its own needs claude.credentials in bridge.toml. Then send this again."
              slot idle
        "#]],
    );
}

#[test]
fn a_turn_without_words_is_not_left_unanswered() {
    check(
        "prompt x\ngranted\nready\nanswered",
        expect![[r#"
            > answered
              journal p1 closed with @1
              answer @1 to #1: "✓ Done. Claude wrote no answer."
              slot idle
        "#]],
    );
}

#[test]
fn a_conversation_that_changed_is_remembered() {
    check_resumed(
        "prompt /clear\ngranted\nready clear\ninit c9\nanswered",
        expect![[r#"
            > prompt /clear
              react 👀 #1
              slot wanted
            > granted
              launch g1 resume c0
            > ready clear
              journal p1 begun
              slot busy
              write command p1: /clear
            > init c9
              remember c9
            > answered
              journal p1 closed with @1
              answer @1 to #1: "✓ Done. Claude wrote no answer."
              slot idle
        "#]],
    );
}

#[test]
fn status_tells_what_is_going_on() {
    check(
        "/status\nprompt x\n/status\ngranted\nready\ninit c1\nprompt y\n+75\n/status",
        expect![[r#"
            > /status
              journal p1 closed
              notice @1 to #1: "State: idle, no agent running\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project"
            > prompt x
              react 👀 #2
              slot wanted
            > /status
              journal p3 closed
              notice @2 to #3: "State: waiting for a free agent\nWaiting messages: 1\nConversation: none yet. Your next message starts one.\nFolder: /project"
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > init c1
              remember c1
            > prompt y
              react 👀 #4
              notice @3 to #4 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.4", "✕ Remove=q1.r.4"]
            > +75
              typing ×17
            > /status
              journal p5 closed
              notice @4 to #5: "State: working for 1 min 15 s\nWaiting messages: 1\nConversation: c1\nFolder: /project\nClaude Code: 2.1.330"
        "#]],
    );
}

#[test]
fn a_prompt_that_the_agent_had_before_is_told_and_the_next_one_runs() {
    check_resumed(
        "prompt x\ngranted\nready\nprompt y\nidle\ntook p1\nidle\ntook p2\ninit c0\nidle",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: x
            > ready
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > idle
            > took p1
            > idle
              journal p1 interrupted n1 p2 started in c0 with @2
              answer @2 to #1: choice "⚠ Claude already had this message before an interruption, so it did not run again. Part of it may be done.\n\nNothing repeats unless you say so."
              slot busy
              write text p2: y
              edit @1: live "▶ Claude has it." []
            > took p2
            > init c0
            > idle
        "#]],
    );
}

/// Each failure that a person can do something about has its own way out.
#[test]
fn a_failure_of_the_api_says_what_can_be_done_about_it() {
    let failures = [
        "You've hit your weekly limit · resets 6am (UTC)",
        "API Error: Request rejected (429) · too many requests",
        "API Error: Repeated 529 Overloaded errors.",
        "Not logged in · Please run /login",
        "Credit balance is too low",
        "There's an issue with the selected model (x).",
        "Please run /login · API Error: 401",
        "Invalid API key · Fix external API key",
        "Prompt is too long · the request is ~250000 tokens",
        "Request too large (max 32MB).",
        "API Error: Claude's safeguards flagged this message · rephrase it",
        "API Error: 400 · no such field",
        "API Error: 500 Internal server error.",
    ];
    let turns = failures.map(|text| format!("prompt x\napierror {text}\nidle\n"));
    let script = turns
        .concat()
        .replacen("apierror", "granted\nready\napierror", 1);
    let played = Player::new(None).play(&script);
    let answers = played.lines().filter(|line| line.contains("answer @"));
    let answers: Vec<_> = answers.map(str::trim).collect();
    expect![[r#"
        answer @1 to #1: choice "⚠ You've hit your weekly limit · resets 6am (UTC)\n\nNothing is lost: the conversation is kept, and Claude can go on at 16:05 UTC."
        answer @2 to #2: choice "⚠ API Error: Request rejected (429) · too many requests\n\nNothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at 14:10 UTC."
        answer @3 to #3: choice "⚠ API Error: Repeated 529 Overloaded errors.\n\nNothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at 14:10 UTC."
        answer @4 to #4: "⚠ Not logged in · Please run /login\n\nClaude Code is not logged in, or its login was refused. If this is a private chat, try /login. Otherwise whoever runs the bridge runs `claude` as the bridge's user on its computer and logs in; a group with a room of its own needs claude.credentials in bridge.toml. Then send this again."
        answer @5 to #5: "⚠ Credit balance is too low\n\nThe account has no credit left. Send this again once it has; the conversation continues."
        answer @6 to #6: "⚠ There's an issue with the selected model (x).\n\nChoose another model with /model, then send this again."
        answer @7 to #7: "⚠ Please run /login · API Error: 401\n\nClaude's login has expired or was withdrawn. If this is a private chat, log in again with /login. Otherwise whoever runs the bridge runs `claude` as the bridge's user on its computer and enters /login there; a group with a room of its own needs claude.credentials in bridge.toml. Then send this again."
        answer @8 to #8: "⚠ Invalid API key · Fix external API key\n\nThe API key that Claude uses was refused. On the bridge's computer, set a key that works, or log in, and restart the bridge. Then send this again."
        answer @9 to #9: "⚠ Prompt is too long · the request is ~250000 tokens\n\nThis conversation does not fit Claude's window any more. Shorten it with /compact, choose a model with a larger window with /model, such as sonnet[1m], or start a new one with /new. Then send this again."
        answer @10 to #10: "⚠ Request too large (max 32MB).\n\nThe pictures and files of this conversation are too much for one request. Shorten it with /compact, or start a new one with /new, and send fewer or smaller files."
        answer @11 to #11: "⚠ API Error: Claude's safeguards flagged this message · rephrase it\n\nClaude does not answer this, and will not when it is sent again as it is. Put it in other words, choose another model with /model, or start a new conversation with /new."
        answer @12 to #12: "⚠ API Error: 400 · no such field\n\nSent again as it is, this would be refused again. Change it, or start a new conversation with /new."
        answer @13 to #13: choice "⚠ API Error: 500 Internal server error.\n\nNothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at 14:10 UTC.""#]].assert_eq(&answers.join("\n"));
}
