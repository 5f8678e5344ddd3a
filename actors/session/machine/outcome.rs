//! What a turn came to, in posts.

use crate::ids::MessageId;
use crate::session::agent_event::{TurnEnd, TurnOrigin, TurnOutcome};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::Turn;

use super::Machine;

impl Machine {
    pub(super) fn post_outcome(&self, mut turn: Turn, end: TurnEnd, step: &mut Step<'_>) {
        let message = turn.prompt.message;
        let stop_reason = turn.stop_reason();
        match end.outcome {
            TurnOutcome::Answered { text } => match end.origin {
                TurnOrigin::Prompt => {
                    let answer = turn.said.take(&text);
                    self.post_answer_or_word(message, answer, step);
                }
                // The background turn that took the prompt in was posted when it ended.
                TurnOrigin::Background => {
                    let rest = turn.said.take("");
                    if rest.is_empty() {
                        step.reply(message, texts::answered_above());
                    } else {
                        self.post_answer(Some(message), rest, step);
                    }
                }
            },
            TurnOutcome::Interrupted => {
                let partial = turn.said.take("");
                if !partial.is_empty() {
                    self.post_answer(Some(message), partial, step);
                }
                let text = texts::stopped(stop_reason, self.chat.policy().silence_limit);
                step.reply(message, text);
            }
            TurnOutcome::ApiError { fault, text } => {
                let said = turn.said.take("");
                // The CLI says the error as text too.
                let said = said
                    .strip_suffix(text.trim())
                    .unwrap_or(&said)
                    .trim()
                    .to_owned();
                if !said.is_empty() {
                    self.post_answer(Some(message), said, step);
                }
                step.reply(message, texts::api_error(&fault, &text));
            }
            TurnOutcome::Failed { text } => {
                let said = turn.said.take("");
                if !said.is_empty() {
                    self.post_answer(Some(message), said, step);
                }
                step.reply(message, texts::turn_failed(&text));
            }
        }
    }

    fn post_answer_or_word(&self, message: MessageId, answer: String, step: &mut Step<'_>) {
        if answer.is_empty() {
            step.reply(message, texts::empty_answer());
        } else {
            self.post_answer(Some(message), answer, step);
        }
    }

    pub(super) fn post_background(&self, text: String, step: &mut Step<'_>) {
        if !text.is_empty() {
            self.post_answer(None, text, step);
        }
    }
}

/// Returns the text that a turn ended with.
pub(super) fn answered_text(end: &TurnEnd) -> &str {
    match &end.outcome {
        TurnOutcome::Answered { text } => text,
        TurnOutcome::Interrupted => "",
        TurnOutcome::ApiError { text, .. } | TurnOutcome::Failed { text } => text,
    }
}
