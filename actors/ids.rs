//! Identifiers that pass between actors.

use std::fmt;

/// A Telegram chat: positive for a private chat, negative for groups and channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatId(pub i64);

/// A person's numeric Telegram id.
///
/// The only identity the bridge knows: user names can be changed and recycled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub i64);

/// A topic inside a forum chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicId(pub i64);

/// A Telegram message inside its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub i64);

/// A Telegram update.
///
/// Ids usually grow by one but restart at a random number after a quiet week, so an order
/// between two ids means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UpdateId(pub i64);

/// What an update is known by when it comes again.
///
/// The id alone is not enough: ids restart at a random number after a quiet week, so that a new
/// update can carry an old id. This is a hash over bot, id and content, the same in every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UpdateMark(pub u128);

/// A Telegram callback query: one press of one button.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallbackId(pub String);

/// What Telegram hands a file out for, for this bot and for as long as it keeps the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileId(pub String);

/// What a session is keyed by: a chat, and in a forum its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey {
    /// The chat.
    pub chat: ChatId,
    /// The topic, when the chat is a forum and the topic is not "General".
    pub topic: Option<TopicId>,
}

/// A draft of ours, as Telegram knows it: never 0, and within 31 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DraftId(pub i64);

/// A post of ours that may be edited later; unique within one run of the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PostId(pub u64);

/// What Claude can resume: a UUID in text form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ConversationId(pub String);

/// The UUID that marks one prompt on its way to Claude, and what an update wants before it is one.
///
/// Derived from the bot and the update, so that the same prompt has the same id after a restart:
/// Claude ignores an id that it has seen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PromptId(pub String);

/// What is remembered of a message: that it was said to the bot or by it, or which command it was.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Trace(pub String);

impl Trace {
    /// Returns what is remembered of a message that the bot has sent.
    pub fn of_sent(chat: ChatId, message: MessageId) -> Self {
        Self(format!("{} {} sent", chat.0, message.0))
    }
}

/// Names that nobody had before; drawn by an actor, used by what decides.
#[expect(
    missing_debug_implementations,
    reason = "closures have nothing to show"
)]
pub struct NewNames<'a> {
    /// Draws the id of a post.
    pub post: &'a dyn Fn() -> PostId,
    /// Draws what proves that a button belongs to its message; nobody can guess it.
    pub nonce: &'a dyn Fn() -> String,
}

/// The how-many-th agent of a session; late words of a dead agent carry an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation(pub u64);

/// The how-many-th value of a session that is rebuilt after faults; what an earlier one asked for
/// carries an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Incarnation(pub u64);

impl PostId {
    /// The name of what nobody will edit.
    pub const NONE: Self = Self(u64::MAX);

    /// Set in the name of what is said about another post.
    const ABOUT: u64 = 1 << 63;

    /// Returns the name of what is said to a person about this post.
    ///
    /// It follows from the name of the post: what is said again after a restart takes the place of
    /// what was kept.
    pub fn about(self) -> Self {
        Self(self.0 | Self::ABOUT)
    }

    /// Tells whether it is the name of what is said about another post.
    pub fn is_about_another(self) -> bool {
        self.0 & Self::ABOUT != 0
    }

    /// Returns the first name behind all of these and of what is said about them.
    pub fn behind(used: impl IntoIterator<Item = Self>) -> Self {
        let used = used.into_iter().filter(|id| *id != Self::NONE);
        let last = used.map(|id| id.0 & !Self::ABOUT).max();
        Self(last.map_or(0, |id| id + 1))
    }
}

impl DraftId {
    /// Returns the draft that belongs to a random text.
    pub fn of_nonce(nonce: &str) -> Self {
        // FNV-1a; whoever could guess the result could stop nothing but their own turn.
        let hash = nonce.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        Self(i64::from(hash >> 1).max(1))
    }
}

impl ChatId {
    /// Tells whether the chat is one person's alone.
    pub fn is_private(self) -> bool {
        self.0 > 0
    }
}

impl SessionKey {
    /// Returns the key of a chat without topics.
    pub fn of_chat(chat: ChatId) -> Self {
        Self { chat, topic: None }
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.topic {
            None => write!(f, "{}", self.chat),
            Some(topic) => write!(f, "{}/{}", self.chat, topic.0),
        }
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_run_takes_no_name_of_a_kept_post_nor_of_what_is_said_about_one() {
        let kept = [PostId(3), PostId(8).about(), PostId::NONE];
        assert_eq!(PostId::behind(kept), PostId(9));
        assert_eq!(PostId::behind([]), PostId(0));
        assert!(PostId(8).about().is_about_another());
        assert!(!PostId(8).is_about_another());
    }
}
