//! The agent that is there for its timers: kept, or started anew.

use std::time::Duration;

use crate::agent_event::AgentExit;
use crate::session::agent::Life;
use crate::session::step::Step;
use crate::session::texts;

use super::Machine;

/// How long timers keep an agent at most when another chat waits for its slot.
const HELD_FOR_TIMERS: Duration = Duration::from_secs(60 * 60);

impl Machine {
    /// Lets the agent go when its turn is over, or later if timers keep it.
    pub(super) fn on_yield_asked(&mut self, step: &mut Step<'_>) {
        if self.chat.timers_hold_the_slot() {
            self.agent.give_way_by(step.now() + HELD_FOR_TIMERS);
            return;
        }
        self.agent.want_room();
        self.make_room(step);
    }

    /// Looks at the calendar, and lets the slot go that timers hold no more.
    pub(super) fn see_to_timers(&mut self, step: &mut Step<'_>) {
        self.chat.see_to_timers(self.agent.live().is_some(), step);
        if self
            .agent
            .has_given_way(self.chat.timers_hold_the_slot(), step.now())
        {
            self.agent.want_room();
            self.make_room(step);
        }
        if !matches!(self.agent.life(), Life::Waiting { .. }) {
            self.chat.note_woken();
        }
    }

    /// Wants a slot for an agent that is to be there when its timer comes.
    pub(super) fn wake(&mut self, step: &mut Step<'_>) {
        let is_free = self.agent.is_asleep() && !self.is_ending();
        if is_free && self.chat.is_to_wake(step) {
            self.agent.want_slot(step);
        }
    }

    /// Tells whether an agent is wanted although no prompt waits for one.
    pub(super) fn is_wanted_without_prompt(&self) -> bool {
        self.enquiries.wait() || self.chat.is_waking()
    }

    /// Says that an agent did not start for its timers.
    pub(super) fn timers_are_missed(&mut self, exit: Option<&AgentExit>, step: &mut Step<'_>) {
        let missed = self.chat.skip_due_timers(step);
        if missed.is_empty() {
            return;
        }
        step.tell(texts::timers_missed(step.say(), &missed, exit));
    }
}
