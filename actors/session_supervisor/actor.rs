//! Performs the session supervisor: starts sessions, hands them their instructions and slots.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tracing::{error, info, warn};

use crate::clock;
use crate::ids::{ChatId, MessageId, SessionKey};
use crate::outbox::{Body, Post, PostAction, Rank, Sound};
use crate::ports::{SessionRecord, StoreError};
use crate::session::settings::SettingsBook;
use crate::session::{
    Configure, EndSession, Instruct, Memory, MoveTo, Revoke, Session, SessionDoors, SlotDelayed,
    SlotGranted, YieldSlot,
};
use crate::session_supervisor::children::{Children, Lookup};
use crate::session_supervisor::restart_limit::SESSION_RESTARTS;
use crate::session_supervisor::slots::{SlotOrder, Slots};
use crate::session_supervisor::watch::{Fate, start_watched};
use crate::session_supervisor::{Deliver, EndAll, EndChat, MoveChat, Reconfigure, SlotNews, texts};

/// How many messages may lie in a session's mailbox before the person is told to wait.
const SESSION_MAILBOX: usize = 256;

/// Owns the sessions of all chats and the agents' slots.
#[expect(missing_debug_implementations, reason = "doors have nothing to show")]
pub struct SessionSupervisor {
    doors: SupervisorDoors,
    /// Chats that have another id since; bounded by the groups of one run.
    moved: HashMap<SessionKey, SessionKey>,
    children: Children<Addr<Session>>,
    slots: Slots,
    waiting_for_end: Vec<tokio::sync::oneshot::Sender<()>>,
}

/// What the supervisor needs from outside.
#[expect(missing_debug_implementations, reason = "doors have nothing to show")]
pub struct SupervisorDoors {
    /// How many agents may live at once; at least 1.
    pub max_live: usize,
    /// What each chat goes by.
    pub book: Arc<SettingsBook>,
    /// What every session needs; the supervisor adds itself.
    pub session: SessionDoors,
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
    No,
}

impl SessionSupervisor {
    /// Returns a supervisor without sessions.
    pub fn new(doors: SupervisorDoors) -> Self {
        let slots = Slots::new(doors.max_live);
        Self {
            doors,
            moved: HashMap::new(),
            children: Children::default(),
            slots,
            waiting_for_end: Vec::new(),
        }
    }

    fn start_session(
        &mut self,
        key: SessionKey,
        ctx: &mut Context<Self>,
    ) -> Result<(), StoreError> {
        let me = ctx.address();
        let session = Session::open(
            key,
            self.doors.session.clone(),
            &self.doors.book,
            me.clone().recipient(),
        )?;
        let address = start_watched(session, SESSION_MAILBOX, SESSION_RESTARTS, move |fate| {
            if me.try_send(ChildFate { key, fate }).is_err() {
                error!(%key, ?fate, "the fate of a session could not be reported");
            }
        });
        info!(%key, "session started");
        self.children.insert(key, address);
        Ok(())
    }

    fn tell(&self, key: SessionKey, reply_to: Option<MessageId>, text: String) {
        let id = self.doors.session.post_ids.next();
        let body = Body::Plain(text);
        let action = PostAction::Send {
            id,
            body,
            reply_to,
            sound: Sound::Ring,
        };
        let post = Post {
            key,
            action,
            rank: Rank::Answer,
        };
        if self.doors.session.outbox.try_send(post).is_err() {
            error!(%key, "the outbox does not take a post");
        }
    }

    fn perform(&self, orders: Vec<SlotOrder>) {
        for order in orders {
            let sent = match order {
                SlotOrder::Grant(key) => self.send_to(key, SlotGranted),
                SlotOrder::Delay(key, ahead) => self.send_to(key, SlotDelayed { ahead }),
                SlotOrder::AskToYield(key) => self.send_to(key, YieldSlot),
            };
            if sent == Sent::No {
                warn!(?order, "a session does not take word about its slot");
            }
        }
    }

    fn send_to<M>(&self, key: SessionKey, message: M) -> Sent
    where
        M: Message<Result = ()> + Send + 'static,
        Session: Handler<M>,
    {
        match self.children.lookup(key, clock::now()) {
            Lookup::Running(address) if address.try_send(message).is_ok() => Sent::Yes,
            Lookup::Running(_) | Lookup::Absent | Lookup::Parked { .. } => Sent::No,
        }
    }

    /// Returns the key that a session has now.
    fn current(&self, key: SessionKey) -> SessionKey {
        self.moved.get(&key).copied().unwrap_or(key)
    }

