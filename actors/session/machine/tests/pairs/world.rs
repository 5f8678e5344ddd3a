//! What is known outside of a machine: its agent and slot, the journal, the messages in the chat.

use std::collections::{BTreeMap, HashSet};

use crate::ids::{PostId, PromptId, SessionKey};
use crate::outbox::{Body, Post, PostAction, Quoted, Sign};
use crate::ports::{
    AgentInput, Conversation, HostUptime, JournalEntry, LaunchOrder, OpenPrompt, PromptForm,
    SessionRecord, Stage,
};
use crate::session::effect::Effect;
use crate::session::{Instruct, Prompt};
use crate::session_supervisor::SlotChange;

/// Why a step breaks a rule, or nothing.
pub(super) type Checked = Result<(), String>;

/// What holds a slot and what it does, as far as the supervisor knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    None,
    Starting,
    Busy,
    Idle,
}

pub(super) struct World {
    pub(super) key: SessionKey,
    pub(super) record: SessionRecord,
    pub(super) has_agent: bool,
    pub(super) slot: Slot,
    pub(super) waits: bool,
    pub(super) has_finished: bool,
    /// Prompts without an outcome.
    pub(super) open: Vec<(Prompt, Stage)>,
    /// Other instructions that were not carried out.
    pub(super) instructions: HashSet<PromptId>,
    /// Those that wait for the room.
    pub(super) asked: HashSet<PromptId>,
    /// Prompts that an agent was given and may have read.
    read: HashSet<PromptId>,
    /// Whether a tool was let run in this step.
    pub(super) lets_run: bool,
    /// The buttons below each message, and those that were there.
    pub(super) buttons: BTreeMap<PostId, Vec<String>>,
    pub(super) dead_buttons: Vec<String>,
    /// Conversations that were begun.
    conversations: HashSet<String>,
    /// What Claude has said and is in no post.
    pub(super) unposted: Vec<String>,
    /// Whether the person set the conversation aside, and none was begun since.
    pub(super) is_set_aside: bool,
}

impl World {
    pub(super) fn new(key: SessionKey, record: SessionRecord) -> Self {
        Self {
            key,
            record,
            has_agent: false,
            slot: Slot::None,
            waits: false,
            has_finished: false,
            open: Vec::new(),
            instructions: HashSet::new(),
            asked: HashSet::new(),
            read: HashSet::new(),
            lets_run: false,
            buttons: BTreeMap::new(),
            dead_buttons: Vec::new(),
            conversations: HashSet::new(),
            unposted: Vec::new(),
            is_set_aside: false,
        }
    }

    /// Takes a prompt in as the router does, before the session has it.
    pub(super) fn accept(&mut self, prompt: &Prompt) {
        if self.stage(&prompt.id).is_none() {
            self.open.push((prompt.clone(), Stage::Accepted));
        }
    }

    /// Takes an instruction in as the router does.
    pub(super) fn accept_instruction(&mut self, instruction: &Instruct) {
        match instruction {
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => self.accept(prompt),
            Instruct::Replace(_)
            | Instruct::Command(_)
            | Instruct::Press(_)
            | Instruct::StopDraft(_)
            | Instruct::Rate(_) => {
                self.instructions.insert(instruction.id().clone());
            }
        }
    }

    fn stage(&mut self, id: &PromptId) -> Option<&mut Stage> {
        let mut open = self.open.iter_mut();
        let (_, stage) = open.find(|(prompt, _)| prompt.id == *id)?;
        Some(stage)
    }

    /// Ends the bridge and all agents with it; returns what was left open.
    pub(super) fn break_down(&mut self) -> Vec<OpenPrompt> {
        (self.has_agent, self.slot) = (false, Slot::None);
        self.break_value()
    }

    /// Ends the value of the session; its agent, if it has one, keeps its slot until it is dead.
    /// Returns what was left open.
    pub(super) fn break_value(&mut self) -> Vec<OpenPrompt> {
        self.waits = false;
        self.read.clear();
        // They are in the conversation, and as far as they were shown in the card.
        self.unposted.clear();
        // Nobody takes the buttons of the broken value away before they are pressed.
        let buttons = std::mem::take(&mut self.buttons);
        self.dead_buttons.extend(buttons.into_values().flatten());
        let open = self.open.iter().map(|(prompt, stage)| OpenPrompt {
            prompt: prompt.clone(),
            stage: stage.clone(),
            host: HostUptime::Unbroken,
            replays: 0,
        });
        open.collect()
    }

