//! Performs a session: feeds the machine and does what it decides.

use std::path::Path;
use std::sync::Arc;

use actix::prelude::*;
use tracing::{debug, error, info};

use crate::clock::{self, Time};
use crate::ids::{ChatId, ConversationId, Generation, SessionKey};
use crate::outbox::{Post, PostIds, Sign};
use crate::ports::{Agent, AgentLauncher, AgentReport, SessionRecord, SessionStore, StoreError};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::{Fresh, Machine};
use crate::session::settings::{SessionSettings, SettingsBook};
use crate::session::{
    Configure, EndSession, Instruct, MoveTo, Revoke, SlotDelayed, SlotGranted, YieldSlot,
};
use crate::session_supervisor::SlotNews;

/// Owns one chat's prompts, its conversation and its agent.
#[expect(missing_debug_implementations, reason = "doors have nothing to show")]
pub struct Session {
    key: SessionKey,
    /// The id by which the chat's settings are found.
    home: ChatId,
    doors: SessionDoors,
    settings: SessionSettings,
    supervisor: Recipient<SlotNews>,
    machine: Machine,
    agent: Option<Box<dyn Agent>>,
    /// When the nearest timer fires; timers are never cancelled, stale ones do nothing.
    armed_for: Option<Time>,
    life: Life,
}

/// What a session needs from outside.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "doors have nothing to show")]
pub struct SessionDoors {
    /// Starts agents.
    pub launcher: Arc<dyn AgentLauncher>,
    /// Keeps the record.
    pub store: Arc<dyn SessionStore>,
    /// Takes posts.
    pub outbox: Recipient<Post>,
    /// Takes passing signs.
    pub signs: Recipient<Sign>,
    /// Draws ids of posts.
    pub post_ids: PostIds,
    /// Draws random conversation ids.
    pub conversation_ids: Arc<dyn Fn() -> ConversationId + Send + Sync>,
    /// Draws numbers of agents, unique in this process.
    pub generations: Arc<dyn Fn() -> Generation + Send + Sync>,
}

/// Whether this value is the first of its session or stands in for one that broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    First,
    Rebuilt,
}

impl Session {
    /// Returns the session of a chat as it was stored.
    pub fn open(
        key: SessionKey,
        doors: SessionDoors,
        book: &SettingsBook,
        supervisor: Recipient<SlotNews>,
    ) -> Result<Self, StoreError> {
        let stored = doors.store.load(key)?;
        let home = stored.as_ref().and_then(|record| record.home);
        let home = home.unwrap_or(key.chat);
        let settings = book.of(home);
        let record = Machine::record_for(stored, &settings.folder);
        let machine = Machine::new(key, settings.clone(), record);
        let (agent, armed_for, life) = (None, None, Life::First);
        Ok(Self {
            key,
            home,
            doors,
            settings,
            supervisor,
            machine,
            agent,
            armed_for,
            life,
        })
    }

    fn on_event(&mut self, event: Event, ctx: &mut Context<Self>) {
        debug!(key = %self.key, event = event.name(), "session event");
        let doors = self.doors.clone();
        let mut fresh = Fresh {
            conversation: &mut || (doors.conversation_ids)(),
            post: &mut || doors.post_ids.next(),
            generation: &mut || (doors.generations)(),
        };
        for effect in self.machine.step(event, clock::now(), &mut fresh) {
            self.perform(effect, ctx);
        }
        self.arm_timer(ctx);
    }

    fn perform(&mut self, effect: Effect, ctx: &mut Context<Self>) {
        let key = self.key;
        match effect {
            Effect::Launch(order) => {
                info!(%key, generation = order.generation.0, "agent is started");
                self.agent = Some(self.doors.launcher.launch(order, ctx.address().recipient()));
            }
            Effect::Write(input) => self.with_agent(|agent| agent.write(input)),
            Effect::SignalInterrupt => self.with_agent(|agent| agent.signal_interrupt()),
            Effect::KillAgent => self.with_agent(|agent| agent.kill()),
            Effect::ForgetAgent => {
                info!(%key, "agent is gone");
                self.agent = None;
            }
            Effect::Remember(record) => {
                if let Err(error) = self.doors.store.save(key, &record) {
                    error!(%key, %error, "the session's record could not be stored");
                }
            }
            Effect::Post(post) => {
                if self.doors.outbox.try_send(post).is_err() {
                    error!(%key, "the outbox does not take a post");
                }
            }
            Effect::Sign(sign) => {
                if self.doors.signs.try_send(sign).is_err() {
                    debug!(%key, "the outbox does not take a sign");
                }
            }
            Effect::Slot(change) => {
                if self.supervisor.try_send(SlotNews { key, change }).is_err() {
                    error!(%key, ?change, "the supervisor does not take word of a slot");
                }
            }
            Effect::Finish => ctx.stop(),
        }
    }

