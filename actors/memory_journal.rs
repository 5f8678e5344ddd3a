//! A journal without a disk, for tests.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

use crate::ids::{ChatId, PostId, PromptId, SessionKey};
use crate::outbox::Post;
use crate::ports::{
    Acceptance, HostUptime, JournalEntry, KeptPost, OpenPrompt, PostJournal, PromptJournal, Stage,
    StoreError, Synced,
};
use crate::session::Prompt;

/// Clones share one journal.
#[derive(Clone, Default)]
pub(crate) struct MemoryJournal {
    inner: Arc<Mutex<Inner>>,
    disk: Arc<Notify>,
}

#[derive(Default)]
struct Inner {
    open: Vec<(SessionKey, OpenPrompt)>,
    known: HashSet<PromptId>,
    posts: BTreeMap<PostId, KeptPost>,
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
        self.inner.lock().unwrap()
    }

    /// Lets no wait for the disk end.
    pub(crate) fn hold_disk(&self) {
        self.inner().disk = Disk::Held;
    }

    /// Ends every wait for the disk.
    pub(crate) fn release_disk(&self) {
        self.inner().disk = Disk::Quick;
        self.disk.notify_waiters();
    }

    /// Returns the open prompts with their stages, in words.
    pub(crate) fn open(&self) -> Vec<String> {
        let shown = |(key, open): &(SessionKey, OpenPrompt)| {
            let stage = match &open.stage {
                Stage::Accepted => "accepted".to_owned(),
                Stage::Started { .. } => "started".to_owned(),
                Stage::Begun { doing } => format!("begun {}", doing.as_deref().unwrap_or(""))
                    .trim_end()
                    .to_owned(),
                Stage::Interrupted { .. } => "interrupted".to_owned(),
            };
            format!("{key}: {} {stage}", open.prompt.id.0)
        };
        self.inner().open.iter().map(shown).collect()
    }

    /// Puts an open prompt there, as an earlier run may have left it.
    pub(crate) fn leave_open(&self, key: SessionKey, open: OpenPrompt) {
        let mut inner = self.inner();
        inner.known.insert(open.prompt.id.clone());
        inner.open.push((key, open));
    }

    /// Returns the kept posts and which of their messages was about to leave.
    pub(crate) fn kept_posts(&self) -> Vec<(u64, Option<usize>)> {
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
    fn accept(&mut self, key: SessionKey, prompt: &Prompt) -> Acceptance {
        if !self.known.insert(prompt.id.clone()) {
            return Acceptance::Known;
        }
        let open = OpenPrompt {
            prompt: prompt.clone(),
            stage: Stage::Accepted,
            host: HostUptime::Unbroken,
            replays: 0,
        };
        self.open.push((key, open));
        Acceptance::New
    }

    fn keep(&mut self, id: PostId, post: &Post) {
        self.posts.entry(id).or_insert_with(|| KeptPost {
            id,
            post: post.clone(),
            departed: None,
        });
    }
}

impl PromptJournal for MemoryJournal {
    fn accept(&self, key: SessionKey, prompt: &Prompt) -> Result<Acceptance, StoreError> {
        Ok(self.inner().accept(key, prompt))
    }

    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError> {
        let mut inner = self.inner();
        for (_, open) in &mut inner.open {
            let id = &open.prompt.id;
            open.replays += u32::from(entry.replayed.contains(id));
            if let Some((_, stage)) = entry.stages.iter().rfind(|(of, _)| of == id) {
                open.stage = stage.clone();
            }
        }
        for prompt in &entry.accepted {
            inner.accept(key, prompt);
        }
        for post in &entry.posts {
            inner.keep(post.id().expect("a post with a name"), post);
        }
        inner
            .open
            .retain(|(_, open)| !entry.closed.contains(&open.prompt.id));
        Ok(())
    }

    fn open_prompts(&self, key: SessionKey) -> Result<Vec<OpenPrompt>, StoreError> {
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

    fn settle(&self, id: PostId) -> Result<(), StoreError> {
        self.inner().posts.remove(&id);
        Ok(())
    }

    fn kept(&self) -> Result<Vec<KeptPost>, StoreError> {
        Ok(self.inner().posts.values().cloned().collect())
    }

    fn synced(&self) -> Synced {
        self.wait()
    }
}
