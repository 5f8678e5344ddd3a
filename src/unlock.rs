//! `bridge unlock`: sees and lifts a lockdown on the host of a bridge that does not run.
//!
//! Whoever locked the bridge down may have lost their Telegram account since.

use std::io::Write;

use anyhow::{Result, anyhow};
use bridge_actors::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use bridge_actors::clock::unix_now;
use bridge_actors::ports::UserStore as _;

use crate::audit::{self, date_of};
use crate::cli::{Outcome, UnlockArgs};
use crate::config::{Config, LoadOptions};
use crate::store::{OpenError, Store};

/// Lifts the lockdown, or only says whether there is one, and writes what came of it to `out`.
///
/// # Errors
///
/// When the store cannot be used.
pub fn unlock(
    load: &LoadOptions,
    args: UnlockArgs,
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
    let dir = &config.storage.dir;
    // What is written here is committed before the answer, which tells of a failure.
    let store = Store::open(dir, Box::new(drop)).map_err(|error| match error {
        OpenError::Busy { dir } => anyhow!(
            "a bridge is running with the data folder {}: send /unlock to the bot, or stop the \
             bridge first",
            dir.display()
        ),
        error
        @ (OpenError::Folder { .. } | OpenError::Damaged { .. } | OpenError::Newer { .. }) => {
            error.into()
        }
    })?;
    let Some(lockdown) = store.lockdown()? else {
        writeln!(out, "not locked down")?;
        return Ok(Outcome::Fine);
    };
    let (by, since) = (lockdown.by, date_of(lockdown.since));
    if args.show {
        writeln!(out, "locked down by {by} since {since}")?;
        return Ok(Outcome::Fine);
    }
    store.save_lockdown(None)?;
    store.flush()?;
    let entry = AuditEntry {
        at: unix_now(),
        by: AuditActor::Host,
        action: AuditAction::Unlock,
        target: None,
        subject: None,
        outcome: AuditOutcome::Done,
    };
    // What was done stands, whether the log has it or not.
    if let Err(error) = audit::append(dir, &entry) {
        writeln!(err, "note: cannot write the audit log: {error}")?;
    }
    writeln!(
        out,
        "unlocked; it was locked down by {by} since {since}. What was waiting runs at the next start"
    )?;
    Ok(Outcome::Fine)
}
