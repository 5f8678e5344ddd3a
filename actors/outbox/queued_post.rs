//! One post on its way: which call is due next, and what an outcome means for it.

mod kept;
mod outcome;

use std::time::Duration;

use super::log_facts::DropReason;
use super::position::Position;
use super::{Body, Fit, Perform, Post, PostAction, Rank, RefusedFile, Repeat, Sign, Sound};
use crate::clock::Time;
use crate::ids::{ChatId, MessageId, PostId, SessionKey};

pub(super) use kept::Kept;

/// How often one message of an answer is sent again soon when its fate is unknown, before it rests.
pub(super) const QUICK_REPEATS: u32 = 3;

const FIRST_REST: Duration = Duration::from_secs(60);
const MAX_REST: Duration = Duration::from_secs(3600);

/// How long a notice is tried.
pub(super) const NOTICE_PATIENCE: Duration = Duration::from_secs(600);

const FIRST_BACKOFF: Duration = Duration::from_millis(500);
/// The longest wait of what holds up its chat.
pub(super) const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// A post that waits for its turn or has a call in flight.
#[derive(Debug)]
pub(super) struct QueuedPost {
    pub(super) key: SessionKey,
    pub(super) rank: Rank,
    pub(super) id: PostId,
    pub(super) body: Body,
    pub(super) deed: Deed,
    /// How the message that is due is made to fit.
    fit: Fit,
    /// The files of it that Telegram does not take.
    pub(super) refused: Vec<RefusedFile>,
    /// Whether the journal keeps it.
    pub(super) kept: Kept,
    /// Its place in the order of its chat, which the chat's queue gives it.
    pub(super) position: Position,
    /// It is not tried again before.
    pub(super) not_before: Time,
    /// Failed calls since the last one that was done.
    failures: u32,
    failing_since: Option<Time>,
}

/// What is to be done with the body.
#[derive(Debug)]
pub(super) enum Deed {
    Send {
        reply_to: Option<MessageId>,
        sound: Sound,
        /// The message of the body that is due, from 0.
        part: usize,
        doubt: Doubt,
        /// Unknown fates of this part.
        repeats: u32,
    },
    Edit(Edited),
    Leave,
}

/// What an edit changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edited {
    /// Whatever message the post of the same name became.
    Post,
    /// This message.
    Message(MessageId),
    /// A message that nobody can change any more: its group is another chat now.
    Lost,
}

/// Whether an earlier call of the same part may have been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    None,
    /// It may, and Telegram has not been heard since: a probe goes first.
    Unprobed,
    /// It may: the repeat is marked.
    Probed,
}

/// The next call of a post.
#[derive(Debug)]
pub(super) enum Call {
    /// The post itself.
    Post(Perform),
    /// A harmless one that shows whether Telegram can be reached.
    Probe(Perform),
}

/// Whether the person knows that the fate of an answer is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It is to be said.
    NotYet,
    /// It has been said.
    Before,
}

/// What an outcome means for the post and its chat.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The post is done.
    Done,
    /// The bot has left the chat.
    Left,
    /// Its next call may leave at the chat's pace.
    GoOn,
    /// It is a new message from now on, which may leave at the chat's pace.
    SentAnew,
    /// Its next call may leave at the chat's pace, without markup.
    GoOnPlain(String),
    /// Its next call may leave at the chat's pace, with the body changed.
    GoOnOtherwise(String),
    /// Its next call waits.
    RetryIn(Duration, String),
    /// Its fate stays unknown: it lets others pass until it is tried again.
    Rest {
        after: Duration,
        why: String,
        told: Told,
    },
    /// The chat is to be quiet.
    Hold(Duration),
    /// The post is given up.
    Drop(DropReason),
    /// The chat is gone.
    ChatGone(String),
    /// The topic is gone.
    TopicGone(String),
    /// The chat has another id.
    Migrated(ChatId),
    /// The token is refused.
    TokenRefused,
}

