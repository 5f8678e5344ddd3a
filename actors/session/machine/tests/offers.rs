//! What a person can decide about interrupted work.

use expect_test::expect;

use super::support::{check, check_group, check_resumed};

#[test]
fn an_offer_of_an_earlier_run_still_counts_and_only_once() {
    check_resumed(
        "
        resumed interrupted deploy it
        press c n0 7
        press c n0 7
        granted
        ready
        ",
        expect![[r#"
            > resumed interrupted deploy it
            > press c n0 7
              journal p2 accepted p1 closed with @1
              edit #2: "▶ Claude continues. The interrupted message: deploy it"
              toast "▶ Claude continues."
              slot wanted
            > press c n0 7
              journal p3 closed
              toast "This is no longer open."
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: Your work on my last message was interrupted from outside. The last thing you did was: Bash: make
            It may have partly run. Check what was done, then go on with it.
            > ready
        "#]],
    );
}

#[test]
fn run_again_is_a_new_prompt_with_the_same_words() {
    check_resumed(
        "
        resumed interrupted deploy it
        press r n0 7
        granted
        ready
        ",
        expect![[r#"
            > resumed interrupted deploy it
            > press r n0 7
              journal p2 accepted p1 closed with @1
              edit #2: "↻ It runs again. The interrupted message: deploy it"
              toast "↻ It runs again."
              slot wanted
            > granted
              journal p2 started in c0
              launch g1 resume c0
              slot busy
              write text p2: deploy it
            > ready
        "#]],
    );
}

#[test]
fn discard_closes_it() {
    check_resumed(
        "
        resumed interrupted deploy it
        press d n0 7
        ",
        expect![[r#"
            > resumed interrupted deploy it
            > press d n0 7
              journal p2 closed p1 closed with @1
              edit #2: "✕ Discarded. The interrupted message: deploy it"
              toast "✕ Discarded."
        "#]],
    );
}

#[test]
fn in_a_group_only_the_author_or_an_administrator_decides() {
    check_group(
        "
        resumed interrupted deploy it
        press r n0 8
        press d n1 7
        press x n0 7
        press d n0 admin8
        ",
        expect![[r#"
            > resumed interrupted deploy it
            > press r n0 8
              journal p2 closed
              toast "Only the person who wrote the message or an administrator can decide this."
            > press d n1 7
              journal p3 closed
              toast "This is no longer open."
            > press x n0 7
              journal p4 closed
              toast "This is no longer open."
            > press d n0 admin8
              journal p5 closed p1 closed with @1
              edit #5: "✕ Discarded. The interrupted message: deploy it"
              toast "✕ Discarded."
        "#]],
    );
}

#[test]
fn the_ninth_offer_lets_the_oldest_lapse() {
    check(
        "
        resumed begun a, begun b, begun c, begun d, begun e, begun f, begun g, begun h, begun i
        press r n1 7
        press d n9 7
        ",
        expect![[r#"
            > resumed begun a, begun b, begun c, begun d, begun e, begun f, begun g, begun h, begun i
              journal p2 interrupted n2 p3 interrupted n3 p4 interrupted n4 p5 interrupted n5 p6 interrupted n6 p7 interrupted n7 p8 interrupted n8 p9 interrupted n9 p1 closed 7 pays ? 7 pays ? 7 pays ? 7 pays ? 7 pays ? 7 pays ? 7 pays ? 7 pays ? 7 pays ? with @1 @2 @3 @4 @5 @6 @7 @8 @9 @10
              answer @1 to #1: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @2 to #2: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @3 to #3: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @4 to #4: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @5 to #5: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @6 to #6: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @7 to #7: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @8 to #8: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
              answer @9 to #1: "✕ Too much was interrupted here to keep this open. It does not run. Send it again if you still want it."
              answer @10 to #9: choice "⚠ The bridge restarted while Claude worked on this. Part of it may be done.\n\nNothing repeats unless you say so."
            > press r n1 7
              journal p10 closed
              toast "This is no longer open."
            > press d n9 7
              journal p11 closed p9 closed with @11
              edit #11: "✕ Discarded. The interrupted message: i"
              toast "✕ Discarded."
        "#]],
    );
}

#[test]
fn a_new_conversation_ends_the_offers_of_the_one_before() {
    check_resumed(
        "
        resumed interrupted deploy it
        /new
        press c n0 7
        ",
        expect![[r#"
            > resumed interrupted deploy it
            > /new
              remember no conversation
              journal p2 closed p1 closed with @1
              answer @1 to #2: "New conversation. Your next message starts it."
            > press c n0 7
              journal p3 closed
              toast "This is no longer open."
        "#]],
    );
}
