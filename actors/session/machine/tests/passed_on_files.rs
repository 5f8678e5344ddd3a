//! A file that is passed on behind words about it belongs to their turn: it goes there when it is
//! here, and runs by itself when that is over.

use expect_test::expect;

use super::gathered::check_idle;
use super::support::{Player, check};
use crate::chat_settings::Detail;

#[test]
fn a_file_that_is_passed_on_behind_words_about_it_belongs_to_their_turn() {
    check_idle(
        "prompt look:\n+0.2\nforward_photo this\n+5\nfetched p3\ntook p3\nanswered seen",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > +0.2
            > forward_photo this
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > +5
              typing ×2
            > fetched p3
              journal p3 started in c1
              write text p3: this
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
            > took p3
              journal p3 begun
            > answered seen
              journal p2 closed p3 closed with @2
              answer @2 to #2: md "seen"
              slot idle
        "#]],
    );
}

#[test]
fn a_file_that_comes_when_the_turn_is_over_runs_next() {
    check_idle(
        "prompt look:\nforward_photo this\nanswered at what?\nidle\nfetched p3",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > forward_photo this
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > answered at what?
              journal p2 closed with @2
              answer @2 to #2: md "at what?"
              slot idle
            > idle
            > fetched p3
              journal p3 started in c1
              slot busy
              write text p3: this
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
    check_idle(
        "prompt look:\nforward_photo this\nprompt then\nanswered at what?\nfetched p3",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > forward_photo this
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > prompt then
              react 👀 #4
              notice @2 to #4 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.4", "✕ Remove=q1.r.4"]
            > answered at what?
              journal p2 closed with @3
              answer @3 to #2: md "at what?"
              slot idle
            > fetched p3
              journal p3 started in c1
              slot busy
              write text p3: this
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
}

#[test]
fn what_is_passed_on_behind_a_file_is_read_with_it() {
    check_idle(
        "prompt look:\nforward_photo one\n+0.9\nforward two\n+0.9\nforward_photo three\nfetched p3",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > forward_photo one
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > +0.9
              typing
            > forward two
              journal p3 accepted p4 closed
            > +0.9
            > forward_photo three
              journal p3 accepted p5 closed
              fetch p3 photo3 photo5
            > fetched p3
              journal p3 started in c1
              write text p3: one

            two

            three
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)]
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg sees /inbox/photo.jpg
        "#]],
    );
}

