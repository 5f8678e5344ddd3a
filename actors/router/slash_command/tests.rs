//! Which texts are commands.

use expect_test::expect;

use super::*;
use crate::ids::{ChatId, MessageId, PromptId, SessionKey, UpdateId, UserId};
use crate::router::{Caption, MediaKind, Sender};
use crate::user_registry::Role;

#[test]
#[expect(clippy::too_many_lines, reason = "people read these words")]
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
        "/draft",
        "/draft on",
        "/draft off",
        "/draft of a letter",
        "/users",
        "/whoami",
        "/user_info 5",
        "/add_user 5 Ada Love",
        "/remove_user @eve",
        "/activate -5",
        "/deactivate 007",
        "/promote",
        "/demote 5 6",
        "/Promote@our_bot 5",
        "/allow_group",
        "/promote@other_bot 5",
        "/promotes 5",
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
        .map(|text| {
            format!(
                "{text:?} -> {:?}\n",
                parse_command(text, &Pointing::None, Some("our_bot"))
            )
        })
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
        "/draft" -> Some(Draft { wish: None })
        "/draft on" -> Some(Draft { wish: Some(On) })
        "/draft off" -> Some(Draft { wish: Some(Off) })
        "/draft of a letter" -> Some(Draft { wish: None })
        "/users" -> Some(Users)
        "/whoami" -> Some(UserInfo { target: None })
        "/user_info 5" -> Some(UserInfo { target: Some(User(UserId(5))) })
        "/add_user 5 Ada Love" -> Some(Manage { change: Add { name: Some("Ada Love") }, target: User(UserId(5)) })
        "/remove_user @eve" -> Some(Manage { change: Remove, target: Bad(Name) })
        "/activate -5" -> Some(Manage { change: Activate, target: Bad(Group) })
        "/deactivate 007" -> Some(Manage { change: Deactivate, target: Bad(NotANumber) })
        "/promote" -> Some(Manage { change: Promote, target: Bad(Missing) })
        "/demote 5 6" -> Some(Manage { change: Demote, target: Bad(NotANumber) })
        "/Promote@our_bot 5" -> Some(Manage { change: Promote, target: User(UserId(5)) })
        "/allow_group" -> Some(AllowGroup)
        "/promote@other_bot 5" -> None
        "/promotes 5" -> None
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
fn a_command_is_meant_in_the_ways_people_write_it() {
    let stop = |text: &str| parse_command(text, &Pointing::None, Some("our_bot"));
    for text in [
        "/STOP",
        "/Stop",
        "/stop!",
        "/stop!!!",
        "/stop.",
        "/stop...",
        "/stop…",
        "/stop?",
        "/stop？",
        "/stop！",
        "/stop。",
        "/stop, please",
        "/stop 🙏",
        "/stop🙏",
        "/stop\u{fe0f}",
        "/stop\u{200b}",
        "\u{200e}/stop",
        "\u{feff}/stop",
        "/stop\u{3000}now",
        "\n /stop \n",
        "/stop@OUR_BOT",
        "/stop@our_bot!",
        "/Stop@Our_Bot…",
        "／stop",
        "⁄stop",
        "∕stop!",
    ] {
        assert_eq!(stop(text), Some(SlashCommand::Stop), "{text:?}");
    }
    for text in [
        "/stop/now",
        "/stop.txt",
        "/stop-all",
        "/stop_",
        "/stop*",
        "/stop@other_bot!",
        "/stоp",
        "//stop",
        "/ stop",
        "/!stop",
        "\\stop",
        "stop!",
        "/停",
        "/stop停",
    ] {
        assert_eq!(stop(text), None, "{text:?}");
    }
    let prompt = Some("fix it!".to_owned());
    assert_eq!(stop("/NEW: fix it!"), Some(SlashCommand::New { prompt }));
}

#[test]
fn the_words_below_a_picture_are_meant_for_another_bot_as_those_of_a_text_are() {
    let photo = |text: &str| Inbound {
        update: UpdateId(1),
        key: SessionKey::of_chat(ChatId(-5)),
        chat_kind: ChatKind::Group,
        sender: Sender::Nobody,
        addressed: Addressed::ToUs,
        content: InboundContent::Unsupported {
            message: MessageId(40),
            prompt: PromptId("p".into()),
            kind: MediaKind::Photo,
            caption: Some(Caption {
                text: text.into(),
                pointing: Pointing::None,
            }),
        },
    };
    let words = |text| parse(photo(text), Some("our_bot")).words;
    assert_eq!(words("/roll"), Words::Overheard);
    assert_eq!(words("/stop"), Words::Command(SlashCommand::Stop));
    assert_eq!(words("/new what is this?"), Words::Other);
}

