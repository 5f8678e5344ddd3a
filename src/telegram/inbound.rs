//! Pure: one raw update to what it says, or the reason it is ignored.

mod addressing;
mod context;
mod described;
mod files;
mod goes_on;
mod markdown;
mod origin;
mod pointing;
mod reaction;
mod rich;
mod standing;
mod unknown;

use bridge_actors::ids::{
    CallbackId, ChatId, DraftId, MessageId, PromptId, SessionKey, TopicId, UpdateId, UserId,
};
use bridge_actors::router::{
    Addressed, Caption, ChatKind, Inbound, InboundContent, MediaKind, Person, Sender,
};
use bridge_actors::sent_file::SentFile;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::bot_identity::BotIdentity;
use super::update::{
    ButtonMessage, CallbackQuery, Chat, Message, RepliedMessage, StoppedDraft, Update, User,
};

use addressing::{addressed, reply_to_us, without_our_name, words};
use context::context;
use described::described;
use files::{answered_file, sent_file, sticker};
use goes_on::goes_on;
use markdown::markdown;
use origin::origin;
use pointing::pointing;
use reaction::on_reaction;
use standing::on_standing;
use unknown::is_of_unknown_kind;

/// The namespace of prompt ids. It never changes: an id that comes out differently after an
/// update of the bridge would make Claude run a prompt twice.
const PROMPT_NAMESPACE: Uuid = Uuid::from_u128(0x5d0a_8f8e_7b1c_4f0e_9c55_0b1d_6e2f_a3c4);

/// The thread id of a forum's "General" topic, which Telegram refuses when it is sent back.
const GENERAL_TOPIC: i64 = 1;

/// The longest language tag; those of Telegram are like `pt-br`.
const MAX_LANGUAGE: usize = 16;

/// Why an update is not worked on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ignored {
    /// A field that is needed is missing or of a wrong type.
    #[error("malformed: {0}")]
    Malformed(String),
    /// A kind of update that concerns nobody here, or that is not known.
    #[error("updates of the kind {0:?} are not worked on")]
    Kind(String),
    /// Somebody joined, a title changed and the like.
    #[error("a message about the chat itself")]
    ServiceMessage,
    /// A message without text or file was changed.
    #[error("a change of something that is not text")]
    EditWithoutText,
    /// The chat is of a kind we do not know.
    #[error("chats of the kind {0:?} are not known")]
    ChatKind(String),
    /// A button that is not on a message in a chat, or has no data.
    #[error("a button that is not one of ours")]
    ForeignButton,
    /// The stop of a draft in a chat that is not private, where there are none.
    #[error("a draft outside of private chats")]
    DraftElsewhere,
    /// A person blocked the bot or took that back, or a channel has it.
    #[error("a change of the bot's standing in a chat that is no group")]
    StandingOutsideGroups,
    /// Neither 👍 nor 👎 was given or taken back.
    #[error("a reaction that is not counted")]
    Reaction,
    /// The bot was in the group and stays there.
    #[error("a change of the bot's rights in a group")]
    Rights,
}

/// Reads the id of a raw update.
pub fn update_id(raw: &Value) -> Option<UpdateId> {
    raw.get("update_id").and_then(Value::as_i64).map(UpdateId)
}

/// Reads one raw update that came to us.
pub fn read_update(us: &BotIdentity, raw: &Value) -> Result<Inbound, Ignored> {
    let update = Update::deserialize(raw).map_err(|error| Ignored::Malformed(error.to_string()))?;
    let id = UpdateId(update.update_id);
    if let Some(message) = update.message {
        on_message(us, id, &message, &raw["message"])
    } else if let Some(message) = update.edited_message {
        on_edit(us, id, &message, &raw["edited_message"])
    } else if let Some(query) = update.callback_query {
        on_button(us, id, query)
    } else if let Some(change) = update.my_chat_member {
        on_standing(id, &change)
    } else if let Some(change) = update.message_reaction {
        on_reaction(us, id, &change)
    } else if let Some(stopped) = update.stopped_message_generation {
        on_draft_stopped(us, id, stopped)
    } else {
        Err(Ignored::Kind(kind_of(raw)))
    }
}

/// Returns the id of the prompt in an update, the same in every run of the bridge.
fn prompt_id(bot_id: i64, update: UpdateId) -> PromptId {
    let name = format!("{bot_id}:{}", update.0);
    PromptId(Uuid::new_v5(&PROMPT_NAMESPACE, name.as_bytes()).to_string())
}

