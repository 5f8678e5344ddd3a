//! The end of Claude's login: known from its answers, told before it comes.

use super::Chat;
use crate::chat_settings::Wall;
use crate::clock::UnixSeconds;
use crate::login_end::LoginEnd;
use crate::session::step::Step;
use crate::session::texts;

impl Chat {
    /// Takes in when the login ends; tells the person once that it does soon, and once that it may at
    /// any time.
    pub(in crate::session) fn on_login_ends(&mut self, at: UnixSeconds, step: &mut Step<'_>) {
        self.agent.login_ends = Some(at);
        let end = LoginEnd::of(at, step.calendar());
        let told = std::mem::replace(&mut self.record.told_of_login, end);
        if end > told {
            let is_of_host = self.agent_settings().wall == Wall::Off;
            let text = texts::login_ends(step.say(), (at, step.calendar()), is_of_host);
            step.tell(text);
        }
        if end != told {
            self.store(step);
        }
    }

    /// Returns when the login of the agent that ran last ends, where it has said so.
    pub(in crate::session) fn login_ends(&self) -> Option<UnixSeconds> {
        self.agent.login_ends
    }
}
