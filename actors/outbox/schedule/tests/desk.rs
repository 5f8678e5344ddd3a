//! A schedule with a clock of its own and a transcript of what left when.

mod posts;

pub(super) use posts::{draft, draft_in, edit, notice, react, replying, send, typing, with_body};

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::super::*;
use crate::ids::{MessageId, PostId, SessionKey};
use crate::outbox::{Body, FileCopy, Fit, Half, Markup, Perform, Posted, Repeat, Sign};

/// Drives a schedule and writes down what it lets leave.
pub(super) struct Desk {
    pub(super) schedule: Schedule,
    pub(super) now: Time,
    start: Time,
    flying: Vec<(Ticket, Perform)>,
    next_message: i64,
    pub(super) wake_at: Option<Time>,
    transcript: String,
    /// The kept posts.
    journal: BTreeMap<PostId, Post>,
}

impl Desk {
    pub(super) fn new() -> Self {
        let start = Time::ZERO + Duration::from_secs(10_000);
        Self {
            schedule: Schedule::new(Language::English),
            now: start,
            start,
            flying: Vec::new(),
            next_message: 100,
            wake_at: None,
            transcript: String::new(),
            journal: BTreeMap::new(),
        }
    }

    pub(super) fn post(&mut self, post: Post) {
        if let Some(id) = post.id().filter(|_| post.is_kept()) {
            self.journal.insert(id, post.clone());
        }
        self.schedule.push(post);
        self.pump();
    }

    /// Lets somebody be heard in a place.
    pub(super) fn hear(&mut self, key: SessionKey) {
        for parked in self.schedule.on_heard(key) {
            let id = parked.id;
            let post = self.journal[&id].clone();
            let departed = Some(0);
            let kept = KeptPost { id, post, departed };
            self.schedule.wake(kept, parked.repeat);
        }
        self.pump();
    }

    pub(super) fn n_kept(&self) -> usize {
        self.journal.len()
    }

    pub(super) fn sign(&mut self, sign: Sign) {
        self.schedule.sign(sign, self.now);
        self.pump();
    }

