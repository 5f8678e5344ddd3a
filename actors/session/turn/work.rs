//! How far an agent has come with a turn, and what was seen of its work.

use bridge_texts::Say;

use super::Turn;
use crate::agent_event::AgentEvent;
use crate::ids::PromptId;
use crate::ports::Stage;
use crate::session::said::Said;
use crate::session::step::Step;
use crate::session::texts;

/// From this attempt on the person is told that the API is tried again.
const RETRY_WORTH_TELLING: u32 = 2;

/// The tools of Claude that change files, of which it keeps what they were.
const EDITING_TOOLS: [&str; 4] = ["Edit", "MultiEdit", "NotebookEdit", "Write"];

/// How far an agent has come with a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Progress {
    /// It was written.
    Written,
    /// The agent has it, and has shown no work on it.
    Taken,
    /// The agent works on it.
    Begun,
}

/// What was seen of Claude's work on a prompt.
///
/// From the first sign on the prompt is not sent again by itself. The sign comes with the first
/// words of the model, and a tool waits until it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) enum Work {
    /// Nothing.
    Unseen,
    /// Words.
    Seen,
    /// A tool, in words.
    Tool(String),
}

impl Work {
    /// Returns the tool that ran last, in words.
    fn doing(&self) -> Option<String> {
        match self {
            Work::Unseen | Work::Seen => None,
            Work::Tool(doing) => Some(doing.clone()),
        }
    }
}

/// Whether the person knows that the API is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum RetryTold {
    /// Not yet in this turn.
    No,
    /// Yes.
    Yes,
}

impl Turn {
    /// Takes in what the agent says of its work: shows it, and returns how far the prompt has come
    /// with the first sign of work on it, and with each tool.
    pub(in crate::session) fn note_work(
        &mut self,
        event: &AgentEvent,
        step: &Step<'_>,
    ) -> Option<Stage> {
        let stage = self.see_work(event, step.say());
        match event {
            AgentEvent::AttemptStarted => self.view.on_attempt(),
            AgentEvent::TextDelta(text) => self.view.on_delta(text, step.now()),
            AgentEvent::Said { .. } => self.view.on_said(),
            AgentEvent::ToolStarted { tool, target } => {
                self.said.on_tool();
                self.has_edited |= EDITING_TOOLS.contains(&tool.as_str());
                self.view.on_tool(texts::doing(step.say(), tool, target));
            }
            AgentEvent::Ready { .. }
            | AgentEvent::TurnStarted { .. }
            | AgentEvent::PromptTaken(_)
            | AgentEvent::Activity(_)
            | AgentEvent::PermissionAsked(_)
            | AgentEvent::PermissionWithdrawn { .. }
            | AgentEvent::ToolWaits { .. }
            | AgentEvent::FilesOffered(_)
            | AgentEvent::FilesWithdrawn { .. }
            | AgentEvent::TaskStarted(_)
            | AgentEvent::TaskEnded { .. }
            | AgentEvent::Retrying { .. }
            | AgentEvent::TurnEnded(_)
            | AgentEvent::ConversationUnknown
            | AgentEvent::ConversationTaken
            | AgentEvent::Heartbeat
            | AgentEvent::News(_)
            | AgentEvent::Found { .. }
            | AgentEvent::Exited(_) => {}
        }
        stage
    }

    fn see_work(&mut self, event: &AgentEvent, say: Say) -> Option<Stage> {
        let work = match event {
            AgentEvent::ToolStarted { tool, target } => Work::Tool(texts::doing(say, tool, target)),
            AgentEvent::AttemptStarted
            | AgentEvent::TextDelta(_)
            | AgentEvent::Said { .. }
            | AgentEvent::PermissionAsked(_)
            | AgentEvent::ToolWaits { .. }
                if self.work == Work::Unseen =>
            {
                Work::Seen
            }
            AgentEvent::AttemptStarted
            | AgentEvent::TextDelta(_)
            | AgentEvent::Said { .. }
            | AgentEvent::PermissionAsked(_)
            | AgentEvent::ToolWaits { .. }
            | AgentEvent::Ready { .. }
            | AgentEvent::TurnStarted { .. }
            | AgentEvent::PromptTaken(_)
            | AgentEvent::Activity(_)
            | AgentEvent::PermissionWithdrawn { .. }
            | AgentEvent::FilesOffered(_)
            | AgentEvent::FilesWithdrawn { .. }
            | AgentEvent::TaskStarted(_)
            | AgentEvent::TaskEnded { .. }
            | AgentEvent::Retrying { .. }
            | AgentEvent::TurnEnded(_)
            | AgentEvent::ConversationUnknown
            | AgentEvent::ConversationTaken
            | AgentEvent::Heartbeat
            | AgentEvent::News(_)
            | AgentEvent::Found { .. }
            | AgentEvent::Exited(_) => return None,
        };
        if self.work == work {
            return None;
        }
        let doing = work.doing();
        self.work = work;
        Some(Stage::Begun { doing })
    }

