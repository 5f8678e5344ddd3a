//! Pure: wire lines to agent events. One kind of line looks at links of the session's folder:
//! [`Translator::looks_at_a_folder`].

mod blocks;
mod control;
mod doors;
mod findings;
mod form;
mod fullness;
mod news;
mod outcome;
mod passed_over;
mod plan;
mod repeats;
mod request;
mod servers;
mod session_rules;
mod target;
mod tasks;
#[cfg(test)]
mod tests;
mod timers;
mod trouble;
mod usage;

use std::path::{Path, PathBuf};

use bridge_actors::agent_event::Model;
use bridge_actors::agent_event::{Activity, AgentEvent};
use bridge_actors::ids::{ConversationId, PromptId};
use bridge_actors::visible::visible_line;
use bridge_texts::Say;

use self::blocks::{on_block, on_stream_event};
use self::fullness::Fullness;
use self::news::{Aliases, command_names};
use self::repeats::Repeats;
use self::servers::Servers;
use self::session_rules::Ground;
pub use self::session_rules::follow_links;
use self::timers::TimerCalls;
use self::trouble::Trouble;
use crate::claude::version::Version;
use crate::claude::wire::{
    AssistantLine, ControlResponse, INITIALIZE_REQUEST, OutputLine, SETTINGS_REQUEST, SystemLine,
    UserLine,
};

/// Stands in `message.model` where the CLI speaks and not the model; the same text is the
/// `result` of the turn.
const SYNTHETIC_MODEL: &str = "<synthetic>";

/// Asks whether a plan may be carried out.
const PLAN_TOOL: &str = "ExitPlanMode";

/// More models than this do not fit below a message.
const MAX_MODELS: usize = 30;

/// Kinds of `system` line that only show that the agent is alive.
const SYSTEM_SIGNS_OF_LIFE: &[&str] = &[
    "commands_changed",
    "control_request_progress",
    "elicitation_complete",
    "files_persisted",
    "hook_progress",
    "hook_response",
    "hook_started",
    "informational",
    "local_command_output",
    "model_refusal_no_fallback",
    "notification",
    "permission_denied",
    "session_title_changed",
    "task_progress",
    "task_updated",
    "thinking_tokens",
    "ui_invalidate",
];

/// Translates the lines of one agent.
///
/// Never fails: what is not understood is counted.
#[derive(Debug, Default)]
pub struct Translator {
    unknown: u64,
    repeats: Repeats,
    /// The latest plan that was shown, for a question about a plan that does not repeat it.
    plan: String,
    /// What is known of a failure of the API before the turn ends with it.
    trouble: Trouble,
    aliases: Aliases,
    timer_calls: TimerCalls,
    /// What a command of the CLI that failed in this turn says of it: the end of the turn may not.
    failed_command: Option<String>,
    version: Option<Version>,
    /// What was said of its MCP servers.
    servers: Servers,
    fullness: Fullness,
    /// Where rules for the session have to stay.
    ground: Ground,
    say: Say,
}

/// What a line means.
#[derive(Debug, Default, PartialEq)]
pub struct Translated {
    /// For the session.
    pub events: Vec<AgentEvent>,
    /// Lines to write back at once, for requests that the bridge does not serve.
    pub replies: Vec<String>,
}

/// Translates one line of the agent's stderr, where alone some failures to start are told.
///
/// An unknown conversation is told on stdout as well, so it can be reported twice.
pub fn on_stderr_line(line: &str) -> Option<AgentEvent> {
    if outcome::says_conversation_unknown(line) {
        return Some(AgentEvent::ConversationUnknown);
    }
    let is_taken =
        line.trim_start().starts_with("Error: Session ID ") && line.contains("is already in use");
    is_taken.then_some(AgentEvent::ConversationTaken)
}

impl Translator {
    /// Returns the translator of an agent that works in this folder, with what follows the links of
    /// a path, which is [`follow_links`] outside of tests, and what says how a tool is used.
    pub fn in_folder(folder: &Path, follow: fn(&Path) -> PathBuf, say: Say) -> Self {
        Self {
            ground: Ground::of(folder, follow),
            say,
            ..Self::default()
        }
    }

    /// Takes in what the agent is started with: the rules by which tools run unasked, and the mode.
    #[must_use]
    pub fn started_with(mut self, allowed: &[String], mode: &str) -> Self {
        self.ground.allow(allowed);
        self.ground.in_mode(mode);
        self
    }

