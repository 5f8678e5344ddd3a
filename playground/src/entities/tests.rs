//! Commands and mentions are found where Telegram finds them.

use expect_test::{Expect, expect};

use super::{find, texts};

fn check(text: &str, expected: Expect) {
    let entities = find(text);
    let lines = entities.iter().map(|entity| {
        let (kind, offset) = (entity["type"].as_str().unwrap(), &entity["offset"]);
        let alone = std::slice::from_ref(entity);
        let found: Vec<String> = texts(text, alone, kind).collect();
        format!("{kind} {offset} {}", found.concat())
    });
    expected.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn offsets_count_utf16_units() {
    check(
        "🎉 /new@play_bot für @anna_b",
        expect![[r#"
            bot_command 3 /new@play_bot
            mention 21 @anna_b"#]],
    );
}

#[test]
fn commands_and_mentions_may_stand_in_brackets_and_before_marks() {
    check(
        "(/stop) (@anna), /a.",
        expect![[r#"
            bot_command 1 /stop
            mention 9 @anna
            bot_command 17 /a"#]],
    );
}

#[test]
fn paths_addresses_and_short_names_are_plain_text() {
    check("/usr/bin a/b mail@anna.org @bob / @ /ü", expect![""]);
}
