//! Performs a session: feeds the machine and does what it decides.

mod fault_points;
mod files;
mod life;
mod waits;

use std::collections::HashMap;
use std::sync::Arc;

use actix::prelude::*;
use tokio::sync::oneshot;
use tracing::{debug, error, info};

use crate::alarm::Alarm;
use crate::audit::AuditEntry;
use crate::clock::{self, UnixSeconds};
use crate::fault_point;
use crate::ids::{ChatId, ConversationId, Generation, Incarnation, PromptId, SessionKey};
use crate::outbox::{DraftRefused, Post, PostIds, Sign};
use crate::ports::{
    Agent, AgentLauncher, AgentReport, FileRoom, Open, PromptJournal, SessionRecord, SessionStore,
    StoreError, TakeFiles,
};
use crate::purse::Purse;
use crate::session::agent::held_input::HeldInput;
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::Machine;
use crate::session::settings::{SessionSettings, SettingsBook};
use crate::session::step::{Moment, NewIds};
use crate::session::{
    Configure, EndSession, FetchFiles, Instruct, LockSession, Revoke, Shown, SlotDelayed,
    SlotGranted, TakeOver, TakeOverOpen, Transcribe, YieldSlot,
};
use crate::session_supervisor::{SlotChange, SlotNews};

use fault_points::{pass_end_of_turn, pass_fault_point};
use life::InHand;

/// Owns one chat's prompts, its conversation and its agent.
#[expect(missing_debug_implementations, reason = "ports have nothing to show")]
pub struct Session {
    key: SessionKey,
    /// Which value this is: it is rebuilt after a fault.
    incarnation: Incarnation,
    /// The id by which the chat's settings are found.
    home: ChatId,
    ports: SessionPorts,
    settings: SessionSettings,
    supervisor: Recipient<SlotNews>,
    machine: Machine,
    agent: Option<RunningAgent>,
    /// What ends those who listen for prompts, by being dropped.
    listening: HashMap<PromptId, oneshot::Sender<()>>,
    alarm: Alarm,
    /// What it begins with: from whom, and what is open.
    beginning: Option<(TakeOver, Vec<Open>)>,
    in_hand: InHand,
    /// Whether the journal has refused a step: the store then ends the bridge.
    is_unwritten: bool,
}

/// What a session needs from outside.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "ports have nothing to show")]
pub struct SessionPorts {
    /// Starts agents.
    pub launcher: Arc<dyn AgentLauncher>,
    /// Keeps the record.
    pub store: Arc<dyn SessionStore>,
    /// Has the files.
    pub room: Arc<dyn FileRoom>,
    /// Keeps the prompts.
    pub journal: Arc<dyn PromptJournal>,
    /// Takes posts.
    pub outbox: Recipient<Post>,
    /// Takes passing signs.
    pub signs: Recipient<Sign>,
    /// Takes orders to fetch files.
    pub files: Recipient<FetchFiles>,
    /// Takes orders to write down what is said.
    pub listener: Recipient<Transcribe>,
    /// Takes lines of the audit log.
    pub audit: Recipient<AuditEntry>,
    /// Draws ids of posts.
    pub post_ids: PostIds,
    /// Draws random conversation ids.
    pub conversation_ids: Arc<dyn Fn() -> ConversationId + Send + Sync>,
    /// Draws numbers of agents, unique in this process.
    pub generations: Arc<dyn Fn() -> Generation + Send + Sync>,
    /// Draws what proves that a button belongs to its message; nobody can guess it.
    pub nonces: Arc<dyn Fn() -> String + Send + Sync>,
    /// Returns when a pattern of cron holds next after a time, as the host's calendar goes.
    pub next_time: fn(&str, UnixSeconds) -> Option<UnixSeconds>,
    /// Tells what was spent, and sets aside what turns may cost.
    pub purse: Arc<Purse>,
}

/// An agent, and what it is not told yet.
struct RunningAgent {
    generation: Generation,
    /// Whether its whole tree is gone.
    is_gone: bool,
    handle: Box<dyn Agent>,
    held: HeldInput,
}

