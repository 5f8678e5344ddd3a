//! The card that shows a running turn.

use expect_test::{Expect, expect};

use super::support::Player;
use crate::chat_settings::Detail;

fn check(detail: Detail, script: &str, expected: Expect) {
    expected.assert_eq(&Player::new(None).showing(detail).play(script));
}

#[test]
fn a_turn_has_a_card_after_two_seconds_and_it_is_closed_into_a_summary() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         tool Bash make all
         +1.9
         +0.2
         +1
         tool Edit src/main.rs
         said I have changed it.
         +1
         cost 0.12 done",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > attempt
              journal p1 begun
            > tool Bash make all
              journal p1 does "Bash: make all"
            > +1.9
              typing
            > +0.2
              notice @1 silent: card "⏳ 2 s · Bash: make all" ["⏹ Stop=s1.x.n1"]
            > +1
              edit @1: card "⏳ 3 s · Bash: make all" ["⏹ Stop=s1.x.n1"]
            > tool Edit src/main.rs
              journal p1 does "Edit: src/main.rs"
            > said I have changed it.
            > +1
              edit @1: card "⏳ 4 s · Edit: src/main.rs" md "I have changed it." ["⏹ Stop=s1.x.n1"]
            > cost 0.12 done
              journal p1 closed 7 pays 120000 with @2
              answer @2 to #1: md "I have changed it.\n\ndone"
              write ask p1 LookBack { prompt: PromptId("p1") }
              slot idle
              edit @1: card "✓ 4 s · 2 tools · $0.12" []
        "#]],
    );
}

#[test]
fn a_summary_names_the_cost_of_its_own_turn() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         cost 0.12 done
         idle
         prompt y
         +3
         cost 0.15 done again",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > cost 0.12 done
              journal p1 closed 7 pays 120000 with @1
              answer @1 to #1: md "done"
              slot idle
            > idle
            > prompt y
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: y
            > +3
              typing
              notice @2 silent: card "⏳ 2 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
              edit @2: card "⏳ 3 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
            > cost 0.15 done again
              journal p2 closed 7 pays 30000 with @3
              answer @3 to #2: md "done again"
              slot idle
              edit @2: card "✓ 3 s · $0.03" []
        "#]],
    );
}

#[test]
fn a_short_turn_has_no_card() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         delta hello
         +0.2
         answered hello",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > delta hello
              journal p1 begun
            > +0.2
            > answered hello
              journal p1 closed with @1
              answer @1 to #1: md "hello"
              slot idle
        "#]],
    );
}

#[test]
fn the_first_words_are_shown_soon_and_those_of_a_cut_attempt_are_taken_back() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         delta The answer
         +0.3
         delta _is_not
         attempt
         delta Rather this
         +1",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > attempt
              journal p1 begun
            > delta The answer
            > +0.3
              notice @1 silent: card "⏳ 0 s · Claude is writing" md "The answer" ["⏹ Stop=s1.x.n1"]
            > delta _is_not
            > attempt
            > delta Rather this
            > +1
              edit @1: card "⏳ 1 s · Claude is writing" md "Rather this" ["⏹ Stop=s1.x.n1"]
        "#]],
    );
}

#[test]
fn a_chat_that_wants_the_answer_alone_sees_no_card() {
    check(
        Detail::Answer,
        "prompt x
         granted
         ready
         delta words
         +5
         answered done",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > delta words
              journal p1 begun
            > +5
              typing ×2
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
        "#]],
    );
}

#[test]
fn the_log_shows_the_tools_before() {
    check(
        Detail::Log,
        "prompt x
         granted
         ready
         tool Bash make
         tool Bash make test
         +2",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > tool Bash make
              journal p1 does "Bash: make"
            > tool Bash make test
              journal p1 does "Bash: make test"
            > +2
              typing
              notice @1 silent: card "⏳ 2 s · Bash: make test\n✓ Bash: make" ["⏹ Stop=s1.x.n1"]
        "#]],
    );
}

