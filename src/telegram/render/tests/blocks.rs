//! Lists, code blocks and quotations.

use expect_test::expect;

use super::check;

#[test]
fn lists_have_bullets_numbers_and_indents() {
    check(
        "Do:\n- one\n- two\n  - inner\n    lazy\n    - third\n- last\n\nEnd",
        expect![[r#"
            Do:

            • one
            • two
            ~◦ inner
            ~~lazy
            ~~• third
            • last

            End
        "#]],
    );
    check(
        "3. three\n4. four\n   1. inner",
        expect![[r#"
            3. three
            4. four
            ~1. inner
        "#]],
    );
}

#[test]
fn loose_lists_keep_their_blank_lines() {
    check(
        "1. one\n\n   more\n\n2. two\n",
        expect![[r#"
            1. one

            ~more

            2. two
        "#]],
    );
}

#[test]
fn empty_items_keep_their_bullet() {
    check(
        "-\n- b\n- - c",
        expect![[r#"
            •
            • b
            • ◦ c
        "#]],
    );
}

#[test]
fn task_boxes_replace_bullets_and_follow_numbers() {
    check(
        "- [x] done\n- [ ] open\n\n1. [x] first",
        expect![[r#"
            ☑ done
            ☐ open

            1. ☑ first
        "#]],
    );
}

#[test]
fn fences_keep_the_first_word_as_language() {
    check(
        "```rust,ignore title\nfn main() {\n\tx();\n}\n```",
        expect![[r#"
            ignore title

            fn main() {
                x();
            }
            ---
            code "ignore title"
            pre rust "fn main() {\n    x();\n}"
        "#]],
    );
    check(
        "before\n```\n  plain\n\n  code\n```\nafter",
        expect![[r#"
            before

              plain

              code

            after
            ---
            pre "  plain\n\n  code"
        "#]],
    );
    check(
        "```\n  indented first\nline\n```",
        expect![[r#"
              indented first
            line
            ---
            pre "  indented first\nline"
        "#]],
    );
}

#[test]
fn an_unfinished_fence_is_code() {
    check(
        "Look:\n```python\nprint(1)",
        expect![[r#"
            Look:

            print(1)
            ---
            pre python "print(1)"
        "#]],
    );
}

#[test]
fn fences_in_items_follow_their_text() {
    check(
        "- run\n  ```sh\n  ls\n  ```\n  then\n- ```\n  only\n  ```",
        expect![[r#"
            • run
            ls
            ~then
            •
            only
            ---
            pre sh "ls"
            pre "only"
        "#]],
    );
}

#[test]
fn quotes_are_one_entity_and_inner_ones_a_character() {
    check(
        "> a\n> b\n>\n> c\n> > d\n> > e\n\nf",
        expect![[r#"
            a
            b

            c

            > d
            > e

            f
            ---
            quote "a\nb\n\nc\n\n> d\n> e"
        "#]],
    );
}

#[test]
fn quotes_step_aside_for_code_blocks_and_keep_backticks() {
    check(
        "> use `x` here\n>\n> ```\n> code\n> ```\n> after",
        expect![[r#"
            use x here

            code

            after
            ---
            quote "use x here\n\ncode\n\nafter"
            code "x"
            pre "code"
        "#]],
    );
}

#[test]
fn neighbouring_quotes_stay_apart() {
    check(
        "> a\n\n<!-- -->\n\n> b\n\n- > c\n- > d",
        expect![[r#"
            a

            <!-- -->

            b

            • c

            • d
            ---
            quote "a"
            quote "b"
            quote "• c"
            quote "• d"
        "#]],
    );
}
