//! What is said when Claude asks questions with choices.

use std::time::Duration;

use bridge_texts::Say;

use super::{in_words, shortened};
use crate::outbox::{Body, Code};
use crate::permission_request::{Choice, Picks, Question};
use crate::session::requests::asked::Asked;
use crate::visible::visible;

/// How long a question may be with its choices, in UTF-16 units. A longer one is cut in the
/// message, and comes whole as a file.
const QUESTION_UNITS: usize = 3_000;

/// How much is shown of a question that is cut, in characters.
const QUESTION_CUT: usize = 400;

/// How long the label of a button may be, in characters: what a phone shows in one line.
const LABEL_SHOWN: usize = 50;

/// How much is shown of a question and of an answer once it is answered.
const ANSWERED_SHOWN: usize = 700;

/// The name of the file that holds what is too long for a message.
const QUESTION_FILE: &str = "question.txt";

/// Returns the text of the message that asks.
pub(super) fn asks_question(
    say: Say,
    asked: &Asked,
    n_questions: usize,
    limit: Duration,
) -> String {
    let question = asked.question().map(|it| in_message(say, it));
    let question = question.unwrap_or_default();
    let limit = in_words(say, limit);
    match n_questions {
        0 | 1 => say.question_asked(question, limit),
        n => say.question_asked_of_several(asked.answers.len() + 1, n, question, limit),
    }
}

/// Returns what is posted before the message that asks, if that cannot hold all of it.
pub(super) fn whole_question(say: Say, question: &Question) -> Option<Body> {
    is_cut(say, question).then(|| Body::Document {
        name: QUESTION_FILE.to_owned(),
        content: whole(say, question),
        caption: say.question_file(),
    })
}

/// Returns the label of the button of a choice. Where any is cut, all have the numbers by which
/// the message and the file name them.
pub(in crate::session) fn choice_label(say: Say, question: &Question, place: usize) -> String {
    let label = (question.options.get(place)).map_or("", |option| option.label.as_str());
    match is_cut(say, question) {
        false => label.to_owned(),
        true => numbered(place, &ellipsized(label)),
    }
}

/// Returns a question with its answer, if it has one.
pub(super) fn answered(say: Say, asked: &Asked, questions: &[Question], place: usize) -> String {
    let text = questions.get(place).map(|question| question.text.as_str());
    let text = shortened(say, text.unwrap_or_default(), ANSWERED_SHOWN);
    match asked.answers.get(place) {
        Some((_, answer)) => {
            format!(
                "{text}\n→ {}",
                shortened(say, &visible(answer), ANSWERED_SHOWN)
            )
        }
        None => text,
    }
}

fn in_message(say: Say, question: &Question) -> String {
    if !is_cut(say, question) {
        return listed(say, question, |_, option| {
            format!("• {}", described(option))
        });
    }
    let mut text = shortened(say, &question.text, QUESTION_CUT);
    text.push_str(&how_many(say, question));
    for place in 0..question.options.len() {
        text.push('\n');
        text.push_str(&choice_label(say, question, place));
    }
    format!("{text}\n{}", say.question_is_cut())
}

fn is_cut(say: Say, question: &Question) -> bool {
    let is_long = |label: &str| label.chars().nth(LABEL_SHOWN).is_some();
    let mut labels = question.options.iter().map(|option| option.label.as_str());
    labels.any(is_long) || whole(say, question).encode_utf16().count() > QUESTION_UNITS
}

/// Returns the question with its choices, what they mean and what they would look like.
fn whole(say: Say, question: &Question) -> String {
    listed(say, question, |place, option| {
        let text = numbered(place, &described(option));
        match option.preview.is_empty() {
            true => text,
            false => format!("{text}\n\n{}\n", option.preview),
        }
    })
}

/// Returns the question with its choices, each as `shown` has it.
fn listed(say: Say, question: &Question, shown: impl Fn(usize, &Choice) -> String) -> String {
    let mut text = question.text.clone();
    text.push_str(&how_many(say, question));
    for (place, option) in question.options.iter().enumerate() {
        text.push('\n');
        text.push_str(&shown(place, option));
    }
    text
}

fn described(option: &Choice) -> String {
    match option.description.is_empty() {
        true => option.label.clone(),
        false => format!("{}: {}", option.label, option.description),
    }
}

/// Returns what the choices of the open question would look like, where its message holds that.
pub(super) fn previews(say: Say, asked: &Asked) -> Option<Code> {
    let question = asked.question().filter(|it| !is_cut(say, it))?;
    let shown = question.options.iter().filter(|it| !it.preview.is_empty());
    let shown = shown.map(|option| format!("{}:\n{}", option.label, option.preview));
    let text = shown.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(Code { language: "", text })
}

fn how_many(say: Say, question: &Question) -> String {
    match question.picks {
        Picks::One => String::new(),
        Picks::Many => format!("\n{}", say.question_takes_several()),
    }
}

fn numbered(place: usize, text: &str) -> String {
    format!("{}. {text}", place + 1)
}

fn ellipsized(label: &str) -> String {
    match label.char_indices().nth(LABEL_SHOWN) {
        None => label.to_owned(),
        Some((end, _)) => format!("{}…", &label[..end]),
    }
}

#[cfg(test)]
mod tests;
