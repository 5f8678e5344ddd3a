//! The store's own thread: it syncs when somebody waits, and tidies up.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tracing::trace;

use super::syncing::{Syncing, Work};

/// What the thread works on, so that order and failure can be tried without a disk.
pub(super) trait Disk: Send + 'static {
    /// Waits until the disk has what the kernel has; returns the number of the latest write of it.
    fn sync(&mut self) -> Result<u64, String>;

    /// Does what is due beside the syncs.
    fn rest(&mut self) -> Result<(), String>;

    /// Puts what still counts into a new segment; returns up to which write all is on disk.
    fn checkpoint(&mut self) -> Result<u64, String>;

    /// Notes that nothing follows; called only when all went well.
    fn close(&mut self) -> Result<(), String>;
}

/// The handle of the thread; dropping it syncs what is left and ends the thread.
#[derive(Debug)]
pub(super) struct Keeper {
    syncing: Arc<Syncing>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread.
    pub(super) fn start(disk: impl Disk, syncing: Arc<Syncing>) -> io::Result<Self> {
        let of_thread = Arc::clone(&syncing);
        let thread = thread::Builder::new()
            .name("store-keeper".to_owned())
            .spawn(move || run(disk, &of_thread))?;
        Ok(Self {
            syncing,
            thread: Some(thread),
        })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.syncing.stop();
        // The last handle may go inside `on_fatal`, which can run on the thread itself; and a disk
        // that stands still is not waited for.
        let can_end = |thread: &JoinHandle<()>| {
            thread.thread().id() != thread::current().id() && !self.syncing.has_failed()
        };
        if let Some(thread) = self.thread.take().filter(can_end) {
            // A panic in the thread was reported when it happened.
            thread.join().ok();
        }
    }
}

fn run(mut disk: impl Disk, syncing: &Syncing) {
    loop {
        let work = syncing.next_work();
        let done = catch_unwind(AssertUnwindSafe(|| perform(&mut disk, work, syncing)));
        let done = done.unwrap_or_else(|panic| Err(panic_text(&*panic)));
        if let Err(reason) = done {
            return syncing.fail(reason);
        }
        if matches!(work, Work::Close | Work::Nothing) {
            return;
        }
    }
}

fn perform(disk: &mut impl Disk, work: Work, syncing: &Syncing) -> Result<(), String> {
    match work {
        Work::Sync => {
            let write = disk.sync()?;
            trace!(write, "the disk has everything up to this write");
            syncing.has_synced(write);
            disk.rest()
        }
        Work::Checkpoint => {
            syncing.has_synced(disk.checkpoint()?);
            Ok(())
        }
        Work::Close => disk.close(),
        Work::Nothing => Ok(()),
    }
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the store panicked: {}", text.unwrap_or("no message"))
}

#[cfg(test)]
mod tests;
