//! Who waits for the disk, and how far it has come: many writers, one sync.
//!
//! A write has a number, and a sync covers every write that was made before it began. There is a
//! sync only when somebody waits for one. How long a disk may take is decided here and nowhere
//! else: whoever waits waits as long as it takes, and a disk that stands still ends the bridge.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tracing::warn;

/// Told once when the disk refuses to keep what it is given; the process has to end, because from
/// then on nothing that is stored can be relied on.
pub type OnFatal = Box<dyn FnOnce(String) + Send>;

/// How often whoever waits looks whether the disk has done anything, and how long it may stand
/// still before the log says so.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// After how many looks at a disk that stands still the bridge ends. A disk of a laptop that wakes
/// up, a volume that is moved or resized, a server of files that is started anew: such things take
/// seconds and sometimes half a minute. What takes a minute does not come back by itself, and
/// people see a bridge that is deaf; a service manager starts it anew as soon as the disk is back.
const LOOKS: u32 = 6;

/// How many syncs go before a checkpoint that is wanted.
const MOST_PUT_OFF: u32 = 100;

/// The word about a sync.
type Word = Result<(), String>;

/// The state of the store's syncs, shared by writers, waiters and the thread that syncs.
pub(super) struct Syncing {
    progress: Mutex<Progress>,
    changed: Condvar,
    /// Every write up to this one is on disk.
    synced: AtomicU64,
    /// How often the disk has finished something that it was waited for.
    n_done: AtomicU64,
}

struct Progress {
    wants_checkpoint: bool,
    /// How many syncs have gone before a checkpoint that is wanted.
    put_off: u32,
    stopping: bool,
    failure: Option<String>,
    on_fatal: Option<OnFatal>,
    /// Of which standstill, and how often, the log has been told.
    told: Option<(u64, u32)>,
    /// Those who wait without holding a thread, and for which write.
    waiting: Vec<(u64, oneshot::Sender<Word>)>,
}

/// What the thread is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Sync,
    Checkpoint,
    /// Everything is done and no more will come.
    Close,
    /// The store has failed.
    Nothing,
}

impl std::fmt::Debug for Syncing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Syncing").finish_non_exhaustive()
    }
}

