//! Fetches what people send: from Telegram into the inbox of their chat.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use bridge_actors::ids::SessionKey;
use bridge_actors::sent_file::{FetchFault, Fetched, FileOf, ReceivedFile, SentFile};
use bridge_actors::session::{FetchFiles, FilesFetched};
use tokio::sync::mpsc;
use tokio::{task, time};
use tracing::{info, warn};

use crate::room::{Inbox, InboxLimits, Incoming, Room, Rooms};
use crate::telegram::Telegram;
use crate::telegram::download::{Download, DownloadError, Stream};

use super::places::Places;

/// How many files are downloaded at once.
const MAX_AT_ONCE: usize = 16;

/// How many pieces of a file wait for the disk; Telegram waits with the rest.
const MAX_QUEUED_PIECES: usize = 16;

/// How long after a failed try the next one comes; behind the last one the person is asked.
const WAITS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// The longest that Telegram can make a download wait.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// How often old files are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_hours(1);

/// Owns the downloads that run.
pub(super) struct Fetcher {
    edges: Edges,
}

#[derive(Clone)]
struct Edges {
    telegram: Telegram,
    rooms: Rooms,
    limits: InboxLimits,
    places: Arc<Places>,
}

/// Whose files are fetched.
#[derive(Clone, Copy)]
struct Order {
    key: SessionKey,
    /// How often the rooms of the chat had been deleted when they were asked for.
    deletions: u64,
}

impl Fetcher {
    /// Returns what fetches the files of all chats.
    pub(super) fn new(telegram: Telegram, rooms: Rooms, limits: InboxLimits) -> Self {
        Self {
            edges: Edges {
                telegram,
                rooms,
                limits,
                places: Arc::new(Places::new(MAX_AT_ONCE)),
            },
        }
    }
}

impl Actor for Fetcher {
    type Context = Context<Self>;
}

impl Handler<FetchFiles> for Fetcher {
    type Result = ();

    fn handle(&mut self, order: FetchFiles, ctx: &mut Self::Context) {
        let edges = self.edges.clone();
        let fetching = async move {
            let FetchFiles {
                key,
                prompt,
                files,
                answer_to,
            } = order;
            let outcome = edges.fetch_all(key, &files).await;
            if let Err(fault) = &outcome {
                warn!(%key, ?fault, "cannot download the files of a message");
            }
            // Who has ended takes the files over when it begins anew.
            answer_to.send(FilesFetched { prompt, outcome }).await.ok();
        };
        ctx.spawn(fetching.into_actor(self));
    }
}

impl Edges {
    /// Fetches files until one cannot be had without which their message does not run.
    async fn fetch_all(
        &self,
        key: SessionKey,
        files: &[SentFile],
    ) -> Result<Vec<Fetched>, FetchFault> {
        // The inbox is the room's, wherever the session works.
        let room = self.rooms.room(key, "".as_ref());
        let order = Order {
            key,
            deletions: self.rooms.deletions_of(key.chat),
        };
        let mut all = Vec::new();
        for file in files {
            match (self.fetch(order, &room, file).await, file.of) {
                (Err(fault), FileOf::Message) => return Err(fault),
                (fetched, FileOf::Message | FileOf::Answered) => all.push(fetched),
            }
        }
        Ok(all)
    }

    /// Fetches a file unless it is there already; tries again what may pass.
    async fn fetch(
        &self,
        order: Order,
        room: &Room,
        sent: &SentFile,
    ) -> Result<ReceivedFile, FetchFault> {
        let limits = self.limits;
        let room = room.clone();
        let opened = beside(move || {
            Inbox::of(&room, limits).map_err(|error| FetchFault::Unwritten {
                reason: error.to_string(),
            })
        });
        let inbox = opened.await?;
        if let Some(found) = find(&inbox, sent).await? {
            return Ok(found);
        }
        let mut waits = WAITS.into_iter();
        loop {
            // Nobody keeps a place while they wait for the next try.
            let place = self.places.take(order.key).await;
            if self.rooms.deletions_of(order.key.chat) != order.deletions {
                // What lies there now is another room's.
                return Err(FetchFault::Gone);
            }
            // Another message may have brought it meanwhile.
            if let Some(found) = find(&inbox, sent).await? {
                return Ok(found);
            }
            let tried = self.try_once(&inbox, sent).await?;
            drop(place);
            let (reason, after) = match tried {
                Try::Done(received) => return Ok(received),
                Try::Failed { reason, after } => (reason, after),
            };
            let Some(wait) = waits.next() else {
                return Err(FetchFault::Unreachable);
            };
            let wait = after.map_or(wait, |after| after.clamp(wait, MAX_WAIT));
            info!(%reason, ?wait, "a download failed and is tried again");
            time::sleep(wait).await;
        }
    }