    /// Tells whether translating a line may wait for a folder, which may not answer: it has rules
    /// that name paths.
    pub fn looks_at_a_folder(line: &[u8]) -> bool {
        // A line that is no UTF-8 is mended before it is parsed.
        std::str::from_utf8(line).map_or(true, |line| line.contains("permission_suggestions"))
    }

    /// Translates one line of the agent's output.
    pub fn on_line(&mut self, line: &[u8]) -> Translated {
        if line.trim_ascii().is_empty() {
            return Translated::default();
        }
        let Some(parsed) = OutputLine::parse(line) else {
            self.unknown += 1;
            return Translated::default();
        };
        let known = self.version;
        let mut translated = self.on_parsed(parsed);
        if let (None, Some(version)) = (known, self.version) {
            translated.events.extend(news::of_age(version));
        }
        translated
    }

    fn on_parsed(&mut self, parsed: OutputLine) -> Translated {
        match parsed {
            OutputLine::System(line) => {
                self.note_version(line.claude_code_version.as_deref());
                if let Some(mode) = &line.permission_mode {
                    self.ground.in_mode(mode);
                }
                let moved = self.ground.moved_to(line.cwd.as_deref());
                let down = self.servers.down_among(&line.mcp_servers);
                let mut translated = Translated::of(self.on_system(line));
                translated.events.extend(moved.into_iter().chain(down));
                translated
            }
            OutputLine::Assistant(line) => self.on_assistant(line),
            OutputLine::User(line) => Translated::of(self.on_user(line)),
            OutputLine::Lifecycle(line) => Translated::of(timers::on_lifecycle(&line)),
            OutputLine::StreamEvent(line) => Translated::of(on_stream_event(line)),
            OutputLine::Result(line) => {
                let fault = self.trouble.take(&line);
                let is_full = self.fullness.at_end(&line);
                let login_ends = news::login_ends(&line);
                let event = match self.failed_command.take() {
                    Some(words) => outcome::on_failed_command(*line, words, self.version),
                    None => outcome::on_result(*line, fault, self.version),
                };
                let mut translated = Translated::of(event);
                translated
                    .events
                    .extend(is_full.into_iter().chain(login_ends));
                translated
            }
            OutputLine::RateLimit(line) => {
                self.trouble.on_rate_limit(&line.rate_limit_info);
                Translated::of(AgentEvent::Heartbeat)
            }
            OutputLine::ConversationReset(line) => Translated::of(news::on_reset(&line)),
            OutputLine::ControlRequest(line) => self.on_control_request(line),
            OutputLine::BrokenRequest(line) => control::on_broken_request(line),
            OutputLine::ControlResponse(line) => {
                self.note_version(line.response.version());
                let replies = passed_over::asked_after(&line.response.request_id);
                let events = vec![self.on_control_response(line)];
                Translated { events, replies }
            }
            OutputLine::ControlCancelRequest(line) => {
                let request = line.request_id;
                Translated::of(AgentEvent::PermissionWithdrawn { request })
            }
            OutputLine::SignOfLife => Translated::of(AgentEvent::Heartbeat),
            OutputLine::Unknown { kind } => Translated::of(self.on_unknown("line", &kind)),
        }
    }

