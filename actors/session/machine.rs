//! Pure: decides what a session does about each event.
//!
//! The machine knows no clock and does nothing itself: [`Machine::step`] takes an event and the
//! time and returns effects in the order in which they are to be performed. The parts of the
//! decision lie in submodules by the kind of event.

mod agent;
mod approvals;
mod background;
mod cards;
mod change;
mod choose;
mod deadlines;
mod drafts;
mod instruct;
mod interrupted;
mod lifecycle;
mod outcome;
mod phase;
mod progress;
mod record;
mod steer;

pub(in crate::session) use instruct::WasRunning;
use phase::{
    Ending, Experience, Handshake, Leaving, LeavingStage, Live, Opening, Phase, Refusal, Room,
};
use progress::Closing;

use std::collections::{HashSet, VecDeque};
use std::path::Path;

use crate::clock::{Time, UnixSeconds};
use crate::ids::{ConversationId, Generation, MessageId, PostId, PromptId, SessionKey};
use crate::outbox::{Body, Post, PostAction, Rank, Sign, Sound};
use crate::ports::{JournalEntry, SessionRecord, Trust};
use crate::session::Prompt;
use crate::session::card::Detail;
use crate::session::choices::{Choices, Model, Picker};
use crate::session::draft::Drafts;
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::offer::Offer;
use crate::session::policy::Policy;
use crate::session::settings::SessionSettings;
use crate::session::tasks::TaskList;
use crate::session::waiting::WaitingNotice;

/// The state of one session.
#[derive(Debug)]
pub struct Machine {
    key: SessionKey,
    policy: Policy,
    /// What the next agent is started with.
    settings: SessionSettings,
    record: SessionRecord,
    /// The conversation in which an earlier run began, and which nobody may know to exist.
    begun_conversation: Option<ConversationId>,
    phase: Phase,
    queue: VecDeque<Prompt>,
    /// Interrupted prompts that wait for a decision, the oldest first.
    offers: VecDeque<Offer>,
    /// The models that Claude listed last.
    models: Vec<Model>,
    /// The last message with tasks to stop.
    task_list: Option<TaskList>,
    /// The open message with values to choose from.
    picker: Option<Picker>,
    /// The messages that say that a prompt waits behind a turn, the oldest first.
    notices: Vec<WaitingNotice>,
    /// What the buttons carried of requests that are decided and of prompts that wait no longer, the
    /// oldest first.
    used_nonces: VecDeque<String>,
    /// Since when nothing at all has happened, while there is no agent and nothing to do.
    asleep_since: Option<Time>,
    /// What was taken over after a fault, and may come from the mailbox again.
    taken_over: HashSet<PromptId>,
    /// How the turn ends that ends in the running step.
    closing: Option<Closing>,
    /// What the running step has to write down beside what can be seen after it.
    entry: JournalEntry,
    commands: Vec<String>,
    version: Option<String>,
    ending: Ending,
}

/// Ids that nobody had before; drawn by the actor, used by the machine.
#[expect(
    missing_debug_implementations,
    reason = "closures have nothing to show"
)]
pub struct Fresh<'a> {
    /// Draws a random conversation id.
    pub conversation: &'a mut dyn FnMut() -> ConversationId,
    /// Draws the id of a post.
    pub post: &'a mut dyn FnMut() -> PostId,
    /// Draws the number of an agent.
    pub generation: &'a mut dyn FnMut() -> Generation,
    /// Draws what proves that a button belongs to its message; nobody can guess it.
    pub nonce: &'a mut dyn FnMut() -> String,
    /// The calendar time, for what is shown and written down.
    pub calendar: UnixSeconds,
}

impl Machine {
    /// Returns the machine of a session that was stored as `record`.
    pub fn new(key: SessionKey, settings: SessionSettings, record: SessionRecord) -> Self {
        Self {
            key,
            policy: settings.policy,
            settings,
            record,
            begun_conversation: None,
            phase: Phase::Asleep,
            queue: VecDeque::new(),
            offers: VecDeque::new(),
            models: Vec::new(),
            task_list: None,
            picker: None,
            notices: Vec::new(),
            used_nonces: VecDeque::new(),
            asleep_since: None,
            taken_over: HashSet::new(),
            closing: None,
            entry: JournalEntry::default(),
            commands: Vec::new(),
            version: None,
            ending: Ending::No,
        }
    }

    /// Returns the record to begin with.
    ///
    /// A conversation lives in the folder it was begun in: when the configuration names another
    /// folder since, a new conversation is begun there.
    pub fn record_for(stored: Option<SessionRecord>, folder: &Path) -> SessionRecord {
        match stored {
            Some(record) if record.folder == folder => record,
            Some(SessionRecord {
                home,
                cards,
                turn_card,
                detail,
                drafts,
                choices,
                ..
            }) => SessionRecord {
                conversation: None,
                folder: folder.to_owned(),
                home,
                cards,
                turn_card,
                detail,
                drafts,
                choices,
                // Another folder has to be trusted anew.
                trust: Trust::Untrusted,
            },
            None => SessionRecord {
                conversation: None,
                folder: folder.to_owned(),
                home: None,
                cards: Vec::new(),
                turn_card: None,
                detail: Detail::default(),
                drafts: Drafts::default(),
                choices: Choices::default(),
                trust: Trust::Untrusted,
            },
        }
    }

