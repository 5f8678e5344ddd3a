//! What a session can be told.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::oneshot;

use crate::ids::{Incarnation, MessageId, PostId, PromptId, SessionKey, UserId};
use crate::instruction::Press;
use crate::outbox::Posted;
use crate::sent_file::{FetchFault, Fetched, HearingFault, SentFile};
use crate::session::buttons::Meaning;
use crate::session::prompts::Wish;
use crate::session::requests::Answer;
use crate::session::settings::SettingsBook;

impl Press {
    /// Tells whether a button with this data belongs to a session.
    pub fn is_for_session(data: &str) -> bool {
        Meaning::parse(data).is_some()
    }

    /// Tells whether a button with this data stops something or denies it: nobody who may press it
    /// ever presses it too often.
    pub fn is_brake(data: &str) -> bool {
        match Meaning::parse(data) {
            Some(
                Meaning::Stop(_)
                | Meaning::Task(..)
                | Meaning::Request(Answer::Deny, _)
                | Meaning::Waiting(Wish::DenyWith | Wish::Remove, _)
                | Meaning::TakeBack
                | Meaning::LoginOff,
            ) => true,
            Some(
                Meaning::Request(
                    Answer::Allow
                    | Answer::AllowForSession
                    | Answer::AllowEdits
                    | Answer::Done
                    | Answer::Default
                    | Answer::Skip
                    | Answer::Again
                    | Answer::Pick(_),
                    _,
                )
                | Meaning::Offer(..)
                | Meaning::Waiting(Wish::SendNow, _)
                | Meaning::Value(..)
                | Meaning::Inbox(_)
                | Meaning::Archive(_)
                | Meaning::NoRequest
                | Meaning::NoOffer,
            )
            | Some(Meaning::Server(..) | Meaning::Undo(..) | Meaning::TaskOutput(_))
            | Some(Meaning::MoreTurns(..))
            | None => false,
        }
    }
}

/// An agent may be started now; sent by the session supervisor after a request for a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SlotGranted {
    /// Which value of the session asked.
    pub to: Incarnation,
}

/// No slot is free; sent when a request has to wait, and whenever its place among the first ten
/// changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SlotDelayed {
    /// Which value of the session asked.
    pub to: Incarnation,
    /// Chats that come first.
    pub ahead: usize,
}

/// Another chat waits: an idle agent is to be ended so that its slot becomes free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct YieldSlot {
    /// Which value of the session has the slot.
    pub to: Incarnation,
}

/// Bring these files into the inbox of a session; sent by the session to the edge.
///
/// Answered exactly once, after some minutes at most. A file that lies there already, from an
/// earlier run or an earlier message, is not fetched again.
#[derive(Message)]
#[rtype(result = "()")]
#[expect(
    missing_debug_implementations,
    reason = "recipients have nothing to show"
)]
pub struct FetchFiles {
    /// Whose room the inbox is in.
    pub key: SessionKey,
    /// The prompt that they came with.
    pub prompt: PromptId,
    /// The files.
    pub files: Vec<SentFile>,
    /// Who is told how it ended.
    pub answer_to: Recipient<FilesFetched>,
}

/// This became of the files of a prompt; sent by the edge.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct FilesFetched {
    /// The prompt that they came with.
    pub prompt: PromptId,
    /// The files in their order, or why one cannot be had without which the prompt does not run.
    pub outcome: Result<Vec<Fetched>, FetchFault>,
}

/// Write down what is said in a file; sent by the session to the edge.
///
/// Answered at most once: not when it is stopped before.
#[derive(Message)]
#[rtype(result = "()")]
#[expect(
    missing_debug_implementations,
    reason = "recipients have nothing to show"
)]
pub struct Transcribe {
    /// Whose room the file lies in.
    pub key: SessionKey,
    /// The prompt that it came with.
    pub prompt: PromptId,
    /// Where it lies.
    pub file: PathBuf,
    /// Ends it when the other side is dropped.
    pub stop: oneshot::Receiver<()>,
    /// Who is told how it ended.
    pub answer_to: Recipient<Transcribed>,
}

/// This is said in a file of a prompt; sent by the edge.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Transcribed {
    /// The prompt that it came with.
    pub prompt: PromptId,
    /// The words, or why there are none.
    pub outcome: Result<String, HearingFault>,
}

/// The bridge stops: end the agent and stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct EndSession {
    /// How long a running turn may go on.
    pub grace: Duration,
}

/// A person may no longer come in: end what runs or waits for them; sent by the session supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Revoke {
    /// The person.
    pub user: UserId,
    /// What becomes of their conversation.
    pub memory: Memory,
}

/// What becomes of the conversation of somebody who may no longer come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// It waits for their return.
    Kept,
    /// It is forgotten.
    Forgotten,
    /// So is all else, at their own wish or after they were removed: nothing is said of it here.
    Erased,
}

/// The bridge is locked down: end at once, with the agent, and leave open in the journal what is
/// open; sent by the session supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct LockSession;

/// A post of the session with buttons became a message; sent by the session supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Shown {
    /// The post.
    pub post: PostId,
    /// The message.
    pub message: MessageId,
}

impl Shown {
    /// Returns the part of the outbox's word that a session needs.
    pub fn of(posted: Posted) -> Self {
        Self {
            post: posted.id,
            message: posted.message,
        }
    }
}

/// The configuration changed: the next turn runs with this; sent by the session supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Configure(pub Arc<SettingsBook>);

/// Take over what another session left open; sent by the session supervisor. What that is, the
/// journal says when this is read: by then some of it may have come in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct TakeOverOpen;

/// The chat has another id from now on; sent by the session supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct MoveTo(pub SessionKey);
