//! A journal without a disk, for tests; the one of the store answers every history alike.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

use crate::ids::{ChatId, MessageId, PostId, PromptId, SessionKey, Trace, UserId};
use crate::money::{Day, Spent, SpentThere};
use crate::outbox::{Post, PostAction};
use crate::ports::{
    Acceptance, HostUptime, JournalEntry, KeptPost, MoneyLedger, Open, OpenPrompt, PostJournal,
    PromptJournal, Stage, StoreError, Synced,
};
use crate::session::{Instruct, Prompt};

/// Clones share one journal.
#[derive(Clone, Default)]
pub struct MemoryJournal {
    inner: Arc<Mutex<Inner>>,
    disk: Arc<Notify>,
}

#[derive(Default)]
struct Inner {
    open: Vec<(SessionKey, Open)>,
    restless: Vec<(SessionKey, Option<UserId>)>,
    known: HashSet<PromptId>,
    traces: HashSet<Trace>,
    posts: BTreeMap<PostId, KeptPost>,
    spent: BTreeMap<(Day, UserId, SessionKey), Spent>,
    disk: Disk,
}

#[derive(Default, PartialEq, Eq)]
enum Disk {
    #[default]
    Quick,
    /// It syncs nothing until it is let.
    Held,
}

impl MemoryJournal {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner
            .lock()
            .expect("nothing panics while it holds the lock")
    }

    /// Lets no wait for the disk end.
    pub fn hold_disk(&self) {
        self.inner().disk = Disk::Held;
    }

    /// Ends every wait for the disk.
    pub fn release_disk(&self) {
        self.inner().disk = Disk::Quick;
        self.disk.notify_waiters();
    }

    /// Returns what is open, prompts with their stages, in words.
    pub fn open(&self) -> Vec<String> {
        let shown = |(key, open): &(SessionKey, Open)| {
            let Open::Prompt(open) = open else {
                return format!("{key}: {} instruction", open.id().0);
            };
            let stage = match &open.stage {
                Stage::Accepted => "accepted".to_owned(),
                Stage::Started { .. } => "started".to_owned(),
                Stage::Begun { doing } => format!("begun {}", doing.as_deref().unwrap_or(""))
                    .trim_end()
                    .to_owned(),
                Stage::NotBegun { .. } => "not begun".to_owned(),
                Stage::Halted { .. } => "halted".to_owned(),
                Stage::Interrupted { .. } => "interrupted".to_owned(),
            };
            format!("{key}: {} {stage}", open.prompt.id.0)
        };
        self.inner().open.iter().map(shown).collect()
    }

    /// Puts something open there, as an earlier run may have left it.
    pub fn leave_open(&self, key: SessionKey, open: Open) {
        let mut inner = self.inner();
        inner.known.insert(open.id().clone());
        inner.open.push((key, open));
    }

    /// Returns the kept posts and which of their messages was about to leave.
    pub fn kept_posts(&self) -> Vec<(u64, Option<usize>)> {
        let inner = self.inner();
        inner
            .posts
            .values()
            .map(|kept| (kept.id.0, kept.departed))
            .collect()
    }

    fn wait(&self) -> Synced {
        if self.inner().disk == Disk::Quick {
            return Box::pin(std::future::ready(Ok(())));
        }
        let disk = Arc::clone(&self.disk);
        Box::pin(async move {
            disk.notified().await;
            Ok(())
        })
    }
}

impl Inner {
    fn accept(&mut self, key: SessionKey, instruction: &Instruct) -> Acceptance {
        if !self.known.insert(instruction.id().clone()) {
            return Acceptance::Known;
        }
        let open = match instruction {
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => accepted(prompt),
            Instruct::Replace(_)
            | Instruct::Command(_)
            | Instruct::Press(_)
            | Instruct::StopDraft(_)
            | Instruct::Rate(_) => Open::Instruction(instruction.clone()),
        };
        self.open.push((key, open));
        Acceptance::New
    }

    /// Takes a prompt in that a session made; it keeps the place of what it was made of.
    fn become_prompt(&mut self, key: SessionKey, prompt: &Prompt) {
        self.known.insert(prompt.id.clone());
        let taken_in = (key, accepted(prompt));
        match self.open.iter_mut().find(|(_, it)| *it.id() == prompt.id) {
            Some(open) => *open = taken_in,
            None => self.open.push(taken_in),
        }
    }

    /// Moves a prompt to the place of the first of others that is there.
    fn take_place<'a>(&mut self, formers: impl Iterator<Item = &'a PromptId>, id: &PromptId) {
        let place_of = |open: &[(SessionKey, Open)], id: &PromptId| {
            open.iter().position(|(_, it)| it.id() == id)
        };
        let former = formers.filter_map(|id| place_of(&self.open, id)).last();
        if let (Some(former), Some(own)) = (former, place_of(&self.open, id)) {
            let moved = self.open.remove(own);
            self.open.insert(former, moved);
        }
    }

    fn keep(&mut self, id: PostId, post: &Post) {
        if self.posts.get(&id).is_some_and(|kept| kept.post == *post) {
            return;
        }
        let departed = self.posts.get(&id).and_then(|kept| kept.departed);
        let post = post.clone();
        let departed = departed.filter(|_| matches!(post.action, PostAction::Send { .. }));
        self.posts.insert(id, KeptPost { id, post, departed });
    }
}

