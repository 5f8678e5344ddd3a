//! What people want to know of the agent: each enquiry waits for an agent, is asked, and is answered
//! in a post of its own. It begins no turn, and goes beside one that runs.

use std::time::Duration;

use crate::clock::Time;
use crate::enquiry::{Enquiry, Findings};
use crate::ids::{Generation, MessageId, PromptId, UserId};
use crate::instruction::Role;
use crate::outbox::{Body, Rank, Sound};
use crate::ports::AgentInput;
use crate::session::Press;
use crate::session::deadline::{Deadline, Why};
use crate::session::step::Step;
use crate::session::texts;

/// How many enquiries of a chat wait or are asked at once.
const MAX_ASKED: usize = 8;

/// How long an agent may take to answer from what it knows. It may have to look through a folder.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// How long it may take to answer a question for which it asks the model.
const ASIDE_LIMIT: Duration = Duration::from_secs(300);

/// What is wanted of the agent, in the order in which it was asked.
#[derive(Debug, Default)]
pub(in crate::session) struct Enquiries {
    asked: Vec<Asked>,
}

/// Whom an enquiry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) struct Asker {
    pub(in crate::session) by: UserId,
    pub(in crate::session) role: Role,
}

/// An instruction that waits for the agent's answer.
#[derive(Debug)]
struct Asked {
    id: PromptId,
    asker: Asker,
    enquiry: Enquiry,
    place: Place,
    state: State,
}

/// Where the answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a message of its own, that answers this one.
    Below(MessageId),
    /// In the place of what the message of a button says.
    Of(MessageId),
    /// In a message of its own: nobody knows that of the button.
    Apart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// For an agent.
    Waits,
    /// The agent with this number is to answer until then.
    Sent { to: Generation, until: Time },
}

impl Place {
    fn message(self) -> Option<MessageId> {
        match self {
            Self::Below(message) | Self::Of(message) => Some(message),
            Self::Apart => None,
        }
    }
}

impl Asked {
    /// Tells whether it changes something, so that what its button hangs on is true no more.
    fn is_order(&self) -> bool {
        match self.enquiry {
            Enquiry::Reconnect { .. } | Enquiry::Switch { .. } => true,
            Enquiry::Context
            | Enquiry::Rules
            | Enquiry::Changes
            | Enquiry::Servers
            | Enquiry::Aside(_) => false,
        }
    }

    fn is_sent(&self) -> bool {
        match self.state {
            State::Waits => false,
            State::Sent { .. } => true,
        }
    }
}

impl Enquiries {
    /// Takes in what a person wants to know.
    pub(in crate::session) fn on_command(
        &mut self,
        (id, message): (PromptId, MessageId),
        asker: Asker,
        enquiry: Enquiry,
        step: &mut Step<'_>,
    ) {
        if self.asked.len() >= MAX_ASKED {
            step.reply(message, step.say().enquiries_full());
            return;
        }
        self.take(id, asker, enquiry, Place::Below(message));
    }

    /// Takes in the order of a button.
    pub(in crate::session) fn on_pressed(
        &mut self,
        press: Press,
        enquiry: Enquiry,
        step: &mut Step<'_>,
    ) {
        if self.asked.len() >= MAX_ASKED {
            step.toast(press.callback, step.say().enquiries_full());
            return;
        }
        step.toast(press.callback, step.say().toast_one_moment());
        let asker = Asker {
            by: press.by,
            role: press.role,
        };
        let place = press.message.map_or(Place::Apart, Place::Of);
        self.take(press.id, asker, enquiry, place);
    }

    fn take(&mut self, id: PromptId, asker: Asker, enquiry: Enquiry, place: Place) {
        self.asked.push(Asked {
            id,
            asker,
            enquiry,
            place,
            state: State::Waits,
        });
    }

    /// Tells whether an agent is wanted.
    pub(in crate::session) fn wait(&self) -> bool {
        self.asked.iter().any(|asked| !asked.is_sent())
    }

    /// Tells whether an agent is to answer.
    pub(in crate::session) fn are_under_way(&self) -> bool {
        self.asked.iter().any(Asked::is_sent)
    }

