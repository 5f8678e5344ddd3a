//! What a step has to write down.

use crate::ids::PromptId;
use crate::outbox::Post;
use crate::ports::{SessionRecord, Stage};
use crate::session::agent_event::AgentEvent;
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::Work;

use super::{Live, Machine, Phase};

impl Machine {
    /// Returns the prompts and other instructions that the session answers for during a step.
    pub(super) fn answered_for(&self, event: &Event) -> Vec<PromptId> {
        let mut ids = event.brings();
        ids.extend(self.held().cloned());
        ids
    }

    /// Tells whether the session answers for a prompt.
    pub(super) fn holds(&self, prompt: &PromptId) -> bool {
        self.held().any(|held| held == prompt)
    }

    fn held(&self) -> impl Iterator<Item = &PromptId> {
        let turn = match &self.phase {
            Phase::Live(live) => live.turn.as_deref(),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        };
        let waiting = self.queue.iter().map(|prompt| &prompt.id);
        let steered = turn.into_iter().flat_map(|turn| &turn.steered);
        let steered = steered.map(|steered| &steered.prompt.id);
        let running = turn.map(|turn| &turn.prompt.id);
        let offered = self.offers.iter().map(|offer| &offer.prompt.id);
        waiting.chain(running).chain(steered).chain(offered)
    }

    /// Puts what the step came to before its other effects.
    ///
    /// A prompt that the session answered for and no longer holds has its outcome, and what is no
    /// prompt was carried out. It is found by looking, so that no way through the machine can
    /// forget to say so.
    ///
    /// What is remembered of the session comes first: a crash in between finds an instruction
    /// open that was carried out, and carries it out again, rather than one that was lost. Which
    /// messages have live buttons comes behind it: the edits that close them are written down with
    /// the step.
    pub(super) fn write_down(
        &mut self,
        answered_for: &[PromptId],
        before: &SessionRecord,
        step: &mut Step<'_>,
    ) {
        self.note_stop();
        let effects = step.effects_mut();
        let mut entry = std::mem::take(&mut self.entry);
        let closed = answered_for.iter().filter(|id| !self.holds(id));
        entry.closed = closed.cloned().collect();
        entry.accepted.retain(|prompt| self.holds(&prompt.id));
        entry.stages.retain(|(id, _)| self.holds(id));
        if entry.is_empty() {
            return;
        }
        entry.posts = effects.iter().filter_map(promised).cloned().collect();
        let (remembered, rest): (Vec<_>, Vec<_>) = std::mem::take(effects)
            .into_iter()
            .partition(|effect| matches!(effect, Effect::Remember(_)));
        let lasting = SessionRecord {
            cards: before.cards.clone(),
            turn_card: before.turn_card.clone(),
            ..self.record.clone()
        };
        if lasting != *before {
            effects.push(Effect::Remember(lasting.clone()));
        }
        effects.push(Effect::Journal(entry));
        if !remembered.is_empty() && lasting != self.record {
            effects.push(Effect::Remember(self.record.clone()));
        }
        effects.extend(rest);
    }

    /// Notes that the running turn is being stopped: what was given to the agent for it never runs
    /// again by itself, also when the bridge dies before the agent has obeyed.
    fn note_stop(&mut self) {
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
        let begun = given
            .into_iter()
            .map(|id| (id, Stage::Begun { doing: None }));
        self.entry.stages.extend(begun);
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
        self.entry.stages.push((turn.prompt.id.clone(), begun));
        turn.work = work;
    }
}

/// Returns the post that must arrive, if the effect is one.
fn promised(effect: &Effect) -> Option<&Post> {
    match effect {
        Effect::Post(post) if post.is_kept() => Some(post),
        Effect::Post(_)
        | Effect::Journal(_)
        | Effect::Launch(_)
        | Effect::Write(_)
        | Effect::SignalInterrupt
        | Effect::KillAgent
        | Effect::ForgetAgent
        | Effect::Remember(_)
        | Effect::Sign(_)
        | Effect::Audit(_)
        | Effect::Slot(_)
        | Effect::Finish => None,
    }
}
