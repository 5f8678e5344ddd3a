//! The home of an agent fills up: the person is told once, and decides before anything starts there.

use expect_test::expect;

use super::support::check;

#[test]
fn a_home_that_fills_up_is_told_once_until_there_is_room_again() {
    check(
        "prompt a\ngranted\nready\nanswered b\nidle\n\
         home 40 100\n/status\nhome 80 100\nhome 95 100\nhome 60 100\n/status\nhome 85 100",
        expect![[r#"
            > prompt a
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: a
            > ready
            > answered b
              journal p1 closed with @1
              answer @1 to #1: md "b"
              slot idle
            > idle
            > home 40 100
            > /status
              journal p2 closed
              notice @2 to #2: "State: ready\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
            > home 80 100
              remember no conversation
              answer @3 silent: "⚠ Claude's home in this chat is nearly full: 80 bytes of 100 bytes. It holds conversations, caches and what Claude installs for itself, and nothing of your project. Ask Claude to tidy it up: once it is full, Claude starts only if you say so."
            > home 95 100
            > home 60 100
              remember no conversation
            > /status
              journal p3 closed
              notice @4 to #3: "State: ready\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude's home: 60 bytes of 100 bytes\nClaude Code: 2.1.330"
            > home 85 100
              remember no conversation
              answer @5 silent: "⚠ Claude's home in this chat is nearly full: 85 bytes of 100 bytes. It holds conversations, caches and what Claude installs for itself, and nothing of your project. Ask Claude to tidy it up: once it is full, Claude starts only if you say so."
        "#]],
    );
}

#[test]
fn an_agent_in_a_home_that_is_full_takes_no_further_turn() {
    check(
        "prompt a\ngranted\nready\nhome 100 100\nhome 101 100\nprompt b\nanswered x\nidle\n\
         exit code 0\ngranted\nexit full 101 100",
        expect![[r#"
            > prompt a
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: a
            > ready
            > home 100 100
              remember no conversation
              answer @1 silent: "⚠ Claude's home in this chat is full: 100 bytes of 100 bytes. It holds conversations, caches and what Claude installs for itself, and nothing of your project. Before your next message runs, I ask you whether Claude is to start anyway."
            > home 101 100
            > prompt b
              react 👀 #2
              notice @2 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > answered x
              journal p1 closed with @3
              answer @3 to #1: md "x"
              write close
            > idle
            > exit code 0
              forget agent
              slot released
              slot wanted
            > granted
              journal p2 started in c2
              launch g2 new c2
              slot busy
              write text p2: b
              edit @2: live "▶ Claude has it." []
            > exit full 101 100
              journal p2 not begun n1 for want of Space with @4
              forget agent
              answer @4 to #2: choice "⚠ Claude's home in this chat is full: 101 bytes of 100 bytes. Your message did not run. Let Claude start anyway, and ask it to tidy up its home: caches, old conversations, what it installed. Or ask whoever runs the bridge for more room (limits.home_per_chat in bridge.toml)."
              slot released
        "#]],
    );
}

#[test]
fn where_its_person_says_so_one_agent_lives_in_a_full_home() {
    check(
        "prompt a\ngranted\nexit full 100 100\nbutton t1.r.n1 7 500\ngranted\nready\n\
         home 101 100\nanswered y\nidle\nprompt c\nanswered z\nidle\nexit code 0\n\
         prompt d\ngranted",
        expect![[r#"
            > prompt a
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: a
            > exit full 100 100
              journal p1 not begun n1 for want of Space with @1
              forget agent
              answer @1 to #1: choice "⚠ Claude's home in this chat is full: 100 bytes of 100 bytes. Your message did not run. Let Claude start anyway, and ask it to tidy up its home: caches, old conversations, what it installed. Or ask whoever runs the bridge for more room (limits.home_per_chat in bridge.toml)."
              slot released
            > button t1.r.n1 7 500
              journal p2 accepted p1 closed with @2
              edit #500: "▶ Starting Claude in its full home. Your message: a"
              toast "▶ Starting Claude in its full home."
              slot wanted
            > granted
              journal p2 started in c2
              launch g2 new c2 in a full home
              slot busy
              write text p2: a
            > ready
            > home 101 100
              remember no conversation
            > answered y
              journal p2 closed with @3
              answer @3 to #1: md "y"
              slot idle
            > idle
            > prompt c
              journal p3 started in c2
              react 👀 #3
              slot busy
              write text p3: c
            > answered z
              journal p3 closed with @4
              answer @4 to #3: md "z"
              slot idle
            > idle
            > exit code 0
              forget agent
              slot released
            > prompt d
              react 👀 #4
              slot wanted
            > granted
              journal p4 started in c3
              launch g3 new c3
              slot busy
              write text p4: d
        "#]],
    );
}

#[test]
fn what_was_left_is_over_and_what_is_no_message_is_told_why() {
    check(
        "prompt b\ngranted\nexit full 100 100\nbutton t1.d.n1 7 501\n\
         /status\n/context\ngranted\nexit full 100 100",
        expect![[r#"
            > prompt b
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: b
            > exit full 100 100
              journal p1 not begun n1 for want of Space with @1
              forget agent
              answer @1 to #1: choice "⚠ Claude's home in this chat is full: 100 bytes of 100 bytes. Your message did not run. Let Claude start anyway, and ask it to tidy up its home: caches, old conversations, what it installed. Or ask whoever runs the bridge for more room (limits.home_per_chat in bridge.toml)."
              slot released
            > button t1.d.n1 7 501
              journal p2 closed p1 closed with @2
              edit #501: "✕ Discarded. Your message: b"
              toast "✕ Discarded."
            > /status
              journal p3 closed
              notice @3 to #3: "State: idle, no agent running\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude's home: 100 bytes of 100 bytes"
            > /context
              slot wanted
            > granted
              launch g2 new c2
            > exit full 100 100
              journal p4 closed with @4
              forget agent
              answer @4 to #4 silent: "⚠ Your message has not run: its home in this chat is full: 100 bytes of 100 bytes. Send a message: I then ask whether Claude is to start anyway, to tidy up."
              slot released
        "#]],
    );
}

#[test]
fn the_word_holds_for_its_message_however_often_that_needs_an_agent() {
    check(
        "prompt a\ngranted\nready\nanswered x\nidle\nexit code 0\nprompt b\ngranted\n\
         exit full 100 100\nbutton t1.r.n1 7 500\ngranted\nunknown\nexit code 1\nready",
        expect![[r#"
            > prompt a
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: a
            > ready
            > answered x
              journal p1 closed with @1
              answer @1 to #1: md "x"
              slot idle
            > idle
            > exit code 0
              forget agent
              slot released
            > prompt b
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c2
              launch g2 new c2
              slot busy
              write text p2: b
            > exit full 100 100
              journal p2 not begun n1 for want of Space with @2
              forget agent
              answer @2 to #2: choice "⚠ Claude's home in this chat is full: 100 bytes of 100 bytes. Your message did not run. Let Claude start anyway, and ask it to tidy up its home: caches, old conversations, what it installed. Or ask whoever runs the bridge for more room (limits.home_per_chat in bridge.toml)."
              slot released
            > button t1.r.n1 7 500
              journal p3 accepted p2 closed with @3
              edit #500: "▶ Starting Claude in its full home. Your message: b"
              toast "▶ Starting Claude in its full home."
              slot wanted
            > granted
              journal p3 started in c3
              launch g3 new c3 in a full home
              slot busy
              write text p3: b
            > unknown
            > exit code 1
              journal p3 started in c4
              forget agent
              notice @4 silent: "Claude no longer has this chat's earlier conversation, so this runs in a new one."
              launch g4 new c4 in a full home
              slot busy
              write text p3: b
            > ready
        "#]],
    );
}

#[test]
fn the_word_holds_for_no_other_message() {
    check(
        "prompt c\ngranted\nexit full 100 100\nbutton t1.r.n1 7 501\n/stop\nprompt d\ngranted",
        expect![[r#"
            > prompt c
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: c
            > exit full 100 100
              journal p1 not begun n1 for want of Space with @1
              forget agent
              answer @1 to #1: choice "⚠ Claude's home in this chat is full: 100 bytes of 100 bytes. Your message did not run. Let Claude start anyway, and ask it to tidy up its home: caches, old conversations, what it installed. Or ask whoever runs the bridge for more room (limits.home_per_chat in bridge.toml)."
              slot released
            > button t1.r.n1 7 501
              journal p2 accepted p1 closed with @2
              edit #501: "▶ Starting Claude in its full home. Your message: c"
              toast "▶ Starting Claude in its full home."
              slot wanted
            > /stop
              journal p3 closed p2 closed with @3
              slot withdrawn
              answer @3 to #3: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
            > prompt d
              react 👀 #4
              slot wanted
            > granted
              journal p4 started in c2
              launch g2 new c2
              slot busy
              write text p4: d
        "#]],
    );
}