#[test]
fn what_is_said_in_a_recording_that_is_passed_on_is_written_down_first() {
    check_idle(
        "configure voice on\nprompt what does he want?\nforward_voice\nfetched p3\nheard p3 make tea",
        expect![[r#"
            > configure voice on
            > prompt what does he want?
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: what does he want?
            > forward_voice
              journal p3 accepted
              react 👀 #3
              fetch p3 voice3
            > fetched p3
              listen p3 /inbox/voice.ogg
            > heard p3 make tea
              journal p3 accepted p3 started in c1 with @2
              answer @2 to #3 silent: "🎙 I heard:" quoted "make tea" []
              write text p3: make tea
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
    check_idle(
        "configure voice confirm\nprompt what does he want?\nforward_voice\nfetched p3\nheard p3 make tea\npress r n1 7",
        expect![[r#"
            > configure voice confirm
            > prompt what does he want?
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: what does he want?
            > forward_voice
              journal p3 accepted
              react 👀 #3
              fetch p3 voice3
            > fetched p3
              listen p3 /inbox/voice.ogg
            > heard p3 make tea
              journal p3 accepted p3 not begun n1 for want of Consent { asked_in: None } with @2
              answer @2 to #3: "🎙 Is this what you said? To correct it, reply to this message." quoted "make tea" ["▶ Run=t1.r.n1", "✕ Discard=t1.d.n1"]
            > press r n1 7
              journal p4 accepted p3 closed with @3
              edit #4: "▶ Running what I heard:" quoted "make tea" []
              toast "▶ Running."
              notice @4 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
              fetch p4 voice3
        "#]],
    );
}

#[test]
fn a_file_that_is_stopped_or_cannot_be_had_is_no_part_of_the_turn() {
    check_idle(
        "prompt look:\nforward_photo this\n/stop\nfetched p3",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > forward_photo this
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > /stop
              journal p2 begun p4 closed p3 closed with @2
              write interrupt
              answer @2 silent: "1 waiting message was dropped. It will not run."
            > fetched p3
        "#]],
    );
    check_idle(
        "prompt look:\nforward_photo this\nfetched p3 unreachable\npress r n1 7\nfetched p4",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > forward_photo this
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > fetched p3 unreachable
              journal p3 not begun n1 with @2
              answer @2 to #3: choice "I could not download the file from Telegram. Your message did not run."
            > press r n1 7
              journal p4 accepted p3 closed with @3
              edit #4: "↻ Trying again. Your message: this"
              toast "↻ Trying again."
              notice @4 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
              fetch p4 photo3
            > fetched p4
              journal p4 started in c1
              write text p4: this
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
              edit @4: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn an_edit_of_a_file_that_was_passed_on_stays_in_its_turn() {
    check_idle(
        "prompt look:\nforward_photo this\nedit_caption 3 that\nfetched p3x",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > forward_photo this
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > edit_caption 3 that
              journal p3x accepted p3 closed
              notice @2 to #3 silent: "✎ The new version runs instead."
              fetch p3x photo3
            > fetched p3x
              journal p3x started in c1
              write text p3x: that
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
}

#[test]
fn a_file_that_belongs_to_a_turn_is_dropped_with_it() {
    let script = "prompt look:\ngranted\nready\nforward_photo this\nattempt\ndelta hm\n+3\n\
                  shown 1 500\nstop x n1 7 500\nfetched p2\ninterrupted";
    let played = (Player::new(None).showing(Detail::Card)).play(script);
    let (_, stopped) = played.split_once("> stop").expect("a press");
    expect![[r#"
         x n1 7 500
          journal p3 closed p2 closed with @2
          write interrupt
          toast "⏹ Stopping. Press again to force it."
          answer @2 silent: "1 waiting message was dropped. It will not run."
        > fetched p2
        > interrupted
          journal p1 closed with @3 @1
          remember no conversation
          answer @3 to #1: "⏹ Stopped. Part of it may be done."
          slot idle
          edit #500: card "⏹ 3 s\nCut short:" folded "hm" []
    "#]]
    .assert_eq(stopped);
}

#[test]
fn a_file_that_was_passed_on_waits_when_the_bridge_stops() {
    check_idle(
        "prompt look:\nforward_photo this\nshutdown 60\nfetched p3\nanswered at what?",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > forward_photo this
              journal p3 accepted
              react 👀 #3
              fetch p3 photo3
            > shutdown 60
              answer @2 silent: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
            > fetched p3
            > answered at what?
              journal p2 closed with @3
              answer @3 to #2: md "at what?"
              slot idle
              write close
        "#]],
    );
}

#[test]
fn a_restart_keeps_what_belongs_to_a_turn_that_had_not_begun() {
    check(
        "resumed started look:, photo_behind this\ngranted\nready\nfetched p2",
        expect![[r#"
            > resumed started look:, photo_behind this
              journal p1 anew
              notice @1 silent: "↻ The bridge restarted. Your 2 waiting messages run now."
              slot wanted
              fetch p2 photo2
            > granted
              journal p1 started in c9
              launch g1 new c9
              slot busy
              write text p1: look:
            > ready
            > fetched p2
              journal p2 started in c9
              write text p2: this
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
    check(
        "resumed begun look:, photo_behind this\nfetched p2\ngranted",
        expect![[r#"
            > resumed begun look:, photo_behind this
              journal p1 interrupted n1 7 pays ? with @1
              answer @1 to #1: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              notice @2 silent: "↻ The bridge restarted. Your waiting message runs now."
              fetch p2 photo2
            > fetched p2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: this
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
}
