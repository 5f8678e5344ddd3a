//! The parts of an update that we read, tolerant of everything else.
//!
//! What is not named here cannot make an update unreadable: entities, replies across chats and
//! whatever Telegram adds. Presence alone counts for [`IgnoredAny`] fields.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct Update {
    pub(super) update_id: i64,
    pub(super) message: Option<Message>,
    pub(super) edited_message: Option<Message>,
    pub(super) callback_query: Option<CallbackQuery>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) message_id: i64,
    pub(super) chat: Chat,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<User>,
    pub(super) sender_chat: Option<IgnoredAny>,
    #[serde(default)]
    pub(super) is_topic_message: bool,
    pub(super) message_thread_id: Option<i64>,
    pub(super) text: Option<String>,
    pub(super) forward_origin: Option<IgnoredAny>,
    pub(super) via_bot: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) reply_to_message: Option<RepliedMessage>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) quote: Option<Quote>,
    #[serde(flatten)]
    pub(super) media: Media,
}

#[derive(Debug, Deserialize)]
pub(super) struct RepliedMessage {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<User>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Quote {
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CallbackQuery {
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<User>,
    pub(super) message: Option<ButtonMessage>,
    pub(super) data: Option<String>,
}

/// The message a button hangs on; of an old one only its ids are left.
#[derive(Debug, Deserialize)]
pub(super) struct ButtonMessage {
    pub(super) message_id: Option<i64>,
    pub(super) chat: Chat,
    #[serde(default)]
    pub(super) is_topic_message: bool,
    pub(super) message_thread_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    /// Missing counts as a bot: nobody gets rights from what is not said.
    #[serde(default = "yes")]
    pub(super) is_bot: bool,
    #[serde(default)]
    pub(super) first_name: String,
    pub(super) username: Option<String>,
}

macro_rules! media {
    ($($field:ident: $words:literal,)*) => {
        /// The kinds of content that are not text.
        #[derive(Debug, Deserialize)]
        pub(super) struct Media {
            $($field: Option<IgnoredAny>,)*
        }

        impl Media {
            /// Returns the kind of the content in words for a person.
            pub(super) fn kind(&self) -> Option<&'static str> {
                $(if self.$field.is_some() {
                    return Some($words);
                })*
                None
            }
        }
    };
}

// A special kind stands before the general one that Telegram sends along with it: an animation
// has a `document` too, a venue a `location`.
media! {
    animation: "an animation",
    audio: "an audio file",
    live_photo: "a live photo",
    paid_media: "paid media",
    photo: "a photo",
    sticker: "a sticker",
    story: "a story",
    video: "a video",
    video_note: "a video message",
    voice: "a voice message",
    document: "a file",
    checklist: "a checklist",
    contact: "a contact",
    dice: "a dice",
    game: "a game",
    giveaway: "a giveaway",
    invoice: "an invoice",
    poll: "a poll",
    venue: "a venue",
    location: "a location",
    rich_message: "a rich message",
}

fn yes() -> bool {
    true
}

/// Reads a part whose loss is better than the loss of the whole message.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> Deserialize<'a>,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}
