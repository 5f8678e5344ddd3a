//! What is said in a step: a word for each prompt that is closed, one for each press.

use std::collections::{HashMap, HashSet};

use super::world::{Checked, posts};
use crate::ids::{MessageId, PromptId, UserId};
use crate::outbox::{Body, Post, PostAction, Sign};
use crate::ports::JournalEntry;
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::Machine;
use crate::session::{Instruct, Memory, Press, Revoke};

/// What the machine held before a step.
pub(super) struct Before {
    /// The message of each prompt.
    messages: HashMap<PromptId, MessageId>,
    /// Prompts that the person was told about and asked what is to become of them.
    offered: HashSet<PromptId>,
    /// The running prompt, and those that it took in: it has the word for them.
    running: Option<PromptId>,
    taken_in: HashSet<PromptId>,
    /// What belongs to a prompt that is held: its first part has the word for it. What nobody said
    /// to the bot has none.
    parts: HashSet<PromptId>,
    /// Instructions that are no prompts: what they do is their word.
    instructions: HashSet<PromptId>,
}

impl Before {
    pub(super) fn of(machine: &Machine) -> Self {
        let mut before = Self {
            messages: HashMap::new(),
            offered: HashSet::new(),
            running: None,
            taken_in: HashSet::new(),
            parts: HashSet::new(),
            instructions: (machine.inbox.waiting())
                .chain(machine.archive.waiting())
                .chain(machine.enquiries.waiting())
                .cloned()
                .collect(),
        };
        for prompt in machine.prompts.offered() {
            before.offered.insert(prompt.id.clone());
        }
        let mut prompts: Vec<_> = machine.prompts.waiting().collect();
        let mut held_of = HashSet::new();
        for piece in machine.gathering.pieces() {
            prompts.push(piece);
            if piece.is_overheard() || !held_of.insert(piece.author) {
                before.parts.insert(piece.id.clone());
            }
        }
        if let Some(turn) = &machine.turn {
            before.running = Some(turn.prompt().id.clone());
            prompts.push(turn.prompt());
            for (prompt, is_taken) in turn.steered() {
                prompts.push(prompt);
                if is_taken {
                    before.taken_in.insert(prompt.id.clone());
                }
            }
        }
        for prompt in prompts {
            before.messages.insert(prompt.id.clone(), prompt.message);
        }
        before
    }

    /// Notes a prompt that the event brings.
    pub(super) fn with_message(&mut self, id: &PromptId, message: MessageId) {
        self.messages.insert(id.clone(), message);
    }

    /// Notes instructions that the event brings.
    pub(super) fn with_instructions(&mut self, ids: &HashSet<PromptId>) {
        self.instructions.extend(ids.iter().cloned());
    }
}