    async fn try_once(&self, inbox: &Inbox, sent: &SentFile) -> Result<Try, FetchFault> {
        let (inbox, asked) = (inbox.clone(), sent.clone());
        let download = match self.telegram.download(&sent.file).await {
            Ok(download) => download,
            Err(error) => return failed(error),
        };
        match download {
            Download::Local(path) => {
                let received = beside(move || inbox.copy(&asked, &path)).await?;
                Ok(Try::Done(received))
            }
            Download::Stream(stream) => {
                let incoming = beside(move || inbox.begin(&asked)).await?;
                receive(stream, incoming).await
            }
        }
    }
}

async fn find(inbox: &Inbox, sent: &SentFile) -> Result<Option<ReceivedFile>, FetchFault> {
    let (inbox, asked) = (inbox.clone(), sent.clone());
    beside(move || Ok(inbox.find(&asked))).await
}

/// What became of one try.
enum Try {
    Done(ReceivedFile),
    Failed {
        reason: String,
        after: Option<Duration>,
    },
}

/// Writes what comes in a thread of its own: the disk must not hold up the actors.
async fn receive(mut stream: Stream, mut incoming: Incoming) -> Result<Try, FetchFault> {
    let (pieces, mut queued) = mpsc::channel::<Vec<u8>>(MAX_QUEUED_PIECES);
    let (whole, is_whole) = tokio::sync::oneshot::channel::<()>();
    let writing = task::spawn_blocking(move || {
        while let Some(piece) = queued.blocking_recv() {
            incoming.write(&piece)?;
        }
        // What broke off is not kept.
        match is_whole.blocking_recv() {
            Ok(()) => incoming.finish().map(Some),
            Err(_) => Ok(None),
        }
    });
    let broken_off = loop {
        match stream.next().await {
            Ok(Some(piece)) => {
                // The writer has ended when it takes no more, and says why.
                if pieces.send(piece).await.is_err() {
                    break None;
                }
            }
            Ok(None) => {
                whole.send(()).ok();
                break None;
            }
            Err(error) => {
                drop(whole);
                break Some(error);
            }
        }
    };
    drop(pieces);
    let written = writing.await.map_err(|error| FetchFault::Unwritten {
        reason: error.to_string(),
    })?;
    match (written?, broken_off) {
        (Some(received), _) => Ok(Try::Done(received)),
        (None, Some(error)) => failed(error),
        (None, None) => Err(FetchFault::Unreachable),
    }
}

fn failed(error: DownloadError) -> Result<Try, FetchFault> {
    match error {
        DownloadError::NotNow { reason, after } => Ok(Try::Failed { reason, after }),
        DownloadError::TooLarge => Err(FetchFault::TooLargeForTelegram),
        DownloadError::Gone(reason) => {
            info!(%reason, "telegram does not hand a file out");
            Err(FetchFault::Gone)
        }
    }
}

/// Removes what is older than `age` from all inboxes, now and every hour.
pub(super) async fn sweep_inboxes(rooms: Rooms, age: Duration) {
    let mut hours = time::interval(SWEEP_INTERVAL);
    loop {
        hours.tick().await;
        let rooms = rooms.clone();
        match task::spawn_blocking(move || rooms.remove_older_than(age)).await {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(files)) => info!(files, "removed files that people sent long ago"),
            Ok(Err(error)) => warn!(%error, "cannot look for files that people sent long ago"),
        }
    }
}

/// Does what may wait for the disk beside the actors' thread.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FetchFault> + Send + 'static,
) -> Result<T, FetchFault> {
    let done = task::spawn_blocking(work).await;
    done.map_err(|error| FetchFault::Unwritten {
        reason: error.to_string(),
    })?
}
