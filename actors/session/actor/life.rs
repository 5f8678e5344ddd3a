//! How a session begins, and begins anew after a fault.

use std::path::Path;

use actix::prelude::*;
use tracing::error;

use super::{Session, SessionPorts};
use crate::agent_event::AgentEvent;
use crate::alarm::Alarm;
use crate::clock;
use crate::ids::{Generation, Incarnation, PromptId, SessionKey};
use crate::ports::{AgentReport, SessionRecord, StoreError};
use crate::session::event::Event;
use crate::session::machine::Machine;
use crate::session::{MoveTo, TakeOver};
use crate::session_supervisor::SlotChange;

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
    /// Stands in for a value that broke: ends its agent and starts from what is stored.
    fn restarting(&mut self, _: &mut Self::Context) {
        let dying = self.end_agent();
        self.listening.clear();
        self.alarm = Alarm::default();
        let record = stored_record(self.key, &self.ports, &self.settings.folder)
            .expect("a session that cannot read its record is given up by its watch");
        let open = self.ports.journal.left_open(self.key);
        let open = open.expect("a session that cannot read its prompts is given up by its watch");
        let suspects = match std::mem::replace(&mut self.in_hand, InHand::Nothing) {
            InHand::Nothing => Vec::new(),
            InHand::Open => open.iter().map(|open| open.id().clone()).collect(),
            InHand::Instruction(id) => vec![id],
        };
        self.beginning = Some((TakeOver::BrokenValue { suspects }, open));
        self.machine = Machine::new(self.key, self.settings.clone(), record);
        self.incarnation = Incarnation(self.incarnation.0 + 1);
        match dying {
            Some(generation) => {
                self.machine.outlived_by(generation, clock::now());
                self.tell_of_slot(SlotChange::Withdrawn);
            }
            None => self.tell_of_slot(SlotChange::Released),
        }
    }
}

impl Session {
    /// Notes that an agent is gone, before anything is done about it that could break.
    pub(super) fn note_end(&mut self, report: &AgentReport) {
        let agent = self.agent.as_mut();
        if let Some(agent) = agent.filter(|agent| agent.generation == report.generation) {
            let is_end = |event: &AgentEvent| matches!(event, AgentEvent::Exited(_));
            agent.is_gone = report.events.iter().any(is_end);
        }
    }

    /// Ends the agent of a value that broke, and returns it if it has still to die: it keeps its
    /// slot, and its conversation, until it is gone.
    fn end_agent(&mut self) -> Option<Generation> {
        let agent = self.agent.as_mut().filter(|agent| !agent.is_gone);
        let Some(agent) = agent else {
            self.agent = None;
            return None;
        };
        agent.held.drop_all();
        agent.handle.kill();
        Some(agent.generation)
    }
}

impl Handler<MoveTo> for Session {
    type Result = ();

    fn handle(&mut self, MoveTo(key): MoveTo, ctx: &mut Self::Context) {
        let former = std::mem::replace(&mut self.key, key);
        self.ports.purse.move_session(former, key);
        // What was written before this was read lies under the former key.
        if let Err(error) = self.ports.journal.move_session(former, key) {
            error!(%former, %key, %error, "cannot move open work to the group's new id");
        }
        self.on_event(Event::Moved(key), ctx);
        if let Err(error) = self.ports.store.forget_chat(former.chat) {
            error!(%former, %key, %error, "cannot delete the record under the group's former id");
        }
    }
}

fn stored_record(
    key: SessionKey,
    ports: &SessionPorts,
    folder: &Path,
) -> Result<SessionRecord, StoreError> {
    let stored = ports.store.load(key)?;
    Ok(Machine::record_for(stored, folder))
}
