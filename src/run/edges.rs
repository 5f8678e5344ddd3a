//! Opens the edges, in the order in which they need each other.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use actix::prelude::*;
use anyhow::{Context as _, Result};
use bridge_actors::audit::AuditEntry;
use bridge_actors::outbox::PostIds;
use bridge_actors::ports::{KeptPost, PostJournal as _};
use tracing::{info, warn};

use super::{BridgeOptions, Ending};
use crate::audit::AuditLog;
use crate::claude::guard::{Containment, own_program};
use crate::claude::leftovers::end_leftovers;
use crate::claude::process::{ClaudeLauncher, hear_of_children};
use crate::room::Rooms;
use crate::store::Store;
use crate::telegram::Telegram;

/// What the actors stand on.
pub(super) struct Edges {
    pub(super) telegram: Telegram,
    pub(super) rooms: Rooms,
    pub(super) store: Store,
    pub(super) launcher: Arc<ClaudeLauncher>,
    pub(super) audit: Recipient<AuditEntry>,
    pub(super) post_ids: PostIds,
}

/// Returns the open edges, and the posts that an earlier run could not deliver.
pub(super) fn open_edges(
    options: &BridgeOptions,
    ending: &Ending,
) -> Result<(Edges, Vec<KeptPost>)> {
    hear_of_children().context("cannot prepare to start agents")?;
    // Both take milliseconds, and neither needs the other.
    let containment = thread::spawn(|| Containment::probe(&own_program()));
    let telegram = Telegram::new(options.telegram.clone())?;
    let report = ending.reporter();
    let on_fatal = Box::new(move |fault| report.store_failed(fault));
    let store = Store::open(&options.storage, on_fatal)?;
    let left = end_leftovers(&options.agents.marker);
    if left > 0 {
        warn!(
            processes = left,
            "ended processes that an earlier run left behind"
        );
    }
    let containment = containment.join().unwrap_or(Containment::Tree);
    let rooms = rooms(options)?;
    let of_rooms = rooms.clone();
    let launcher = ClaudeLauncher::new(options.agents.clone(), containment, own_program())
        .context("cannot prepare to start agents")?
        .with_inboxes(Arc::new(move |key| {
            of_rooms.room(key, Path::new("")).inbox()
        }));
    info!(
        containment = containment.name(),
        "how the processes of an agent are kept together"
    );
    let kept = store.kept()?;
    rooms.sweep(&copies_of(&kept));
    let edges = Edges {
        telegram,
        rooms,
        store,
        launcher: Arc::new(launcher),
        audit: AuditLog::new(&options.storage).start().recipient(),
        post_ids: PostIds::after(&kept),
    };
    Ok((edges, kept))
}

/// Returns the copies of files that posts still need.
fn copies_of(kept: &[KeptPost]) -> HashSet<&str> {
    let files = kept.iter().flat_map(|kept| kept.post.files());
    files.map(|file| file.copy.as_str()).collect()
}

/// Returns the rooms of the chats, by the path of the data folder that no link is part of: the rules
/// that keep agents out of it go by names.
fn rooms(options: &BridgeOptions) -> Result<Rooms> {
    let storage = options.storage.canonicalize();
    let storage = storage.with_context(|| format!("storage.dir {}", options.storage.display()))?;
    Ok(Rooms::new(&storage, &options.agents.private_paths).with_limits(options.inbox))
}
