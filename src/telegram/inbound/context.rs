//! Pure: what a message answers, in words for Claude.
//!
//! Each line of what is quoted begins with `> `, so that nobody's words pass for those of whoever
//! quotes them.

use bridge_actors::router::MediaKind;
use serde_json::Value;

use super::described::{LINE_ENDS, described};
use super::is_topic_root;
use super::markdown::markdown;
use super::origin::{origin, person, titled};
use crate::telegram::bot_identity::BotIdentity;
use crate::telegram::update::{Entity, Message, RepliedMessage};

/// How much of a message is quoted that nobody chose a part of, in UTF-16 units.
///
/// Half of the longest message: enough to know which one is meant, and about 500 tokens. A part
/// that a person chose has at most 1,024.
const MAX_QUOTED: i64 = 2_000;

/// Ends what was cut.
const CUT: &str = "\n[…]";

/// Returns what a message answers, with a heading; empty if it answers nothing.
pub(super) fn context(us: &BotIdentity, message: &Message, raw: &Value) -> String {
    let replied = message.reply_to_message.as_ref();
    let replied = replied.filter(|replied| !is_topic_root(message, replied));
    let whose = match (replied, &message.external_reply) {
        (Some(replied), _) => whose(us, message, replied),
        (None, Some(elsewhere)) => in_another_chat(elsewhere),
        (None, None) if message.reply_to_story.is_some() => return "In reply to a story.".into(),
        (None, None) if message.quote.is_some() => "another message".to_owned(),
        (None, None) => return String::new(),
    };
    if let Some(quote) = &message.quote {
        let (text, _) = quoted(&quote.text, &quote.entities);
        return format!("In reply to this part of {whose}:\n{text}");
    }
    let Some(replied) = replied else {
        let told = message.external_reply.as_ref().and_then(described);
        let told = told.map(|words| format!("In reply to {whose}:\n{}", quoted(&words, &[]).0));
        return told.unwrap_or_else(|| format!("In reply to {whose}."));
    };
    let told = described(&raw["reply_to_message"]).filter(|_| replied.text.is_none());
    let (words, entities) = match (&replied.text, &told, &replied.caption) {
        (Some(text), _, _) => (text, &replied.entities),
        (None, Some(told), _) => (told, &Vec::new()),
        (None, None, Some(caption)) => (caption, &replied.caption_entities),
        (None, None, None) => {
            let what = replied.kind().map_or("without a text", noun);
            return format!("In reply to {whose}: {what}.");
        }
    };
    let what = replied.kind().map(noun).filter(|_| told.is_none());
    let what = what.map_or(String::new(), |what| format!(" ({what})"));
    match quoted(words, entities) {
        (text, Length::Whole) => format!("In reply to {whose}{what}:\n{text}"),
        (text, Length::Cut) => format!("In reply to {whose}{what}, which begins:\n{text}"),
    }
}

/// Returns the words for the message that is answered, by who wrote it.
fn whose(us: &BotIdentity, message: &Message, replied: &RepliedMessage) -> String {
    let author = replied.from.as_ref();
    let is_by = |id| replied.sender_chat.is_none() && author.is_some_and(|author| author.id == id);
    let whose = if is_by(us.id) {
        "your message".to_owned()
    } else if (message.from.as_ref()).is_some_and(|sender| is_by(sender.id)) {
        "my own message".to_owned()
    } else {
        let name = match (&replied.sender_chat, author) {
            (Some(chat), _) => titled(chat),
            (None, Some(author)) => person(author),
            (None, None) => None,
        };
        name.map_or("a message".to_owned(), |name| {
            format!("a message of {name}")
        })
    };
    match &replied.forward_origin {
        Some(forwarded) => {
            let from = origin(forwarded).map_or(String::new(), |from| format!(" from {from}"));
            format!("{whose}, forwarded{from}")
        }
        None => whose,
    }
}

fn in_another_chat(elsewhere: &Value) -> String {
    match elsewhere.get("origin").and_then(origin) {
        Some(name) => format!("a message of {name} in another chat"),
        None => "a message in another chat".to_owned(),
    }
}

enum Length {
    Whole,
    Cut,
}

/// Returns a text as a quote, cut where it is too long.
fn quoted(text: &str, entities: &[Entity]) -> (String, Length) {
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, sign)| {
        units += if sign.len_utf16() == 2 { 2 } else { 1 };
        (units > MAX_QUOTED).then_some(at)
    });
    let (text, length) = match end {
        Some(end) => {
            let is_left = |entity: &&Entity| entity.offset < MAX_QUOTED;
            let left: Vec<_> = entities.iter().filter(is_left).cloned().collect();
            (markdown(&text[..end], 0, &left) + CUT, Length::Cut)
        }
        None => (markdown(text, 0, entities), Length::Whole),
    };
    let text = text.replace("\r\n", "\n");
    let lines: Vec<String> = text
        .split(LINE_ENDS)
        .map(|line| format!("> {line}"))
        .collect();
    (lines.join("\n"), length)
}

fn noun(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Animation => "an animation",
        MediaKind::Audio => "an audio file",
        MediaKind::LivePhoto => "a live photo",
        MediaKind::PaidMedia => "paid media",
        MediaKind::Photo => "a photo",
        MediaKind::Sticker => "a sticker",
        MediaKind::Story => "a story",
        MediaKind::Video => "a video",
        MediaKind::VideoNote => "a video note",
        MediaKind::Voice => "a voice message",
        MediaKind::Document => "a document",
        MediaKind::Checklist => "a checklist",
        MediaKind::Contact => "a contact",
        MediaKind::Dice => "a dice",
        MediaKind::Game => "a game",
        MediaKind::Giveaway => "a giveaway",
        MediaKind::Invoice => "an invoice",
        MediaKind::Poll => "a poll",
        MediaKind::Venue => "a venue",
        MediaKind::Location => "a location",
        MediaKind::RichMessage => "a rich message",
        MediaKind::Unknown => "a message of a kind that is not known",
    }
}
