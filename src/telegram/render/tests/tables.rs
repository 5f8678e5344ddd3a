//! Tables: columns where they fit, records where they do not.

use expect_test::expect;

use super::{check, render};

#[test]
fn narrow_tables_are_aligned() {
    check(
        "| Name | Age | 状态 |\n|:--|--:|:-:|\n| Ann | 3 | 好 |\n| **Bo** | 42 | `ok` |",
        expect![[r#"
            Name │ Age │ 状态
            ─────┼─────┼─────
            Ann  │   3 │  好
            Bo   │  42 │  ok
            ---
            pre "Name │ Age │ 状态\n─────┼─────┼─────\nAnn  │   3 │  好\nBo   │  42 │  ok"
        "#]],
    );
}

#[test]
fn wide_tables_become_records() {
    check(
        "| File | What it is for |\n|---|---|\n\
         | `src/main.rs` | parses the **arguments** and starts |\n| b.rs | |\n| c.rs | short |",
        expect![[r#"
            File: src/main.rs
            What it is for: parses the arguments and starts

            File: b.rs

            File: c.rs
            What it is for: short
            ---
            bold "File:"
            code "src/main.rs"
            bold "What it is for:"
            bold "arguments"
            bold "File:"
            code "b.rs"
            bold "File:"
            code "c.rs"
            bold "What it is for:"
        "#]],
    );
}

#[test]
fn tables_with_links_become_records() {
    check(
        "| a | |\n|-|-|\n| [x](https://a.io) | <br> |",
        expect![[r#"
            a: x
            ---
            bold "a:"
            link <https://a.io> "x"
        "#]],
    );
}

#[test]
fn tables_stand_between_blocks() {
    check(
        "before\n\n|a|\n|-|\n|1|\n\nafter\n\n- item\n\n  |b|\n  |-|\n  |2|",
        expect![[r#"
            before

            a
            ─
            1

            after

            • item

            b
            ─
            2
            ---
            pre "a\n─\n1"
            pre "b\n─\n2"
        "#]],
    );
}

#[test]
fn long_headers_are_repeated_in_short() {
    let header = "very ".repeat(12);
    check(
        &format!("| {header} | b |\n|-|-|\n| 1 | 2 |\n| 3 | 4 |"),
        expect![[r#"
            very very very very very very very very very very very very: 1
            b: 2

            very very very very …: 3
            b: 4
            ---
            bold "very very very very very very very very very very very very:"
            bold "b:"
            bold "very very very very …:"
            bold "b:"
        "#]],
    );
}

#[test]
fn output_of_a_table_stays_in_proportion_to_its_source() {
    let header = "x".repeat(5_000);
    let source = format!("|{header}|\n|-|\n{}", "|a|\n".repeat(5_000));
    let shown: usize = render(&source).iter().map(|chunk| chunk.text.len()).sum();
    assert!(
        shown < 20 * source.len(),
        "{} bytes became {shown}",
        source.len()
    );
}

#[test]
fn each_part_of_a_long_table_has_its_head() {
    let rows: String = (0..500)
        .map(|n| format!("| {n} | some name {n} |\n"))
        .collect();
    let chunks = render(&format!("| No | Name |\n|-:|-|\n{rows}"));
    assert!(chunks.len() > 2, "{}", chunks.len());
    for chunk in &chunks {
        let mut lines = chunk.text.lines();
        assert_eq!(
            lines.next().map(str::trim),
            Some("No │ Name"),
            "{}",
            chunk.text
        );
        assert!(lines.next().is_some_and(|line| line.starts_with("────┼")));
        assert_eq!(chunk.entities.len(), 1, "one block of code");
    }
    let shown: String = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
    assert!((0..500).all(|n| shown.contains(&format!("some name {n}"))));
}
