//! Opens the edges, in the order in which they need each other.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use actix::prelude::*;
use anyhow::{Context as _, Result};
use bridge_actors::audit::{AuditEntry, AuditOutcome};
use bridge_actors::ids::ChatId;
use bridge_actors::outbox::PostIds;
use bridge_actors::ports::{KeptPost, PostJournal as _};
use bridge_actors::purse::Purse;
use tracing::{info, warn};

use super::people::Owner;
use super::{BridgeOptions, Ending};
use crate::audit::{self, AuditLog};
use crate::claude::groups::Groups;
use crate::claude::guard::own_program;
use crate::claude::leftovers::end_leftovers;
use crate::claude::process::{ClaudeLauncher, HolderOf, OutgoingOf, WallOf, hear_of_children};
use crate::erasing::{Late, end_erasures};
use crate::isolation::Isolation;
use crate::room::{CopyError, Rooms};
use crate::store::Store;
use crate::telegram::Telegram;

/// What the actors stand on.
pub(super) struct Edges {
    pub(super) telegram: Telegram,
    pub(super) rooms: Rooms,
    pub(super) store: Store,
    pub(super) purse: Arc<Purse>,
    pub(super) launcher: Arc<ClaudeLauncher>,
    pub(super) isolation: Isolation,
    pub(super) audit: Recipient<AuditEntry>,
    pub(super) post_ids: PostIds,
    pub(super) erasures: Erasures,
}

/// The deletions that an earlier run did not end.
pub(super) struct Erasures {
    /// This one did; with the chats in which that is told.
    pub(super) done: Vec<(ChatId, BTreeSet<ChatId>)>,
    /// This one could not.
    pub(super) failed: Vec<ChatId>,
}

/// Returns the open edges, the posts that an earlier run could not deliver, and whose bridge it is.
/// From here on the sessions go by what holds on this machine.
pub(super) fn open_edges(
    options: &mut BridgeOptions,
    ending: &Ending,
) -> Result<(Edges, Vec<KeptPost>, Owner)> {
    hear_of_children().context("cannot prepare to start agents")?;
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
    let owner = Owner::find(options, &store)?;
    owner.settle_in(&mut options.book, &options.people);
    let isolation = establish(options)?;
    isolation.settle_in(&mut options.book, owner.chat());
    info!(
        containment = isolation.containment.name(),
        walls = ?isolation.levels.others,
        "how agents are kept together and apart"
    );
    let rooms = rooms(options)?.with_walls(isolation.walled(owner.chat()));
    let launcher = launcher(options, &isolation, &rooms)?
        .with_archive(holders(&store), outgoing(&rooms))
        .with_walls(walls(&isolation, &owner))
        .with_groups(bounds(&isolation));
    let erasures = end_what_was_cut_off(&rooms, &store, &options.storage)?;
    let kept = store.kept()?;
    rooms.sweep(&copies_of(&kept));
    rooms.keep_spares();
    let purse = Purse::new(Arc::new(store.clone()));
    purse.limit(options.budgets.clone());
    let edges = Edges {
        telegram,
        rooms,
        purse: Arc::new(purse),
        store,
        launcher: Arc::new(launcher),
        isolation,
        audit: AuditLog::new(&options.storage).start().recipient(),
        post_ids: PostIds::after(&kept),
        erasures,
    };
    Ok((edges, kept, owner))
}

/// Ends the deletions that an earlier run did not.
fn end_what_was_cut_off(rooms: &Rooms, store: &Store, storage: &Path) -> Result<Erasures> {
    let ended = end_erasures(rooms, store)?;
    for late in &ended {
        if let Err(error) = audit::append(storage, &late.entry) {
            warn!(%error, "cannot write the audit log");
        }
    }
    let mut erasures = Erasures {
        done: Vec::new(),
        failed: Vec::new(),
    };
    for Late { entry, told_in } in ended {
        match (entry.target.map(ChatId), entry.outcome) {
            (Some(chat), AuditOutcome::Done) => erasures.done.push((chat, told_in)),
            (chat, _) => erasures.failed.extend(chat),
        }
    }
    Ok(erasures)
}

/// Finds out what holds here, on a thread of its own: one that could not come back from a namespace
/// could start nothing more.
fn establish(options: &BridgeOptions) -> Result<Isolation> {
    let (asked, agents) = (options.isolation, options.agents.clone());
    let book = options.book.clone();
    let found = thread::spawn(move || Isolation::establish(&asked, &own_program(), &agents, &book));
    let found = found.join();
    let found = found.map_err(|_| anyhow::anyhow!("trying the walls around agents failed"))?;
    Ok(found?)
}

/// Returns what bounds the memory of rooms, where there are rooms and something can.
fn bounds(isolation: &Isolation) -> Option<Groups> {
    if !isolation.has_walls() {
        return None;
    }
    let groups = isolation.memory.clone();
    let settled = groups.and_then(|groups| match groups.settle() {
        Ok(()) => Ok(groups),
        Err(error) => Err(format!(
            "the kernel does not let the bridge make control groups: {error}"
        )),
    });
    match settled {
        Ok(groups) => {
            info!(
                bytes = groups.memory(),
                "the memory of each room is bounded"
            );
            Some(groups)
        }
        Err(why) => {
            info!(why, "the memory of rooms is not bounded");
            None
        }
    }
}

fn launcher(
    options: &BridgeOptions,
    isolation: &Isolation,
    rooms: &Rooms,
) -> Result<ClaudeLauncher> {
    let (inboxes, homes, uids) = (rooms.clone(), rooms.clone(), rooms.clone());
    let nowhere = Path::new("");
    let launcher =
        ClaudeLauncher::new(options.agents.clone(), isolation.containment, own_program())
            .context("cannot prepare to start agents")?
            .with_inboxes(Arc::new(move |key| inboxes.room(key, nowhere).inbox()))
            .with_homes(
                Arc::new(move |key| homes.room(key, nowhere).home()),
                Arc::new(move |folder, first| uids.uid_of(folder, first)),
            );
    Ok(launcher)
}

/// Returns who has a conversation; whoever cannot be looked up may have it.
fn holders(store: &Store) -> HolderOf {
    let store = store.clone();
    Arc::new(move |conversation, but| {
        let found = store.session_with(conversation, but);
        found.unwrap_or_else(|error| {
            warn!(%error, "cannot look for the session of a conversation");
            Some(but)
        })
    })
}

/// Returns where files are put that the bridge makes to send them.
fn outgoing(rooms: &Rooms) -> OutgoingOf {
    let rooms = rooms.clone();
    let nowhere = Path::new("");
    Arc::new(
        move |key, name, content| match rooms.room(key, nowhere).put(name, content) {
            Ok(copy) => Ok(Some(copy)),
            Err(CopyError::TooBig) => Ok(None),
            Err(CopyError::Disk(error)) => Err(error),
        },
    )
}

/// Returns what stands around the agents of whom.
fn walls(isolation: &Isolation, owner: &Owner) -> WallOf {
    let (isolation, owner) = (isolation.clone(), owner.chat());
    Arc::new(move |chat| isolation.wall_of(chat, owner))
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
