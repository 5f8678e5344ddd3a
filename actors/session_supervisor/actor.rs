//! Performs the session supervisor: starts sessions, hands them their instructions and slots.

mod drafts;
mod handover;
mod leaving;
mod lockdown;
mod posted;
mod turned_away;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix::fut::wrap_future;
use actix::prelude::*;
use bridge_texts::Say;
use tokio::sync::oneshot;
use tracing::{debug, error, info, warn};

use crate::clock;
use crate::fault_point;
use crate::ids::{ChatId, PromptId, SessionKey};
use crate::ports::StoreError;
use crate::session::settings::SettingsBook;
use crate::session::{
    Configure, EndSession, Memory, Prompt, Revoke, Session, SessionPorts, SlotDelayed, SlotGranted,
    TakeOver, YieldSlot,
};
use crate::session_supervisor::children::{Children, Lookup, PARKING_TIME};
use crate::session_supervisor::moves::Moves;
use crate::session_supervisor::restart_limit::SESSION_RESTARTS;
use crate::session_supervisor::slots::{Asker, SlotOrder, Slots};
use crate::session_supervisor::watch::{Fate, start_watched};
use crate::session_supervisor::{Deliver, EndAll, Reconfigure, SlotChange, SlotNews, texts};
use crate::told_chats::ToldChats;

/// How long the tree of an agent may take to die whose session was given up: nobody is left who
/// would hear of its end.
const DYING_TIME: Duration = Duration::from_secs(2);

/// How many messages may lie in a session's mailbox before the person is told to wait.
const SESSION_MAILBOX: usize = 256;

/// How often a chat is told to wait.
const TOO_MANY_TOLD_EVERY: Duration = Duration::from_secs(60);

/// Owns the sessions of all chats and the agents' slots.
#[expect(missing_debug_implementations, reason = "ports have nothing to show")]
pub struct SessionSupervisor {
    ports: SupervisorPorts,
    moves: Moves,
    children: Children<Addr<Session>>,
    slots: Slots,
    running: Running,
    /// The last prompt with an album that no session took.
    untaken_album: Option<Prompt>,
    /// Which chats were told that too much came at once.
    too_many_told: ToldChats,
    waiting_for_end: Vec<oneshot::Sender<()>>,
    /// Whose data is being deleted, and who waits for the end of their sessions.
    emptied: HashMap<ChatId, Vec<oneshot::Sender<()>>>,
}

/// Whether the bridge goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Running {
    GoesOn,
    /// No session may be started until the lockdown is over.
    LockedDown,
    Stops,
}

/// What the supervisor needs from outside.
#[expect(missing_debug_implementations, reason = "ports have nothing to show")]
pub struct SupervisorPorts {
    /// How many agents may live at once; at least 1.
    pub max_live: usize,
    /// What each chat goes by.
    pub book: Arc<SettingsBook>,
    /// What every session needs; the supervisor adds itself.
    pub session: SessionPorts,
}

/// A child's fate; sent by its watch.
#[derive(Message)]
#[rtype(result = "()")]
struct ChildFate {
    key: SessionKey,
    fate: Fate,
}

/// Whether a session took a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Yes,
    /// It has too many messages.
    Full,
    /// It has ended: what becomes of it will be told, and what is open then goes on elsewhere.
    Gone,
}

impl SessionSupervisor {
    /// Returns a supervisor without sessions.
    pub fn new(ports: SupervisorPorts) -> Self {
        let slots = Slots::new(ports.max_live);
        Self {
            ports,
            moves: Moves::default(),
            children: Children::default(),
            slots,
            running: Running::GoesOn,
            untaken_album: None,
            too_many_told: ToldChats::once_in(TOO_MANY_TOLD_EVERY),
            waiting_for_end: Vec::new(),
            emptied: HashMap::new(),
        }
    }

