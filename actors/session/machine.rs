//! Pure: decides what a session does about each event.
//!
//! The machine knows no clock and does nothing itself: [`Machine::step`] takes an event and the
//! time and returns effects in the order in which they are to be performed. It has ten parts, each
//! with state of its own; they return facts, and only the machine lets one act on another. How it
//! does lies in submodules by where the events come from.

mod archived;
mod budget;
mod changed;
mod charged;
mod chosen;
mod enquired;
mod fates;
mod files;
mod gathered;
mod heard;
mod home;
mod inbox;
mod instructed;
mod lifecycle;
mod news;
mod starting;
mod status;
mod take_over;
mod timers;
mod waiting;
mod waits;

use std::path::Path;

use bridge_texts::Say;

use crate::clock::Time;
use crate::ids::{MessageId, PostId, PromptId, SessionKey};
use crate::ports::{SessionRecord, Stage};
use crate::session::Prompt;
use crate::session::agent::Agent;
use crate::session::archive::Archive;
use crate::session::chat::{Chat, Sleep};
use crate::session::effect::Effect;
use crate::session::enquiries::Enquiries;
use crate::session::event::Event;
use crate::session::files::Files;
use crate::session::gathering::Gathering;
use crate::session::inbox::Inbox;
use crate::session::prompts::{Fate, Prompts, Records, Written};
use crate::session::requests::Requests;
use crate::session::settings::SessionSettings;
use crate::session::step::{Moment, NewIds, Step};
use crate::session::turn::{Closing, OpenShow, Turn};

use charged::Paid;

/// The state of one session.
#[derive(Debug)]
pub struct Machine {
    key: SessionKey,
    chat: Chat,
    /// What may go on in the next message.
    gathering: Gathering,
    prompts: Prompts,
    agent: Agent,
    /// What the living agent works on for a person; there is none without one.
    turn: Option<Box<Turn>>,
    requests: Requests,
    files: Files,
    inbox: Inbox,
    archive: Archive,
    enquiries: Enquiries,
    /// How the turn ends that ends in the running step.
    closing: Option<Closing>,
    ending: Ending,
}

/// Whether the session is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// No.
    No,
    /// As soon as the agent is gone; a running turn may go on until then.
    Asked { deadline: Time },
    /// At once, since the bridge is locked down; what is open stays in the journal as it is.
    LockedDown,
}

impl Ending {
    /// Returns what is said to a prompt that waits for the end of it.
    fn said_to_what_is_kept(self, say: Say) -> String {
        match self {
            Self::No | Self::Asked { .. } => say.runs_when_back(1),
            Self::LockedDown => say.runs_when_unlocked(),
        }
    }
}

/// What was before a step, for what is found by looking after it.
struct Before {
    /// The prompts and other instructions that the session answers for during the step.
    answered_for: Vec<PromptId>,
    /// The prompts among them, with what became of those that are gone after it.
    fates: Vec<(Written, Fate)>,
    record: SessionRecord,
    show: Option<OpenShow>,
    /// The turn that somebody pays for.
    paid: Option<Paid>,
    /// Whether the step does not count as something that happens to a session that sleeps.
    sleeps_on: bool,
}

