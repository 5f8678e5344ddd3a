//! The draft that shows a running turn in place of the card.

mod ends;

use std::time::Duration;

use expect_test::{Expect, expect};

use super::support::Player;
use crate::chat_settings::Detail;
use crate::outbox::Sign;
use crate::session::effect::Effect;

/// Begins with `/draft on`.
fn check(detail: Detail, script: &str, expected: Expect) {
    let script = format!("/draft on\n{script}");
    let transcript = Player::new(None).showing(detail).play(&script);
    let (_, rest) = transcript.split_once("> prompt x\n").expect("a prompt");
    expected.assert_eq(rest);
}

#[test]
fn the_words_stream_as_a_draft_and_the_answer_ends_it() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         delta The **ans
         +0.3
         delta wer
         +1
         said The **answer**.
         tool Bash make all
         +1
         +9
         delta So it
         +10
         cost 0.12 So it is.",
        expect![[r#"
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > attempt
              journal p2 begun
            > delta The **ans
            > +0.3
              draft 35319296: "The **ans"
            > delta wer
            > +1
              draft 35319296: "The **answer"
            > said The **answer**.
            > tool Bash make all
              journal p2 does "Bash: make all"
            > +1
              draft 35319296: "The **answer**." + "⏳ Bash: make all"
            > +9
            > delta So it
            > +10
              draft 35319296: "The **answer**.\n\nSo it"
            > cost 0.12 So it is.
              journal p2 closed 7 pays 120000 with @2
              answer @2 to #2: folded "The **answer**." md "So it is."
              slot idle
        "#]],
    );
}

#[test]
fn a_turn_without_words_shows_that_claude_thinks_and_a_short_one_nothing() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         +12
         answered done
         prompt y
         +1
         answered done",
        expect![[r#"
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > attempt
              journal p2 begun
            > +12
              typing
              draft 35319296: "" ×2
            > answered done
              journal p2 closed with @2
              answer @2 to #2: md "done"
              slot idle
            > prompt y
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: y
            > +1
              typing
            > answered done
              journal p3 closed with @3
              answer @3 to #3: md "done"
              slot idle
        "#]],
    );
}

#[test]
fn the_log_stands_below_the_words() {
    check(
        Detail::Log,
        "prompt x
         granted
         ready
         said First this.
         tool Bash make
         tool Bash make test
         +2",
        expect![[r#"
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > said First this.
              journal p2 begun
            > tool Bash make
              journal p2 does "Bash: make"
            > tool Bash make test
              journal p2 does "Bash: make test"
            > +2
              typing
              draft 35319296: "First this." + "✓ Bash: make\n⏳ Bash: make test"
        "#]],
    );
}

#[test]
fn the_words_of_a_cut_attempt_are_taken_back() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         delta The answer
         +0.3
         attempt
         +1
         delta Rather this
         +1",
        expect![[r#"
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > attempt
              journal p2 begun
            > delta The answer
            > +0.3
              draft 35319296: "The answer"
            > attempt
            > +1
              draft 35319296: ""
            > delta Rather this
            > +1
              draft 35319296: "Rather this"
        "#]],
    );
}

#[test]
fn while_somebody_is_asked_the_draft_rests() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         delta words
         +2
         asks Bash make
         +600
         answer y n2 7
         +1",
        expect![[r#"
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > delta words
              journal p2 begun
            > +2
              draft 35319296: "words"
            > asks Bash make
              journal p2 does "Bash: make – not allowed yet, so it has not run"
              answer @2 to #2: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "make" ["✅ Allow=a1.y.n2", "✕ Deny=a1.n.n2"]
            > +600
            > answer y n2 7
              journal p2 does "Bash: make" p3 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @2: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "make" []
              write allow r1 <make> [] Nothing
            > +1
              draft 35319296: "words"
        "#]],
    );
}

/// It says nothing new, but nobody sees it any more.
#[test]
fn a_draft_that_a_message_took_away_comes_back() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         tool Bash make
         +62
         heartbeat
         prompt y
         +4",
        expect![[r#"
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > tool Bash make
              journal p2 does "Bash: make"
            > +62
              typing
              draft 35319296: "" + "⏳ Bash: make" ×6
            > heartbeat
            > prompt y
              react 👀 #3
              notice @2 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > +4
              draft 35319296: "" + "⏳ Bash: make"
        "#]],
    );
}

/// Returns how many drafts a turn sends in so many seconds.
fn calls(seconds: u64, event: &str) -> usize {
    let mut player = Player::new(None).showing(Detail::Card);
    for line in ["/draft on", "prompt x", "granted", "ready", "attempt"] {
        let event = player.parse(line);
        player.step(event);
    }
    let mut calls = 0;
    for _ in 0..4 * seconds {
        let event = player.parse(event);
        let effects = [player.step(event), player.pass(Duration::from_millis(250))];
        let drafts = effects.iter().flatten();
        calls += drafts
            .filter(|effect| matches!(effect, Effect::Sign(Sign::Draft(_))))
            .count();
    }
    calls
}

/// One that only thinks or runs a tool sends what it takes to stay visible.
#[test]
fn a_draft_is_renewed_ever_more_slowly() {
    let talking = [10, 60, 3600].map(|seconds| calls(seconds, "delta word "));
    let silent = [10, 60, 3600].map(|seconds| calls(seconds, "heartbeat"));
    assert_eq!((talking, silent), ([10, 30, 384], [1, 6, 360]));
}

#[test]
fn a_chat_that_wants_the_answer_alone_sees_no_draft() {
    check(
        Detail::Answer,
        "prompt x
         granted
         ready
         delta words
         +5
         answered done",
        expect![[r#"
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > delta words
              journal p2 begun
            > +5
              typing ×2
            > answered done
              journal p2 closed with @2
              answer @2 to #2: md "done"
              slot idle
        "#]],
    );
}
