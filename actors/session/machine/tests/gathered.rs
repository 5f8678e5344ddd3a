//! What comes in several messages is one prompt.

use expect_test::{Expect, expect};

use super::support::{Player, check, check_group};

/// Checks what happens in a session whose agent has nothing to do.
pub(super) fn check_idle(script: &str, expected: Expect) {
    let idle = "prompt x\ngranted\nready\nanswered x\nidle\n";
    let played = Player::new(None).play(&format!("{idle}{script}"));
    let rest = played.split_once("> idle\n").expect("it idles").1;
    expected.assert_eq(rest);
}

#[test]
fn the_parts_of_a_long_text_are_one_prompt_as_soon_as_its_end_is_here() {
    check_idle(
        "piece one\n+0.9\ncut two\n+0.9\nprompt three",
        expect![[r#"
        > piece one
        > +0.9
        > cut two
        > +0.9
        > prompt three
          journal p2 accepted p2 started in c1 p4 closed p3 closed
          react 👀 #2
          slot busy
          write text p2: one
        twothree
    "#]],
    );
}

#[test]
fn a_long_text_that_does_not_go_on_runs_after_a_second() {
    check_idle(
        "piece one\n+0.9\n+0.1",
        expect![[r#"
        > piece one
        > +0.9
        > +0.1
          journal p2 accepted p2 started in c1
          react 👀 #2
          slot busy
          write text p2: one
    "#]],
    );
}

#[test]
fn a_part_may_begin_with_any_sign_and_a_command_behind_what_is_passed_on_is_one() {
    check_idle(
        "piece one\nprompt /etc !",
        expect![[r#"
        > piece one
        > prompt /etc !
          journal p2 accepted p2 started in c1 p3 closed
          react 👀 #2
          slot busy
          write text p2: one
        /etc !
    "#]],
    );
    check_idle(
        "forward one\nprompt /unheard of",
        expect![[r#"
        > forward one
        > prompt /unheard of
          journal p2 accepted p2 started in c1
          react 👀 #2
          slot busy
          write text p2: one
          react 👀 #3
          notice @2 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
    "#]],
    );
}

#[test]
fn an_edit_of_a_part_changes_that_part() {
    check_idle(
        "piece one\nedit 2 ONE\nprompt two",
        expect![[r#"
        > piece one
        > edit 2 ONE
          journal p2x accepted p2 closed
          notice @2 to #2 silent: "✎ The new version runs instead."
        > prompt two
          journal p2x accepted p2x started in c1 p3 closed
          react 👀 #2
          slot busy
          write text p2x: ONE
        two
    "#]],
    );
}

#[test]
fn an_edit_of_a_part_that_waits_changes_that_part_and_one_that_is_dropped_is_told_so() {
    check(
        "prompt x\ngranted\nready\nattempt\npiece one\nprompt two\nedit 3 TWO\nedit 2 ONE\n/stop\nedit 3 three",
        expect![[r#"
            > attempt
              journal p1 begun
            > piece one
            > prompt two
              journal p2 accepted p3 closed
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > edit 3 TWO
              journal p3x accepted p2 closed
              notice @2 to #3 silent: "✎ The new version runs instead."
            > edit 2 ONE
              journal p2x accepted p3x closed
              notice @3 to #2 silent: "✎ The new version runs instead."
            > /stop
              journal p4 closed p2x closed with @4
              write interrupt
              answer @4 silent: "1 waiting message was dropped. It will not run."
              edit @1: live "✕ Not run." []
            > edit 3 three
              journal p3xx closed
              notice @5 to #3 silent: "The earlier version did not run. Send the new one as a new message."
        "#]],
    );
}

#[test]
fn stop_and_new_drop_what_is_held() {
    check_idle(
        "piece one\n/status\n/stop\nedit 2 ONE\n+2",
        expect![[r#"
        > piece one
        > /status
          journal p3 closed
          notice @2 to #3: "State: ready\nWaiting messages: 1\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
        > /stop
          journal p4 closed p2 closed with @3
          answer @3 to #4: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
        > edit 2 ONE
          journal p2x closed
          notice @4 to #2 silent: "The earlier version did not run. Send the new one as a new message."
        > +2
    "#]],
    );
    check_idle(
        "piece one\n/new\n+5",
        expect![[r#"
        > piece one
        > /new
          journal p3 closed p2 closed with @2
          kill
          answer @2 to #3: "New conversation. Your next message starts it. 1 waiting message was dropped. It will not run."
        > +5
    "#]],
    );
}

#[test]
fn buttons_and_other_people_are_not_held_up() {
    check_group(
        "prompt x\ngranted\nready\nattempt\nasks Bash ls\npiece one\nanswer y n1 7\nprompt_of 8 other\nprompt two",
        expect![[r#"
            > attempt
              journal p1 begun
            > asks Bash ls
              journal p1 does "Bash: ls – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "ls" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > piece one
            > answer y n1 7
              journal p1 does "Bash: ls" p3 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @1: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "ls" []
              write allow r1 <ls> [] Nothing
            > prompt_of 8 other
              react 👀 #4
              notice @2 to #4 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.4", "✕ Remove=q1.r.4"]
            > prompt two
              journal p2 accepted p5 closed
              react 👀 #2
              notice @3 to #2 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
        "#]],
    );
}

#[test]
fn what_is_held_goes_on_after_a_restart() {
    check(
        "resumed piece one, accepted two, accepted three",
        expect![[r#"
            > resumed piece one, accepted two, accepted three
              journal p1 accepted p2 closed
              react 👀 #1
              slot wanted
              notice @1 silent: "↻ The bridge restarted. Your 2 waiting messages run now."
        "#]],
    );
    check(
        "resumed piece one\ncut two\nprompt three",
        expect![[r#"
        > resumed piece one
          notice @1 silent: "↻ The bridge restarted. Your waiting message runs now."
        > cut two
        > prompt three
          journal p1 accepted p3 closed p2 closed
          react 👀 #1
          slot wanted
    "#]],
    );
}

#[test]
fn what_is_held_when_the_bridge_stops_waits_for_its_return() {
    check(
        "piece one\nshutdown 30",
        expect![[r#"
        > piece one
        > shutdown 30
          answer @1 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
          finish
    "#]],
    );
}

#[test]
fn one_prompt_has_at_most_so_many_parts() {
    let played = Player::new(None).play(&"piece z\n".repeat(33));
    let (before, after) = played.split_once("slot wanted").expect("it is to run");
    assert_eq!(
        (before.matches("> piece").count(), after),
        (32, "\n> piece z\n")
    );
}

#[test]
fn only_so_many_people_are_waited_for() {
    let people: String = (1..=9)
        .map(|person| format!("piece of {person} t{person}\n"))
        .collect();
    check_group(
        &format!("prompt x\ngranted\nready\nattempt\n{people}"),
        expect![[r#"
            > attempt
              journal p1 begun
            > piece of 1 t1
            > piece of 2 t2
            > piece of 3 t3
            > piece of 4 t4
            > piece of 5 t5
            > piece of 6 t6
            > piece of 7 t7
            > piece of 8 t8
            > piece of 9 t9
              journal p2 accepted
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
        "#]],
    );
}

#[test]
fn a_text_whose_rest_a_group_keeps_to_itself_is_said_to_be_cut() {
    check_group(
        "prompt x\ngranted\nready\nattempt\ncut one\n+1\npiece two\n+1",
        expect![[r#"
            > attempt
              journal p1 begun
            > cut one
            > +1
              typing
              journal p2 accepted with @1
              answer @1 to #2: "Telegram cut this text, and in a group its other parts do not reach me. If they matter, send it in our private chat, or mention me in each part."
              react 👀 #2
              notice @2 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > piece two
            > +1
              journal p3 accepted
              react 👀 #3
              notice @3 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
        "#]],
    );
}