    fn start_session(
        &mut self,
        key: SessionKey,
        from: TakeOver,
        coming: Option<&PromptId>,
        ctx: &mut Context<Self>,
    ) -> Result<(), StoreError> {
        let me = ctx.address();
        let session = Session::open(
            key,
            self.ports.session.clone(),
            &self.ports.book,
            me.clone().recipient(),
            from,
            coming,
        )?;
        let address = start_watched(session, SESSION_MAILBOX, SESSION_RESTARTS, move |fate| {
            if me.try_send(ChildFate { key, fate }).is_err() {
                error!(%key, ?fate, "cannot report how a session ended");
            }
        });
        info!(%key, "session started");
        self.children.insert(key, address);
        fault_point!("supervisor.started");
        Ok(())
    }

    fn perform(&self, orders: Vec<SlotOrder>, ctx: &mut Context<Self>) {
        for order in orders {
            match order {
                SlotOrder::Grant(Asker { key, incarnation }) => {
                    self.insist(key, SlotGranted { to: incarnation }, ctx);
                }
                SlotOrder::Delay(Asker { key, incarnation }, ahead) => {
                    let to = incarnation;
                    self.insist(key, SlotDelayed { to, ahead }, ctx);
                }
                SlotOrder::AskToYield(Asker { key, incarnation }) => {
                    self.insist(key, YieldSlot { to: incarnation }, ctx);
                }
            }
        }
    }

    /// Tells a session, if it runs, in any case: one whose mailbox is full hears it as soon as
    /// there is room.
    fn insist<M>(&self, key: SessionKey, message: M, ctx: &mut Context<Self>)
    where
        M: Message<Result = ()> + Send + 'static,
        Session: Handler<M>,
    {
        let Lookup::Running(address) = self.children.lookup(key, clock::now()) else {
            return;
        };
        if let Err(SendError::Full(message)) = address.try_send(message) {
            let told = wrap_future::<_, Self>(address.send(message));
            ctx.spawn(told.map(move |told, _, _| {
                if told.is_err() {
                    warn!(%key, "a session ended before it could take a message");
                }
            }));
        }
    }

    fn insist_to_all<M>(&self, message: &M, ctx: &mut Context<Self>)
    where
        M: Message<Result = ()> + Clone + Send + 'static,
        Session: Handler<M>,
    {
        for (key, _) in self.children.running() {
            self.insist(key, message.clone(), ctx);
        }
    }

    fn send_to<M>(&self, key: SessionKey, message: M) -> Sent
    where
        M: Message<Result = ()> + Send + 'static,
        Session: Handler<M>,
    {
        let Lookup::Running(address) = self.children.lookup(key, clock::now()) else {
            return Sent::Gone;
        };
        match address.try_send(message) {
            Ok(()) => Sent::Yes,
            Err(SendError::Full(_)) => Sent::Full,
            Err(SendError::Closed(_)) => Sent::Gone,
        }
    }

    /// Returns the key that a session has now.
    fn current(&self, key: SessionKey) -> SessionKey {
        self.moves.current(key)
    }

    /// Returns what says things where no session does.
    fn say(&self) -> Say {
        self.ports.book.policy.language.say()
    }

    fn answer_if_all_ended(&mut self) {
        if self.children.running().next().is_none() {
            for waiting in self.waiting_for_end.drain(..) {
                // Whoever asked may have stopped waiting.
                waiting.send(()).ok();
            }
        }
    }
}

impl Actor for SessionSupervisor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        // News of many sessions may come in one go.
        ctx.set_mailbox_capacity(4096);
    }
}

impl Handler<Deliver> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, Deliver { key, instruction }: Deliver, ctx: &mut Self::Context) {
        let key = self.current(key);
        if self.running == Running::LockedDown {
            debug!(%key, "an instruction waits in the journal for the end of the lockdown");
            self.let_wait(key, &instruction);
            return;
        }
        if self.is_being_emptied(key.chat) {
            self.turn_away(key, &instruction, texts::being_deleted(self.say()));
            return;
        }
        let opened = match self.children.lookup(key, clock::now()) {
            Lookup::Running(_) => Ok(()),
            Lookup::Absent => {
                let coming = Some(instruction.id());
                self.start_session(key, TakeOver::OtherSession, coming, ctx)
            }
            Lookup::Parked { left } => {
                self.turn_away(key, &instruction, texts::turned_away(self.say(), left));
                return;
            }
        };
        match opened {
            Ok(()) => {
                if self.send_to(key, instruction.clone()) == Sent::Full {
                    self.turn_away_of_many(key, &instruction);
                }
            }
            Err(error) => {
                error!(%key, %error, "cannot open a session");
                self.turn_away(key, &instruction, texts::store_failed(self.say()));
            }
        }
    }
}

