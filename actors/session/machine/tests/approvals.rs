//! What Claude asks for: permissions.

use expect_test::expect;

use super::support::{Player, record};
use crate::chat_settings::Detail;
use crate::ids::MessageId;
use crate::outbox::{Body, PostAction};
use crate::ports::SessionRecord;
use crate::session::effect::Effect;

/// A turn that works, up to the request.
pub(super) const TURN: &str = "prompt clean up\ngranted\nready\nattempt\n";

/// Runs a script behind [`TURN`] and shows what comes after it.
pub(super) fn check_in_turn(script: &str, expected: expect_test::Expect) {
    let played = Player::new(None).play(&format!("{TURN}{script}"));
    let (_, of_turn) = played.split_once("> attempt\n").expect("the turn begins");
    let (_, shown) = of_turn
        .split_once("> ")
        .expect("and something comes after it");
    expected.assert_eq(&format!("> {shown}"));
}

#[test]
fn a_tool_runs_when_it_is_allowed_and_the_message_becomes_the_decision() {
    check_in_turn(
        "asks Bash rm -rf build\nanswer y n1 7",
        expect![[r#"
            > asks Bash rm -rf build
              journal p1 does "Bash: rm -rf build – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -rf build" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer y n1 7
              journal p1 does "Bash: rm -rf build" p2 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @1: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "rm -rf build" []
              write allow r1 <rm -rf build> [] Nothing
        "#]],
    );
}

#[test]
fn while_it_asks_everything_says_that_it_waits_for_the_person() {
    let player = Player::new(None).showing(Detail::Card);
    let script =
        "+2\nasks Bash rm -rf build\n+4\n+60\n/status\nprompt then this\nanswer y n2 7\n+1";
    let played = player.play(&format!("{TURN}{script}"));
    let (_, shown) = played.split_once("> asks ").expect("it asks");
    expect![[r#"
        Bash rm -rf build
          journal p1 does "Bash: rm -rf build – not allowed yet, so it has not run"
          answer @2 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm -rf build" ["✅ Allow=a1.y.n2", "✕ Deny=a1.n.n2"]
        > +4
          edit @1: card "⏳ 3 s · Waiting for you" ["⏹ Stop=s1.x.n1"]
        > +60
          edit @1: card "⏳ 1 min 2 s · Waiting for you (1 min)" ["⏹ Stop=s1.x.n1"]
        > /status
          journal p2 closed
          notice @3 to #2: "State: waiting for you to allow or deny: rm -rf build (asked 1 min 4 s ago)\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
        > prompt then this
          react 👀 #3
          notice @4 to #3 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["✕ Deny with these words=q1.d.3", "✕ Remove=q1.r.3"]
        > answer y n2 7
          journal p1 does "Bash: rm -rf build" p4 closed
          toast "✅ Allowed."
          audit User(UserId(7)) allow_tool Bash sha256:abc
          edit @2: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "rm -rf build" []
          write allow r1 <rm -rf build> [] Nothing
          edit @4: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
        > +1
    "#]].assert_eq(shown);
}

#[test]
fn what_is_allowed_for_the_session_is_only_the_rules_that_were_shown() {
    check_in_turn(
        "asks Bash git push + Bash(git push *)\nanswer s n1 7",
        expect![[r#"
            > asks Bash git push + Bash(git push *)
              journal p1 does "Bash: git push – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\n“Allow for this session” covers: Bash(git push *)\nReply to deny with a reason. Denied automatically in 30 min." bash "git push" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1", "Allow for this session=a1.s.n1"]
            > answer s n1 7
              journal p1 does "Bash: git push" p2 closed
              toast "✅ Allowed for this session."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @1: live "✅ Allowed for this session by Ada, 14:05 UTC: Bash\nBash(git push *)" bash "git push" []
              write allow r1 <git push> ["rule Bash(git push *)"] Nothing
        "#]],
    );
}

#[test]
fn without_rules_nothing_is_allowed_for_the_session() {
    check_in_turn(
        "asks Bash rm x\nanswer s n1 7",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer s n1 7
              journal p2 closed
              toast "This is no longer open."
        "#]],
    );
}

#[test]
fn a_reply_to_the_message_denies_and_says_why() {
    check_in_turn(
        "asks Bash rm x\nshown 1 50\nreply 50 use trash instead",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > shown 1 50
              remember no conversation card #50
            > reply 50 use trash instead
              journal p1 does "Bash: rm x – denied, so it has not run" p2 closed with @1
              remember no conversation
              react 👌 #2
              audit User(UserId(7)) deny_tool Bash sha256:abc
              edit #50: live "✕ Denied by message, 14:05 UTC: Bash\nuse trash instead" bash "rm x" []
              write deny r1: The user denied this and says: use trash instead
        "#]],
    );
}

#[test]
fn a_reply_to_another_message_is_a_prompt() {
    check_in_turn(
        "asks Bash rm x\nshown 1 50\nreply 49 and now this",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > shown 1 50
              remember no conversation card #50
            > reply 49 and now this
              react 👀 #2
              notice @2 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["✕ Deny with these words=q1.d.2", "✕ Remove=q1.r.2"]
        "#]],
    );
}

#[test]
fn only_the_asker_and_administrators_answer() {
    check_in_turn(
        "asks Bash rm x\nanswer y n1 8\nanswer n n1 admin9",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer y n1 8
              journal p2 closed
              toast "Only the person Claude is working for here, or an administrator, can answer this."
            > answer n n1 admin9
              journal p1 does "Bash: rm x – denied, so it has not run" p3 closed
              toast "✕ Denied."
              audit User(UserId(9)) deny_tool Bash sha256:abc
              edit @1: live "✕ Denied by Ada, 14:05 UTC: Bash" bash "rm x" []
              write deny r1: The user denied this.
        "#]],
    );
}

#[test]
fn a_press_counts_once() {
    check_in_turn(
        "asks Bash rm x\nanswer n n1 7\nanswer y n1 7",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer n n1 7
              journal p1 does "Bash: rm x – denied, so it has not run" p2 closed
              toast "✕ Denied."
              audit User(UserId(7)) deny_tool Bash sha256:abc
              edit @1: live "✕ Denied by Ada, 14:05 UTC: Bash" bash "rm x" []
              write deny r1: The user denied this.
            > answer y n1 7
              journal p3 closed
              toast "This is no longer open."
        "#]],
    );
}

#[test]
fn what_nobody_answers_is_denied_in_time_and_silence_does_not_count_before() {
    check_in_turn(
        "asks Bash rm x\n+1799\n+2",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > +1799
            > +2
              journal p1 does "Bash: rm x – denied, so it has not run"
              audit Bridge deny_tool Bash sha256:abc
              edit @1: live "⌛ Nobody answered within 30 min, so denied: Bash" bash "rm x" []
              write deny r1: Nobody answered within 30 min. Do not ask again at once: go on without it, or end your turn and say what you need.
        "#]],
    );
}

#[test]
fn several_requests_wait_side_by_side() {
    check_in_turn(
        "asks r1 Bash one\nasks r2 Bash two\nanswer y n2 7\nwithdraws r1",
        expect![[r#"
            > asks r1 Bash one
              journal p1 does "Bash: one – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "one" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > asks r2 Bash two
              journal p1 does "Bash: two – not allowed yet, so it has not run"
              answer @2 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "two" ["✅ Allow=a1.y.n2", "✕ Deny=a1.n.n2"]
            > answer y n2 7
              journal p1 does "Bash: two" p2 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @2: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "two" []
              write allow r2 <two> [] Nothing
            > withdraws r1
              edit @1: live "✕ Claude no longer asks; nothing was allowed: Bash" bash "one" []
        "#]],
    );
}

#[test]
fn a_request_after_the_answer_asks_whoever_wrote_last() {
    check_in_turn(
        "answered done\nrunning\nasks Bash make\nanswer y n1 7",
        expect![[r#"
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > running
              slot busy
            > asks Bash make
              answer @2: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "make" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer y n1 7
              journal p2 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @2: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "make" []
              write allow r1 <make> [] Nothing
        "#]],
    );
}

#[test]
fn an_agent_that_goes_takes_its_requests_with_it() {
    check_in_turn(
        "asks Bash rm x\nshown 1 50\nexit code 1",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > shown 1 50
              remember no conversation card #50
            > exit code 1
              journal p1 interrupted n2 7 pays ? with @2 @1
              remember no conversation
              forget agent
              answer @2 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Claude's last step, perhaps unfinished: Bash: rm x – not allowed yet, so it has not run\n\nNothing repeats unless you say so."
              slot released
              edit #50: live "✕ Claude no longer asks; nothing was allowed: Bash" bash "rm x" []
        "#]],
    );
}

#[test]
fn a_stop_takes_the_request_back() {
    check_in_turn(
        "asks Bash rm x\n/stop\nwithdraws r1\ninterrupted",
        expect![[r#"
            > asks Bash rm x
              journal p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > /stop
              journal p2 closed
              write interrupt
            > withdraws r1
              edit @1: live "✕ Claude no longer asks; nothing was allowed: Bash" bash "rm x" []
            > interrupted
              journal p1 closed with @2
              answer @2 to #1: "⏹ Stopped. Part of it may be done."
              slot idle
        "#]],
    );
}

#[test]
fn what_is_too_long_for_a_message_comes_whole_as_a_file() {
    let long = format!("echo {}", "x".repeat(5_000));
    let played = Player::new(None).play(&format!("{TURN}asks Bash {long}"));
    let file = played
        .lines()
        .find(|line| line.contains("file request.txt"));
    expect![[r#"answer @1 to #1 silent: file request.txt of 5005 chars, "All of what Claude wants to do: Bash""#]]
    .assert_eq(file.unwrap_or_default().trim());
    let shown = played.lines().find(|line| line.contains("live"));
    let shown = shown.expect("it asks");
    assert!(shown.contains("characters are left out here"));
    assert!(shown.contains("and the file: abc"));
    assert!(shown.contains("a1.y.n1"));
}

#[test]
fn a_restart_leaves_no_open_request_behind() {
    let mut player = Player::new(None);
    player.restart_with(SessionRecord {
        messages_with_buttons: vec![MessageId(50), MessageId(51)],
        ..record(None)
    });
    expect![[r#"
        > resumed doing clean up
          journal p1 interrupted n1 7 pays ? with @1 @2 @3
          remember no conversation
          edit #50: "⌛ Expired: Claude was interrupted before anybody decided. Nothing was allowed or sent. Claude asks again if it still needs this."
          edit #51: "⌛ Expired: Claude was interrupted before anybody decided. Nothing was allowed or sent. Claude asks again if it still needs this."
          answer @3 to #1: choice "⚠ The bridge restarted while Claude worked on this. Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
    "#]].assert_eq(&player.play("resumed doing clean up"));
}

#[test]
fn too_many_requests_are_turned_away() {
    let requests = "asks Bash x\n".repeat(17);
    let played = Player::new(None).play(&format!("{TURN}{requests}"));
    let turned_away = played
        .lines()
        .filter(|line| line.contains("Too many requests"));
    assert_eq!(turned_away.count(), 1);
}

#[test]
fn every_message_about_a_request_fits_into_one_of_telegram() {
    let long = "🦀".repeat(10_000);
    let rule = "🦀".repeat(125);
    for (request, presses) in [
        (
            format!("asks r1 {long} {long} + {rule}, {rule}"),
            ["y", "s", "n"],
        ),
        (
            format!("questions {long}? * {long} / {long} / {long}"),
            ["o1", "d", "n"],
        ),
        (format!("plan {long}"), ["y", "e", "n"]),
    ] {
        for press in presses {
            let mut player = Player::new(None);
            let script = format!("{TURN}{request}\nanswer {press} n1 7");
            let events: Vec<_> = script.lines().collect();
            for line in events {
                let event = player.parse(line);
                for effect in player.step(event) {
                    check_length(&effect);
                }
            }
        }
    }
}

fn check_length(effect: &Effect) {
    let Effect::Post(post) = effect else { return };
    let (PostAction::Send { body, .. } | PostAction::Edit { body, .. }) = &post.action else {
        return;
    };
    if let Body::Live { text, code, .. } = body {
        let code = code.as_ref().map_or("", |code| &code.text);
        let units = text.encode_utf16().count() + 1 + code.encode_utf16().count();
        assert!(units <= 4_096, "{units} units");
    }
}
