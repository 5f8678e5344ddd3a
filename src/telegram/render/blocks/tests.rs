//! Answers as blocks.

use expect_test::expect;
use proptest::prelude::*;

use super::*;

fn shown(markdown: &str) -> String {
    let blocks = render_blocks(markdown).expect("it fits");
    let lines = blocks.iter().map(|block| format!("{block}\n"));
    lines.collect()
}

#[test]
fn each_kind_of_markdown_is_a_block_of_its_own() {
    let markdown = "# Head\n\nSome **bold** and `code` with $HOME and ==x== \\| y.\n\n\
                    - [x] done\n- open\n  1. one\n\n> quoted\n\n```rust\nlet x = 1;\n```\n\n\
                    | a | b |\n|---|--:|\n| 1 | 2 |\n\n---\n\n[to](https://example.com) [file](src/a.rs)";
    expect![[r#"
        {"size":1,"text":"Head","type":"heading"}
        {"text":["Some ",{"text":"bold","type":"bold"}," and ",{"text":"code","type":"code"}," with $HOME and ==x== | y."],"type":"paragraph"}
        {"items":[{"blocks":[{"text":"done","type":"paragraph"}],"has_checkbox":true,"is_checked":true},{"blocks":[{"text":"open","type":"paragraph"},{"items":[{"blocks":[{"text":"one","type":"paragraph"}],"type":"1","value":1}],"type":"list"}]}],"type":"list"}
        {"blocks":[{"text":"quoted","type":"paragraph"}],"type":"blockquote"}
        {"language":"rust","text":"let x = 1;","type":"pre"}
        {"cells":[[{"align":"left","is_header":true,"text":"a","valign":"top"},{"align":"right","is_header":true,"text":"b","valign":"top"}],[{"align":"left","is_header":false,"text":"1","valign":"top"},{"align":"right","is_header":false,"text":"2","valign":"top"}]],"is_bordered":true,"type":"table"}
        {"type":"divider"}
        {"text":[{"text":"to","type":"url","url":"https://example.com"}," file (",{"text":"src/a.rs","type":"code"},")"],"type":"paragraph"}
    "#]].assert_eq(&shown(markdown));
}

#[test]
fn what_does_not_fit_into_one_rich_message_is_none() {
    assert!(render_blocks(&"x".repeat(MAX_BYTES + 1)).is_none());
    assert!(render_blocks(&"- x\n".repeat(MAX_BLOCKS)).is_none());
    assert!(render_blocks(&"> ".repeat(MAX_DEPTH + 2)).is_none());
    let row = "|x".repeat(MAX_COLUMNS + 1);
    let rule = "|-".repeat(MAX_COLUMNS + 1);
    assert!(render_blocks(&format!("{row}|\n{rule}|\n{row}|\n")).is_none());
    assert!(render_blocks("  \n").is_none());
}

/// Returns the words of blocks in their order.
fn words_of(value: &Value, words: &mut String) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| words_of(one, words)),
        Value::Object(fields) => {
            for name in ["text", "items", "cells", "blocks"] {
                if let Some(inner) = fields.get(name) {
                    words_of(inner, words);
                }
            }
        }
        Value::String(text) => words.push_str(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

proptest! {
    #[test]
    fn the_words_are_all_there_in_their_order(
        lines in prop::collection::vec("(# |- |> |1\\. |)[a-z]{1,8}( \\*\\*[a-z]{1,8}\\*\\*| `[a-z]{1,8}`|)", 1..20),
    ) {
        let markdown = lines.join("\n\n");
        let letters = |text: &str| -> String { text.chars().filter(char::is_ascii_lowercase).collect() };
        let mut words = String::new();
        for block in render_blocks(&markdown).expect("it fits") {
            words_of(&block, &mut words);
        }
        prop_assert_eq!(letters(&words), letters(&markdown));
    }
}
