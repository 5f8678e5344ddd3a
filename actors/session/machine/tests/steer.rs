//! What a person says while a turn runs.

use expect_test::expect;

use super::approvals::check_in_turn;

#[test]
fn what_is_sent_now_is_answered_with_the_turn_that_takes_it_in() {
    check_in_turn(
        "prompt and tests
         wish n 2 7
         took p2
         answered both done",
        expect![[r#"
            > prompt and tests
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > wish n 2 7
              journal p2 started in c1 p3 closed
              write text p2: and tests
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
            > took p2
              journal p2 begun
            > answered both done
              journal p1 closed p2 closed with @2
              answer @2 to #1: md "both done"
              slot idle
        "#]],
    );
}

#[test]
fn what_no_turn_took_in_is_the_next_one() {
    check_in_turn(
        "prompt and tests
         prompt and docs
         wish n 2 7
         wish n 3 7
         answered first done
         took p2
         took p3
         answered the rest is done
         idle",
        expect![[r#"
            > prompt and tests
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt and docs
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > wish n 2 7
              journal p2 started in c1 p4 closed
              write text p2: and tests
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
            > wish n 3 7
              journal p3 started in c1 p5 closed
              write text p3: and docs
              toast "▶ Claude gets it with its next step."
              edit @2: live "▶ Claude has it." []
            > answered first done
              journal p1 closed with @3
              answer @3 to #1: md "first done"
            > took p2
            > took p3
              journal p3 begun
            > answered the rest is done
              journal p2 closed p3 closed with @4
              answer @4 to #2: md "the rest is done"
              slot idle
            > idle
        "#]],
    );
}

#[test]
fn what_is_removed_does_not_run() {
    check_in_turn(
        "prompt and tests
         wish r 2 8
         wish r 2 7
         wish r 2 7
         answered done",
        expect![[r#"
            > prompt and tests
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > wish r 2 8
              journal p3 closed
              toast "Only the person who wrote the message or an administrator can decide this."
            > wish r 2 7
              journal p4 closed p2 closed
              toast "✕ Removed."
              edit @1: live "✕ Not run." []
            > wish r 2 7
              journal p5 closed
              toast "This is no longer open."
            > answered done
              journal p1 closed with @2
              answer @2 to #1: md "done"
              slot idle
        "#]],
    );
}

#[test]
fn a_stop_ends_an_agent_that_has_more_to_do() {
    check_in_turn(
        "prompt and tests
         wish n 2 7
         /stop
         exit signal 9",
        expect![[r#"
            > prompt and tests
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > wish n 2 7
              journal p2 started in c1 p3 closed
              write text p2: and tests
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
            > /stop
              journal p2 begun p4 closed
              kill
            > exit signal 9
              journal p1 closed p2 closed 7 pays ? with @2 @3
              forget agent
              answer @2 silent: "1 waiting message was dropped. It will not run."
              answer @3 to #1: "⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation."
              slot released
        "#]],
    );
}

#[test]
fn what_was_sent_to_an_agent_that_dies_is_offered_with_its_turn() {
    check_in_turn(
        "prompt taken in
         prompt left over
         wish n 2 7
         wish n 3 7
         took p2
         exit code 1",
        expect![[r#"
            > prompt taken in
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt left over
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > wish n 2 7
              journal p2 started in c1 p4 closed
              write text p2: taken in
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
            > wish n 3 7
              journal p3 started in c1 p5 closed
              write text p3: left over
              toast "▶ Claude gets it with its next step."
              edit @2: live "▶ Claude has it." []
            > took p2
              journal p2 begun
            > exit code 1
              journal p1 interrupted n1 p2 interrupted n2 p3 interrupted n3 7 pays ? with @3 @4 @5
              forget agent
              answer @3 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              answer @4 to #2: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              answer @5 to #3: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
        "#]],
    );
}

#[test]
fn a_bang_stops_what_runs_and_runs_instead() {
    check_in_turn(
        "prompt later
         prompt !this instead
         interrupted
         idle",
        expect![[r#"
            > prompt later
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt !this instead
              write interrupt
              react 👀 #3
            > interrupted
              journal p3 started in c1 p1 closed with @2
              answer @2 to #1: "⏹ Stopped. Part of it may be done."
              slot busy
              write text p3: this instead
            > idle
        "#]],
    );
}

#[test]
fn a_changed_message_runs_as_it_is_now() {
    check_in_turn(
        "prompt and tets
         edit 2 and tests
         edit 2 and all tests
         edit 1 clean up more
         edit 77 what was that
         answered done",
        expect![[r#"
            > prompt and tets
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > edit 2 and tests
              journal p2x accepted p2 closed
              notice @2 to #2 silent: "✎ The new version runs instead."
            > edit 2 and all tests
              journal p2xx accepted p2x closed
              notice @3 to #2 silent: "✎ The new version runs instead."
            > edit 1 clean up more
              journal p1x closed
              notice @4 to #1 silent: "Claude is already working on the earlier version. Send the change as a new message and press “Send now”, or send /stop."
            > edit 77 what was that
              journal p77x closed
              notice @5 to #77 silent: "I do not know what became of the earlier version, so the edit changes nothing. Send the new one as a new message."
            > answered done
              journal p2xx started in c1 p1 closed with @6
              answer @6 to #1: md "done"
              slot busy
              write text p2xx: and all tests
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn no_more_is_taken_to_run_instead_than_may_wait() {
    check_in_turn(
        "prompt !a
         prompt !b
         prompt !c
         prompt !d",
        expect![[r#"
            > prompt !a
              write interrupt
              react 👀 #2
            > prompt !b
              react 👀 #3
            > prompt !c
              react 👀 #4
            > prompt !d
              journal p5 closed with @1
              answer @1 to #5: "Not taken: 3 messages are already waiting here. Send yours again when some are done. /stop ends the current work and drops what waits."
        "#]],
    );
}
