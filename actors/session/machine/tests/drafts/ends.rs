//! How a draft ends other than by an answer, and who has one.

use expect_test::expect;

use super::super::support::{Player, check_group};
use super::check;
use crate::chat_settings::Detail;

#[test]
fn its_stop_stops_the_turn_and_no_draft_comes_back() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         delta some words
         +0.3
         stop_draft n7
         stop_draft n1
         delta and more
         +3
         stop_draft n1
         exit signal 9
         stop_draft n1",
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
            > delta some words
            > +0.3
              draft 35319296: "some words"
            > stop_draft n7
              journal p3 closed
            > stop_draft n1
              journal p4 closed
              write interrupt
            > delta and more
            > +3
              typing
            > stop_draft n1
              journal p5 closed
              kill
            > exit signal 9
              journal p2 closed 7 pays ? with @2 @3
              forget agent
              answer @2 silent: "Cut short:" folded "some wordsand more"
              answer @3 to #2: "⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation."
              slot released
            > stop_draft n1
              journal p6 closed
        "#]],
    );
}

#[test]
fn the_stop_of_the_last_turn_does_not_stop_the_next() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         delta words
         +0.3
         answered words
         prompt y
         delta words
         +0.3
         stop_draft n1
         stop_draft n2",
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
            > +0.3
              draft 35319296: "words"
            > answered words
              journal p2 closed with @2
              answer @2 to #2: md "words"
              slot idle
            > prompt y
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: y
            > delta words
              journal p3 begun
            > +0.3
              draft 60485724: "words"
            > stop_draft n1
              journal p4 closed
            > stop_draft n2
              journal p5 closed
              write interrupt
        "#]],
    );
}

#[test]
fn where_telegram_refuses_the_draft_the_rest_of_the_turn_has_a_card() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         delta some words
         +0.3
         refuse_draft n7
         refuse_draft n1
         +2
         stop_draft n1
         refuse_draft n1
         interrupted
         prompt y
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
            > delta some words
              journal p2 begun
            > +0.3
              draft 35319296: "some words"
            > refuse_draft n7
            > refuse_draft n1
            > +2
              notice @2 silent: card "⏳ 0 s · Claude is writing" md "some words" ["⏹ Stop=s1.x.n2"]
              edit @2: card "⏳ 1 s · Claude is writing" md "some words" ["⏹ Stop=s1.x.n2"]
              edit @2: card "⏳ 2 s · Claude is writing" md "some words" ["⏹ Stop=s1.x.n2"]
            > stop_draft n1
              journal p3 closed
              write interrupt
            > refuse_draft n1
            > interrupted
              journal p2 closed with @3 @4
              answer @3 silent: "Cut short:" folded "some words"
              answer @4 to #2: "⏹ Stopped. Part of it may be done."
              slot idle
              edit @2: card "⏹ 2 s" []
            > prompt y
              journal p4 started in c1
              react 👀 #4
              slot busy
              write text p4: y
            > +2
              typing
              draft 52096915: ""
        "#]],
    );
}

#[test]
fn what_a_draft_showed_of_a_text_that_is_cut_stays_as_a_message() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         delta This is what I
         +2
         exit code 1",
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
            > delta This is what I
            > +2
              draft 35319296: "This is what I"
            > exit code 1
              journal p2 interrupted n2 7 pays ? with @2 @3
              forget agent
              answer @2 silent: "Cut short:" folded "This is what I"
              answer @3 to #2: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
        "#]],
    );
}

/// A turn that has a card keeps it; one that has a draft gets a card.
#[test]
fn the_choice_holds_for_what_is_not_shown_yet() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         +2
         /draft off
         +1
         /draft on
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
            > +2
              typing
              draft 35319296: ""
            > /draft off
              remember no conversation
              journal p3 closed with @2
              answer @2 to #3: "How this chat shows Claude's words while they come:\n○ /draft on – as live typing (on Android it blocks the keyboard, but its Stop button works)\n● /draft off – in a progress message"
            > +1
              notice @3 silent: card "⏳ 3 s · Claude is thinking" ["⏹ Stop=s1.x.n2"]
            > /draft on
              remember no conversation in drafts
              journal p4 closed with @4
              answer @4 to #4: "How this chat shows Claude's words while they come:\n● /draft on – as live typing (on Android it blocks the keyboard, but its Stop button works)\n○ /draft off – in a progress message"
            > +1
              edit @3: card "⏳ 4 s · Claude is thinking" ["⏹ Stop=s1.x.n2"]
        "#]],
    );
}

#[test]
fn whether_turns_stream_as_drafts_is_kept_for_the_chat() {
    let script = "/draft
         /draft on
         /draft on
         /verbose 0
         /draft
         configure folder /other
         prompt x
         granted";
    let transcript = Player::new(None).showing(Detail::Card).play(script);
    expect![[r#"
        > /draft
          journal p1 closed with @1
          answer @1 to #1: "How this chat shows Claude's words while they come:\n○ /draft on – as live typing (on Android it blocks the keyboard, but its Stop button works)\n● /draft off – in a progress message"
        > /draft on
          remember no conversation in drafts
          journal p2 closed with @2
          answer @2 to #2: "How this chat shows Claude's words while they come:\n● /draft on – as live typing (on Android it blocks the keyboard, but its Stop button works)\n○ /draft off – in a progress message"
        > /draft on
          journal p3 closed with @3
          answer @3 to #3: "How this chat shows Claude's words while they come:\n● /draft on – as live typing (on Android it blocks the keyboard, but its Stop button works)\n○ /draft off – in a progress message"
        > /verbose 0
          remember no conversation in drafts
          journal p4 closed with @4
          answer @4 to #4: "How much of the work this chat shows:\n● /verbose 0 – only the answer\n○ /verbose 1 – what Claude does right now, and its words as they come\n○ /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote"
        > /draft
          journal p5 closed with @5
          answer @5 to #5: "How this chat shows Claude's words while they come:\n● /draft on – as live typing (on Android it blocks the keyboard, but its Stop button works)\n○ /draft off – in a progress message\n\nThis chat is set to /verbose 0, so it shows neither."
        > configure folder /other
        > prompt x
          react 👀 #6
          slot wanted
        > granted
          remember no conversation in /other in drafts
          journal p6 started in c1
          launch g1 new c1 in /other
          slot busy
          write text p6: x
    "#]].assert_eq(&transcript);
}

#[test]
fn a_group_keeps_its_card_and_is_told_so() {
    check_group(
        "/draft on
         /draft
         /verbose 1
         prompt x
         granted
         ready
         +2",
        expect![[r#"
            > /draft on
              journal p1 closed with @1
              answer @1 to #1: "Live typing works in private chats only. This chat keeps the progress message."
            > /draft
              journal p2 closed with @2
              answer @2 to #2: "Live typing works in private chats only. This chat keeps the progress message."
            > /verbose 1
              remember no conversation
              journal p3 closed with @3
              answer @3 to #3: "How much of the work this chat shows:\n○ /verbose 0 – only the answer\n● /verbose 1 – what Claude does right now, and its words as they come\n○ /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote"
            > prompt x
              react 👀 #4
              slot wanted
            > granted
              journal p4 started in c1
              launch g1 new c1
              slot busy
              write text p4: x
            > ready
            > +2
              typing
              notice @4 silent: card "⏳ 2 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
        "#]],
    );
}

/// However it came to have the choice.
#[test]
fn no_draft_is_shown_outside_of_a_private_chat() {
    check(
        Detail::Card,
        "moved -7
         prompt x
         granted
         ready
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
            > +2
              typing
              notice @2 silent: card "⏳ 2 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
        "#]],
    );
}
