//! Work that goes on without a prompt, and an agent that hangs in it.

use expect_test::{Expect, expect};

use super::support::Player;

/// Plays a turn that leaves work behind, and shows what comes after it.
fn check_behind_a_turn(script: &str, expected: Expect) {
    let beginning = "prompt x\ngranted\nready\nrunning\nattempt\nanswered fine\n";
    let played = Player::new(None).play(&format!("{beginning}{script}"));
    let (_, after) = played.split_once("> answered fine").expect("a turn");
    let (_, after) = after.split_once("> ").expect("something comes after it");
    expected.assert_eq(&format!("> {after}"));
}

#[test]
fn an_agent_that_hangs_in_the_background_loses_its_slot() {
    check_behind_a_turn(
        "+899
         +2
         exit signal 9",
        expect![[r#"
            > +899
            > +2
              kill
              answer @2 silent: "⚠ Claude worked in the background and gave no sign of life for 15 min, so it was ended. Your next message continues the conversation."
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn an_agent_that_shows_life_in_the_background_keeps_its_slot() {
    check_behind_a_turn(
        "+899
         heartbeat
         +899
         task b1
         +899
         idle",
        expect![[r#"
            > +899
            > heartbeat
            > +899
            > task b1
            > +899
            > idle
              slot idle
        "#]],
    );
}

#[test]
fn an_agent_that_waits_for_a_person_in_the_background_may_be_silent() {
    check_behind_a_turn(
        "asks Bash ls
         +1000
         answer n n1 7
         +899
         +2",
        expect![[r#"
            > asks Bash ls
              answer @2: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "ls" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > +1000
            > answer n n1 7
              journal p2 closed
              toast "✕ Denied."
              audit User(UserId(7)) deny_tool Bash sha256:abc
              edit @2: live "✕ Denied by Ada, 14:05 UTC: Bash" bash "ls" []
              write deny r1: The user denied this.
            > +899
            > +2
              kill
              answer @3 silent: "⚠ Claude worked in the background and gave no sign of life for 15 min, so it was ended. Your next message continues the conversation."
        "#]],
    );
}
