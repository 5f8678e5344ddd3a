//! How a session begins, and begins anew after a fault.

use std::path::Path;

use actix::prelude::*;

use super::{Session, SessionDoors};
use crate::ids::{PromptId, SessionKey};
use crate::ports::{Open, SessionRecord, StoreError};
use crate::session::event::Event;
use crate::session::machine::Machine;

/// Why a session is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start<'a> {
    /// An earlier run of the bridge left something open.
    AfterRestart,
    /// This is about to be handed to it.
    For(&'a PromptId),
    /// Another session left something open.
    ForLeftovers,
}

/// What a session begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Nothing, or it has begun.
    Done,
    /// What an earlier run of the bridge left open.
    Resume(Vec<Open>),
    /// What another session of this run left open.
    Adopt(Vec<Open>),
    /// What the value that it stands in for left open, and what that one may have broken on.
    Rebuild(Vec<Open>, Vec<PromptId>),
}

impl Beginning {
    /// Returns what a session begins with of what is open.
    pub(super) fn of(start: Start<'_>, mut open: Vec<Open>) -> Self {
        match start {
            Start::AfterRestart => Self::Resume(open),
            Start::For(coming) => {
                open.retain(|open| open.id() != coming);
                Self::Adopt(open)
            }
            Start::ForLeftovers => Self::Adopt(open),
        }
    }
}

/// What the session is doing right now: what it breaks on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum InHand {
    /// Nothing that is in the journal.
    Nothing,
    /// It takes over what was left open.
    Open,
    /// This instruction.
    Instruction(PromptId),
}

impl Actor for Session {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.in_hand = InHand::Open;
        match std::mem::replace(&mut self.beginning, Beginning::Done) {
            Beginning::Done => {}
            Beginning::Resume(open) if open.is_empty() && !self.machine.has_cards() => {}
            Beginning::Adopt(open) if open.is_empty() && !self.machine.has_cards() => {}
            Beginning::Resume(open) => self.on_event(Event::Resumed(open), ctx),
            Beginning::Adopt(open) => self.on_event(Event::Adopted(open), ctx),
            Beginning::Rebuild(open, suspects) => {
                self.on_event(Event::Rebuilt { open, suspects }, ctx);
            }
        }
        self.in_hand = InHand::Nothing;
    }
}

impl Supervised for Session {
    /// Stands in for a value that broke: drops its agent and starts from what is stored.
    fn restarting(&mut self, ctx: &mut Self::Context) {
        self.agent = None;
        self.alarm.disarm();
        if let Some(timer) = self.timer.take() {
            ctx.cancel_future(timer);
        }
        let record = stored_record(self.key, &self.doors, &self.settings.folder)
            .expect("a session that cannot read its record is given up by its watch");
        let open = self.doors.journal.left_open(self.key);
        let open = open.expect("a session that cannot read its prompts is given up by its watch");
        let suspects = match std::mem::replace(&mut self.in_hand, InHand::Nothing) {
            InHand::Nothing => Vec::new(),
            InHand::Open => open.iter().map(|open| open.id().clone()).collect(),
            InHand::Instruction(id) => vec![id],
        };
        self.beginning = Beginning::Rebuild(open, suspects);
        self.machine = Machine::new(self.key, self.settings.clone(), record);
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
