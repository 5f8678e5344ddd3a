//! Pure: decides what a session does about each event.
//!
//! The machine knows no clock and does nothing itself: [`Machine::step`] takes an event and the
//! time and returns effects in the order in which they are to be performed. The parts of the
//! decision lie in submodules by the kind of event.

mod agent;
mod approvals;
mod background;
mod cards;
mod change;
mod choose;
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

use std::collections::VecDeque;
use std::path::Path;

use crate::clock::Time;
use crate::ids::{ConversationId, SessionKey};
use crate::ports::{SessionRecord, Trust};
use crate::session::card::Detail;
use crate::session::choices::{Choices, Model, Picker};
use crate::session::draft::Drafts;
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::policy::Policy;
use crate::session::prompts::{Prompts, Records};
use crate::session::settings::SessionSettings;
use crate::session::step::{Moment, NewIds, Step};
use crate::session::tasks::TaskList;

/// The state of one session.
#[derive(Debug)]
pub struct Machine {
    key: SessionKey,
    policy: Policy,
    /// What the next agent is started with.
    settings: SessionSettings,
    record: SessionRecord,
    /// The conversation in which an earlier run began, and which nobody may know to exist.
    begun_conversation: Option<ConversationId>,
    phase: Phase,
    prompts: Prompts,
    /// The models that Claude listed last.
    models: Vec<Model>,
    /// The last message with tasks to stop.
    task_list: Option<TaskList>,
    /// The open message with values to choose from.
    picker: Option<Picker>,
    /// What the buttons carried of requests that are decided, the oldest first.
    used_nonces: VecDeque<String>,
    /// Since when nothing at all has happened, while there is no agent and nothing to do.
    asleep_since: Option<Time>,
    /// How the turn ends that ends in the running step.
    closing: Option<Closing>,
    commands: Vec<String>,
    version: Option<String>,
    ending: Ending,
}

impl Machine {
    /// Returns the machine of a session that was stored as `record`.
    pub fn new(key: SessionKey, settings: SessionSettings, record: SessionRecord) -> Self {
        Self {
            key,
            policy: settings.policy,
            settings,
            record,
            begun_conversation: None,
            phase: Phase::Asleep,
            prompts: Prompts::default(),
            models: Vec::new(),
            task_list: None,
            picker: None,
            used_nonces: VecDeque::new(),
            asleep_since: None,
            closing: None,
            commands: Vec::new(),
            version: None,
            ending: Ending::No,
        }
    }

    /// Returns the record to begin with.
    ///
    /// A conversation lives in the folder it was begun in: when the configuration names another
    /// folder since, a new conversation is begun there.
    pub fn record_for(stored: Option<SessionRecord>, folder: &Path) -> SessionRecord {
        match stored {
            Some(record) if record.folder == folder => record,
            Some(SessionRecord {
                home,
                cards,
                turn_card,
                detail,
                drafts,
                choices,
                ..
            }) => SessionRecord {
                conversation: None,
                folder: folder.to_owned(),
                home,
                cards,
                turn_card,
                detail,
                drafts,
                choices,
                // Another folder has to be trusted anew.
                trust: Trust::Untrusted,
            },
            None => SessionRecord {
                conversation: None,
                folder: folder.to_owned(),
                home: None,
                cards: Vec::new(),
                turn_card: None,
                detail: Detail::default(),
                drafts: Drafts::default(),
                choices: Choices::default(),
                trust: Trust::Untrusted,
            },
        }
    }

    /// Takes one event and returns what is to be done, in order.
    pub fn step(&mut self, event: Event, at: Moment, ids: NewIds<'_>) -> Vec<Effect> {
        let answered_for = self.answered_for(&event);
        let sleeps_on = self.sleeps_through(&event);
        let record = self.record.clone();
        let requests = self.waiting_requests();
        let card = self.open_card();
        let mut step = Step::begin(self.key, self.policy, at, ids);
        self.take(event, &mut step);
        self.end_after_the_turn(&mut step);
        self.close_dead_requests(requests, &mut step);
        self.close_card_of_turn(card, &mut step);
        self.prompts.close_notices(&self.held(), &mut step);
        self.renew_task_list(&mut step);
        self.note_sleep(sleeps_on, step.now());
        self.note_stop();
        let records = Records {
            before: &record,
            after: &self.record,
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

    /// Stores the conversation if it is another one than before. After none begins one that
    /// nobody had.
    fn remember(&mut self, conversation: Option<&ConversationId>, step: &mut Step<'_>) {
        if conversation.is_none() {
            self.begun_conversation = None;
        }
        if self.record.conversation.as_ref() != conversation {
            self.record.conversation = conversation.cloned();
            step.push(Effect::Remember(self.record.clone()));
        }
    }
}

#[cfg(test)]
mod tests;
