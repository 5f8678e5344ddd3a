//! One thread that makes written records durable, many at a time.

use std::fs::File;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::{self, JoinHandle};

use sled::Db;

/// Flushes and syncs on request; requests that wait together share one sync.
#[derive(Debug)]
pub(super) struct Committer {
    requests: Option<Sender<Option<Ack>>>,
    thread: Option<JoinHandle<()>>,
}

/// Where the outcome of a commit goes.
type Ack = SyncSender<Result<(), String>>;

impl Committer {
    /// Starts the thread; `on_fatal` is told once when records cannot be made durable.
    ///
    /// After that, every commit fails: a store that lost a write must not go on.
    pub(super) fn start(
        db: Db,
        file: File,
        on_fatal: impl FnOnce(String) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (requests, queue) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || serve(&queue, &db, &file, on_fatal))?;
        Ok(Self {
            requests: Some(requests),
            thread: Some(thread),
        })
    }

    /// Asks for a commit and goes on.
    pub(super) fn commit_soon(&self) -> Result<(), String> {
        self.send(None)
    }

    /// Waits until everything written before this call is durable: some milliseconds.
    pub(super) fn commit(&self) -> Result<(), String> {
        let (ack, outcome) = mpsc::sync_channel(1);
        self.send(Some(ack))?;
        outcome.recv().map_err(|_| gone())?
    }

    fn send(&self, request: Option<Ack>) -> Result<(), String> {
        let requests = self.requests.as_ref().ok_or_else(gone)?;
        requests.send(request).map_err(|_| gone())
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread panicked");
        }
    }
}

fn serve(
    queue: &Receiver<Option<Ack>>,
    db: &Db,
    file: &File,
    on_fatal: impl FnOnce(String) + Send,
) {
    let mut on_fatal = Some(on_fatal);
    let mut fault: Option<String> = None;
    while let Ok(first) = queue.recv() {
        let requests: Vec<_> = std::iter::once(first).chain(queue.try_iter()).collect();
        if fault.is_none() {
            fault = sync(db, file).err();
        }
        for ack in requests.into_iter().flatten() {
            let outcome = fault.clone().map_or(Ok(()), Err);
            // Whoever asked may have stopped waiting.
            ack.send(outcome).ok();
        }
        if let Some(fault) = &fault
            && let Some(on_fatal) = on_fatal.take()
        {
            on_fatal(fault.clone());
        }
    }
}

/// Makes all written records durable.
///
/// sled's flush writes without fsync: in simulated power cuts it lost acknowledged records, and
/// none once the file was synced after it.
fn sync(db: &Db, file: &File) -> Result<(), String> {
    db.flush().map_err(|error| error.to_string())?;
    file.sync_data().map_err(|error| error.to_string())
}

fn gone() -> String {
    "the store's thread is gone".to_owned()
}
