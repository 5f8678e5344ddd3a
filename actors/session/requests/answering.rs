//! How a person answers a request: by a button, or in words.

use std::sync::Arc;

use super::asked::{Answer, Asked};
use super::filling::form_answer;
use super::{Requests, answer_agent, answer_server, ask, audit, edit};
use crate::audit::{AuditAction, AuditActor};
use crate::ids::MessageId;
use crate::instruction::Joint;
use crate::permission_request::{Ask, Picks};
use crate::ports::{PermissionDecision, Unasked};
use crate::session::step::Step;
use crate::session::texts::{self, Decider};
use crate::session::to_claude;
use crate::session::{Press, Prompt};

/// What a person said to a request.
pub(super) struct Reply<'a> {
    pub(super) answer: Answer,
    /// Their own words.
    pub(super) words: Option<&'a str>,
    by: AuditActor,
    /// Their name, if they pressed a button.
    name: Option<&'a str>,
}

/// What was decided; the turn that waited for it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Decided {
    /// The request's own name.
    pub(in crate::session) request: String,
    /// Whether a tool runs now.
    pub(in crate::session) runs: bool,
    /// Whether a plan was approved, so that Claude leaves the mode that was chosen for it.
    pub(in crate::session) leaves_the_mode: bool,
}

/// What a text turned out to be.
#[derive(Debug)]
pub(in crate::session) enum Heard {
    /// No answer.
    Prompt(Prompt),
    /// The answer to a request, which may have a further question.
    Answer(Option<Decided>),
}

impl Requests {
    /// Takes in the press of a button; `None` when it is not one of a request.
    pub(in crate::session) fn on_pressed(
        &mut self,
        press: Press,
        pressed: Option<(Answer, &str)>,
        step: &mut Step<'_>,
    ) -> Option<Decided> {
        let found = pressed.and_then(|(answer, nonce)| {
            let is_pressed = |asked: &Asked| {
                asked.nonce == nonce && asked.offers(answer) && asked.hangs_on(press.message)
            };
            let place = self.place_of(is_pressed)?;
            Some((answer, place))
        });
        let Some((answer, place)) = found else {
            self.on_dead_button(press, step);
            return None;
        };
        let asked = &self.open[place];
        if !asked.may_answer(press.by, press.role) {
            step.toast(press.callback, step.say().toast_asker_answers());
            return None;
        }
        let text = texts::answer_taken(step.say(), &asked.request.ask, answer);
        step.toast(press.callback, text);
        let reply = Reply {
            answer,
            words: None,
            by: AuditActor::User(press.by),
            name: Some(&press.name),
        };
        self.on_reply(place, &reply, step)
    }

    /// Takes a text for the answer to a request: a reply to its message, or whatever whoever is
    /// asked writes while a question or a plan is open.
    pub(in crate::session) fn on_text(
        &mut self,
        prompt: Prompt,
        reply_to: Option<MessageId>,
        step: &mut Step<'_>,
    ) -> Heard {
        if self.is_over(reply_to) {
            step.reply(prompt.message, step.say().form_over());
            return Heard::Answer(None);
        }
        let Some(place) = self.answered_by(&prompt, reply_to) else {
            return Heard::Prompt(prompt);
        };
        step.react(prompt.message, "👌");
        let answer = match self.open[place].question() {
            Some(_) => Answer::Done,
            None if self.open[place].field().is_some() => Answer::Done,
            None => Answer::Deny,
        };
        let reply = Reply {
            answer,
            words: Some(&prompt.text),
            by: AuditActor::User(prompt.author),
            name: None,
        };
        Heard::Answer(self.on_reply(place, &reply, step))
    }

    /// Tells whether a text answers a request, one that is over among them.
    pub(in crate::session) fn are_answered_by(
        &self,
        prompt: &Prompt,
        reply_to: Option<MessageId>,
    ) -> bool {
        self.is_over(reply_to) || self.answered_by(prompt, reply_to).is_some()
    }

    fn answered_by(&self, prompt: &Prompt, reply_to: Option<MessageId>) -> Option<usize> {
        // Nothing can be said in words to what a server shows and does not ask for.
        let may_answer = |asked: &Asked| {
            let takes_replies = asked.form().is_none() || asked.field().is_some();
            asked.asker == Some(prompt.author) && takes_replies
        };
        let replied = reply_to
            .and_then(|to| self.place_of(|asked| asked.message == Some(to) && may_answer(asked)));
        let is_command = prompt.text.starts_with(['/', '!']);
        let place = replied.or_else(|| {
            let typed = self.place_of(|asked| asked.takes_words() && may_answer(asked));
            // A path is a value where any text is one. What is passed on was said to somebody else.
            let is_value = |place: &usize| !is_command || self.open[*place].takes_any_text();
            typed.filter(|place| is_value(place) && prompt.goes_on != Some(Joint::Apart))
        });
        // A file is no answer to a question, and what may go on is not whole.
        place.filter(|_| prompt.n_own_files() == 0)
    }

