//! Spares: copies of the files that an undo changes back, kept for an hour in a folder that only the
//! bridge writes.
//!
//! A set of them is a folder named by the instruction that undid. Its list is written last, so a set
//! with a list is whole; one without is what a crash has left.

mod list;
mod way;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

use actix::prelude::*;
use bridge_actors::clock::{UnixSeconds, unix_now};
use bridge_actors::fault_point;
use bridge_actors::ids::PromptId;
use bridge_actors::ports::{
    PutBack, SpareDeed, SpareFault, SpareOrder, SparesDone, SparesOutcome, Unspared,
};
use tracing::{info, warn};

use self::list::{Kept, Left, List, Spare};
use self::way::{Way, digest_of};
use super::open::Refusal;
use super::place::{Room, Rooms};

/// How long an undo can be undone.
const KEPT_FOR: Duration = Duration::from_secs(3600);

/// How large a file may be that is kept, in bytes.
const MAX_FILE: u64 = 10_000_000;

/// How many bytes a room keeps in all.
const MAX_ALL: u64 = 50_000_000;

/// How many files it keeps in all.
const MAX_FILES: usize = 500;

/// A file that is to be kept, before it is.
enum Wanted {
    /// It is there.
    There { file: File, path: PathBuf },
    /// Nothing is: the undo would bring it back.
    Missing { path: PathBuf },
}

impl Rooms {
    /// Carries out an order, beside all else; the answer comes when the disk gives one.
    pub(super) fn carry_out(self, order: SpareOrder, answers: Recipient<SparesDone>) {
        let n_deletions = self.deletions_of(order.key.chat);
        if let SpareDeed::Take { .. } = order.deed {
            self.remove_when_over(KEPT_FOR);
        }
        let work = move || {
            let room = self.room(order.key, &order.folder);
            let one_by_one = self.spares.lock();
            let _one_by_one = one_by_one.unwrap_or_else(PoisonError::into_inner);
            let is_room_still = || self.deletions_of(order.key.chat) == n_deletions;
            // What was asked before a deletion would leave something behind it.
            if !is_room_still() {
                return;
            }
            let outcome = room.spare(&order);
            if !is_room_still() {
                drop(fs::remove_dir_all(room.spares()));
            }
            let asked_in = order.asked_in;
            if let Some(outcome) = outcome
                && answers.try_send(SparesDone { asked_in, outcome }).is_err()
            {
                warn!("a session does not take what became of its spares");
            }
        };
        drop(tokio::task::spawn_blocking(work));
    }

    /// Removes the spares of earlier runs that nobody needs any more, and the others when their hour
    /// is over.
    pub fn keep_spares(&self) {
        let now = unix_now();
        for until in self.remove_old_spares(now) {
            let rest = until.0.saturating_sub(now.0).min(KEPT_FOR.as_secs());
            self.remove_when_over(Duration::from_secs(rest));
        }
    }

    fn remove_when_over(&self, rest: Duration) {
        let rooms = self.clone();
        // A second later than the last press that counts.
        let over = rest + Duration::from_secs(1);
        drop(tokio::spawn(async move {
            tokio::time::sleep(over).await;
            let removing = move || rooms.remove_old_spares(unix_now());
            drop(tokio::task::spawn_blocking(removing));
        }));
    }

    /// Removes the spares whose hour is over, and what is no whole set; returns until when the others
    /// are kept.
    fn remove_old_spares(&self, now: UnixSeconds) -> Vec<UnixSeconds> {
        let one_by_one = self.spares.lock();
        let _one_by_one = one_by_one.unwrap_or_else(PoisonError::into_inner);
        let mut others = Vec::new();
        for folder in self.all_spares() {
            for set in sets_in(&folder) {
                match List::read(&set) {
                    Ok(Some(list)) if list.is_kept_at(now) => others.push(UnixSeconds(list.until)),
                    Ok(_) => remove(&set),
                    Err(error) => {
                        warn!(%error, "cannot read what an undo has changed: it is removed");
                        remove(&set);
                    }
                }
            }
            // Where sets are left it stays.
            drop(fs::remove_dir(folder));
        }
        others
    }
}

