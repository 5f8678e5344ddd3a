//! What becomes of a login: its page, its code, its end.

use super::Enquiries;
use super::asked::{Asked, State};
use super::login::Login;
use crate::enquiry::{Enquiry, Findings};
use crate::ids::{MessageId, PostId, UserId};
use crate::session::step::Step;

/// What came of a code that the agent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum NewLogin {
    /// The agent has a login that it did not begin with: this person brought it.
    Of(UserId),
    /// It has none: the code of this person was refused.
    Refused(UserId),
    /// Nobody knows whether it has.
    Unknown,
}

impl Enquiries {
    /// Tells whether somebody waits for an agent in order to log in.
    pub(in crate::session) fn want_login(&self) -> bool {
        let wants = |asked: &Asked| asked.enquiry == Enquiry::LogIn && asked.state == State::Waits;
        self.asked.iter().any(wants)
    }

    /// Tells whether a login of this person waits for its code.
    pub(in crate::session) fn expect_code_of(&self, user: UserId) -> bool {
        self.login.as_ref().is_some_and(|login| login.by == user)
    }

    /// Tells whether the agent has a code and has not said yet what came of it.
    pub(in crate::session) fn has_code(&self) -> bool {
        let has_it = |asked: &Asked| asked.is_login_code() && asked.is_sent();
        self.asked.iter().any(has_it)
    }

    /// Takes in the answer to a step of a login; tells whether there is nothing more to be said.
    pub(super) fn on_login_answer(
        &mut self,
        asked: &Asked,
        findings: &Result<Findings, String>,
        step: &mut Step<'_>,
    ) -> bool {
        match (&asked.enquiry, findings) {
            (Enquiry::LogIn, Ok(Findings::LoginPage(page))) => {
                self.end_login(step.say().login_over(), step);
                let shown = (page, asked.place.message());
                self.login = Some(Login::begin(asked.asker.by, shown, step));
                true
            }
            (Enquiry::LoginCode(_), Ok(_)) => {
                self.end_login(step.say().login_over(), step);
                self.new_login = Some(NewLogin::Of(asked.asker.by));
                false
            }
            // The agent knows nothing more of a login whose code was refused.
            (Enquiry::LoginCode(_), Err(_)) => {
                self.end_login(step.say().login_over(), step);
                self.new_login = Some(NewLogin::Refused(asked.asker.by));
                false
            }
            _ => false,
        }
    }

    /// Takes in that a login is to be given up; tells whether there was one.
    pub(in crate::session) fn give_login_up(&mut self, step: &mut Step<'_>) -> bool {
        let was_open = self.login.is_some();
        self.end_login(step.say().login_cancelled(), step);
        was_open
    }

    /// Takes in that the time for a login may be over; tells whether it is. Of a code that was not
    /// answered nobody knows what came of it: the next agent begins with whatever login there is.
    pub(super) fn on_login_deadline(&mut self, is_code_late: bool, step: &mut Step<'_>) -> bool {
        let now = step.now();
        let is_late = self.login.as_ref().is_some_and(|login| login.until <= now);
        if is_code_late {
            self.new_login = Some(NewLogin::Unknown);
        }
        if is_late {
            self.end_login(step.say().login_timed_out(), step);
        }
        is_late
    }

    /// Returns the message that shows a login.
    pub(in crate::session) fn message_with_buttons(&self) -> Option<MessageId> {
        self.login.as_ref()?.message()
    }

    /// Tells once what came of a code.
    pub(in crate::session) fn take_login(&mut self) -> Option<NewLogin> {
        self.new_login.take()
    }

    /// Notes which message shows a login.
    pub(in crate::session) fn on_shown(&mut self, post: PostId, message: MessageId) {
        if let Some(login) = &mut self.login {
            login.on_shown(post, message);
        }
    }

    pub(in crate::session) fn end_login(&mut self, text: String, step: &mut Step<'_>) {
        if let Some(login) = self.login.take() {
            login.close(text, step);
        }
    }
}
