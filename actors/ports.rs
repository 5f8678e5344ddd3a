//! The ports to the outside: what an edge must offer so that an actor can work.
//!
//! A port is a trait only where the other side is not an actor. Everything else goes through the
//! `messages` of the actor concerned and a `Recipient` that is handed in.

mod archive;
mod inbox;
mod journal;
mod last_prompts;
mod ledger;
mod record;
mod room;
mod spares;

use std::path::PathBuf;

use actix::prelude::*;
use bridge_texts::Language;

use crate::agent_event::AgentEvent;
use crate::chat_settings::{AgentSettings, Setting, Trust};
use crate::clock::UnixSeconds;
use crate::enquiry::Enquiry;
use crate::file_offer::{ToolCall, ToolResult};
use crate::form::FormAnswer;
use crate::home_use::FullHome;
use crate::ids::{ChatId, ConversationId, Generation, MessageId, PromptId, SessionKey, UserId};
use crate::permission_request::Json;
use crate::sent_file::PictureFormat;

pub use archive::{
    ArchiveDeed, ArchiveDone, ArchiveOrder, ArchiveOutcome, ArchivePage, BegunIn, ExportForm,
    Holder, PastConversation,
};
pub use inbox::{InboxDeed, InboxDone, InboxFile, InboxOrder, InboxOutcome};
pub use journal::{
    Acceptance, HostUptime, JournalEntry, KeptPost, Lack, Open, OpenPrompt, PostJournal,
    PromptJournal, Stage, Synced, Then, UpdateLog,
};
pub use last_prompts::{MOST_PROMPTS, PromptsRead, ReadPrompts, SaidPrompt};
pub use ledger::MoneyLedger;
pub use record::{Memory, SessionRecord, TurnCard};
pub use room::{FileRoom, FilesTaken, OutsideFiles, PathFault, RefusedPath, TakeFiles, Taken};
pub use spares::{PutBack, SpareDeed, SpareFault, SpareOrder, SparesDone, SparesOutcome, Unspared};

/// Starts agents, and knows the conversations that they leave.
pub trait AgentLauncher: Send + Sync {
    /// Starts an agent and returns at once.
    ///
    /// What the agent says, a failure to start and its end included, comes back through
    /// `reports`. [`AgentEvent::Exited`] is the last event of a generation and comes exactly
    /// once, after the whole process tree is gone.
    fn launch(&self, order: LaunchOrder, reports: Recipient<AgentReport>) -> Box<dyn Agent>;

    /// Reads the last prompts of a conversation, and returns at once: the answer comes when the disk
    /// gives one.
    fn read_prompts(&self, order: ReadPrompts, answers: Recipient<PromptsRead>);

    /// Looks after the conversations of a session's folder, and returns at once: the answer comes
    /// when the disk gives one.
    fn look_up(&self, order: ArchiveOrder, answers: Recipient<ArchiveDone>);
}

/// The handle of one running agent; dropping it ends the agent with its whole process tree.
pub trait Agent: Send {
    /// Puts a line on the agent's input; returns at once, order is kept.
    ///
    /// Input to an agent that is gone is dropped: its end is reported anyway.
    fn write(&self, input: AgentInput);

    /// Sends SIGINT, for an agent that does not obey an interrupt on its input.
    fn signal_interrupt(&self);

    /// Ends the agent with its whole process tree now.
    fn kill(&self);
}

/// What to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchOrder {
    /// The session that owns the agent.
    pub key: SessionKey,
    /// Whose room is the session's: it keeps its first id when the chat gets another one.
    pub room: SessionKey,
    /// Which agent of that session this is; comes back in every report.
    pub generation: Generation,
    /// The conversation to open.
    pub conversation: Conversation,
    /// The working folder. The edge creates it when it is missing.
    pub folder: PathBuf,
    /// Whether what the folder brings along runs.
    pub trust: Trust,
    /// What this chat's agents are started with.
    pub settings: AgentSettings,
    /// Whether it may start although its home is full.
    pub full_home: FullHome,
    /// The language of the person who decides about what it asks.
    pub language: Language,
    /// Whether it is started to log in, and so may have no login yet.
    pub logs_in: bool,
}