    /// Notes that something runs only if a person allows it; returns how far the prompt has come.
    pub(in crate::session) fn on_asked_to_run(
        &mut self,
        request: String,
        doing: String,
        say: Say,
    ) -> Option<Stage> {
        let stage = self.note_tool(say.doing_not_allowed_yet(&doing));
        self.asked_to_run.push((request, doing));
        stage
    }

    /// Notes that a person allowed something, or did not; returns how far the prompt has come.
    ///
    /// Of several at once, one that may run is what the prompt has come to, and stays so whatever is
    /// denied beside it.
    pub(in crate::session) fn on_decided(
        &mut self,
        request: &str,
        runs: bool,
        say: Say,
    ) -> Option<Stage> {
        if !runs {
            self.view.on_decided();
        }
        let is_it = |(name, _): &(String, String)| name == request;
        let place = self.asked_to_run.iter().position(is_it)?;
        let (_, doing) = self.asked_to_run.remove(place);
        if runs {
            return self.note_tool(doing);
        }
        if self.work != Work::Tool(say.doing_not_allowed_yet(&doing)) {
            return None;
        }
        let still_asked = self.asked_to_run.last();
        let noted = match still_asked {
            Some((_, other)) => say.doing_not_allowed_yet(other),
            None => say.doing_denied(doing),
        };
        self.note_tool(noted)
    }

    /// Notes that nobody is asked any more whether something may run.
    pub(in crate::session) fn on_withdrawn(&mut self, request: &str) {
        self.asked_to_run.retain(|(name, _)| name != request);
    }

    fn note_tool(&mut self, doing: String) -> Option<Stage> {
        let work = Work::Tool(doing);
        if self.work == work {
            return None;
        }
        self.work = work;
        let doing = self.work.doing();
        Some(Stage::Begun { doing })
    }

    /// Takes in that the agent begins a turn.
    pub(in crate::session) fn on_begun(&mut self) {
        self.progress = Progress::Begun;
    }

    /// Takes in that the agent has a prompt; returns how far one has come that it takes in beside
    /// the running one.
    pub(in crate::session) fn on_taken(&mut self, id: &PromptId) -> Option<Stage> {
        if self.prompt.id == *id && self.progress == Progress::Written {
            self.progress = Progress::Taken;
        }
        let steered = self.steered.iter_mut().find(|it| it.prompt.id == *id);
        let steered = steered.filter(|steered| !steered.is_taken)?;
        steered.is_taken = true;
        self.said.on_further_prompt();
        Some(Stage::Begun {
            doing: self.work.doing(),
        })
    }

    /// Tells whether the agent has the prompt and shows no work on it.
    pub(in crate::session) fn is_only_taken(&self) -> bool {
        self.progress == Progress::Taken
    }

    /// Tells whether Claude was to change a file with a tool of its own.
    pub(in crate::session) fn has_edited(&self) -> bool {
        self.has_edited
    }

    /// Tells whether its agent has shown work, or taken in what it was given meanwhile.
    pub(in crate::session) fn has_work(&self) -> bool {
        self.work != Work::Unseen || self.steered.iter().any(|steered| steered.is_taken)
    }

    /// Returns the tool that ran last, in words.
    pub(in crate::session) fn doing(&self) -> Option<String> {
        self.work.doing()
    }

    /// Forgets what was said.
    pub(in crate::session) fn forget_words(&mut self) {
        self.said = Said::default();
        self.view.on_attempt();
    }

    /// Takes a finished block of text in.
    pub(in crate::session) fn on_said(&mut self, text: &str) {
        self.said.push(text);
    }

    /// Tells the person, once, that the API is tried again.
    pub(in crate::session) fn on_retrying(
        &mut self,
        (attempt, max_attempts): (u32, u32),
        reason: &str,
        step: &mut Step<'_>,
    ) {
        if attempt < RETRY_WORTH_TELLING || self.retry_told == RetryTold::Yes {
            return;
        }
        self.retry_told = RetryTold::Yes;
        step.notice(step.say().api_retried(reason, attempt, max_attempts));
    }

    /// Returns how far it has come and what was seen of it.
    #[cfg(test)]
    pub(in crate::session) fn how_far(&self) -> (&Progress, &Work, &RetryTold) {
        (&self.progress, &self.work, &self.retry_told)
    }
}
