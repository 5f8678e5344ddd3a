//! What an agent does in the background.

use expect_test::expect;

use super::approvals::check_in_turn;
use super::support::{Player, check_group};

#[test]
fn background_work_is_listed_and_stopped_by_name() {
    check_in_turn(
        "task b1
         task b2
         answered started them
         /tasks
         task_ended b1
         stop_task 0 n1 7
         stop_task 1 n1 7
         stop_task 1 n9 7
         task_ended b2
         /tasks",
        expect![[r#"
            > task b1
            > task b2
            > answered started them
              journal p1 closed with @1
              answer @1 to #1: md "started them"
              slot idle
            > /tasks
              journal p2 closed
              answer @2 to #2 silent: live "Running in the background:\n• Run b1\n• Run b2" ["⏹ Run b1=k1.0.n1", "Output=o1.b1", "⏹ Run b2=k1.1.n1", "Output=o1.b2"]
            > task_ended b1
              edit @2: live "Running in the background:\n• Run b2" ["⏹ Run b2=k1.1.n1", "Output=o1.b2"]
            > stop_task 0 n1 7
              journal p3 closed
              toast "It has already ended."
            > stop_task 1 n1 7
              journal p4 closed
              write stop task b2
              toast "⏹ Stopping it."
            > stop_task 1 n9 7
              journal p5 closed
              toast "It has already ended."
            > task_ended b2
              edit @2: live "The background work has ended." []
            > /tasks
              journal p6 closed with @3
              answer @3 to #6: "Nothing is running in the background."
        "#]],
    );
}

#[test]
fn in_a_group_what_a_removed_person_left_in_the_background_is_ended() {
    check_group(
        "
        prompt_of 8 x
        granted
        ready
        attempt
        task b1
        answered done
        idle
        revoke 9
        revoke 8
        exit signal 9
        ",
        expect![[r#"
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > attempt
              journal p1 begun
            > task b1
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > idle
            > revoke 9
            > revoke 8
              kill
              answer @2 silent: "⏹ The background work was ended: the person who asked for it may no longer use this bot. Part of it may be done."
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_works_in_the_background_is_not_idle() {
    check_in_turn(
        "in_background b1
         answered started it
         idle
         +100000
         in_background
         +899
         +2",
        expect![[r#"
            > in_background b1
              remember no conversation
            > answered started it
              journal p1 closed with @1
              answer @1 to #1: md "started it"
              slot idle
            > idle
            > +100000
            > in_background
              remember no conversation
            > +899
            > +2
              write close
        "#]],
    );
}

#[test]
fn what_ended_with_an_agent_is_told_once() {
    check_in_turn(
        "in_background b1 b2
         answered started them
         idle
         in_background b2
         exit signal 9
         /tasks",
        expect![[r#"
            > in_background b1 b2
              remember no conversation
            > answered started them
              journal p1 closed with @1
              answer @1 to #1: md "started them"
              slot idle
            > idle
            > in_background b2
              remember no conversation
            > exit signal 9
              journal with @2
              remember no conversation
              forget agent
              slot released
              answer @2 silent: "⚠ Claude ended while it worked in the background (signal 9).\nThis ended with it:\n• Run b2"
            > /tasks
              journal p2 closed with @3
              answer @3 to #2: "Nothing is running in the background."
        "#]],
    );
}

#[test]
fn an_agent_that_has_to_make_room_says_what_ended_with_it() {
    check_in_turn(
        "in_background b1
         answered started it
         idle
         yield
         exit code 0",
        expect![[r#"
            > in_background b1
              remember no conversation
            > answered started it
              journal p1 closed with @1
              answer @1 to #1: md "started it"
              slot idle
            > idle
            > yield
              journal with @2
              remember no conversation
              write close
              answer @2 silent: "⚠ Claude's process has ended, and this ended with it:\n• Run b1"
            > exit code 0
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn what_ended_with_the_bridge_is_told_by_the_next_one() {
    let mut player = Player::new(None);
    player.restart_in_background(&["Run b1", "Run b2"]);
    let played = player.play("prompt x");
    expect![[r#"
        > prompt x
          journal with @1
          remember no conversation
          react 👀 #1
          slot wanted
          answer @1 silent: "⚠ Claude's process has ended, and this ended with it:\n• Run b1\n• Run b2"
    "#]].assert_eq(&played);
}

#[test]
fn stop_ends_what_goes_on_in_the_background() {
    check_in_turn(
        "in_background b1
         answered started it
         idle
         +100
         /status
         /stop
         exit signal 9
         /stop",
        expect![[r#"
            > in_background b1
              remember no conversation
            > answered started it
              journal p1 closed with @1
              answer @1 to #1: md "started it"
              slot idle
            > idle
            > +100
            > /status
              journal p2 closed
              notice @2 to #2: "State: working in the background\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
            > /stop
              journal p3 closed with @3
              remember no conversation
              kill
              answer @3 to #3: "⏹ Ended the background work.\nThis ended with it:\n• Run b1"
            > exit signal 9
              forget agent
              slot released
            > /stop
              journal p4 closed
              notice @4 to #4: "Nothing is running."
        "#]],
    );
}

#[test]
fn a_task_that_is_listed_keeps_its_agent_and_has_a_button() {
    check_in_turn(
        "in_background b1
         task b2
         answered started it
         idle
         /tasks
         stop_task 0 n1 7
         task_ended b1
         task_ended b2
         +899
         +2",
        expect![[r#"
            > in_background b1
              remember no conversation
            > task b2
            > answered started it
              journal p1 closed with @1
              answer @1 to #1: md "started it"
              slot idle
            > idle
            > /tasks
              journal p2 closed
              answer @2 to #2 silent: live "Running in the background:\n• Run b1\n• Run b2" ["⏹ Run b1=k1.0.n1", "Output=o1.b1", "⏹ Run b2=k1.1.n1", "Output=o1.b2"]
            > stop_task 0 n1 7
              journal p3 closed
              write stop task b1
              toast "⏹ Stopping it."
            > task_ended b1
              remember no conversation
              edit @2: live "Running in the background:\n• Run b2" ["⏹ Run b2=k1.1.n1", "Output=o1.b2"]
            > task_ended b2
              edit @2: live "The background work has ended." []
            > +899
            > +2
              write close
        "#]],
    );
}

#[test]
fn what_belongs_to_a_turn_is_not_told_to_have_ended_in_the_background() {
    check_in_turn(
        "task b1
         task_in_background b2
         answered started them
         running
         +100
         exit signal 9",
        expect![[r#"
            > task b1
            > task_in_background b2
              remember no conversation
            > answered started them
              journal p1 closed with @1
              answer @1 to #1: md "started them"
              slot idle
            > running
              slot busy
            > +100
            > exit signal 9
              journal with @2
              remember no conversation
              forget agent
              slot released
              answer @2 silent: "⚠ Claude ended while it worked in the background (signal 9).\nThis ended with it:\n• Run b2"
        "#]],
    );
}

/// Whoever misses the word about it is told by the next run.
#[test]
fn what_ended_is_forgotten_behind_the_word_about_it() {
    check_in_turn(
        "in_background b1
         answered started it
         idle
         +10000
         lockdown",
        expect![[r#"
            > in_background b1
              remember no conversation
            > answered started it
              journal p1 closed with @1
              answer @1 to #1: md "started it"
              slot idle
            > idle
            > +10000
            > lockdown
              journal with @2
              remember no conversation
              kill
              answer @2 silent: "🔒 The bridge was locked down, which ended Claude's background work here. Part of it may be done.\nThis ended with it:\n• Run b1"
        "#]],
    );
}
