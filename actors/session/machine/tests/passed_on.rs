//! What is passed on is one prompt with what comes with it: with the words behind it, or those in
//! front of it.

use expect_test::expect;

use super::gathered::check_idle;
use super::support::{Player, check};

#[test]
fn what_is_passed_on_together_is_one_prompt_with_the_words_that_follow() {
    check_idle(
        "forward one\nforward two\nprompt and?",
        expect![[r#"
        > forward one
        > forward two
        > prompt and?
          journal p2 accepted p2 started in c1 p4 closed p3 closed
          react 👀 #2
          slot busy
          write text p2: one

        two

        and?
    "#]],
    );
}

#[test]
fn what_is_passed_on_behind_words_about_it_belongs_to_their_turn() {
    // Claude reads it at its next step, or behind the turn.
    check_idle(
        "prompt look:\n+0.2\nforward one\n+0.9\nforward two",
        expect![[r#"
            > prompt look:
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: look:
            > +0.2
            > forward one
              journal p3 accepted p3 started in c1
              react 👀 #3
              write text p3: one
            > +0.9
              typing
            > forward two
              journal p4 accepted p4 started in c1
              react 👀 #4
              write text p4: two
        "#]],
    );
}

#[test]
fn what_is_passed_on_while_the_agent_starts_belongs_to_the_turn_too() {
    check(
        "prompt look:\ngranted\nforward one\nready\nunknown",
        expect![[r#"
            > prompt look:
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: look:
            > forward one
              journal p2 accepted p2 started in c1
              react 👀 #2
              write text p2: one
            > ready
            > unknown
        "#]],
    );
}

#[test]
fn what_is_passed_on_behind_words_that_wait_is_read_with_them() {
    check(
        "prompt x\ngranted\nready\nattempt\nprompt look:\nforward one\nforward two\nanswered x\nidle",
        expect![[r#"
            > attempt
              journal p1 begun
            > prompt look:
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > forward one
              journal p2 accepted p3 closed
            > forward two
              journal p2 accepted p4 closed
            > answered x
              journal p2 started in c1 p1 closed with @2
              answer @2 to #1: md "x"
              slot busy
              write text p2: look:

            one

            two
              edit @1: live "▶ Claude has it." []
            > idle
        "#]],
    );
}

#[test]
fn what_is_passed_on_a_second_later_is_something_else() {
    check_idle(
        "prompt look:\n+1\nforward one\n+1",
        expect![[r#"
        > prompt look:
          journal p2 started in c1
          react 👀 #2
          slot busy
          write text p2: look:
        > +1
          typing
        > forward one
        > +1
          journal p3 accepted
          react 👀 #3
          notice @2 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
    "#]],
    );
}

#[test]
fn a_turn_takes_so_much_that_is_passed_on_and_the_rest_is_one_prompt_of_its_own() {
    let forwards = vec!["forward one"; 36].join("\n+0.1\n");
    let script = format!("prompt look:\ngranted\nready\n{forwards}\n+1");
    let played = Player::new(None).play(&script);
    assert_eq!(played.matches("write text").count(), 1 + 32, "{played}");
    let rest = &played[played.rfind("> +1\n").expect("a second")..];
    expect![[r#"
        > +1
          journal p34 accepted p35 closed p36 closed p37 closed
          react 👀 #34
          notice @1 to #34 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.34", "✕ Remove=q1.r.34"]
    "#]].assert_eq(rest);
}