/// How to open a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conversation {
    /// A fresh one under an id of ours.
    New(ConversationId),
    /// One that Claude has on disk.
    Resume(ConversationId),
}

/// What an agent can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentInput {
    /// One user message.
    Prompt {
        id: PromptId,
        text: String,
        form: PromptForm,
        /// What Claude sees beside the text, in this order.
        pictures: Vec<Picture>,
    },
    /// Stop the running turn; the agent stays.
    Interrupt,
    /// The answer to a permission request.
    Permission {
        request: String,
        decision: PermissionDecision,
    },
    /// What an MCP server is told that asked a person.
    Form {
        /// Its request.
        request: String,
        /// The answer.
        answer: FormAnswer,
    },
    /// Go by this from the next turn on; an empty model is Claude's own choice.
    Set {
        /// What.
        setting: Setting,
        /// The value.
        value: String,
    },
    /// Stop what it does in the background under this name.
    StopTask(String),
    /// Say this of yourself; the answer comes back under the same name.
    Enquire {
        /// The instruction that asks.
        asked_in: PromptId,
        /// What.
        enquiry: Enquiry,
    },
    /// What a tool of the bridge came to.
    ToolResult {
        /// The call that waits for it.
        call: ToolCall,
        /// The result.
        result: ToolResult,
    },
    /// Run the tool that waits: that work has begun is written down.
    LetRun {
        /// What it waits under.
        request: String,
    },
    /// No more input will come: finish and exit.
    Close,
}

/// A picture that Claude is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it lies; absolute.
    pub path: PathBuf,
    /// What it is.
    pub format: PictureFormat,
}

/// How the text of a prompt is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptForm {
    /// Plain text: a leading slash is only a character.
    Text,
    /// A command that Claude lists; passed as it is.
    Command,
}

/// What a person (or the bridge) decided about a permission request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermissionDecision {
    /// Run it with this input.
    Allow {
        /// The input as it came.
        input: Json,
        /// Rules by which the like runs unasked until the agent ends.
        rules: Vec<Json>,
        /// What runs unasked from now on.
        unasked: Unasked,
    },
    /// The questions are answered.
    Answer {
        /// The input as it came.
        input: Json,
        /// Question and answer.
        answers: Vec<(String, String)>,
    },
    /// Do not run it; the message is for the model.
    Deny { message: String },
}

/// What runs unasked beyond what did before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unasked {
    /// Nothing.
    Nothing,
    /// Changes to files.
    Edits,
}

/// What an agent said at one go, stamped with who said it.
#[derive(Debug, Clone, PartialEq, Message)]
#[rtype(result = "()")]
pub struct AgentReport {
    /// The agent it came from.
    pub generation: Generation,
    /// What it said, in its order; never empty.
    pub events: Vec<AgentEvent>,
}

/// Keeps the records of sessions over restarts.
pub trait SessionStore: Send + Sync {
    /// Reads the record of a session.
    fn load(&self, key: SessionKey) -> Result<Option<SessionRecord>, StoreError>;

    /// Replaces the record of a session; it outlives the process when this returns, and a power cut
    /// with the next write that somebody waits for.
    fn save(&self, key: SessionKey, record: &SessionRecord) -> Result<(), StoreError>;

    /// Removes the records of a chat's sessions, its topics included; kept like [`Self::save`].
    fn forget_chat(&self, chat: ChatId) -> Result<(), StoreError>;
}

/// Keeps users and groups over restarts.
///
/// Nothing that is read stays in memory: a bridge may know more people than it has room for.
/// Writing returns at once; [`Self::synced`] tells when what was written is on disk.
pub trait UserStore: Send + Sync {
    /// Reads one user.
    fn load(&self, user: UserId) -> Result<Option<UserRecord>, StoreError>;

