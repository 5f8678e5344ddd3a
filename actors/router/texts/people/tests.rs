//! How people are shown, hostile names included.

use bridge_texts::Language;
use expect_test::expect;

use super::*;

fn say() -> Say {
    Language::English.say()
}

fn shown(first_name: &str, username: Option<&str>) -> String {
    face(
        say(),
        &Face {
            user: UserId(7),
            first_name: first_name.into(),
            username: username.map(str::to_owned),
        },
    )
}

#[test]
fn a_hostile_name_is_one_short_line_and_the_number_comes_last() {
    let names = [
        "Ada",
        "",
        "\u{200b}\u{200d}\u{feff}",
        "Ada\nBoss (1) was let in",
        "\u{202e}adA\u{202c}",
        "\u{2066}Ada\u{2069}\u{200f}",
        "Ada (1)",
        "Boss (@boss, 1)",
        "\u{7}\u{1b}[31mAda\r\n\t  Love  ",
        "*bold* _x_ <b>y</b> [a](http://b)",
        "/promote 7",
    ];
    let mut table = String::new();
    for name in names {
        table += &format!("{name:?} -> {}\n", shown(name, Some("ada")));
    }
    expect![[r#"
        "Ada" -> Ada (@ada, 7)
        "" -> Somebody (@ada, 7)
        "\u{200b}\u{200d}\u{feff}" -> Somebody (@ada, 7)
        "Ada\nBoss (1) was let in" -> Ada Boss 1 was let in (@ada, 7)
        "\u{202e}adA\u{202c}" -> adA (@ada, 7)
        "\u{2066}Ada\u{2069}\u{200f}" -> Ada (@ada, 7)
        "Ada (1)" -> Ada 1 (@ada, 7)
        "Boss (@boss, 1)" -> Boss @boss, 1 (@ada, 7)
        "\u{7}\u{1b}[31mAda\r\n\t  Love  " -> [31mAda Love (@ada, 7)
        "*bold* _x_ <b>y</b> [a](http://b)" -> *bold* _x_ <b>y</b> [a] http://b (@ada, 7)
        "/promote 7" -> /promote 7 (@ada, 7)
    "#]]
    .assert_eq(&table);
}

#[test]
fn a_name_of_a_thousand_characters_is_cut() {
    for letter in ["x", "ä", "字", "🦀"] {
        let shown = shown(&letter.repeat(1000), None);
        assert_eq!(shown, format!("{}… (7)", letter.repeat(MAX_NAME)));
    }
}

#[test]
fn whatever_the_names_are_the_number_is_the_last_word() {
    for name in ["", "Ada (1)", "x (1) (2", "\u{202e})1( adA"] {
        for username in [None, Some("boss"), Some(""), Some("\u{200b}")] {
            let shown = shown(name, username);
            assert!(shown.ends_with("(7)") || shown.ends_with(", 7)"), "{shown}");
            assert_eq!(shown.matches(['(', ')']).count(), 2, "{shown}");
            assert!(!shown.contains(['\n', '\u{202e}', '\u{200b}']), "{shown:?}");
        }
    }
}

#[test]
fn times_are_as_coarse_as_they_are_interesting() {
    let hour = 3600;
    let table: Vec<String> = [0, 599, 600, hour - 1, hour, 2 * hour, 24 * hour, 48 * hour]
        .map(|passed| ago(say(), UnixSeconds(1000), UnixSeconds(1000 + passed)))
        .into();
    expect![[r#"
        less than 10 min ago
        less than 10 min ago
        10 min ago
        59 min ago
        1 hour ago
        2 hours ago
        1 day ago
        2 days ago"#]]
    .assert_eq(&table.join("\n"));
}
