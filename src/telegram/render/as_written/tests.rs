//! What people write and Markdown would change.

use super::super::tests::check;
use expect_test::expect;

/// Asserts that each text is shown as it is written, without any format.
fn check_stays(texts: &[&str]) {
    for text in texts {
        let chunks = super::super::render(text);
        let shown: Vec<_> = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
        assert_eq!(shown, [*text]);
        let formats = chunks[0].entities.iter();
        let emphasis: Vec<_> = formats
            .filter(|it| !matches!(it.kind, super::super::EntityKind::Code))
            .collect();
        assert!(emphasis.is_empty(), "{text}: {emphasis:?}");
    }
}

#[test]
fn names_with_underscores_stay() {
    check_stays(&[
        "__init__.py",
        "see __init__.py and __main__.py",
        "if __name__ == \"__main__\":",
        "call self.__init__(), then __exit__",
        "src/_generated_/api and _build_/x",
        "(__all__)",
        "C:\\_build_\\x",
        "snake_case_name, _private, x",
        "https://a.io/__x__/_y_z",
    ]);
}

#[test]
fn what_a_backslash_makes_text_of_is_text_where_the_backslash_is_shown() {
    check_stays(&[r#"[](l "l\")"#, r"\[\&uml;\]", r"C:\[a](l)"]);
}

#[test]
fn brackets_that_are_text_define_no_link() {
    check(
        "so\n\n[fo\\[:\\o]\\\\]\\^\n\\o]: url",
        expect![[r#"
            so

            [fo[:\o]\]^
            \o]: url
        "#]],
    );
}

#[test]
fn patterns_of_files_stay() {
    check_stays(&[
        "*.rs and **/*.ts",
        "src/**/*.rs, src/* and lib/**",
        "all *_test.go, test_*.py and foo/*-x",
        "\"*.md\", '*.txt' and (*.c)",
        "{*.js,*.ts}",
    ]);
}

#[test]
fn sums_and_pointers_stay() {
    check_stays(&[
        "2*3*4 = 24",
        "a*b and b*a",
        "char *argv, int **p",
        "f(*args, **kwargs)",
    ]);
}

#[test]
fn formulas_stay() {
    check_stays(&[
        r"\( a \) and \(x_1 * y_2 * z\)",
        r"\[ \sum_{i=1}^n a_i * b_i \]",
        "$$a_{1}*b*c$$",
        r"a \{ b \} and \, c",
        r"/^\d+\/x\:$/",
    ]);
}

#[test]
fn emphasis_is_still_emphasis() {
    check(
        "**src/main.rs** *word* _word_ **src/** `*.rs` **a b.rs c** **.env** __Bold__ \\*no\\*",
        expect![[r#"
            src/main.rs word word src/ *.rs a b.rs c .env Bold *no*
            ---
            code "src/main.rs"
            italic "word"
            italic "word"
            bold "src/"
            code "*.rs"
            bold "a"
            code "b.rs"
            bold "c"
            bold ".env"
            bold "Bold"
        "#]],
    );
}

#[test]
fn emphasis_beside_wide_letters_is_seen() {
    check(
        "请**“注意”**这里，以及**重要（很）**的。これは**「強調」**です",
        expect![[r#"
            请“注意”这里，以及重要（很）的。これは「強調」です
            ---
            bold "“注意”"
            bold "重要（很）"
            bold "「強調」"
        "#]],
    );
    check(
        "**“quoted”** and 文*字*文 and `“**”文`",
        expect![[r#"
        “quoted” and 文字文 and “**”文
        ---
        bold "“quoted”"
        italic "字"
        code "“**”文"
    "#]],
    );
}

#[test]
fn addresses_and_code_stay_as_they_are() {
    check(
        "[__init__.py](https://a.io/__init__.py) `__a__` <https://b.io/_x_> ![a_b_](c_d_.png)\n\n```\n__x__ *.rs\n```",
        expect![[r#"
            __init__.py __a__ https://b.io/_x_ a_b_ (c_d_.png)

            __x__ *.rs
            ---
            link <https://a.io/__init__.py> "__init__.py"
            code "__a__"
            link <https://b.io/_x_> "https://b.io/_x_"
            code "c_d_.png"
            pre "__x__ *.rs"
        "#]],
    );
}

#[test]
fn what_defines_a_link_stays_as_it_is() {
    check(
        "see [docs]\n\n[docs]: https://a.io/\\(x\\)__y__",
        expect![[r#"
            see docs
            ---
            link <https://a.io/(x)__y__> "docs"
        "#]],
    );
}

#[test]
fn emphasis_that_ends_a_sentence_or_holds_a_path_is_seen() {
    check(
        "_Not Claude._ _(see above)_ _and/or more_ _read a/b.rs now_ *_both_* _foo/bar_baz x_",
        expect![[r#"
            Not Claude. (see above) and/or more read a/b.rs now both foo/bar_baz x
            ---
            italic "Not Claude."
            italic "(see above)"
            italic "and/or more"
            italic "read"
            code "a/b.rs"
            italic "now"
            italic "both"
            italic "foo/bar_baz x"
        "#]],
    );
}
