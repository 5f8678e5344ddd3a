//! What a step writes down of prompts.

use super::Prompts;
use crate::ids::{ConversationId, PromptId};
use crate::outbox::Post;
use crate::ports::{PromptForm, SessionRecord, Stage};
use crate::session::Prompt;
use crate::session::effect::Effect;
use crate::session::step::Step;

/// The record of the session before a step and after it.
pub(in crate::session) struct Records<'a> {
    pub(in crate::session) before: &'a SessionRecord,
    pub(in crate::session) after: &'a SessionRecord,
}

impl Prompts {
    /// Notes a prompt that came to be.
    pub(in crate::session) fn note_accepted(&mut self, prompt: Prompt) {
        self.entry.accepted.push(prompt);
    }

    /// Notes how far a prompt has come.
    pub(in crate::session) fn note_stage(&mut self, id: PromptId, stage: Stage) {
        self.entry.stages.push((id, stage));
    }

    /// Notes that a prompt is written to an agent that was started with this conversation.
    ///
    /// A command counts as begun: it may run lines of its own before the model says a word, and
    /// no tool waits for the bridge then.
    pub(in crate::session) fn note_started(
        &mut self,
        id: PromptId,
        form: PromptForm,
        conversation: ConversationId,
    ) {
        let stage = match form {
            PromptForm::Text => Stage::Started { conversation },
            PromptForm::Command => Stage::Begun { doing: None },
        };
        self.note_stage(id, stage);
    }

    /// Puts what the step came to before its other effects.
    ///
    /// A prompt that the session answered for and no longer holds has its outcome, and what is no
    /// prompt was carried out. It is found by looking, so that no way through the machine can
    /// forget to say so.
    ///
    /// What is remembered of the session comes first: a crash in between finds an instruction
    /// open that was carried out, and carries it out again, rather than one that was lost. Which
    /// messages have live buttons comes behind it: the edits that close them are written down with
    /// the step. So does what an agent did in the background when it ended: the word about it is
    /// written down first.
    pub(in crate::session) fn write_down(
        &mut self,
        answered_for: &[PromptId],
        held: &[PromptId],
        records: &Records<'_>,
        step: &mut Step<'_>,
    ) {
        let Records { before, after } = *records;
        let mut entry = std::mem::take(&mut self.entry);
        let closed = answered_for.iter().filter(|id| !held.contains(id));
        entry.closed = closed.cloned().collect();
        entry.accepted.retain(|prompt| held.contains(&prompt.id));
        entry.stages.retain(|(id, _)| held.contains(id));
        entry.charges = step.take_charges();
        let effects = step.effects_mut();
        // Behind the word about it: whoever misses that is told by the next run.
        let has_ended = after.timers.len() < before.timers.len()
            || !before.in_background.is_empty() && after.in_background.is_empty();
        let tells_end = has_ended && effects.iter().any(|effect| promised(effect).is_some());
        if entry.is_empty() && !tells_end {
            return;
        }
        entry.posts = effects.iter().filter_map(promised).cloned().collect();
        let (remembered, rest): (Vec<_>, Vec<_>) = std::mem::take(effects)
            .into_iter()
            .partition(|effect| matches!(effect, Effect::Remember(_)));
        let keeps = if tells_end { before } else { after };
        let lasting = SessionRecord {
            messages_with_buttons: before.messages_with_buttons.clone(),
            login_page: before.login_page,
            turn_card: before.turn_card.clone(),
            in_background: keeps.in_background.clone(),
            timers: keeps.timers.clone(),
            ..after.clone()
        };
        if lasting != *before {
            effects.push(Effect::Remember(lasting.clone()));
        }
        effects.push(Effect::Journal(entry));
        if !remembered.is_empty() && lasting != *after {
            effects.push(Effect::Remember(after.clone()));
        }
        effects.extend(rest);
    }
}

/// Returns the post that must arrive, if the effect is one.
fn promised(effect: &Effect) -> Option<&Post> {
    match effect {
        Effect::Post(post) if post.is_kept() => Some(post),
        Effect::Post(_)
        | Effect::Journal(_)
        | Effect::Launch(_)
        | Effect::Write(_)
        | Effect::SignalInterrupt
        | Effect::KillAgent
        | Effect::ForgetAgent
        | Effect::Fetch { .. }
        | Effect::Listen { .. }
        | Effect::StopListening { .. }
        | Effect::Remember(_)
        | Effect::Sign(_)
        | Effect::Audit(_)
        | Effect::TakeFiles(_)
        | Effect::Inbox(_)
        | Effect::Spare(_)
        | Effect::ReadPrompts(_)
        | Effect::LookUp(_)
        | Effect::ReleaseFiles(_)
        | Effect::SayUsedUp { .. }
        | Effect::Slot(_)
        | Effect::Finish => None,
    }
}