impl QueuedPost {
    pub(super) fn new(post: Post) -> Self {
        let kept = if post.is_kept() {
            Kept::Until { noted: None }
        } else {
            Kept::No
        };
        let (id, body, deed) = match post.action {
            PostAction::Send {
                id,
                body,
                reply_to,
                sound,
            } => (id, body, Deed::send(reply_to, sound)),
            PostAction::Edit { id, body } => (id, body, Deed::Edit(Edited::Post)),
            PostAction::EditMessage { id, message, body } => {
                (id, body, Deed::Edit(Edited::Message(message)))
            }
            PostAction::Leave => (PostId::NONE, Body::Plain(String::new()), Deed::Leave),
        };
        // Whoever may not use the bot keeps it in the group until it has left.
        let rank = match deed {
            Deed::Leave => Rank::Answer,
            Deed::Send { .. } | Deed::Edit(_) => post.rank,
        };
        Self {
            key: post.key,
            rank,
            id,
            body,
            deed,
            fit: Fit::default(),
            refused: Vec::new(),
            kept,
            position: Position::default(),
            not_before: Time::ZERO,
            failures: 0,
            failing_since: None,
        }
    }

    /// Returns whether a later edit of the same post may take this one's place.
    pub(super) fn yields_to(&self, edit: &QueuedPost) -> bool {
        let is_text = |body: &Body| {
            matches!(
                body,
                Body::Markdown(_)
                    | Body::Rich(_)
                    | Body::Plain(_)
                    | Body::Choice { .. }
                    | Body::Live { .. }
                    | Body::Folded(_)
                    | Body::Quoted(_)
                    | Body::Card { .. }
            )
        };
        edit.is_edit()
            && match self.deed {
                Deed::Edit(_) => true,
                Deed::Leave => false,
                // The rest of a post that has begun to arrive belongs to its old content, and
                // a document is not replaced by words.
                Deed::Send { .. } => {
                    !self.has_begun() && is_text(&self.body) && is_text(&edit.body)
                }
            }
    }

    /// Returns whether a later edit changes the same message.
    pub(super) fn is_changed_by(&self, edit: &QueuedPost) -> bool {
        let of_message = match (&self.deed, &edit.deed) {
            (Deed::Edit(Edited::Message(one)), Deed::Edit(Edited::Message(other))) => one == other,
            (Deed::Send { .. } | Deed::Edit(_) | Deed::Leave, _) => false,
        };
        self.id == edit.id || of_message
    }

    /// Takes over a later edit of the same message; the more important of both ranks counts.
    pub(super) fn replace_by(&mut self, edit: QueuedPost) {
        self.body = edit.body;
        self.fit = Fit::default();
        self.raise_to(edit.rank);
        match (edit.kept, self.is_edit()) {
            (Kept::No, _) => {}
            (Kept::Until { .. }, false) if self.kept != Kept::No => {}
            (Kept::Until { .. }, false) => self.kept = edit.kept,
            (Kept::Until { .. }, true) => {
                (self.id, self.deed, self.kept) = (edit.id, edit.deed, edit.kept);
            }
        }
    }

    /// Makes up for an earlier edit of the same message that will not be done.
    pub(super) fn stand_for(&mut self, earlier: &QueuedPost) {
        self.raise_to(earlier.rank);
        if self.kept == Kept::No && earlier.kept != Kept::No {
            (self.id, self.kept) = (earlier.id, earlier.kept);
        }
    }

    fn raise_to(&mut self, rank: Rank) {
        if rank == Rank::Answer {
            self.rank = Rank::Answer;
        }
    }

    /// Follows the chat to its new id, in which the old message ids mean nothing.
    pub(super) fn move_to(&mut self, chat: ChatId) {
        self.key.chat = chat;
        match &mut self.deed {
            Deed::Send { reply_to, .. } => *reply_to = None,
            Deed::Edit(edited @ Edited::Message(_)) => *edited = Edited::Lost,
            Deed::Edit(Edited::Post | Edited::Lost) | Deed::Leave => {}
        }
    }

    /// Leaves its topic, which is gone, for the chat itself.
    pub(super) fn leave_topic(&mut self) {
        self.key.topic = None;
        if let Deed::Send { reply_to, .. } = &mut self.deed {
            *reply_to = None;
        }
    }

