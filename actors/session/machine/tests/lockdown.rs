//! The bridge is locked down: agents die at once, and what is open is told of when that is over.

use expect_test::expect;

use super::support::check;

#[test]
fn a_turn_is_cut_at_once_and_stays_open_for_whoever_takes_it_over() {
    check(
        "prompt x\ngranted\nready\nattempt\n+3\nprompt y\nlockdown\nexit signal 9",
        expect![[r#"
            > attempt
              journal p1 begun
            > +3
              typing
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > lockdown
              kill
              edit @1: live "🔒 The bridge was locked down. This message has not run. It runs when the bridge is unlocked." ["✕ Remove=q1.r.2"]
            > exit signal 9
              forget agent
              slot released
              edit @1: live "🔒 The bridge was locked down. This message has not run. It runs when the bridge is unlocked." []
              finish
        "#]],
    );
}

#[test]
fn what_was_cut_is_offered_and_what_waited_runs_when_the_lockdown_is_over() {
    check(
        "unlocked doing x, accepted y",
        expect![[r#"
            > unlocked doing x, accepted y
              journal p1 interrupted n1 7 pays ? with @1
              answer @1 to #1: choice "🔒 The bridge was locked down while Claude worked on this. Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
              notice @2 silent: "🔓 The bridge is unlocked. Your waiting message runs now."
              slot wanted
        "#]],
    );
}

#[test]
fn an_idle_agent_is_killed_and_not_asked_to_go() {
    check(
        "prompt x\ngranted\nready\nanswered done\nidle\nlockdown\nexit signal 9",
        expect![[r#"
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > idle
            > lockdown
              kill
            > exit signal 9
              forget agent
              slot released
              remember no conversation
              finish
        "#]],
    );
}

#[test]
fn an_agent_that_is_going_gets_no_time_for_it() {
    check(
        "prompt x\ngranted\nready\nanswered done\nidle\nyield\nlockdown\nexit signal 9",
        expect![[r#"
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > idle
            > yield
              write close
            > lockdown
              kill
            > exit signal 9
              forget agent
              slot released
              remember no conversation
              finish
        "#]],
    );
}

#[test]
fn background_work_is_told_of_since_no_message_is_open_for_it() {
    check(
        "prompt x\ngranted\nready\ntask b1\nanswered done\nrunning\n+2\nlockdown\nexit signal 9",
        expect![[r#"
            > task b1
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > running
              slot busy
            > +2
            > lockdown
              kill
              answer @2 silent: "🔒 The bridge was locked down, which ended Claude's background work here. Part of it may be done."
            > exit signal 9
              forget agent
              slot released
              remember no conversation
              finish
        "#]],
    );
}

#[test]
fn whoever_waits_for_a_slot_waits_on_without_one() {
    check(
        "prompt x\nprompt y\nlockdown",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > prompt y
              react 👀 #2
              notice @1 to #2 silent: "Queued: 1 message runs first."
            > lockdown
              slot withdrawn
              finish
        "#]],
    );
}

#[test]
fn a_request_is_closed_and_what_it_asked_for_does_not_run() {
    check(
        "prompt x\ngranted\nready\nasks r1 Bash rm\nlockdown\nexit signal 9",
        expect![[r#"
            > asks r1 Bash rm
              journal p1 begun p1 does "Bash: rm – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > lockdown
              kill
              edit @1: live "✕ Claude no longer asks; nothing was allowed: Bash" bash "rm" []
            > exit signal 9
              forget agent
              slot released
              finish
        "#]],
    );
}

#[test]
fn nobody_listens_on_however_long_the_agent_takes_to_die() {
    check(
        "configure voice on\nprompt x\ngranted\nready\nvoice\nfetched p2\nlockdown\nheard p2 words\nexit signal 9",
        expect![[r#"
            > configure voice on
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > voice
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 voice2
            > fetched p2
              listen p2 /inbox/voice.ogg
            > lockdown
              kill
              edit @1: live "🔒 The bridge was locked down. This message has not run. It runs when the bridge is unlocked." ["✕ Remove=q1.r.2"]
              stop listening p2
            > heard p2 words
            > exit signal 9
              forget agent
              slot released
              edit @1: live "🔒 The bridge was locked down. This message has not run. It runs when the bridge is unlocked." []
              finish
        "#]],
    );
}
