//! What time brings: typing, silence, a stop that is not obeyed, idleness.

use crate::clock::Time;
use crate::outbox::Sign;
use crate::ports::AgentInput;
use crate::session::agent_event::{Activity, AgentExit, ExitStatus};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::policy::TYPING_INTERVAL;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{StopReason, Stopping, Turn};

use super::{Ending, Handshake, LeavingStage, Live, Machine, Phase};

impl Machine {
    /// Returns when the machine wants to be stepped again with
    /// [`Event::DeadlineReached`](crate::session::event::Event::DeadlineReached).
    pub fn next_deadline(&self) -> Option<Time> {
        match &self.phase {
            Phase::Asleep => self.chat.next_deadline(),
            Phase::Waiting { .. } => None,
            Phase::Leaving(leaving) => Some(leaving.deadline),
            Phase::Live(live) => {
                let handshake = match live.handshake {
                    Handshake::Pending { deadline } => Some(deadline),
                    Handshake::Done | Handshake::Refused(_) => None,
                };
                let work = match (&live.turn, live.activity) {
                    (Some(turn), _) => self.turn_deadline(turn),
                    (None, Activity::Idle) => {
                        Some(live.idle_since + self.chat.policy().idle_timeout)
                    }
                    (None, Activity::Running | Activity::WaitsForUs) => None,
                };
                let end = self.ending_deadline();
                let request = self.requests.next_deadline();
                [handshake, work, end, request].into_iter().flatten().min()
            }
        }
    }

    fn ending_deadline(&self) -> Option<Time> {
        match self.ending {
            Ending::No => None,
            Ending::Asked { deadline } => Some(deadline),
        }
    }

    /// While a person is asked, the agent may be silent and nobody types; who has a card or a draft
    /// sees more than that somebody types.
    fn turn_deadline(&self, turn: &Turn) -> Option<Time> {
        let is_asking = self.requests.are_open();
        let stop_or_silence = match turn.stopping {
            Stopping::No if is_asking => return None,
            Stopping::No => turn.last_sign_at + self.chat.policy().silence_limit,
            Stopping::Asked { deadline, .. }
            | Stopping::Signalled { deadline, .. }
            | Stopping::Killed { deadline, .. } => deadline,
        };
        if is_asking {
            return Some(stop_or_silence);
        }
        let card = self.card_due(turn);
        let typing = (!turn.card.is_shown()).then_some(turn.typing_at);
        [Some(stop_or_silence), typing, card]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn on_deadline(&mut self, step: &mut Step<'_>) {
        if self.requests.on_deadline(step) {
            self.go_on_after_request(step);
        }
        match &mut self.phase {
            Phase::Asleep => {
                if self.chat.is_to_retire(step.now()) {
                    step.push(Effect::Finish);
                }
            }
            Phase::Waiting { .. } => {}
            Phase::Leaving(leaving) => {
                if step.now() >= leaving.deadline {
                    match leaving.stage {
                        LeavingStage::Closed => self.leave(LeavingStage::Killed, step),
                        LeavingStage::Killed => self.on_exit(&unseen_end(), step),
                    }
                }
            }
            Phase::Live(live) => {
                let is_over = match self.ending {
                    Ending::No => false,
                    Ending::Asked { deadline } => step.now() >= deadline,
                };
                if is_over {
                    self.end_now(step);
                } else if is_past(live.handshake, step.now()) {
                    self.on_start_timeout(step);
                } else if live.turn.is_some() {
                    self.on_turn_deadline(step);
                } else if is_idle_for_long(live, step.now(), self.chat.policy().idle_timeout) {
                    self.leave(LeavingStage::Closed, step);
                }
            }
        }
    }

    /// Tells whether an event does not count as something that happens to a session that sleeps:
    /// time, and late words of an agent.
    pub(super) fn sleeps_through(&self, event: &Event) -> bool {
        let is_asleep = matches!(self.phase, Phase::Asleep);
        is_asleep && matches!(event, Event::DeadlineReached | Event::Agent(..))
    }

    fn on_start_timeout(&mut self, step: &mut Step<'_>) {
        let limit = self.chat.policy().start_timeout;
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let message = match live.turn.take() {
            Some(turn) => Some(turn.prompt.message),
            None => self.prompts.take_next().map(|prompt| prompt.message),
        };
        if let Some(message) = message {
            step.reply(message, texts::start_timed_out(limit));
        }
        self.leave(LeavingStage::Killed, step);
    }

    fn renew_card_if_due(&mut self, step: &mut Step<'_>) {
        let Phase::Live(live) = &self.phase else {
            return;
        };
        let due = live.turn.as_deref().and_then(|turn| self.card_due(turn));
        if !self.requests.are_open() && due.is_some_and(|due| due <= step.now()) {
            self.show_card(step);
        }
    }

    fn on_turn_deadline(&mut self, step: &mut Step<'_>) {
        self.renew_card_if_due(step);
        let key = self.key;
        let is_asking = self.requests.are_open();
        let silence_limit = self.chat.policy().silence_limit;
        let Phase::Live(Live {
            turn: Some(turn), ..
        }) = &mut self.phase
        else {
            return;
        };
        if step.now() >= turn.typing_at && !is_asking && !turn.card.is_shown() {
            turn.typing_at = step.now() + TYPING_INTERVAL;
            step.push(Effect::Sign(Sign::Typing { key }));
        }
        match turn.stopping {
            Stopping::No if !is_asking && step.now() >= turn.last_sign_at + silence_limit => {
                turn.ask_to_stop(StopReason::Silence, step.now());
                step.write(AgentInput::Interrupt);
            }
            Stopping::Asked { reason, deadline } if step.now() >= deadline => {
                turn.signal(reason, step.now());
                step.push(Effect::SignalInterrupt);
            }
            Stopping::Signalled { reason, deadline } if step.now() >= deadline => {
                turn.kill(reason, step.now());
                step.push(Effect::KillAgent);
            }
            Stopping::Killed { deadline, .. } if step.now() >= deadline => {
                self.on_exit(&unseen_end(), step);
            }
            Stopping::No
            | Stopping::Asked { .. }
            | Stopping::Signalled { .. }
            | Stopping::Killed { .. } => {}
        }
    }
}

fn is_past(handshake: Handshake, now: Time) -> bool {
    match handshake {
        Handshake::Pending { deadline } => now >= deadline,
        Handshake::Done | Handshake::Refused(_) => false,
    }
}

fn is_idle_for_long(live: &Live, now: Time, limit: std::time::Duration) -> bool {
    live.activity == Activity::Idle && now >= live.idle_since + limit
}

/// Stands for the end of an agent that was killed and whose end was never reported.
fn unseen_end() -> AgentExit {
    const SIGKILL: i32 = 9;
    AgentExit {
        status: ExitStatus::Signal(SIGKILL),
        stderr: String::new(),
    }
}