#[test]
fn any_bots_name_counts_as_ours_while_ours_is_unknown() {
    let command = parse_command("/help@some_bot", &Pointing::None, None);
    assert_eq!(command, Some(SlashCommand::Help));
}

#[test]
fn a_reply_stands_for_the_id_of_a_command() {
    let pointing = Pointing::At {
        user: UserId(5),
        first_name: "Ada".into(),
    };
    let target = Target::User(UserId(5));
    let manage = |change| {
        Some(SlashCommand::Manage {
            change,
            target: target.clone(),
        })
    };
    let parse = |text| parse_command(text, &pointing, None);
    assert_eq!(parse("/promote"), manage(Change::Promote));
    let name = Some("Ada".to_owned());
    assert_eq!(parse("/add_user"), manage(Change::Add { name }));
    let target = Some(target.clone());
    assert_eq!(parse("/whoami"), Some(SlashCommand::UserInfo { target }));
}

#[test]
fn every_entry_of_the_menus_is_a_command() {
    let say = bridge_texts::Language::English.say();
    for (word, _) in menu_of(Role::Admin, say) {
        let parsed = parse_command(&format!("/{word}"), &Pointing::None, None);
        assert!(parsed.is_some(), "{word}");
    }
    let (user, admin) = (menu_of(Role::User, say), menu_of(Role::Admin, say));
    assert!(user.iter().all(|entry| admin.contains(entry)));
    assert!(user.len() < admin.len());
}

#[test]
fn every_command_can_be_meant_by_a_typo() {
    let known: Vec<_> = crate::own_commands::names().collect();
    for (name, _) in MENU.iter().chain(ADMIN_MENU) {
        assert!(known.contains(name), "{name}");
    }
    for name in known {
        let text = format!("/{name} 5");
        let is_ours = |text: &str| parse_command(text, &Pointing::None, None).is_some();
        assert!(is_ours(&text) || is_ours(&format!("/{name}")), "{name}");
    }
}

#[test]
fn what_is_put_behind_a_word_is_no_part_of_it() {
    let parsed = |text| parse_command(text, &Pointing::None, None);
    let trust = Trust::Untrusted;
    for text in ["/trust off", "/trust off.", "/trust Off!", "/trust OFF…"] {
        assert_eq!(parsed(text), Some(SlashCommand::Trust { trust }), "{text}");
    }
    let wish = Some(Drafts::On);
    assert_eq!(parsed("/draft On!"), Some(SlashCommand::Draft { wish }));
    let detail = Some(Detail::Log);
    assert_eq!(
        parsed("/verbose 2."),
        Some(SlashCommand::Verbose { detail })
    );
    assert_eq!(parsed("/trust on"), parsed("/trust"));
    assert_eq!(parsed("/trust me"), None);
}

#[test]
fn a_code_of_a_login_is_no_prompt_where_a_person_is_alone_with_the_bot() {
    let half = "c".repeat(20);
    let code = format!("{half}#{half}");
    let words_in = |chat_kind, text: &str| {
        let inbound = Inbound {
            update: UpdateId(1),
            key: SessionKey::of_chat(ChatId(5)),
            chat_kind,
            sender: Sender::Nobody,
            addressed: Addressed::ToUs,
            content: InboundContent::Text {
                message: MessageId(40),
                prompt: PromptId("p".into()),
                text: text.to_owned(),
                markdown: text.to_owned(),
                context: String::new(),
                goes_on: None,
                pointing: Pointing::None,
                reply_to: None,
                files: Vec::new(),
            },
        };
        parse(inbound, Some("our_bot")).words
    };
    let is_code = |words: &Words| {
        matches!(
            words,
            Words::Command(SlashCommand::Enquire(Enquiry::LoginCode(_)))
        )
    };
    assert!(is_code(&words_in(ChatKind::Private, &code)));
    assert!(is_code(&words_in(
        ChatKind::Private,
        &format!("/login {code}")
    )));
    assert!(!is_code(&words_in(ChatKind::Private, "issue #12")));
    assert!(!is_code(&words_in(ChatKind::Group, &code)));
    let login = words_in(ChatKind::Private, "/login");
    assert_eq!(login, Words::Command(SlashCommand::Enquire(Enquiry::LogIn)));
}