impl Room {
    /// Does something about spares; returns what the session is told.
    fn spare(&self, order: &SpareOrder) -> Option<SparesOutcome> {
        let set = |name: &PromptId| is_name(&name.0).then(|| self.spares().join(&name.0));
        let gone = || Ok(SparesOutcome::Gone);
        let done = match &order.deed {
            SpareDeed::Weigh { paths } => Ok(SparesOutcome::Weighed(self.weigh(paths).1)),
            SpareDeed::Take { paths, all } => self.keep(order, paths, *all),
            SpareDeed::Seal => set(&order.asked_in).map_or_else(gone, |set| seal(&set)),
            SpareDeed::PutBack { kept_in } => {
                set(kept_in).map_or_else(gone, |set| put_back(&set, order.at))
            }
            SpareDeed::Remove { kept_in } => {
                set(kept_in).inspect(|set| remove(set));
                return None;
            }
        };
        Some(done.unwrap_or_else(|error| {
            warn!(%error, "cannot do what an undo wants of the disk");
            SparesOutcome::Failed(error.to_string())
        }))
    }

    /// Opens what is to be kept, and says what cannot be.
    fn weigh(&self, paths: &[String]) -> (Vec<(String, Wanted)>, Vec<Unspared>) {
        let (mut n_files, mut bytes) = self.filled();
        let (mut wanted, mut unspared) = (Vec::new(), Vec::new());
        for path in paths {
            let found = self.look_at(path).and_then(|found| {
                let size = match &found {
                    Wanted::There { file, .. } => file.metadata().map_err(unreadable)?.len(),
                    Wanted::Missing { .. } => 0,
                };
                if size > MAX_FILE {
                    return Err(SpareFault::TooBig);
                }
                if bytes + size > MAX_ALL || n_files >= MAX_FILES {
                    return Err(SpareFault::TooMuch);
                }
                (n_files, bytes) = (n_files + 1, bytes + size);
                Ok(found)
            });
            let path = path.clone();
            match found {
                Ok(found) => wanted.push((path, found)),
                Err(why) => unspared.push(Unspared { path, why }),
            }
        }
        (wanted, unspared)
    }

    /// Returns how many files and bytes are kept already.
    fn filled(&self) -> (usize, u64) {
        let files = sets_in(&self.spares());
        let files = files
            .iter()
            .flat_map(|set| fs::read_dir(set).into_iter().flatten().flatten());
        let sizes = files.filter_map(|file| Some(file.metadata().ok()?.len()));
        sizes.fold((0, 0), |(n, bytes), size| (n + 1, bytes + size))
    }

    fn look_at(&self, path: &str) -> Result<Wanted, SpareFault> {
        // What the agent could not write as text is another path here.
        if path.contains(char::REPLACEMENT_CHARACTER) {
            return Err(SpareFault::NoPlainFile);
        }
        let root = self.folder().canonicalize().map_err(unreadable)?;
        // Before anything is opened: what lies outside, and whether anything does, is not told apart.
        if !way::leads_below(&root, &self.folder().join(path)) {
            return Err(SpareFault::Elsewhere);
        }
        match self.open(Path::new(path)) {
            Ok(opened) if opened.path.starts_with(&root) && opened.path.to_str().is_some() => {
                Ok(Wanted::There {
                    file: opened.file,
                    path: opened.path,
                })
            }
            Ok(_) | Err(Refusal::Own) => Err(SpareFault::Elsewhere),
            Err(Refusal::NoPlainFile) => Err(SpareFault::NoPlainFile),
            Err(Refusal::Unreadable(reason)) => Err(SpareFault::Unreadable(reason)),
            Err(Refusal::NotFound) => {
                let path = way::real_of_missing(&self.folder().join(path))?;
                match path.starts_with(&root) && path.to_str().is_some() {
                    true => Ok(Wanted::Missing { path }),
                    false => Err(SpareFault::Elsewhere),
                }
            }
        }
    }

    fn keep(&self, order: &SpareOrder, paths: &[String], all: bool) -> io::Result<SparesOutcome> {
        let name = &order.asked_in.0;
        if !is_name(name) {
            return Err(io::Error::other("an instruction has no name for a folder"));
        }
        let set = self.spares().join(name);
        // An earlier run came that far: what lies there is what was before the undo.
        if List::read(&set)?.is_some() {
            return Ok(SparesOutcome::Taken);
        }
        let (wanted, mut unspared) = self.weigh(paths);
        if all && !unspared.is_empty() {
            return Ok(SparesOutcome::Weighed(unspared));
        }
        remove(&set);
        let kept = self.keep_all(name, order.at, wanted, &mut unspared);
        if all && !unspared.is_empty() {
            remove(&set);
            return Ok(SparesOutcome::Weighed(unspared));
        }
        if let Err(error) = kept {
            remove(&set);
            warn!(%error, "an undo cannot be undone: the disk keeps nothing");
        }
        fault_point!("spares.taken");
        Ok(SparesOutcome::Taken)
    }

