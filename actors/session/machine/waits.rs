//! What time brings: typing, silence, a stop that is not obeyed, idleness.

use crate::agent_event::{AgentExit, ExitStatus};
use crate::chat_settings::Drafts;
use crate::session::agent::{BusyWith, LeavingStage, Life, Overdue};
use crate::session::deadline::{Deadline, Why, first};
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Closing, Lost, ShowWish, Waits, tell_dropped};

use super::{Ending, Machine};

impl Machine {
    /// Returns when the machine wants to be stepped again with
    /// [`Event::DeadlineReached`](crate::session::event::Event::DeadlineReached), and why.
    pub fn next_deadline(&self) -> Option<Deadline> {
        let policy = self.chat.policy();
        let turn = self.turn.as_deref();
        let agent = self.agent.next_deadline(self.busy_with(), policy);
        let next = match self.agent.life() {
            Life::Asleep => {
                let wakes = self.chat.wake_deadline().filter(|_| !self.is_ending());
                first([self.chat.next_deadline(), wakes])
            }
            Life::Waiting { .. } => None,
            Life::Leaving(_) => agent,
            Life::Live(_) => {
                let wish = self.show_wish();
                let turn = turn.and_then(|turn| turn.next_deadline(wish, policy));
                let end = match self.ending {
                    Ending::No | Ending::LockedDown => None,
                    Ending::Asked { deadline } => Some(Why::SessionEnds.at(deadline)),
                };
                let requests = self.requests.next_deadline();
                let timers = [self.chat.timer_deadline(), self.agent.way_deadline()];
                let others = [agent, turn, end, requests, self.files.next_deadline()];
                first(others.into_iter().chain(timers))
            }
        };
        let gathers = self.gathering.next_deadline();
        let gathers = gathers.filter(|_| !self.is_ending());
        let halted = self.prompts.halted_deadline();
        let halted = halted.filter(|_| !self.is_ending());
        let inbox = self.inbox.next_deadline();
        let archive = self.archive.next_deadline();
        let enquiries = self.enquiries.next_deadline();
        first([next, gathers, halted, inbox, archive, enquiries])
    }

    pub(super) fn on_deadline(&mut self, step: &mut Step<'_>) {
        if self.agent.live().is_some() {
            self.chat.see_to_timers(true, step);
        }
        self.inbox.on_deadline(step);
        self.archive.on_deadline(step);
        let is_over = self.enquiries.on_deadline(step);
        self.on_work_deadline(step);
        // Last, so that nothing is begun by an agent that goes in the same step.
        if is_over {
            self.begin_anew_after_login(step);
            self.go_on_after_enquiries(step);
        }
        self.on_gathered(step);
    }

    fn on_work_deadline(&mut self, step: &mut Step<'_>) {
        for request in self.requests.on_deadline(step) {
            self.go_on_after_request(step);
            self.note_decided(&request, false, step);
        }
        if self.files.are_under_way() {
            self.go_on_after_files(step);
            self.files.on_deadline(step);
        }
        self.wake(step);
        self.go_on_if_due(step);
        if self.agent.is_asleep() && self.chat.is_to_retire(step.now()) {
            self.chat.keep_answered(step);
            step.push(Effect::Finish);
        }
        let is_over = match self.ending {
            Ending::No | Ending::LockedDown => false,
            Ending::Asked { deadline } => step.now() >= deadline,
        };
        if self.agent.live().is_some() && is_over {
            self.end_now(step);
            return;
        }
        match self.agent.on_deadline(self.busy_with(), step) {
            Overdue::Start => self.on_start_timeout(step),
            Overdue::Idle => self.leave(LeavingStage::Closed, step),
            Overdue::Silent => {
                let limit = step.policy().background_silence();
                step.say_end(texts::background_is_silent(step.say(), limit), None);
                self.leave(LeavingStage::Killed, step);
            }
            Overdue::Leave => self.leave(LeavingStage::Killed, step),
            Overdue::End => self.on_exit(&unseen_end(), step),
            Overdue::No => self.on_turn_deadline(step),
        }
    }

    /// Goes on with a prompt that the API had stopped.
    fn go_on_if_due(&mut self, step: &mut Step<'_>) {
        if self.is_ending() {
            return;
        }
        if let Some(prompt) = self.prompts.take_due(step) {
            self.queue_up(prompt, step);
        }
    }

    fn on_start_timeout(&mut self, step: &mut Step<'_>) {
        let limit = step.policy().start_timeout;
        let why = texts::start_timed_out(step.say(), limit);
        self.enquiries.give_up(&why, step);
        let (message, n_beside) = match self.turn.take() {
            Some(turn) => {
                let (message, n_beside) = (turn.prompt().message, turn.n_steered());
                let (_, remains) = turn.cut(self.chat.record().detail, step);
                self.closing = Some(Closing::cut(remains));
                (Some(message), n_beside)
            }
            None => (self.prompts.take_next().map(|prompt| prompt.message), 0),
        };
        match message {
            Some(message) => drop(step.reply(message, why)),
            None => self.timers_are_missed(None, step),
        }
        tell_dropped(n_beside, step);
        self.leave(LeavingStage::Killed, step);
    }

    fn on_turn_deadline(&mut self, step: &mut Step<'_>) {
        let wish = self.show_wish();
        let Some(turn) = &mut self.turn else { return };
        match turn.on_deadline(wish, step) {
            Lost::No => {}
            Lost::Yes => self.on_exit(&unseen_end(), step),
        }
    }

    /// Returns what keeps the agent busy.
    fn busy_with(&self) -> BusyWith {
        match (&self.turn, self.requests.are_open()) {
            (Some(_), _) => BusyWith::Turn,
            (None, true) => BusyWith::Request,
            (None, false) if self.chat.has_background() || self.chat.has_due_timer() => {
                BusyWith::Background
            }
            (None, false) if self.enquiries.are_under_way() => BusyWith::Background,
            (None, false) => BusyWith::Itself,
        }
    }

    /// Returns whom a turn waits for.
    fn waits(&self) -> Waits {
        match self.requests.open_since() {
            Some(since) => Waits::ForPerson { since },
            None => Waits::ForAgent,
        }
    }

    /// Returns what the chat wants to see of its turns.
    fn show_wish(&self) -> ShowWish {
        let record = self.chat.record();
        ShowWish {
            detail: record.detail,
            drafts: match self.key.chat.is_private() {
                true => record.drafts,
                false => Drafts::Off,
            },
            waits: self.waits(),
        }
    }
}

/// Stands for the end of an agent that was killed and whose end was never reported.
fn unseen_end() -> AgentExit {
    const SIGKILL: i32 = 9;
    AgentExit {
        status: ExitStatus::Signal(SIGKILL),
        stderr: String::new(),
    }
}
