//! What people want to know of the agent: each enquiry waits for an agent, is asked, and is answered
//! in a post of its own. It begins no turn, and goes beside one that runs.

mod asked;
mod fates;
mod login;
mod logins;
mod rewinds;
mod spares;

use std::time::Duration;

use asked::{Asked, Place, State};
use login::Login;
use rewinds::Rewinding;
pub(in crate::session) use rewinds::{Goes, Past, Wants};
pub(in crate::session) use spares::{FilesWish, Ground};
use spares::{PuttingBack, Undoing};
pub(in crate::session) use {asked::Asker, logins::NewLogin};

use crate::agent_event::ExitStatus;
use crate::enquiry::{Enquiry, Findings};
use crate::ids::{Generation, MessageId, PromptId};
use crate::outbox::{Rank, Sound};
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
    /// The presses by which files are put back that were undone; the agent has no part in it.
    put_backs: Vec<PuttingBack>,
    /// What waits for the prompts that were said last; the agent is asked then.
    rewinds: Vec<Rewinding>,
    /// The turn that has changed files last: the agent is asked which, for a line that can undo it.
    changed_by: Option<(PromptId, State)>,
    /// A prompt that the conversation has to hold: an agent that opens it once more is asked.
    recalls: Option<(PromptId, State)>,
    /// The login that waits for its code.
    login: Option<Login>,
    /// The one that came to an end, so that the agent has another login than it began with.
    new_login: Option<NewLogin>,
}

