//! Pure: the file of a message, and what a sticker says.

use std::time::Duration;

use bridge_actors::ids::{FileId, MessageId};
use bridge_actors::router::MediaKind;
use bridge_actors::sent_file::{FileKind, FileOf, SentFile, Speech};
use serde::Deserialize;
use serde_json::Value;

use super::is_topic_root;
use crate::telegram::update::{Media, Message, lenient};

/// The parts that all kinds of files have in common.
#[derive(Debug, Deserialize)]
struct FileFields {
    file_id: String,
    file_unique_id: String,
    #[serde(default, deserialize_with = "lenient")]
    file_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    mime_type: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    file_size: Option<u64>,
    /// How long it plays, in seconds.
    #[serde(default, deserialize_with = "lenient")]
    duration: Option<u32>,
    /// Of a photo, in pixels.
    #[serde(default, deserialize_with = "lenient")]
    width: Option<u64>,
    /// Of a photo, in pixels.
    #[serde(default, deserialize_with = "lenient")]
    height: Option<u64>,
}

/// Returns the file that a message brings; `None` when it brings none, or one of a shape that
/// cannot be read.
pub(super) fn sent_file(message: &Message) -> Option<SentFile> {
    read(&message.media, message, FileOf::Message)
}

/// Returns the file of the message that a message answers, be that in another chat.
pub(super) fn answered_file(message: &Message) -> Option<SentFile> {
    let replied = message.reply_to_message.as_ref();
    let replied = replied.filter(|replied| !is_topic_root(message, replied));
    let media = match (replied, &message.external_reply) {
        (Some(replied), _) => &replied.media,
        (None, Some(elsewhere)) => &Media::deserialize(elsewhere).ok()?,
        (None, None) => return None,
    };
    read(media, message, FileOf::Answered)
}

fn read(media: &Media, of_message: &Message, of: FileOf) -> Option<SentFile> {
    let (kind, content) = media.content()?;
    let kind = file_kind(kind)?;
    let fields = match kind {
        FileKind::Photo => largest(content)?,
        FileKind::LivePhoto
        | FileKind::Video
        | FileKind::Animation
        | FileKind::Document
        | FileKind::Audio
        | FileKind::Voice
        | FileKind::VideoNote => FileFields::deserialize(content).ok()?,
    };
    Some(SentFile {
        message: MessageId(of_message.message_id),
        of,
        kind,
        file: FileId(fields.file_id),
        unique: fields.file_unique_id,
        name: fields.file_name,
        media_type: fields.mime_type,
        bytes: fields.file_size,
        album: match of {
            FileOf::Message => of_message.media_group_id.clone(),
            FileOf::Answered => None,
        },
        length: (fields.duration).map(|seconds| Duration::from_secs(seconds.into())),
        speech: Speech::Unheard,
    })
}

/// Telegram offers a photo in several sizes.
fn largest(content: &Value) -> Option<FileFields> {
    let sizes = content.as_array()?.iter();
    let sizes = sizes.filter_map(|size| FileFields::deserialize(size).ok());
    sizes.max_by_key(|size| {
        size.width
            .unwrap_or(0)
            .saturating_mul(size.height.unwrap_or(0))
    })
}

fn file_kind(kind: MediaKind) -> Option<FileKind> {
    match kind {
        MediaKind::Photo => Some(FileKind::Photo),
        MediaKind::LivePhoto => Some(FileKind::LivePhoto),
        MediaKind::Video => Some(FileKind::Video),
        MediaKind::Animation => Some(FileKind::Animation),
        MediaKind::Document => Some(FileKind::Document),
        MediaKind::Audio => Some(FileKind::Audio),
        MediaKind::Voice => Some(FileKind::Voice),
        MediaKind::VideoNote => Some(FileKind::VideoNote),
        MediaKind::Sticker
        | MediaKind::PaidMedia
        | MediaKind::Story
        | MediaKind::Checklist
        | MediaKind::Contact
        | MediaKind::Dice
        | MediaKind::Game
        | MediaKind::Giveaway
        | MediaKind::Invoice
        | MediaKind::Poll
        | MediaKind::Venue
        | MediaKind::Location
        | MediaKind::RichMessage
        | MediaKind::Unknown => None,
    }
}

/// Returns what a sticker says: its emoji.
pub(super) fn sticker(message: &Message) -> Option<String> {
    let (MediaKind::Sticker, content) = message.media.content()? else {
        return None;
    };
    let emoji = content.get("emoji").and_then(Value::as_str);
    Some(match emoji {
        Some(emoji) => format!("[sticker {emoji}]"),
        None => "[sticker]".to_owned(),
    })
}
