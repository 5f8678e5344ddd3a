//! The one thread that syncs the store: many writers, one sync.
//!
//! sled's `flush` hands its log to the kernel without a sync that survives a power cut, so a
//! commit is `flush` and then `fdatasync` of sled's file. Writers do not queue: each one raises
//! the number that has to be reached, and a commit covers all that were raised before it began.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::oneshot;

/// A disk that takes longer than this for one sync has stopped working.
const COMMIT_WAIT: Duration = Duration::from_secs(10);

/// Told once when the disk refuses a commit; the process has to end, because from then on nothing
/// that is stored can be relied on.
pub type OnFatal = Box<dyn FnOnce(String) + Send>;

/// Where commits go, so that order and failure can be tried without a disk.
pub(super) trait Disk: Send + 'static {
    /// Hands everything written so far to the kernel.
    fn flush(&mut self) -> Result<(), String>;

    /// Waits until the disk has what the kernel has.
    fn sync(&mut self) -> io::Result<()>;

    /// Notes that no commit follows; called only when all of them worked.
    fn close(&mut self) -> io::Result<()>;
}

/// The handle of the thread; dropping it commits what is left and ends the thread.
#[derive(Debug)]
pub(super) struct Committer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Progress {
    /// The number of the latest write that asked for a commit.
    requested: u64,
    /// Every write up to this one is on disk.
    synced: u64,
    stopping: bool,
    failure: Option<String>,
    /// Those who wait without holding a thread, and for which write.
    waiting: Vec<(u64, oneshot::Sender<Result<(), String>>)>,
}

impl Committer {
    /// Starts the thread.
    pub(super) fn start(disk: impl Disk, on_fatal: OnFatal) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("store-committer".to_owned())
            .spawn(move || of_thread.run(disk, on_fatal))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Asks for a commit of everything written before this call; does not wait.
    pub(super) fn request(&self) -> Result<(), String> {
        self.shared.request().map(|_| ())
    }

    /// Returns what resolves when everything written before this call is on disk, at most ten
    /// seconds later; no thread waits for it.
    pub(super) fn synced(&self) -> impl Future<Output = Result<(), String>> + Send + use<> {
        let asked = self.shared.request_word();
        async move {
            match tokio::time::timeout(COMMIT_WAIT, asked?).await {
                Ok(Ok(word)) => word,
                Ok(Err(_)) => Err("the store is closed".to_owned()),
                Err(_) => Err(too_slow()),
            }
        }
    }

    /// Waits until everything written before this call is on disk, at most ten seconds.
    pub(super) fn commit(&self) -> Result<(), String> {
        let wanted = self.shared.request()?;
        let (progress, _) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), COMMIT_WAIT, |progress| {
                progress.synced < wanted && progress.failure.is_none()
            })
            .unwrap_or_else(PoisonError::into_inner);
        match &progress.failure {
            _ if progress.synced >= wanted => Ok(()),
            Some(failure) => Err(failure.clone()),
            None => Err(too_slow()),
        }
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        self.shared.changed.notify_all();
        // The last handle may go inside `on_fatal`, which runs on the thread itself.
        let is_other = |thread: &JoinHandle<()>| thread.thread().id() != thread::current().id();
        if let Some(thread) = self.thread.take().filter(is_other) {
            // A panic in the thread was reported when it happened.
            thread.join().ok();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        // Nothing panics while it holds the lock, and its fields are whole at every moment.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self) -> Result<u64, String> {
        let mut progress = self.lock();
        if let Some(failure) = &progress.failure {
            return Err(failure.clone());
        }
        progress.requested += 1;
        let wanted = progress.requested;
        drop(progress);
        self.changed.notify_all();
        Ok(wanted)
    }

    fn request_word(&self) -> Result<oneshot::Receiver<Result<(), String>>, String> {
        let (tell, word) = oneshot::channel();
        let mut progress = self.lock();
        if let Some(failure) = &progress.failure {
            return Err(failure.clone());
        }
        progress.requested += 1;
        let wanted = progress.requested;
        progress.waiting.push((wanted, tell));
        drop(progress);
        self.changed.notify_all();
        Ok(word)
    }

    fn run(&self, mut disk: impl Disk, on_fatal: OnFatal) {
        while let Some(target) = self.next_target() {
            let committed = catch_unwind(AssertUnwindSafe(|| commit(&mut disk)))
                .unwrap_or_else(|panic| Err(panic_text(&*panic)));
            let mut progress = self.lock();
            let failure = match committed {
                Ok(()) => {
                    progress.synced = target;
                    None
                }
                Err(reason) => {
                    progress.failure = Some(reason.clone());
                    Some(reason)
                }
            };
            let told = progress.take_told();
            drop(progress);
            self.changed.notify_all();
            for tell in told {
                // Whoever asked may have stopped waiting.
                tell.send(failure.clone().map_or(Ok(()), Err)).ok();
            }
            if let Some(reason) = failure {
                return on_fatal(reason);
            }
        }
        if let Err(error) = disk.close() {
            on_fatal(format!("cannot close the store: {error}"));
        }
    }

    /// Waits for work; `None` when there is none and none will come.
    fn next_target(&self) -> Option<u64> {
        let progress = self
            .changed
            .wait_while(self.lock(), |progress| {
                progress.requested == progress.synced && !progress.stopping
            })
            .unwrap_or_else(PoisonError::into_inner);
        (progress.requested > progress.synced).then_some(progress.requested)
    }
}

impl Progress {
    /// Takes those whose wait is over; after a failure that is everybody's.
    fn take_told(&mut self) -> Vec<oneshot::Sender<Result<(), String>>> {
        let (synced, has_failed) = (self.synced, self.failure.is_some());
        let over = self
            .waiting
            .extract_if(.., |(wanted, _)| has_failed || *wanted <= synced);
        over.map(|(_, tell)| tell).collect()
    }
}

fn too_slow() -> String {
    format!("the disk did not sync within {COMMIT_WAIT:?}")
}

fn commit(disk: &mut impl Disk) -> Result<(), String> {
    disk.flush()?;
    disk.sync()
        .map_err(|error| format!("cannot sync the store to disk: {error}"))
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("sled panicked: {}", text.unwrap_or("no message"))
}

#[cfg(test)]
mod tests;
