//! `bridge rooms`: sees what chats have left on the host of a bridge that does not run, and deletes
//! it.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use bridge_actors::audit::{AuditActor, AuditOutcome};
use bridge_actors::home_use::{HomeLevel, HomeUse};
use bridge_actors::ids::ChatId;
use bridge_actors::size::in_words;

use crate::audit;
use crate::claude::leftovers::end_leftovers;
use crate::cli::{Outcome, RoomsArgs, RoomsTask};
use crate::config::{Config, LoadOptions};
use crate::erasing::{Erased, entry, erase};
use crate::filled::{Bounds, Filled};
use crate::room::{Left, Rooms};
use crate::store::{OpenError, Store};

/// How long looking at the home of one chat may take.
const LONGEST_LOOK: Duration = Duration::from_secs(20);

/// Does one task and writes what came of it to `out`; what the person should know besides goes to
/// `err`.
///
/// # Errors
///
/// When the bridge runs, or the disk does not let it.
pub fn look_after(
    load: &LoadOptions,
    args: &RoomsArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome> {
    let config = match Config::load(load) {
        Ok(loaded) => loaded.config,
        Err(errors) => {
            writeln!(err, "{errors}")?;
            return Ok(Outcome::Misconfigured);
        }
    };
    let storage = &config.storage.dir;
    // While it is held, no bridge starts and no agent runs.
    let store = hold(storage)?;
    let rooms = Rooms::new(storage, &[]);
    match args.task {
        RoomsTask::List => {
            for chat in rooms.chats()? {
                let homes = rooms.homes_of(chat, Bounds::of_time(LONGEST_LOOK))?;
                let home = homes.into_iter().max_by_key(|home| home.bytes);
                let home = home_line(home.unwrap_or_default(), config.limits.home_per_chat);
                writeln!(out, "{chat}  {}{home}", shown(rooms.left_by(chat)?))?;
            }
            for chat in rooms.leaving()? {
                writeln!(
                    out,
                    "{chat}  is being deleted: start the bridge, or delete it again"
                )?;
            }
        }
        RoomsTask::Delete { chat, yes } => {
            let chat = ChatId(chat);
            let left = rooms.left_by(chat)?;
            ensure!(
                rooms.chats()?.contains(&chat) || rooms.leaving()?.contains(&chat),
                "there is no room of chat {chat}; `bridge rooms list` shows all"
            );
            let amount = shown(left);
            if !yes {
                writeln!(
                    out,
                    "chat {chat} has {amount} in its room: what was sent, its home and its \
                     conversations. To delete all of it for good, with the settings of the chat \
                     and what waits there, add --yes"
                )?;
                return Ok(Outcome::Fine);
            }
            note(storage, chat, AuditOutcome::Begun, err)?;
            let deleted = delete((&rooms, &store), (storage, chat));
            let outcome = match &deleted {
                Ok(()) => AuditOutcome::Done,
                Err(_) => AuditOutcome::Refused("disk"),
            };
            note(storage, chat, outcome, err)?;
            deleted.with_context(|| format!("cannot delete the room of chat {chat}"))?;
            writeln!(out, "deleted the room of chat {chat}: {amount}")?;
            tell_of_folder(&config, chat, err)?;
        }
    }
    Ok(Outcome::Fine)
}

fn delete((rooms, store): (&Rooms, &Store), (storage, chat): (&Path, ChatId)) -> Result<()> {
    // With containment "tree" a bridge that was killed may have left an agent at work there.
    end_leftovers(&storage.display().to_string());
    rooms.note_leaving(chat, None)?;
    match erase(rooms, store, chat)? {
        Erased::All => {
            // Nobody else deletes meanwhile, and the folder of deletions is the bridge's to make.
            rooms.remove_gone().ok();
            Ok(())
        }
        Erased::OutOfSight(error) => Err(error).context("a part of it stays, out of sight"),
    }
}

fn hold(storage: &Path) -> Result<Store> {
    // What is written is committed before the answer, which tells of a failure.
    Store::open(storage, Box::new(drop)).map_err(|error| match error {
        OpenError::Busy { dir } => anyhow!(
            "a bridge is running with the data folder {}: stop it first",
            dir.display()
        ),
        error
        @ (OpenError::Folder { .. } | OpenError::Damaged { .. } | OpenError::Newer { .. }) => {
            error.into()
        }
    })
}

fn shown(left: Left) -> String {
    const KIB: u64 = 1024;
    let size = left.bytes.div_ceil(KIB);
    let amount = format!("{} files, {size} KiB", left.files);
    match (left.has_more, left.files) {
        (false, _) => amount,
        (true, 0) => "an unknown number of files: they cannot be read".to_owned(),
        (true, _) => format!("at least {amount}: a part cannot be read"),
    }
}

/// Says how full a home is, where there is one; of a chat with topics, the fullest.
fn home_line(home: Filled, limit: Option<u64>) -> String {
    let used = in_words(home.bytes);
    let used = match home.has_more {
        true => format!("at least {used}"),
        false => used,
    };
    match limit {
        _ if home == Filled::default() => String::new(),
        None => format!("; Claude's home takes {used}"),
        Some(limit) => {
            let level = HomeUse {
                used: home.bytes,
                limit,
            };
            let note = match level.level() {
                HomeLevel::Roomy | HomeLevel::Filling => "",
                HomeLevel::NearlyFull => ": nearly full",
                HomeLevel::Full => ": full",
            };
            let limit = in_words(limit);
            format!("; Claude's home takes {used} of {limit}{note}")
        }
    }
}

fn note(storage: &Path, chat: ChatId, outcome: AuditOutcome, err: &mut dyn Write) -> Result<()> {
    let entry = entry(AuditActor::Host, chat, outcome);
    // What was done stands, whether the log has it or not.
    if let Err(error) = audit::append(storage, &entry) {
        writeln!(err, "note: cannot write the audit log: {error}")?;
    }
    Ok(())
}

/// Where people work is theirs to delete: it may be a project of many.
fn tell_of_folder(config: &Config, chat: ChatId, err: &mut dyn Write) -> Result<()> {
    let own = config.users.get(&chat).and_then(|own| own.dir.clone());
    let folder = own.unwrap_or_else(|| config.workspace.dir.join(chat.to_string()));
    if folder.is_dir() {
        writeln!(
            err,
            "note: the folder in which its agent worked stays: {}",
            folder.display()
        )?;
    }
    Ok(())
}
