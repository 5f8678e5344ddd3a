//! Links, images, and targets that Telegram refuses.

use expect_test::expect;

use super::check;
use crate::telegram::render::link::is_linkable;

#[test]
fn web_links_are_entities() {
    check(
        "see [the **docs**](https://docs.rs/a?b=1#c) and <http://a.io>",
        expect![[r#"
            see the docs and http://a.io
            ---
            link <https://docs.rs/a?b=1#c> "the docs"
            bold "docs"
            link <http://a.io> "http://a.io"
        "#]],
    );
}

#[test]
fn a_link_wins_over_code_in_it() {
    check(
        "[`x`](https://a.io) `y`",
        expect![[r#"
            x y
            ---
            link <https://a.io> "x"
            code "y"
        "#]],
    );
}

#[test]
fn other_targets_are_printed() {
    check(
        "[main](src/main.rs#L3), [dev](http://localhost:3000), [top](#top)",
        expect![[r##"
            main (src/main.rs#L3), dev (http://localhost:3000), top (#top)
            ---
            code "src/main.rs#L3"
            code "http://localhost:3000"
            code "#top"
        "##]],
    );
    check(
        "**see [main](src/main.rs)**",
        expect![[r#"
            see main (src/main.rs)
            ---
            bold "see main ("
            code "src/main.rs"
            bold ")"
        "#]],
    );
    check(
        "> [main](src/main.rs)",
        expect![[r#"
            main (src/main.rs)
            ---
            quote "main (src/main.rs)"
            code "src/main.rs"
        "#]],
    );
}

#[test]
fn a_target_that_is_the_text_is_printed_once() {
    check(
        "[src/a.rs](src/a.rs) [`src/b.rs`](src/b.rs) <irc://a/b>",
        expect![[r#"
            src/a.rs src/b.rs irc://a/b
            ---
            code "src/a.rs"
            code "src/b.rs"
            code "irc://a/b"
        "#]],
    );
}

#[test]
fn links_without_text_show_their_target() {
    check(
        "[](https://a.io) [](src/a.rs) []() [x]()",
        expect![[r#"
            https://a.io src/a.rs  x
            ---
            link <https://a.io> "https://a.io"
            code "src/a.rs"
        "#]],
    );
}

#[test]
fn images_are_links_to_themselves_unless_a_link_is_around_them() {
    check(
        "![chart](https://a.io/c.png) ![](https://a.io/d.png) ![e](e.png)",
        expect![[r#"
            chart https://a.io/d.png e (e.png)
            ---
            link <https://a.io/c.png> "chart"
            link <https://a.io/d.png> "https://a.io/d.png"
            code "e.png"
        "#]],
    );
    check(
        "[![badge](https://a.io/b.svg)](https://a.io) [![](b.svg)](https://a.io)",
        expect![[r#"
            badge b.svg
            ---
            link <https://a.io> "badge"
            link <https://a.io> "b.svg"
        "#]],
    );
}

#[test]
fn mail_addresses_are_left_to_telegram() {
    check(
        "<me@a.io> and [write](mailto:me@a.io)",
        expect![[r#"
            me@a.io and write
            ---
            link <mailto:me@a.io> "write"
        "#]],
    );
}

#[test]
fn neighbouring_links_stay_apart() {
    check(
        "[a](https://a.io)[b](https://a.io)",
        expect![[r#"
            ab
            ---
            link <https://a.io> "a"
            link <https://a.io> "b"
        "#]],
    );
}

#[test]
fn only_addresses_that_telegram_takes_are_links() {
    let taken = [
        "https://example.com",
        "HTTP://Example.com:8080/a_(b)?c#d",
        "http://127.0.0.1:3000/",
        "https://пример.рф/путь",
        "tg://resolve?domain=example",
        "mailto:me@example.com?subject=x",
    ];
    let refused = [
        "",
        "example.com",
        "//example.com",
        "src/main.rs",
        "/etc/hosts",
        "#top",
        "C:\\a.txt",
        "http:example.com",
        "http://localhost:3000",
        "https://user:secret@example.com",
        "http://[::1]/",
        "http://a..b",
        "http://a.b:99999",
        "http://a.b:",
        "https://exa mple.com",
        "https://",
        "tg:resolve",
        "tg://",
        "mailto:me",
        "mailto:me@localhost",
        "file:///etc/hosts",
        "javascript:alert(1)",
        "ftp://example.com",
    ];
    assert_eq!(taken.map(is_linkable), [true; 6]);
    for target in refused {
        assert!(!is_linkable(target), "{target} must not be a link");
    }
    assert!(!is_linkable(&format!(
        "https://example.com/{}",
        "a".repeat(3000)
    )));
}
