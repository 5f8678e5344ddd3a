//! HTML that Telegram knows, and what else people write that is no Markdown of CommonMark.

use expect_test::expect;

use super::check;

#[test]
fn tags_that_telegram_knows_are_formats() {
    check(
        "a <b>b</b> <STRONG>c</STRONG> <i>d</i> <em>e</em> <s>f</s> <del>g</del> <kbd>Ctrl</kbd>+<code>x_y</code>",
        expect![[r#"
            a b c d e f g Ctrl+x_y
            ---
            bold "b"
            bold "c"
            italic "d"
            italic "e"
            strike "f"
            strike "g"
            code "Ctrl"
            code "x_y"
        "#]],
    );
    check(
        "one<br>two<br/>three <a href=\"https://a.io/?a=1&amp;b=2\">link</a> <a href='x.md'>file</a>",
        expect![[r#"
            one
            two
            three link file (x.md)
            ---
            link <https://a.io/?a=1&b=2> "link"
            code "x.md"
        "#]],
    );
}

#[test]
fn tags_without_a_partner_and_other_tags_stay() {
    check(
        "a <b>b, c</i> <u>d</u> <kbd>e **f**</kbd> x < y <T> Vec<String> </b\n\nnext</b>",
        expect![[r#"
            a <b>b, c</i> d <kbd>e f</kbd> x < y <T> Vec<String> </b

            next</b>
            ---
            underline "d"
            bold "f"
        "#]],
    );
}

#[test]
fn tags_and_markdown_may_cross() {
    check(
        "**a <b>b** c</b> <i>d <b>e</i> f</b>",
        expect![[r#"
        a b c d <b>e f</b>
        ---
        bold "a b c"
        italic "d <b>e"
    "#]],
    );
}

#[test]
fn breaks_in_cells_are_lines_or_gaps() {
    check(
        "|a|b|\n|-|-|\n|x<br>y|<b>z</b>|",
        expect![[r#"
        a   │ b
        ────┼──
        x y │ z
        ---
        pre "a   │ b\n────┼──\nx y │ z"
    "#]],
    );
}

#[test]
fn details_are_a_quotation_that_opens() {
    check(
        "Before\n\n<details>\n<summary>Log of the <b>run</b></summary>\n\nAll *good*:\n\n- one\n\n</details>\n\nAfter",
        expect![[r#"
            Before

            Log of the <b>run</b>

            All good:

            • one

            After
            ---
            fold "Log of the <b>run</b>\n\nAll good:\n\n• one"
            bold "Log of the <b>run</b>"
            italic "good"
        "#]],
    );
    check(
        "<details><summary>Short</summary>in one block</details>",
        expect![[r#"
            Short

            in one block
            ---
            fold "Short\n\nin one block"
            bold "Short"
        "#]],
    );
    check(
        "a\n\n</details>\n\nb",
        expect![[r#"
        a

        </details>

        b
    "#]],
    );
}

#[test]
fn callouts_say_what_they_are() {
    check(
        "> [!NOTE]\n> Mind *this*.\n\n> [!WARNING]\n> And this.",
        expect![[r#"
            NOTE

            Mind this.

            WARNING

            And this.
            ---
            quote "NOTE\n\nMind this."
            bold "NOTE"
            italic "this"
            quote "WARNING\n\nAnd this."
            bold "WARNING"
        "#]],
    );
}

#[test]
fn what_stands_behind_a_fence_is_shown() {
    check(
        "```rust src/main.rs\nfn main() {}\n```\n\n```python title=\"a b.py\"\nx\n```\n\n```ts:src/a.ts\ny\n```",
        expect![[r#"
            src/main.rs

            fn main() {}

            title="a b.py"

            x

            src/a.ts

            y
            ---
            code "src/main.rs"
            pre rust "fn main() {}"
            code "title=\"a b.py\""
            pre python "x"
            code "src/a.ts"
            pre ts "y"
        "#]],
    );
    check(
        "````md\n```rust\nx\n```\n````",
        expect![[r#"
        ```rust
        x
        ```
        ---
        pre md "```rust\nx\n```"
    "#]],
    );
}

#[test]
fn tags_that_only_begin_like_those_of_a_fold_stay() {
    check(
        "<details>\n<summaryx>a</summaryx>\n</details>",
        expect![[r#"
            <summaryx>a</summaryx>
            ---
            fold "<summaryx>a</summaryx>"
        "#]],
    );
}

#[test]
fn however_many_tags_lack_a_partner_those_that_have_one_are_formats() {
    let many = |tag: &str| tag.repeat(2_000);
    let text = many("<i>") + &many("</u>") + "<b>one</b>" + &many("<code>");
    let chunks = super::render(&text);
    let bold: Vec<_> = (chunks.iter())
        .flat_map(|chunk| chunk.entities.iter().map(move |entity| (chunk, entity)))
        .map(|(chunk, entity)| super::covered(chunk, entity))
        .collect();
    assert_eq!(bold, ["one"]);
    let shown: String = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
    assert_eq!(shown, text.replace("<b>", "").replace("</b>", ""));
}

#[test]
fn colours_of_a_terminal_are_left_out() {
    check(
        "\u{1b}[1;31merror\u{1b}[0m: \u{1b}[Kbad [31m \u{1b}[",
        expect![[r#"
            error: bad [31m [
        "#]],
    );
}

#[test]
fn names_of_files_are_code() {
    check(
        "See setup.py, **src/lib.rs** and [the guide](https://a.io/README.md); __init__.py too.\n\n> quoted main.rs",
        expect![[r#"
            See setup.py, src/lib.rs and the guide; __init__.py too.

            quoted main.rs
            ---
            code "setup.py"
            code "src/lib.rs"
            link <https://a.io/README.md> "the guide"
            code "__init__.py"
            quote "quoted main.rs"
            code "main.rs"
        "#]],
    );
}