    /// Lets time pass, waking the schedule whenever it asks for it.
    pub(super) fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(wake_at) = self.wake_at.filter(|at| *at <= end) {
            self.now = self.now.max(wake_at);
            self.pump();
            assert!(
                self.wake_at.is_none_or(|at| at > self.now),
                "the schedule wakes for nothing"
            );
        }
        self.now = end;
    }

    /// Answers the oldest call in flight with success.
    pub(super) fn ok(&mut self) {
        self.ok_in_parts(1);
    }

    pub(super) fn ok_in_parts(&mut self, parts: usize) {
        self.next_message += 1;
        let message = Some(MessageId(self.next_message));
        self.answer(Ok(Delivered {
            message,
            parts,
            others: Vec::new(),
        }));
    }

    pub(super) fn ok_if_flying(&mut self) {
        if !self.flying.is_empty() {
            self.ok();
        }
    }

    pub(super) fn fail(&mut self, error: PostError) {
        self.answer(Err(error));
    }

    pub(super) fn fail_if_flying(&mut self, error: PostError) {
        if !self.flying.is_empty() {
            self.fail(error);
        }
    }

    /// Answers the newest call in flight with an error.
    pub(super) fn fail_last(&mut self, error: PostError) {
        self.flying.rotate_right(1);
        self.answer(Err(error));
    }

    fn answer(&mut self, result: Result<Delivered, PostError>) {
        let (ticket, _) = self.flying.remove(0);
        self.schedule.on_outcome(ticket, result, self.now);
        self.pump();
    }

    /// Answers every call with success until nothing is left to do.
    pub(super) fn run_dry(&mut self) {
        loop {
            if !self.flying.is_empty() {
                self.ok();
            } else if let Some(wake_at) = self.wake_at {
                self.pass(wake_at.since(self.now));
            } else {
                return;
            }
        }
    }

    /// Answers every call with success for so long.
    pub(super) fn run_dry_until(&mut self, span: Duration) {
        let end = self.now + span;
        loop {
            if !self.flying.is_empty() {
                self.ok();
            } else if let Some(wake_at) = self.wake_at.filter(|at| *at <= end) {
                self.pass(wake_at.since(self.now));
            } else {
                return self.pass(end.since(self.now));
            }
        }
    }

    /// Lets time pass until the schedule asks to be woken.
    pub(super) fn pass_to_wake_up(&mut self) {
        let wake_at = self.wake_at.unwrap();
        self.pass(wake_at.since(self.now));
    }

    /// Returns how many answers of a chat rest.
    pub(super) fn resting(&self, chat: i64) -> usize {
        let queue = self.schedule.chats.get(&ChatId(chat));
        queue.map_or(0, ChatQueue::n_resting)
    }

    /// Returns how many posts of a chat are held in memory.
    pub(super) fn in_memory(&self, chat: i64) -> usize {
        let queue = self.schedule.chats.get(&ChatId(chat));
        queue.map_or(0, ChatQueue::n_in_memory)
    }

    pub(super) fn journal_is_empty(&self) -> bool {
        self.journal.is_empty()
    }

    fn note(&mut self, note: JournalNote) {
        match note {
            JournalNote::Keep(post) => drop(self.journal.insert(post.id().unwrap(), post)),
            JournalNote::Change(id, body) => {
                let post = self.journal.remove(&id).unwrap();
                self.journal.insert(id, post.with_body(body));
            }
            JournalNote::Settle(id) => drop(self.journal.remove(&id).unwrap()),
        }
    }

    /// Tells whether the oldest call in flight is the harmless one before a repeat.
    pub(super) fn is_probing(&self) -> bool {
        let call = self.flying.first().map(|(_, call)| call);
        matches!(call, Some(Perform::Sign(Sign::Typing { .. })))
    }

    pub(super) fn in_flight(&self) -> usize {
        self.flying.len()
    }

    /// Returns what left and what was noted since the last call.
    pub(super) fn transcript(&mut self) -> String {
        std::mem::take(&mut self.transcript)
    }

    fn pump(&mut self) {
        let next = self.schedule.next(self.now);
        self.wake_at = next.wake_at;
        let at = self.now.since(self.start).as_secs_f64();
        for fact in next.facts {
            writeln!(self.transcript, "{at:.3} ! {}", describe_fact(&fact)).unwrap();
        }
        for posted in next.posted {
            let Posted { id, key, message } = posted;
            writeln!(
                self.transcript,
                "{at:.3} ! post {} of {key} is {}",
                id.0, message.0
            )
            .unwrap();
        }
        for DraftRefused { key, id } in next.refused {
            writeln!(
                self.transcript,
                "{at:.3} ! draft {} of {key} is refused",
                id.0
            )
            .unwrap();
        }
        for settled in next.settled {
            let FilesSettled { id, key, .. } = settled;
            let (id, copies) = (id.0, settled.copies.join(" "));
            let line = format!("files {id} of {key} ({copies}): {:?}", settled.outcome);
            writeln!(self.transcript, "{at:.3} ! {line}").unwrap();
        }
        next.notes.into_iter().for_each(|note| self.note(note));
        let is_any_recalled = !next.recalled.is_empty();
        for ChatMoved { from, to } in next.moved {
            writeln!(self.transcript, "{at:.3} ! {from} has moved to {to}").unwrap();
        }
        for crate::outbox::chat_queue::SetAside { id, position } in next.recalled {
            let kept = KeptPost {
                id,
                post: self.journal[&id].clone(),
                departed: None,
            };
            self.schedule.take_back(kept, position);
        }
        for Departure { ticket, call, .. } in next.departures {
            writeln!(self.transcript, "{at:.3} {}", describe(&call)).unwrap();
            self.flying.push((ticket, call));
        }
        if is_any_recalled {
            self.pump();
        }
    }
}

