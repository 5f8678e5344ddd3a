//! One enquiry: whose it is, how far it has come, where its answer is shown.

use super::spares::Undoing;
use crate::clock::Time;
use crate::enquiry::{Enquiry, Findings, Usage};
use crate::ids::{Generation, MessageId, PromptId, UserId};
use crate::instruction::Role;
use crate::money::Day;
use crate::outbox::{Body, Rank, Sound};
use crate::session::step::Step;
use crate::session::texts::{self, ToldOf};

/// Whom an enquiry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) struct Asker {
    pub(in crate::session) by: UserId,
    pub(in crate::session) role: Role,
}

/// An instruction that waits for the agent's answer.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) id: PromptId,
    pub(super) asker: Asker,
    pub(super) enquiry: Enquiry,
    /// What is wanted when that is done.
    pub(super) then: Option<Enquiry>,
    /// Whether something was done for it before.
    pub(super) is_second: bool,
    /// What becomes of the files that it changes back, if it is about any.
    pub(super) undoing: Option<Box<Undoing>>,
    pub(super) place: Place,
    pub(super) state: State,
}

/// Where the answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a message of its own, that answers this one.
    Below(MessageId),
    /// In the place of what the message of a button says.
    Of(MessageId),
    /// In a message of its own: nobody knows that of the button.
    Apart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// For an agent.
    Waits,
    /// The agent with this number is to answer until then.
    Sent { to: Generation, until: Time },
    /// The room is to answer until then.
    AtRoom { until: Time },
    /// It is done, and kept once the agent has ended by itself: until then Claude Code has it in
    /// memory alone (2.1.332).
    Ends,
}

impl Place {
    pub(super) fn message(self) -> Option<MessageId> {
        match self {
            Self::Below(message) | Self::Of(message) => Some(message),
            Self::Apart => None,
        }
    }
}

impl Asked {
    /// Takes in that what was wanted is done; tells whether something is wanted next.
    pub(super) fn goes_on(&mut self) -> bool {
        let next = match self.enquiry {
            Enquiry::Reconnect { .. } | Enquiry::Switch { .. } => Some(Enquiry::Servers),
            Enquiry::RestoreFiles { .. } => self.then.take(),
            Enquiry::Context
            | Enquiry::Usage
            | Enquiry::Rules
            | Enquiry::Changes
            | Enquiry::Servers
            | Enquiry::Aside(_)
            | Enquiry::LookBack { .. }
            | Enquiry::Recall { .. }
            | Enquiry::Forget { .. }
            | Enquiry::TaskOutput { .. }
            | Enquiry::LogIn
            | Enquiry::LoginCode(_) => None,
        };
        let Some(next) = next else { return false };
        (self.enquiry, self.state, self.is_second) = (next, State::Waits, true);
        true
    }

    /// Tells whether it changes files or the conversation back.
    pub(super) fn undoes(&self) -> bool {
        matches!(
            self.enquiry,
            Enquiry::RestoreFiles { .. } | Enquiry::Forget { .. }
        ) || self.undoing.as_ref().is_some_and(|it| it.changes_files())
    }

    /// Tells whether it is an order to a server: whatever comes of it, how the servers do is asked next.
    pub(super) fn is_about_a_server(&self) -> bool {
        matches!(
            self.enquiry,
            Enquiry::Reconnect { .. } | Enquiry::Switch { .. }
        )
    }

    /// Tells whether it is the code of a login.
    pub(super) fn is_login_code(&self) -> bool {
        matches!(self.enquiry, Enquiry::LoginCode(_))
    }

    pub(super) fn is_sent(&self) -> bool {
        match self.state {
            State::Waits | State::Ends | State::AtRoom { .. } => false,
            State::Sent { .. } => true,
        }
    }

