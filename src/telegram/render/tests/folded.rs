//! Words that are folded, above an answer and in the card of a turn.

use bridge_actors::outbox::Folded;
use expect_test::{Expect, expect};

use super::annotated;
use crate::telegram::render::promises::{check_chunk, joined, letters};
use crate::telegram::render::{EntityKind, render_card, render_folded, render_quoted};

fn words(head: &str, folded: &str, text: &str) -> Folded {
    let [head, folded, text] = [head, folded, text].map(str::to_owned);
    Folded { head, folded, text }
}

fn check_answer(words: &Folded, expected: Expect) {
    expected.assert_eq(&annotated(&render_folded(words)));
}

fn check_card(words: &Folded, shown: usize, expected: Expect) {
    expected.assert_eq(&annotated(&render_card(words, shown)));
}

#[test]
fn what_was_said_on_the_way_is_folded_above_the_answer() {
    check_answer(
        &words("", "I look at *it*.\n\nNow I know.", "It is **blue**."),
        expect![[r#"
            I look at it.

            Now I know.

            It is blue.
            ---
            fold "I look at it.\n\nNow I know."
            italic "it"
            bold "blue"
        "#]],
    );
}

#[test]
fn what_one_part_opens_does_not_go_on_in_the_next() {
    check_answer(
        &words("*a* <b>", "**b\n\n<details>\n\nc </details> `d", "~~~\ne"),
        expect![[r#"
            *a* <b>

            **b

            > c </details> `d

            e
            ---
            fold "**b\n\n> c </details> `d"
            pre "e"
        "#]],
    );
    check_answer(
        &words("", "[a]: https://a.io", "[a]"),
        expect![[r#"
            [a]: https://a.io

            [a]
            ---
            fold "[a]: https://a.io"
        "#]],
    );
}

#[test]
fn a_card_shows_the_end_of_what_is_written_rendered() {
    check_card(
        &words(
            "⏳ 3 s · Claude is *writing*",
            "",
            "So:\n\n- **one**\n- two `x",
        ),
        600,
        expect![[r#"
            ⏳ 3 s · Claude is *writing*

            So:

            • one
            • two `x
            ---
            bold "one"
        "#]],
    );
    check_card(
        &words("⏳ 3 s", "", "one two three **four** five"),
        12,
        expect![[r#"
            ⏳ 3 s

            … four five
            ---
            bold "four"
        "#]],
    );
    check_card(
        &words("⏳ 3 s", "", ""),
        600,
        expect![[r#"
        ⏳ 3 s
    "#]],
    );
}

#[test]
fn a_card_that_is_closed_holds_what_was_said() {
    check_card(
        &words("✓ 4 s · 2 tools", "First **this**.\n\n- then\n- that", ""),
        0,
        expect![[r#"
            ✓ 4 s · 2 tools

            First this.

            • then
            • that
            ---
            fold "First this.\n\n• then\n• that"
            bold "this"
        "#]],
    );
}

/// A table of short cells with one long one takes ten times the signs that it was written with.
#[test]
fn what_would_not_fit_in_its_markup_is_shown_as_it_was_written() {
    let table = format!("|{}|b|\n|-|-|\n{}", "a".repeat(36), "|1|2|\n".repeat(400));
    let card = render_card(&words("✓ 4 s", &table, ""), 0);
    assert_eq!(card.len(), 1);
    check_chunk(&card[0]);
    assert!(card[0].text.ends_with("|1|2|"), "{}", card[0].text);
    assert_eq!(card[0].entities[0].kind, EntityKind::ExpandableBlockquote);
    assert_eq!(letters(&joined(&card)), letters(&format!("✓ 4 s{table}")));
}

#[test]
fn what_a_person_said_is_quoted_letter_by_letter() {
    let quoted = render_quoted("🎙 I heard:", "make *tea*, `now`\n\n# and <b>rest</b>\n");
    expect![[r#"
        🎙 I heard:
        make *tea*, `now`

        # and <b>rest</b>
        ---
        fold "make *tea*, `now`\n\n# and <b>rest</b>"
    "#]]
    .assert_eq(&annotated(&quoted));
}

#[test]
fn a_long_quotation_takes_several_messages_and_each_is_one() {
    let said = "I said it again. ".repeat(600);
    let chunks = render_quoted("🎙 I heard:", &said);
    assert!(chunks.len() > 1);
    for chunk in &chunks {
        check_chunk(chunk);
        let kinds: Vec<_> = chunk.entities.iter().map(|entity| &entity.kind).collect();
        assert_eq!(kinds, [&EntityKind::ExpandableBlockquote]);
    }
    let shown: String = chunks.iter().map(|chunk| letters(&chunk.text)).collect();
    assert_eq!(shown, letters(&format!("🎙 I heard:{said}")));
}