    /// Takes one event and returns what is to be done, in order.
    pub fn step(&mut self, event: Event, now: Time, fresh: &mut Fresh<'_>) -> Vec<Effect> {
        let answered_for = self.answered_for(&event);
        let sleeps_on = self.sleeps_through(&event);
        let record = self.record.clone();
        let requests = self.waiting_requests();
        let card = self.open_card();
        let mut effects = Vec::new();
        let out = &mut effects;
        match event {
            Event::Instructed(instruction) => self.on_instruction(instruction, now, fresh, out),
            Event::Agent(generation, event) => {
                self.on_agent_event(generation, event, now, fresh, out);
            }
            Event::Shown { post, message } => self.on_shown(post, message),
            Event::DraftRefused(id) => self.on_draft_refused(id, now),
            Event::SlotGranted => self.on_slot_granted(now, fresh, out),
            Event::SlotDelayed { ahead } => self.on_slot_delayed(ahead, fresh, out),
            Event::YieldAsked => self.on_yield_asked(now, out),
            Event::Revoked(revoke) => self.on_revoked(revoke, now, fresh, out),
            Event::Configured(settings) => self.on_configured(settings, now, out),
            Event::Moved(key) => self.on_moved(key, out),
            Event::EndAsked { deadline } => self.on_end_asked(deadline, now, fresh, out),
            Event::DeadlineReached => self.on_deadline(now, fresh, out),
            Event::Resumed(open) => self.on_resumed(open, now, fresh, out),
            Event::Adopted(open) => self.on_adopted(open, now, fresh, out),
            Event::Rebuilt { open, suspects } => {
                self.on_rebuilt(open, &suspects, now, fresh, out);
            }
        }
        self.end_after_the_turn(now, out);
        self.close_dead_requests(requests, out);
        self.close_card_of_turn(card, now, fresh, out);
        self.close_notices(out);
        self.renew_task_list(out);
        self.note_sleep(sleeps_on, now);
        finish_last(out);
        self.write_down(&answered_for, &record, &mut effects);
        effects
    }

    /// Posts a line that answers nothing in particular.
    fn notice(&self, text: String, fresh: &mut Fresh<'_>, out: &mut Vec<Effect>) -> PostId {
        self.send(
            Body::Plain(text),
            None,
            (Rank::Notice, Sound::Silent),
            fresh,
            out,
        )
    }

    /// Posts a line that answers nothing in particular and must arrive.
    fn tell(&self, text: String, fresh: &mut Fresh<'_>, out: &mut Vec<Effect>) {
        let tone = (Rank::Answer, Sound::Silent);
        self.send(Body::Plain(text), None, tone, fresh, out);
    }

    /// Posts a line that answers a message and has nothing to say of a prompt: whoever misses it
    /// asks again, and a crowd that asks keeps no answer waiting.
    fn inform(&self, to: MessageId, text: String, fresh: &mut Fresh<'_>, out: &mut Vec<Effect>) {
        let tone = (Rank::Notice, Sound::Ring);
        self.send(Body::Plain(text), Some(to), tone, fresh, out);
    }

    /// Posts a line that answers a message and must arrive.
    fn reply(
        &self,
        to: MessageId,
        text: String,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) -> PostId {
        self.send(
            Body::Plain(text),
            Some(to),
            (Rank::Answer, Sound::Ring),
            fresh,
            out,
        )
    }

    fn send(
        &self,
        body: Body,
        reply_to: Option<MessageId>,
        (rank, sound): (Rank, Sound),
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) -> PostId {
        let id = (fresh.post)();
        let action = PostAction::Send {
            id,
            body,
            reply_to,
            sound,
        };
        out.push(Effect::Post(Post {
            key: self.key,
            action,
            rank,
        }));
        id
    }

    fn edit(&self, id: PostId, text: String, out: &mut Vec<Effect>) {
        let action = PostAction::Edit {
            id,
            body: Body::Plain(text),
        };
        out.push(Effect::Post(Post {
            key: self.key,
            action,
            rank: Rank::Notice,
        }));
    }

    fn react(&self, message: MessageId, out: &mut Vec<Effect>) {
        let emoji = Some("👀");
        out.push(Effect::Sign(Sign::React {
            chat: self.key.chat,
            message,
            emoji,
        }));
    }

    /// Stores the conversation if it is another one than before. After none begins one that
    /// nobody had.
    fn remember(&mut self, conversation: Option<&ConversationId>, out: &mut Vec<Effect>) {
        if conversation.is_none() {
            self.begun_conversation = None;
        }
        if self.record.conversation.as_ref() != conversation {
            self.record.conversation = conversation.cloned();
            out.push(Effect::Remember(self.record.clone()));
        }
    }
}

/// Lets a session end only when it has done all else.
fn finish_last(out: &mut Vec<Effect>) {
    if let Some(place) = out.iter().position(|effect| *effect == Effect::Finish) {
        let finish = out.remove(place);
        out.push(finish);
    }
}

#[cfg(test)]
mod tests;