impl Session {
    /// Returns the session of a chat as it was stored; it begins with what an earlier one left
    /// open, but for what is about to be handed to it.
    pub fn open(
        key: SessionKey,
        ports: SessionPorts,
        book: &SettingsBook,
        supervisor: Recipient<SlotNews>,
        from: TakeOver,
        coming: Option<&PromptId>,
    ) -> Result<Self, StoreError> {
        // A value that broke may have left something set aside.
        ports.purse.release(key);
        let mut open = ports.journal.left_open(key)?;
        open.retain(|open| Some(open.id()) != coming);
        let stored = ports.store.load(key)?;
        let home = stored.as_ref().and_then(|record| record.home);
        let home = home.unwrap_or(key.chat);
        let settings = book.of(home);
        let record = Machine::record_for(stored, &settings.folder);
        let machine = Machine::new(key, settings.clone(), record);
        Ok(Self {
            key,
            incarnation: Incarnation(0),
            home,
            ports,
            settings,
            supervisor,
            machine,
            agent: None,
            listening: HashMap::new(),
            alarm: Alarm::default(),
            beginning: Some((from, open)),
            in_hand: InHand::Nothing,
            is_unwritten: false,
        })
    }

    fn on_event(&mut self, event: Event, ctx: &mut Context<Self>) {
        debug!(key = %self.key, event = event.name(), "session event");
        let Self { ports, machine, .. } = self;
        let at = Moment {
            time: clock::now(),
            calendar: clock::unix_now(),
        };
        let ids = NewIds {
            conversation: &mut || (ports.conversation_ids)(),
            post: &mut || ports.post_ids.next(),
            generation: &mut || (ports.generations)(),
            nonce: &mut || (ports.nonces)(),
            next_time: ports.next_time,
            purse: &ports.purse,
        };
        for effect in machine.step(event, at, ids) {
            self.perform(effect, ctx);
        }
        if !self.machine.has_turn() {
            self.ports.purse.release(self.key);
        }
        self.arm_timer(ctx);
    }

    fn perform(&mut self, effect: Effect, ctx: &mut Context<Self>) {
        let key = self.key;
        match effect {
            Effect::Journal(entry) => {
                fault_point!("session.journal");
                pass_end_of_turn(&entry);
                if let Err(error) = self.ports.journal.write(key, &entry) {
                    error!(%key, %error, "cannot write what a session did to the journal");
                    self.is_unwritten = true;
                }
                fault_point!("session.journalled");
            }
            Effect::Launch(order) => {
                let generation = order.generation;
                info!(%key, generation = generation.0, "agent is started");
                let reports = ctx.address().recipient();
                self.agent = Some(RunningAgent {
                    generation,
                    is_gone: false,
                    handle: self.ports.launcher.launch(order, reports),
                    held: HeldInput::default(),
                });
                fault_point!("session.launched");
            }
            Effect::Write(input) => self.write(input, ctx),
            Effect::SignalInterrupt => self.with_agent(|agent| agent.handle.signal_interrupt()),
            Effect::KillAgent => self.with_agent(|agent| {
                agent.held.drop_all();
                agent.handle.kill();
            }),
            Effect::ForgetAgent => {
                info!(%key, "agent is gone");
                self.agent = None;
            }
            Effect::Fetch { prompt, files } => self.fetch((prompt, files), ctx),
            Effect::Listen { prompt, file } => self.listen((prompt, file), ctx),
            Effect::StopListening { prompt } => drop(self.listening.remove(&prompt)),
            Effect::Remember(record) => self.remember(&record),
            // It tells of what is not written down; a new start tells of what is.
            Effect::Post(_) if self.is_unwritten => {}
            Effect::Post(post) => {
                if self.ports.outbox.try_send(post).is_err() {
                    error!(%key, "the outbox does not accept a message");
                }
            }
            Effect::Sign(sign) => {
                if self.ports.signs.try_send(sign).is_err() {
                    debug!(%key, "the outbox does not take a sign");
                }
            }
            Effect::Audit(entry) => self.note_down(entry),
            Effect::TakeFiles(order) => self.take_files(order, ctx),
            Effect::Inbox(order) => (self.ports.room).look_after(order, ctx.address().recipient()),
            Effect::ReadPrompts(order) => self.read_prompts(order, ctx),
            Effect::Spare(order) => self.ports.room.spare(order, ctx.address().recipient()),
            Effect::LookUp(order) => self.look_up(*order, ctx),
            Effect::SayUsedUp { by, day } => self.ports.purse.say_used_up(key, by, day),
            Effect::ReleaseFiles(copies) => self.ports.room.release(copies),
            Effect::Slot(change) => self.tell_of_slot(change),
            Effect::Finish => ctx.stop(),
        }
    }

    fn note_down(&self, entry: AuditEntry) {
        if self.ports.audit.try_send(entry).is_err() {
            error!(key = %self.key, "the audit log does not accept a line");
        }
    }

