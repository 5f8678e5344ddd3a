//! The ladder of a stop: asked, signalled, killed; and what silence and a stop wait for.

use super::work::Work;
use super::{ShowWish, Turn};
use crate::clock::Time;
use crate::ids::PromptId;
use crate::outbox::Sign;
use crate::ports::AgentInput;
use crate::session::deadline::{Deadline, Why, first};
use crate::session::effect::Effect;
use crate::session::policy::{INTERRUPT_GRACE, KILL_GRACE, Policy, SIGNAL_GRACE, TYPING_INTERVAL};
use crate::session::step::Step;

/// How far a stop has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Stopping {
    /// Nobody asked for one.
    No,
    /// The agent was asked; at the deadline it gets SIGINT.
    Asked { reason: StopReason, deadline: Time },
    /// It got SIGINT; at the deadline it is killed.
    Signalled { reason: StopReason, deadline: Time },
    /// It was killed; at the deadline its end is taken for granted.
    Killed { reason: StopReason, deadline: Time },
}

/// Why a turn is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum StopReason {
    /// The person said so.
    Person,
    /// There was no sign of life for too long.
    Silence,
    /// Whoever wrote the prompt may no longer come in.
    Revoked,
}

/// What a turn may wait for: while a person is asked, the agent may be silent and nobody types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Waits {
    /// The agent.
    ForAgent,
    /// A person.
    ForPerson { since: Time },
}

/// What the end of a wait means for the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Lost {
    /// Nothing.
    No,
    /// It was killed, and its end is taken for granted.
    Yes,
}

impl Turn {
    /// Asks it to stop, or ends it by force when it was asked before.
    pub(in crate::session) fn stop_harder(&mut self, step: &mut Step<'_>) {
        match self.stopping {
            // An interrupt leaves what was said meanwhile alive, and it would run next.
            Stopping::No if self.steered.iter().any(|steered| !steered.is_taken) => {
                self.kill(StopReason::Person, step);
            }
            Stopping::No => self.ask_to_stop(StopReason::Person, step),
            // The person is out of patience: no more grace.
            Stopping::Asked { .. } | Stopping::Signalled { .. } => {
                self.kill(StopReason::Person, step);
            }
            Stopping::Killed { .. } => {}
        }
    }

    fn ask_to_stop(&mut self, reason: StopReason, step: &mut Step<'_>) {
        let deadline = step.now() + INTERRUPT_GRACE;
        self.stopping = Stopping::Asked { reason, deadline };
        step.write(AgentInput::Interrupt);
    }

    fn signal(&mut self, reason: StopReason, step: &mut Step<'_>) {
        let deadline = step.now() + SIGNAL_GRACE;
        self.stopping = Stopping::Signalled { reason, deadline };
        step.push(Effect::SignalInterrupt);
    }

    /// Ends it by force.
    pub(in crate::session) fn kill(&mut self, reason: StopReason, step: &mut Step<'_>) {
        let deadline = step.now() + KILL_GRACE;
        self.stopping = Stopping::Killed { reason, deadline };
        step.push(Effect::KillAgent);
    }

    /// Returns how far a stop has come.
    pub(in crate::session) fn stopping(&self) -> Stopping {
        self.stopping
    }

    /// Tells whether its agent was killed.
    pub(in crate::session) fn is_killed(&self) -> bool {
        matches!(self.stopping, Stopping::Killed { .. })
    }

    /// Returns why the turn is being stopped, if it is.
    pub(in crate::session) fn stop_reason(&self) -> Option<StopReason> {
        match self.stopping {
            Stopping::No => None,
            Stopping::Asked { reason, .. }
            | Stopping::Signalled { reason, .. }
            | Stopping::Killed { reason, .. } => Some(reason),
        }
    }

    /// Returns, once it is being stopped, what was given to the agent for it: it never runs again by
    /// itself, also when the bridge dies before the agent has obeyed.
    pub(in crate::session) fn note_stop(&mut self) -> Vec<PromptId> {
        if self.stop_reason().is_none() || std::mem::replace(&mut self.is_stop_noted, true) {
            return Vec::new();
        }
        let unread = self.steered.iter().filter(|steered| !steered.is_taken);
        let mut given: Vec<_> = unread.map(|steered| steered.prompt.id.clone()).collect();
        if self.work == Work::Unseen {
            given.push(self.prompt.id.clone());
        }
        given
    }

    /// Returns what is waited for; whoever has a card or a draft sees more than that somebody types.
    pub(in crate::session) fn next_deadline(
        &self,
        wish: ShowWish,
        policy: &Policy,
    ) -> Option<Deadline> {
        let stop = match (self.stopping, wish.waits) {
            (Stopping::No, Waits::ForPerson { .. }) => None,
            (Stopping::No, Waits::ForAgent) => {
                Some(Why::TurnIsSilent.at(self.last_sign_at + policy.silence_limit))
            }
            (
                Stopping::Asked { deadline, .. }
                | Stopping::Signalled { deadline, .. }
                | Stopping::Killed { deadline, .. },
                Waits::ForPerson { .. } | Waits::ForAgent,
            ) => Some(Why::TurnStops.at(deadline)),
        };
        let types = wish.waits == Waits::ForAgent && !self.view.is_shown();
        let typing = types.then(|| Why::TurnTypes.at(self.typing_at));
        let show = self.show_due(wish).map(|due| Why::TurnShows.at(due));
        first([stop, typing, show])
    }

    /// Shows it, types, stops an agent that is silent, and ends one by force that does not obey.
    pub(in crate::session) fn on_deadline(&mut self, wish: ShowWish, step: &mut Step<'_>) -> Lost {
        let now = step.now();
        let is_heard = wish.waits == Waits::ForAgent;
        self.show_if_due(wish, step);
        if now >= self.typing_at && is_heard && !self.view.is_shown() {
            self.typing_at = now + TYPING_INTERVAL;
            let key = step.key();
            step.push(Effect::Sign(Sign::Typing { key }));
        }
        let silence_limit = step.policy().silence_limit;
        match self.stopping {
            Stopping::No if is_heard && now >= self.last_sign_at + silence_limit => {
                self.ask_to_stop(StopReason::Silence, step);
            }
            Stopping::Asked { reason, deadline } if now >= deadline => self.signal(reason, step),
            Stopping::Signalled { reason, deadline } if now >= deadline => {
                self.kill(reason, step);
            }
            Stopping::Killed { deadline, .. } if now >= deadline => return Lost::Yes,
            Stopping::No
            | Stopping::Asked { .. }
            | Stopping::Signalled { .. }
            | Stopping::Killed { .. } => {}
        }
        Lost::No
    }
}
