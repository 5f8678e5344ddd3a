//! Prompts with which the API let Claude go no further.

use expect_test::expect;

use super::approvals::check_in_turn;
use super::support::check_resumed;

#[test]
fn what_a_limit_stopped_goes_on_when_it_has_ended_if_the_person_wants_that() {
    check_in_turn(
        "init c1
         tool Bash make
         apierror You've hit your weekly limit · resets 4pm (UTC)
         idle
         press w n1 7
         /status
         +900
         exit code 0
         +6360
         granted
         ready
         init c1
         answered done now",
        expect![[r#"
            > init c1
              remember c1
            > tool Bash make
              journal p1 does "Bash: make"
            > apierror You've hit your weekly limit · resets 4pm (UTC)
              journal p1 halted n1 until 57937 Nothing with @1
              answer @1 to #1: choice "⚠ You've hit your weekly limit · resets 4pm (UTC)\n\nNothing is lost: the conversation is kept, and Claude can go on at 16:05 UTC."
              slot idle
            > idle
            > press w n1 7
              journal p1 halted n1 until 57937 GoesOn p2 closed
              edit #2: choice "▶ Claude goes on at 16:05 UTC by itself."
              toast "▶ Claude goes on at 16:05 UTC by itself."
            > /status
              journal p3 closed
              notice @3 to #3: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\n▶ Claude goes on at 16:05 UTC by itself.\nClaude Code: 2.1.330"
            > +900
              write close
            > exit code 0
              forget agent
              slot released
            > +6360
              journal c2 accepted p1 closed with @4
              answer @4 to #1: "▶ The time has come: Claude goes on with this."
              slot wanted
            > granted
              journal c2 started in c1
              launch g2 resume c1
              slot busy
              write text c2: > clean up

            The API stopped your work on what I quote above; now it can go on. What you had begun may have partly run. Check what was done, then go on with it.
            > ready
            > init c1
            > answered done now
              journal c2 closed with @5
              answer @5 to #1: md "done now"
              slot idle
        "#]],
    );
}

#[test]
fn it_goes_on_after_a_restart_and_whoever_left_it_does_not() {
    check_resumed(
        "
        resumed goes_on deploy it
        press d n0 7
        +7200
        ",
        expect![[r#"
            > resumed goes_on deploy it
            > press d n0 7
              journal p2 closed p1 closed with @1
              edit #2: "✕ It does not go on."
              toast "✕ It does not go on."
            > +7200
              finish
        "#]],
    );
    check_resumed(
        "
        resumed goes_on deploy it
        +7260
        +1
        granted
        ready
        ",
        expect![[r#"
            > resumed goes_on deploy it
            > +7260
              journal c1 accepted p1 closed with @1 @2
              answer @1 to #1: "▶ The time has come: Claude goes on with this."
              slot wanted
              edit #7: "This no longer waits."
            > +1
            > granted
              journal c1 started in c0
              launch g1 resume c0
              slot busy
              write text c1: > deploy it

            The API stopped your work on what I quote above; now it can go on. What you had begun may have partly run. Check what was done, then go on with it.
            > ready
        "#]],
    );
}

#[test]
fn what_is_to_go_on_is_stopped_by_stop_and_left_behind_by_a_new_conversation() {
    check_resumed(
        "
        resumed goes_on deploy it
        /stop
        +7260
        ",
        expect![[r#"
            > resumed goes_on deploy it
            > /stop
              journal p2 closed p1 closed with @1 @3
              answer @1 silent: "⏹ What was to go on by itself does not go on any more."
              notice @2 to #2: "Nothing is running."
              edit #7: "This no longer waits."
            > +7260
              finish
        "#]],
    );
    check_resumed(
        "
        resumed goes_on deploy it
        /new
        +7260
        ",
        expect![[r#"
            > resumed goes_on deploy it
            > /new
              remember no conversation
              journal p2 closed p1 closed with @1 @2
              answer @1 to #2: "New conversation. Your next message starts it."
              edit #7: "This no longer waits."
            > +7260
              finish
        "#]],
    );
}

#[test]
fn a_limit_without_an_end_and_a_failing_api_can_be_tried_again_later_or_now() {
    check_in_turn(
        "init c1
         apierror API Error: Repeated 529 Overloaded errors.
         idle
         press c n1 7",
        expect![[r#"
            > init c1
              remember c1
            > apierror API Error: Repeated 529 Overloaded errors.
              journal p1 halted n1 until 51003 Nothing with @1
              answer @1 to #1: choice "⚠ API Error: Repeated 529 Overloaded errors.\n\nNothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at 14:10 UTC."
              slot idle
            > idle
            > press c n1 7
              journal p2 accepted p2 started in c1 p1 closed with @2
              edit #2: "▶ Claude continues."
              toast "▶ Claude continues."
              slot busy
              write text p2: > clean up

            The API stopped your work on what I quote above; now it can go on. What you had begun may have partly run. Check what was done, then go on with it.
        "#]],
    );
}

#[test]
fn where_it_is_configured_nobody_is_asked() {
    check_in_turn(
        "init c1
         configure at_reset goes_on
         apierror You've hit your weekly limit · resets 4pm (UTC)
         idle
         prompt and this
         init c1
         apierror API Error: Request rejected (429)",
        expect![[r#"
            > init c1
              remember c1
            > configure at_reset goes_on
            > apierror You've hit your weekly limit · resets 4pm (UTC)
              journal p1 halted n1 until 57937 GoesOn with @1
              answer @1 to #1: choice "⚠ You've hit your weekly limit · resets 4pm (UTC)\n\n▶ Claude goes on at 16:05 UTC by itself."
              slot idle
            > idle
            > prompt and this
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: and this
            > init c1
            > apierror API Error: Request rejected (429)
              journal p2 halted n2 until 51004 Nothing with @2
              answer @2 to #2: choice "⚠ API Error: Request rejected (429)\n\nNothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at 14:10 UTC."
              slot idle
        "#]],
    );
}

#[test]
fn a_limit_that_still_holds_is_told_again_and_nothing_repeats() {
    check_resumed(
        "
        resumed goes_on deploy it
        +7260
        +1
        granted
        ready
        init c0
        apierror You've hit your weekly limit · resets 4pm (UTC)
        idle
        ",
        expect![[r#"
            > resumed goes_on deploy it
            > +7260
              journal c1 accepted p1 closed with @1 @2
              answer @1 to #1: "▶ The time has come: Claude goes on with this."
              slot wanted
              edit #7: "This no longer waits."
            > +1
            > granted
              journal c1 started in c0
              launch g1 resume c0
              slot busy
              write text c1: > deploy it

            The API stopped your work on what I quote above; now it can go on. What you had begun may have partly run. Check what was done, then go on with it.
            > ready
            > init c0
            > apierror You've hit your weekly limit · resets 4pm (UTC)
              journal c1 halted n1 until 57937 Nothing with @3
              answer @3 to #1: choice "⚠ You've hit your weekly limit · resets 4pm (UTC)\n\nNothing is lost: the conversation is kept, and Claude can go on at 16:05 UTC."
              slot idle
            > idle
        "#]],
    );
}

#[test]
fn a_stopped_turn_and_a_command_do_not_go_on() {
    check_in_turn(
        "init c1
         /stop
         apierror You've hit your weekly limit · resets 4pm (UTC)
         idle
         prompt /compact
         init c1
         apierror You've hit your weekly limit · resets 4pm (UTC)",
        expect![[r#"
            > init c1
              remember c1
            > /stop
              journal p2 closed
              write interrupt
            > apierror You've hit your weekly limit · resets 4pm (UTC)
              journal p1 closed with @1
              answer @1 to #1: "⚠ You've hit your weekly limit · resets 4pm (UTC)\n\nClaude's API accepts no more requests from this account for now. Send this again later; the conversation continues."
              slot idle
            > idle
            > prompt /compact
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: /compact
            > init c1
            > apierror You've hit your weekly limit · resets 4pm (UTC)
              journal p3 closed with @2
              answer @2 to #3: "⚠ You've hit your weekly limit · resets 4pm (UTC)\n\nClaude's API accepts no more requests from this account for now. Send this again later; the conversation continues."
              slot idle
        "#]],
    );
}
