//! Deletes all that a chat has left: the one way of it, for the host, the chat and a start that ends
//! what was cut off.
//!
//! Each step can be done again, so whatever cuts it off, it goes on where it was.

use std::collections::BTreeSet;
use std::io;

use anyhow::{Context as _, Result};
use bridge_actors::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use bridge_actors::clock::unix_now;
use bridge_actors::fault_point;
use bridge_actors::ids::ChatId;
use bridge_actors::money::Day;
use bridge_actors::ports::{PostJournal, PromptJournal, SessionStore as _};
use tracing::{info, warn};

use crate::room::Rooms;
use crate::store::Store;

/// What became of a deletion that the chat has behind it.
#[derive(Debug)]
pub(crate) enum Erased {
    /// Nothing is left.
    All,
    /// A part could not be removed from the disk; each start tries again.
    OutOfSight(io::Error),
}

/// Deletes what it is noted of that it is to go: the rooms of a chat, its conversations and
/// settings, what waits there and answers that were not delivered. No agent of it may run.
///
/// Blocks for as long as the disk does.
///
/// # Errors
///
/// When the disk does not let it; the next start tries again, and until then nothing may run there.
pub(crate) fn erase(rooms: &Rooms, store: &Store, chat: ChatId) -> Result<Erased> {
    fault_point!("erase.noted");
    rooms.take_away(chat).context("cannot move the room")?;
    fault_point!("erase.away");
    store.forget_chat(chat)?;
    store.close_chat(chat)?;
    store.forget_spending(chat, Day::of(unix_now()))?;
    for kept in store.kept()? {
        if kept.post.key.chat == chat {
            store.settle(kept.id)?;
        }
    }
    // The note stays until the store has forgotten for good.
    store.flush()?;
    fault_point!("erase.forgotten");
    let gone = rooms.end_leaving(chat).context("cannot let the room go")?;
    fault_point!("erase.gone");
    // What is left of others is theirs: a start looks after it.
    Ok(match gone.map(|gone| rooms.remove_from(&gone)) {
        None | Some(Ok(())) => Erased::All,
        Some(Err(error)) => Erased::OutOfSight(error),
    })
}

/// A deletion that an earlier run did not end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Late {
    /// What the audit log is told; where it says that the disk refused, nothing may run.
    pub(crate) entry: AuditEntry,
    /// The chats in which it is told.
    pub(crate) told_in: BTreeSet<ChatId>,
}

/// Ends the deletions that an earlier run did not.
///
/// # Errors
///
/// When nobody can tell whether there are any: what a chat made since then would go with the next.
pub(crate) fn end_erasures(rooms: &Rooms, store: &Store) -> Result<Vec<Late>> {
    let leaving = rooms.leaving().context(
        "cannot read the folder `leaving` in the data folder, where deletions that were cut off \
         are noted: let the bridge's user read it",
    )?;
    let ended = leaving.into_iter().map(|chat| {
        let told_in = rooms.told_of_leaving(chat);
        let outcome = match erase(rooms, store, chat) {
            Ok(erased) => {
                info!(%chat, ?erased, "ended a deletion that was cut off");
                AuditOutcome::Done
            }
            Err(error) => {
                warn!(%chat, error = format!("{error:#}"), "cannot end a deletion that was cut off");
                AuditOutcome::Refused("disk")
            }
        };
        let entry = entry(AuditActor::Bridge, chat, outcome);
        Late { entry, told_in }
    });
    let ended = ended.collect();
    if let Err(error) = rooms.remove_gone() {
        warn!(%error, "cannot remove all that people left");
    }
    Ok(ended)
}

/// Returns the line of the audit log about a deletion.
pub(crate) fn entry(by: AuditActor, chat: ChatId, outcome: AuditOutcome) -> AuditEntry {
    AuditEntry {
        at: unix_now(),
        by,
        action: AuditAction::DeleteRoom,
        target: Some(chat.0),
        subject: None,
        outcome,
    }
}

#[cfg(test)]
mod tests;
