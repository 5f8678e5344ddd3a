//! Pure: whether a message speaks to the bot, and its text without the bot's name in front.

use bridge_actors::ids::MessageId;
use bridge_actors::router::{Addressed, ChatKind};

use super::is_topic_root;
use crate::telegram::bot_identity::BotIdentity;
use crate::telegram::update::{Entity, Message};

/// What people put between a name and what they say to it.
const AFTER_NAME: [char; 5] = [',', ':', ';', '.', '!'];

/// Tells to whom a message speaks.
///
/// In private everything is for the bot. In a group it must be named, answered or commanded. A
/// command without a name counts too, though it may be meant for another bot: which commands there
/// are is the router's knowledge.
pub(super) fn addressed(us: &BotIdentity, kind: ChatKind, message: &Message) -> Addressed {
    match kind {
        ChatKind::Private => return Addressed::ToUs,
        ChatKind::Group | ChatKind::Channel => {}
    }
    match (first_command(us, message), message.of_others()) {
        (FirstCommand::OfAnother, _) => return Addressed::ToAll,
        (FirstCommand::Ours, false) => return Addressed::ToUs,
        (FirstCommand::Ours, true) | (FirstCommand::None, _) => {}
    }
    let (text, entities) = words(message);
    let is_named = entities
        .iter()
        .any(|entity| is_our_name(us, text, entity) || is_our_command(us, text, entity));
    if is_named || reply_to_us(us, message).is_some() {
        Addressed::ToUs
    } else {
        Addressed::ToAll
    }
}

/// Returns a text without the bot's name at its start; in private it stays as typed.
pub(super) fn without_our_name<'a>(
    us: &BotIdentity,
    kind: ChatKind,
    message: &'a Message,
) -> &'a str {
    let (text, entities) = words(message);
    match kind {
        ChatKind::Private => return text,
        ChatKind::Group | ChatKind::Channel => {}
    }
    let name = entities
        .iter()
        .find(|entity| entity.offset == 0 && is_our_name(us, text, entity))
        .and_then(|entity| covered(text, entity));
    match name.and_then(|name| text.strip_prefix(name)) {
        Some(rest) => rest.trim_start_matches(AFTER_NAME).trim_start(),
        None => text,
    }
}

/// Which command a message begins with.
enum FirstCommand {
    None,
    /// Without a name, or with ours.
    Ours,
    OfAnother,
}

fn first_command(us: &BotIdentity, message: &Message) -> FirstCommand {
    let (text, entities) = words(message);
    let command = entities
        .iter()
        .find(|entity| entity.offset == 0 && entity.kind == "bot_command")
        .and_then(|entity| covered(text, entity)?.strip_prefix('/'));
    match command {
        Some(command) if command.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            match command.split_once('@') {
                Some((_, name)) if !is_us(us, name) => FirstCommand::OfAnother,
                Some(_) | None => FirstCommand::Ours,
            }
        }
        Some(_) | None => FirstCommand::None,
    }
}

/// Returns what a message says, be it below a picture.
pub(super) fn words(message: &Message) -> (&str, &[Entity]) {
    match (&message.text, &message.caption) {
        (Some(text), _) => (text, &message.entities),
        (None, Some(caption)) => (caption, &message.caption_entities),
        (None, None) => ("", &[]),
    }
}

fn is_our_name(us: &BotIdentity, text: &str, entity: &Entity) -> bool {
    match entity.kind.as_str() {
        "mention" => covered(text, entity)
            .and_then(|mention| mention.strip_prefix('@'))
            .is_some_and(|name| is_us(us, name)),
        // Of somebody without an `@name`, or picked from a list.
        "text_mention" => entity.user.as_ref().is_some_and(|user| user.id == us.id),
        _ => false,
    }
}

fn is_our_command(us: &BotIdentity, text: &str, entity: &Entity) -> bool {
    entity.kind == "bot_command"
        && covered(text, entity)
            .and_then(|command| command.split_once('@'))
            .is_some_and(|(_, name)| is_us(us, name))
}

fn is_us(us: &BotIdentity, name: &str) -> bool {
    us.username
        .as_ref()
        .is_some_and(|ours| ours.eq_ignore_ascii_case(name))
}

/// Returns the message of ours that a message replies to, if it does.
pub(super) fn reply_to_us(us: &BotIdentity, message: &Message) -> Option<MessageId> {
    let replied = message.reply_to_message.as_ref();
    let replied = replied.filter(|replied| !is_topic_root(message, replied))?;
    let is_ours = (replied.from.as_ref()).is_some_and(|author| author.id == us.id);
    replied.message_id.filter(|_| is_ours).map(MessageId)
}

/// Returns the stretch of an entity; `None` when it lies outside the text or parts a character.
fn covered<'a>(text: &'a str, entity: &Entity) -> Option<&'a str> {
    let start = usize::try_from(entity.offset).ok()?;
    let end = start.checked_add(usize::try_from(entity.length).ok()?)?;
    text.get(byte_at(text, start)?..byte_at(text, end)?)
}

/// Returns where so many UTF-16 units end.
fn byte_at(text: &str, n_units: usize) -> Option<usize> {
    let mut seen = 0;
    for (at, character) in text.char_indices() {
        if seen >= n_units {
            return (seen == n_units).then_some(at);
        }
        seen += character.len_utf16();
    }
    (seen == n_units).then_some(text.len())
}
