//! Pure: what waits for the answer of a person, and the buttons that answer it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bridge_texts::Say;

use super::sheet::Sheet;
use crate::clock::Time;
use crate::ids::{MessageId, PostId, UserId};
use crate::instruction::Role;
use crate::outbox::Button;
use crate::permission_request::{Ask, PermissionRequest, Picks, Question};
use crate::session::buttons::Meaning;
use crate::session::texts;

/// How many requests of one agent may wait; a further one is denied.
pub(in crate::session) const MAX_ASKED: usize = 16;

/// A request that waits for a person.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::session) struct Asked {
    /// The request.
    pub(in crate::session) request: Arc<PermissionRequest>,
    /// What its buttons carry; another one for each question.
    pub(in crate::session) nonce: String,
    /// Who may answer, beside administrators.
    pub(in crate::session) asker: Option<UserId>,
    /// The post that shows it.
    pub(in crate::session) post: PostId,
    /// The message that shows it, once there is one.
    pub(in crate::session) message: Option<MessageId>,
    /// When it was asked.
    pub(in crate::session) asked_at: Time,
    /// When it is denied for want of an answer.
    pub(in crate::session) deadline: Time,
    /// The answers to the questions before the one that is open.
    pub(in crate::session) answers: Vec<(String, String)>,
    /// The choices that are marked in the open question.
    pub(in crate::session) marked: BTreeSet<usize>,
    /// What was filled in of what a server asks.
    pub(in crate::session) sheet: Sheet,
}

/// What a button means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Answer {
    /// Yes, this once.
    Allow,
    /// Yes, and the like until the agent ends.
    AllowForSession,
    /// Yes, and changes to files from now on.
    AllowEdits,
    /// No.
    Deny,
    /// This choice.
    Pick(usize),
    /// The marked choices.
    Done,
    /// What is proposed.
    Default,
    /// No value.
    Skip,
    /// All of it from the beginning.
    Again,
}

impl Asked {
    /// Tells whether a person may answer: whoever wrote the prompt, or an administrator.
    pub(in crate::session) fn may_answer(&self, by: UserId, role: Role) -> bool {
        self.asker == Some(by) || role.is_in_charge()
    }

    /// Tells whether a button can hang on the message that shows it. Which message that is may not
    /// be known yet: a press can overtake the word of it.
    pub(in crate::session) fn hangs_on(&self, message: Option<MessageId>) -> bool {
        self.message.is_none() || self.message == message
    }

    /// Returns the open question, if it is one.
    pub(in crate::session) fn question(&self) -> Option<&Question> {
        match &self.request.ask {
            Ask::Questions(questions) => questions.get(self.answers.len()),
            Ask::Run(_) | Ask::Plan(_) | Ask::Form(_) => None,
        }
    }

    /// Tells whether what its asker writes is for it, without a reply.
    pub(in crate::session) fn takes_words(&self) -> bool {
        match &self.request.ask {
            Ask::Questions(_) => self.question().is_some(),
            Ask::Plan(_) => true,
            Ask::Form(_) => self.field().is_some(),
            Ask::Run(_) => false,
        }
    }

    /// Returns the answer to a question of which several choices may be marked, with what its
    /// asker wrote beside them.
    pub(in crate::session) fn ticked(
        &self,
        say: Say,
        question: &Question,
        words: Option<&str>,
    ) -> String {
        let marked = self.marked.iter();
        let marked = marked.filter_map(|choice| question.options.get(*choice));
        let all: Vec<_> = marked.map(|it| it.key.as_str()).chain(words).collect();
        match all.is_empty() {
            true => say.none_of_these(),
            false => all.join(", "),
        }
    }

    /// Tells whether a button belongs to what is asked now.
    pub(in crate::session) fn offers(&self, answer: Answer) -> bool {
        match (&self.request.ask, answer) {
            (Ask::Run(_) | Ask::Questions(_) | Ask::Plan(_), Answer::Deny) => true,
            (Ask::Run(run), Answer::AllowForSession) => !run.rules.is_empty(),
            (Ask::Run(_) | Ask::Plan(_), Answer::Allow) | (Ask::Plan(_), Answer::AllowEdits) => {
                true
            }
            (Ask::Questions(_), Answer::Pick(choice)) => self
                .question()
                .is_some_and(|question| choice < question.options.len()),
            (Ask::Questions(_), Answer::Done) => self
                .question()
                .is_some_and(|question| question.picks == Picks::Many),
            (Ask::Form(form), answer) => self.form_offers(form, answer),
            (
                Ask::Run(_) | Ask::Questions(_) | Ask::Plan(_),
                Answer::Default | Answer::Skip | Answer::Again,
            ) => false,
            (Ask::Run(_), Answer::AllowEdits | Answer::Pick(_) | Answer::Done)
            | (Ask::Plan(_), Answer::AllowForSession | Answer::Pick(_) | Answer::Done)
            | (Ask::Questions(_), Answer::Allow | Answer::AllowForSession | Answer::AllowEdits) => {
                false
            }
        }
    }

    /// Returns the buttons, row by row.
    pub(in crate::session) fn rows(&self, say: Say) -> Vec<Vec<Button>> {
        let button = |label, answer| Button {
            label,
            data: Meaning::Request(answer, &self.nonce).data(),
        };
        match &self.request.ask {
            Ask::Run(run) => {
                let mut rows = vec![vec![
                    button(say.button_allow(), Answer::Allow),
                    button(say.button_deny(), Answer::Deny),
                ]];
                if !run.rules.is_empty() {
                    rows.push(vec![button(
                        say.button_allow_for_session(),
                        Answer::AllowForSession,
                    )]);
                }
                rows
            }
            Ask::Plan(_) => vec![
                vec![button(say.button_approve(), Answer::Allow)],
                vec![button(say.button_approve_with_edits(), Answer::AllowEdits)],
                vec![button(say.button_keep_planning(), Answer::Deny)],
            ],
            Ask::Questions(_) => self.question_rows(say, button),
            Ask::Form(form) => self.form_rows(say, form, button),
        }
    }

    fn question_rows(
        &self,
        say: Say,
        button: impl Fn(String, Answer) -> Button,
    ) -> Vec<Vec<Button>> {
        let Some(question) = self.question() else {
            return Vec::new();
        };
        let label = |place: usize| {
            let label = texts::choice_label(say, question, place);
            match question.picks {
                Picks::Many if self.marked.contains(&place) => format!("☑ {label}"),
                Picks::Many => format!("☐ {label}"),
                Picks::One => label,
            }
        };
        let mut rows: Vec<Vec<Button>> = (0..question.options.len())
            .map(|place| vec![button(label(place), Answer::Pick(place))])
            .collect();
        let mut last = vec![button(say.button_do_not_answer(), Answer::Deny)];
        if question.picks == Picks::Many {
            last.insert(0, button(say.button_done(), Answer::Done));
        }
        rows.push(last);
        rows
    }
}