impl Syncing {
    /// Begins with a log that is on disk up to this write.
    pub(super) fn new(synced: u64, on_fatal: OnFatal) -> Self {
        Self {
            progress: Mutex::new(Progress {
                wants_checkpoint: false,
                put_off: 0,
                stopping: false,
                failure: None,
                on_fatal: Some(on_fatal),
                told: None,
                waiting: Vec::new(),
            }),
            changed: Condvar::new(),
            synced: AtomicU64::new(synced),
            n_done: AtomicU64::new(0),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // Nothing panics while it holds the lock, and its fields are whole at every moment.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns up to which write everything is on disk.
    pub(super) fn synced(&self) -> u64 {
        self.synced.load(Ordering::Acquire)
    }

    /// Fails when the store has failed.
    pub(super) fn check(&self) -> Result<(), String> {
        self.progress().failure.clone().map_or(Ok(()), Err)
    }

    /// Notes that the store has failed, and ends the bridge.
    pub(super) fn fail(&self, reason: String) {
        let mut progress = self.progress();
        progress.failure.get_or_insert_with(|| reason.clone());
        let on_fatal = progress.on_fatal.take();
        let waiting = std::mem::take(&mut progress.waiting);
        drop(progress);
        self.changed.notify_all();
        for (_, tell) in waiting {
            // Whoever asked may have stopped waiting.
            tell.send(Err(reason.clone())).ok();
        }
        if let Some(on_fatal) = on_fatal {
            on_fatal(reason);
        }
    }

    pub(super) fn ask_for_checkpoint(&self) {
        self.progress().wants_checkpoint = true;
        self.changed.notify_all();
    }

    /// Waits until a write is on disk; no thread waits for it.
    ///
    /// Whatever is ready to run runs first: what it writes is part of the same sync.
    pub(super) async fn wait_for(self: Arc<Self>, write: u64) -> Word {
        if self.synced() >= write {
            return self.check();
        }
        tokio::task::yield_now().await;
        let Some(mut word) = self.ask(write)? else {
            return Ok(());
        };
        let mut patience = Patience::new(&self);
        loop {
            match tokio::time::timeout(LOOK_EVERY, &mut word).await {
                Ok(Ok(word)) => return word,
                Ok(Err(_)) => return Err("the store is closed".to_owned()),
                Err(_) => patience.look(),
            }
        }
    }

    /// Waits until a write is on disk, and holds the thread: for tools and for the end.
    pub(super) fn block_for(&self, write: u64) -> Word {
        if self.ask(write)?.is_none() {
            return Ok(());
        }
        let mut patience = Patience::new(self);
        loop {
            let progress = self.progress();
            let is_open =
                |progress: &mut Progress| self.synced() < write && progress.failure.is_none();
            let waited = (self.changed).wait_timeout_while(progress, LOOK_EVERY, is_open);
            let (progress, _) = waited.unwrap_or_else(PoisonError::into_inner);
            match &progress.failure {
                Some(failure) => return Err(failure.clone()),
                None if self.synced() >= write => return Ok(()),
                None => {}
            }
            drop(progress);
            patience.look();
        }
    }

    /// Asks for a sync; `None` when the write is on disk already.
    fn ask(&self, write: u64) -> Result<Option<oneshot::Receiver<Word>>, String> {
        let (tell, word) = oneshot::channel();
        let mut progress = self.progress();
        if let Some(failure) = &progress.failure {
            return Err(failure.clone());
        }
        if self.synced() >= write {
            return Ok(None);
        }
        progress.waiting.push((write, tell));
        drop(progress);
        self.changed.notify_all();
        Ok(Some(word))
    }

    /// Waits for something to do.
    ///
    /// Whoever waits goes before a checkpoint, which takes longer, but not for ever.
    pub(super) fn next_work(&self) -> Work {
        let waited = self.changed.wait_while(self.progress(), |progress| {
            let has_work = !progress.waiting.is_empty() || progress.wants_checkpoint;
            !has_work && !progress.stopping && progress.failure.is_none()
        });
        let mut progress = waited.unwrap_or_else(PoisonError::into_inner);
        let is_due = progress.wants_checkpoint && progress.put_off >= MOST_PUT_OFF;
        if progress.failure.is_some() {
            Work::Nothing
        } else if !progress.waiting.is_empty() && !is_due {
            progress.put_off += u32::from(progress.wants_checkpoint);
            Work::Sync
        } else if progress.wants_checkpoint {
            progress.wants_checkpoint = false;
            progress.put_off = 0;
            Work::Checkpoint
        } else {
            Work::Close
        }
    }

    /// Tells everybody who waits for it that the disk has every write up to this one.
    pub(super) fn has_synced(&self, write: u64) {
        let mut progress = self.progress();
        self.synced.fetch_max(write, Ordering::AcqRel);
        self.n_done.fetch_add(1, Ordering::Relaxed);
        let over = progress
            .waiting
            .extract_if(.., |(wanted, _)| *wanted <= write);
        let told: Vec<_> = over.collect();
        drop(progress);
        for (_, tell) in told {
            // Whoever asked may have stopped waiting.
            tell.send(Ok(())).ok();
        }
        self.changed.notify_all();
    }

    /// Notes that the disk has finished something, though not all that anybody waits for.
    pub(super) fn has_done_something(&self) {
        self.n_done.fetch_add(1, Ordering::Relaxed);
    }

    /// Says once in the log, and not once for each that waits, that the disk stands still.
    fn tell_slow(&self, n_done: u64, looks: u32, waited: Duration) {
        let standstill = Some((n_done, looks));
        if std::mem::replace(&mut self.progress().told, standstill) != standstill {
            warn!(
                ?waited,
                "the disk does not respond, and everything waits for it"
            );
        }
    }

    /// Lets the thread end when it has done what there is to do.
    pub(super) fn stop(&self) {
        self.progress().stopping = true;
        self.changed.notify_all();
    }

    pub(super) fn has_failed(&self) -> bool {
        self.progress().failure.is_some()
    }

    #[cfg(test)]
    pub(super) fn n_done(&self) -> u64 {
        self.n_done.load(Ordering::Relaxed)
    }
}

/// Looks after a disk that is waited for.
struct Patience<'a> {
    syncing: &'a Syncing,
    n_done: u64,
    /// How often in a row it had done nothing since the look before.
    looks: u32,
}

impl<'a> Patience<'a> {
    fn new(syncing: &'a Syncing) -> Self {
        let n_done = syncing.n_done.load(Ordering::Relaxed);
        Self {
            syncing,
            n_done,
            looks: 0,
        }
    }

    fn look(&mut self) {
        let n_done = self.syncing.n_done.load(Ordering::Relaxed);
        if n_done != self.n_done {
            (self.n_done, self.looks) = (n_done, 0);
            return;
        }
        self.looks += 1;
        let waited = LOOK_EVERY * self.looks;
        if self.looks >= LOOKS {
            let reason = format!("the disk has not responded for {waited:?}");
            self.syncing.fail(reason);
        } else {
            self.syncing.tell_slow(n_done, self.looks, waited);
        }
    }
}
