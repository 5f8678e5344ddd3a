//! Commands and presses that were written down and that no session had seen, or on which one broke.

use expect_test::expect;

use super::support::{Player, check, check_resumed};

#[test]
fn a_stop_that_was_lost_in_a_crash_stops_what_came_before_it_and_nothing_else() {
    check_resumed(
        "
        resumed started one, accepted two, then /stop, accepted three
        granted
        ",
        expect![[r#"
            > resumed started one, accepted two, then /stop, accepted three
              journal p1 anew p1 closed p2 closed p3 closed with @1
              answer @1 to #3: "⏹ Nothing had started yet. 2 waiting messages were dropped. They will not run."
              notice @2 silent: "↻ The bridge restarted. Your waiting message runs now."
              slot wanted
            > granted
              journal p4 started in c0
              launch g1 resume c0
              slot busy
              write text p4: three
        "#]],
    );
}

#[test]
fn what_was_interrupted_before_a_lost_stop_can_still_be_decided_about() {
    check_resumed(
        "resumed doing one, then /stop",
        expect![[r#"
            > resumed doing one, then /stop
              journal p1 interrupted n1 p2 closed 7 pays ? with @1
              answer @1 to #1: choice "⚠ The bridge restarted while Claude worked on this. Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
              notice @2 to #2: "Nothing is running."
        "#]],
    );
}

#[test]
fn a_new_conversation_that_was_lost_in_a_crash_begins_with_its_own_text() {
    check_resumed(
        "
        resumed accepted one, then /new two, accepted three
        granted
        ",
        expect![[r#"
            > resumed accepted one, then /new two, accepted three
              remember no conversation
              journal p2 accepted p1 closed with @1
              answer @1 to #2: "New conversation. 1 waiting message was dropped. It will not run."
              react 👀 #2
              slot wanted
              notice @2 silent: "↻ The bridge restarted. Your 2 waiting messages run now."
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: two
        "#]],
    );
}

#[test]
fn a_changed_text_that_was_lost_in_a_crash_runs_as_it_is_now() {
    check_resumed(
        "
        resumed accepted one, accepted two, then edit 1 one and a half
        granted
        ",
        expect![[r#"
            > resumed accepted one, accepted two, then edit 1 one and a half
              journal p1x accepted p1 closed
              notice @1 to #1 silent: "✎ The new version runs instead."
              notice @2 silent: "↻ The bridge restarted. Your 2 waiting messages run now."
              slot wanted
            > granted
              journal p1x started in c0
              launch g1 resume c0
              slot busy
              write text p1x: one and a half
        "#]],
    );
}

#[test]
fn a_press_that_was_lost_in_a_crash_counts() {
    check_resumed(
        "
        resumed interrupted one, then press r n0 7
        granted
        ",
        expect![[r#"
            > resumed interrupted one, then press r n0 7
              journal p2 accepted p1 closed with @1
              edit #2: "↻ It runs again. The interrupted message: one"
              toast "↻ It runs again."
              slot wanted
              notice @2 silent: "↻ The bridge restarted. Your waiting message runs now."
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: one
        "#]],
    );
}

#[test]
fn a_choice_that_was_lost_in_a_crash_is_kept() {
    check_resumed(
        "resumed then /verbose 2, then /trust admin, then /mode plan",
        expect![[r#"
            > resumed then /verbose 2, then /trust admin, then /mode plan
              remember c0 with plan trusted
              journal p1 closed p2 closed p3 closed with @1 @2 @3
              answer @1 to #1: "How much of the work this chat shows:\n○ /verbose 0 – only the answer\n○ /verbose 1 – what Claude does right now, and its words as they come\n● /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote"
              audit User(UserId(7)) trust_folder /project
              answer @2 to #2: "Trusted. From the next message on, the hooks, subagents, settings and MCP servers in /project run without asking, also after every change to them. /trust off takes that back."
              answer @3 to #3: "Mode: only plan."
        "#]],
    );
}

#[test]
fn what_a_fault_left_in_the_mailbox_is_done_once_and_in_its_order() {
    check(
        "
        rebuilt accepted one, then /stop, accepted three
        again 1 one
        again 3 three
        granted
        ",
        expect![[r#"
            > rebuilt accepted one, then /stop, accepted three
              journal p1 anew p3 anew p1 closed p2 closed with @2
              notice @1 silent: "⚠ A fault inside the bridge restarted this chat's session. The conversation continues."
              answer @2 to #2: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
              notice @3 silent: "↻ Your waiting message was kept and runs now."
              slot wanted
            > again 1 one
              journal p1 closed
            > again 3 three
            > granted
              journal p3 started in c1
              launch g1 new c1
              slot busy
              write text p3: three
        "#]],
    );
}

#[test]
fn a_command_on_which_the_session_broke_is_not_tried_again() {
    check(
        "broke_on accepted one, then /new",
        expect![[r#"
            > broke_on accepted one, then /new
              journal p1 anew p2 closed with @2
              notice @1 silent: "⚠ A fault inside the bridge restarted this chat's session. The conversation continues."
              answer @2 to #2: "⚠ A fault inside the bridge stopped this. It was not done. Send it again if you still want it."
              notice @3 silent: "↻ Your waiting message was kept and runs now."
              slot wanted
        "#]],
    );
}

#[test]
fn the_card_of_a_turn_that_was_cut_keeps_its_words_and_loses_its_button() {
    let mut player = Player::new(None);
    player.restart_with_turn_card(40, "p1", "so far I have found");
    expect![[r#"
        > resumed begun one
          journal p1 interrupted n1 7 pays ? with @1 @2
          remember no conversation
          edit #40: card "⏹ Interrupted.\nCut short:" folded "so far I have found" []
          answer @2 to #1: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
    "#]].assert_eq(&player.play("resumed begun one"));
    let mut player = Player::new(None);
    player.restart_with_turn_card(40, "p1", "");
    expect![[r#"
        > resumed
          edit #40: card "⏹ Interrupted." []
          remember no conversation
    "#]]
    .assert_eq(&player.play("resumed"));
}

#[test]
fn a_stop_that_was_pressed_before_the_turn_began_holds_over_a_crash() {
    let mut player = Player::new(None);
    player.restart_with_turn_card(2, "p1", "");
    expect![[r#"
        > resumed started one, then stop x n1 7, accepted two
          journal p1 anew p1 closed p2 closed with @1 @2
          remember no conversation
          edit #2: card "⏹ Interrupted." []
          answer @2 to #1: "⏹ Stopped before it started. Nothing ran."
          toast "⏹ Stopped before it started."
          notice @3 silent: "↻ The bridge restarted. Your waiting message runs now."
          slot wanted
    "#]]
    .assert_eq(&player.play("resumed started one, then stop x n1 7, accepted two"));
}

#[test]
fn a_message_that_was_taken_back_before_a_crash_does_not_run() {
    check_resumed(
        "
        resumed accepted one, accepted two, then wish r 1 7
        wish n 2 7
        granted
        ready
        wish r 2 7
        ",
        expect![[r#"
            > resumed accepted one, accepted two, then wish r 1 7
              journal p1 closed p3 closed with @1
              edit #3: "This is no longer waiting."
              toast "✕ Removed."
              notice @2 silent: "↻ The bridge restarted. Your waiting message runs now."
              slot wanted
            > wish n 2 7
              journal p4 closed
              toast "Claude cannot take this now. It runs when everything before it is done."
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: two
            > ready
            > wish r 2 7
              journal p5 closed with @3
              edit #5: "This is no longer waiting."
              toast "This is no longer open."
        "#]],
    );
}
