//! What a session waits for outside of its mailbox: the disk and the time.

use actix::fut::wrap_future;
use actix::prelude::*;
use tracing::{debug, error};

use super::Session;
use crate::alarm::Alarm;
use crate::clock;
use crate::fault_point;
use crate::ids::Generation;
use crate::ports::AgentInput;
use crate::session::agent::held_input::Input;
use crate::session::event::Event;

impl Session {
    /// Puts a line on the agent's input, behind whatever waits for the disk.
    pub(super) fn write(&mut self, input: AgentInput, ctx: &mut Context<Self>) {
        let mut waiting = None;
        self.with_agent(|agent| match agent.held.take(input) {
            Input::Goes(input) => agent.handle.write(input),
            Input::Waits => {}
            Input::WaitsForDisk => waiting = Some(agent.generation),
        });
        if let Some(generation) = waiting {
            let synced = wrap_future::<_, Self>(self.ports.journal.synced());
            ctx.spawn(synced.map(move |synced, session, _| match synced {
                Ok(()) => session.on_synced(generation),
                // The store ends the bridge; until then nothing is begun that it does not know.
                Err(error) => error!(key = %session.key, %error, "cannot begin a prompt"),
            }));
        }
    }

    fn on_synced(&mut self, generation: Generation) {
        let agent = self.agent.as_mut();
        let Some(agent) = agent.filter(|agent| agent.generation == generation) else {
            return;
        };
        fault_point!("session.synced");
        for input in agent.held.on_synced() {
            agent.handle.write(input);
        }
        fault_point!("session.written");
    }

    /// Sees to it that a timer fires at the next deadline, or before it.
    pub(super) fn arm_timer(&mut self, ctx: &mut Context<Self>) {
        if let Some(deadline) = self.machine.next_deadline() {
            Alarm::arm(self, deadline.at, ctx, Self::alarm, Self::on_timer);
        }
    }

    fn alarm(&mut self) -> &mut Alarm {
        &mut self.alarm
    }

    fn on_timer(&mut self, ctx: &mut Context<Self>) {
        match self.machine.next_deadline() {
            Some(deadline) if deadline.at <= clock::now() => {
                debug!(key = %self.key, why = ?deadline.why, "a deadline is reached");
                self.on_event(Event::DeadlineReached, ctx);
            }
            Some(_) | None => self.arm_timer(ctx),
        }
    }
}