    /// Returns the agent's version once it has told it: with the handshake, or with its first turn.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    fn note_version(&mut self, text: Option<&str>) {
        self.version = self.version.or(text.and_then(|text| text.parse().ok()));
    }

    /// Returns how many lines were not understood.
    pub fn unknown_lines(&self) -> u64 {
        self.unknown
    }

    fn on_unknown(&mut self, what: &str, kind: &str) -> AgentEvent {
        self.unknown += 1;
        tracing::debug!(what, kind, "unknown kind of agent output");
        AgentEvent::Heartbeat
    }

    fn on_system(&mut self, line: SystemLine) -> AgentEvent {
        match line.subtype.as_str() {
            "init" => self.on_init(line),
            "status" => news::on_status(line),
            "model_fallback" => news::on_fallback(&line),
            "session_writes_lost" => news::on_writes_lost(line),
            "compact_boundary" => news::on_compacted(&line.compact_metadata),
            "session_state_changed" => match line.state.as_deref() {
                Some("running") => AgentEvent::Activity(Activity::Running),
                Some("requires_action") => AgentEvent::Activity(Activity::WaitsForUs),
                Some("idle") => AgentEvent::Activity(Activity::Idle),
                other => self.on_unknown("state", other.unwrap_or_default()),
            },
            "api_retry" => trouble::on_api_retry(line),
            "background_tasks_changed" => tasks::on_changed(line),
            "task_started" => tasks::on_started(line),
            "task_notification" => tasks::on_ended(line),
            subtype if SYSTEM_SIGNS_OF_LIFE.contains(&subtype) => AgentEvent::Heartbeat,
            subtype => self.on_unknown("system line", subtype),
        }
    }

    /// A subagent's words are for the agent that started it, and an echo of an earlier message
    /// (written again after the conversation was compacted) has been told.
    fn on_assistant(&mut self, line: AssistantLine) -> Translated {
        if let Some(error) = &line.error {
            self.trouble.on_error(error, &line.message.content);
        }
        let failed = news::failed_command(&line);
        let id = line.uuid.unwrap_or(line.message.id);
        if failed.is_some() && self.repeats.is_first(&id) {
            self.failed_command = failed;
        }
        let is_told = line.parent_tool_use_id.is_none()
            && line.message.model != SYNTHETIC_MODEL
            && self.repeats.is_first(&id);
        if !is_told {
            return Translated::of(AgentEvent::Heartbeat);
        }
        self.fullness.note(line.message.model, &line.message.usage);
        for block in &line.message.content {
            self.timer_calls.note(block);
        }
        let blocks = line.message.content.into_iter().enumerate();
        let events: Vec<_> = blocks
            .filter_map(|(index, block)| on_block(&id, index, block))
            .collect();
        for event in &events {
            self.remember_plan(event);
        }
        if events.is_empty() {
            return Translated::of(AgentEvent::Heartbeat);
        }
        Translated {
            events,
            replies: Vec::new(),
        }
    }

    /// An echo says that the agent has taken a prompt, or that it had taken it before.
    fn on_user(&mut self, line: UserLine) -> AgentEvent {
        let result = match self.timer_calls.is_empty() {
            true => None,
            false => line.message.content.into_iter().next(),
        };
        let result = result.and_then(|result| {
            let outcome = line.tool_use_result;
            self.timer_calls.on_result(&result.tool_use_id, outcome)
        });
        match (result, line.uuid) {
            (Some(event), _) => event,
            (None, Some(uuid)) if line.is_replay => AgentEvent::PromptTaken(PromptId(uuid)),
            (None, Some(_) | None) => AgentEvent::Heartbeat,
        }
    }

    fn on_init(&self, line: SystemLine) -> AgentEvent {
        let Some(conversation) = line.session_id else {
            return AgentEvent::Heartbeat;
        };
        AgentEvent::TurnStarted {
            conversation: ConversationId(conversation),
            commands: self.aliases.added_to(command_names(&line.slash_commands)),
        }
    }

    /// An error in answer to the handshake still shows that the agent listens, and prompts work
    /// without one.
    fn on_control_response(&mut self, line: ControlResponse) -> AgentEvent {
        let response = line.response;
        if response.request_id == SETTINGS_REQUEST {
            return passed_over::on_answer(response, self.ground.folder());
        }
        if response.request_id != INITIALIZE_REQUEST {
            return findings::on_answer(response, &self.trouble).unwrap_or_else(news::on_set);
        }
        let fields = response.fields();
        self.aliases.note(&fields.commands);
        AgentEvent::Ready {
            commands: command_names(&fields.commands),
            version: fields.claude_code_version,
            models: (fields.models.into_iter())
                .filter(|model| !model.value.is_empty())
                .take(MAX_MODELS)
                .map(|model| Model {
                    name: match model.display_name.trim() {
                        "" => visible_line(&model.value),
                        name => visible_line(name),
                    },
                    value: model.value,
                    efforts: model.supported_effort_levels,
                    decides_itself: model.supports_auto_mode,
                })
                .collect(),
        }
    }

    fn remember_plan(&mut self, event: &AgentEvent) {
        if let AgentEvent::ToolStarted { tool, target } = event
            && tool == PLAN_TOOL
        {
            self.plan.clone_from(target);
        }
    }
}

impl Translated {
    fn of(event: AgentEvent) -> Self {
        Self {
            events: vec![event],
            replies: Vec::new(),
        }
    }
}
