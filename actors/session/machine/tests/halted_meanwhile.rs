//! What happens while prompts wait with which the API let Claude go no further.

use expect_test::expect;

use super::approvals::check_in_turn;
use super::support::check_resumed;

#[test]
fn all_that_waited_goes_on_together_and_is_named() {
    check_resumed(
        "
        resumed goes_on deploy it, goes_on and test it
        prompt hello
        granted
        ready
        init c0
        answered hi
        idle
        +7260
        ",
        expect![[r#"
            > resumed goes_on deploy it, goes_on and test it
            > prompt hello
              react 👀 #3
              slot wanted
            > granted
              journal p3 started in c0
              launch g1 resume c0
              slot busy
              write text p3: hello
            > ready
            > init c0
            > answered hi
              journal p3 closed with @1
              answer @1 to #3: md "hi"
              slot idle
            > idle
            > +7260
              write close
              kill
              forget agent
              slot released
              journal c1 accepted p1 closed p2 closed with @2 @3 @4 @5
              answer @2 to #1: "▶ The time has come: Claude goes on with this."
              answer @3 to #2: "▶ The time has come: Claude goes on with this."
              slot wanted
              edit #7: "This no longer waits." ×2
        "#]],
    );
}

#[test]
fn a_stop_of_another_turn_takes_it_back_too() {
    check_resumed(
        "
        resumed goes_on deploy it
        prompt hello
        granted
        ready
        init c0
        /stop
        interrupted
        idle
        +7260
        ",
        expect![[r#"
            > resumed goes_on deploy it
            > prompt hello
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: hello
            > ready
            > init c0
            > /stop
              journal p2 begun p3 closed p1 closed with @1 @2
              answer @1 silent: "⏹ What was to go on by itself does not go on any more."
              write interrupt
              edit #7: "This no longer waits."
            > interrupted
              journal p2 closed with @3
              answer @3 to #2: "⏹ Stopped. Part of it may be done."
              slot idle
            > idle
            > +7260
              write close
              kill
              forget agent
              slot released
              finish
        "#]],
    );
}

#[test]
fn a_press_that_comes_late_or_was_forged_never_gives_the_message_again() {
    check_resumed(
        "
        resumed halted deploy it
        press r n0 7
        ",
        expect![[r#"
            > resumed halted deploy it
            > press r n0 7
              journal p2 accepted p1 closed with @1
              edit #2: "▶ Claude continues."
              toast "▶ Claude continues."
              slot wanted
        "#]],
    );
}

#[test]
fn an_edit_of_the_message_does_not_change_what_goes_on() {
    check_resumed(
        "
        resumed goes_on deploy it
        +7260
        edit 1 deploy it twice
        granted
        ",
        expect![[r#"
            > resumed goes_on deploy it
            > +7260
              journal c1 accepted p1 closed with @1 @2
              answer @1 to #1: "▶ The time has come: Claude goes on with this."
              slot wanted
              edit #7: "This no longer waits."
            > edit 1 deploy it twice
              journal p1x closed
              notice @3 to #1 silent: "I do not know what became of the earlier version, so the edit changes nothing. Send the new one as a new message."
            > granted
              journal c1 started in c0
              launch g1 resume c0
              slot busy
              write text c1: > deploy it

            The API stopped your work on what I quote above; now it can go on. What you had begun may have partly run. Check what was done, then go on with it.
        "#]],
    );
}

#[test]
fn a_promise_that_arrives_late_is_closed_when_it_does() {
    check_in_turn(
        "init c1
         apierror You've hit your weekly limit · resets 4pm (UTC)
         idle
         press w n1 7
         /stop
         shown 1 900
         shown 1 900",
        expect![[r#"
            > init c1
              remember c1
            > apierror You've hit your weekly limit · resets 4pm (UTC)
              journal p1 halted n1 until 57937 Nothing with @1
              answer @1 to #1: choice "⚠ You've hit your weekly limit · resets 4pm (UTC)\n\nNothing is lost: the conversation is kept, and Claude can go on at 16:05 UTC."
              slot idle
            > idle
            > press w n1 7
              journal p1 halted n1 until 57937 GoesOn p2 closed
              edit #2: choice "▶ Claude goes on at 16:05 UTC by itself."
              toast "▶ Claude goes on at 16:05 UTC by itself."
            > /stop
              journal p3 closed p1 closed with @3
              answer @3 silent: "⏹ What was to go on by itself does not go on any more."
              notice @4 to #3: "Nothing is running."
            > shown 1 900
              edit #900: "This no longer waits."
            > shown 1 900
        "#]],
    );
}
