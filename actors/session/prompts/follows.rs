//! What was passed on with words that a turn works on already: it goes into that turn as soon as it
//! can. What can only when the turn is over runs by itself, in its place in the queue.

use super::Prompts;
use crate::ids::PromptId;
use crate::session::Prompt;

impl Prompts {
    /// Notes that a prompt belongs to the turn of another one, in every run; returns it as that.
    pub(in crate::session) fn note_behind(&mut self, comment: PromptId, prompt: Prompt) -> Prompt {
        let follows = Some(comment);
        let prompt = Prompt { follows, ..prompt };
        self.note_accepted(prompt.clone());
        prompt
    }

    /// Returns how many prompts wait that belong to the turn that was given these.
    pub(in crate::session) fn n_followers(&self, was_given: impl Fn(&PromptId) -> bool) -> usize {
        let waiting = self.queue.iter();
        waiting.filter(|it| follows(it, &was_given)).count()
    }

    /// Takes the next prompt that belongs to the turn that was given these, and can run.
    pub(in crate::session) fn take_follower(
        &mut self,
        was_given: impl Fn(&PromptId) -> bool,
    ) -> Option<Prompt> {
        let is_due = |prompt: &Prompt| follows(prompt, &was_given) && self.is_ready(prompt);
        let place = self.queue.iter().position(is_due)?;
        self.queue.remove(place)
    }

    /// Drops what belongs to the turn that was given these; returns how much that was.
    pub(in crate::session) fn drop_followers(
        &mut self,
        was_given: impl Fn(&PromptId) -> bool,
    ) -> usize {
        let before = self.queue.len();
        self.queue.retain(|prompt| !follows(prompt, &was_given));
        before - self.queue.len()
    }
}

fn follows(prompt: &Prompt, was_given: impl Fn(&PromptId) -> bool) -> bool {
    prompt.follows.as_ref().is_some_and(was_given)
}
