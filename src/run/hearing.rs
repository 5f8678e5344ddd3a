//! Has written down what people say in their voice messages.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use bridge_actors::agent_event::StartFault;
use bridge_actors::ids::SessionKey;
use bridge_actors::sent_file::HearingFault;
use bridge_actors::session::{FetchFiles, Transcribe, Transcribed};
use bridge_actors::spoken::words_in;
use tokio::task;
use tracing::{info, warn};

use super::BridgeOptions;
use super::edges::Edges;
use super::fetching::Fetcher;
use super::places::Places;
use super::vital::Vital;
use crate::claude::process::{ClaudeLauncher, ErrandEnd};
use crate::room::{Recording, Rooms};

/// How many recordings are listened to at once: each takes several processors.
const MAX_AT_ONCE: usize = 2;

/// How long a recording may take to be copied: a disk that does not answer keeps no place.
const COPYING_LIMIT: Duration = Duration::from_secs(60);

/// Owns the programs that listen.
struct Listener {
    launcher: Arc<ClaudeLauncher>,
    rooms: Rooms,
    places: Arc<Places>,
}

impl Listener {
    /// Returns what listens for all chats.
    fn new(launcher: Arc<ClaudeLauncher>, rooms: Rooms) -> Self {
        Self {
            launcher,
            rooms,
            places: Arc::new(Places::new(MAX_AT_ONCE)),
        }
    }
}

/// Starts who fetches what people send, and who listens to it.
pub(super) fn start_file_actors(
    options: &BridgeOptions,
    edges: &Edges,
    vital: &Vital,
) -> (Recipient<FetchFiles>, Recipient<Transcribe>) {
    let fetcher = Fetcher::new(edges.telegram.clone(), edges.rooms.clone(), options.inbox);
    let fetcher = vital.start("what fetches files failed", fetcher);
    let listener = Listener::new(Arc::clone(&edges.launcher), edges.rooms.clone());
    let listener = vital.start("what transcribes failed", listener);
    (fetcher.recipient(), listener.recipient())
}

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<Transcribe> for Listener {
    type Result = ();

    fn handle(&mut self, order: Transcribe, ctx: &mut Self::Context) {
        let (launcher, places) = (Arc::clone(&self.launcher), Arc::clone(&self.places));
        let rooms = self.rooms.clone();
        let listening = async move {
            let Transcribe {
                key,
                prompt,
                file,
                mut stop,
                answer_to,
            } = order;
            // Who waits for a place may be stopped as well.
            let place = tokio::select! {
                biased;
                _ = &mut stop => return,
                place = places.take(key) => place,
            };
            let copying = in_time(COPYING_LIMIT, copied(rooms, key, file));
            let copied = tokio::select! {
                biased;
                _ = &mut stop => return,
                copied = copying => copied,
            };
            let outcome = match copied {
                Ok(recording) => {
                    let end = launcher.transcribe(key, recording.file(), stop).await;
                    // Its folder may not answer.
                    drop(task::spawn_blocking(move || drop(recording)));
                    heard(end, &launcher).await
                }
                Err(reason) => Some(Err(HearingFault::NotStarted { reason })),
            };
            drop(place);
            let Some(outcome) = outcome else { return };
            match &outcome {
                Ok(words) => info!(%key, bytes = words.len(), "a recording was transcribed"),
                Err(HearingFault::Silence) => info!(%key, "a recording has no words"),
                Err(fault) => warn!(%key, fault = name_of(fault), "cannot transcribe a recording"),
            }
            // Who has ended begins anew.
            answer_to.send(Transcribed { prompt, outcome }).await.ok();
        };
        ctx.spawn(listening.into_actor(self));
    }
}

/// Copies a recording to where nobody but the program listens to it, or says why that cannot be.
async fn copied(rooms: Rooms, key: SessionKey, file: PathBuf) -> Result<Recording, String> {
    let copying = task::spawn_blocking(move || rooms.copy_recording(key, &file));
    let copied = copying.await.map_err(|error| error.to_string())?;
    copied.map_err(|error| format!("cannot copy the recording: {error}"))
}

/// Waits for a copy no longer than this. One that comes later goes when it is there.
async fn in_time<T>(
    limit: Duration,
    copying: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    let copied = tokio::time::timeout(limit, copying).await;
    let late = |_| {
        Err(format!(
            "the disk has not copied the recording in {} s",
            limit.as_secs()
        ))
    };
    copied.unwrap_or_else(late)
}

/// Returns what was heard; `None` where nobody wants to know.
async fn heard(end: ErrandEnd, launcher: &ClaudeLauncher) -> Option<Result<String, HearingFault>> {
    Some(match end {
        ErrandEnd::Done(output) => {
            // It may be much.
            let read = task::spawn_blocking(move || words_in(output)).await;
            read.unwrap_or(Err(HearingFault::NoText))
        }
        ErrandEnd::NotStarted(fault) => Err(not_started(fault)),
        ErrandEnd::Failed { code, said } => Err(HearingFault::Failed { code, said }),
        ErrandEnd::TimedOut => {
            let transcriber = launcher.options().transcriber.unwrap_or_default();
            let limit = transcriber.timeout;
            Err(HearingFault::TimedOut { limit })
        }
        ErrandEnd::TooMuch => Err(HearingFault::TooMuch),
        ErrandEnd::Stopped => return None,
    })
}

fn not_started(fault: StartFault) -> HearingFault {
    let reason = match fault {
        StartFault::NotFound { program } => return HearingFault::NotFound { program },
        StartFault::NoProgram => "voice.transcribe is not set".to_owned(),
        // It is an agent's alone.
        StartFault::NoLogin | StartFault::NoWall => "the guard refused it".to_owned(),
        StartFault::HomeFull(_) | StartFault::Held(_) => "the guard refused it".to_owned(),
        StartFault::NoFolder { folder, error } => format!("{folder}: {error}"),
        StartFault::NoGuard { error } | StartFault::Broken { error } => error,
        StartFault::Refused { reason } => reason,
    };
    HearingFault::NotStarted { reason }
}

/// Returns what is logged of a fault: nothing that was said.
fn name_of(fault: &HearingFault) -> &'static str {
    match fault {
        HearingFault::TooLong { .. } => "too long",
        HearingFault::NotFound { .. } => "the program was not found",
        HearingFault::NotStarted { .. } => "the program could not be started",
        HearingFault::Failed { .. } => "the program failed",
        HearingFault::TimedOut { .. } => "the program took too long",
        HearingFault::TooMuch => "the program printed too much",
        HearingFault::NoText => "the program printed no text",
        HearingFault::Silence => "no words",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix::test]
    async fn a_recording_that_the_disk_does_not_copy_gives_its_place_back() {
        tokio::time::pause();
        let never = std::future::pending::<Result<(), String>>();
        let copied = in_time(COPYING_LIMIT, never).await;
        let expected = "the disk has not copied the recording in 60 s";
        assert_eq!(copied, Err(expected.to_owned()));
        assert_eq!(in_time(COPYING_LIMIT, async { Ok(1) }).await, Ok(1));
    }
}
