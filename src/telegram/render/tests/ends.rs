//! Markdown that is still being written.

use expect_test::{Expect, expect};

use super::annotated;
use crate::telegram::render::{EntityKind, MAX_TEXT_UNITS, render, render_end, text_units};

fn check(markdown: &str, status: &str, expected: Expect) {
    let end: Vec<_> = render_end(markdown, status).into_iter().collect();
    expected.assert_eq(&annotated(&end));
}

#[test]
fn what_is_not_closed_goes_on_to_the_end() {
    check(
        "So:\n\n```rust\nfn main() {\n    go(",
        "",
        expect![[r#"
        So:

        fn main() {
            go(
        ---
        pre rust "fn main() {\n    go("
    "#]],
    );
    check(
        "This is **very",
        "",
        expect![[r#"
        This is **very
    "#]],
    );
    check(
        "- one\n- `two",
        "",
        expect![[r#"
        • one
        • `two
    "#]],
    );
    check(
        "| a | b |\n|---|",
        "",
        expect![[r#"
        | a | b |
        |---|
    "#]],
    );
}

#[test]
fn a_status_stands_below_and_is_not_read_as_markdown() {
    check(
        "```\nmake",
        "⏳ Bash: echo *a* `b`",
        expect![[r#"
        make

        ⏳ Bash: echo *a* `b`
        ---
        pre "make"
    "#]],
    );
    check(
        "",
        "⏳ Bash: make",
        expect![[r#"
        ⏳ Bash: make
    "#]],
    );
    assert_eq!(render_end("", ""), None);
    assert_eq!(render_end("[a]: https://a.io", ""), None);
}

#[test]
fn of_a_short_text_the_end_is_all() {
    for text in [
        "# Title\n\nText with *words*.",
        "> quoted\n\n1. one\n2. two",
    ] {
        assert_eq!(render_end(text, ""), render(text).pop());
    }
}

#[test]
fn of_a_long_text_the_end_is_shown_from_a_line_on() {
    let lines: Vec<String> = (0..1_000).map(|n| format!("line {n}")).collect();
    let end = render_end(&format!("```\n{}", lines.join("\n")), "⏳ Bash").unwrap();
    assert!(text_units(&end.text) <= MAX_TEXT_UNITS);
    assert!(text_units(&end.text) > MAX_TEXT_UNITS - 10);
    assert!(end.text.starts_with("line "), "{}", &end.text[..20]);
    assert!(end.text.ends_with("line 999\n\n⏳ Bash"));
    let [code] = &end.entities[..] else {
        panic!("{:?}", end.entities)
    };
    assert_eq!(code.kind, EntityKind::Pre { language: None });
    assert_eq!(code.offset, 0, "the fence began before what is shown");
}

#[test]
fn a_text_without_a_line_or_a_word_is_cut_between_characters() {
    let end = render_end(&"😀".repeat(3_000), "").unwrap();
    assert_eq!(text_units(&end.text), MAX_TEXT_UNITS);
}
