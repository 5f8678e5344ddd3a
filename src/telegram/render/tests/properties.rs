//! What holds for every text: Telegram's limits, and that nothing readable is lost.

use proptest::prelude::*;

use crate::telegram::render::promises::check_all;
use crate::telegram::render::{Chunk, render, render_plain};

const EXAMPLES: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/fixtures/commonmark-0.31.json"
));

fn examples() -> Vec<String> {
    serde_json::from_str(EXAMPLES).unwrap()
}

fn long_piece() -> impl Strategy<Value = String> {
    let unit = prop::sample::select(vec![
        "x",
        "word ",
        "line of text\n",
        "    indented\n",
        "👩‍👩‍👧‍👦",
        "🇫🇷",
        "😀 ",
        "**b** `c` ",
        "é\u{301}",
        "> quoted *text*\n",
        "- item\n",
        "`",
        "*",
        "[",
        "\n",
        "| a | b |\n",
    ]);
    (unit, 1..3_000_usize, 0..3_u8).prop_map(|(unit, n, wrap)| {
        let text = unit.repeat(n);
        match wrap {
            0 => text,
            1 => format!("\n\n```rust\n{text}\n```\n\n"),
            _ => format!("**{text}**"),
        }
    })
}

fn short_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(examples()),
        "[ \\n*_~`>#|<\\[\\]()!\\-+0-9a-c:/.&\\\\]{0,60}",
        "\\PC{0,20}",
        any::<String>(),
        prop::sample::select(vec![
            "\n\n".to_owned(),
            "> ".to_owned(),
            "- [x] **a\n".to_owned(),
            "|a|b|\n|-|:-:|\n|[l](https://a.io)|😀|\n".to_owned(),
            "[![a](b.png) `c`](https://d.io)".to_owned(),
            "\u{202E}\u{200D}\0".to_owned(),
            "__init__.py **/*.rs \\(a_b\\) 文**“字”**文 ".to_owned(),
            "<b>x <i>y</b> <kbd>z</kbd><br>".to_owned(),
            "<u>x **y** `z`</u> <ins>w".to_owned(),
            "\n\n> a `b` c\n>\n> ```\n>   x\n> ```\n> [`d`](https://a.io)\n\n".to_owned(),
            "\n\n> - ~~~\n>   y\n>   ~~~\n> > z `w`\n\n".to_owned(),
            "\n\n<details><summary>s</summary>\n\nt\n\n</details>\n\n".to_owned(),
            "\u{1b}[1mred\u{1b}[0m setup.py".to_owned(),
        ]),
    ]
}

#[test]
fn a_quotation_of_nothing_to_see_is_shown_once_wherever_it_stands() {
    check_all("> \u{202E}\u{200D}\0");
    check_all("* \u{200D}\n\n> \u{200D}\n\n1. \u{200D}");
}

#[test]
fn every_example_of_commonmark_holds() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    for (index, example) in examples.iter().enumerate() {
        check_all(example);
        let rest: String = examples[index..]
            .iter()
            .take(40)
            .map(String::as_str)
            .collect();
        check_all(&rest);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_concatenation_holds(pieces in prop::collection::vec(short_piece(), 0..12)) {
        check_all(&pieces.concat());
    }

    #[test]
    fn every_long_text_holds(
        pieces in prop::collection::vec(prop_oneof![long_piece(), short_piece()], 1..5),
    ) {
        check_all(&pieces.concat());
    }

    #[test]
    fn text_without_markup_is_unchanged(
        paragraphs in prop::collection::vec("[a-zé😀,;?']{1,9}( [a-zé😀,;?']{1,9}){0,8}", 1..9),
        separator in prop::sample::select(vec!["\n", "\n\n"]),
    ) {
        let text = paragraphs.join(separator);
        prop_assert_eq!(render(&text), [Chunk { text: text.clone(), entities: vec![] }]);
        prop_assert_eq!(render(&text), render_plain(&text));
    }

    #[test]
    fn lines_of_code_survive_cuts(
        lines in prop::collection::vec(" {0,6}[a-z{}*_<>&😀]{0,40}", 1..600),
    ) {
        let chunks = render(&format!("Intro\n\n```rust\n{}\n```\n", lines.join("\n")));
        let shown = chunks.iter().flat_map(|chunk| chunk.text.lines()).skip(1);
        let shown: Vec<&str> = shown.filter(|line| !line.trim().is_empty()).collect();
        let written: Vec<&str> =
            lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
        prop_assert_eq!(shown, written);
    }
}
