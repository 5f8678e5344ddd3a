//! Pure: decides what a session does about each event.
//!
//! The machine knows no clock and does nothing itself: [`Machine::step`] takes an event and the
//! time and returns effects in the order in which they are to be performed. The parts of the
//! decision lie in submodules by the kind of event.

mod agent;
mod change;
mod deadlines;
mod drafts;
mod instruct;
mod interrupted;
mod lifecycle;
mod outcome;
mod phase;
mod progress;
mod record;
mod steer;

pub(in crate::session) use instruct::WasRunning;
use phase::{
    Ending, Experience, Handshake, Leaving, LeavingStage, Live, Opening, Phase, Refusal, Room,
};
use progress::Closing;

use std::path::Path;

use crate::ids::{Generation, MessageId, PostId, SessionKey};
use crate::ports::SessionRecord;
use crate::session::chat::{Chat, Sleep};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::prompts::{Prompts, Records};
use crate::session::requests::Requests;
use crate::session::settings::SessionSettings;
use crate::session::step::{Moment, NewIds, Step};

/// The state of one session.
#[derive(Debug)]
pub struct Machine {
    key: SessionKey,
    chat: Chat,
    phase: Phase,
    prompts: Prompts,
    requests: Requests,
    /// How the turn ends that ends in the running step.
    closing: Option<Closing>,
    ending: Ending,
}

impl Machine {
    /// Returns the machine of a session that was stored as `record`.
    pub fn new(key: SessionKey, settings: SessionSettings, record: SessionRecord) -> Self {
        Self {
            key,
            chat: Chat::new(settings, record),
            phase: Phase::Asleep,
            prompts: Prompts::default(),
            requests: Requests::default(),
            closing: None,
            ending: Ending::No,
        }
    }

    /// Returns the record to begin with.
    pub fn record_for(stored: Option<SessionRecord>, folder: &Path) -> SessionRecord {
        Chat::record_for(stored, folder)
    }

    /// Takes one event and returns what is to be done, in order.
    pub fn step(&mut self, event: Event, at: Moment, ids: NewIds<'_>) -> Vec<Effect> {
        let answered_for = self.answered_for(&event);
        let sleeps_on = self.sleeps_through(&event);
        let record = self.chat.record().clone();
        let card = self.open_card();
        let mut step = Step::begin(self.key, *self.chat.policy(), at, ids);
        self.take(event, &mut step);
        self.end_after_the_turn(&mut step);
        self.requests.close_dead(self.live_agent(), &mut step);
        self.remember_cards(&mut step);
        self.close_card_of_turn(card, &mut step);
        self.prompts.close_notices(&self.held(), &mut step);
        self.chat.renew_task_list(self.live_agent(), &mut step);
        self.chat.note_sleep(self.sleep(sleeps_on), step.now());
        self.note_stop();
        let records = Records {
            before: &record,
            after: self.chat.record(),
        };
        let held = self.held();
        (self.prompts).write_down(&answered_for, &held, &records, &mut step);
        step.into_effects()
    }

    fn take(&mut self, event: Event, step: &mut Step<'_>) {
        match event {
            Event::Instructed(instruction) => self.on_instruction(instruction, step),
            Event::Agent(generation, event) => self.on_agent_event(generation, event, step),
            Event::Shown { post, message } => self.on_shown(post, message),
            Event::DraftRefused(id) => self.on_draft_refused(id, step),
            Event::SlotGranted => self.on_slot_granted(step),
            Event::SlotDelayed { ahead } => self.on_slot_delayed(ahead, step),
            Event::YieldAsked => self.on_yield_asked(step),
            Event::Revoked(revoke) => self.on_revoked(revoke, step),
            Event::Configured(settings) => self.on_configured(settings, step),
            Event::Moved(key) => self.on_moved(key, step),
            Event::EndAsked { deadline } => self.on_end_asked(deadline, step),
            Event::DeadlineReached => self.on_deadline(step),
            Event::TakenOver(from, open) => self.on_taken_over(&from, open, step),
        }
    }

    /// Notes which message a post became.
    fn on_shown(&mut self, post: PostId, message: MessageId) {
        self.requests.on_shown(post, message);
        self.on_card_shown(post, message);
    }

    /// Keeps true what the record says of messages with live buttons.
    fn remember_cards(&mut self, step: &mut Step<'_>) {
        let turn_card = self.card_to_remember();
        (self.chat).remember_cards(self.requests.messages(), turn_card, step);
    }

    /// Returns the number of the agent that is alive and not on its way out.
    fn live_agent(&self) -> Option<Generation> {
        match &self.phase {
            Phase::Live(live) => Some(live.generation),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        }
    }

    /// Returns whether the session sleeps after a step.
    fn sleep(&self, sleeps_on: bool) -> Sleep {
        match &self.phase {
            Phase::Asleep if self.is_ending() => Sleep::Awake,
            Phase::Asleep if sleeps_on => Sleep::SleepsOn,
            Phase::Asleep => Sleep::FallsAsleep,
            Phase::Waiting { .. } | Phase::Live(_) | Phase::Leaving(_) => Sleep::Awake,
        }
    }
}

#[cfg(test)]
mod tests;
