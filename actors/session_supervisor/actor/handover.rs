//! Who goes on with what a session leaves: the same one under another id, or another one.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tracing::{error, info};

use super::{Running, SessionSupervisor};
use crate::clock;
use crate::ids::SessionKey;
use crate::ports::{Open, StoreError};
use crate::session::{EndSession, MoveTo, TakeOver, TakeOverOpen};
use crate::session_supervisor::children::Lookup;
use crate::session_supervisor::moves::{Outcome, Presence, moved_record, outcome};
use crate::session_supervisor::{MoveChat, ResumeSession};

impl Handler<MoveChat> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, MoveChat { from, to }: MoveChat, ctx: &mut Self::Context) {
        let (from, to) = (SessionKey::of_chat(from), SessionKey::of_chat(to));
        if self.moves.is_known(from, to) {
            return;
        }
        info!(%from, %to, "a group has a new id");
        if let Err(error) = self.move_session(from, to, ctx) {
            error!(%from, %to, %error, "cannot move the session to the group's new id");
        }
    }
}

impl Handler<ResumeSession> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, ResumeSession { key, from }: ResumeSession, ctx: &mut Self::Context) {
        if self.running != Running::LockedDown
            && !self.is_being_emptied(key.chat)
            && self.children.lookup(key, clock::now()) == Lookup::Absent
            && let Err(error) = self.start_session(key, from, None, ctx)
        {
            error!(%key, %error, "cannot open a session with open prompts");
            self.tell(key, self.say().store_failed());
        }
    }
}

impl SessionSupervisor {
    /// Moves what is stored of a session, and the session itself if it runs. What it stores until
    /// it hears of that, it takes along itself.
    fn move_session(
        &mut self,
        from: SessionKey,
        to: SessionKey,
        ctx: &mut Context<Self>,
    ) -> Result<(), StoreError> {
        let store = Arc::clone(&self.ports.session.store);
        // All that can fail to be read comes before anything is written.
        let (old, new) = (store.load(from)?, store.load(to)?);
        let presence = |key, has_record| Presence {
            is_running: matches!(self.children.lookup(key, clock::now()), Lookup::Running(_)),
            has_record,
        };
        let outcome = outcome(presence(from, old.is_some()), presence(to, new.is_some()));
        self.ports.session.journal.move_session(from, to)?;
        match outcome {
            Outcome::Follows | Outcome::IsMoved => {
                if let Some(record) = old {
                    store.save(to, &moved_record(record, from.chat))?;
                }
                self.moves.note(from, to);
            }
            Outcome::Ends | Outcome::IsReplaced => self.moves.note_successor(from, to),
        }
        store.forget_chat(from.chat)?;
        match outcome {
            Outcome::Follows => {
                self.insist(from, MoveTo(to), ctx);
                self.children.rename(from, to);
                self.slots.rename(from, to);
            }
            Outcome::IsMoved => {}
            Outcome::Ends => {
                let grace = Duration::ZERO;
                self.insist(from, EndSession { grace }, ctx);
            }
            Outcome::IsReplaced => self.hand_over(from, TakeOver::OtherSession, ctx),
        }
        Ok(())
    }

    /// Lets what a session left open go on: in the session under the new id of its chat, or in a
    /// new one when a message crossed its end on the way.
    pub(super) fn hand_over(&mut self, key: SessionKey, from: TakeOver, ctx: &mut Context<Self>) {
        let taken_over = self.hand_over_to_successor(key);
        let taken_over = taken_over.and_then(|successor| match self.running {
            // What crossed its end goes with all the rest.
            Running::GoesOn if self.is_being_emptied(successor.chat) => Ok(()),
            Running::GoesOn => self.let_it_go_on(successor, from, ctx),
            // It waits in the journal.
            Running::LockedDown | Running::Stops => Ok(()),
        });
        if let Err(error) = taken_over {
            error!(%key, %error, "cannot resume what a session left open; it waits for the next \
                                  start");
        }
    }

    /// Gives all that a session has left, also what it stored on its way out, to whoever goes on
    /// with it; returns who that is.
    fn hand_over_to_successor(&mut self, key: SessionKey) -> Result<SessionKey, StoreError> {
        let Some(successor) = self.moves.take_successor(key) else {
            return Ok(key);
        };
        self.ports.session.journal.move_session(key, successor)?;
        self.ports.session.store.forget_chat(key.chat)?;
        Ok(successor)
    }

    fn let_it_go_on(
        &mut self,
        key: SessionKey,
        from: TakeOver,
        ctx: &mut Context<Self>,
    ) -> Result<(), StoreError> {
        let open = self.ports.session.journal.left_open(key)?;
        match self.children.lookup(key, clock::now()) {
            Lookup::Running(_) => self.insist(key, TakeOverOpen, ctx),
            // What only waits for a decision starts its session with the press.
            Lookup::Absent if open.iter().all(Open::waits_for_a_person) => {}
            Lookup::Absent => self.start_session(key, from, None, ctx)?,
            Lookup::Parked { .. } => self.give_up_what_is_open(key),
        }
        Ok(())
    }
}