fn describe_fact(fact: &Fact) -> String {
    match fact {
        Fact::Dropped { key, rank, why } => format!("{key} dropped {rank:?}: {why:?}"),
        Fact::TopicLeft { key, why } => format!("{key} left: {why}"),
        Fact::ChatGone {
            key,
            answers,
            notices,
            why,
        } => format!("{key} gone with {answers} answers, {notices} notices: {why}"),
        Fact::Retrying { key, after, .. } => format!("{key} retry in {after:?}"),
        Fact::Rests { key, after, .. } => format!("{key} rests for {after:?}"),
        Fact::SentPlain { key, .. } => format!("{key} goes on as plain text"),
        Fact::SentOtherwise { key, why } => format!("{key} goes on otherwise: {why}"),
        Fact::ChatHeld { chat, after } => format!("{chat} held for {after:?}"),
        Fact::BotHeld { after } => format!("all held for {after:?}"),
        Fact::Migrated { from, to } => format!("{from} is now {to}"),
        Fact::TokenRefused { .. } => "token refused".to_owned(),
        Fact::SignFailed { why } => format!("sign failed: {why}"),
        Fact::DraftRefused { key, why } => format!("{key} draft refused: {why}"),
    }
}

pub(super) fn describe(call: &Perform) -> String {
    match call {
        Perform::Send {
            key,
            body,
            part,
            fit,
            repeat,
            reply_to,
            sound: _,
        } => {
            let mark = match repeat {
                Repeat::No => "",
                Repeat::Possible => " ↻",
            };
            let answers = match reply_to {
                None => String::new(),
                Some(message) => format!(" to {}", message.0),
            };
            let fit = describe_fit(*fit);
            format!("{key} send {} part {part}{fit}{answers}{mark}", text(body))
        }
        Perform::Edit {
            key,
            message,
            body,
            fit,
        } => {
            let fit = describe_fit(*fit);
            format!("{key} edit {} to {}{fit}", message.0, text(body))
        }
        Perform::Sign(Sign::Typing { key }) => format!("{key} typing"),
        Perform::Sign(Sign::React { chat, .. }) => format!("{chat} react"),
        Perform::Sign(Sign::Delete { chat, .. }) => format!("{chat} delete"),
        Perform::Sign(Sign::AnswerCallback { .. }) => "answer callback".to_owned(),
        Perform::Sign(Sign::Draft(draft)) => format!("{} draft {}", draft.key, draft.markdown),
        Perform::Leave { chat } => format!("{chat} leave"),
    }
}

pub(super) fn describe_fit(fit: Fit) -> String {
    let halves = fit.halves().map(|half| match half {
        Half::First => " first half",
        Half::Second => " second half",
    });
    let markup = match fit.markup() {
        Markup::Kept => "",
        Markup::LeftOut => " bare",
    };
    halves.chain([markup]).collect()
}

pub(super) fn text(body: &Body) -> String {
    match body {
        Body::Markdown(text) => text.clone(),
        Body::Rich(text) => format!("rich:{text}"),
        Body::Plain(text) => format!("plain:{text}"),
        Body::Choice { text, .. } => format!("choice:{text}"),
        Body::Live { text, .. } => format!("live:{text}"),
        Body::Quoted(quoted) => format!("quoted:{}", quoted.as_written()),
        Body::Folded(words) | Body::Card { words, .. } => format!("folded:{}", words.as_written()),
        Body::Document { name, .. } => format!("file:{name}"),
        Body::Files { files, together } => {
            let line = |file: &FileCopy| format!("{}:{:?} {}", file.name, file.form, file.caption);
            let shown: Vec<_> = files.iter().map(line).collect();
            format!(
                "{together:?}[{}]",
                shown.join(", ").replace(" ,", ",").trim_end()
            )
        }
    }
}
