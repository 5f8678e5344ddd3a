//! What a person wants to know of the agent: `/context`, `/permissions`, `/diff`, `/btw`.

use super::support::check;

use expect_test::expect;

#[test]
fn an_enquiry_starts_an_agent_and_no_turn() {
    check(
        "/context\ngranted\nready\nfound p1 context 7\nyield",
        expect![[r#"
            > /context
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 Context
            > found p1 context 7
              journal p1 closed with @1 @2
              answer @1 to #1 silent: "Context ▓░░░░░░░░░ 7 %: 14k of 200k tokens"
              answer @2 silent: file context.md of 322 chars, "What takes up the room"
              slot idle
            > yield
              write close
        "#]],
    );
}

#[test]
fn an_enquiry_goes_beside_a_turn_and_what_is_nearly_full_comes_with_advice() {
    check(
        "prompt hi\ngranted\nready\n/context\nfound p2 context 85\nanswered done\nidle",
        expect![[r#"
            > prompt hi
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hi
            > ready
            > /context
              write ask p2 Context
            > found p2 context 85
              journal p2 closed with @1 @2
              answer @1 to #2 silent: "Context ▓▓▓▓▓▓▓▓▓░ 85 %: 170k of 200k tokens\nIt is nearly full. /compact replaces the conversation by its summary, /new starts an empty one."
              answer @2 silent: file context.md of 323 chars, "What takes up the room"
            > answered done
              journal p1 closed with @3
              answer @3 to #1: md "done"
              slot idle
            > idle
        "#]],
    );
}

#[test]
fn an_aside_is_marked_as_one_and_wants_words() {
    check(
        "prompt hi\ngranted\nready\n/btw why this?\n/btw\nfound p2 aside Since *it* fits.",
        expect![[r#"
            > prompt hi
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hi
            > ready
            > /btw why this?
              write ask p2 Aside("why this?")
            > /btw
              journal p3 closed
              notice @1 to #3: "Write your question after the command: /btw why this file? Claude answers from what it knows, beside its work, and forgets the question."
            > found p2 aside Since *it* fits.
              journal p2 closed with @2
              answer @2 to #2 silent: "💬 Aside (the conversation goes on without it)" md "Since *it* fits."
        "#]],
    );
}

#[test]
fn rules_are_shown_with_where_they_come_from_and_what_was_allowed_here_is_taken_back() {
    check(
        "prompt hi\ngranted\nready\nanswered ok\nidle\n/permissions\n\
         found p2 rules user bridge session project local managed new\nbutton p1.b 7 500",
        expect![[r#"
            > prompt hi
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hi
            > ready
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > /permissions
              write ask p2 Rules
            > found p2 rules user bridge session project local managed new
              journal p2 closed with @2
              answer @2 to #2 silent: choice "What runs without asking (✓), asks (?) or never runs (✕) here:\n✕ Bash(session *) · allowed here\n📁 /else · allowed here\n✓ Bash(user *) · settings of this account\n? Bash(bridge *) · set by the bridge\n✓ Bash(project *) · settings in the folder\n? Bash(local *) · local settings in the folder\n✕ Bash(managed *) · set by the administrator of this machine\n✓ Bash(new *) · new\n\nWhat is marked “allowed here” was allowed for this session. Take back lets Claude start anew and ask again. The conversation stays."
              slot idle
            > button p1.b 7 500
              journal p3 closed with @3
              write close
              edit #500: "↩ Taken back. Claude asks again. The conversation stays."
              toast ""
        "#]],
    );
    check(
        "prompt hi\ngranted\nready\n/permissions\nfound p2 rules\nbutton p1.b 7 500\nanswered ok\nidle",
        expect![[r#"
            > prompt hi
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hi
            > ready
            > /permissions
              write ask p2 Rules
            > found p2 rules
              journal p2 closed with @1
              answer @1 to #2 silent: "No rules hold here. Claude asks before whatever its mode does not let run. See /mode."
            > button p1.b 7 500
              journal p3 closed with @2
              edit #500: "↩ Claude starts anew when its current work is done, and asks again from then on. Until then, what was allowed still runs. /stop ends it now."
              toast ""
            > answered ok
              journal p1 closed with @3
              answer @3 to #1: md "ok"
              write close
            > idle
        "#]],
    );
}

#[test]
fn changes_are_a_summary_and_a_patch() {
    check(
        "/diff\ngranted\nready\nfound p1 changes 4\n/diff\nfound p2 changes 0\n/diff\nfound p3 no_repository\n\
         /diff\nfound p4 changes 25",
        expect![[r#"
            > /diff
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 Changes
            > found p1 changes 4
              journal p1 closed with @1 @2
              answer @1 to #1 silent: "4 files have changed since the last commit: +4 −1 lines\n✎ src/0.rs\n＋ src/1.rs +1 −0\n✕ src/2.rs +2 −1\n✎ src/3.rs +3 −1"
              answer @2 silent: file changes.diff of 15 chars, "The lines that changed"
              slot idle
            > /diff
              write ask p2 Changes
            > found p2 changes 0
              journal p2 closed with @3
              answer @3 to #2 silent: "Nothing has changed here since the last commit."
              slot idle
            > /diff
              write ask p3 Changes
            > found p3 no_repository
              journal p3 closed with @4
              answer @4 to #3 silent: "This folder is not in a Git repository, so I cannot tell what has changed."
              slot idle
            > /diff
              write ask p4 Changes
            > found p4 changes 25
              journal p4 closed with @5 @6
              answer @5 to #4 silent: "26 files have changed since the last commit: +25 −1 lines\n✎ src/0.rs\n＋ src/1.rs +1 −0\n✕ src/2.rs +2 −1\n✎ src/3.rs +3 −1\n＋ src/4.rs +4 −2\n✕ src/5.rs +5 −2\n✎ src/6.rs +6 −3\n＋ src/7.rs +7 −3\n✕ src/8.rs +8 −4\n✎ src/9.rs +9 −4\n＋ src/10.rs +10 −5\n✕ src/11.rs +11 −5\n✎ src/12.rs +12 −6\n＋ src/13.rs +13 −6\n✕ src/14.rs +14 −7\n✎ src/15.rs +15 −7\n＋ src/16.rs +16 −8\n✕ src/17.rs +17 −8\n✎ src/18.rs +18 −9\n＋ src/19.rs +19 −9\n… and 6 more"
              answer @6 silent: file changes.diff of 15 chars, "The lines that changed"
              slot idle
        "#]],
    );
}

#[test]
fn whoever_asks_is_told_that_the_agent_ended() {
    check(
        "/context\n/btw why\ngranted\nexit code 1 boom\n/context\ngranted\nready\nexit signal 9",
        expect![[r#"
            > /context
              slot wanted
            > /btw why
            > granted
              launch g1 new c1
            > exit code 1 boom
              journal p1 closed p2 closed with @1 @2
              forget agent
              answer @1 to #1 silent: "⚠ Claude could not start (exit code 1), so your message has not run. Send it again to try once more; if Claude still does not start, run `bridge check` on the bridge's computer.\n\nIt printed:\nboom"
              answer @2 to #2 silent: "⚠ Claude could not start (exit code 1), so your message has not run. Send it again to try once more; if Claude still does not start, run `bridge check` on the bridge's computer.\n\nIt printed:\nboom"
              slot released
            > /context
              slot wanted
            > granted
              launch g2 new c2
            > ready
              write ask p3 Context
            > exit signal 9
              journal p3 closed with @3
              forget agent
              answer @3 to #3 silent: "Claude ended before it answered this. Send the command again."
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_does_not_answer_is_not_waited_for() {
    check(
        "/context\n/btw why\ngranted\nready\n+61\n+240\nfound p1 context 7",
        expect![[r#"
            > /context
              slot wanted
            > /btw why
            > granted
              launch g1 new c1
            > ready
              write ask p1 Context
              write ask p2 Aside("why")
            > +61
              journal p1 closed with @1
              answer @1 to #1 silent: "Claude has not answered this in time. Send the command again, or look at /status."
            > +240
              journal p2 closed with @2
              answer @2 to #2 silent: "Claude has not answered this in time. Send the command again, or look at /status."
              slot idle
            > found p1 context 7
              slot idle
        "#]],
    );
}

#[test]
fn an_agent_that_refuses_its_conversation_leaves_the_question_to_the_next_one() {
    check(
        "prompt hi\ngranted\nready\ninit c1\nanswered ok\nidle\nexit code 0\n/context\ngranted\nunknown\n\
         exit code 1\ngranted\nready\nfound p2 context 1",
        expect![[r#"
            > prompt hi
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hi
            > ready
            > init c1
              remember c1
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > exit code 0
              forget agent
              slot released
            > /context
              slot wanted
            > granted
              launch g2 resume c1
            > unknown
              remember no conversation
            > exit code 1
              forget agent
              notice @2 silent: "Claude no longer has this chat's earlier conversation, so this runs in a new one."
              launch g3 new c2
            > granted
            > ready
              write ask p2 Context
            > found p2 context 1
              journal p2 closed with @3 @4
              answer @3 to #2 silent: "Context ▓░░░░░░░░░ 1 %: 2k of 200k tokens"
              answer @4 silent: file context.md of 320 chars, "What takes up the room"
              slot idle
        "#]],
    );
}

#[test]
fn what_was_not_asked_yet_is_dropped_with_the_rest_and_stays_open_where_the_bridge_stops() {
    check(
        "/context\n/stop",
        expect![[r#"
        > /context
          slot wanted
        > /stop
          journal p2 closed p1 closed with @1
          slot withdrawn
          answer @1 to #2: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
    "#]],
    );
    check(
        "/context\ngranted\nready\nshutdown 30\nexit code 0",
        expect![[r#"
        > /context
          slot wanted
        > granted
          launch g1 new c1
        > ready
          write ask p1 Context
        > shutdown 30
          write close
        > exit code 0
          forget agent
          slot released
          finish
    "#]],
    );
    check(
        "/context\n/context\n/context\n/context\n/context\n/context\n/context\n/context\n/context",
        expect![[r#"
            > /context
              slot wanted
            > /context
            > /context
            > /context
            > /context
            > /context
            > /context
            > /context
            > /context
              journal p9 closed with @1
              answer @1 to #9: "I am still waiting for Claude's answers to what you asked before. Try again when they are here."
        "#]],
    );
}
