//! Transcripts that wait for a person, and what a restart makes of them.

use expect_test::expect;

use super::support::check;

#[test]
fn a_transcript_that_is_to_be_confirmed_waits_and_holds_up_nobody() {
    check(
        "configure voice confirm\nvoice\nfetched p1\nheard p1 make tea\nshown 1 504\nprompt after\n\
         press r n1 7\nfetched p4",
        expect![[r#"
            > configure voice confirm
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 make tea
              journal p1 accepted p1 not begun n1 for want of Consent { asked_in: None } with @1
              answer @1 to #1: "🎙 Is this what you said? To correct it, reply to this message." quoted "make tea" ["▶ Run=t1.r.n1", "✕ Discard=t1.d.n1"]
            > shown 1 504
              journal p1 not begun n1 for want of Consent { asked_in: Some(MessageId(504)) }
            > prompt after
              react 👀 #2
              slot wanted
            > press r n1 7
              journal p3 accepted p1 closed with @2
              edit #3: "▶ Running what I heard:" quoted "make tea" []
              toast "▶ Running."
              notice @3 to #1 silent: "Queued: 1 message runs first."
              fetch p3 voice1
            > fetched p4
        "#]],
    );
    check(
        "configure voice confirm\nvoice\nfetched p1\nheard p1 make tea\npress r n1 8\npress d n1 7",
        expect![[r#"
            > configure voice confirm
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 make tea
              journal p1 accepted p1 not begun n1 for want of Consent { asked_in: None } with @1
              answer @1 to #1: "🎙 Is this what you said? To correct it, reply to this message." quoted "make tea" ["▶ Run=t1.r.n1", "✕ Discard=t1.d.n1"]
            > press r n1 8
              journal p2 closed
              toast "Only the person who wrote the message or an administrator can decide this."
            > press d n1 7
              journal p3 closed p1 closed with @2
              edit #3: "✕ Discarded. I had heard:" quoted "make tea" []
              toast "✕ Discarded."
        "#]],
    );
}

#[test]
fn a_reply_to_a_transcript_corrects_it() {
    check(
        "configure voice confirm\nvoice\nfetched p1\nheard p1 make teeth\nshown 1 504\nreply 504 make tea\ngranted",
        expect![[r#"
            > configure voice confirm
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 make teeth
              journal p1 accepted p1 not begun n1 for want of Consent { asked_in: None } with @1
              answer @1 to #1: "🎙 Is this what you said? To correct it, reply to this message." quoted "make teeth" ["▶ Run=t1.r.n1", "✕ Discard=t1.d.n1"]
            > shown 1 504
              journal p1 not begun n1 for want of Consent { asked_in: Some(MessageId(504)) }
            > reply 504 make tea
              journal p2 accepted p1 closed with @2
              edit #504: "✓ Your reply runs instead. I had heard:" quoted "make teeth" []
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: make tea
        "#]],
    );
}

#[test]
fn a_correction_waits_where_no_further_message_may() {
    check(
        "configure voice confirm\nconfigure queue 1\nvoice\nfetched p1\nheard p1 make teeth\nshown 1 504\n\
         prompt x\nreply 504 make tea\nprompt y",
        expect![[r#"
            > configure voice confirm
            > configure queue 1
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 make teeth
              journal p1 accepted p1 not begun n1 for want of Consent { asked_in: None } with @1
              answer @1 to #1: "🎙 Is this what you said? To correct it, reply to this message." quoted "make teeth" ["▶ Run=t1.r.n1", "✕ Discard=t1.d.n1"]
            > shown 1 504
              journal p1 not begun n1 for want of Consent { asked_in: Some(MessageId(504)) }
            > prompt x
              react 👀 #2
              slot wanted
            > reply 504 make tea
              journal p3 accepted p1 closed with @2
              edit #504: "✓ Your reply runs instead. I had heard:" quoted "make teeth" []
              react 👀 #3
              notice @3 to #3 silent: "Queued: 1 message runs first."
            > prompt y
              journal p4 closed with @4
              answer @4 to #4: "Not taken: 2 messages are already waiting here. Send yours again when some are done. /stop ends the current work and drops what waits."
        "#]],
    );
}

#[test]
fn a_reply_to_something_else_or_of_somebody_else_corrects_nothing() {
    check(
        "configure voice confirm\nvoice\nfetched p1\nheard p1 make tea\nshown 1 504\nreply 9 hm\nreply of 8 504 make coffee",
        expect![[r#"
            > configure voice confirm
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 make tea
              journal p1 accepted p1 not begun n1 for want of Consent { asked_in: None } with @1
              answer @1 to #1: "🎙 Is this what you said? To correct it, reply to this message." quoted "make tea" ["▶ Run=t1.r.n1", "✕ Discard=t1.d.n1"]
            > shown 1 504
              journal p1 not begun n1 for want of Consent { asked_in: Some(MessageId(504)) }
            > reply 9 hm
              react 👀 #2
              slot wanted
            > reply of 8 504 make coffee
              react 👀 #3
              notice @2 to #3 silent: "Queued: 1 message runs first."
        "#]],
    );
}

#[test]
fn an_audio_file_without_words_is_heard_and_asked_about() {
    check(
        "configure voice on\naudio\n+2\nfetched p1\nheard p1 la la la\nshown 1 504\nreply 504 what song is this?\nfetched p2\ngranted",
        expect![[r#"
            > configure voice on
            > audio
            > +2
              journal p1 accepted
              react 👀 #1
              fetch p1 audio1
            > fetched p1
              listen p1 /inbox/audio.mp3
            > heard p1 la la la
              journal p1 accepted p1 not begun n1 for want of Consent { asked_in: None } with @1
              answer @1 to #1: "🎙 This is what I heard in the recording. Run it as your message? To say what to do with it, reply to this message." quoted "la la la" ["▶ Run=t1.r.n1", "✕ Discard=t1.d.n1"]
            > shown 1 504
              journal p1 not begun n1 for want of Consent { asked_in: Some(MessageId(504)) }
            > reply 504 what song is this?
              journal p2 accepted p1 closed with @2
              edit #504: "✓ Your reply runs instead. I had heard:" quoted "la la la" []
              react 👀 #2
              fetch p2 audio1
            > fetched p2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: what song is this?
            la la la
            [Transcribed by a program from an audio file: /inbox/audio.mp3 (70000 bytes)]
        "#]],
    );
}

#[test]
fn an_audio_file_with_words_is_a_file() {
    check(
        "configure voice on\naudio what song is this?\nfetched p1\ngranted",
        expect![[r#"
            > configure voice on
            > audio what song is this?
              react 👀 #1
              fetch p1 audio1
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: what song is this?
            [The user sent an audio file: /inbox/audio.mp3 (70000 bytes)]
        "#]],
    );
    check(
        "configure voice on\naudio\n+1\nprompt what song is this?\nfetched p1",
        expect![[r#"
            > configure voice on
            > audio
            > +1
            > prompt what song is this?
              journal p1 accepted p2 closed
              react 👀 #1
              fetch p1 audio1
            > fetched p1
              slot wanted
        "#]],
    );
    check(
        "configure voice off\naudio\n+2",
        expect![[r#"
        > configure voice off
        > audio
        > +2
          answer @1 to #1: "What should I do with this file? Write it as your next message, or send /stop to drop the file."
    "#]],
    );
}

#[test]
fn what_was_not_heard_before_a_restart_is_heard_then() {
    check(
        "configure voice on\nresumed voice unheard x\nfetched p1\nheard p1 make tea\ngranted",
        expect![[r#"
            > configure voice on
            > resumed voice unheard x
              notice @1 silent: "↻ The bridge restarted. Your waiting message runs now."
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
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
fn what_was_heard_before_a_restart_is_not_heard_or_shown_again() {
    check(
        "configure voice on\nresumed voice heard make tea\nfetched p1\ngranted",
        expect![[r#"
            > configure voice on
            > resumed voice heard make tea
              notice @1 silent: "↻ The bridge restarted. Your waiting message runs now."
              fetch p1 voice1
            > fetched p1
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
fn a_transcript_of_an_earlier_run_is_corrected_or_confirmed() {
    check(
        "configure voice confirm\nresumed voice confirm make teeth\nreply 504 make tea\nfetched p2",
        expect![[r#"
            > configure voice confirm
            > resumed voice confirm make teeth
            > reply 504 make tea
              journal p2 accepted p1 closed with @1
              edit #504: "✓ Your reply runs instead. I had heard:" quoted "make teeth" []
              react 👀 #2
              slot wanted
            > fetched p2
        "#]],
    );
    check(
        "configure voice confirm\nresumed voice confirm make tea\npress r n0 7\nfetched p2\ngranted",
        expect![[r#"
            > configure voice confirm
            > resumed voice confirm make tea
            > press r n0 7
              journal p2 accepted p1 closed with @1
              edit #2: "▶ Running what I heard:" quoted "make tea" []
              toast "▶ Running."
              fetch p2 voice1
            > fetched p2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: make tea
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
}

#[test]
fn what_could_not_be_heard_before_a_restart_is_sent_as_a_file() {
    check(
        "configure voice on\nresumed voice failed x\npress f n0 7\nfetched p2\ngranted",
        expect![[r#"
            > configure voice on
            > resumed voice failed x
            > press f n0 7
              journal p2 accepted p1 closed with @1
              edit #2: "📎 Claude gets the file."
              toast "📎 Claude gets the file."
              fetch p2 voice1
            > fetched p2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: [The user sent a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
}
