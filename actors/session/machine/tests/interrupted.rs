//! What a restart or a fault left open, and what the person decides about it.

use expect_test::expect;

use super::support::{check, check_resumed};

#[test]
fn what_had_not_begun_runs_after_a_restart_in_its_order() {
    check_resumed(
        "
        resumed started one, accepted two
        granted
        ready
        init c0
        answered first
        idle
        answered second
        ",
        expect![[r#"
            > resumed started one, accepted two
              journal p1 anew
              notice @1 silent: "↻ The bridge restarted. Your 2 waiting messages run now."
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: one
            > ready
            > init c0
            > answered first
              journal p2 started in c0 p1 closed with @2
              answer @2 to #1: md "first"
              slot busy
              write text p2: two
            > idle
            > answered second
              journal p2 closed with @3
              answer @3 to #2: md "second"
              slot idle
        "#]],
    );
}

#[test]
fn a_conversation_that_may_exist_is_opened_under_its_own_id() {
    check(
        "
        resumed started one
        granted
        taken
        exit code 1
        ready
        took p1
        running
        idle
        ",
        expect![[r#"
            > resumed started one
              journal p1 anew
              notice @1 silent: "↻ The bridge restarted. Your waiting message runs now."
              slot wanted
            > granted
              journal p1 started in c9
              launch g1 new c9
              slot busy
              write text p1: one
            > taken
            > exit code 1
              journal p1 started in c9
              forget agent
              launch g2 resume c9
              slot busy
              write text p1: one
            > ready
            > took p1
            > running
            > idle
              journal p1 interrupted n1 with @2
              answer @2 to #1: choice "⚠ Claude already had this message before an interruption, so it did not run again. Part of it may be done.\n\nNothing repeats unless you say so."
              slot idle
        "#]],
    );
}

#[test]
fn what_claude_had_begun_is_not_run_again_but_offered() {
    check_resumed(
        "
        resumed doing deploy it, accepted then say hello
        granted
        ready
        answered hello
        ",
        expect![[r#"
            > resumed doing deploy it, accepted then say hello
              journal p1 interrupted n1 7 pays ? with @1
              answer @1 to #1: choice "⚠ The bridge restarted while Claude worked on this. Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
              notice @2 silent: "↻ The bridge restarted. Your waiting message runs now."
              slot wanted
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: then say hello
            > ready
            > answered hello
              journal p2 closed with @3
              answer @3 to #2: md "hello"
              slot idle
        "#]],
    );
}

#[test]
fn a_prompt_that_claude_knows_after_a_restart_is_offered_and_the_next_one_runs() {
    check_resumed(
        "
        resumed started one, accepted two
        granted
        ready
        took p1
        running
        idle
        ",
        expect![[r#"
            > resumed started one, accepted two
              journal p1 anew
              notice @1 silent: "↻ The bridge restarted. Your 2 waiting messages run now."
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: one
            > ready
            > took p1
            > running
            > idle
              journal p1 interrupted n1 p2 started in c0 with @2
              answer @2 to #1: choice "⚠ Claude already had this message before an interruption, so it did not run again. Part of it may be done.\n\nNothing repeats unless you say so."
              slot busy
              write text p2: two
        "#]],
    );
}

#[test]
fn after_a_crash_of_the_host_nothing_that_had_started_is_sent_again() {
    check_resumed(
        "
        resumed started_before_boot one, accepted two
        granted
        ready
        ",
        expect![[r#"
            > resumed started_before_boot one, accepted two
              journal p1 interrupted n1 with @1
              answer @1 to #1: choice "⚠ The computer restarted while this was running, or just before. Part of it may be done.\n\nNothing repeats unless you say so."
              notice @2 silent: "↻ The bridge restarted. Your waiting message runs now."
              slot wanted
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: two
            > ready
        "#]],
    );
}

#[test]
fn a_fault_in_the_session_loses_nothing_that_waited() {
    check_resumed(
        "
        rebuilt begun one, accepted two
        granted
        ready
        answered fine
        ",
        expect![[r#"
            > rebuilt begun one, accepted two
              journal p2 anew p1 interrupted n1 7 pays ? with @2
              notice @1 silent: "⚠ A fault inside the bridge restarted this chat's session. The conversation continues."
              answer @2 to #1: choice "⚠ A fault inside the bridge ended Claude while it worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              notice @3 silent: "↻ Your waiting message was kept and runs now."
              slot wanted
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: two
            > ready
            > answered fine
              journal p2 closed with @4
              answer @4 to #2: md "fine"
              slot idle
        "#]],
    );
}

#[test]
fn what_failed_three_times_is_not_begun_again_by_itself() {
    check(
        "rebuilt thrice poison, accepted good",
        expect![[r#"
            > rebuilt thrice poison, accepted good
              journal p2 anew p1 interrupted n1 with @2
              notice @1 silent: "⚠ A fault inside the bridge restarted this chat's session. The conversation continues."
              answer @2 to #1: choice "⚠ This was started 3 times, and each time the bridge or the session broke. Part of it may be done.\n\nNothing repeats unless you say so."
              notice @3 silent: "↻ Your waiting message was kept and runs now."
              slot wanted
        "#]],
    );
}

#[test]
fn a_prompt_that_comes_twice_is_held_once() {
    check(
        "
        prompt one
        again 1 one
        granted
        again 1 one
        ready
        answered done
        ",
        expect![[r#"
            > prompt one
              react 👀 #1
              slot wanted
            > again 1 one
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: one
            > again 1 one
            > ready
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
        "#]],
    );
}

#[test]
fn the_first_sign_of_work_and_each_tool_are_written_down_once() {
    check(
        "
        prompt one
        granted
        ready
        init c1
        attempt
        attempt
        said let me look
        tool Bash make
        tool Bash make
        tool Read notes.md
        exit signal 9
        ",
        expect![[r#"
            > prompt one
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: one
            > ready
            > init c1
              remember c1
            > attempt
              journal p1 begun
            > attempt
            > said let me look
            > tool Bash make
              journal p1 does "Bash: make"
            > tool Bash make
            > tool Read notes.md
              journal p1 does "Read: notes.md"
            > exit signal 9
              journal p1 interrupted n1 7 pays ? with @1 @2
              forget agent
              answer @1 to #1: md "let me look"
              answer @2 to #1: choice "⚠ Claude ended in the middle of this (signal 9). Claude's last step, perhaps unfinished: Read: notes.md\n\nNothing repeats unless you say so."
              slot released
        "#]],
    );
}

#[test]
fn a_resumed_agent_that_does_nothing_at_all_is_followed_by_a_new_conversation_once() {
    check_resumed(
        "
        prompt one
        granted
        ready
        init c0
        answered
        exit signal 9
        granted
        ready
        answered
        ",
        expect![[r#"
            > prompt one
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c0
              launch g1 resume c0
              slot busy
              write text p1: one
            > ready
            > init c0
            > answered
              notice @1 silent: "Claude could not resume this chat's earlier conversation, so this runs in a new one."
              remember no conversation
              kill
            > exit signal 9
              forget agent
              slot released
              slot wanted
            > granted
              journal p1 started in c1
              launch g2 new c1
              slot busy
              write text p1: one
            > ready
            > answered
              journal p1 closed with @2
              answer @2 to #1: "✓ Done. Claude wrote no answer."
              slot idle
        "#]],
    );
}

#[test]
fn a_command_without_words_is_no_lost_conversation() {
    check_resumed(
        "
        prompt /compact
        granted
        ready compact
        answered
        ",
        expect![[r#"
            > prompt /compact
              react 👀 #1
              slot wanted
            > granted
              launch g1 resume c0
            > ready compact
              journal p1 begun
              slot busy
              write command p1: /compact
            > answered
              journal p1 closed with @1
              answer @1 to #1: "✓ Done. Claude wrote no answer."
              slot idle
        "#]],
    );
}