/// Whether the conversation holds what it has to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Recollection {
    /// As far as is known.
    There,
    /// It does not.
    Gone,
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
        let place = Place::Below(message);
        if let Enquiry::LoginCode(_) = enquiry {
            self.end_login(step.say().login_code_taken(), step);
        }
        self.take((id, asker), enquiry, None, place);
    }

    /// Takes in the order of a button.
    pub(in crate::session) fn on_pressed(
        &mut self,
        press: Press,
        enquiry: Enquiry,
        step: &mut Step<'_>,
    ) {
        self.take_press(press, enquiry, None, step);
    }

    fn take_press(
        &mut self,
        press: Press,
        enquiry: Enquiry,
        undoing: Option<Box<Undoing>>,
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
        let place = match (press.message, &enquiry) {
            (Some(message), Enquiry::Changes | Enquiry::TaskOutput { .. }) => Place::Below(message),
            (Some(message), _) => Place::Of(message),
            (None, _) => Place::Apart,
        };
        self.take((press.id, asker), enquiry, undoing, place);
    }

    /// Takes in that a turn has changed files.
    pub(in crate::session) fn on_turn_changed(&mut self, prompt: PromptId) {
        self.changed_by = Some((prompt, State::Waits));
    }

    /// Takes in that an agent can be asked, and which prompt its conversation has to hold.
    pub(in crate::session) fn on_ready(&mut self, answered: Option<&PromptId>) {
        self.recalls = answered.map(|prompt| (prompt.clone(), State::Waits));
    }

    fn take(
        &mut self,
        (id, asker): (PromptId, Asker),
        enquiry: Enquiry,
        undoing: Option<Box<Undoing>>,
        place: Place,
    ) {
        self.asked.push(Asked {
            id,
            asker,
            enquiry,
            then: None,
            is_second: false,
            undoing,
            place,
            state: State::Waits,
        });
    }

    /// Tells whether an agent is wanted.
    pub(in crate::session) fn wait(&self) -> bool {
        self.asked.iter().any(|asked| asked.state == State::Waits)
    }

    /// Tells whether the agent has to end for something to be kept.
    pub(in crate::session) fn want_its_end(&self) -> bool {
        self.asked.iter().any(|asked| asked.state == State::Ends)
    }

    /// Tells whether an agent is to answer. Nothing waits for what it recalls.
    pub(in crate::session) fn are_under_way(&self) -> bool {
        let looks = |(_, state): &(PromptId, State)| *state != State::Waits;
        let looks = self.changed_by.as_ref().is_some_and(looks);
        let is_under_way = |it: &Asked| it.is_sent() || it.is_at_room();
        self.asked.iter().any(is_under_way) || looks || self.login.is_some()
    }

    /// Tells whether something is being undone, for which no turn may run: its files would change
    /// under Claude's hands, and its prompt be forgotten.
    pub(in crate::session) fn undo(&self) -> bool {
        let is_about_to = self.rewinds.iter().any(Rewinding::undoes);
        is_about_to || self.asked.iter().any(Asked::undoes) || !self.put_backs.is_empty()
    }

    /// Tells whether there is something to ask an agent that is there.
    pub(in crate::session) fn can_be_sent(&self) -> bool {
        let looks = |(_, state): &(PromptId, State)| *state == State::Waits;
        let mut besides = self.changed_by.iter().chain(&self.recalls);
        self.wait() || besides.any(looks)
    }

    /// Asks an agent that can be asked.
    /// What undoes waits until the agent has said that its turn is over.
    pub(in crate::session) fn send(&mut self, to: Generation, is_idle: bool, step: &mut Step<'_>) {
        let waits =
            |asked: &&mut Asked| asked.state == State::Waits && (is_idle || !asked.undoes());
        for asked in self.asked.iter_mut().filter(waits) {
            let limit = match asked.enquiry {
                Enquiry::Aside(_) => ASIDE_LIMIT,
                Enquiry::Context
                | Enquiry::Usage
                | Enquiry::Rules
                | Enquiry::Changes
                | Enquiry::Servers
                | Enquiry::Reconnect { .. }
                | Enquiry::Switch { .. }
                | Enquiry::LookBack { .. }
                | Enquiry::Recall { .. }
                | Enquiry::RestoreFiles { .. }
                | Enquiry::Forget { .. }
                | Enquiry::TaskOutput { .. }
                | Enquiry::LogIn
                | Enquiry::LoginCode(_) => ANSWER_LIMIT,
            };
            let until = step.now() + limit;
            asked.state = State::Sent { to, until };
            step.write(AgentInput::Enquire {
                asked_in: asked.id.clone(),
                enquiry: asked.enquiry.clone(),
            });
        }
        let until = step.now() + ANSWER_LIMIT;
        if let Some(prompt) = sent(&mut self.recalls, State::Sent { to, until }) {
            let asked_in = prompt.clone();
            let enquiry = Enquiry::Recall { prompt };
            step.write(AgentInput::Enquire { asked_in, enquiry });
        }
        if let Some(prompt) = sent(&mut self.changed_by, State::Sent { to, until }) {
            let asked_in = prompt.clone();
            let enquiry = Enquiry::LookBack { prompt };
            step.write(AgentInput::Enquire { asked_in, enquiry });
        }
    }

    /// Takes in what the agent answers. When it has done what it was told, or could not, it is asked
    /// how that looks.
    pub(in crate::session) fn on_found(
        &mut self,
        asked_in: &PromptId,
        findings: Result<Findings, String>,
        step: &mut Step<'_>,
    ) -> Recollection {
        if let Ok(Findings::Recalled(holds)) = findings {
            let is_it = |(prompt, _): &mut (PromptId, State)| prompt == asked_in;
            return match (self.recalls.take_if(is_it), holds) {
                (Some(_), false) => Recollection::Gone,
                (Some(_), true) | (None, _) => Recollection::There,
            };
        }
        self.recalls.take_if(|(prompt, _)| prompt == asked_in);
        self.on_other_found(asked_in, findings, step);
        Recollection::There
    }

    fn on_other_found(
        &mut self,
        asked_in: &PromptId,
        findings: Result<Findings, String>,
        step: &mut Step<'_>,
    ) {
        let is_of_turn = |(prompt, _): &mut (PromptId, State)| prompt == asked_in;
        if let Some((prompt, _)) = self.changed_by.take_if(is_of_turn) {
            if let Ok(Findings::Back(back)) = findings
                && !back.files.is_empty()
            {
                let body = texts::turn_changed(step.say(), &prompt, &back);
                step.send(body, None, (Rank::Notice, Sound::Silent));
            }
            return;
        }
        let is_it = |asked: &Asked| asked.id == *asked_in && asked.is_sent();
        let Some(place) = self.asked.iter().position(is_it) else {
            return;
        };
        let mut asked = self.asked.remove(place);
        if self.on_login_answer(&asked, &findings, step) {
            return;
        }
        if asked.asks_room(&findings, step) {
            self.asked.insert(place, asked);
            return;
        }
        let is_done = findings == Ok(Findings::Done);
        let goes_on = (is_done || asked.is_about_a_server()) && asked.goes_on();
        let ends = is_done && matches!(asked.enquiry, Enquiry::Forget { .. }) && !goes_on;
        match findings {
            Ok(_) if goes_on => {}
            Ok(_) if ends => asked.state = State::Ends,
            Ok(findings) => asked.show(findings, step),
            Err(reason) => asked.fail(&reason, step),
        }
        if goes_on || ends {
            self.asked.insert(place, asked);
        }
    }

    /// Lets what was asked be asked again: the agent has read nothing.
    pub(in crate::session) fn wait_again(&mut self) {
        (self.changed_by, self.recalls) = (None, None);
        for asked in self.asked.iter_mut().filter(|it| !it.is_at_room()) {
            asked.state = State::Waits;
        }
    }

    /// Takes in how the agent ended, and so whether it has kept what it was to forget.
    pub(in crate::session) fn on_agent_ended(&mut self, status: &ExitStatus, step: &mut Step<'_>) {
        let ends = |asked: &mut Asked| asked.state == State::Ends;
        let done: Vec<_> = self.asked.extract_if(.., ends).collect();
        for asked in done {
            match status {
                ExitStatus::Code(0) => asked.show(Findings::Done, step),
                ExitStatus::Code(_) | ExitStatus::Signal(_) | ExitStatus::NotStarted(_) => {
                    asked.say(step.say().forget_not_kept(), step);
                }
            }
        }
    }

    /// Returns the instructions that wait for an answer.
    pub(in crate::session) fn waiting(&self) -> impl Iterator<Item = &PromptId> {
        let others = self.put_backs.iter().map(|it| &it.id);
        let others = others.chain(self.rewinds.iter().map(|it| &it.id));
        self.asked.iter().map(|asked| &asked.id).chain(others)
    }

    /// Returns until when the agent may take for its next answer.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let untils = self.asked.iter().filter_map(|asked| match asked.state {
            State::Waits | State::Ends => None,
            State::Sent { to: _, until } | State::AtRoom { until } => Some(until),
        });
        let untils = untils.chain(self.put_backs.iter().map(|it| it.until));
        let untils = untils.chain(self.rewinds.iter().map(|it| it.until));
        let looks =
            (self.changed_by.iter().chain(&self.recalls)).filter_map(|(_, state)| match state {
                State::Sent { to: _, until } => Some(*until),
                State::Waits | State::Ends | State::AtRoom { .. } => None,
            });
        untils
            .chain(looks)
            .chain(self.login.as_ref().map(|login| login.until))
            .min()
            .map(|until| Why::EnquiryAnswers.at(until))
    }

    /// Tells those who have waited long enough, and whether there were any.
    pub(in crate::session) fn on_deadline(&mut self, step: &mut Step<'_>) -> bool {
        let now = step.now();
        let is_due = |asked: &Asked| match asked.state {
            State::Waits | State::Ends | State::AtRoom { .. } => false,
            State::Sent { to: _, until } => until <= now,
        };
        let is_any_due = self.asked.iter().any(is_due);
        let is_code_late = (self.asked.iter()).any(|it| it.is_login_code() && is_due(it));
        let text = step.say().enquiry_unanswered();
        let is_room_late = self.on_room_deadline(step) | self.on_prompts_deadline(step);
        self.give_up_where(is_due, &text, step);
        let is_over = |(_, state): &mut (PromptId, State)| match *state {
            State::Waits | State::Ends | State::AtRoom { .. } => false,
            State::Sent { to: _, until } => until <= now,
        };
        let looked_in_vain = self.changed_by.take_if(is_over).is_some();
        self.recalls.take_if(is_over);
        let is_late = self.on_login_deadline(is_code_late, step);
        is_any_due || is_room_late || looked_in_vain || is_late
    }
}

/// Marks what waits as sent; returns which prompt it is about.
fn sent(waiting: &mut Option<(PromptId, State)>, sent: State) -> Option<PromptId> {
    let waits = |(_, state): &&mut (PromptId, State)| *state == State::Waits;
    let (prompt, state) = waiting.as_mut().filter(waits)?;
    *state = sent;
    Some(prompt.clone())
}
