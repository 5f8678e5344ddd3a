//! Messages and their edits, and what each is to the bridge.

use std::collections::HashSet;

use super::*;
use crate::ids::{FileId, PromptId, SessionKey, UpdateId, UserId};
use crate::rating::Change;
use crate::router::slash_command::parse;
use crate::router::{Addressed, Person, Pointing, Sender};
use crate::sent_file::{FileKind, FileOf, SentFile, Speech};

const PRIVATE: (i64, ChatKind) = (7, ChatKind::Private);
const GROUP: (i64, ChatKind) = (-7, ChatKind::Group);

/// Returns what message 40 is to the bridge with each of these texts, one after the other; those
/// that begin with `all:` are said to a group at large.
fn told((chat, chat_kind): (i64, ChatKind), texts: &[&str]) -> Vec<&'static str> {
    let mut remembered = HashSet::new();
    let mut told = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let (addressed, text) = match text.strip_prefix("all:") {
            Some(text) => (Addressed::ToAll, text),
            None => (Addressed::ToUs, *text),
        };
        let (message, prompt) = (MessageId(40), PromptId(number.to_string()));
        let (text, markdown, context) = (text.to_owned(), text.to_owned(), String::new());
        let (pointing, reply_to, files) = (Pointing::None, None, Vec::new());
        let content = match number {
            0 => InboundContent::Text {
                message,
                prompt,
                text,
                markdown,
                context,
                goes_on: None,
                pointing,
                reply_to,
                files,
            },
            _ => InboundContent::Edited {
                message,
                prompt,
                text,
                markdown,
                context,
                pointing,
                reply_to,
                files,
            },
        };
        let inbound = Inbound {
            update: UpdateId(1),
            key: SessionKey::of_chat(ChatId(chat)),
            chat_kind,
            sender: somebody(),
            addressed,
            content,
        };
        let parsed = parse(inbound, Some("bridge_bot"));
        let Some(parsed) = settled(parsed, |trace| remembered.contains(trace)) else {
            told.push("nothing");
            continue;
        };
        remembered.extend(traces(&parsed));
        let is_edit = matches!(parsed.inbound.content, InboundContent::Edited { .. });
        told.push(match (&parsed.words, is_edit) {
            (Words::Command(_), _) => "command",
            (Words::Overheard | Words::OverheardAlbum, _) => "overheard",
            (Words::Other, true) => "change",
            (Words::Other, false) => "prompt",
        });
    }
    told
}

fn somebody() -> Sender {
    Sender::Person(Person {
        user: UserId(7),
        username: None,
        first_name: String::new(),
        language: None,
    })
}

#[test]
fn a_typo_that_becomes_a_command_acts_once() {
    let texts = ["/stpo", "/stop", "/stop!", "/STOP"];
    assert_eq!(
        told(PRIVATE, &texts),
        ["prompt", "command", "nothing", "nothing"]
    );
    // What is no command after the edit is the change of a text.
    assert_eq!(told(PRIVATE, &["sotp", "/sotp"]), ["prompt", "change"]);
}

#[test]
fn a_command_that_stays_the_same_does_nothing_and_another_one_acts() {
    let texts = [
        "/stop",
        "/stop now",
        "/status",
        "/stop",
        "/model a",
        "/model b",
    ];
    assert_eq!(
        told(PRIVATE, &texts),
        [
            "command", "nothing", "command", "nothing", "command", "command"
        ]
    );
}

#[test]
fn nobody_comes_in_by_an_edit() {
    assert_eq!(
        told(PRIVATE, &["x", "/start AB9A9A9H"]),
        ["prompt", "change"]
    );
}

#[test]
fn a_group_message_whose_edit_mentions_the_bot_is_a_prompt_once() {
    let texts = ["all:fix it", "all:fix that", "fix that", "fix this"];
    assert_eq!(
        told(GROUP, &texts),
        ["overheard", "overheard", "prompt", "change"]
    );
    assert_eq!(told(GROUP, &["fix it", "fix that"]), ["prompt", "change"]);
    assert_eq!(
        told(GROUP, &["all:x", "/stop@bridge_bot", "/stop@bridge_bot !"]),
        ["overheard", "command", "nothing"]
    );
    // Words for another bot stay so.
    assert_eq!(
        told(GROUP, &["all:x", "/weather"]),
        ["overheard", "overheard"]
    );
}

#[test]
fn an_album_is_said_to_the_bot_when_one_message_of_it_was() {
    let album = |album: &str, user, addressed| {
        let file = SentFile {
            message: MessageId(41),
            of: FileOf::Message,
            kind: FileKind::Photo,
            file: FileId("file".to_owned()),
            unique: "unique".to_owned(),
            name: None,
            media_type: None,
            bytes: None,
            album: Some(album.to_owned()),
            length: None,
            speech: Speech::Unheard,
        };
        let content = InboundContent::Text {
            message: MessageId(41),
            prompt: PromptId("p".to_owned()),
            text: String::new(),
            markdown: String::new(),
            context: String::new(),
            goes_on: None,
            pointing: Pointing::None,
            reply_to: None,
            files: vec![file],
        };
        let Sender::Person(person) = somebody() else {
            panic!("a person")
        };
        let sender = Sender::Person(Person {
            user: UserId(user),
            ..person
        });
        Inbound {
            update: UpdateId(1),
            key: SessionKey::of_chat(ChatId(-7)),
            chat_kind: ChatKind::Group,
            sender,
            addressed,
            content,
        }
    };
    let mut remembered = HashSet::new();
    let mut words = |inbound| {
        let parsed = parse(inbound, Some("bridge_bot"));
        let parsed = settled(parsed, |trace| remembered.contains(trace)).unwrap();
        remembered.extend(traces(&parsed));
        parsed.words
    };
    let (us, all) = (Addressed::ToUs, Addressed::ToAll);
    assert_eq!(words(album("a", 7, all)), Words::OverheardAlbum);
    assert_eq!(words(album("a", 7, us)), Words::Other);
    assert_eq!(words(album("a", 7, all)), Words::Other);
    // Neither another album nor somebody else's.
    assert_eq!(words(album("b", 7, all)), Words::OverheardAlbum);
    assert_eq!(words(album("a", 8, all)), Words::OverheardAlbum);
}

#[test]
fn only_what_people_think_of_the_bots_own_messages_counts() {
    let reaction = |message| Inbound {
        update: UpdateId(1),
        key: SessionKey::of_chat(ChatId(7)),
        chat_kind: ChatKind::Private,
        sender: somebody(),
        addressed: Addressed::ToUs,
        content: InboundContent::Reaction {
            message: MessageId(message),
            up: Change::Given,
            down: Change::None,
            prompt: PromptId("p".to_owned()),
        },
    };
    let sent = Trace::of_sent(ChatId(7), MessageId(41));
    let counts = |message| {
        let parsed = parse(reaction(message), None);
        settled(parsed, |trace| *trace == sent).is_some()
    };
    assert!(counts(41) && !counts(40));
}