    /// Reads at most `limit` users in the order of their ids.
    fn page(&self, start: PageStart, limit: usize) -> Result<Vec<UserRecord>, StoreError>;

    /// Shows every user once, in the order of their ids.
    fn scan(&self, visit: &mut dyn FnMut(UserRecord)) -> Result<(), StoreError>;

    /// Writes one user.
    fn save(&self, user: &UserRecord) -> Result<(), StoreError>;

    /// Reads all groups; there are few.
    fn groups(&self) -> Result<Vec<GroupRecord>, StoreError>;

    /// Writes one group.
    fn save_group(&self, group: &GroupRecord) -> Result<(), StoreError>;

    /// Removes one group, if it is there.
    fn remove_group(&self, chat: ChatId) -> Result<(), StoreError>;

    /// Reads whether the bridge is locked down.
    fn lockdown(&self) -> Result<Option<Lockdown>, StoreError>;

    /// Writes that the bridge is locked down, or no longer.
    fn save_lockdown(&self, lockdown: Option<&Lockdown>) -> Result<(), StoreError>;

    /// Waits for the disk.
    fn synced(&self) -> Synced;
}

/// Where a page of users begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStart {
    /// At the smallest id.
    First,
    /// Behind this id.
    After(UserId),
    /// So that it ends before this id.
    Before(UserId),
}

/// A person the bridge knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// The person.
    pub user: UserId,
    /// Their private chat.
    pub chat: ChatId,
    /// The `@name` at the last sight, without the `@`; never an identity.
    pub username: Option<String>,
    /// The first name at the last sight.
    pub first_name: String,
    /// The language of their Telegram at the last sight, such as `de` or `pt-br`.
    pub language: Option<String>,
    /// When the record was made.
    pub created_at: UnixSeconds,
    /// When they last wrote or pressed something, exact to [`SEEN_INTERVAL`](
    /// crate::user_registry::SEEN_INTERVAL); `None` before the first time.
    pub last_seen: Option<UnixSeconds>,
    /// Whether the person may come in, and if not, why.
    pub standing: Standing,
    /// Who let them in in person; `None` for whoever came in by the rules alone.
    pub admitted_by: Option<Admitter>,
    /// Whether the person may manage the bridge.
    pub is_admin: bool,
}

impl UserRecord {
    /// Tells whether the person may come in as far as the record goes.
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }
}

/// Whether a person may come in, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They may.
    Active,
    /// They asked to be let in, and no administrator has decided.
    Waiting(JoinRequest),
    /// An administrator did not let them in.
    Declined,
    /// An administrator switched them off.
    Deactivated,
    /// An administrator removed them; what is kept of them is that they were removed.
    Removed,
}

/// A person's wish to be let in, as it was put to the administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequest {
    /// What the buttons carry to prove that they belong to this request; random.
    pub nonce: String,
    /// The messages that show it.
    pub messages: Vec<RequestMessage>,
}

/// A message of ours that shows a request to one administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestMessage {
    /// The administrator's chat.
    pub chat: ChatId,
    /// The message.
    pub message: MessageId,
}

/// Who let a person in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitter {
    /// An administrator, from the chat.
    Admin(UserId),
    /// Somebody at the command line of the host.
    Host,
}

/// A group that the bot is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupRecord {
    /// The group.
    pub chat: ChatId,
    /// Whether the bot may work in it.
    pub standing: GroupStanding,
}

/// Whether the bot may work in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupStanding {
    /// An administrator allowed it.
    Allowed {
        /// Who.
        by: UserId,
    },
    /// Nobody has; at this time the bot leaves.
    Pending {
        /// The time.
        leave_at: UnixSeconds,
    },
}

/// The whole bridge is locked down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockdown {
    /// Who did it.
    pub by: UserId,
    /// When.
    pub since: UnixSeconds,
}

/// The store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the store: {0}")]
pub struct StoreError(pub String);
