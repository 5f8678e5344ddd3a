//! The ports to the journal: what was promised and must outlive the bridge.

use std::future::Future;
use std::pin::Pin;

use super::StoreError;
use crate::clock::UnixSeconds;
use crate::ids::{
    ChatId, ConversationId, MessageId, PostId, PromptId, SessionKey, Trace, UpdateMark, UserId,
};
use crate::instruction::{Instruct, Prompt};
use crate::money::{Charge, Day};
use crate::post::Post;

/// Resolves when everything that was written before is on disk, however long that takes.
///
/// An error says that the store keeps nothing any more; it ends the bridge, and whoever waits does
/// nothing further.
pub type Synced = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>;

/// Keeps prompts until they have their outcome, and other instructions until they are carried out.
///
/// Writing returns at once. After a crash there is what was written up to some moment, and never
/// a part of one call; [`Self::synced`] tells when that moment has come.
pub trait PromptJournal: Send + Sync {
    /// Takes an instruction in, unless it was taken in before.
    fn accept(&self, key: SessionKey, instruction: &Instruct) -> Result<Acceptance, StoreError>;

    /// Notes what messages were; the oldest are forgotten with the instructions of their time.
    fn note_traces(&self, traces: &[Trace]) -> Result<(), StoreError>;

    /// Tells whether it is remembered of a message.
    fn has_trace(&self, trace: &Trace) -> bool;

    /// Writes what one step of a session came to. What it says of what is not open is passed over.
    /// An accepted prompt takes the place of an open instruction with the same id. What it cost is
    /// added to what was spent, as [`MoneyLedger`](super::MoneyLedger) tells it.
    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError>;

    /// Returns what is open of a session in the order in which it was taken in.
    fn left_open(&self, key: SessionKey) -> Result<Vec<Open>, StoreError>;

    /// Returns the sessions that have something open, whoever waits longest first.
    fn open_sessions(&self) -> Vec<SessionKey>;

    /// Returns the sessions whose agents had something to do by themselves: work in the background,
    /// of which is to be told that it has ended, or timers. Each with who wanted it, if that is
    /// known.
    fn restless_sessions(&self) -> Result<Vec<(SessionKey, Option<UserId>)>, StoreError>;

    /// Gives what is open of a session to another one.
    fn move_session(&self, from: SessionKey, to: SessionKey) -> Result<(), StoreError>;

    /// Closes what is open of a chat, its topics included.
    fn close_chat(&self, chat: ChatId) -> Result<(), StoreError>;

    /// Waits for the disk.
    fn synced(&self) -> Synced;
}

/// Keeps answers, and what takes the buttons off a message, until they are delivered.
pub trait PostJournal: Send + Sync {
    /// Keeps a post, in place of what is kept under its name.
    fn keep(&self, id: PostId, post: &Post) -> Result<(), StoreError>;

    /// Notes that this message of a post is about to leave, and that those before it are
    /// delivered.
    fn departs(&self, id: PostId, part: usize) -> Result<(), StoreError>;

    /// Notes that a message was sent, for a `has_trace` of it; the oldest are forgotten, and a crash
    /// may forget the latest.
    fn note_sent(&self, chat: ChatId, message: MessageId) -> Result<(), StoreError>;

    /// Forgets a post that is delivered or given up.
    fn settle(&self, id: PostId) -> Result<(), StoreError>;

    /// Returns a kept post.
    fn read(&self, id: PostId) -> Result<Option<KeptPost>, StoreError>;

    /// Returns every kept post in the order of the ids.
    fn kept(&self) -> Result<Vec<KeptPost>, StoreError>;

    /// Waits for the disk.
    fn synced(&self) -> Synced;
}

/// Remembers which updates were dealt with.
pub trait UpdateLog: Send + Sync {
    /// Tells whether an update was dealt with.
    fn knows(&self, update: UpdateMark) -> bool;

    /// Notes updates that were dealt with; the oldest are forgotten beyond a window of some
    /// thousands.
    fn remember(&self, updates: &[UpdateMark]) -> Result<(), StoreError>;

    /// Waits for the disk.
    fn synced(&self) -> Synced;
}

/// Whether an instruction was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// It was, and is open now.
    New,
    /// It was taken in before, and may be long done.
    Known,
}

/// What one step of a session came to; on disk in whole or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalEntry {
    /// Prompts that came to be.
    pub accepted: Vec<Prompt>,
    /// What among them takes the place of another prompt in the order: that one, and the new one.
    pub replaced: Vec<(PromptId, PromptId)>,
    /// How far prompts have come.
    pub stages: Vec<(PromptId, Stage)>,
    /// Prompts that begin anew after a fault.
    pub replayed: Vec<PromptId>,
    /// Prompts that have their outcome, and instructions that were carried out.
    pub closed: Vec<PromptId>,
    /// What tells the person of it.
    pub posts: Vec<Post>,
    /// What it cost.
    pub charges: Vec<Charge>,
}