    /// Asks an agent that can be asked.
    pub(in crate::session) fn send(&mut self, to: Generation, step: &mut Step<'_>) {
        for asked in self.asked.iter_mut().filter(|asked| !asked.is_sent()) {
            let limit = match asked.enquiry {
                Enquiry::Aside(_) => ASIDE_LIMIT,
                Enquiry::Context
                | Enquiry::Rules
                | Enquiry::Changes
                | Enquiry::Servers
                | Enquiry::Reconnect { .. }
                | Enquiry::Switch { .. } => ANSWER_LIMIT,
            };
            let until = step.now() + limit;
            asked.state = State::Sent { to, until };
            step.write(AgentInput::Enquire {
                asked_in: asked.id.clone(),
                enquiry: asked.enquiry.clone(),
            });
        }
    }

    /// Takes in what the agent answers. When it has done what it was told, or could not, it is asked
    /// how that looks.
    pub(in crate::session) fn on_found(
        &mut self,
        asked_in: &PromptId,
        findings: Result<Findings, String>,
        step: &mut Step<'_>,
    ) {
        let is_it = |asked: &Asked| asked.id == *asked_in && asked.is_sent();
        let Some(place) = self.asked.iter().position(is_it) else {
            return;
        };
        let mut asked = self.asked.remove(place);
        let is_order = asked.is_order();
        match findings {
            Ok(findings) => show(&asked, findings, step),
            Err(reason) => say(&asked, texts::not_found_out(step.say(), &reason), step),
        }
        if is_order {
            asked.enquiry = Enquiry::Servers;
            asked.state = State::Waits;
            self.asked.insert(place, asked);
        }
    }

    /// Lets what was asked be asked again: the agent has read nothing.
    pub(in crate::session) fn wait_again(&mut self) {
        for asked in &mut self.asked {
            asked.state = State::Waits;
        }
    }

    /// Takes in that an agent is gone which was to answer.
    pub(in crate::session) fn on_agent_gone(&mut self, step: &mut Step<'_>) {
        let unanswered: Vec<_> = self.asked.extract_if(.., |it| it.is_sent()).collect();
        for asked in unanswered {
            say(&asked, step.say().enquiry_agent_gone(), step);
        }
    }

    /// Tells everybody that no agent will answer, and why.
    pub(in crate::session) fn give_up(&mut self, why: &str, step: &mut Step<'_>) {
        for asked in std::mem::take(&mut self.asked) {
            say(&asked, why.to_owned(), step);
        }
    }

    /// Drops what waits for an agent; returns how much that was.
    pub(in crate::session) fn drop_waiting(&mut self) -> usize {
        self.asked.extract_if(.., |asked| !asked.is_sent()).count()
    }

    /// Forgets what a person wants to know.
    pub(in crate::session) fn drop_of(&mut self, user: UserId) {
        self.asked.retain(|asked| asked.asker.by != user);
    }

    /// Returns the instructions that wait for an answer.
    pub(in crate::session) fn waiting(&self) -> impl Iterator<Item = &PromptId> {
        self.asked.iter().map(|asked| &asked.id)
    }

    /// Returns until when the agent may take for its next answer.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let untils = self.asked.iter().filter_map(|asked| match asked.state {
            State::Waits => None,
            State::Sent { to: _, until } => Some(until),
        });
        untils.min().map(|until| Why::EnquiryAnswers.at(until))
    }

    /// Tells those who have waited long enough, and whether there were any.
    pub(in crate::session) fn on_deadline(&mut self, step: &mut Step<'_>) -> bool {
        let now = step.now();
        let is_due = |asked: &mut Asked| match asked.state {
            State::Waits => false,
            State::Sent { to: _, until } => until <= now,
        };
        let due: Vec<_> = self.asked.extract_if(.., is_due).collect();
        for asked in &due {
            say(asked, step.say().enquiry_unanswered(), step);
        }
        !due.is_empty()
    }
}

/// Shows what the agent answered: in the place of what the button hangs on, or as messages of its own.
fn show(asked: &Asked, findings: Findings, step: &mut Step<'_>) {
    let may_order = step.key().chat.is_private() || asked.asker.role.is_in_charge();
    let bodies = texts::found(step.say(), findings, may_order);
    let mut reply_to = asked.place.message();
    for body in bodies {
        match asked.place {
            Place::Of(message) => step.close_message_with(message, body),
            Place::Below(_) | Place::Apart => {
                step.send(body, reply_to.take(), (Rank::Answer, Sound::Silent));
            }
        }
    }
}

fn say(asked: &Asked, text: String, step: &mut Step<'_>) {
    let tone = (Rank::Answer, Sound::Silent);
    step.send(Body::Plain(text), asked.place.message(), tone);
}