    fn remember(&self, record: &SessionRecord) {
        let key = self.key;
        if let Err(error) = self.ports.store.save(key, record) {
            error!(%key, %error, "cannot save the session's record");
        }
    }

    fn take_files(&self, order: TakeFiles, ctx: &Context<Self>) {
        self.ports.room.take(order, ctx.address().recipient());
    }

    fn tell_of_slot(&self, change: SlotChange) {
        let (key, incarnation) = (self.key, self.incarnation);
        let news = SlotNews {
            key,
            incarnation,
            change,
        };
        if self.supervisor.try_send(news).is_err() {
            error!(%key, ?change, "cannot tell the supervisor about a slot");
        }
    }

    fn with_agent(&mut self, tell: impl FnOnce(&mut RunningAgent)) {
        match &mut self.agent {
            Some(agent) => tell(agent),
            None => error!(key = %self.key, "no agent to pass this on to"),
        }
    }
}

impl Handler<Instruct> for Session {
    type Result = ();

    fn handle(&mut self, instruction: Instruct, ctx: &mut Self::Context) {
        self.in_hand = InHand::Instruction(instruction.id().clone());
        self.on_event(Event::Instructed(instruction), ctx);
        self.in_hand = InHand::Nothing;
    }
}

impl Handler<Shown> for Session {
    type Result = ();

    fn handle(&mut self, Shown { post, message }: Shown, ctx: &mut Self::Context) {
        self.on_event(Event::Shown { post, message }, ctx);
    }
}

impl Handler<DraftRefused> for Session {
    type Result = ();

    fn handle(&mut self, refused: DraftRefused, ctx: &mut Self::Context) {
        self.on_event(Event::DraftRefused(refused.id), ctx);
    }
}

impl Handler<AgentReport> for Session {
    type Result = ();

    fn handle(&mut self, report: AgentReport, ctx: &mut Self::Context) {
        self.note_end(&report);
        for event in report.events {
            pass_fault_point(&event);
            self.on_event(Event::Agent(report.generation, event), ctx);
        }
    }
}

impl Handler<SlotGranted> for Session {
    type Result = ();

    fn handle(&mut self, SlotGranted { to }: SlotGranted, ctx: &mut Self::Context) {
        if to == self.incarnation {
            self.on_event(Event::SlotGranted, ctx);
        }
    }
}

impl Handler<SlotDelayed> for Session {
    type Result = ();

    fn handle(&mut self, SlotDelayed { to, ahead }: SlotDelayed, ctx: &mut Self::Context) {
        if to == self.incarnation {
            self.on_event(Event::SlotDelayed { ahead }, ctx);
        }
    }
}

impl Handler<YieldSlot> for Session {
    type Result = ();

    fn handle(&mut self, YieldSlot { to }: YieldSlot, ctx: &mut Self::Context) {
        if to == self.incarnation {
            self.on_event(Event::YieldAsked, ctx);
        }
    }
}

impl Handler<EndSession> for Session {
    type Result = ();

    fn handle(&mut self, EndSession { grace }: EndSession, ctx: &mut Self::Context) {
        let deadline = clock::now() + grace;
        self.on_event(Event::EndAsked { deadline }, ctx);
    }
}

impl Handler<LockSession> for Session {
    type Result = ();

    fn handle(&mut self, LockSession: LockSession, ctx: &mut Self::Context) {
        self.on_event(Event::LockedDown, ctx);
    }
}

impl Handler<Revoke> for Session {
    type Result = ();

    fn handle(&mut self, revoke: Revoke, ctx: &mut Self::Context) {
        self.on_event(Event::Revoked(revoke), ctx);
    }
}

impl Handler<Configure> for Session {
    type Result = ();

    fn handle(&mut self, Configure(book): Configure, ctx: &mut Self::Context) {
        self.settings = book.of(self.home);
        self.on_event(Event::Configured(self.settings.clone()), ctx);
    }
}

impl Handler<TakeOverOpen> for Session {
    type Result = ();

    fn handle(&mut self, TakeOverOpen: TakeOverOpen, ctx: &mut Self::Context) {
        match self.ports.journal.left_open(self.key) {
            Ok(open) => {
                self.in_hand = InHand::Open;
                self.on_event(Event::TakenOver(TakeOver::OtherSession, open), ctx);
                self.in_hand = InHand::Nothing;
            }
            Err(error) => error!(key = %self.key, %error, "cannot take over open work"),
        }
    }
}
