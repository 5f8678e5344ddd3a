//! `bridge users`: sees and changes who may use the bridge, on its host, while it does not run.
//!
//! The rules are those of the chat's commands; the folder `people/` shows people (`table`) and
//! carries them from bridge to bridge (`transfer`).

mod table;
mod transfer;

use std::fs;
use std::io::Write;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use bridge_actors::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use bridge_actors::clock::unix_now;
use bridge_actors::ids::UserId;
use bridge_actors::ports::{Admitter, Standing, UserRecord, UserStore};
use bridge_actors::user_registry::{AccessRules, Change, Obstacle, Staff};
use serde_json::json;

use crate::audit;
use crate::cli::{Outcome, UsersArgs, UsersTask};
use crate::config::{Config, LoadOptions};
use crate::replace_file::replace_file;
use crate::run::rules_of;
use crate::store::{OpenError, Store};

use table::{UserRow, log_line, table};
use transfer::parse_entries;

/// Does one task and writes what came of it to `out`; what the person should know besides goes to
/// `err`.
///
/// # Errors
///
/// When the store or a file cannot be used, or a change is not made.
pub fn manage(
    load: &LoadOptions,
    args: &UsersArgs,
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
    let text = match &args.task {
        UsersTask::Log { last } => log(&config, *last, args.json, err)?,
        UsersTask::List { all } => list(&config, *all, args.json)?,
        UsersTask::Export { file } => export(&config, file.as_deref(), args.json)?,
        UsersTask::Import { file, replace } => {
            let desk = Desk::open(&config)?;
            desk.import(file, *replace, args.json, err)?
        }
        UsersTask::Add { who, name } => {
            let name = name.clone();
            change(&config, who.id, &Change::Add { name }, args.json, err)?
        }
        UsersTask::Remove(who) => change(&config, who.id, &Change::Remove, args.json, err)?,
        UsersTask::Activate(who) => change(&config, who.id, &Change::Activate, args.json, err)?,
        UsersTask::Deactivate(who) => change(&config, who.id, &Change::Deactivate, args.json, err)?,
        UsersTask::Promote(who) => change(&config, who.id, &Change::Promote, args.json, err)?,
        UsersTask::Demote(who) => change(&config, who.id, &Change::Demote, args.json, err)?,
    };
    out.write_all(text.as_bytes())?;
    let is_change = !matches!(
        args.task,
        UsersTask::Log { .. } | UsersTask::List { .. } | UsersTask::Export { .. }
    );
    if is_change && !config.multi_user.enabled {
        writeln!(
            err,
            "note: multi_user.enabled is false, so only the owner is let in"
        )?;
    }
    Ok(Outcome::Fine)
}

/// An open store and what decides about changes of it.
struct Desk<'a> {
    config: &'a Config,
    store: Store,
}

impl<'a> Desk<'a> {
    fn open(config: &'a Config) -> Result<Self> {
        let dir = &config.storage.dir;
        // Whatever is written here is committed before the answer, which tells of a failure.
        let store = Store::open(dir, Box::new(drop)).map_err(|error| match error {
            OpenError::Busy { dir } => anyhow!(
                "a bridge is running with the data folder {}: send /users, /add_user and so on to \
                 the bot, or stop the bridge first",
                dir.display()
            ),
            error @ (OpenError::Folder { .. }
            | OpenError::Damaged { .. }
            | OpenError::Newer { .. }) => error.into(),
        })?;
        Ok(Self { config, store })
    }

    fn records(&self) -> Result<Vec<UserRecord>> {
        let mut records = Vec::new();
        self.store.scan(&mut |record| records.push(record))?;
        Ok(records)
    }

    /// Refuses what would take the last administrator from a bridge that has one.
    fn check_that_an_admin_is_left(&self, taken: &[UserRecord]) -> Result<()> {
        let rules = rules_of(self.config)?;
        let mut staff = self.staff(&rules)?;
        let had_one = !staff.admins(&rules).is_empty();
        for record in taken {
            staff.note(record, &rules);
        }
        ensure!(
            !had_one || !staff.admins(&rules).is_empty(),
            "nobody would be left to manage the bridge; make at least one person in the file an \
             active administrator"
        );
        Ok(())
    }

    fn staff(&self, rules: &AccessRules) -> Result<Staff> {
        let mut staff = Staff::default();
        self.store.scan(&mut |record| staff.note(&record, rules))?;
        Ok(staff)
    }

    fn audit(
        &self,
        (action, target): (AuditAction, Option<UserId>),
        outcome: AuditOutcome,
        err: &mut dyn Write,
    ) -> Result<()> {
        let entry = AuditEntry {
            at: unix_now(),
            by: AuditActor::Host,
            action,
            target: target.map(|user| user.0),
            subject: None,
            outcome,
        };
        // What was done stands, whether the log has it or not.
        if let Err(error) = audit::append(&self.config.storage.dir, &entry) {
            writeln!(err, "note: cannot write the audit log: {error}")?;
        }
        Ok(())
    }

