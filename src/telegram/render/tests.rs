//! What each element of Markdown looks like in a chat.

mod blocks;
mod ends;
mod folded;
mod html;
mod limits;
mod links;
mod properties;
mod tables;

use expect_test::{Expect, expect};

use super::promises::covered;
use super::{Chunk, EntityKind, render};

/// Shows every chunk as its text, then one line per entity: its kind and what it covers.
pub(super) fn check(markdown: &str, expected: Expect) {
    expected.assert_eq(&annotated(&render(markdown)));
}

pub(super) fn annotated(chunks: &[Chunk]) -> String {
    let chunks: Vec<String> = chunks.iter().map(annotated_chunk).collect();
    chunks.join("===\n")
}

fn annotated_chunk(chunk: &Chunk) -> String {
    let mut shown = format!("{}\n", chunk.text.replace('\u{2003}', "~"));
    if !chunk.entities.is_empty() {
        shown.push_str("---\n");
    }
    for entity in &chunk.entities {
        let covered = covered(chunk, entity).replace('\u{2003}', "~");
        shown.push_str(&format!("{} {covered:?}\n", kind_name(&entity.kind)));
    }
    shown
}

fn kind_name(kind: &EntityKind) -> String {
    match kind {
        EntityKind::TextLink { url } => format!("link <{url}>"),
        EntityKind::Pre {
            language: Some(language),
        } => format!("pre {language}"),
        EntityKind::Pre { language: None } => "pre".to_owned(),
        EntityKind::Bold => "bold".to_owned(),
        EntityKind::Italic => "italic".to_owned(),
        EntityKind::Underline => "underline".to_owned(),
        EntityKind::Strikethrough => "strike".to_owned(),
        EntityKind::Code => "code".to_owned(),
        EntityKind::Blockquote => "quote".to_owned(),
        EntityKind::ExpandableBlockquote => "fold".to_owned(),
    }
}

#[test]
fn emphasis_nests() {
    check(
        "a **b *c* ~~d~~** e",
        expect![[r#"
            a b c d e
            ---
            bold "b c d"
            italic "c"
            strike "d"
        "#]],
    );
}

#[test]
fn code_closes_and_reopens_what_is_around_it() {
    check(
        "**run `cargo test` now** and _`x`_",
        expect![[r#"
            run cargo test now and x
            ---
            bold "run"
            code "cargo test"
            bold "now"
            code "x"
        "#]],
    );
}

#[test]
fn formats_that_share_a_border_do_not_cross() {
    check(
        "**a *b***<!---->*c* ***d** e*",
        expect![[r#"
            a b<!---->c d e
            ---
            bold "a b"
            italic "b"
            italic "c"
            bold "d"
            italic "d"
            italic "e"
        "#]],
    );
}

#[test]
fn headings_are_bold() {
    check(
        "# Plan for `main`\n\nText\n\n### Next *step*\nMore",
        expect![[r#"
            Plan for main

            Text

            Next step

            More
            ---
            bold "Plan for"
            code "main"
            bold "Next step"
            italic "step"
        "#]],
    );
}

#[test]
fn raw_html_is_printed() {
    check(
        "a <b>bold</b> &amp; <br>\n\n<div>\n  <p>x</p>\n</div>\n\nend",
        expect![[r#"
            a bold & 

            <div>
              <p>x</p>
            </div>

            end
            ---
            bold "bold"
        "#]],
    );
}

#[test]
fn dollars_and_escapes_stay_text() {
    check(
        r"cost $5 in $HOME and $$x$$, \*not\* `/a_b_c` snake_case_name",
        expect![[r#"
            cost $5 in $HOME and $$x$$, *not* /a_b_c snake_case_name
            ---
            code "/a_b_c"
        "#]],
    );
}

#[test]
fn rules_are_a_line() {
    check(
        "a\n\n---\n\nb",
        expect![[r#"
            a

            ⸻

            b
        "#]],
    );
}

#[test]
fn line_breaks_are_kept() {
    check(
        "one\ntwo  \nthree\\\nfour **bold\nstill**",
        expect![[r#"
            one
            two
            three
            four bold
            still
            ---
            bold "bold\nstill"
        "#]],
    );
}

#[test]
fn ends_are_trimmed_of_space_but_not_of_code_indent() {
    check(
        "&nbsp; a **&nbsp;b&nbsp;** &nbsp;",
        expect![[r#"
            a  b
            ---
            bold "b"
        "#]],
    );
}

#[test]
fn control_characters_are_dropped_and_bidi_marks_kept() {
    check(
        "a\0b \u{1b}[31mred\u{7f}\u{b}x&#27;y \u{200F}z\r\nnext\rline",
        expect![[r#"
            ab red xy ‏z
            next
            line
        "#]],
    );
}

#[test]
fn entities_have_the_shape_of_the_bot_api() {
    let markdown = "**b** *i* ~~s~~ `c` [l](https://a.io)\n> q\n\n```rs\np\n```\n\n    q";
    let chunks = render(markdown);
    let shapes: Vec<String> = chunks[0]
        .entities
        .iter()
        .map(|entity| entity.to_json().to_string())
        .collect();
    expect![[r#"
        {"length":1,"offset":0,"type":"bold"}
        {"length":1,"offset":2,"type":"italic"}
        {"length":1,"offset":4,"type":"strikethrough"}
        {"length":1,"offset":6,"type":"code"}
        {"length":1,"offset":8,"type":"text_link","url":"https://a.io"}
        {"length":1,"offset":11,"type":"blockquote"}
        {"language":"rs","length":1,"offset":14,"type":"pre"}
        {"length":1,"offset":17,"type":"pre"}"#]]
    .assert_eq(&shapes.join("\n"));
}
