//! Pure: one raw update to what it says, or the reason it is ignored.

use bridge_actors::ids::{
    CallbackId, ChatId, MessageId, PromptId, SessionKey, TopicId, UpdateId, UserId,
};
use bridge_actors::router::{
    Addressed, ChatKind, Inbound, InboundContent, Person, Pointing, Sender,
};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::update::{ButtonMessage, CallbackQuery, Chat, Message, Update, User};

/// The namespace of prompt ids. It never changes: an id that comes out differently after an
/// update of the bridge would make Claude run a prompt twice.
const PROMPT_NAMESPACE: Uuid = Uuid::from_u128(0x5d0a_8f8e_7b1c_4f0e_9c55_0b1d_6e2f_a3c4);

/// The thread id of a forum's "General" topic, which Telegram refuses when it is sent back.
const GENERAL_TOPIC: i64 = 1;

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
    /// A message without text was changed.
    #[error("a change of something that is not text")]
    EditWithoutText,
    /// The chat is of a kind we do not know.
    #[error("chats of the kind {0:?} are not known")]
    ChatKind(String),
    /// A button that is not on a message in a chat, or has no data.
    #[error("a button that is not one of ours")]
    ForeignButton,
}

/// Reads the id of a raw update.
pub fn update_id(raw: &Value) -> Option<UpdateId> {
    raw.get("update_id").and_then(Value::as_i64).map(UpdateId)
}

/// Reads one raw update of the bot with the given numeric id.
pub fn read_update(bot_id: i64, raw: &Value) -> Result<Inbound, Ignored> {
    let update = Update::deserialize(raw).map_err(|error| Ignored::Malformed(error.to_string()))?;
    let id = UpdateId(update.update_id);
    if let Some(message) = update.message {
        on_message(bot_id, id, &message)
    } else if let Some(message) = update.edited_message {
        on_edit(id, &message)
    } else if let Some(query) = update.callback_query {
        on_button(id, query)
    } else {
        Err(Ignored::Kind(kind_of(raw)))
    }
}

/// Returns the id of the prompt in an update, the same in every run of the bridge.
fn prompt_id(bot_id: i64, update: UpdateId) -> PromptId {
    let name = format!("{bot_id}:{}", update.0);
    PromptId(Uuid::new_v5(&PROMPT_NAMESPACE, name.as_bytes()).to_string())
}

fn on_message(bot_id: i64, update: UpdateId, message: &Message) -> Result<Inbound, Ignored> {
    let id = MessageId(message.message_id);
    let content = match (&message.text, message.media.kind()) {
        (Some(text), _) => InboundContent::Text {
            message: id,
            prompt: prompt_id(bot_id, update),
            text: text_in_context(message, text),
            pointing: Pointing::None,
        },
        (None, Some(kind)) => InboundContent::Unsupported { message: id, kind },
        (None, None) => return Err(Ignored::ServiceMessage),
    };
    inbound_message(update, message, content)
}

fn on_edit(update: UpdateId, message: &Message) -> Result<Inbound, Ignored> {
    let text = message.text.as_ref().ok_or(Ignored::EditWithoutText)?;
    let content = InboundContent::Edited {
        message: MessageId(message.message_id),
        text: text_in_context(message, text),
    };
    inbound_message(update, message, content)
}

fn on_button(update: UpdateId, query: CallbackQuery) -> Result<Inbound, Ignored> {
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
        },
    })
}

fn inbound_message(
    update: UpdateId,
    message: &Message,
    content: InboundContent,
) -> Result<Inbound, Ignored> {
    let topic = message.message_thread_id;
    Ok(Inbound {
        update,
        key: key(&message.chat, message.is_topic_message, topic),
        chat_kind: chat_kind(&message.chat)?,
        sender: sender(message),
        addressed: Addressed::ToUs,
        content,
    })
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
        language: None,
    })
}

/// Returns the text with what it stands in.
///
/// Words that somebody else wrote are introduced as such, so that they never begin with the slash
/// of a command: the person who passes them on has not typed them.
fn text_in_context(message: &Message, text: &str) -> String {
    if message.forward_origin.is_some() {
        return format!("Forwarded message:\n\n{text}");
    }
    if message.via_bot.is_some() {
        return format!("Message made with another bot:\n\n{text}");
    }
    let is_command = text.trim_start().starts_with('/');
    match &message.quote {
        Some(quote) if !is_command && !is_reply_to_self(message) => {
            format!("{}\n{text}", quote_block(&quote.text))
        }
        Some(_) | None => text.to_owned(),
    }
}

fn is_reply_to_self(message: &Message) -> bool {
    let target = message.reply_to_message.as_ref();
    let author = target.and_then(|replied| replied.from.as_ref());
    match (author, &message.from) {
        (Some(author), Some(sender)) => author.id == sender.id,
        (Some(_), None) | (None, Some(_) | None) => false,
    }
}

fn quote_block(quote: &str) -> String {
    quote.lines().map(|line| format!("> {line}\n")).collect()
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