    /// Notes that the agent has read nothing, so that another one may get the same.
    pub(super) fn has_read_nothing(&mut self) {
        self.read.clear();
    }

    /// Notes which instructions stay open until the agent has answered.
    pub(super) fn note_enquiries<'a>(&mut self, waiting: impl Iterator<Item = &'a PromptId>) {
        for id in waiting
            .filter(|id| self.instructions.contains(*id))
            .collect::<Vec<_>>()
        {
            self.instructions.remove(id);
            self.asked.insert(id.clone());
        }
    }

    /// Performs what a step wants done, in order.
    pub(super) fn perform(&mut self, effects: &[Effect]) -> Checked {
        let mut entry = None;
        let mut is_first = true;
        self.lets_run = false;
        for effect in effects {
            if self.has_finished {
                return Err("does something after its end".to_owned());
            }
            match effect {
                Effect::Journal(written) if is_first => entry = Some(written),
                Effect::Journal(_) => return Err("writes down last".to_owned()),
                Effect::Launch(order) => self.on_launch(order)?,
                Effect::Write(input) => self.on_write(input, entry)?,
                Effect::SignalInterrupt | Effect::KillAgent | Effect::ForgetAgent
                    if !self.has_agent =>
                {
                    return Err("tells an agent that is gone".to_owned());
                }
                Effect::ForgetAgent => self.has_agent = false,
                Effect::Remember(record) => self.record = record.clone(),
                Effect::Post(post) => self.on_post(post)?,
                Effect::Slot(change) => self.on_slot(*change)?,
                Effect::Finish => self.has_finished = true,
                Effect::SignalInterrupt | Effect::KillAgent => {}
                Effect::Sign(Sign::Draft(draft))
                    if !self.has_agent || !draft.key.chat.is_private() =>
                {
                    return Err("shows a draft of no turn, or in a group".to_owned());
                }
                // It stays open until the room has answered.
                Effect::Inbox(order) => {
                    self.instructions.remove(&order.asked_in);
                    self.asked.insert(order.asked_in.clone());
                }
                Effect::LookUp(order) => {
                    self.instructions.remove(&order.asked_in);
                    self.asked.insert(order.asked_in.clone());
                }
                Effect::Sign(Sign::Typing { .. } | Sign::Draft(_) | Sign::React { .. })
                | Effect::Sign(Sign::AnswerCallback { .. } | Sign::Delete { .. })
                | Effect::Audit(_)
                | Effect::TakeFiles(_)
                | Effect::Spare(_)
                | Effect::ReadPrompts(_)
                | Effect::SayUsedUp { .. }
                | Effect::ReleaseFiles(_)
                | Effect::Fetch { .. }
                | Effect::Listen { .. }
                | Effect::StopListening { .. } => {}
            }
            // What is remembered comes before, so that a crash in between loses nothing.
            is_first &= matches!(effect, Effect::Remember(_));
        }
        if let Some(entry) = entry {
            self.on_entry(entry, effects)?;
        }
        match self.instructions.iter().next() {
            Some(id) => Err(format!("does not say that {} was carried out", id.0)),
            None => Ok(()),
        }
    }

    fn on_launch(&mut self, order: &LaunchOrder) -> Checked {
        if self.has_agent {
            return Err("starts a second agent".to_owned());
        }
        if self.slot == Slot::None {
            return Err("starts an agent without a slot".to_owned());
        }
        self.has_agent = true;
        let (Conversation::New(id) | Conversation::Resume(id)) = &order.conversation;
        let is_known = !self.conversations.insert(id.0.clone());
        if self.is_set_aside && is_known {
            return Err("goes on with a conversation that was set aside".to_owned());
        }
        self.is_set_aside = false;
        Ok(())
    }

    fn on_write(&mut self, input: &AgentInput, entry: Option<&JournalEntry>) -> Checked {
        if !self.has_agent {
            return Err("writes to an agent that is gone".to_owned());
        }
        self.lets_run |= matches!(input, AgentInput::LetRun { .. });
        let AgentInput::Prompt { id, form, .. } = input else {
            return Ok(());
        };
        let says = |(known, stage): &(PromptId, Stage)| {
            known == id
                && match form {
                    PromptForm::Text => matches!(stage, Stage::Started { .. }),
                    PromptForm::Command => matches!(stage, Stage::Begun { .. }),
                }
        };
        if !entry.is_some_and(|entry| entry.stages.iter().any(says)) {
            return Err(format!("writes {} and not down that it was started", id.0));
        }
        if !self.read.insert(id.clone()) {
            return Err(format!("writes {} to two agents", id.0));
        }
        match self.stage(id) {
            Some(Stage::Accepted | Stage::Started { .. }) => Ok(()),
            Some(
                Stage::NotBegun { .. }
                | Stage::Begun { .. }
                | Stage::Halted { .. }
                | Stage::Interrupted { .. },
            ) => Err(format!("runs {} again by itself", id.0)),
            // It came to be in this step.
            None => Ok(()),
        }
    }

    fn on_post(&mut self, post: &Post) -> Checked {
        if post.key != self.key {
            return Err("posts to another chat".to_owned());
        }
        let (post, body) = match &post.action {
            PostAction::Send { id, body, .. }
            | PostAction::Edit { id, body }
            | PostAction::EditMessage { id, body, .. } => (*id, body),
            PostAction::Leave => return Err("leaves the chat".to_owned()),
        };
        self.dead_buttons
            .extend(self.buttons.remove(&post).unwrap_or_default());
        let words = words_of(body);
        self.unposted.retain(|said| !words.contains(said.as_str()));
        let buttons = buttons_of(body);
        self.dead_buttons.retain(|dead| !buttons.contains(dead));
        if !buttons.is_empty() {
            self.buttons.insert(post, buttons);
        }
        Ok(())
    }

    fn on_slot(&mut self, change: SlotChange) -> Checked {
        let holds = self.slot != Slot::None;
        match change {
            SlotChange::Wanted if holds => return Err("wants a second slot".to_owned()),
            SlotChange::Busy | SlotChange::Idle if !holds => {
                return Err("works without a slot".to_owned());
            }
            SlotChange::Released if self.has_agent => {
                return Err("gives the slot of a living agent back".to_owned());
            }
            SlotChange::Wanted => self.waits = true,
            SlotChange::Withdrawn => self.waits = false,
            SlotChange::Released => self.slot = Slot::None,
            SlotChange::Busy => self.slot = Slot::Busy,
            SlotChange::Idle => self.slot = Slot::Idle,
        }
        Ok(())
    }

    fn on_entry(&mut self, entry: &JournalEntry, effects: &[Effect]) -> Checked {
        for prompt in &entry.accepted {
            self.instructions.remove(&prompt.id);
            self.accept(prompt);
        }
        for (id, stage) in &entry.stages {
            let Some(known) = self.stage(id) else {
                return Err(format!("says how far {} has come, which is closed", id.0));
            };
            known.clone_from(stage);
        }
        for id in &entry.closed {
            if self.instructions.remove(id) || self.asked.remove(id) {
                continue;
            }
            if self.stage(id).is_none() {
                return Err(format!("closes {} twice", id.0));
            }
            self.open.retain(|(prompt, _)| prompt.id != *id);
        }
        let kept = posts(effects).filter(|post| post.is_kept());
        if !kept.eq(entry.posts.iter()) {
            return Err("does not write down all that it says".to_owned());
        }
        Ok(())
    }
}