impl Machine {
    /// Returns the machine of a session that was stored as `record`.
    pub fn new(key: SessionKey, settings: SessionSettings, record: SessionRecord) -> Self {
        Self {
            key,
            chat: Chat::new(settings, record),
            gathering: Gathering::default(),
            prompts: Prompts::default(),
            agent: Agent::none(),
            turn: None,
            requests: Requests::default(),
            files: Files::default(),
            inbox: Inbox::default(),
            archive: Archive::default(),
            enquiries: Enquiries::default(),
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
        let before = self.before(&event);
        let shown = (*self.chat.policy(), self.chat.record().rich);
        let mut step = Step::begin(self.key, shown, at, ids);
        let waited_for_files = self.prompts.wait_for_files();
        self.take(event, &mut step);
        if waited_for_files || self.prompts.wait_for_files() {
            self.go_on_if_ready(&mut step);
        }
        self.see_to_followers(&mut step);
        self.see_to_enquiries(&mut step);
        self.end_after_the_turn(&mut step);
        self.see_to_timers(&mut step);
        self.prompts.see_to_halted(&mut step);
        self.look_around(before, &mut step);
        step.into_effects()
    }

    fn take(&mut self, event: Event, step: &mut Step<'_>) {
        match event {
            Event::Instructed(instruction) => self.on_instruction(instruction, step),
            Event::Agent(generation, event) => self.on_agent_event(generation, event, step),
            Event::Shown { post, message } => self.on_shown(post, message),
            Event::Fetched { prompt, outcome } => {
                self.prompts.on_fetched(&prompt, outcome, step);
            }
            Event::Heard { prompt, outcome } => self.prompts.on_heard(&prompt, outcome, step),
            Event::DraftRefused(id) => {
                if let Some(turn) = &mut self.turn {
                    turn.on_draft_refused(id, step.now());
                }
            }
            Event::FilesTaken(taken) => self.on_files_taken(taken, step),
            Event::InboxDone(done) => self.on_inbox_done(done, step),
            Event::PromptsRead(read) => self.on_prompts_read(read, step),
            Event::SparesDone(done) => self.on_spares_done(done, step),
            Event::ArchiveDone(done) => self.on_archive_done(*done, step),
            Event::FilesSettled { post, outcome } => self.on_files_settled(post, outcome, step),
            Event::SlotGranted => self.on_slot_granted(step),
            Event::SlotDelayed { ahead } => self.agent.on_slot_delayed(ahead, step),
            Event::YieldAsked => self.on_yield_asked(step),
            Event::Revoked(revoke) => self.on_revoked(revoke, step),
            Event::Configured(settings) => self.on_configured(settings, step),
            Event::Moved(key) => self.on_moved(key, step),
            Event::EndAsked { deadline } => self.on_end_asked(deadline, step),
            Event::LockedDown => self.on_locked_down(step),
            Event::DeadlineReached => self.on_deadline(step),
            Event::TakenOver(from, open) => self.on_taken_over(&from, open, step),
        }
    }

    fn before(&self, event: &Event) -> Before {
        let mut answered_for = event.brings();
        answered_for.extend(self.held());
        let is_nothing = matches!(event, Event::DeadlineReached | Event::Agent(..));
        Before {
            answered_for,
            fates: self.fates_if_gone(event),
            record: self.chat.record().clone(),
            show: self.turn.as_deref().and_then(Turn::open_show),
            paid: self.turn.as_deref().and_then(Paid::of),
            sleeps_on: self.agent.is_asleep() && is_nothing,
        }
    }

    /// Sees what the step has changed: found by looking, so that no way through the machine can
    /// forget a button, a card, or a word in the journal.
    fn look_around(&mut self, before: Before, step: &mut Step<'_>) {
        self.requests.close_dead(self.agent.generation(), step);
        self.pass_on_consents(step);
        self.files.forget_dead(self.agent.generation());
        self.remember_buttons(step);
        self.close_show(before.show, step);
        self.see_to_charges(before.paid, step);
        let ending = self.ending;
        let kept = |say: Say| ending.said_to_what_is_kept(say);
        let held = self.held();
        self.prompts.close_notices(&held, kept, step);
        let can_deny = |prompt: &Prompt| self.requests.place_denied_with(prompt).is_some();
        let is_kept = self.is_ending() && !step.is_last();
        let kept = is_kept.then(|| kept(step.say()));
        self.prompts.renew_notices(can_deny, kept, step);
        self.chat.renew_task_list(self.agent.generation(), step);
        let sleep = self.sleep(before.sleeps_on);
        self.chat.note_sleep(sleep, step.now());
        self.note_stop();
        self.note_fates(before.fates);
        self.prompts.forget_decided_transcripts();
        match self.ending {
            Ending::No => {
                self.tell_of_voice(step);
                self.prompts.see_to_files(&held, step);
                self.prompts.see_to_speech(step);
            }
            // What is begun goes on as the turn does.
            Ending::Asked { .. } => {}
            // However long the agent takes to die.
            Ending::LockedDown => self.prompts.stop_listening(step),
        }
        let records = Records {
            before: &before.record,
            after: self.chat.record(),
        };
        (self.prompts).write_down(&before.answered_for, &held, &records, step);
    }

    /// Tells whether a turn of ours runs.
    pub fn has_turn(&self) -> bool {
        self.turn.is_some()
    }

    /// Tells whether the session answers for a prompt.
    fn holds(&self, id: &PromptId) -> bool {
        let mut given = self.turn.iter().flat_map(|turn| turn.prompts());
        let mut gathered = self.gathering.pieces();
        let is_gathered = gathered.any(|piece| piece.id == *id);
        let asked = self.inbox.waiting().chain(self.archive.waiting());
        let mut asked = asked.chain(self.enquiries.waiting());
        let is_asked = asked.any(|asked| asked == id);
        let is_held = is_gathered || is_asked || self.prompts.holds(id);
        is_held || given.any(|prompt| prompt.id == *id)
    }

    /// Returns the prompts and other instructions that the session answers for.
    fn held(&self) -> Vec<PromptId> {
        let given = self.turn.iter().flat_map(|turn| turn.prompts());
        let held = self.prompts.waiting().chain(given);
        let held = held.chain(self.prompts.offered());
        let held = held.chain(self.gathering.pieces());
        let held = held.map(|prompt| &prompt.id).chain(self.inbox.waiting());
        let held = held.chain(self.archive.waiting());
        held.chain(self.enquiries.waiting()).cloned().collect()
    }

    /// Notes which message a post became.
    fn on_shown(&mut self, post: PostId, message: MessageId) {
        self.requests.on_shown(post, message);
        self.enquiries.on_shown(post, message);
        self.inbox.on_shown(post, message);
        self.archive.on_shown(post, message);
        self.prompts.on_shown(post, message);
        if let Some(turn) = &mut self.turn {
            turn.on_shown(post, message);
        }
    }

    /// Keeps true what the record says of messages with live buttons.
    fn remember_buttons(&mut self, step: &mut Step<'_>) {
        let turn_card = self.turn.as_deref().and_then(Turn::card_to_remember);
        let login_page = self.enquiries.message_with_buttons();
        let open = (self.requests.messages(), login_page, turn_card);
        self.chat.remember_buttons(open, step);
    }

    /// Closes what a turn showed that is over.
    fn close_show(&mut self, before: Option<OpenShow>, step: &mut Step<'_>) {
        let closing = self.closing.take();
        let Some(show) = before else { return };
        match &mut self.turn {
            Some(turn) if show.is_of(turn) => turn.bring_draft_back(step),
            Some(_) | None => show.close(closing, step),
        }
    }

    /// Notes that the running turn is being stopped.
    fn note_stop(&mut self) {
        let given = self.turn.as_deref_mut().map(Turn::note_stop);
        for id in given.into_iter().flatten() {
            self.prompts.note_stage(id, Stage::Begun { doing: None });
        }
    }

    /// Returns whether the session sleeps after a step.
    fn sleep(&self, sleeps_on: bool) -> Sleep {
        let waits = self.prompts.has_waiting() || !self.gathering.is_empty();
        // What it forgot nobody would wait for.
        let waits = waits || self.chat.has_timers() || self.prompts.has_halted();
        let rests = self.agent.is_asleep() && !waits;
        match (rests && !self.is_ending(), sleeps_on) {
            (false, _) => Sleep::Awake,
            (true, false) => Sleep::FallsAsleep,
            (true, true) => Sleep::SleepsOn,
        }
    }

    fn is_ending(&self) -> bool {
        match self.ending {
            Ending::No => false,
            Ending::Asked { .. } | Ending::LockedDown => true,
        }
    }
}

#[cfg(test)]
mod tests;
