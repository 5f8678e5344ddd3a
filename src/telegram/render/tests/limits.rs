//! Where long texts are cut, and what is left of blank ones.

use crate::telegram::render::{
    Chunk, EntityKind, MAX_ENTITIES, MAX_TEXT_UNITS, render, render_plain, text_units,
};

fn lengths(chunks: &[Chunk]) -> Vec<usize> {
    chunks.iter().map(|chunk| text_units(&chunk.text)).collect()
}

#[test]
fn blank_text_gives_no_message() {
    for blank in [
        "",
        " \n\t\r\n",
        "\u{200B}\u{FEFF} \u{2003}",
        "\0\u{1b}",
        "&nbsp;&#8203;",
    ] {
        if blank.starts_with('&') {
            assert_eq!(
                render(blank)[0].text,
                blank,
                "what renders to nothing is shown as it is"
            );
        } else {
            assert_eq!(render(blank), [], "{blank:?}");
            assert_eq!(render_plain(blank), [], "{blank:?}");
        }
    }
}

#[test]
fn markdown_without_anything_to_show_is_shown_as_it_is() {
    for source in ["[a]: https://a.io", "#", ">", "```\n```", "![]()"] {
        assert_eq!(render(source), render_plain(source), "{source}");
        assert_eq!(render(source).len(), 1, "{source}");
    }
}

#[test]
fn plain_text_has_no_entities_and_keeps_its_markup() {
    let chunks = render_plain("**a** `b`\n\n<c>\r\n  d");
    assert_eq!(
        chunks,
        [Chunk {
            text: "**a** `b`\n\n<c>\n  d".to_owned(),
            entities: vec![]
        }]
    );
}

#[test]
fn a_text_of_the_limit_is_one_message() {
    let text = "😀".repeat(MAX_TEXT_UNITS / 2);
    assert_eq!(lengths(&render(&text)), [MAX_TEXT_UNITS]);
    assert_eq!(lengths(&render(&format!("{text}a"))), [MAX_TEXT_UNITS, 1]);
}

#[test]
fn cuts_fall_between_blocks_first() {
    let block = "word ".repeat(300);
    let chunks = render(&format!("{block}\n\n{block}\n\n{block}"));
    assert_eq!(lengths(&chunks), [1499 * 2 + 2, 1499]);
    assert_eq!(
        render_plain(&format!("{block}\n\n{block}\n\n{block}")).len(),
        2
    );
}

#[test]
fn cuts_fall_between_lines_next() {
    let lines = format!("{}\n", "x".repeat(99)).repeat(60);
    let chunks = render(&lines);
    assert_eq!(lengths(&chunks), [3999, 1999]);
}

#[test]
fn cuts_fall_between_words_next_and_within_words_last() {
    let chunks = render(&"seven77 ".repeat(600));
    assert_eq!(lengths(&chunks), [4095, 703]);
    assert_eq!(lengths(&render(&"x".repeat(9_000))), [4096, 4096, 808]);
}

#[test]
fn a_heading_is_not_left_behind() {
    let text = format!(
        "{}\n\n# Title\n\n{}",
        "a ".repeat(1_500),
        "b ".repeat(1_500)
    );
    let chunks = render(&text);
    assert!(
        chunks[1].text.starts_with("Title\n\nb b"),
        "{}",
        &chunks[1].text[..20]
    );
}

#[test]
fn a_cut_fence_is_reopened_with_its_language_and_indent() {
    let code = "    let x = 1;\n".repeat(600);
    let chunks = render(&format!("Intro\n\n```rust\n{code}```\n\nEnd"));
    assert_eq!(chunks.len(), 3);
    for chunk in &chunks {
        let kinds: Vec<&EntityKind> = chunk.entities.iter().map(|entity| &entity.kind).collect();
        assert_eq!(
            kinds,
            [&EntityKind::Pre {
                language: Some("rust".to_owned())
            }]
        );
    }
    assert!(chunks[1].text.starts_with("    let x"));
    assert_eq!(chunks[1].entities[0].offset, 0);
    let shown: usize = chunks
        .iter()
        .map(|chunk| chunk.text.matches("let x = 1;").count())
        .sum();
    assert_eq!(shown, 600);
}

#[test]
fn emoji_sequences_and_flags_are_not_cut() {
    for unit in ["👩‍👩‍👧‍👦", "🇫🇷", "👍🏽", "e\u{301}\u{302}", "1\u{FE0F}\u{20E3}"]
    {
        for shift in 0..text_units(unit) {
            let text = format!("{}{}", "x".repeat(shift), unit.repeat(4_000));
            for chunk in &render(&text)[1..] {
                assert!(chunk.text.starts_with(unit), "{unit} is cut");
            }
        }
    }
}

#[test]
fn more_entities_than_allowed_go_to_the_next_message() {
    let chunks = render(&"**a** `b`\n".repeat(120));
    let counts: Vec<usize> = chunks.iter().map(|chunk| chunk.entities.len()).collect();
    assert_eq!(counts, [MAX_ENTITIES, MAX_ENTITIES, 40]);
}

#[test]
fn hostile_nesting_stays_in_proportion_to_its_source() {
    let lazy_list = format!("{}a\n{}", "- ".repeat(100), "b\n".repeat(3_000));
    let lazy_quote = format!("{}a\n{}", "> ".repeat(100), "b\n".repeat(3_000));
    let emphasis = format!("{}a{}", "*a **b ".repeat(800), "** c*".repeat(800));
    let images = format!("{}{}", "![".repeat(800), "](x)".repeat(800));
    for source in [lazy_list, lazy_quote, emphasis, images] {
        let shown: usize = render(&source).iter().map(|chunk| chunk.text.len()).sum();
        assert!(
            shown < 20 * source.len(),
            "{} bytes became {shown}",
            source.len()
        );
    }
}

#[test]
fn markdown_that_nests_too_deep_is_shown_as_it_is() {
    for marker in [">", "> ", "- ", "1. ", "> * ", ">>\t2) "] {
        for n in [20, 101] {
            let source = format!("start\n\n  {}**a**", marker.repeat(n));
            let is_plain = render(&source) == render_plain(&source);
            assert_eq!(is_plain, n == 101, "{n} times {marker:?}");
        }
    }
}

#[test]
fn layers_that_nest_the_other_way_round_after_a_cut_stay_within_the_limit() {
    let many = " **b** `c`".repeat(192);
    let source = format!("**> quoted *text*\n> quoted *text*\n******b** `c`{many}\u{11d3c}*ૠ");
    for chunk in render(&source) {
        assert!(
            chunk.entities.len() <= MAX_ENTITIES,
            "{}",
            chunk.entities.len()
        );
    }
}
