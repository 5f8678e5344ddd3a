//! `bridge store`: checks, backs up and restores what the bridge remembers, while it does not run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, anyhow};
use bridge_actors::clock::unix_now;
use bridge_actors::money::Day;
use tracing::{error, info};

use crate::audit::date_of;
use crate::cli::{Outcome, StoreTask};
use crate::config::{Config, LoadOptions};
use crate::store::backup::{
    BackupError, Contents, backup_of_the_day, check_store, restore_backup, write_backup,
};
use crate::store::{OpenError, Store};

/// How often a running bridge looks whether the day has its backup.
const LOOK_EVERY: Duration = Duration::from_secs(3600);

/// Does one task and writes what came of it to `out`.
///
/// # Errors
///
/// When the store or a file cannot be used.
pub fn care(
    load: &LoadOptions,
    task: &StoreTask,
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
    let contents = match task {
        StoreTask::Check => check_store(dir),
        StoreTask::Backup { file } => Store::open(dir, Box::new(drop))
            .map_err(BackupError::from)
            .and_then(|store| write_backup(&store, file)),
        StoreTask::Restore { file } => restore_backup(file, dir),
    };
    let contents = contents.map_err(|error| in_words(error, dir))?;
    let done = match task {
        StoreTask::Check => "everything can be read",
        StoreTask::Backup { .. } => "backed up",
        StoreTask::Restore { .. } => "restored",
    };
    writeln!(out, "{done}: {}", counted(contents))?;
    Ok(Outcome::Fine)
}

fn in_words(error: BackupError, dir: &Path) -> anyhow::Error {
    match error {
        BackupError::Open(OpenError::Busy { .. }) => anyhow!(
            "a bridge is running with the data folder {}: stop it first, or use its daily backups \
             in {}",
            dir.display(),
            dir.join("backups").display()
        ),
        error @ (BackupError::File { .. }
        | BackupError::Broken { .. }
        | BackupError::Occupied { .. }
        | BackupError::Store(_)
        | BackupError::Open(_)) => error.into(),
    }
}

fn counted(contents: Contents) -> String {
    let Contents {
        sessions,
        users,
        groups,
    } = contents;
    let several = |number, what| match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    };
    [(sessions, "session"), (users, "user"), (groups, "group")]
        .map(|(number, what)| several(number, what))
        .join(", ")
}

/// Forgets what is kept no longer, and makes a backup, once a day for as long as the bridge runs;
/// keeps the latest three.
pub(crate) async fn tidy_up_daily(store: Store, dir: PathBuf) {
    let mut tidied = None;
    loop {
        let day = Day::of(unix_now());
        if tidied != Some(day) {
            forget_old(store.clone(), day).await;
            tidied = Some(day);
        }
        let (store, dir) = (store.clone(), dir.clone());
        let today: String = date_of(unix_now()).chars().take(10).collect();
        let made = tokio::task::spawn_blocking(move || backup_of_the_day(&store, &dir, &today));
        match made.await {
            Ok(Ok(Some(path))) => info!(file = %path.display(), "daily backup written"),
            Ok(Ok(None)) => {}
            Ok(Err(error)) => error!(%error, "daily backup failed"),
            Err(error) => error!(%error, "daily backup task failed"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn forget_old(store: Store, today: Day) {
    let forgotten = tokio::task::spawn_blocking(move || store.forget_old_spending(today));
    match forgotten.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => error!(%error, "cannot forget what was spent long ago"),
        Err(error) => error!(%error, "the task that forgets what was spent long ago failed"),
    }
}
