//! How a session begins, and begins anew after a fault.

use std::path::Path;

use actix::prelude::*;

use super::{Session, SessionDoors};
use crate::ids::{PromptId, SessionKey};
use crate::ports::{SessionRecord, StoreError};
use crate::session::TakeOver;
use crate::session::event::Event;
use crate::session::machine::Machine;

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
        if let Some((from, open)) = self.beginning.take() {
            self.on_event(Event::TakenOver(from, open), ctx);
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
        self.beginning = Some((TakeOver::BrokenValue { suspects }, open));
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
