//! Voice messages that cannot be written down: one line, and nothing is lost.

use expect_test::expect;

use super::support::check;

/// Plays a voice message for each of these faults.
fn script_of(faults: &[&str]) -> String {
    let lines = faults.iter().enumerate().map(|(at, fault)| {
        let prompt = at + 1;
        format!("voice\nfetched p{prompt}\nheard p{prompt} !{fault}\n")
    });
    let on = std::iter::once("configure voice on\n".to_owned());
    on.chain(lines).collect()
}

#[test]
fn a_program_that_does_not_work_is_one_line_with_ways_out() {
    let script = script_of(&["missing", "broken", "failed", "complained"]);
    check(
        &script,
        expect![[r#"
        > configure voice on
        > voice
          react 👀 #1
          fetch p1 voice1
        > fetched p1
          listen p1 /inbox/voice.ogg
        > heard p1 !missing
          journal p1 not begun n1 for want of Words with @1
          answer @1 to #1: choice "The program that transcribes was not found: whisper. Whoever runs the bridge sets it as voice.transcribe in bridge.toml. Your message did not run."
        > voice
          react 👀 #2
          fetch p2 voice2
        > fetched p2
          listen p2 /inbox/voice.ogg
        > heard p2 !broken
          journal p2 not begun n2 for want of Words with @2
          answer @2 to #2: choice "I could not start the program that transcribes: no guard. Your message did not run."
        > voice
          react 👀 #3
          fetch p3 voice3
        > fetched p3
          listen p3 /inbox/voice.ogg
        > heard p3 !failed
          journal p3 not begun n3 for want of Words with @3
          answer @3 to #3: choice "I could not transcribe this: the program failed with exit code 3. Your message did not run."
        > voice
          react 👀 #4
          fetch p4 voice4
        > fetched p4
          listen p4 /inbox/voice.ogg
        > heard p4 !complained
          journal p4 not begun n4 for want of Words with @4
          answer @4 to #4: choice "I could not transcribe this: the program failed with exit code 3 and said “no model⟦U+202E⟧”. Your message did not run."
    "#]],
    );
}

#[test]
fn a_program_that_says_nothing_sensible_is_one_line_with_ways_out() {
    let script = script_of(&["timed out", "too much", "no text", "silence"]);
    check(
        &script,
        expect![[r#"
        > configure voice on
        > voice
          react 👀 #1
          fetch p1 voice1
        > fetched p1
          listen p1 /inbox/voice.ogg
        > heard p1 !timed out
          journal p1 not begun n1 for want of Words with @1
          answer @1 to #1: choice "I could not transcribe this within 5 min. Your message did not run."
        > voice
          react 👀 #2
          fetch p2 voice2
        > fetched p2
          listen p2 /inbox/voice.ogg
        > heard p2 !too much
          journal p2 not begun n2 for want of Words with @2
          answer @2 to #2: choice "I could not transcribe this: the program wrote far more than anybody says. Your message did not run."
        > voice
          react 👀 #3
          fetch p3 voice3
        > fetched p3
          listen p3 /inbox/voice.ogg
        > heard p3 !no text
          journal p3 not begun n3 for want of Words with @3
          answer @3 to #3: choice "I could not transcribe this: the program wrote something that is not text. Your message did not run."
        > voice
          react 👀 #4
          fetch p4 voice4
        > fetched p4
          listen p4 /inbox/voice.ogg
        > heard p4 !silence
          journal p4 not begun n4 for want of Words with @4
          answer @4 to #4: choice "I heard no words in this. Your message did not run."
    "#]],
    );
}

#[test]
fn what_cannot_be_heard_is_tried_again_or_sent_as_a_file() {
    check(
        "configure voice on\nvoice\nfetched p1\nheard p1 !timed out\npress r n1 7\nfetched p2\nheard p2 tea\ngranted",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 !timed out
              journal p1 not begun n1 for want of Words with @1
              answer @1 to #1: choice "I could not transcribe this within 5 min. Your message did not run."
            > press r n1 7
              journal p2 accepted p1 closed with @2
              edit #2: "↻ Trying again."
              toast "↻ Trying again."
              fetch p2 voice1
            > fetched p2
              listen p2 /inbox/voice.ogg
            > heard p2 tea
              journal p2 accepted with @3
              answer @3 to #1 silent: "🎙 I heard:" quoted "tea" []
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: tea
            [Transcribed by a program from a voice message: /inbox/voice.ogg (70000 bytes)]
        "#]],
    );
    check(
        "configure voice on\nvoice\nfetched p1\nheard p1 !timed out\npress f n1 7\nfetched p2\ngranted",
        expect![[r#"
            > configure voice on
            > voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              listen p1 /inbox/voice.ogg
            > heard p1 !timed out
              journal p1 not begun n1 for want of Words with @1
              answer @1 to #1: choice "I could not transcribe this within 5 min. Your message did not run."
            > press f n1 7
              journal p2 accepted p1 closed with @2
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

#[test]
fn what_is_too_long_is_not_listened_to() {
    check(
        "configure voice on\nlong_voice\nfetched p1\npress d n1 7",
        expect![[r#"
            > configure voice on
            > long_voice
              react 👀 #1
              fetch p1 voice1
            > fetched p1
              journal p1 not begun n1 for want of Words with @1
              answer @1 to #1: choice "This recording is too long: I transcribe up to 1 min. Your message did not run."
            > press d n1 7
              journal p2 closed p1 closed with @2
              edit #2: "✕ Discarded."
              toast "✕ Discarded."
        "#]],
    );
}
