//! What people say in voice messages: it is written down before it runs.

use expect_test::expect;

use super::support::check;

#[test]
fn a_voice_message_is_heard_shown_and_run() {
    check(
        "configure voice on\nvoice\nfetched p1\n/status\nheard p1 make tea\ngranted",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > /status
              journal p2 closed
              notice @1 to #2: "State: transcribing a voice message\nWaiting messages: 1\nConversation: none yet. Your next message starts one.\nFolder: /project"
            > heard p1 make tea
              journal p1 accepted with @2
              answer @2 to #1 silent: "🎙 I heard:" quoted "make tea" []
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: make tea
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
}

#[test]
fn what_comes_behind_it_waits_and_its_turn_goes_on_meanwhile() {
    check(
        "configure voice on\nprompt x\ngranted\nready\nvoice\nprompt after\nfetched p2\nwish n 2 7\n\
         answered done\nheard p2 words\nanswered heard\nanswered after",
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
            > prompt after
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > fetched p2
              listen p2 /inbox/voice.ogg
            > wish n 2 7
              journal p4 closed
              toast "I am still transcribing this."
            > answered done
              journal p1 closed with @3
              answer @3 to #1: md "done"
              slot idle
            > heard p2 words
              journal p2 accepted p2 started in c1 with @4
              answer @4 to #2 silent: "🎙 I heard:" quoted "words" []
              slot busy
              write text p2: words
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
              edit @1: live "▶ Claude has it." []
            > answered heard
              journal p3 started in c1 p2 closed with @5
              answer @5 to #2: md "heard"
              slot busy
              write text p3: after
              edit @2: live "▶ Claude has it." []
            > answered after
              journal p3 closed with @6
              answer @6 to #3: md "after"
              slot idle
        "#]],
    );
}

#[test]
fn spoken_words_are_no_command_of_the_bridge() {
    check(
        "configure voice on\nvoice\nfetched p1\nheard p1 /stop\ngranted",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 /stop
              journal p1 accepted with @1
              answer @1 to #1 silent: "🎙 I heard:" quoted "/stop" []
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: /stop
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
}

#[test]
fn spoken_words_are_no_command_of_claude_and_no_wish_to_interrupt() {
    check(
        "configure voice on\nprompt x\ngranted\nready compact\nvoice\nfetched p2\nheard p2 !rather this\n\
         answered done\nanswered well\nvoice\nfetched p3\nheard p3 /compact now",
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
            > ready compact
            > voice
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 voice2
            > fetched p2
              listen p2 /inbox/voice.ogg
            > heard p2 !rather this
              journal p2 accepted with @2
              answer @2 to #2 silent: "🎙 I heard:" quoted "!rather this" []
            > answered done
              journal p2 started in c1 p1 closed with @3
              answer @3 to #1: md "done"
              slot busy
              write text p2: !rather this
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
              edit @1: live "▶ Claude has it." []
            > answered well
              journal p2 closed with @4
              answer @4 to #2: md "well"
              slot idle
            > voice
              react 👀 #3
              fetch p3 voice3
            > fetched p3
              listen p3 /inbox/voice.ogg
            > heard p3 /compact now
              journal p3 accepted p3 started in c1 with @5
              answer @5 to #3 silent: "🎙 I heard:" quoted "/compact now" []
              slot busy
              write text p3: /compact now
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
}

#[test]
fn words_below_a_voice_message_stand_above_what_is_said() {
    check(
        "configure voice on\nvoice about the logo\nfetched p1\nheard p1 make it blue\ngranted",
        expect![[r#"
            > configure voice on
            > voice about the logo
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 make it blue
              journal p1 accepted with @1
              answer @1 to #1 silent: "🎙 I heard:" quoted "make it blue" []
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: about the logo
            make it blue
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
}

#[test]
fn without_a_program_the_file_goes_to_claude_and_the_way_out_is_told_once_a_day() {
    check(
        "configure voice off\nvoice\nfetched p1\ngranted\nready\nanswered hm\nvoice\nfetched p2",
        expect![[r#"
            > configure voice off
            > voice
              react 👀 #1
              remember no conversation
              notice @1 to #1 silent: "Claude gets this recording as a file and cannot listen to it. To have voice messages transcribed on your machine, set voice.transcribe in bridge.toml; docs/voice.md shows how."
              fetch p1 voice1
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: [The user sent a voice message: /inbox/voice.ogg (70000 bytes)]
            > ready
            > answered hm
              journal p1 closed with @2
              answer @2 to #1: md "hm"
              slot idle
            > voice
              react 👀 #2
              fetch p2 voice2
            > fetched p2
              journal p2 started in c1
              slot busy
              write text p2: [The user sent a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
    check(
        "configure voice shared\nvoice",
        expect![[r#"
        > configure voice shared
        > voice
          react 👀 #1
          remember no conversation
          notice @1 to #1 silent: "Claude gets this recording as a file and cannot listen to it. Ask an administrator of this bridge to have voice messages transcribed: voice.transcribe in bridge.toml."
          fetch p1 voice1
    "#]],
    );
}

#[test]
fn voice_that_is_switched_off_meanwhile_goes_to_claude_as_a_file() {
    check(
        "configure voice on\nvoice\nfetched p1\nconfigure voice off\nheard p1 words\ngranted",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > configure voice off
              slot wanted
              stop listening p1
            > heard p1 words
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: [The user sent a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
}

#[test]
fn nobody_listens_to_what_goes_to_claude_as_a_file() {
    check(
        "prompt x\ngranted\nready\nattempt\nconfigure voice on\nvoice\nfetched p2\nconfigure voice off",
        expect![[r#"
            > attempt
              journal p1 begun
            > configure voice on
            > voice
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 voice2
            > fetched p2
              listen p2 /inbox/voice.ogg
            > configure voice off
              stop listening p2
        "#]],
    );
}

#[test]
fn nobody_listens_to_what_was_dropped() {
    check(
        "configure voice on\nvoice\nfetched p1\n/stop\nheard p1 words",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > /stop
              journal p2 closed p1 closed with @1
              answer @1 to #2: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
              stop listening p1
            > heard p1 words
        "#]],
    );
    check(
        "configure voice on\nvoice\nfetched p1\nedit_to_stop 1",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > edit_to_stop 1
              journal p2 closed p1 closed
              notice @1 to #1: "Nothing is running."
              stop listening p1
        "#]],
    );
    check(
        "configure voice on\nvoice\nfetched p1\nrevoke 7",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > revoke 7
              journal p1 closed with @1
              answer @1 silent: "⏹ You may no longer use this bot. 1 waiting message was dropped. It will not run."
              stop listening p1
        "#]],
    );
}

#[test]
fn what_ends_while_somebody_listens_runs_after_the_restart() {
    check(
        "configure voice on\nprompt x\ngranted\nready\nvoice\nfetched p2\nshutdown 60\nheard p2 words\nanswered done\nexit code 0",
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
            > shutdown 60
              answer @2 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." ["✕ Remove=q1.r.2"]
            > heard p2 words
              journal p2 accepted with @3
              answer @3 to #2 silent: "🎙 I heard:" quoted "words" []
            > answered done
              journal p1 closed with @4
              answer @4 to #1: md "done"
              slot idle
              write close
            > exit code 0
              forget agent
              slot released
              remember no conversation
              edit @1: live "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back." []
              finish
        "#]],
    );
}