fn on_message(
    us: &BotIdentity,
    update: UpdateId,
    message: &Message,
    raw: &Value,
) -> Result<Inbound, Ignored> {
    let id = MessageId(message.message_id);
    let kind = chat_kind(&message.chat)?;
    let said = |text: &str, markdown: &str, file: Option<SentFile>| InboundContent::Text {
        message: id,
        prompt: prompt_id(us.id, update),
        text: with_origin(message, text),
        markdown: with_origin(message, markdown),
        context: context(us, message, raw),
        goes_on: goes_on(message, file.as_ref()),
        pointing: pointing(us, message),
        reply_to: reply_to_us(us, message),
        files: file.into_iter().chain(answered_file(message)).collect(),
    };
    let file = sent_file(message);
    let described = described(raw).filter(|_| message.text.is_none());
    let described = described.or_else(|| sticker(message));
    let content = if let Some(words) = described {
        said(&words, &words, None)
    } else if message.text.is_some() || file.is_some() {
        let text = without_our_name(us, kind, message);
        let markdown = markdown_without_our_name(us, kind, message);
        said(text, &markdown, file)
    } else if let Some((media, _)) = message.media.content() {
        InboundContent::Unsupported {
            message: id,
            prompt: prompt_id(us.id, update),
            kind: media,
            caption: caption(us, kind, message),
        }
    } else if message.migrates() {
        return on_move(update, message);
    } else if is_of_unknown_kind(raw) {
        InboundContent::Unsupported {
            message: id,
            prompt: prompt_id(us.id, update),
            kind: MediaKind::Unknown,
            caption: caption(us, kind, message),
        }
    } else {
        return Err(Ignored::ServiceMessage);
    };
    Ok(inbound_message(us, update, message, kind, content))
}

/// Returns the words below a picture or a file.
fn caption(us: &BotIdentity, kind: ChatKind, message: &Message) -> Option<Caption> {
    message.caption.as_ref()?;
    Some(Caption {
        text: with_origin(message, without_our_name(us, kind, message)),
        pointing: pointing(us, message),
    })
}

/// The old group and the new one both tell of a move.
fn on_move(update: UpdateId, message: &Message) -> Result<Inbound, Ignored> {
    let here = message.chat.id;
    let (from, to) = match (message.migrate_to_chat_id, message.migrate_from_chat_id) {
        (Some(to), _) => (here, to),
        (None, Some(from)) => (from, here),
        (None, None) => return Err(Ignored::ServiceMessage),
    };
    Ok(Inbound {
        update,
        key: SessionKey::of_chat(ChatId(here)),
        chat_kind: chat_kind(&message.chat)?,
        sender: sender(message),
        addressed: Addressed::ToUs,
        content: InboundContent::Moved {
            from: ChatId(from),
            to: ChatId(to),
        },
    })
}

fn on_edit(
    us: &BotIdentity,
    update: UpdateId,
    message: &Message,
    raw: &Value,
) -> Result<Inbound, Ignored> {
    let file = sent_file(message);
    if message.text.is_none() && file.is_none() {
        return Err(Ignored::EditWithoutText);
    }
    let kind = chat_kind(&message.chat)?;
    let content = InboundContent::Edited {
        message: MessageId(message.message_id),
        prompt: prompt_id(us.id, update),
        text: with_origin(message, without_our_name(us, kind, message)),
        markdown: with_origin(message, &markdown_without_our_name(us, kind, message)),
        pointing: pointing(us, message),
        reply_to: reply_to_us(us, message),
        context: context(us, message, raw),
        files: file.into_iter().chain(answered_file(message)).collect(),
    };
    Ok(inbound_message(us, update, message, kind, content))
}

fn on_button(us: &BotIdentity, update: UpdateId, query: CallbackQuery) -> Result<Inbound, Ignored> {
    let (Some(message), Some(data)) = (query.message, query.data) else {
        return Err(Ignored::ForeignButton);
    };
    let ButtonMessage {
        message_id,
        chat,
        is_topic_message,
        message_thread_id,
    } = message;
    Ok(Inbound {
        update,
        key: key(&chat, is_topic_message, message_thread_id),
        chat_kind: chat_kind(&chat)?,
        sender: query.from.as_ref().map_or(Sender::Nobody, person),
        addressed: Addressed::ToUs,
        content: InboundContent::Button {
            callback: CallbackId(query.id),
            message: message_id.map(MessageId),
            data,
            prompt: prompt_id(us.id, update),
        },
    })
}

