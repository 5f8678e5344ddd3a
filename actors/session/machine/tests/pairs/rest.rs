//! How a machine comes to rest, what holds there, and that it lives on.

use std::time::Duration;

use super::chat::Chat;
use super::rules;
use super::world::Checked;
use crate::agent_event::Activity;
use crate::budget::Budgets;
use crate::session::agent::{Handshake, Life};
use crate::session::machine::Ending;
use crate::session::turn::Work;
use crate::timer::Lasts;

/// How a machine comes to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Every agent dies as soon as it can.
    Dies,
    /// No agent says a word any more, and timers are late.
    Silent,
    /// Agents work and say so.
    Works,
    /// The bridge stops.
    Ends,
}

/// More steps than any way to rest takes.
const STEPS_TO_REST: usize = 200;

impl Chat {
    /// Plays on until nothing happens any more.
    pub(super) fn come_to_rest(&mut self, rest: Rest) -> Checked {
        if rest == Rest::Ends {
            self.play("shutdown 30")?;
        }
        for _ in 0..STEPS_TO_REST {
            let awaits_files = self.machine().prompts.wait_for_files();
            let listens = self.machine().prompts.listens_to_next();
            let line = match (self.machine().agent.life(), rest) {
                _ if self.world.has_finished => "",
                (Life::Asleep, _) if self.machine().gathering.next_deadline().is_some() => "next",
                (Life::Asleep, Rest::Works) if listens => "heard QUEUED words",
                (Life::Asleep, _) if listens => "heard QUEUED !timed out",
                (Life::Asleep, Rest::Works) if awaits_files => "fetched QUEUED",
                (Life::Asleep, _) if awaits_files => "fetched QUEUED unreachable",
                (Life::Asleep, _) if self.machine().enquiries.wait_for_room() => "next",
                (Life::Asleep, _) => "",
                (Life::Waiting { .. }, _) => "granted",
                (Life::Live(_) | Life::Leaving(_), Rest::Dies) => "exit code 1",
                (Life::Live(_) | Life::Leaving(_), Rest::Silent | Rest::Ends) => {
                    match self.machine().next_deadline() {
                        Some(_) => "later",
                        None => "exit signal 9",
                    }
                }
                (Life::Leaving(_), Rest::Works) => "exit code 0",
                (Life::Live(_), Rest::Works) => self.next_word(),
            };
            match line {
                "" => return self.check_rest(),
                "later" => self.go_to_the_next_deadline(Duration::from_secs(600))?,
                line => self.play(line)?,
            };
        }
        Err("never comes to rest".to_owned())
    }

    /// Returns what an agent that works says next.
    fn next_word(&self) -> &'static str {
        if self.machine().prompts.listens_to_next() && self.machine().turn.is_none() {
            return "heard QUEUED words";
        }
        if self.machine().prompts.wait_for_files() && self.machine().turn.is_none() {
            return "fetched QUEUED";
        }
        let Life::Live(live) = self.machine().agent.life() else {
            return "heartbeat";
        };
        match (live.handshake(), &self.machine().turn) {
            (Handshake::Refused(_), _) => "exit code 1",
            (Handshake::Pending { .. }, _) => "ready compact",
            (Handshake::Done, Some(_)) if self.machine().requests.are_open() => "next",
            (Handshake::Done, Some(turn)) if turn.is_killed() => "exit signal 9",
            (Handshake::Done, Some(turn)) if turn.has_folded_end() => "idle",
            (Handshake::Done, Some(turn)) if turn.stop_reason().is_some() => "interrupted",
            (Handshake::Done, Some(turn)) if turn.how_far().1 == &Work::Unseen => "attempt",
            (Handshake::Done, Some(_)) => "answered done",
            (Handshake::Done, None) if live.activity() != Activity::Idle => "idle",
            (Handshake::Done, None) if self.machine().enquiries.wait_for_room() => "next",
            (Handshake::Done, None) if self.machine().enquiries.are_under_way() => {
                match self.machine().enquiries.waiting().next() {
                    Some(_) => "found ASKED context 5",
                    None => "next",
                }
            }
            (Handshake::Done, None) if self.machine().chat.has_timers() => {
                let mut timers = self.machine().chat.record().timers.iter();
                match timers.any(|timer| timer.set.lasts == Lasts::Process) {
                    true => "timer_came wakeup",
                    false => "timer_removed t1",
                }
            }
            (Handshake::Done, None) if self.machine().chat.has_background() => "in_background",
            (Handshake::Done, None) => "next",
        }
    }

    /// Lets a person write to a machine at rest, and checks that they are answered.
    pub(super) fn live_on(&mut self) -> Checked {
        if self.world.has_finished {
            return Ok(());
        }
        // A person whose turns are used up is answered on the next day.
        self.player.purse.limit(Budgets::default());
        for line in [
            "prompt on",
            "fetched QUEUED",
            "granted",
            "ready compact",
            "attempt",
            "answered fine",
            "idle",
        ] {
            self.play(line)?;
        }
        let n_open = self.world.open.len() - self.machine().prompts.offered().count();
        match (self.machine().agent.life(), n_open) {
            (Life::Live(_), 0) => Ok(()),
            _ => Err("does not live on".to_owned()),
        }
    }

    fn check_rest(&self) -> Checked {
        rules::check_rest(self.machine(), &self.world)?;
        let n_left = self.machine().prompts.n_waiting() + self.machine().gathering.len();
        // What waits for the end of a lockdown is told of then.
        let is_told_later = self.machine().ending == Ending::LockedDown;
        if self.world.has_finished && n_left > self.told_to_wait && !is_told_later {
            return Err("ends, and a prompt waits without a word".to_owned());
        }
        Ok(())
    }
}
