//! What entities become, and that no letter is lost by them.

use expect_test::expect;
use proptest::prelude::*;
use pulldown_cmark::{Event as Parsed, Parser, Tag, TagEnd};
use serde_json::{Value, json};

use super::*;

/// Marks a text; an entity is a kind, an offset, a length, and the URL or language.
fn marked(text: &str, entities: &[(&str, i64, i64, &str)]) -> String {
    let entities: Vec<Entity> = entities
        .iter()
        .map(|(kind, offset, length, more)| {
            let field = if *kind == "pre" { "language" } else { "url" };
            let mut raw = json!({ "type": kind, "offset": offset, "length": length });
            raw[field] = Value::from(*more);
            serde_json::from_value(raw).unwrap()
        })
        .collect();
    markdown(text, 0, &entities)
}

#[test]
fn a_link_says_where_it_leads() {
    let url = "https://example.com/a";
    let linked = |text, offset, length| marked(text, &[("text_link", offset, length, url)]);
    assert_eq!(
        linked("see the docs, please", 4, 8),
        "see the docs (https://example.com/a), please"
    );
    assert_eq!(linked("😀 docs", 3, 4), "😀 docs (https://example.com/a)");
    assert_eq!(
        linked("see docs ok", 4, 5),
        "see docs (https://example.com/a) ok"
    );
    assert_eq!(linked(url, 0, 21), url, "the words say it already");
    let hidden = marked("x", &[("text_link", 0, 1, "https://a\n\u{202e}b")]);
    assert_eq!(hidden, "x (https://a⏎⟦U+202E⟧b)");
}

#[test]
fn code_and_quotes_stay_what_they_are() {
    let text = "run ls -la now\nfn main() {}\nsaid\n\nso\nand?";
    let entities = [
        ("code", 4, 6, ""),
        ("pre", 15, 12, "rust"),
        ("blockquote", 28, 8, ""),
        ("bold", 0, 3, ""),
    ];
    expect![[r#"
        run `ls -la` now
        ```rust
        fn main() {}
        ```
        > said
        > 
        > so

        and?
    "#]]
    .assert_eq(&format!("{}\n", marked(text, &entities)));
    let in_quote = [("expandable_blockquote", 0, 8, ""), ("pre", 2, 4, "")];
    expect![[r#"
        > a
        > ```
        > b
        > cc
        > ```
        > d

        e
    "#]]
    .assert_eq(&format!("{}\n", marked("a\nb\ncc\nd\ne", &in_quote)));
}

#[test]
fn what_makes_a_command_is_never_wrapped() {
    let all = [
        ("code", 0, 99, ""),
        ("pre", 0, 99, ""),
        ("blockquote", 0, 99, ""),
        ("text_link", 0, 99, "https://example.com"),
    ];
    for text in [
        "/stop",
        "/model opus",
        "  /status",
        "／stop",
        "!go on",
        "/stop@our_bot",
    ] {
        for entity in all {
            let marked = marked(text, &[entity]);
            let word = match text.starts_with('!') {
                true => "!",
                false => text.trim_end_matches(" opus"),
            };
            assert!(marked.starts_with(word), "{marked:?}");
        }
    }
    assert_eq!(
        marked(
            "/new see docs",
            &[("text_link", 9, 4, "https://example.com")]
        ),
        "/new see docs (https://example.com)"
    );
}

#[test]
fn hostile_places_lose_nothing() {
    let url = "https://example.com";
    let places = [
        (-5, 3),
        (0, -1),
        (1, 1),
        (99, 1),
        (0, 999),
        (i64::MAX, i64::MAX),
        (i64::MIN, i64::MIN),
        (2, i64::MAX),
    ];
    for (offset, length) in places {
        for kind in ["text_link", "code", "pre", "blockquote"] {
            let marked = marked("😀a", &[(kind, offset, length, url)]);
            assert!(
                is_kept("😀a", &marked),
                "{kind} {offset} {length}: {marked:?}"
            );
            assert!(kind != "text_link" || marked.contains(url), "{marked:?}");
        }
    }
}

/// Returns whether every sign of a text is in another one, in order.
fn is_kept(text: &str, marked: &str) -> bool {
    let mut signs = marked.chars();
    text.chars().all(|wanted| signs.any(|sign| sign == wanted))
}

/// Returns the code of a Markdown document that consists of it.
fn code_in(document: &str) -> String {
    let mut code = String::new();
    let mut is_block = false;
    for event in Parser::new(document) {
        if let Parsed::Start(Tag::CodeBlock(_)) | Parsed::End(TagEnd::CodeBlock) = event {
            is_block = !is_block;
        } else if let Parsed::Code(text) = event {
            code.push_str(&text);
        } else if let Parsed::Text(text) = event
            && is_block
        {
            code.push_str(&text);
        }
    }
    code
}

fn entity() -> impl Strategy<Value = (&'static str, i64, i64, &'static str)> {
    let kinds = vec![
        "code",
        "pre",
        "blockquote",
        "expandable_blockquote",
        "text_link",
        "bold",
        "text_mention",
    ];
    let more = prop::sample::select(vec!["", "rust", "https://example.com/`\n", "a b"]);
    (prop::sample::select(kinds), -3_i64..24, -3_i64..24, more)
}

proptest! {
    #[test]
    fn every_letter_stays_in_its_order(
        text in "[a-c`>!/ \n😀é]{0,20}", entities in prop::collection::vec(entity(), 0..8),
    ) {
        let marked = marked(&text, &entities);
        prop_assert!(is_kept(&text, &marked), "{:?} became {:?}", text, marked);
        let word = head(&text);
        prop_assert_eq!(&marked[..word], &text[..word]);
    }

    #[test]
    fn code_survives_the_backticks_in_it(inside in "[a` ]{0,6}[ab][a` ]{0,6}", pre in any::<bool>()) {
        let kind = if pre { "pre" } else { "code" };
        let length = i64::try_from(inside.len()).unwrap();
        let marked = marked(&format!("x {inside} `y"), &[(kind, 2, length, "")]);
        let code = code_in(&marked);
        prop_assert_eq!(code.trim_end_matches('\n'), inside, "{}", marked);
    }
}
