//! What a turn came to, in posts.

use crate::ids::MessageId;
use crate::session::agent_event::{TurnEnd, TurnOrigin, TurnOutcome};
use crate::session::effect::Effect;
use crate::session::texts;
use crate::session::turn::Turn;

use super::{Fresh, Machine};

impl Machine {
    pub(super) fn post_outcome(
        &self,
        mut turn: Turn,
        end: TurnEnd,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let message = turn.prompt.message;
        let stop_reason = turn.stop_reason();
        match end.outcome {
            TurnOutcome::Answered { text } => match end.origin {
                TurnOrigin::Prompt => {
                    let answer = turn.said.take(&text);
                    self.post_answer_or_word(message, answer, fresh, out);
                }
                // The background turn that took the prompt in was posted when it ended.
                TurnOrigin::Background => {
                    let rest = turn.said.take("");
                    if rest.is_empty() {
                        self.reply(message, texts::answered_above(), fresh, out);
                    } else {
                        self.post_answer(Some(message), rest, fresh, out);
                    }
                }
            },
            TurnOutcome::Interrupted => {
                let partial = turn.said.take("");
                if !partial.is_empty() {
                    self.post_answer(Some(message), partial, fresh, out);
                }
                let text = texts::stopped(stop_reason, self.policy.silence_limit);
                self.reply(message, text, fresh, out);
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
                    self.post_answer(Some(message), said, fresh, out);
                }
                self.reply(message, texts::api_error(&fault, &text), fresh, out);
            }
            TurnOutcome::Failed { text } => {
                let said = turn.said.take("");
                if !said.is_empty() {
                    self.post_answer(Some(message), said, fresh, out);
                }
                self.reply(message, texts::turn_failed(&text), fresh, out);
            }
        }
    }

    fn post_answer_or_word(
        &self,
        message: MessageId,
        answer: String,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        if answer.is_empty() {
            self.reply(message, texts::empty_answer(), fresh, out);
        } else {
            self.post_answer(Some(message), answer, fresh, out);
        }
    }

    pub(super) fn post_background(
        &self,
        text: String,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        if !text.is_empty() {
            self.post_answer(None, text, fresh, out);
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
