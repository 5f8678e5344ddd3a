//! While Claude waits for a person: what they write meanwhile, and what is said of the wait.

use expect_test::expect;

use super::approvals::{TURN, check_in_turn};
use super::support::Player;

#[test]
fn what_is_written_meanwhile_waits_and_can_deny() {
    check_in_turn(
        "asks Bash rm -r build
         prompt not that folder
         wish d 2 8
         wish d 2 7
         wish d 2 7
         answered as you say",
        expect![[r#"
            > asks Bash rm -r build
              journal p1 does "Bash: rm -r build – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -r build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > prompt not that folder
              react 👀 #2
              notice @2 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["✕ Deny with these words=q1.d.2", "✕ Remove=q1.r.2"]
            > wish d 2 8
              journal p3 closed
              toast "Only the person who wrote the message or an administrator can decide this."
            > wish d 2 7
              journal p1 does "Bash: rm -r build – denied, so it has not run" p4 closed p2 closed
              audit User(UserId(7)) deny_tool Bash sha256:abc
              edit @1: live "✕ Denied by Ada, 14:05 UTC: Bash\nnot that folder" bash "rm -r build" []
              write deny r1: The user denied this and says: not that folder
              toast "✕ Denied with these words."
              edit @2: live "✕ Denied with these words." []
            > wish d 2 7
              journal p5 closed
              toast "This is no longer open."
            > answered as you say
              journal p1 closed with @3
              answer @3 to #1: md "as you say"
              slot idle
        "#]],
    );
}

#[test]
fn what_could_deny_is_an_ordinary_message_once_nothing_is_asked() {
    check_in_turn(
        "asks Bash rm -r build
         prompt and then this
         answer y n1 7
         wish d 2 7
         answered done",
        expect![[r#"
            > asks Bash rm -r build
              journal p1 does "Bash: rm -r build – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -r build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > prompt and then this
              react 👀 #2
              notice @2 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["✕ Deny with these words=q1.d.2", "✕ Remove=q1.r.2"]
            > answer y n1 7
              journal p1 does "Bash: rm -r build" p3 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @1: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "rm -r build" []
              write allow r1 <rm -r build> [] Nothing
              edit @2: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > wish d 2 7
              journal p4 closed
              toast "Claude asks nothing that this could deny. Your message stays queued."
            > answered done
              journal p2 started in c1 p1 closed with @3
              answer @3 to #1: md "done"
              slot busy
              write text p2: and then this
              edit @2: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn a_command_denies_nothing() {
    check_in_turn(
        "asks Bash rm -r build\nprompt /compact",
        expect![[r#"
        > asks Bash rm -r build
          journal p1 does "Bash: rm -r build – not allowed yet, so it has not run"
          answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -r build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
        > prompt /compact
          react 👀 #2
          notice @2 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
    "#]],
    );
}

#[test]
fn what_is_passed_on_answers_neither_a_question_nor_a_plan() {
    check_in_turn(
        "+30
         plan do it
         forward from somebody else
         +2",
        expect![[r#"
            > +30
              typing ×7
            > plan do it
              answer @1 to #1 silent: md "do it"
              answer @2 to #1: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n1", "✅ Approve, and allow all edits=a1.e.n1", "✎ Keep planning=a1.n.n1"]
            > forward from somebody else
            > +2
              journal p2 accepted
              react 👀 #2
              notice @3 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
        "#]],
    );
}

#[test]
fn a_stop_leaves_no_button_behind() {
    check_in_turn(
        "asks Bash rm -r build
         prompt meanwhile
         /stop
         withdraws r1
         interrupted",
        expect![[r#"
            > asks Bash rm -r build
              journal p1 does "Bash: rm -r build – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -r build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > prompt meanwhile
              react 👀 #2
              notice @2 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["✕ Deny with these words=q1.d.2", "✕ Remove=q1.r.2"]
            > /stop
              journal p3 closed p2 closed with @3
              write interrupt
              answer @3 silent: "1 waiting message was dropped. It will not run."
              edit @2: live "✕ Not run." []
            > withdraws r1
              edit @1: live "✕ Claude no longer asks; nothing was allowed: Bash" bash "rm -r build" []
            > interrupted
              journal p1 closed with @4
              answer @4 to #1: "⏹ Stopped. Part of it may be done."
              slot idle
        "#]],
    );
}

#[test]
fn what_was_not_allowed_yet_is_said_not_to_have_run() {
    check_in_turn(
        "tool Bash rm -r build
         asks Bash rm -r build
         exit code 1",
        expect![[r#"
            > tool Bash rm -r build
              journal p1 does "Bash: rm -r build"
            > asks Bash rm -r build
              journal p1 does "Bash: rm -r build – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -r build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > exit code 1
              journal p1 interrupted n2 7 pays ? with @2
              forget agent
              answer @2 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Claude's last step, perhaps unfinished: Bash: rm -r build – not allowed yet, so it has not run\n\nNothing repeats unless you say so."
              slot released
              edit @1: live "✕ Claude no longer asks; nothing was allowed: Bash" bash "rm -r build" []
        "#]],
    );
}

#[test]
fn what_was_allowed_may_have_run() {
    check_in_turn(
        "tool Bash rm -r build
         asks Bash rm -r build
         answer y n1 7
         exit code 1",
        expect![[r#"
            > tool Bash rm -r build
              journal p1 does "Bash: rm -r build"
            > asks Bash rm -r build
              journal p1 does "Bash: rm -r build – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -r build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer y n1 7
              journal p1 does "Bash: rm -r build" p2 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @1: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "rm -r build" []
              write allow r1 <rm -r build> [] Nothing
            > exit code 1
              journal p1 interrupted n2 7 pays ? with @2
              forget agent
              answer @2 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Claude's last step, perhaps unfinished: Bash: rm -r build\n\nNothing repeats unless you say so."
              slot released
        "#]],
    );
}

/// Returns what the journal says of a prompt while two tools are asked about.
fn done_of_two(decisions: &str) -> String {
    let script = format!("{TURN}asks r1 Bash one\nasks r2 Bash two\n{decisions}\nexit code 1");
    let played = Player::new(None).play(&script);
    let last = played.lines().rfind(|line| line.contains(" does "));
    last.unwrap_or_default().trim().to_owned()
}

#[test]
fn of_two_that_wait_the_one_that_may_run_is_named_and_no_other() {
    expect![[r#"
        journal p1 does "Bash: one" p2 closed
        journal p1 does "Bash: one" p2 closed
        journal p1 does "Bash: two" p3 closed
        journal p1 does "Bash: one – not allowed yet, so it has not run" p2 closed
        journal p1 does "Bash: one – denied, so it has not run" p3 closed
    "#]]
    .assert_eq(
        &[
            "answer y n1 7",
            "answer y n1 7\nanswer n n2 7",
            "answer y n1 7\nanswer y n2 7",
            "answer n n2 7",
            "answer n n2 7\nanswer n n1 7",
        ]
        .map(|decisions| format!("{}\n", done_of_two(decisions)))
        .concat(),
    );
}
