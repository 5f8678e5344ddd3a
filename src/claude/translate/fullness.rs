//! How full the context is at the end of a turn: the last call of the model says what it read.

use bridge_actors::agent_event::{AgentEvent, News};

use crate::claude::wire::{ResultLine, Usage};

/// From this share on it is worth a word, in percent: the CLI compacts by itself soon after.
const NEARLY_FULL: u64 = 80;

/// What the conversation's own calls of the model came to.
#[derive(Debug, Default)]
pub(super) struct Fullness {
    model: String,
    tokens: u64,
    is_told: bool,
}

impl Fullness {
    /// Takes in what a call of the model read and wrote; a subagent has a context of its own.
    pub(super) fn note(&mut self, model: String, usage: &Usage) {
        self.tokens = [
            usage.input_tokens,
            usage.cache_read_input_tokens,
            usage.cache_creation_input_tokens,
            usage.output_tokens,
        ]
        .into_iter()
        .fold(0, u64::saturating_add);
        self.model = model;
    }

    /// Returns that it is nearly full, where a turn ends so and that was not said before.
    pub(super) fn at_end(&mut self, line: &ResultLine) -> Option<AgentEvent> {
        let models = line.model_usage_since_last_result.as_ref()?;
        let window = models.get(&self.model)?.context_window;
        let percent = self
            .tokens
            .saturating_mul(100)
            .checked_div(window)?
            .min(100);
        let is_new = percent >= NEARLY_FULL && !self.is_told;
        self.is_told = percent >= NEARLY_FULL;
        is_new.then_some(AgentEvent::News(News::NearlyFull { percent }))
    }
}
