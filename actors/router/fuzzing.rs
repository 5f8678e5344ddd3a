//! What must hold for whatever people write: what is taken for a command is one, and of this bridge.

use super::messages::{Addressed, Caption, Inbound, InboundContent, MediaKind, Pointing};
use super::slash_command::{Parsed, SlashCommand, Words, begins_like_a_command, parse};
use super::target::MAX_USER_ID;
use crate::enquiry::Enquiry;
use crate::ids::{ChatId, MessageId, PromptId, SessionKey, UpdateId, UserId};
use crate::own_commands::typo_in;
use crate::user_registry::{ChatKind, Sender, Target};

const OUR_NAME: &str = "bridge_bot";

/// Whoever a message points at here; an id that nobody can write.
const POINTED_AT: UserId = UserId(MAX_USER_ID + 1);

/// What somebody wrote; the first byte says where, as what and about whom.
pub fn command(bytes: &[u8]) {
    let Some((how, text)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let parsed = parse(inbound(*how, &text), Some(OUR_NAME));
    let nameless = parse(inbound(*how, &text), None);
    if parsed.inbound.chat_kind == ChatKind::Private {
        assert_ne!(parsed.words, Words::Overheard, "nobody else is there");
    }
    let around = format!("\u{200b} \n{text}\t\u{feff} ");
    let around = parse(inbound(*how, &around), Some(OUR_NAME));
    assert_eq!(around.words, parsed.words, "unseen signs around {text:?}");
    // Without the bot's name every name counts as ours, and no other command comes of it.
    let with_name = command_of(parsed);
    if let Some(command) = &with_name {
        assert!(begins_like_a_command(&text), "{text:?} is no command");
        assert_addressed_to_us(&text);
        assert_about_somebody(command);
        assert_says_what_was_written(command, &text);
        assert_eq!(Some(command), command_of(nameless).as_ref());
    }
    assert_typo(&text, with_name.as_ref());
}

fn command_of(parsed: Parsed) -> Option<SlashCommand> {
    parsed.words.command()
}

fn inbound(how: u8, text: &str) -> Inbound {
    let message = MessageId(1);
    let prompt = PromptId("p".to_owned());
    let pointing = match (how >> 4) & 3 {
        0 => Pointing::At {
            user: POINTED_AT,
            first_name: "Ann".to_owned(),
        },
        1 => Pointing::Hidden,
        _ => Pointing::None,
    };
    let (text, markdown) = (text.to_owned(), text.to_owned());
    let content = match (how >> 2) & 3 {
        0 => InboundContent::Edited {
            message,
            prompt,
            text,
            markdown,
            pointing,
            reply_to: None,
            context: String::new(),
            files: Vec::new(),
        },
        1 => InboundContent::Unsupported {
            message,
            prompt,
            kind: MediaKind::Photo,
            caption: Some(Caption { text, pointing }),
        },
        _ => InboundContent::Text {
            message,
            prompt,
            text,
            markdown,
            context: String::new(),
            goes_on: None,
            pointing,
            reply_to: None,
            files: Vec::new(),
        },
    };
    Inbound {
        update: UpdateId(1),
        key: SessionKey::of_chat(ChatId(1)),
        chat_kind: match how & 1 {
            0 => ChatKind::Private,
            _ => ChatKind::Group,
        },
        sender: Sender::Nobody,
        addressed: match (how >> 1) & 1 {
            0 => Addressed::ToUs,
            _ => Addressed::ToAll,
        },
        content,
    }
}

/// A command that names a bot names this one.
fn assert_addressed_to_us(text: &str) {
    let words = text.split(char::is_whitespace);
    let word = words
        .map(str::to_ascii_lowercase)
        .find(|it| it.contains('/') || !it.is_ascii());
    if let Some((_, name)) = word.as_deref().and_then(|word| word.split_once('@')) {
        assert!(name.starts_with(OUR_NAME), "{text:?} is for another bot");
    }
}

/// Whom a command is about has an id that Telegram gives, or was pointed at.
fn assert_about_somebody(command: &SlashCommand) {
    let target = match command {
        SlashCommand::Manage { target, .. } => Some(target),
        SlashCommand::UserInfo { target } => target.as_ref(),
        SlashCommand::Start { .. }
        | SlashCommand::Help
        | SlashCommand::New { .. }
        | SlashCommand::Stop
        | SlashCommand::Status
        | SlashCommand::Choose { .. }
        | SlashCommand::Trust { .. }
        | SlashCommand::Tasks
        | SlashCommand::Files
        | SlashCommand::Rewind
        | SlashCommand::Archive(_)
        | SlashCommand::Enquire(_)
        | SlashCommand::Verbose { .. }
        | SlashCommand::Draft { .. }
        | SlashCommand::Rich { .. }
        | SlashCommand::Users
        | SlashCommand::AllowGroup
        | SlashCommand::DeleteMyData
        | SlashCommand::LockDown
        | SlashCommand::Unlock => None,
    };
    if let Some(Target::User(user)) = target {
        let is_possible = (1..=MAX_USER_ID).contains(&user.0);
        assert!(is_possible || *user == POINTED_AT, "{user} is nobody");
    }
}

/// What stands behind a command is a part of what was written, and not nothing.
fn assert_says_what_was_written(command: &SlashCommand, text: &str) {
    let rest = match command {
        SlashCommand::New { prompt: rest }
        | SlashCommand::Start { code: rest }
        | SlashCommand::Choose { value: rest, .. } => rest.as_deref(),
        SlashCommand::Enquire(Enquiry::Aside(question)) if !question.is_empty() => {
            Some(&**question)
        }
        SlashCommand::Help
        | SlashCommand::Stop
        | SlashCommand::Status
        | SlashCommand::Trust { .. }
        | SlashCommand::Tasks
        | SlashCommand::Files
        | SlashCommand::Rewind
        | SlashCommand::Archive(_)
        | SlashCommand::Enquire(_)
        | SlashCommand::Verbose { .. }
        | SlashCommand::Draft { .. }
        | SlashCommand::Rich { .. }
        | SlashCommand::UserInfo { .. }
        | SlashCommand::Users
        | SlashCommand::Manage { .. }
        | SlashCommand::AllowGroup
        | SlashCommand::DeleteMyData
        | SlashCommand::LockDown
        | SlashCommand::Unlock => None,
    };
    if let Some(rest) = rest {
        assert!(!rest.trim().is_empty() && text.contains(rest), "{rest:?}");
    }
}

/// What is taken for a typo of a command is none, and can be said in a chat as it is.
fn assert_typo(text: &str, command: Option<&SlashCommand>) {
    if let Some(typo) = typo_in(text, ["compact", "review"].into_iter()) {
        let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
        assert!(typo.written.chars().all(is_name), "{typo:?}");
        assert_eq!(command, None, "{text:?} is a command and a typo");
    }
}