    /// Moves what is stored of a session, and the session itself if it runs.
    fn move_session(&mut self, from: SessionKey, to: SessionKey) -> Result<(), StoreError> {
        let store = &self.doors.session.store;
        if let Some(record) = store.load(from)? {
            let home = Some(record.home.unwrap_or(from.chat));
            store.save(to, &SessionRecord { home, ..record })?;
            store.forget_chat(from.chat)?;
        }
        if self.send_to(from, MoveTo(to)) == Sent::Yes {
            self.children.rename(from, to);
            self.slots.rename(from, to);
        }
        for target in self.moved.values_mut().filter(|target| **target == from) {
            *target = to;
        }
        self.moved.insert(from, to);
        Ok(())
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
        let message = instruction.message();
        let opened = match self.children.lookup(key, clock::now()) {
            Lookup::Running(_) => Ok(()),
            Lookup::Absent => self.start_session(key, ctx),
            Lookup::Parked { left } => {
                self.tell(key, Some(message), texts::parked(left));
                return;
            }
        };
        match opened {
            Ok(()) => {
                if self.send_to(key, instruction) == Sent::No {
                    self.tell(key, Some(message), texts::too_many_messages());
                }
            }
            Err(error) => {
                error!(%key, %error, "a session could not be opened");
                self.tell(key, Some(message), texts::store_failed());
            }
        }
    }
}

impl Handler<SlotNews> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, news: SlotNews, _ctx: &mut Self::Context) {
        let key = self.current(news.key);
        let orders = self.slots.on_change(key, news.change, clock::now());
        self.perform(orders);
    }
}

impl Handler<ChildFate> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, ChildFate { key, fate }: ChildFate, _ctx: &mut Self::Context) {
        let key = self.current(key);
        match fate {
            Fate::Rebuilt { pause } => {
                warn!(%key, ?pause, "a session panicked and was rebuilt");
            }
            Fate::GaveUp => {
                error!(%key, "a session panicked too often and is parked");
                self.children.park(key, clock::now());
                self.tell(key, None, texts::parked(super::children::PARKING_TIME));
            }
            Fate::Ended => {
                info!(%key, "session ended");
                self.children.remove(key);
            }
        }
        let orders = self.slots.release(key, clock::now());
        self.perform(orders);
        self.answer_if_all_ended();
    }
}

impl Handler<Revoke> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, revoke: Revoke, _ctx: &mut Self::Context) {
        let own = ChatId(revoke.user.0);
        if revoke.memory == Memory::Forgotten
            && let Err(error) = self.doors.session.store.forget_chat(own)
        {
            error!(chat = %own, %error, "the session of a removed person is not forgotten");
        }
        // In a group anybody's prompt may run.
        for (key, address) in self.children.running() {
            if address.try_send(revoke).is_err() {
                error!(%key, user = %revoke.user, "a session does not take word of a revocation");
            }
        }
    }
}

impl Handler<Reconfigure> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, Reconfigure { book, max_live }: Reconfigure, _ctx: &mut Self::Context) {
        self.doors.book = Arc::clone(&book);
        for (key, address) in self.children.running() {
            if address.try_send(Configure(Arc::clone(&book))).is_err() {
                warn!(%key, "a session does not take the new configuration");
            }
        }
        let orders = self.slots.resize(max_live, clock::now());
        self.perform(orders);
    }
}

impl Handler<MoveChat> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, MoveChat { from, to }: MoveChat, _ctx: &mut Self::Context) {
        let (from, to) = (SessionKey::of_chat(from), SessionKey::of_chat(to));
        // Both sides of the move tell of it.
        if self.current(from) == to {
            return;
        }
        info!(%from, %to, "a group has another id");
        if let Err(error) = self.move_session(from, to) {
            error!(%from, %to, %error, "the session of a group cannot follow it");
        }
    }
}

impl Handler<EndChat> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, EndChat(chat): EndChat, _ctx: &mut Self::Context) {
        let of_chat = (self.children.running()).filter(|(key, _)| key.chat == chat);
        for (key, address) in of_chat {
            if address.try_send(EndSession).is_err() {
                warn!(%key, "a session does not take the order to end");
            }
        }
    }
}

impl Handler<EndAll> for SessionSupervisor {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, EndAll: EndAll, _ctx: &mut Self::Context) -> Self::Result {
        for (key, address) in self.children.running() {
            if address.try_send(EndSession).is_err() {
                warn!(%key, "a session does not take the order to end");
            }
        }
        let (tx, rx) = tokio::sync::oneshot::channel();
        self.waiting_for_end.push(tx);
        self.answer_if_all_ended();
        Box::pin(async move {
            if tokio::time::timeout(END_DEADLINE, rx).await.is_err() {
                warn!("some sessions did not end in time; their agents die with the bridge");
            }
        })
    }
}

/// How long all sessions together may take to end; a killed tree is gone in well under a second.
const END_DEADLINE: Duration = Duration::from_secs(15);

impl Instruct {
    /// Returns the message the instruction came in.
    pub fn message(&self) -> MessageId {
        match self {
            Instruct::Prompt(prompt) => prompt.message,
            Instruct::NewConversation { message }
            | Instruct::Stop { message }
            | Instruct::Status { message } => *message,
        }
    }
}

#[cfg(test)]
mod tests;
