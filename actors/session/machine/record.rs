//! What a step has to write down.

use crate::ids::PromptId;
use crate::ports::Stage;
use crate::session::agent_event::AgentEvent;
use crate::session::event::Event;
use crate::session::texts;
use crate::session::turn::Work;

use super::{Live, Machine, Phase};

impl Machine {
    /// Returns the prompts and other instructions that the session answers for during a step.
    pub(super) fn answered_for(&self, event: &Event) -> Vec<PromptId> {
        let mut ids = event.brings();
        ids.extend(self.held());
        ids
    }

    /// Tells whether the session answers for a prompt.
    pub(super) fn holds(&self, prompt: &PromptId) -> bool {
        self.prompts.holds(prompt) || self.given().any(|given| given == prompt)
    }

    /// Returns the prompts that the session answers for.
    pub(super) fn held(&self) -> Vec<PromptId> {
        let waiting = self.prompts.waiting().map(|prompt| &prompt.id);
        let offered = self.prompts.offered().map(|prompt| &prompt.id);
        let held = waiting.chain(self.given()).chain(offered);
        held.cloned().collect()
    }

    /// Returns the running prompt, and those that were given to the agent beside it.
    fn given(&self) -> impl Iterator<Item = &PromptId> {
        let turn = self.turn_on_show();
        let steered = turn.into_iter().flat_map(|turn| &turn.steered);
        let steered = steered.map(|steered| &steered.prompt.id);
        turn.map(|turn| &turn.prompt.id).into_iter().chain(steered)
    }

    /// Notes that the running turn is being stopped: what was given to the agent for it never runs
    /// again by itself, also when the bridge dies before the agent has obeyed.
    pub(super) fn note_stop(&mut self) {
        let Phase::Live(Live {
            turn: Some(turn), ..
        }) = &mut self.phase
        else {
            return;
        };
        if turn.stop_reason().is_none() || std::mem::replace(&mut turn.is_stop_noted, true) {
            return;
        }
        let unread = turn.steered.iter().filter(|steered| !steered.is_taken);
        let mut given: Vec<_> = unread.map(|steered| steered.prompt.id.clone()).collect();
        if turn.work == Work::Unseen {
            given.push(turn.prompt.id.clone());
        }
        for id in given {
            self.prompts.note_stage(id, Stage::Begun { doing: None });
        }
    }

    /// Notes the first sign of work on the running prompt, and each tool.
    pub(super) fn note_work(&mut self, event: &AgentEvent) {
        let Phase::Live(Live {
            turn: Some(turn), ..
        }) = &mut self.phase
        else {
            return;
        };
        let work = match event {
            AgentEvent::ToolStarted { tool, target } => Work::Tool(texts::doing(tool, target)),
            AgentEvent::AttemptStarted
            | AgentEvent::TextDelta(_)
            | AgentEvent::Said { .. }
            | AgentEvent::PermissionAsked(_)
                if turn.work == Work::Unseen =>
            {
                Work::Seen
            }
            AgentEvent::AttemptStarted
            | AgentEvent::TextDelta(_)
            | AgentEvent::Said { .. }
            | AgentEvent::PermissionAsked(_)
            | AgentEvent::Ready { .. }
            | AgentEvent::TurnStarted { .. }
            | AgentEvent::PromptTaken(_)
            | AgentEvent::Activity(_)
            | AgentEvent::PermissionWithdrawn { .. }
            | AgentEvent::TaskStarted(_)
            | AgentEvent::TaskEnded { .. }
            | AgentEvent::Retrying { .. }
            | AgentEvent::TurnEnded(_)
            | AgentEvent::ConversationUnknown
            | AgentEvent::ConversationTaken
            | AgentEvent::Heartbeat
            | AgentEvent::Exited(_) => return,
        };
        if turn.work == work {
            return;
        }
        let begun = Stage::Begun {
            doing: work.doing(),
        };
        self.prompts.note_stage(turn.prompt.id.clone(), begun);
        turn.work = work;
    }
}
