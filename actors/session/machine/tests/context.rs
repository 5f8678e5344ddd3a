//! What a prompt answers reaches Claude with it, and stays apart from the person's own words.

use expect_test::expect;

use super::support::check;

#[test]
fn what_a_prompt_answers_stands_above_its_words() {
    check(
        "prompt x\ngranted\nready\nanswered x\nidle\nabout > that | why?",
        expect![[r#"
            > answered x
              journal p1 closed with @1
              answer @1 to #1: md "x"
              slot idle
            > idle
            > about > that | why?
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: > that

            why?
        "#]],
    );
}

#[test]
fn a_prompt_that_is_sent_now_brings_what_it_answers() {
    check(
        "prompt x\ngranted\nready\nattempt\nabout > that | why?\nwish n 2 7",
        expect![[r#"
            > attempt
              journal p1 begun
            > about > that | why?
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > wish n 2 7
              journal p2 started in c1 p3 closed
              write text p2: > that

            why?
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn a_command_of_claudes_stands_alone_and_any_other_slash_is_a_text() {
    check(
        "prompt x\ngranted\nready review\nanswered x\nidle\nabout > that | /review it\nanswered y\nidle\nabout > that | /etc is full",
        expect![[r#"
            > ready review
            > answered x
              journal p1 closed with @1
              answer @1 to #1: md "x"
              slot idle
            > idle
            > about > that | /review it
              journal p2 begun
              react 👀 #2
              slot busy
              write command p2: /review it
            > answered y
              journal p2 closed with @2
              answer @2 to #2: md "y"
              slot idle
            > idle
            > about > that | /etc is full
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: > that

            /etc is full
        "#]],
    );
}

#[test]
fn words_that_run_at_once_bring_what_they_answer() {
    check(
        "prompt x\ngranted\nready\nattempt\nabout > that | !why?\ninterrupted",
        expect![[r#"
            > attempt
              journal p1 begun
            > about > that | !why?
              write interrupt
              react 👀 #2
            > interrupted
              journal p2 started in c1 p1 closed with @1
              answer @1 to #1: "⏹ Stopped. Part of it may be done."
              slot busy
              write text p2: > that

            why?
        "#]],
    );
}

#[test]
fn a_decided_offer_shows_the_words_and_runs_them_with_what_they_answer() {
    check(
        "prompt x\ngranted\nready\nanswered x\nidle\nabout > that | why?\nattempt\nexit code 1\npress r n1 7\ngranted\nready",
        expect![[r#"
            > answered x
              journal p1 closed with @1
              answer @1 to #1: md "x"
              slot idle
            > idle
            > about > that | why?
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: > that

            why?
            > attempt
              journal p2 begun
            > exit code 1
              journal p2 interrupted n1 7 pays ? with @2
              forget agent
              answer @2 to #2: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
            > press r n1 7
              journal p3 accepted p2 closed with @3
              edit #3: "↻ It runs again. The interrupted message: why?"
              toast "↻ It runs again."
              slot wanted
            > granted
              journal p3 started in c2
              launch g2 new c2
              slot busy
              write text p3: > that

            why?
            > ready
        "#]],
    );
}

#[test]
fn what_goes_on_is_not_told_again_what_it_answers() {
    check(
        "prompt x\ngranted\nready\nanswered x\nidle\nabout > that | why?\nattempt\nexit code 1\npress c n1 7\ngranted\nready",
        expect![[r#"
            > answered x
              journal p1 closed with @1
              answer @1 to #1: md "x"
              slot idle
            > idle
            > about > that | why?
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: > that

            why?
            > attempt
              journal p2 begun
            > exit code 1
              journal p2 interrupted n1 7 pays ? with @2
              forget agent
              answer @2 to #2: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
            > press c n1 7
              journal p3 accepted p2 closed with @3
              edit #3: "▶ Claude continues. The interrupted message: why?"
              toast "▶ Claude continues."
              slot wanted
            > granted
              journal p3 started in c2
              launch g2 new c2
              slot busy
              write text p3: Your work on my last message was interrupted from outside. What you had begun may have partly run. Check what was done, then go on with it.
            > ready
        "#]],
    );
}

#[test]
fn what_is_nearly_a_command_is_asked_about_and_runs_neither_way() {
    check(
        "prompt x\ngranted\nready review\nprompt /stpo\nprompt /review\nedit 2 b",
        expect![[r#"
            > ready review
            > prompt /stpo
              journal p2 closed with @1
              answer @1 to #2: "There is no command /stpo, so nothing was done. Did you mean /stop? Edit it into /stop, or send it without the slash if it is for Claude."
            > prompt /review
              react 👀 #3
              notice @2 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > edit 2 b
              journal p2x closed
              notice @3 to #2 silent: "The earlier version did not run. Send the new one as a new message."
        "#]],
    );
}

#[test]
fn before_claude_has_listed_its_commands_nothing_is_taken_for_a_typo() {
    check(
        "prompt /stpo\ngranted\nready stpo",
        expect![[r#"
        > prompt /stpo
          react 👀 #1
          slot wanted
        > granted
          launch g1 new c1
        > ready stpo
          journal p1 begun
          slot busy
          write command p1: /stpo
    "#]],
    );
    check(
        "prompt /stpo\nprompt y\ngranted\nready review",
        expect![[r#"
            > prompt /stpo
              react 👀 #1
              slot wanted
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: "Queued: 1 message runs first."
            > granted
              launch g1 new c1
            > ready review
              journal p2 started in c1 p1 closed with @2
              answer @2 to #1: "There is no command /stpo, so nothing was done. Did you mean /stop? Edit it into /stop, or send it without the slash if it is for Claude."
              slot busy
              write text p2: y
        "#]],
    );
}
