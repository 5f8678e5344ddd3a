//! What an agent can say, in our words; the wire format stays in the Claude edge.

use std::time::Duration;

use crate::chat_settings::Setting;
use crate::clock::UnixSeconds;
use crate::enquiry::Findings;
use crate::file_offer::FileOffer;
use crate::home_use::HomeUse;
use crate::ids::{ConversationId, PromptId};
use crate::permission_request::{Json, PermissionRequest};
use crate::ports::Holder;
use crate::timer::TimerNews;

/// One thing an agent said or that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentEvent {
    /// It answered the opening handshake and lists the commands it knows, without slash.
    Ready {
        commands: Vec<String>,
        version: Option<String>,
        models: Vec<Model>,
    },
    /// A turn began. The conversation id can differ from the one asked for (after `/clear`).
    TurnStarted {
        conversation: ConversationId,
        commands: Vec<String>,
    },
    /// It has taken a prompt of ours. When it goes idle without having worked on it, it had
    /// taken that prompt before: it works on none twice.
    PromptTaken(PromptId),
    /// Whether it works; the only word on that: a finished turn may be followed by another one.
    Activity(Activity),
    /// A new attempt at an answer began: text deltas of an attempt that was cut are void.
    AttemptStarted,
    /// A piece of answer text on its way.
    TextDelta(String),
    /// A finished block of answer text. `message` tells repeats apart.
    Said { message: String, text: String },
    /// A tool began to run, or waits for permission.
    ToolStarted { tool: String, target: String },
    /// It asks and waits until it is answered.
    PermissionAsked(Box<PermissionRequest>),
    /// It takes a permission question back.
    PermissionWithdrawn { request: String },
    /// A tool is about to run, and waits until it is let run.
    ToolWaits { request: String },
    /// It wants files sent to the person, and waits for word of them.
    FilesOffered(Box<FileOffer>),
    /// It waits no longer for word of files.
    FilesWithdrawn {
        /// The call's own name.
        id: Json,
    },
    /// Something began that may outlast the turn.
    TaskStarted(Task),
    /// It ended.
    TaskEnded { task: String },
    /// The API failed and is tried again.
    Retrying {
        attempt: u32,
        max_attempts: u32,
        delay: Duration,
        reason: String,
    },
    /// A turn ended.
    TurnEnded(TurnEnd),
    /// Something about it changed.
    News(News),
    /// It answers what it was asked about itself.
    Found {
        /// The instruction that asked.
        asked_in: PromptId,
        /// The answer, or why there is none, in its words.
        findings: Result<Box<Findings>, String>,
    },
    /// The conversation it was told to resume is unknown to it. It exits next.
    ConversationUnknown,
    /// The fresh conversation id it was given is taken. It exits next.
    ConversationTaken,
    /// A sign of life without meaning for a session.
    Heartbeat,
    /// It is gone, with its whole process tree.
    Exited(AgentExit),
}

/// What changed about an agent or its conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The conversation was replaced by its summary.
    Compacted(Compaction),
    /// The conversation was set aside for a new one.
    Cleared,
    /// It answers a change of a setting.
    Set {
        setting: Setting,
        /// What it was to be set to.
        asked: String,
        answer: SetAnswer,
    },
    /// This mode holds from here on.
    ModeIs(String),
    /// Another model answers.
    FellBack { usual: String, model: String },
    /// It cannot write down what is said; the error in its words.
    WritesLost { error: String },
    /// This is done in the background, and nothing else.
    InBackground(Vec<Task>),
    /// It says something of its timers.
    Timers(TimerNews),
    /// It works in this folder, or again in the session's.
    WorksIn(Option<String>),
    /// These settings files it passes over, whole; whatever was said of them before is over.
    PassesOver(Vec<PassedOver>),
    /// So much of its context is taken, in percent: nearly all, and that was not said before.
    NearlyFull { percent: u64 },
    /// It works without MCP servers of these names, and has not said so before.
    ServersDown(Vec<String>),
    /// So much of its own home is filled.
    HomeUse(HomeUse),
    /// Its login ends then, or up to three days earlier.
    LoginEnds(UnixSeconds),
    /// It is older than the oldest version with which every promise holds.
    TooOld { minimum: String },
}

/// A settings file that Claude Code passes over, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Where it lies, as it is shown.
    pub file: String,
    /// What is wrong with it, in Claude Code's words.
    pub why: String,
}

/// The answer to a change of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetAnswer {
    /// It is done; which value holds, where the CLI says so.
    Taken(Option<String>),
    /// It is not, for this reason.
    Refused(String),
}

/// A conversation that was replaced by its summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compaction {
    /// Who wanted it.
    pub by: CompactedBy,
    /// How many tokens it had.
    pub before: u64,
    /// How many it has, where the CLI says so.
    pub after: Option<u64>,
}