    fn with_agent(&self, tell: impl FnOnce(&dyn Agent)) {
        match &self.agent {
            Some(agent) => tell(agent.as_ref()),
            None => error!(key = %self.key, "there is no agent to tell"),
        }
    }

    /// Arms a timer for the next deadline unless one fires before it anyway.
    fn arm_timer(&mut self, ctx: &mut Context<Self>) {
        let Some(deadline) = self.machine.next_deadline() else {
            return;
        };
        if self.armed_for.is_some_and(|armed| armed <= deadline) {
            return;
        }
        self.armed_for = Some(deadline);
        ctx.run_later(deadline.since(clock::now()), move |session, ctx| {
            if session.armed_for == Some(deadline) {
                session.armed_for = None;
            }
            let due = session
                .machine
                .next_deadline()
                .is_some_and(|next| next <= clock::now());
            if due {
                session.on_event(Event::DeadlineReached, ctx);
            } else {
                session.arm_timer(ctx);
            }
        });
    }
}

fn stored_record(
    key: SessionKey,
    doors: &SessionDoors,
    folder: &Path,
) -> Result<SessionRecord, StoreError> {
    let stored = doors.store.load(key)?;
    Ok(Machine::record_for(stored, folder))
}

impl Actor for Session {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        if self.life == Life::Rebuilt {
            self.life = Life::First;
            self.on_event(Event::Rebuilt, ctx);
        }
    }
}

impl Supervised for Session {
    /// Stands in for a value that broke: drops its agent and starts from what is stored.
    fn restarting(&mut self, _ctx: &mut Self::Context) {
        self.agent = None;
        self.armed_for = None;
        self.life = Life::Rebuilt;
        let record = stored_record(self.key, &self.doors, &self.settings.folder)
            .expect("a session that cannot read its record is given up by its watch");
        self.machine = Machine::new(self.key, self.settings.clone(), record);
    }
}

impl Handler<Instruct> for Session {
    type Result = ();

    fn handle(&mut self, instruction: Instruct, ctx: &mut Self::Context) {
        self.on_event(Event::Instructed(instruction), ctx);
    }
}

impl Handler<AgentReport> for Session {
    type Result = ();

    fn handle(&mut self, report: AgentReport, ctx: &mut Self::Context) {
        self.on_event(Event::Agent(report.generation, report.event), ctx);
    }
}

impl Handler<SlotGranted> for Session {
    type Result = ();

    fn handle(&mut self, SlotGranted: SlotGranted, ctx: &mut Self::Context) {
        self.on_event(Event::SlotGranted, ctx);
    }
}

impl Handler<SlotDelayed> for Session {
    type Result = ();

    fn handle(&mut self, SlotDelayed { ahead }: SlotDelayed, ctx: &mut Self::Context) {
        self.on_event(Event::SlotDelayed { ahead }, ctx);
    }
}

impl Handler<YieldSlot> for Session {
    type Result = ();

    fn handle(&mut self, YieldSlot: YieldSlot, ctx: &mut Self::Context) {
        self.on_event(Event::YieldAsked, ctx);
    }
}

impl Handler<EndSession> for Session {
    type Result = ();

    fn handle(&mut self, EndSession { grace }: EndSession, ctx: &mut Self::Context) {
        let deadline = clock::now() + grace;
        self.on_event(Event::EndAsked { deadline }, ctx);
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

impl Handler<MoveTo> for Session {
    type Result = ();

    fn handle(&mut self, MoveTo(key): MoveTo, ctx: &mut Self::Context) {
        self.key = key;
        self.on_event(Event::Moved(key), ctx);
    }
}
