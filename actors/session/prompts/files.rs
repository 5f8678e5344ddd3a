//! The files of prompts that wait: a prompt runs when its files lie in the inbox.

use super::{Fate, Prompts, Written};
use crate::ids::PromptId;
use crate::outbox::{Body, Rank, Sound};
use crate::ports::{AgentInput, Lack, PromptForm};
use crate::sent_file::{FetchFault, Fetched};
use crate::session::Prompt;
use crate::session::effect::Effect;
use crate::session::policy::VoicePolicy;
use crate::session::step::Step;
use crate::session::{texts, to_claude};

/// What is known of the files of the prompts that the session answers for.
#[derive(Debug, Default)]
pub(super) struct Files(Vec<(PromptId, Coming)>);

/// Whether the files of a prompt have come.
#[derive(Debug)]
enum Coming {
    /// Somebody fetches so many.
    Underway { n_files: usize },
    /// They are in the inbox, but for those that the prompt runs without.
    Here(Vec<Fetched>),
}

impl Coming {
    fn n_files(&self) -> usize {
        match self {
            Self::Underway { n_files } => *n_files,
            Self::Here(files) => files.len(),
        }
    }
}

impl Files {
    fn of(&self, id: &PromptId) -> Option<&Coming> {
        let mut all = self.0.iter();
        all.find(|(prompt, _)| prompt == id).map(|(_, it)| it)
    }

    /// Returns the files of a prompt that are here.
    pub(super) fn here(&self, id: &PromptId) -> &[Fetched] {
        match self.of(id) {
            Some(Coming::Here(files)) => files,
            Some(Coming::Underway { .. }) | None => &[],
        }
    }
}

impl Prompts {
    /// Has the files fetched of what waits, and forgets those of what the session no longer
    /// answers for: found by looking, so that no way of a prompt into the queue can forget it.
    pub(in crate::session) fn see_to_files(&mut self, held: &[PromptId], step: &mut Step<'_>) {
        self.files.0.retain(|(id, _)| held.contains(id));
        if let VoicePolicy::Off { .. } = step.policy().voice {
            self.leave_unheard();
        }
        for prompt in &self.queue {
            let n_files = prompt.files.len();
            // A message that came later brings more.
            let is_outgrown =
                |(id, coming): &(PromptId, Coming)| *id == prompt.id && coming.n_files() != n_files;
            self.files.0.retain(|it| !is_outgrown(it));
            if n_files > 0 && self.files.of(&prompt.id).is_none() {
                let coming = Coming::Underway { n_files };
                self.files.0.push((prompt.id.clone(), coming));
                step.push(Effect::Fetch {
                    prompt: prompt.id.clone(),
                    files: prompt.files.clone(),
                });
            }
        }
    }

    /// Tells whether the prompt that is next can run.
    pub(in crate::session) fn has_ready(&self) -> bool {
        self.next().is_some_and(|prompt| self.is_ready(prompt))
    }

    /// Tells whether what is next cannot run before its files are here and what is said in them is
    /// known.
    pub(in crate::session) fn wait_for_files(&self) -> bool {
        self.has_waiting() && !self.has_ready()
    }

    /// Tells whether nothing that a prompt needs is still to come.
    pub(super) fn is_ready(&self, prompt: &Prompt) -> bool {
        self.has_its_files(prompt) && prompt.unheard().is_none()
    }

    /// Tells whether the files of a prompt are here.
    pub(super) fn has_its_files(&self, prompt: &Prompt) -> bool {
        let is_here = |coming: &Coming| match coming {
            Coming::Here(files) => files.len() == prompt.files.len(),
            Coming::Underway { .. } => false,
        };
        prompt.files.is_empty() || self.files.of(&prompt.id).is_some_and(is_here)
    }

    /// Takes in what became of the files of a prompt. One whose files cannot be had does not run:
    /// the person is told, and can have it tried again.
    pub(in crate::session) fn on_fetched(
        &mut self,
        id: &PromptId,
        outcome: Result<Vec<Fetched>, FetchFault>,
        step: &mut Step<'_>,
    ) {
        let mut all = self.files.0.iter_mut();
        let coming = all.find(|(prompt, _)| prompt == id).map(|(_, it)| it);
        let Some(coming @ Coming::Underway { .. }) = coming else {
            return;
        };
        let fault = match outcome {
            // There are more by now, which somebody fetches too.
            Ok(files) if files.len() != coming.n_files() => return,
            Ok(files) => {
                let missing = files.iter().find_map(|it| it.as_ref().err().cloned());
                *coming = Coming::Here(files);
                self.tell_missing(id, missing.as_ref(), step);
                self.give_up_what_is_too_long(id, step);
                return;
            }
            Err(fault) => fault,
        };
        self.files.0.retain(|(prompt, _)| prompt != id);
        let Some(prompt) = self.take(id) else { return };
        let text = texts::not_fetched(step.say(), &fault);
        if fault.may_pass() {
            self.offer_again(prompt, (Lack::File, text), step);
        } else {
            step.reply(prompt.message, text);
            self.fates.note(&Written::of(&prompt), Fate::NeverRan);
        }
    }

    /// Says that a prompt runs without the file of the message that it answers.
    fn tell_missing(&self, id: &PromptId, missing: Option<&FetchFault>, step: &mut Step<'_>) {
        let prompt = self.queue.iter().find(|prompt| prompt.id == *id);
        if let (Some(prompt), Some(fault)) = (prompt, missing) {
            let text = texts::runs_without(step.say(), fault);
            let tone = (Rank::Notice, Sound::Silent);
            step.send(Body::Plain(text), Some(prompt.message), tone);
        }
    }

    /// Returns what an agent is told of a prompt.
    pub(in crate::session) fn input_of(&self, prompt: &Prompt, form: PromptForm) -> AgentInput {
        let files = self.files.here(&prompt.id);
        AgentInput::Prompt {
            id: prompt.id.clone(),
            text: to_claude::words_of(prompt, form, files),
            form,
            pictures: files
                .iter()
                .flatten()
                .filter_map(to_claude::picture)
                .collect(),
        }
    }
}
