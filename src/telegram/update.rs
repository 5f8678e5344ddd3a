//! The parts of an update that we read, tolerant of everything else.
//!
//! What is not named here cannot make an update unreadable: replies across chats and whatever
//! Telegram adds. Presence alone counts for [`IgnoredAny`] fields. What only adds to a text, such
//! as its entities, is read leniently: it must not cost the text.

use bridge_actors::router::MediaKind;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct Update {
    pub(super) update_id: i64,
    pub(super) message: Option<Message>,
    pub(super) edited_message: Option<Message>,
    pub(super) callback_query: Option<CallbackQuery>,
    pub(super) my_chat_member: Option<StandingChange>,
    pub(super) message_reaction: Option<ReactionChange>,
    pub(super) stopped_message_generation: Option<StoppedDraft>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) message_id: i64,
    pub(super) chat: Chat,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<User>,
    /// Unread, so that one of an unknown shape is not taken for none.
    pub(super) sender_chat: Option<Value>,
    #[serde(default)]
    pub(super) is_topic_message: bool,
    pub(super) message_thread_id: Option<i64>,
    pub(super) text: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) entities: Vec<Entity>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) caption: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) caption_entities: Vec<Entity>,
    /// Unread, so that one of an unknown shape is not taken for none.
    pub(super) forward_origin: Option<Value>,
    pub(super) via_bot: Option<IgnoredAny>,
    /// What the messages of an album have in common.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) media_group_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) reply_to_message: Option<RepliedMessage>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) quote: Option<Quote>,
    /// What is answered in another chat; unread, since it has many shapes.
    pub(super) external_reply: Option<Value>,
    pub(super) reply_to_story: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) migrate_to_chat_id: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) migrate_from_chat_id: Option<i64>,
    #[serde(flatten)]
    pub(super) media: Media,
}

impl Message {
    /// Returns whether it tells that its group has another id.
    pub(super) fn migrates(&self) -> bool {
        self.migrate_to_chat_id.is_some() || self.migrate_from_chat_id.is_some()
    }

    /// Returns whether its words are not the sender's: forwarded, or made by another bot.
    pub(super) fn of_others(&self) -> bool {
        self.forward_origin.is_some() || self.via_bot.is_some()
    }
}

/// A stretch of a text, counted in UTF-16 units.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Entity {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) offset: i64,
    pub(super) length: i64,
    /// Of a `text_mention`.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) user: Option<User>,
    /// Of a `text_link`.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) url: Option<String>,
    /// Of a `pre`.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) language: Option<String>,
}

/// The message that is answered.
#[derive(Debug, Deserialize)]
pub(super) struct RepliedMessage {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) message_id: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<User>,
    /// Unread, so that one of an unknown shape is not taken for none.
    pub(super) sender_chat: Option<Value>,
    /// Unread for the same reason.
    pub(super) forward_origin: Option<Value>,
    /// Unread for the same reason.
    pub(super) contact: Option<Value>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) text: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) entities: Vec<Entity>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) caption: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) caption_entities: Vec<Entity>,
    #[serde(flatten)]
    pub(super) media: Media,
}

impl RepliedMessage {
    /// Returns the kind of its content if that is no text.
    pub(super) fn kind(&self) -> Option<MediaKind> {
        let contact = self.contact.as_ref().map(|_| MediaKind::Contact);
        contact.or_else(|| self.media.content().map(|(kind, _)| kind))
    }
}

/// Who wrote what was forwarded; of a hidden author and of a chat there is no user.
#[derive(Debug, Deserialize)]
pub(super) struct ForwardOrigin {
    pub(super) sender_user: User,
}

/// An entry of an address book; without an id when it has no account.
#[derive(Debug, Deserialize)]
pub(super) struct Contact {
    pub(super) user_id: i64,
    #[serde(default)]
    pub(super) first_name: String,
}

/// What the bot may do in a chat has changed.
#[derive(Debug, Deserialize)]
pub(super) struct StandingChange {
    pub(super) chat: Chat,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<User>,
    pub(super) old_chat_member: Standing,
    pub(super) new_chat_member: Standing,
}

/// Somebody thinks otherwise of a message.
#[derive(Debug, Deserialize)]
pub(super) struct ReactionChange {
    pub(super) chat: Chat,
    pub(super) message_id: i64,
    /// Missing of somebody who remains anonymous.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) user: Option<User>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) old_reaction: Vec<Reaction>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) new_reaction: Vec<Reaction>,
}

/// A reaction; without a sign if it is none of the usual ones.
#[derive(Debug, Deserialize)]
pub(super) struct Reaction {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) emoji: Option<String>,
}

/// The Stop of a draft was pressed.
#[derive(Debug, Deserialize)]
pub(super) struct StoppedDraft {
    pub(super) chat: StoppedChat,
    pub(super) message_thread_id: Option<i64>,
    pub(super) draft_id: i64,
}

/// The private chat of a draft, which is all that is told of its person.
#[derive(Debug, Deserialize)]
pub(super) struct StoppedChat {
    #[serde(flatten)]
    pub(super) chat: Chat,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) first_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) username: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Standing {
    pub(super) status: String,
    /// Of a `restricted` one, who can be inside or outside.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) is_member: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Quote {
    pub(super) text: String,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) entities: Vec<Entity>,
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

#[derive(Debug, Clone, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    /// Missing counts as a bot: nobody gets rights from what is not said.
    #[serde(default = "yes")]
    pub(super) is_bot: bool,
    #[serde(default)]
    pub(super) first_name: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) last_name: Option<String>,
    pub(super) username: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) language_code: Option<String>,
}

macro_rules! media {
    ($($field:ident: $kind:ident,)*) => {
        /// The kinds of content that are not text.
        #[derive(Debug, Deserialize)]
        pub(super) struct Media {
            $($field: Option<Value>,)*
        }

        impl Media {
            /// Returns the kind of the content, and the content as it came.
            pub(super) fn content(&self) -> Option<(MediaKind, &Value)> {
                $(if let Some(content) = &self.$field {
                    return Some((MediaKind::$kind, content));
                })*
                None
            }
        }
    };
}

// A special kind stands before the general one that Telegram sends along with it: an animation
// has a `document` too, a venue a `location`.
media! {
    animation: Animation,
    audio: Audio,
    live_photo: LivePhoto,
    paid_media: PaidMedia,
    photo: Photo,
    sticker: Sticker,
    story: Story,
    video: Video,
    video_note: VideoNote,
    voice: Voice,
    document: Document,
    checklist: Checklist,
    contact: Contact,
    dice: Dice,
    game: Game,
    giveaway: Giveaway,
    invoice: Invoice,
    poll: Poll,
    venue: Venue,
    location: Location,
    rich_message: RichMessage,
}

fn yes() -> bool {
    true
}

/// Reads a part whose loss is better than the loss of the whole message.
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> Deserialize<'a>,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// Reads a list without the entries that cannot be read; what is no list is an empty one.
fn lenient_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> Deserialize<'a>,
{
    let entries: Option<Vec<Value>> = lenient(deserializer)?;
    let entries = entries.unwrap_or_default().into_iter();
    Ok(entries
        .filter_map(|entry| serde_json::from_value(entry).ok())
        .collect())
}
