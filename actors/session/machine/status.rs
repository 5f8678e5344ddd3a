//! What `/status` says.

use crate::instruction::Role;
use crate::session::agent::{Handshake, Life};
use crate::session::step::Step;
use crate::session::texts;

use super::Machine;

impl Machine {
    /// Says what is going on.
    pub(super) fn status(&self, role: Role, step: &Step<'_>) -> String {
        let (say, now) = (step.say(), step.now());
        let asked = self.requests.state(step);
        let fetches = self.prompts.wait_for_files();
        let state = match (self.agent.life(), &self.turn) {
            (Life::Live(_), _) if let Some(asked) = asked => asked,
            (Life::Asleep | Life::Live(_), _)
                if self.turn.is_none() && self.prompts.listens_to_next() =>
            {
                say.state_transcribing()
            }
            (Life::Asleep, _) if fetches => say.state_fetching(),
            (Life::Asleep, _) => say.state_asleep(),
            (Life::Waiting { .. }, _) => say.state_waiting(),
            (Life::Leaving(_), _) => say.state_leaving(),
            (Life::Live(_), Some(turn)) => {
                say.state_working(texts::in_words(say, now.since(turn.started_at())))
            }
            (Life::Live(live), None)
                if live.works_by_itself(now) || self.chat.has_lasting_tasks() =>
            {
                say.state_background()
            }
            (Life::Live(_), None) if self.chat.has_background() => say.state_timer(),
            (Life::Live(_), None) if fetches => say.state_fetching(),
            (Life::Live(live), None) if live.handshake() != Handshake::Done => say.state_starting(),
            (Life::Live(_), None) => say.state_ready(),
        };
        let status = texts::Status {
            state,
            queued: self.prompts.n_waiting() + self.gathering.len(),
            goes_on: (self.prompts.goes_on_next())
                .map(|until| texts::goes_on(say, until, step.calendar())),
            conversation: self.chat.record().conversation.as_ref(),
            folder: &self.chat.record().folder,
            elsewhere: self.chat.works_elsewhere(),
            version: self.chat.version(),
            minimum: self.chat.newer_version_wanted(),
            ratings: Some(self.chat.record().ratings).filter(|_| role.is_in_charge()),
            home: self.chat.home_filling(),
            login_ends: self.chat.login_ends().map(|at| (at, step.calendar())),
            wall: self.chat.agent_settings().wall,
        };
        texts::status(say, status)
    }
}