    fn keep_all(
        &self,
        name: &str,
        at: UnixSeconds,
        wanted: Vec<(String, Wanted)>,
        unspared: &mut Vec<Unspared>,
    ) -> io::Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let mut list = List::new(at.0 + KEPT_FOR.as_secs());
        let paths: Vec<_> = wanted.iter().map(|(path, _)| path.clone()).collect();
        let copied = self.make_spares(name).and_then(|set| {
            for (place, (said, wanted)) in wanted.into_iter().enumerate() {
                match copy(&set, place, wanted) {
                    Ok(spare) => list.files.push(spare),
                    Err(why) => unspared.push(Unspared { path: said, why }),
                }
            }
            File::open(&set)?.sync_all()?;
            File::open(self.spares())?.sync_all()?;
            list.write(&set)
        });
        if let Err(error) = &copied {
            let why = || SpareFault::Unreadable(error.to_string());
            unspared.clear();
            unspared.extend((paths.into_iter()).map(|path| Unspared { path, why: why() }));
        }
        copied
    }
}

/// Keeps one file under a number.
fn copy(set: &Path, place: usize, wanted: Wanted) -> Result<Spare, SpareFault> {
    let (file, path) = match wanted {
        Wanted::Missing { path } => {
            return Ok(Spare {
                path,
                kept: None,
                left: Left::Unknown,
            });
        }
        Wanted::There { file, path } => (file, path),
    };
    let metadata = file.metadata().map_err(unreadable)?;
    let to = set.join(place.to_string());
    let copied = (|| {
        let mut copy = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&to)?;
        // One byte more, so that a file that grows is noticed.
        let size = io::copy(&mut file.take(MAX_FILE + 1), &mut copy)?;
        copy.sync_all()?;
        Ok((size, digest_of(File::open(&to)?)?))
    })();
    match copied {
        Ok((size, _)) if size > MAX_FILE => {
            drop(fs::remove_file(to));
            Err(SpareFault::TooBig)
        }
        Ok((_, digest)) => Ok(Spare {
            path,
            kept: Some(Kept {
                place,
                digest,
                mode: metadata.mode() & 0o777,
                owner: metadata.uid(),
                group: metadata.gid(),
            }),
            left: Left::Unknown,
        }),
        Err(error) => {
            drop(fs::remove_file(to));
            Err(unreadable(error))
        }
    }
}

/// Notes what the undo has left in the place of each file.
fn seal(set: &Path) -> io::Result<SparesOutcome> {
    let Some(mut list) = List::read(set)? else {
        return Ok(SparesOutcome::Gone);
    };
    let mut changed = 0;
    for spare in &mut list.files {
        spare.left = match Way::to(&spare.path).and_then(|way| way.digest()) {
            Ok(Some(digest)) => Left::File(digest),
            Ok(None) => Left::Nothing,
            Err(error) => {
                info!(%error, "cannot tell what an undo has left of a file");
                Left::Unknown
            }
        };
        changed += usize::from(spare.is_changed());
    }
    list.write(set)?;
    fault_point!("spares.sealed");
    Ok(SparesOutcome::Sealed { changed })
}

/// Puts back what was kept, but for what is another file than the undo has left. Can be done again.
fn put_back(set: &Path, now: UnixSeconds) -> io::Result<SparesOutcome> {
    let list = List::read(set)?.filter(|list| list.is_kept_at(now));
    let Some(list) = list else {
        return Ok(SparesOutcome::Gone);
    };
    let mut done = PutBack::default();
    for spare in list.files.iter().filter(|spare| spare.is_changed()) {
        let path = spare.path.to_string_lossy().into_owned();
        match spare.put_back(set) {
            Ok(true) => done.back.push(path),
            Ok(false) => done.changed.push(path),
            Err(error) => done.failed.push((path, error.to_string())),
        }
        fault_point!("spares.put_back");
    }
    Ok(SparesOutcome::PutBack(done))
}

fn unreadable(error: io::Error) -> SpareFault {
    SpareFault::Unreadable(error.to_string())
}

/// Tells whether a name can be that of a folder and lead nowhere else.
fn is_name(name: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    (1..=64).contains(&name.len()) && name.chars().all(is_sign)
}

fn sets_in(folder: &Path) -> Vec<PathBuf> {
    let sets = fs::read_dir(folder).into_iter().flatten().flatten();
    sets.map(|set| set.path()).collect()
}

fn remove(set: &Path) {
    match fs::remove_dir_all(set) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => warn!(%error, "cannot remove what an undo has changed"),
    }
}

#[cfg(test)]
mod tests;
