//! Reads scripts, runs them, writes transcripts.

mod agent;
mod archive;
mod commands;
mod enquiries;
mod files;
mod forms;
mod money;
mod script;
mod sent;
mod stored;

use std::sync::Arc;
use std::time::Duration;

use bridge_texts::recorded::{self, Said};
use expect_test::Expect;

use super::claims;
use super::show::show;
use crate::chat_settings::Detail;
use crate::clock::{Time, UnixSeconds};
use crate::ids::{
    ChatId, ConversationId, Generation, MessageId, PostId, PromptId, SessionKey, UserId,
};
use crate::ports::{SessionRecord, TurnCard};
use crate::purse::Purse;
use crate::session::deadline::Deadline;
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::Machine;
use crate::session::settings::SessionSettings;
use crate::session::step::{Moment, NewIds};
use crate::session::{Instruct, Prompt};

pub(super) use money::Money;
pub(super) use stored::record;
use stored::settings;

/// The chat whose session plays; as a group it has the negative of this id.
pub(super) const CHAT: ChatId = ChatId(7);

/// Where its agents work unless the script says otherwise.
pub(super) const FOLDER: &str = "/project";

/// How every first turn begins. A transcript that begins so shows what follows it.
const WARM_UP: &str = "> prompt x
  react 👀 #1
  slot wanted
> granted
  journal p1 started in c1
  launch g1 new c1
  slot busy
  write text p1: x
";

/// Runs a script on a session without a conversation; shows what comes behind its warm-up.
pub(super) fn check(script: &str, expected: Expect) {
    expected.assert_eq(behind_warm_up(&Player::new(None).play(script)));
}

/// Runs a script on the session of a group.
pub(super) fn check_group(script: &str, expected: Expect) {
    expected.assert_eq(behind_warm_up(&Player::in_group().play(script)));
}

/// Returns what a transcript says beyond what all of them do, if it does.
fn behind_warm_up(transcript: &str) -> &str {
    let Some(rest) = transcript.strip_prefix(WARM_UP) else {
        return transcript;
    };
    let rest = rest.strip_prefix("> ready\n").unwrap_or(rest);
    match rest {
        "" => transcript,
        rest => rest,
    }
}

/// Runs a script on a session that knows conversation `c0`.
pub(super) fn check_resumed(script: &str, expected: Expect) {
    let conversation = Some(ConversationId("c0".to_owned()));
    expected.assert_eq(&Player::new(conversation).play(script));
}

/// A machine with its clock and its ids.
pub(super) struct Player {
    pub(super) machine: Machine,
    settings: SessionSettings,
    pub(super) now: Time,
    conversations: u64,
    posts: u64,
    generations: u64,
    nonces: u64,
    messages: i64,
    /// The messages that were edited, once for each edit.
    edits: Vec<i64>,
    /// How often an agent refused to open its conversation.
    pub(super) refusals: u32,
    pub(super) money: Arc<Money>,
    pub(super) purse: Purse,
    /// The messages of the catalogue that were made in the last step, to be shown or not.
    pub(super) said: Vec<Said>,
}

impl Player {
    pub(super) fn new(conversation: Option<ConversationId>) -> Self {
        let settings = settings();
        let key = SessionKey::of_chat(CHAT);
        let machine = Machine::new(key, settings.clone(), record(conversation));
        let money = Arc::new(Money::default());
        Self {
            machine,
            settings,
            now: Time::ZERO,
            conversations: 0,
            posts: 0,
            generations: 0,
            nonces: 0,
            messages: 0,
            edits: Vec::new(),
            refusals: 0,
            purse: Purse::new(money.clone()),
            money,
            said: Vec::new(),
        }
    }

    pub(super) fn in_group() -> Self {
        let mut player = Self::new(None);
        let key = SessionKey::of_chat(ChatId(-CHAT.0));
        player.machine = Machine::new(key, player.settings.clone(), record(None));
        player
    }