    /// Returns which request a text would deny: the oldest that asks its author whether something
    /// may run.
    pub(in crate::session) fn place_denied_with(&self, prompt: &Prompt) -> Option<usize> {
        let is_words = prompt.files.is_empty() && !prompt.text.starts_with(['/', '!']);
        let is_words = is_words && !to_claude::goes_on_after_halt(prompt);
        let asks = |asked: &Asked| {
            matches!(asked.request.ask, Ask::Run(_)) && asked.asker == Some(prompt.author)
        };
        self.place_of(asks).filter(|_| is_words)
    }

    /// Denies a request with the words of a prompt.
    pub(in crate::session) fn deny_with(
        &mut self,
        place: usize,
        prompt: &Prompt,
        press: &Press,
        step: &mut Step<'_>,
    ) -> Decided {
        let reply = Reply {
            answer: Answer::Deny,
            words: Some(&prompt.text),
            by: AuditActor::User(press.by),
            name: Some(&press.name),
        };
        self.decide(place, &reply, step)
    }

    /// Takes what a person who may answer said to a request.
    fn on_reply(
        &mut self,
        place: usize,
        reply: &Reply<'_>,
        step: &mut Step<'_>,
    ) -> Option<Decided> {
        if self.open[place].form().is_some() {
            return self.on_form_reply(place, reply, step);
        }
        let asked = &mut self.open[place];
        let Some(question) = asked.question().cloned() else {
            return Some(self.decide(place, reply, step));
        };
        let answer = match (reply.words, reply.answer) {
            (Some(words), _) => asked.ticked(step.say(), &question, Some(words)),
            (None, Answer::Deny) => return Some(self.decide(place, reply, step)),
            (None, Answer::Pick(choice)) if question.picks == Picks::Many => {
                if !asked.marked.remove(&choice) {
                    asked.marked.insert(choice);
                }
                let body = texts::asks(step.say(), asked, step.policy().permission_timeout);
                edit(asked, body, step);
                return None;
            }
            (None, Answer::Pick(choice)) => question.options[choice].key.clone(),
            (None, _) => asked.ticked(step.say(), &question, None),
        };
        asked.answers.push((question.key, answer));
        asked.marked.clear();
        if asked.question().is_none() {
            return Some(self.decide(place, reply, step));
        }
        self.ask_next_question(place, reply, step);
        None
    }

    /// Asks the next question in a message of its own, with buttons of its own.
    fn ask_next_question(&mut self, place: usize, reply: &Reply<'_>, step: &mut Step<'_>) {
        let mut next = self.open[place].clone();
        let used = std::mem::replace(&mut next.nonce, step.nonce());
        next.deadline = step.now() + step.policy().permission_timeout;
        let body = texts::decided_request(
            step.say(),
            &next,
            reply.answer,
            reply.words,
            decider(reply, step),
        );
        edit(&next, body, step);
        self.note_used(used);
        self.open[place] = ask(next, None, step);
    }

    /// Ends a request with what a person said.
    pub(super) fn decide(
        &mut self,
        place: usize,
        reply: &Reply<'_>,
        step: &mut Step<'_>,
    ) -> Decided {
        let asked = self.take(place);
        let action = match reply.answer {
            Answer::Deny => AuditAction::DenyTool,
            Answer::Allow
            | Answer::AllowForSession
            | Answer::AllowEdits
            | Answer::Pick(_)
            | Answer::Done
            | Answer::Default
            | Answer::Skip
            | Answer::Again => AuditAction::AllowTool,
        };
        audit(action, reply.by, &asked, step);
        let body = texts::decided_request(
            step.say(),
            &asked,
            reply.answer,
            reply.words,
            decider(reply, step),
        );
        edit(&asked, body, step);
        let is_yes = reply.answer != Answer::Deny;
        let request = Arc::clone(&asked.request);
        match &request.ask {
            Ask::Form(_) => answer_server(&request, form_answer(&asked, reply.answer), step),
            Ask::Run(_) | Ask::Questions(_) | Ask::Plan(_) => {
                answer_agent(&request, decision(asked, reply), step);
            }
        }
        Decided {
            request: request.id.clone(),
            runs: matches!(request.ask, Ask::Run(_)) && is_yes,
            leaves_the_mode: matches!(request.ask, Ask::Plan(_)) && is_yes,
        }
    }
}

pub(super) fn decider<'a>(reply: &Reply<'a>, step: &Step<'_>) -> Decider<'a> {
    Decider {
        name: reply.name,
        at: step.calendar(),
    }
}

fn decision(asked: Asked, reply: &Reply<'_>) -> PermissionDecision {
    let Asked {
        request, answers, ..
    } = asked;
    let input = request.input.clone();
    let (rules, unasked) = match (&request.ask, reply.answer) {
        (ask, Answer::Deny) => {
            let message = to_claude::denial(ask, reply.words);
            return PermissionDecision::Deny { message };
        }
        (Ask::Questions(_), _) => return PermissionDecision::Answer { input, answers },
        (Ask::Run(run), Answer::AllowForSession) => {
            let rules = run.rules.iter().map(|rule| rule.rule.clone());
            (rules.collect(), Unasked::Nothing)
        }
        (Ask::Plan(_), Answer::AllowEdits) => (Vec::new(), Unasked::Edits),
        (Ask::Run(_) | Ask::Plan(_) | Ask::Form(_), _) => (Vec::new(), Unasked::Nothing),
    };
    PermissionDecision::Allow {
        input,
        rules,
        unasked,
    }
}