/// How far an open prompt has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It waits.
    Accepted,
    /// It may have been written to an agent, which has shown no work on it.
    Started {
        /// The conversation that the agent was started with.
        conversation: ConversationId,
    },
    /// Claude works on it.
    Begun {
        /// The tool that ran last, in words.
        doing: Option<String>,
    },
    /// It did not begin, for what it needs could not be had, and the person is asked what is to
    /// become of it.
    NotBegun {
        /// What the buttons carry to prove that they belong to it; random.
        nonce: String,
        /// What it lacks.
        lacks: Lack,
    },
    /// The API let it go no further, and it can go on from a time on.
    Halted {
        /// What the buttons carry to prove that they belong to it; random.
        nonce: String,
        /// From when on.
        until: UnixSeconds,
        /// What happens then.
        then: Then,
        /// The message that says so, once that is known.
        asked_in: Option<MessageId>,
    },
    /// The work was interrupted, and the person is asked what is to become of it.
    Interrupted {
        /// What the buttons carry to prove that they belong to it; random.
        nonce: String,
        /// The tool that ran last, in words.
        doing: Option<String>,
    },
}

/// What happens when the API can be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing, unless a person wants it.
    Nothing,
    /// Claude goes on.
    GoesOn,
}

/// What a prompt lacks that did not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// A file.
    File,
    /// The words that are said in a file.
    Words,
    /// A person's word that these words are theirs.
    Consent {
        /// The message that asks for it, once that is known: a reply to it corrects the words.
        asked_in: Option<MessageId>,
    },
    /// Room in the home of its agent.
    Space,
    /// What its person may spend is used up for a day.
    Money {
        /// The day.
        day: Day,
    },
}

/// What was taken in and is not dealt with, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open {
    /// A prompt without an outcome.
    Prompt(OpenPrompt),
    /// Another instruction that was not carried out.
    Instruction(Instruct),
}

/// A prompt without an outcome, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPrompt {
    /// The prompt.
    pub prompt: Prompt,
    /// How far it has come.
    pub stage: Stage,
    /// Whether the host has been up since.
    pub host: HostUptime,
    /// How often it began anew.
    pub replays: u32,
}

/// Whether a host has been up all the time since something was written.
///
/// After a crash of the host nothing that Claude keeps in its own files can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostUptime {
    /// It has.
    Unbroken,
    /// It was started anew.
    Restarted,
}

/// A post that may not have been delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPost {
    /// Its name.
    pub id: PostId,
    /// The post.
    pub post: Post,
    /// The message of it that was last about to leave; whether it did is unknown. `None` when
    /// none was.
    pub departed: Option<usize>,
}

impl Open {
    /// Returns what it is known by.
    pub fn id(&self) -> &PromptId {
        match self {
            Self::Prompt(open) => &open.prompt.id,
            Self::Instruction(instruction) => instruction.id(),
        }
    }

    /// Tells whether nothing is done about it until a person decides.
    pub fn waits_for_a_person(&self) -> bool {
        match self {
            Self::Prompt(open) => matches!(
                open.stage,
                Stage::NotBegun { .. }
                    | Stage::Interrupted { .. }
                    | Stage::Halted {
                        then: Then::Nothing,
                        ..
                    }
            ),
            Self::Instruction(_) => false,
        }
    }

    /// Tells whether nobody waits for a word about it.
    pub fn is_silent(&self) -> bool {
        match self {
            Self::Prompt(open) => open.prompt.is_overheard(),
            Self::Instruction(instruction) => instruction.is_silent(),
        }
    }

    /// Returns who wants it.
    pub fn by(&self) -> UserId {
        match self {
            Self::Prompt(open) => open.prompt.author,
            Self::Instruction(instruction) => instruction.by(),
        }
    }
}

impl JournalEntry {
    /// Returns the prompts whose place this one takes, the latest first: in one step a changed
    /// prompt may be changed again.
    pub fn formers_of<'a>(&'a self, id: &'a PromptId) -> impl Iterator<Item = &'a PromptId> {
        let former = |id: &&'a PromptId| {
            let taken = self.replaced.iter().find(|(_, new)| new == *id);
            taken.map(|(former, _)| former)
        };
        std::iter::successors(former(&id), former)
    }

    /// Tells whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty()
            && self.stages.is_empty()
            && self.replayed.is_empty()
            && self.closed.is_empty()
            && self.charges.is_empty()
    }
}
