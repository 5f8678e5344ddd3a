//! What becomes of prompts, found by looking: whoever edits a message is told the truth about it.

use bridge_texts::Say;

use super::Machine;
use crate::agent_event::AgentEvent;
use crate::session::event::Event;
use crate::session::prompts::{Fate, Written};
use crate::session::turn::{Holding, Turn};
use crate::session::{Instruct, Prompt};

impl Machine {
    /// Returns the prompts that the session answers for during a step, with what became of each
    /// if it is gone after it.
    pub(super) fn fates_if_gone(&self, event: &Event) -> Vec<(Written, Fate)> {
        let waiting = self.prompts.waiting().chain(self.gathering.pieces());
        let waiting = waiting.map(|prompt| (Written::of(prompt), Fate::NeverRan));
        let given = self.turn.as_deref().into_iter().flat_map(Turn::prompts);
        let of_turn = self.fate_of_turn(event);
        let given = given.map(|prompt| (Written::of(prompt), of_turn));
        let offered = self.prompts.offered();
        let offered = offered.map(|prompt| (Written::of(prompt), Fate::Given));
        let all = waiting.chain(given).chain(offered);
        all.chain(brought(event).map(|prompt| (Written::of(prompt), Fate::Given)))
            .collect()
    }

    /// Returns what becomes of the prompts of the turn if it ends: an agent that dies before it
    /// said anything has not read them.
    fn fate_of_turn(&self, event: &Event) -> Fate {
        let dies = matches!(event, Event::Agent(_, AgentEvent::Exited(_)));
        match &self.turn {
            Some(turn) if dies && turn.is_only_written() => Fate::NeverRan,
            Some(_) | None => Fate::Given,
        }
    }

    /// Returns what is said to the edit of a prompt that the turn holds.
    pub(super) fn edit_of_turn(&self, prompt: &Prompt, say: Say) -> Option<String> {
        Some(match self.turn.as_deref()?.holding(prompt)? {
            Holding::Works => say.edit_too_late(),
            Holding::Stops => say.edit_of_stopping(),
            Holding::Unread => say.edit_of_sent_on(),
        })
    }

    fn holds_message_of(&self, written: &Written) -> bool {
        let given = self.turn.as_deref().into_iter().flat_map(Turn::prompts);
        let held = self.prompts.waiting().chain(self.gathering.pieces());
        let held = held.chain(given);
        let mut held = held.chain(self.prompts.offered());
        held.any(|it| it.author == written.author && it.messages().any(|it| it == written.first))
    }

    /// Notes what became of the prompts that are gone.
    pub(super) fn note_fates(&mut self, before: Vec<(Written, Fate)>) {
        for (written, fate) in before {
            // What was refused in the step is known already.
            if !self.holds_message_of(&written) && !self.prompts.knows_fate(&written) {
                self.prompts.note_fate(&written, fate);
            }
        }
    }
}

/// Returns the prompt that an event brings.
fn brought(event: &Event) -> Option<&Prompt> {
    match event {
        Event::Instructed(Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. }) => {
            Some(prompt)
        }
        Event::Instructed(
            Instruct::Replace(_)
            | Instruct::Command(_)
            | Instruct::Press(_)
            | Instruct::StopDraft(_)
            | Instruct::Rate(_),
        )
        | Event::Agent(..)
        | Event::Shown { .. }
        | Event::Fetched { .. }
        | Event::Heard { .. }
        | Event::DraftRefused(_)
        | Event::FilesTaken(_)
        | Event::InboxDone(_)
        | Event::SparesDone(_)
        | Event::PromptsRead(_)
        | Event::ArchiveDone(_)
        | Event::FilesSettled { .. }
        | Event::SlotGranted
        | Event::SlotDelayed { .. }
        | Event::YieldAsked
        | Event::Revoked(_)
        | Event::Configured(_)
        | Event::Moved(_)
        | Event::EndAsked { .. }
        | Event::LockedDown
        | Event::DeadlineReached
        | Event::TakenOver(..) => None,
    }
}
