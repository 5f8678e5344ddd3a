//! What a person wants to know of an agent, and what the agent answers. It begins no turn.

use crate::clock::UnixSeconds;
use crate::form::Page;
use crate::ids::PromptId;
use crate::login_code::LoginCode;

/// A question to an agent about itself and its conversation, or an order that concerns only these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enquiry {
    /// How full its context is.
    Context,
    /// How much of what may be used is used, and what this conversation cost.
    Usage,
    /// What runs unasked, and what never runs.
    Rules,
    /// What changed in its folder since the last commit.
    Changes,
    /// Which MCP servers it has, and how they do.
    Servers,
    /// Connect to an MCP server again.
    Reconnect {
        /// Its name.
        server: String,
    },
    /// Use an MCP server, or no longer.
    Switch {
        /// Its name.
        server: String,
        /// Whether it is used from now on.
        on: bool,
    },
    /// Which files would be other ones if they were as they were before this prompt.
    LookBack {
        /// The prompt.
        prompt: PromptId,
    },
    /// Whether its conversation holds this prompt.
    Recall {
        /// The prompt.
        prompt: PromptId,
    },
    /// Make the files as they were before this prompt: those that Claude's own tools changed.
    RestoreFiles {
        /// The prompt.
        prompt: PromptId,
    },
    /// Let the conversation end before this prompt.
    Forget {
        /// The prompt.
        prompt: PromptId,
        /// The last one that the conversation holds, where that is known and another one: what
        /// nobody has seen Claude Code does not forget (2.1.332).
        last: Option<PromptId>,
    },
    /// What a task in the background has printed last.
    TaskOutput {
        /// Its name towards the agent.
        task: String,
        /// What it is, as it is shown.
        what: String,
    },
    /// Begin a login.
    LogIn,
    /// End the login that was begun.
    LoginCode(LoginCode),
    /// A question beside the conversation: it is answered from what is known, without tools, and
    /// nothing of it stays.
    Aside(String),
}

impl Enquiry {
    /// Returns the enquiry as one about what its message answers, which is told in words for Claude.
    pub(crate) fn in_context(self, context: &str) -> Self {
        if let Self::Aside(question) = &self
            && !context.is_empty()
            && !question.is_empty()
        {
            return Self::Aside(format!("{context}\n\n{question}"));
        }
        self
    }
}

/// What an agent answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Findings {
    /// How full its context is.
    Context(ContextUse),
    /// How much is used.
    Usage(Usage),
    /// What runs unasked, and what never runs.
    Rules(RuleBook),
    /// What changed; `None` where the folder is in no repository.
    Changes(Option<Changes>),
    /// Its MCP servers.
    Servers(Vec<Server>),
    /// That an order is carried out.
    Done,
    /// Which files would be other ones.
    Back(Back),
    /// Whether the conversation holds a prompt.
    Recalled(bool),
    /// The answer to a question, as Markdown.
    Aside(String),
    /// The page on which a person logs in.
    LoginPage(Page),
    /// What a task has printed; `None` where the agent has no such task any more.
    TaskOutput(Option<TaskOutput>),
}

/// What a task in the background has printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskOutput {
    /// The end of it, or all.
    pub text: String,
    /// How many bytes it has printed, where that is more.
    pub cut_from: Option<u64>,
}

/// How much of what an account may use is used, and what a conversation cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// What the conversation cost, in millionths of a US dollar, at list prices.
    pub cost: u64,
    /// The limits that the account has, as far as it has some and they are known.
    pub windows: Vec<UsageWindow>,
}

/// One limit of an account: so much may be used in so long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageWindow {
    /// Which.
    pub span: UsageSpan,
    /// How much of it is used, in percent; may be more than 100.
    pub percent: u64,
    /// When it begins anew, where that is known.
    pub resets: Option<UnixSeconds>,
}

/// For how long a limit holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageSpan {
    /// Five hours.
    FiveHours,
    /// Seven days.
    Week,
    /// Seven days, for the model of this name alone.
    WeekOf(String),
}

/// How full a context is, in tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextUse {
    /// How many are taken.
    pub used: u64,
    /// How many there are.
    pub limit: u64,
    /// What takes them, and what is free.
    pub parts: Vec<ContextPart>,
    /// What of it can be named: files, tools, agents.
    pub pieces: Vec<ContextPiece>,
}

/// One part of a context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextPart {
    /// What it is, in Claude's words.
    pub name: String,
    /// How many tokens it takes.
    pub tokens: u64,
    /// What it means for the rest.
    pub kind: PartKind,
}

/// What a part of a context means for the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// It takes room.
    Used,
    /// It takes room only once it is needed.
    Deferred,
    /// It is kept free, to compact the conversation in.
    Kept,
    /// It is free.
    Free,
}

/// Something in a context that has a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextPiece {
    /// Which kind of thing it is.
    pub kind: PieceKind,
    /// Its name.
    pub name: String,
    /// How many tokens it takes.
    pub tokens: u64,
}

/// Which kind of thing takes room in a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// Instructions that a file brings along.
    MemoryFile,
    /// The description of a tool of an MCP server.
    Tool,
    /// The description of a subagent.
    Agent,
}

/// The rules by which tools run unasked, ask, or never run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleBook {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Folders beside its own in which the agent works as in its own.
    pub folders: Vec<(String, RuleSource)>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it does.
    pub effect: RuleEffect,
    /// Where it comes from.
    pub source: RuleSource,
    /// The rule, as Claude writes it.
    pub text: String,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleEffect {
    /// It lets something run unasked.
    Allow,
    /// It has somebody asked.
    Ask,
    /// It forbids something.
    Deny,
}

/// Where a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleSource {
    /// Somebody allowed it here; it ends with the agent.
    Session,
    /// The settings of the host's user, or of the room.
    User,
    /// The settings that a folder brings along.
    Project,
    /// The folder's settings that stay on this machine.
    Local,
    /// The bridge.
    Bridge,
    /// The host's administrator.
    Managed,
    /// Something that this version of the bridge has no name for, in Claude's word.
    Other(String),
}

/// What changed in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The files, in Claude's order.
    pub files: Vec<ChangedFile>,
    /// How many further files changed.
    pub n_left_out: u64,
    /// How many lines were added in all of them.
    pub added: u64,
    /// How many lines were removed.
    pub removed: u64,
    /// The lines that changed, as a patch; empty where there are none to show.
    pub patch: String,
}

/// A file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path below the repository.
    pub path: String,
    /// What became of it.
    pub fate: FileFate,
    /// How many lines were added.
    pub added: u64,
    /// How many lines were removed.
    pub removed: u64,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFate {
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// It is another one.
    Modified,
}

/// What undoing comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Back {
    /// The files, with their paths as they are: whoever shows one makes it visible.
    pub files: Vec<String>,
    /// How many lines would be added.
    pub added: u64,
    /// How many lines would be removed.
    pub removed: u64,
}

/// An MCP server of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// How it does.
    pub state: ServerState,
    /// How many tools it has.
    pub n_tools: usize,
}

/// How an MCP server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerState {
    /// It is connected.
    Connected,
    /// It is being connected.
    Pending,
    /// It wants a login.
    NeedsLogin,
    /// It could not be connected, for this reason in Claude's words; may be empty.
    Failed(String),
    /// It is not used.
    Off,
    /// Something that this version of the bridge has no name for, in Claude's word.
    Other(String),
}