    /// Returns the message that this edits, if it says so itself.
    pub(super) fn edited_message(&self) -> Option<MessageId> {
        match self.deed {
            Deed::Edit(Edited::Message(message)) => Some(message),
            Deed::Edit(Edited::Post | Edited::Lost) | Deed::Send { .. } | Deed::Leave => None,
        }
    }

    /// Returns the message that this answers for the first time: the first message of an answer,
    /// not a repeat.
    pub(super) fn answers(&self) -> Option<MessageId> {
        match (self.rank, &self.deed) {
            (
                Rank::Answer,
                Deed::Send {
                    reply_to,
                    doubt: Doubt::None,
                    ..
                },
            ) => reply_to.filter(|_| !self.has_begun()),
            (Rank::Answer | Rank::Notice, Deed::Send { .. } | Deed::Edit(_) | Deed::Leave) => None,
        }
    }

    /// Tells whether it is an edit that can wait, such as the next state of a card.
    pub(super) fn is_renewal(&self) -> bool {
        self.is_edit() && self.rank == Rank::Notice
    }

    /// Returns whether this changes an earlier post.
    pub(super) fn is_edit(&self) -> bool {
        matches!(self.deed, Deed::Edit(_))
    }

    /// Returns whether a message of it has arrived, and others are to follow.
    pub(super) fn has_begun(&self) -> bool {
        matches!(self.deed, Deed::Send { part, .. } if part > 0 || !self.fit.is_first())
    }

    /// Returns whether somebody waits for a message that it is to become.
    pub(super) fn is_new_answer(&self) -> bool {
        self.rank == Rank::Answer && matches!(self.deed, Deed::Send { .. })
    }

    /// Returns whether it may be dropped.
    pub(super) fn is_notice(&self) -> bool {
        self.rank == Rank::Notice
    }

    /// Returns whether it is a new message that may be dropped.
    pub(super) fn is_new_notice(&self) -> bool {
        self.is_notice() && matches!(self.deed, Deed::Send { .. })
    }

    /// Returns whether this takes the bot out of the chat.
    pub(super) fn is_leave(&self) -> bool {
        matches!(self.deed, Deed::Leave)
    }

    /// Returns whether the message in flight is the one that later edits of the post replace: the
    /// one with the buttons, which is the last of so many parts, or else the first.
    pub(super) fn names_post(&self, parts: usize) -> bool {
        match self.deed {
            Deed::Send { part, .. } if self.body.has_buttons() => {
                part + 1 >= parts && self.fit.is_last()
            }
            Deed::Send { .. } => !self.has_begun(),
            Deed::Edit(_) | Deed::Leave => false,
        }
    }

    /// Returns the next call; `None` for an edit that is not worth a new message.
    ///
    /// `message` is the message that an edit edits; without one the edit becomes a new message.
    pub(super) fn call(&mut self, message: Option<MessageId>) -> Option<Call> {
        if self.is_edit() && message.is_none() && !self.send_anew() {
            return None;
        }
        let (key, body, fit) = (self.key, self.body.clone(), self.fit);
        let call = match (&self.deed, message) {
            (Deed::Leave, _) => Call::Post(Perform::Leave { chat: key.chat }),
            (Deed::Edit(_), None) => return None,
            (Deed::Edit(_), Some(message)) => Call::Post(Perform::Edit {
                key,
                message,
                body,
                fit,
            }),
            (Deed::Send { doubt, .. }, _) if *doubt == Doubt::Unprobed => {
                Call::Probe(Perform::Sign(Sign::Typing { key }))
            }
            (
                Deed::Send {
                    reply_to,
                    sound,
                    part,
                    doubt,
                    ..
                },
                _,
            ) => Call::Post(Perform::Send {
                key,
                body,
                part: *part,
                fit,
                reply_to: reply_to.filter(|_| !self.has_begun()),
                sound: *sound,
                repeat: match doubt {
                    Doubt::None => Repeat::No,
                    Doubt::Unprobed | Doubt::Probed => Repeat::Possible,
                },
            }),
        };
        Some(call)
    }

    /// Returns how many calls failed in a row.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }
}

impl Deed {
    fn send(reply_to: Option<MessageId>, sound: Sound) -> Self {
        Self::Send {
            reply_to,
            sound,
            part: 0,
            doubt: Doubt::None,
            repeats: 0,
        }
    }
}