/// Returns the posts among the effects.
pub(super) fn posts(effects: &[Effect]) -> impl Iterator<Item = &Post> {
    effects.iter().filter_map(|effect| {
        if let Effect::Post(post) = effect {
            Some(post)
        } else {
            None
        }
    })
}

/// Returns what Claude says in a body that stays.
fn words_of(body: &Body) -> String {
    match body {
        Body::Markdown(text) | Body::Rich(text) => text.clone(),
        Body::Folded(words) => words.as_written(),
        Body::Card { words, .. } => words.folded.clone(),
        Body::Document { content, .. } => content.clone(),
        Body::Plain(_)
        | Body::Choice { .. }
        | Body::Live { .. }
        | Body::Quoted(_)
        | Body::Files { .. } => String::new(),
    }
}

fn buttons_of(body: &Body) -> Vec<String> {
    match body {
        Body::Choice { rows, .. }
        | Body::Live { rows, .. }
        | Body::Quoted(Quoted { rows, .. })
        | Body::Card { rows, .. } => {
            let buttons = rows.iter().flatten();
            buttons.map(|button| button.data.clone()).collect()
        }
        Body::Markdown(_)
        | Body::Rich(_)
        | Body::Plain(_)
        | Body::Folded(_)
        | Body::Document { .. }
        | Body::Files { .. } => Vec::new(),
    }
}