impl MemoryJournal {
    /// Lets an agent of a session have had something to do by itself.
    pub fn note_restless(&self, key: SessionKey, works_for: Option<UserId>) {
        self.inner().restless.push((key, works_for));
    }
}

impl PromptJournal for MemoryJournal {
    fn accept(&self, key: SessionKey, instruction: &Instruct) -> Result<Acceptance, StoreError> {
        Ok(self.inner().accept(key, instruction))
    }

    fn note_traces(&self, traces: &[Trace]) -> Result<(), StoreError> {
        self.inner().traces.extend(traces.iter().cloned());
        Ok(())
    }

    fn has_trace(&self, trace: &Trace) -> bool {
        self.inner().traces.contains(trace)
    }

    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError> {
        let mut inner = self.inner();
        for prompt in &entry.accepted {
            inner.become_prompt(key, prompt);
            inner.take_place(entry.formers_of(&prompt.id), &prompt.id);
        }
        for (_, open) in &mut inner.open {
            let Open::Prompt(open) = open else { continue };
            let id = &open.prompt.id;
            open.replays += u32::from(entry.replayed.contains(id));
            if let Some((_, stage)) = entry.stages.iter().rfind(|(of, _)| of == id) {
                open.stage = stage.clone();
            }
        }
        for charge in &entry.charges {
            let spent = inner.spent.entry((charge.day, charge.by, key)).or_default();
            *spent = spent.with(charge);
        }
        for post in &entry.posts {
            inner.keep(post.id().expect("a post with a name"), post);
        }
        inner
            .open
            .retain(|(_, open)| !entry.closed.contains(open.id()));
        Ok(())
    }

    fn left_open(&self, key: SessionKey) -> Result<Vec<Open>, StoreError> {
        let inner = self.inner();
        let of_session = inner.open.iter().filter(|(of, _)| *of == key);
        Ok(of_session.map(|(_, open)| open.clone()).collect())
    }

    fn open_sessions(&self) -> Vec<SessionKey> {
        let mut seen = HashSet::new();
        let inner = self.inner();
        let keys = inner.open.iter().map(|(key, _)| *key);
        keys.filter(|key| seen.insert(*key)).collect()
    }

    fn restless_sessions(&self) -> Result<Vec<(SessionKey, Option<UserId>)>, StoreError> {
        Ok(self.inner().restless.clone())
    }

    fn move_session(&self, from: SessionKey, to: SessionKey) -> Result<(), StoreError> {
        for (key, _) in &mut self.inner().open {
            if *key == from {
                *key = to;
            }
        }
        Ok(())
    }

    fn close_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        self.inner().open.retain(|(key, _)| key.chat != chat);
        Ok(())
    }

    fn synced(&self) -> Synced {
        self.wait()
    }
}

impl MoneyLedger for MemoryJournal {
    fn spent(&self, from: Day, to: Day) -> Result<Vec<SpentThere>, StoreError> {
        let inner = self.inner();
        let spent = (inner.spent.iter()).filter(|((day, ..), _)| (from..=to).contains(day));
        let spent = spent.map(|((day, by, key), spent)| SpentThere {
            day: *day,
            by: *by,
            key: *key,
            spent: *spent,
        });
        Ok(spent.collect())
    }

    fn name_of(&self, _: UserId) -> Option<String> {
        None
    }
}

impl PostJournal for MemoryJournal {
    fn keep(&self, id: PostId, post: &Post) -> Result<(), StoreError> {
        self.inner().keep(id, post);
        Ok(())
    }

    fn departs(&self, id: PostId, part: usize) -> Result<(), StoreError> {
        if let Some(kept) = self.inner().posts.get_mut(&id) {
            kept.departed = Some(part);
        }
        Ok(())
    }

    fn note_sent(&self, chat: ChatId, message: MessageId) -> Result<(), StoreError> {
        self.inner().traces.insert(Trace::of_sent(chat, message));
        Ok(())
    }

    fn settle(&self, id: PostId) -> Result<(), StoreError> {
        self.inner().posts.remove(&id);
        Ok(())
    }

    fn read(&self, id: PostId) -> Result<Option<KeptPost>, StoreError> {
        Ok(self.inner().posts.get(&id).cloned())
    }

    fn kept(&self) -> Result<Vec<KeptPost>, StoreError> {
        Ok(self.inner().posts.values().cloned().collect())
    }

    fn synced(&self) -> Synced {
        self.wait()
    }
}

fn accepted(prompt: &Prompt) -> Open {
    Open::Prompt(OpenPrompt {
        prompt: prompt.clone(),
        stage: Stage::Accepted,
        host: HostUptime::Unbroken,
        replays: 0,
    })
}