/// Who wanted a conversation to be compacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompactedBy {
    /// A person.
    Command,
    /// Claude itself: there was no room left.
    Itself,
}

/// What an agent does right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// It works.
    Running,
    /// It waits for an answer of ours.
    WaitsForUs,
    /// It has nothing to do, in the background neither.
    Idle,
}

/// How a turn ended.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnEnd {
    /// The outcome.
    pub outcome: TurnOutcome,
    /// Who asked for the turn.
    pub origin: TurnOrigin,
    /// The prompts that the turn consumed, where the CLI says so.
    pub prompts: Option<Vec<PromptId>>,
    /// The conversation after the turn.
    pub conversation: Option<ConversationId>,
    /// Time from prompt to result as the CLI counts it.
    pub duration: Duration,
    /// What it cost.
    pub cost: Cost,
    /// How many tokens went in and out, cached ones among them.
    pub tokens: u64,
}

/// What a turn cost, in US dollars, as far as the CLI tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cost {
    /// The turn alone.
    OfTurn(f64),
    /// All turns of the process.
    OfProcess(f64),
    /// All turns of the conversation, those of earlier processes too.
    OfConversation(f64),
}

/// The outcome of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnOutcome {
    /// It was answered. The text is the last block, which was also [`AgentEvent::Said`]; a
    /// command's output comes here alone.
    Answered { text: String },
    /// We interrupted it.
    Interrupted,
    /// The API refused or failed for good. The agent can go on.
    ApiError { fault: ApiFault, text: String },
    /// It hit a limit or failed inside. The agent can go on.
    Failed(TurnFault),
}

/// Why a turn failed, where the API is not at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnFault {
    /// It took as many steps as one prompt may.
    MaxSteps,
    /// The process used up its budget.
    MaxBudget,
    /// Its output had to have a form that it has not.
    NoForm,
    /// As the CLI says itself.
    Said(String),
    /// A command of its own failed, in its words.
    Command(String),
    /// The CLI gives no reason.
    Unknown,
}

/// What is wrong with the API, as far as it decides what the person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiFault {
    /// What may be used is used up, until this time if it is known.
    Limit { until: Option<UnixSeconds> },
    /// It has too much to do.
    Overloaded,
    /// Claude Code is not logged in, or may not be used with its login.
    NotLoggedIn,
    /// Its login has expired or was withdrawn.
    LoginExpired,
    /// Its key is refused.
    KeyRefused,
    /// The account has no credit.
    NoCredit,
    /// The model does not exist or may not be used.
    NoSuchModel,
    /// The conversation does not fit the model's window.
    TooLong,
    /// What the conversation carries beside words is too much for one request.
    TooLarge,
    /// The model, or what watches over it, does not answer this.
    Declined,
    /// The same request is refused again, whatever it is that is wrong.
    Rejected,
    /// Anything else.
    Other,
}

/// Who asked for a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnOrigin {
    /// A prompt of ours.
    Prompt,
    /// A background task that finished.
    Background,
}

/// How an agent ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentExit {
    /// How the process ended.
    pub status: ExitStatus,
    /// The last lines it wrote to stderr, or without any those that it wrote to stdout before it
    /// spoke the protocol; at most 2 KiB, one trimmed text; often empty.
    pub stderr: String,
}

/// Why an agent never ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartFault {
    /// Its folder is not there and cannot be made.
    NoFolder { folder: String, error: String },
    /// The configuration names no program.
    NoProgram,
    /// The program is not there.
    NotFound { program: String },
    /// The process that holds an agent's tree together does not start.
    NoGuard { error: String },
    /// The guard could not run the program; in its own words.
    Refused { reason: String },
    /// Its room has no login.
    NoLogin,
    /// Its home is full.
    HomeFull(HomeUse),
    /// Nothing here would keep it to its room.
    NoWall,
    /// Somebody else has its conversation.
    Held(Holder),
    /// The bridge itself broke before the start.
    Broken { error: String },
}

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExitStatus {
    /// It never ran.
    NotStarted(StartFault),
    /// It exited with this code.
    Code(i32),
    /// A signal ended it.
    Signal(i32),
}

/// Something that an agent does beside its turns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name towards the agent.
    pub id: String,
    /// What it is, as it is shown.
    pub description: String,
    /// Whether it goes on when the turn in which it began is over.
    pub outlasts_turn: bool,
    /// Whether what it prints can be asked for.
    pub has_output: bool,
}

/// A model that Claude offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// How it is chosen.
    pub value: String,
    /// How it is shown.
    pub name: String,
    /// How hard it can think.
    pub efforts: Vec<String>,
    /// Whether it can decide itself what runs unasked.
    pub decides_itself: bool,
}
