//! Pure: what a chat goes by: how its agents are started, what it has chosen, how much it sees.

/// Whether what a folder brings along runs: its hooks, helpers, settings and MCP servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// None of it.
    #[default]
    Untrusted,
    /// All of it: an administrator has said so.
    Trusted,
}

/// Whether an agent goes by the settings that the host's user has made for Claude: rules, hooks,
/// helpers and the like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HostSettings {
    /// It does: the chat is theirs.
    #[default]
    Kept,
    /// It does not: what they allow themselves is not allowed to others.
    LeftOut,
}

/// What keeps an agent to its own room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wall {
    /// Nothing: it is whoever runs the bridge.
    #[default]
    Off,
    /// The kernel refuses what is not the room's.
    Landlock,
    /// What is not the room's is not there.
    Strict,
    /// There should be one, and this machine has none: no agent starts.
    Refused,
}

/// What one chat's agents are started with, where the configuration gives each chat its own.
///
/// An empty text or list leaves the choice to Claude.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentSettings {
    /// Whether it goes by what the host's user has set for Claude.
    pub host_settings: HostSettings,
    /// What keeps it to its room.
    pub wall: Wall,
    /// The model.
    pub model: String,
    /// How hard it thinks.
    pub effort: String,
    /// What runs unasked: `default | acceptEdits | plan | dontAsk | bypassPermissions`.
    pub permission_mode: String,
    /// What the agent is told beyond its own instructions.
    pub append_system_prompt: String,
    /// Tool rules that run unasked.
    pub allowed_tools: Vec<String>,
    /// Tool rules that never run.
    pub disallowed_tools: Vec<String>,
}

/// The mode in which everything runs unasked.
pub const BYPASS: &str = "bypassPermissions";

/// The value that leaves a choice to the configuration.
pub const DEFAULT: &str = "default";

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// The model.
    Model,
    /// How hard it thinks.
    Effort,
    /// What runs unasked.
    Mode,
}

/// What a chat has chosen; `None` is what the configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The model.
    pub model: Option<String>,
    /// How hard it thinks.
    pub effort: Option<String>,
    /// What runs unasked.
    pub mode: Option<String>,
}

impl Choices {
    /// Returns what a setting has been set to.
    pub fn of(&self, setting: Setting) -> Option<&str> {
        match setting {
            Setting::Model => self.model.as_deref(),
            Setting::Effort => self.effort.as_deref(),
            Setting::Mode => self.mode.as_deref(),
        }
    }

    /// Sets a setting; the default is to have none.
    pub fn set(&mut self, setting: Setting, value: &str) {
        let is_default = value == DEFAULT && setting != Setting::Mode;
        self.put(setting, (!is_default).then(|| value.to_owned()));
    }

    /// Sets a setting to a value, or to none.
    pub fn put(&mut self, setting: Setting, value: Option<String>) {
        match setting {
            Setting::Model => self.model = value,
            Setting::Effort => self.effort = value,
            Setting::Mode => self.mode = value,
        }
    }

    /// Puts the choices over what the configuration says, which may have changed since: to run
    /// everything unasked counts only while it says so too.
    pub fn over(&self, settings: &AgentSettings) -> AgentSettings {
        let text = |own: &Option<String>, all: &String| own.clone().unwrap_or_else(|| all.clone());
        // Where the configuration has it, it is what holds without a choice.
        let mode = self.mode.clone().filter(|mode| mode != BYPASS);
        AgentSettings {
            model: text(&self.model, &settings.model),
            effort: text(&self.effort, &settings.effort),
            permission_mode: text(&mode, &settings.permission_mode),
            ..settings.clone()
        }
    }
}

/// How much of its work a chat wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// The answer alone.
    Answer,
    /// What is done right now, and the text as it comes.
    #[default]
    Card,
    /// The same with the tools that ran before, and more of the text.
    Log,
}

/// Whether the turns of a chat stream as drafts, where Telegram has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drafts {
    /// They have a card. Android locks the composer while a draft is shown, so nothing could be
    /// said to Claude meanwhile.
    #[default]
    Off,
    /// They do.
    On,
}

/// Whether answers are sent as rich messages, where Telegram takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rich {
    /// They are texts: several programs of Telegram's show nothing of a rich message, and nobody
    /// tells the bot.
    #[default]
    Off,
    /// They are.
    On,
}
