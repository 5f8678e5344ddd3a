//! Prompts that run.

use expect_test::expect;

use super::support::{check, check_resumed};

#[test]
fn the_first_prompt_is_written_together_with_the_start() {
    check(
        "prompt hello
         granted
         ready compact
         init c1
         running
         said Hi.
         answered Hi.
         idle",
        expect![[r#"
            > prompt hello
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hello
            > ready compact
            > init c1
              remember c1
            > running
            > said Hi.
              journal p1 begun
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
            > idle
              slot idle
        "#]],
    );
}

#[test]
fn a_known_conversation_is_resumed() {
    check_resumed(
        "prompt hello\ngranted\nready\ninit c0",
        expect![[r#"
            > prompt hello
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: hello
            > ready
            > init c0
        "#]],
    );
}

#[test]
fn prompts_run_one_after_another_in_the_order_of_arrival() {
    check(
        "prompt one
         granted
         prompt two
         prompt three
         ready
         answered 1
         idle
         answered 2
         answered 3
         idle",
        expect![[r#"
            > prompt one
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: one
            > prompt two
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt three
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > ready
            > answered 1
              journal p2 started in c1 p1 closed with @3
              answer @3 to #1: md "1"
              slot busy
              write text p2: two
              edit @1: live "▶ Claude has it." []
            > idle
            > answered 2
              journal p3 started in c1 p2 closed with @4
              answer @4 to #2: md "2"
              slot busy
              write text p3: three
              edit @2: live "▶ Claude has it." []
            > answered 3
              journal p3 closed with @5
              answer @5 to #3: md "3"
              slot idle
            > idle
        "#]],
    );
}

#[test]
fn all_text_blocks_of_a_turn_make_its_answer() {
    check(
        "prompt look
         granted
         said I look first.
         said Found it.
         answered Found it.",
        expect![[r#"
            > prompt look
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: look
            > said I look first.
              journal p1 begun
            > said Found it.
            > answered Found it.
              journal p1 closed with @1
              answer @1 to #1: md "I look first.\n\nFound it."
              slot idle
        "#]],
    );
}

#[test]
fn a_prompt_beyond_the_queue_is_refused_with_a_word() {
    check(
        "prompt 1\ngranted\nprompt 2\nprompt 3\nprompt 4\nprompt 5",
        expect![[r#"
            > prompt 1
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: 1
            > prompt 2
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > prompt 3
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > prompt 4
              react 👀 #4
              notice @3 to #4 silent: live "Queued: 2 messages run first." ["▶ Send now=q1.n.4", "✕ Remove=q1.r.4"]
            > prompt 5
              journal p5 closed with @4
              answer @4 to #5: "Not taken: 3 messages are already waiting here. Send yours again when some are done. /stop ends the current work and drops what waits."
        "#]],
    );
}

#[test]
fn a_listed_command_is_passed_as_one_and_anything_else_as_text() {
    check(
        "prompt /compact now
         granted
         ready compact context
         answered
         prompt /etc/hosts is broken
         answered ok
         prompt /frobnicate
         answered ok",
        expect![[r#"
            > prompt /compact now
              react 👀 #1
              slot wanted
            > granted
              launch g1 new c1
            > ready compact context
              journal p1 begun
              slot busy
              write command p1: /compact now
            > answered
              journal p1 closed with @1
              answer @1 to #1: "✓ Done. Claude wrote no answer."
              slot idle
            > prompt /etc/hosts is broken
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: /etc/hosts is broken
            > answered ok
              journal p2 closed with @2
              answer @2 to #2: md "ok"
              slot idle
            > prompt /frobnicate
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: /frobnicate
            > answered ok
              journal p3 closed with @3
              answer @3 to #3: md "ok"
              slot idle
        "#]],
    );
}

#[test]
fn a_turn_nobody_asked_for_is_posted_and_does_not_end_the_running_one() {
    check(
        "prompt build it
         granted
         ready
         answered Started.
         running
         said The build is done.
         background The build is done.
         prompt and now?
         background Another one is done.
         said Tests.
         answered Tests.
         idle",
        expect![[r#"
            > prompt build it
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: build it
            > ready
            > answered Started.
              journal p1 closed with @1
              answer @1 to #1: md "Started."
              slot idle
            > running
              slot busy
            > said The build is done.
            > background The build is done.
              answer @2: md "The build is done."
            > prompt and now?
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: and now?
            > background Another one is done.
              answer @3: md "Another one is done."
            > said Tests.
              journal p2 begun
            > answered Tests.
              journal p2 closed with @4
              answer @4 to #2: md "Tests."
            > idle
              slot idle
        "#]],
    );
}

#[test]
fn a_prompt_that_was_taken_in_by_a_background_turn_ends_when_all_is_idle() {
    check(
        "prompt build it
         granted
         ready
         answered Started.
         running
         prompt faster please
         said Done, and faster.
         background Done, and faster.
         idle",
        expect![[r#"
            > prompt build it
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: build it
            > ready
            > answered Started.
              journal p1 closed with @1
              answer @1 to #1: md "Started."
              slot idle
            > running
              slot busy
            > prompt faster please
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: faster please
            > said Done, and faster.
              journal p2 begun
            > background Done, and faster.
              answer @2: md "Done, and faster."
            > idle
              journal p2 closed with @3
              answer @3 to #2: "↑ Answered above, together with the background work."
              slot idle
        "#]],
    );
}

#[test]
fn typing_is_shown_in_turns_that_take_longer() {
    check(
        "prompt hello\ngranted\nready\n+0.3\n+0.2\n+10\nanswered Hi.\n+10",
        expect![[r#"
            > prompt hello
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hello
            > ready
            > +0.3
            > +0.2
              typing
            > +10
              typing ×2
            > answered Hi.
              journal p1 closed with @1
              answer @1 to #1: md "Hi."
              slot idle
            > +10
        "#]],
    );
}
