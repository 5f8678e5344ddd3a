//! How a person answers what an MCP server asks: one field after the other, and a look at all of
//! them before they go.

use super::answering::{Decided, Reply, decider};
use super::asked::Answer;
use super::{Requests, ask, edit};
use crate::form::{FieldValue, FormAnswer, Wants};
use crate::session::requests::asked::Asked;
use crate::session::step::Step;
use crate::session::texts;

/// What a reply means for the field that is asked for.
enum Given {
    /// This value, or none.
    Value(Option<FieldValue>),
    /// Nothing that the field takes.
    Wrong,
}

impl Requests {
    /// Takes what a person who may answer said to what a server asks.
    pub(super) fn on_form_reply(
        &mut self,
        place: usize,
        reply: &Reply<'_>,
        step: &mut Step<'_>,
    ) -> Option<Decided> {
        let asked = &mut self.open[place];
        let is_decision = matches!(reply.answer, Answer::Deny | Answer::Allow);
        if reply.words.is_none() && is_decision {
            return Some(self.decide(place, reply, step));
        }
        let Some(field) = asked.field() else {
            asked.sheet.filled.clear();
            self.ask_anew(place, reply, step);
            return None;
        };
        if let (None, Answer::Pick(choice), true) =
            (reply.words, reply.answer, field.takes_several())
        {
            if !asked.marked.remove(&choice) {
                asked.marked.insert(choice);
            }
            asked.sheet.is_wrong = false;
            show_again(asked, step);
            return None;
        }
        match given(asked, reply) {
            Given::Value(value) => {
                asked.sheet.filled.push(value);
                asked.sheet.is_wrong = false;
                self.ask_anew(place, reply, step);
            }
            Given::Wrong if reply.words.is_none() => {
                asked.sheet.is_wrong = true;
                show_again(asked, step);
            }
            Given::Wrong => {
                asked.sheet.is_wrong = true;
                self.ask_anew(place, reply, step);
            }
        }
        None
    }

    /// Asks for what is open, in a message of its own with buttons of its own.
    fn ask_anew(&mut self, place: usize, reply: &Reply<'_>, step: &mut Step<'_>) {
        let mut next = self.open[place].clone();
        let used = std::mem::replace(&mut next.nonce, step.nonce());
        next.deadline = step.now() + step.policy().permission_timeout;
        let body = texts::form_step_over(step.say(), &next, decider(reply, step));
        edit(&next, body, step);
        self.note_over(&next);
        self.note_used(used);
        if !next.sheet.is_wrong {
            next.mark_what_is_proposed();
        }
        self.open[place] = ask(next, None, step);
    }
}

fn given(asked: &Asked, reply: &Reply<'_>) -> Given {
    let Some(field) = asked.field() else {
        return Given::Wrong;
    };
    let value = match (reply.words, reply.answer) {
        (Some(words), _) => field.read(words),
        (None, Answer::Pick(choice)) => field.picked(choice),
        (None, Answer::Done) => {
            let marked: Vec<_> = asked.marked.iter().copied().collect();
            field.ticked(&marked)
        }
        (None, Answer::Default) => field.default.clone(),
        (None, Answer::Skip) => return Given::Value(None),
        (
            None,
            Answer::Allow
            | Answer::AllowForSession
            | Answer::AllowEdits
            | Answer::Deny
            | Answer::Again,
        ) => None,
    };
    match value {
        Some(value) => Given::Value(Some(value)),
        None => Given::Wrong,
    }
}

fn show_again(asked: &Asked, step: &mut Step<'_>) {
    let body = texts::asks(step.say(), asked, step.policy().permission_timeout);
    edit(asked, body, step);
}

/// Returns what a server is told of a decision.
pub(super) fn form_answer(asked: &Asked, answer: Answer) -> FormAnswer {
    let wants = asked.form().map(|form| &form.wants);
    match (answer, wants) {
        (Answer::Allow, Some(Wants::Fields(_))) => FormAnswer::Filled(asked.values()),
        (Answer::Allow, Some(Wants::Page(_))) => FormAnswer::Visited,
        _ => FormAnswer::Declined,
    }
}