/// Telegram names no sender; a private chat has the id of its person.
fn on_draft_stopped(
    us: &BotIdentity,
    update: UpdateId,
    stopped: StoppedDraft,
) -> Result<Inbound, Ignored> {
    let chat = stopped.chat.chat;
    let chat_kind = chat_kind(&chat)?;
    match chat_kind {
        ChatKind::Private => {}
        ChatKind::Group | ChatKind::Channel => return Err(Ignored::DraftElsewhere),
    }
    let is_in_topic = stopped.message_thread_id.is_some();
    Ok(Inbound {
        update,
        key: key(&chat, is_in_topic, stopped.message_thread_id),
        chat_kind,
        sender: Sender::Person(Person {
            user: UserId(chat.id),
            username: stopped.chat.username,
            first_name: stopped.chat.first_name.unwrap_or_default(),
            language: None,
        }),
        addressed: Addressed::ToUs,
        content: InboundContent::DraftStopped {
            draft: DraftId(stopped.draft_id),
            prompt: prompt_id(us.id, update),
        },
    })
}

fn inbound_message(
    us: &BotIdentity,
    update: UpdateId,
    message: &Message,
    chat_kind: ChatKind,
    content: InboundContent,
) -> Inbound {
    let topic = message.message_thread_id;
    Inbound {
        update,
        key: key(&message.chat, message.is_topic_message, topic),
        chat_kind,
        sender: sender(message),
        addressed: addressed(us, chat_kind, message),
        content,
    }
}

/// In a chat without topics a thread id only says which message is answered.
fn key(chat: &Chat, is_topic_message: bool, thread: Option<i64>) -> SessionKey {
    SessionKey {
        chat: ChatId(chat.id),
        topic: thread
            .filter(|&id| is_topic_message && id != GENERAL_TOPIC)
            .map(TopicId),
    }
}

fn chat_kind(chat: &Chat) -> Result<ChatKind, Ignored> {
    match chat.kind.as_str() {
        "private" => Ok(ChatKind::Private),
        "group" | "supergroup" => Ok(ChatKind::Group),
        "channel" => Ok(ChatKind::Channel),
        other => Err(Ignored::ChatKind(other.to_owned())),
    }
}

/// A message in the name of a chat (a channel, an anonymous administrator) has no person behind
/// it, whatever stands in its `from`.
fn sender(message: &Message) -> Sender {
    match (&message.sender_chat, &message.from) {
        (None, Some(user)) => person(user),
        (Some(group), _) if group["id"].as_i64() == Some(message.chat.id) => Sender::Anonymous,
        (Some(_), _) | (None, None) => Sender::Nobody,
    }
}

fn person(user: &User) -> Sender {
    if user.is_bot {
        return Sender::Nobody;
    }
    Sender::Person(Person {
        user: UserId(user.id),
        username: user.username.clone(),
        first_name: user.first_name.clone(),
        language: user.language_code.as_deref().and_then(language),
    })
}

fn language(code: &str) -> Option<String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_tag = (1..=MAX_LANGUAGE).contains(&code.len()) && code.bytes().all(is_allowed);
    is_tag.then(|| code.to_owned())
}

/// Telegram presents a message in a topic that answers nothing as a reply to the topic's creation.
///
/// Only in a topic: elsewhere the thread's id is that of the first message that was answered.
fn is_topic_root(message: &Message, replied: &RepliedMessage) -> bool {
    message.is_topic_message
        && replied.message_id.is_some()
        && replied.message_id == message.message_thread_id
}

/// Returns the text with what its entities mean, without the bot's name at its start.
fn markdown_without_our_name(us: &BotIdentity, kind: ChatKind, message: &Message) -> String {
    let (text, entities) = words(message);
    let from = text.len() - without_our_name(us, kind, message).len();
    markdown(text, from, entities)
}

/// Returns the text with a line above it that says who wrote it, if that was somebody else.
///
/// So it never begins with the slash of a command: the person who passes words on has not typed
/// them.
fn with_origin(message: &Message, text: &str) -> String {
    if let Some(forwarded) = &message.forward_origin {
        let from = origin(forwarded).map_or(String::new(), |from| format!(" from {from}"));
        return format!("Forwarded message{from}:\n\n{text}");
    }
    if message.via_bot.is_some() {
        return format!("Message made with another bot:\n\n{text}");
    }
    text.to_owned()
}

fn kind_of(raw: &Value) -> String {
    let fields = raw.as_object().into_iter().flatten();
    fields
        .map(|(name, _)| name)
        .find(|name| *name != "update_id")
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
