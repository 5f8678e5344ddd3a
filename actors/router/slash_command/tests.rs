//! Which texts are commands.

use expect_test::expect;

use super::*;

#[test]
fn commands_are_known_by_their_word_and_all_else_is_a_prompt() {
    let texts = [
        "/start",
        "/start AB9A9A9H",
        "/START   ab9a9a9h  ",
        "/start@our_bot code",
        "/help",
        "/Help@OUR_BOT",
        "/new",
        "/new fix the build\nand test it",
        "/stop now",
        "/status\n",
        "  /status",
        "/help@other_bot",
        "/helpme",
        "/compact",
        "/usr/bin/env is missing",
        "/",
        "/@our_bot",
        "help",
        "say /help",
        "",
    ];
    let table: Vec<String> = texts
        .iter()
        .map(|text| format!("{text:?} -> {:?}\n", parse_command(text, Some("our_bot"))))
        .collect();
    expect![[r#"
        "/start" -> Some(Start { code: None })
        "/start AB9A9A9H" -> Some(Start { code: Some("AB9A9A9H") })
        "/START   ab9a9a9h  " -> Some(Start { code: Some("ab9a9a9h") })
        "/start@our_bot code" -> Some(Start { code: Some("code") })
        "/help" -> Some(Help)
        "/Help@OUR_BOT" -> Some(Help)
        "/new" -> Some(New { prompt: None })
        "/new fix the build\nand test it" -> Some(New { prompt: Some("fix the build\nand test it") })
        "/stop now" -> Some(Stop)
        "/status\n" -> Some(Status)
        "  /status" -> Some(Status)
        "/help@other_bot" -> None
        "/helpme" -> None
        "/compact" -> None
        "/usr/bin/env is missing" -> None
        "/" -> None
        "/@our_bot" -> None
        "help" -> None
        "say /help" -> None
        "" -> None
    "#]].assert_eq(&table.concat());
}

#[test]
fn any_bots_name_counts_as_ours_while_ours_is_unknown() {
    let command = parse_command("/help@some_bot", None);
    assert_eq!(command, Some(SlashCommand::Help));
}