impl Handler<SlotNews> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, news: SlotNews, ctx: &mut Self::Context) {
        let asker = Asker {
            key: self.current(news.key),
            incarnation: news.incarnation,
        };
        if self.running == Running::LockedDown && news.change == SlotChange::Wanted {
            return;
        }
        let orders = self.slots.on_change(asker, news.change, clock::now());
        self.perform(orders, ctx);
    }
}

impl Handler<ChildFate> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, ChildFate { key, fate }: ChildFate, ctx: &mut Self::Context) {
        let key = self.current(key);
        match fate {
            // It says itself when its slot is free: the agent that it had may still be dying.
            Fate::Rebuilt { pause } => {
                warn!(%key, ?pause, "a session panicked and was rebuilt");
                self.lock_again(key, ctx);
                self.empty_again(key.chat, ctx);
                return;
            }
            Fate::GaveUp => {
                error!(%key, "a session panicked too often and is parked");
                self.children.park(key, clock::now());
                self.tell(key, texts::parked(self.say(), PARKING_TIME));
                self.give_up_what_is_open(key);
                if self.moves.has_successor(key) {
                    self.hand_over(key, TakeOver::OtherSession, ctx);
                }
                let orders = self.slots.give_up(key);
                self.perform(orders, ctx);
                ctx.run_later(DYING_TIME, move |supervisor, ctx| {
                    let orders = supervisor.slots.release(key, clock::now());
                    supervisor.perform(orders, ctx);
                });
            }
            Fate::Ended => {
                info!(%key, "session ended");
                let from = match self.children.remove(key) {
                    true => TakeOver::Lockdown,
                    false => TakeOver::OtherSession,
                };
                self.hand_over(key, from, ctx);
                let orders = self.slots.release(key, clock::now());
                self.perform(orders, ctx);
            }
        }
        self.answer_if_all_ended();
        self.answer_if_emptied(key.chat);
    }
}

impl Handler<Revoke> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, revoke: Revoke, ctx: &mut Self::Context) {
        let own = ChatId(revoke.user.0);
        if revoke.memory != Memory::Kept
            && let Err(error) = self.ports.session.store.forget_chat(own)
        {
            error!(chat = %own, %error, "cannot delete the session of a removed person");
        }
        // In a group anybody's prompt may run.
        self.insist_to_all(&revoke, ctx);
        self.close_without_a_session(revoke.user);
    }
}

impl Handler<Reconfigure> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, Reconfigure { book, max_live }: Reconfigure, ctx: &mut Self::Context) {
        self.ports.book = Arc::clone(&book);
        self.insist_to_all(&Configure(book), ctx);
        let orders = self.slots.resize(max_live, clock::now());
        self.perform(orders, ctx);
    }
}

impl Handler<EndAll> for SessionSupervisor {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, EndAll { grace }: EndAll, ctx: &mut Self::Context) -> Self::Result {
        self.running = Running::Stops;
        self.insist_to_all(&EndSession { grace }, ctx);
        let (tx, rx) = oneshot::channel();
        self.waiting_for_end.push(tx);
        self.answer_if_all_ended();
        Box::pin(async move {
            if tokio::time::timeout(grace + END_DEADLINE, rx)
                .await
                .is_err()
            {
                warn!("some sessions did not end in time; their agents end with the bridge");
            }
        })
    }
}

/// How long all sessions together may take to end beyond the grace of their turns; a killed tree
/// is gone in well under a second.
const END_DEADLINE: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests;
