//! Who goes on with what a session leaves: the same one under another id, or another one.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tracing::{error, info};

use super::{Running, SessionSupervisor};
use crate::clock;
use crate::ids::SessionKey;
use crate::ports::{Open, SessionRecord, StoreError};
use crate::session::{Adopt, EndSession, MoveTo, TakeOver};
use crate::session_supervisor::MoveChat;
use crate::session_supervisor::children::Lookup;

impl Handler<MoveChat> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, MoveChat { from, to }: MoveChat, ctx: &mut Self::Context) {
        let (from, to) = (SessionKey::of_chat(from), SessionKey::of_chat(to));
        // Both sides of the move tell of it.
        if self.current(from) == to {
            return;
        }
        info!(%from, %to, "a group has another id");
        if let Err(error) = self.move_session(from, to, ctx) {
            error!(%from, %to, %error, "the session of a group cannot follow it");
        }
    }
}

impl SessionSupervisor {
    /// Moves what is stored of a session, and the session itself if it runs.
    ///
    /// A session that has begun under the new id already goes on; the other one ends.
    fn move_session(
        &mut self,
        from: SessionKey,
        to: SessionKey,
        ctx: &mut Context<Self>,
    ) -> Result<(), StoreError> {
        let store = &self.doors.session.store;
        let moving = store.load(from)?;
        self.doors.session.journal.move_session(from, to)?;
        let is_running =
            |key| matches!(self.children.lookup(key, clock::now()), Lookup::Running(_));
        if is_running(to) || store.load(to)?.is_some() {
            let is_ending = is_running(from);
            store.forget_chat(from.chat)?;
            self.given_over.insert(from, to);
            if is_ending {
                let grace = Duration::ZERO;
                self.insist(from, EndSession { grace }, ctx);
            } else {
                self.see_to_what_it_left(from, ctx);
            }
            return Ok(());
        }
        if let Some(record) = moving {
            let home = Some(record.home.unwrap_or(from.chat));
            // The messages have other ids there.
            let moved = SessionRecord {
                home,
                cards: Vec::new(),
                turn_card: None,
                ..record
            };
            store.save(to, &moved)?;
            store.forget_chat(from.chat)?;
        }
        if is_running(from) {
            self.insist(from, MoveTo(to), ctx);
            self.children.rename(from, to);
            self.slots.rename(from, to);
        }
        for target in self.moved.values_mut().filter(|target| **target == from) {
            *target = to;
        }
        self.moved.insert(from, to);
        Ok(())
    }

    /// Lets what a session left open go on: in the session under the new id of its chat, or in a
    /// new one when a message crossed its end on the way.
    pub(super) fn see_to_what_it_left(&mut self, key: SessionKey, ctx: &mut Context<Self>) {
        if self.running == Running::Stops {
            return;
        }
        let heir = self.given_over.remove(&key);
        let taken_over = self.let_it_go_on(key, heir.unwrap_or(key), ctx);
        if let Err(error) = taken_over {
            error!(%key, %error, "what a session left open waits for the next start");
        }
    }

    fn let_it_go_on(
        &mut self,
        key: SessionKey,
        heir: SessionKey,
        ctx: &mut Context<Self>,
    ) -> Result<(), StoreError> {
        let journal = Arc::clone(&self.doors.session.journal);
        if heir != key {
            journal.move_session(key, heir)?;
            self.moved.insert(key, heir);
        }
        let open = journal.left_open(heir)?;
        match self.children.lookup(heir, clock::now()) {
            Lookup::Running(_) => self.insist(heir, Adopt, ctx),
            // What only waits for a decision starts its session with the press.
            Lookup::Absent if open.iter().all(Open::waits_for_a_person) => {}
            Lookup::Absent => self.start_session(heir, TakeOver::OtherSession, None, ctx)?,
            Lookup::Parked { .. } => self.give_up_what_is_open(heir),
        }
        Ok(())
    }
}