    /// Shows what the agent answered: in the place of what the button hangs on, or as messages of its own.
    pub(super) fn show(&self, findings: Findings, step: &mut Step<'_>) {
        let may_order = step.key().chat.is_private() || self.asker.role.is_in_charge();
        let bodies = match (&self.enquiry, findings) {
            (Enquiry::LookBack { prompt }, Findings::Back(back)) => {
                let goes = self.undoing.as_ref().and_then(|it| it.goes());
                vec![texts::undo_question(step.say(), (prompt, goes), &back, &[])]
            }
            (Enquiry::TaskOutput { what, .. }, Findings::TaskOutput(output)) => {
                vec![texts::task_output(step.say(), what, output)]
            }
            (Enquiry::LoginCode(_), _) => vec![Body::Plain(step.say().logged_in())],
            (Enquiry::RestoreFiles { .. }, _) => vec![Body::Plain(step.say().undone_files())],
            (Enquiry::Forget { .. }, _) if self.is_second => {
                vec![Body::Plain(step.say().undone_both())]
            }
            (Enquiry::Forget { .. }, _) => vec![Body::Plain(step.say().undone_conversation())],
            (Enquiry::Usage, Findings::Usage(usage)) => vec![self.usage(&usage, step)],
            (_, findings) => texts::found(step.say(), findings, may_order),
        };
        let mut reply_to = self.place.message();
        for body in bodies {
            self.put_as(body, &mut reply_to, step);
        }
    }

    /// Says how much is used of the limits, and what was spent: of everybody only to whoever is in
    /// charge, where nobody else reads it.
    fn usage(&self, usage: &Usage, step: &Step<'_>) -> Body {
        let Asker { by, role } = self.asker;
        let told_of = match step.key().chat.is_private() && role.is_in_charge() {
            true => ToldOf::Everybody(by),
            false => ToldOf::Own(by),
        };
        let (say, now) = (step.say(), step.calendar());
        let spent = texts::spending(say, (told_of, Day::of(now)), step.purse().ledger());
        let limits = texts::usage_lines((say, now), usage);
        Body::Plain(format!("{limits}\n{}", spent.join("\n")))
    }

    /// Shows something in the place of what the button hangs on, or as a message of its own.
    pub(super) fn put(&self, body: Body, step: &mut Step<'_>) {
        self.put_as(body, &mut self.place.message(), step);
    }

    fn put_as(&self, body: Body, reply_to: &mut Option<MessageId>, step: &mut Step<'_>) {
        match self.place {
            Place::Of(message) => step.close_message_with(message, body),
            Place::Below(_) | Place::Apart => {
                step.send(body, reply_to.take(), (Rank::Answer, Sound::Silent));
            }
        }
    }

    /// Says why an enquiry came to nothing.
    pub(super) fn fail(&self, reason: &str, step: &mut Step<'_>) {
        let goes = self.undoing.as_ref().and_then(|it| it.goes());
        if let (Enquiry::LookBack { prompt }, Some(goes)) = (&self.enquiry, goes) {
            let question = texts::rewind_question(step.say(), prompt, goes, reason);
            self.put(question, step);
            return;
        }
        let text = match self.enquiry {
            Enquiry::Forget { .. } if self.is_second => step.say().undone_files_alone(reason),
            Enquiry::Forget { .. } => step.say().not_forgotten(reason),
            Enquiry::LookBack { .. } | Enquiry::RestoreFiles { .. } => {
                step.say().not_undone(reason)
            }
            Enquiry::LogIn | Enquiry::LoginCode(_) => step.say().login_failed(reason),
            Enquiry::Context
            | Enquiry::Usage
            | Enquiry::Rules
            | Enquiry::Changes
            | Enquiry::Servers
            | Enquiry::Reconnect { .. }
            | Enquiry::Switch { .. }
            | Enquiry::TaskOutput { .. }
            | Enquiry::Recall { .. }
            | Enquiry::Aside(_) => texts::not_found_out(step.say(), reason),
        };
        self.say(text, step);
    }

    pub(super) fn say(&self, text: String, step: &mut Step<'_>) {
        let tone = (Rank::Answer, Sound::Silent);
        step.send(Body::Plain(text), self.place.message(), tone);
    }
}