/// Returns what is written down, if the effect is that.
fn entry_of(effect: &Effect) -> Option<&JournalEntry> {
    match effect {
        Effect::Journal(entry) => Some(entry),
        Effect::Launch(_)
        | Effect::Write(_)
        | Effect::SignalInterrupt
        | Effect::KillAgent
        | Effect::ForgetAgent
        | Effect::Fetch { .. }
        | Effect::Listen { .. }
        | Effect::StopListening { .. }
        | Effect::Remember(_)
        | Effect::Post(_)
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

/// Checks that the person has a word for each prompt that the step closed.
pub(super) fn check_closed(before: &Before, event: &Event, effects: &[Effect]) -> Checked {
    // Whoever deletes all that a chat has says so.
    if is_erased(event) {
        return Ok(());
    }
    let entry = effects.iter().find_map(entry_of);
    let closed = entry.map(|entry| &entry.closed);
    let joined = entry.into_iter().flat_map(|entry| &entry.accepted);
    let joined: Vec<_> = joined.flat_map(|prompt| &prompt.further).collect();
    let is_joined = |id: &PromptId| {
        let message = before.messages.get(id);
        joined.iter().any(|piece| Some(&piece.message) == message)
    };
    let answered = answered_messages(effects);
    let has_word = |id: &PromptId| {
        let message = before.messages.get(id);
        message.is_some_and(|message| answered.contains(message)) || before.offered.contains(id)
    };
    let consumed = consumed_by(event);
    let texts: Vec<&str> = posts(effects).filter_map(text_of).collect();
    let covers_the_running = texts.iter().any(|text| tells_what_ran(text));
    let mut counted: usize = texts.iter().map(|text| dropped_in(text)).sum();
    for id in closed.into_iter().flatten() {
        let is_taken_in = before.taken_in.contains(id) || consumed.contains(id);
        let is_of_turn = before.running.as_ref() == Some(id) || is_taken_in;
        let has_the_turns_word = is_taken_in && before.running.as_ref().is_some_and(has_word);
        let is_removed = is_wish(event) || is_of_turn && covers_the_running;
        let is_no_prompt = before.instructions.contains(id);
        if before.parts.contains(id) || is_joined(id) {
            continue;
        }
        if has_word(id) || has_the_turns_word || is_removed || is_no_prompt {
            continue;
        }
        if counted == 0 {
            return Err(format!("closes {} without a word", id.0));
        }
        counted -= 1;
    }
    Ok(())
}

fn is_erased(event: &Event) -> bool {
    matches!(
        event,
        Event::Revoked(Revoke {
            memory: Memory::Erased,
            ..
        })
    )
}

/// Returns how many of the prompts that wait the texts say run when the bridge is back.
pub(super) fn told_to_wait(effects: &[Effect]) -> usize {
    let texts = posts(effects).filter_map(text_of);
    let later = texts.filter_map(|text| text.strip_prefix("⏸ The bridge is stopping. "));
    later.map(count_in).sum()
}

/// Tells whether an agent is said to have done nothing at all.
pub(super) fn tells_of_an_empty_resume(effects: &[Effect]) -> bool {
    let mut texts = posts(effects).filter_map(text_of);
    texts.any(|text| text == bridge_texts::Say::default().conversation_empty())
}

/// Checks that a press is answered once, whatever it was.
pub(super) fn check_answers(event: &Event, effects: &[Effect]) -> Checked {
    let is_answer = |effect: &&Effect| matches!(effect, Effect::Sign(Sign::AnswerCallback { .. }));
    let n_answers = effects.iter().filter(is_answer).count();
    let is_press = matches!(event, Event::Instructed(Instruct::Press(_)));
    if n_answers != usize::from(is_press) {
        return Err(format!("answers a press {n_answers} times"));
    }
    Ok(())
}

/// Checks that a press of somebody who has no say does nothing but get its answer.
pub(super) fn check_say(press: &Press, owner: Option<UserId>, effects: &[Effect]) -> Checked {
    let has_say = press.role.is_in_charge() || owner == Some(press.by);
    let is_done = |effect: &&Effect| !matches!(effect, Effect::Journal(_));
    if owner.is_some() && !has_say && effects.iter().filter(is_done).count() != 1 {
        return Err("lets a stranger decide".to_owned());
    }
    Ok(())
}

fn answered_messages(effects: &[Effect]) -> HashSet<MessageId> {
    let replies = posts(effects).filter_map(|post| match &post.action {
        PostAction::Send { reply_to, .. } => *reply_to,
        PostAction::Edit { .. } | PostAction::EditMessage { .. } | PostAction::Leave => None,
    });
    let signs = effects.iter().filter_map(|effect| {
        // A text that answers a question is seen to be one.
        if let Effect::Sign(Sign::React { message, emoji, .. }) = effect {
            (*emoji == Some("👌")).then_some(*message)
        } else {
            None
        }
    });
    replies.chain(signs).collect()
}

fn consumed_by(event: &Event) -> Vec<PromptId> {
    use crate::agent_event::AgentEvent;
    if let Event::Agent(_, AgentEvent::TurnEnded(end)) = event {
        return end.prompts.clone().unwrap_or_default();
    }
    Vec::new()
}

/// The message of a prompt that waited says itself that it does not run.
fn is_wish(event: &Event) -> bool {
    if let Event::Instructed(Instruct::Press(press)) = event {
        return press.data.starts_with("q1");
    }
    false
}

fn text_of(post: &Post) -> Option<&str> {
    let (PostAction::Send { body, .. } | PostAction::Edit { body, .. }) = &post.action else {
        return None;
    };
    match body {
        Body::Plain(text) | Body::Choice { text, .. } => Some(text),
        Body::Markdown(_)
        | Body::Rich(_)
        | Body::Live { .. }
        | Body::Folded(_)
        | Body::Quoted(_)
        | Body::Card { .. }
        | Body::Document { .. }
        | Body::Files { .. } => None,
    }
}

fn tells_what_ran(text: &str) -> bool {
    text.starts_with("Stopped the current work") || text.contains("running work was stopped")
}

/// Returns how many prompts a text says were dropped.
fn dropped_in(text: &str) -> usize {
    match text.find("waiting message") {
        Some(at) if text.contains("dropped") => {
            let word = text[..at].split_whitespace().next_back();
            word.map_or(0, |word| word.parse().unwrap_or(1))
        }
        Some(_) | None => 0,
    }
}

/// Returns the number that a text begins with, one if it begins with a word.
fn count_in(text: &str) -> usize {
    let word = text.split_whitespace().next();
    word.map_or(0, |word| word.parse().unwrap_or(1))
}