#[test]
fn the_button_stops_the_turn_and_a_second_press_ends_it_by_force() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         +2
         stop x n7 7
         stop x n1 7
         stop x n1 7
         exit signal 9
         stop x n1 7",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > attempt
              journal p1 begun
            > +2
              typing
              notice @1 silent: card "⏳ 2 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
            > stop x n7 7
              journal p2 closed
              toast "This is no longer open."
            > stop x n1 7
              journal p3 closed
              write interrupt
              toast "⏹ Stopping. Press again to force it."
            > stop x n1 7
              journal p4 closed
              kill
              toast "⏹ Stopping by force."
            > exit signal 9
              journal p1 closed 7 pays ? with @2
              forget agent
              answer @2 to #1: "⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation."
              slot released
              edit @1: card "⏹ 2 s" []
            > stop x n1 7
              journal p5 closed
              toast "This is no longer open."
        "#]],
    );
}

#[test]
fn the_card_of_an_agent_that_dies_is_closed() {
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
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > attempt
              journal p1 begun
            > delta This is what I
            > +2
              notice @1 silent: card "⏳ 0 s · Claude is writing" md "This is what I" ["⏹ Stop=s1.x.n1"]
              edit @1: card "⏳ 1 s · Claude is writing" md "This is what I" ["⏹ Stop=s1.x.n1"]
            > exit code 1
              journal p1 interrupted n2 7 pays ? with @2 @3
              forget agent
              answer @2 silent: "Cut short:" folded "This is what I"
              answer @3 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
              edit @1: card "⏹ 2 s" []
        "#]],
    );
}

#[test]
fn while_somebody_is_asked_the_card_rests() {
    check(
        Detail::Card,
        "prompt x
         granted
         ready
         attempt
         +2
         asks Bash make
         +600
         answer y n2 7
         +1",
        expect![[r#"
            > prompt x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > attempt
              journal p1 begun
            > +2
              typing
              notice @1 silent: card "⏳ 2 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
            > asks Bash make
              journal p1 does "Bash: make – not allowed yet, so it has not run"
              answer @2 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "make" ["✅ Allow=a1.y.n2", "✕ Deny=a1.n.n2"]
            > +600
              edit @1: card "⏳ 3 s · Waiting for you" ["⏹ Stop=s1.x.n1"]
              edit @1: card "⏳ 1 min 2 s · Waiting for you (1 min)" ["⏹ Stop=s1.x.n1"]
              edit @1: card "⏳ 5 min 2 s · Waiting for you (5 min)" ["⏹ Stop=s1.x.n1"]
            > answer y n2 7
              journal p1 does "Bash: make" p2 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool Bash sha256:abc
              edit @2: live "✅ Allowed by Ada, 14:05 UTC: Bash" bash "make" []
              write allow r1 <make> [] Nothing
            > +1
              edit @1: card "⏳ 10 min 2 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
        "#]],
    );
}

#[test]
fn how_much_is_shown_is_kept_for_the_chat() {
    check(
        Detail::Card,
        "/verbose
         /verbose 0
         /verbose 0",
        expect![[r#"
            > /verbose
              journal p1 closed with @1
              answer @1 to #1: "How much of the work this chat shows:\n○ /verbose 0 – only the answer\n● /verbose 1 – what Claude does right now, and its words as they come\n○ /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote"
            > /verbose 0
              remember no conversation
              journal p2 closed with @2
              answer @2 to #2: "How much of the work this chat shows:\n● /verbose 0 – only the answer\n○ /verbose 1 – what Claude does right now, and its words as they come\n○ /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote"
            > /verbose 0
              journal p3 closed with @3
              answer @3 to #3: "How much of the work this chat shows:\n● /verbose 0 – only the answer\n○ /verbose 1 – what Claude does right now, and its words as they come\n○ /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote"
        "#]],
    );
}