    pub(super) fn play(mut self, script: &str) -> String {
        let mut transcript = String::new();
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            transcript.push_str(&format!("> {line}\n"));
            let effects = match line.strip_prefix('+') {
                Some(seconds) => {
                    self.pass(Duration::from_secs_f64(seconds.parse().expect("seconds")))
                }
                None => {
                    let event = self.parse(line);
                    self.step_truly(event)
                }
            };
            let shown: Vec<_> = effects.iter().map(show).collect();
            for run in shown.chunk_by(|one, other| one == other) {
                let times = if run.len() > 1 {
                    format!(" ×{}", run.len())
                } else {
                    String::new()
                };
                transcript.push_str(&format!("  {}{times}\n", run[0]));
            }
        }
        transcript
    }

    pub(super) fn step(&mut self, event: Event) -> Vec<Effect> {
        let (conversations, posts) = (&mut self.conversations, &mut self.posts);
        let (generations, nonces) = (&mut self.generations, &mut self.nonces);
        let at = Moment {
            time: self.now,
            calendar: match self.machine.chat.has_timers() || self.machine.prompts.has_halted() {
                true => UnixSeconds(NOON + self.now.0.as_secs()),
                false => UnixSeconds(NOON),
            },
        };
        let ids = NewIds {
            conversation: &mut || {
                *conversations += 1;
                ConversationId(format!("c{conversations}"))
            },
            post: &mut || {
                *posts += 1;
                PostId(*posts)
            },
            generation: &mut || {
                *generations += 1;
                Generation(*generations)
            },
            nonce: &mut || {
                *nonces += 1;
                format!("n{nonces}")
            },
            next_time: every_minutes,
            purse: &self.purse,
        };
        let (effects, said) = recorded::record(|| self.machine.step(event, at, ids));
        self.said = said;
        self.money.take_in(&effects);
        if !self.machine.has_turn() {
            self.purse.release(self.machine.key);
        }
        effects
    }

    /// Steps the machine, and holds what it says against the state then.
    fn step_truly(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.step(event);
        claims::check(&self.machine, &self.said, &effects).expect("what is said is true");
        effects
    }

    pub(super) fn pass(&mut self, time: Duration) -> Vec<Effect> {
        let end = self.now + time;
        let mut effects = Vec::new();
        let is_due = |deadline: &Deadline| deadline.at <= end;
        while let Some(deadline) = self.machine.next_deadline().filter(is_due) {
            self.now = self.now.max(deadline.at);
            effects.extend(self.step_truly(Event::DeadlineReached));
        }
        self.now = end;
        effects
    }

    /// Returns the number of the agent that was started last.
    pub(super) fn generation(&self) -> Generation {
        Generation(self.generations)
    }

    /// Puts a new machine in the place of one that broke, with what was stored of it.
    pub(super) fn rebuild(&mut self, key: SessionKey, record: SessionRecord) {
        let record = Machine::record_for(Some(record), &self.settings.folder);
        self.machine = Machine::new(key, self.settings.clone(), record);
    }

    /// Puts a new machine in the place of one that died with the bridge.
    pub(super) fn restart(&mut self, conversation: Option<ConversationId>) {
        let key = SessionKey::of_chat(CHAT);
        self.machine = Machine::new(key, self.settings.clone(), record(conversation));
    }

    /// Lets the chat see this much of the work; scripts show the answer alone unless told.
    pub(super) fn showing(mut self, detail: Detail) -> Self {
        let key = SessionKey::of_chat(CHAT);
        let record = SessionRecord {
            detail,
            ..record(None)
        };
        self.machine = Machine::new(key, self.settings.clone(), record);
        self
    }

    /// Puts a machine in place that an earlier run left with work in the background.
    pub(super) fn restart_in_background(&mut self, shown: &[&str]) {
        let key = SessionKey::of_chat(CHAT);
        let in_background = shown.iter().map(|shown| (*shown).to_owned()).collect();
        let record = SessionRecord {
            in_background,
            ..record(None)
        };
        self.machine = Machine::new(key, self.settings.clone(), record);
    }

    /// Puts a machine in place that an earlier run left this record.
    pub(super) fn restart_with(&mut self, record: SessionRecord) {
        let key = SessionKey::of_chat(CHAT);
        self.machine = Machine::new(key, self.settings.clone(), record);
    }

    /// Puts a machine in place that an earlier run left the card of a running turn.
    pub(super) fn restart_with_turn_card(&mut self, message: i64, prompt: &str, text: &str) {
        let key = SessionKey::of_chat(CHAT);
        let turn_card = Some(TurnCard {
            message: MessageId(message),
            prompt: PromptId(prompt.to_owned()),
            text: text.to_owned(),
        });
        let record = SessionRecord {
            turn_card,
            ..record(None)
        };
        self.machine = Machine::new(key, self.settings.clone(), record);
    }

    pub(super) fn prompt(&mut self, author: UserId, text: &str) -> Event {
        Event::Instructed(self.said(author, text))
    }

    fn said(&mut self, author: UserId, text: &str) -> Instruct {
        Instruct::Prompt(self.written(author, text))
    }

    fn written(&mut self, author: UserId, text: &str) -> Prompt {
        let message = self.next_message();
        Prompt::new(
            PromptId(format!("p{}", message.0)),
            author,
            message,
            text.to_owned(),
        )
    }

    pub(super) fn last_message(&self) -> i64 {
        self.messages
    }

    pub(super) fn comes_from_agent(&self, line: &str) -> bool {
        const OURS: [&str; 40] = [
            "prompt",
            "piece",
            "cut",
            "forward",
            "about",
            "photo",
            "album",
            "fetched",
            "heard",
            "voice",
            "long_voice",
            "audio",
            "/",
            "granted",
            "delayed",
            "yield",
            "shutdown",
            "lockdown",
            "unlocked",
            "rebuilt",
            "resumed",
            "broke_on",
            "adopted",
            "press",
            "answer ",
            "stop ",
            "wish",
            "stop_task",
            "stop_draft",
            "refuse_draft",
            "pick",
            "edit",
            "shown",
            "reply",
            "again",
            "revoke",
            "remove",
            "configure",
            "moved",
            "+",
        ];
        !OURS.iter().any(|start| line.starts_with(start))
    }

    fn next_message(&mut self) -> MessageId {
        self.messages += 1;
        MessageId(self.messages)
    }
}

/// When all scripts begin, and go on where nothing waits for a time: 14:05 UTC.
pub(super) const NOON: u64 = 14 * 3600 + 5 * 60;

/// When the limit ends that Claude meets.
pub(super) const LIMIT_ENDS: u64 = NOON + 2 * 3600;

/// Stands for a calendar: the pattern `N minutes` holds every so often.
fn every_minutes(pattern: &str, after: UnixSeconds) -> Option<UnixSeconds> {
    let minutes: u64 = pattern.strip_suffix(" minutes")?.parse().ok()?;
    let since = after.0.checked_sub(NOON)?;
    Some(UnixSeconds(
        NOON + (since / (minutes * 60) + 1) * minutes * 60,
    ))
}