    fn change(&self, user: UserId, change: &Change, err: &mut dyn Write) -> Result<UserRecord> {
        let rules = rules_of(self.config)?;
        let staff = self.staff(&rules)?;
        let known = self.store.load(user)?;
        let (by, now) = (Admitter::Host, unix_now());
        match change.apply(user, known.as_ref(), (&rules, &staff), by, now) {
            Ok(record) => {
                self.store.save(&record)?;
                self.store.flush()?;
                let what = (change.action(), Some(user));
                self.audit(what, AuditOutcome::Done, err)?;
                Ok(record)
            }
            Err(obstacle) => {
                let outcome = AuditOutcome::Refused(obstacle.for_audit());
                self.audit((change.action(), Some(user)), outcome, err)?;
                bail!("{}", way_out(user, obstacle))
            }
        }
    }

    fn import(
        &self,
        file: &std::path::Path,
        replace: bool,
        json: bool,
        err: &mut dyn Write,
    ) -> Result<String> {
        let what = (AuditAction::Import, None);
        let (taken, kept) = match self.read_import(file, replace) {
            Ok(read) => read,
            Err(error) => {
                self.audit(what, AuditOutcome::Refused("not a file of users"), err)?;
                return Err(error.context(format!("cannot import {}", file.display())));
            }
        };
        for record in &taken {
            self.store.save(record)?;
        }
        self.store.flush()?;
        self.audit(what, AuditOutcome::Done, err)?;
        let imported = taken.len();
        Ok(match json {
            true => format!("{}\n", json!({ "imported": imported, "kept": kept })),
            false => format!("imported {imported}, skipped {kept} already known\n"),
        })
    }

    /// Returns the users of a file that are to be stored, and how many are left as they are.
    fn read_import(
        &self,
        file: &std::path::Path,
        replace: bool,
    ) -> Result<(Vec<UserRecord>, usize)> {
        let text = fs::read_to_string(file)?;
        let mut taken = Vec::new();
        let mut kept = 0;
        for record in parse_entries(&text, unix_now())? {
            match self.store.load(record.user)? {
                Some(_) if !replace => kept += 1,
                Some(_) | None => taken.push(record),
            }
        }
        self.check_that_an_admin_is_left(&taken)?;
        Ok((taken, kept))
    }
}

fn change(
    config: &Config,
    user: UserId,
    change: &Change,
    json: bool,
    err: &mut dyn Write,
) -> Result<String> {
    let record = Desk::open(config)?.change(user, change, err)?;
    if json {
        return Ok(format!(
            "{}\n",
            serde_json::to_string(&UserRow::of(&record))?
        ));
    }
    let done = match change {
        Change::Add { .. } => "added",
        Change::Remove => "removed",
        Change::Activate => "activated",
        Change::Deactivate => "deactivated",
        Change::Promote => "promoted",
        Change::Demote => "demoted",
    };
    Ok(format!("{done} {user}\n"))
}

fn way_out(user: UserId, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::Unknown => {
            format!("nobody with the id {user} yet; `bridge users add {user}` lets them in")
        }
        Obstacle::AlreadySo => format!("nothing to do: {user} is in that state already"),
        Obstacle::LastAdmin => format!(
            "{user} is the last administrator; promote someone else first, or add someone to \
             multi_user.admin_users"
        ),
        Obstacle::NamedInConfig => format!(
            "the configuration names {user} as an administrator (multi_user.admin_users or \
             single_user.chat_id); change it there"
        ),
        Obstacle::DeniedInConfig => format!(
            "the configuration denies {user} (multi_user.denied_users), which overrides \
             everything; change it there"
        ),
        Obstacle::Inactive => {
            format!("{user} is not let in; run `bridge users activate {user}` first")
        }
    }
}

fn list(config: &Config, all: bool, json: bool) -> Result<String> {
    let records = Desk::open(config)?.records()?.into_iter();
    let shown = records.filter(|record| all || record.standing != Standing::Removed);
    let rules = rules_of(config)?;
    let rows: Vec<_> = shown
        .map(|record| UserRow::of(&record).under(&rules))
        .collect();
    Ok(match json {
        true => format!("{}\n", serde_json::to_string_pretty(&rows)?),
        false => table(&rows),
    })
}

fn export(config: &Config, file: Option<&std::path::Path>, json: bool) -> Result<String> {
    let records = Desk::open(config)?.records()?;
    let text = transfer::export(&records)?;
    let Some(file) = file else {
        return Ok(text);
    };
    replace_file(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    let exported = transfer::exported(&records).count();
    Ok(match json {
        true => format!("{}\n", json!({ "exported": exported })),
        false => format!("exported {exported}\n"),
    })
}

fn log(config: &Config, last: usize, json: bool, err: &mut dyn Write) -> Result<String> {
    let found = audit::read(&config.storage.dir).context("cannot read the audit log")?;
    if found.broken > 0 {
        let plural = if found.broken == 1 { "" } else { "s" };
        writeln!(
            err,
            "note: skipped {} unreadable line{plural}",
            found.broken
        )?;
    }
    let skipped = found.lines.len().saturating_sub(last);
    let lines = found.lines.iter().skip(skipped);
    let shown: Result<Vec<String>, _> = lines
        .map(|line| match json {
            true => serde_json::to_string(line),
            false => Ok(log_line(line)),
        })
        .collect();
    Ok(shown?.into_iter().map(|line| line + "\n").collect())
}

#[cfg(test)]
mod tests;
