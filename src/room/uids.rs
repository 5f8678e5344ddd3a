//! The user ids of rooms, where the bridge may choose one: a folder has one of its own, for good.
//!
//! Rooms that share a folder share its files, and so its user.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::PoisonError;

use super::place::Rooms;

/// The list in the data folder; a line for each: the id and the folder, in hexadecimal
/// digits, since a name may hold anything.
const LIST: &str = "room-uids";

impl Rooms {
    /// Returns the user id of a folder: the one it has, or the next from `first` on.
    ///
    /// # Errors
    ///
    /// When the list cannot be read, or another id cannot be kept.
    pub fn uid_of(&self, folder: &Path, first: u32) -> io::Result<u32> {
        let _one_at_a_time = self.uids.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.storage().join(LIST);
        let list = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            list => list?,
        };
        let name: String = folder
            .as_os_str()
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let known = list.lines().map(|line| {
            let (uid, name) = line.split_once(' ')?;
            Some((uid.parse().ok()?, name))
        });
        // The id of a line that cannot be read would be given to somebody else.
        let known: Option<Vec<(u32, &str)>> = known.collect();
        let known = known.ok_or_else(|| {
            let what = format!("{} is damaged: bring it back from a copy", path.display());
            io::Error::new(io::ErrorKind::InvalidData, what)
        })?;
        if let Some((uid, _)) = known.iter().find(|(_, of)| *of == name) {
            return Ok(*uid);
        }
        let last = known.iter().map(|(uid, _)| *uid).max();
        let uid = last.map_or(first, |last| first.max(last.saturating_add(1)));
        write_anew(&path, &format!("{list}{uid} {name}\n"))?;
        Ok(uid)
    }
}

fn write_anew(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = File::options();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, path)?;
    // Else a power cut could bring the list back as it was, and an id would be given twice.
    File::open(path.parent().unwrap_or(path))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_id_and_shares_it_with_no_other() {
        let data = tempfile::tempdir().unwrap();
        let rooms = || Rooms::new(data.path(), &[]);
        let of = |folder: &str| rooms().uid_of(Path::new(folder), 200_000).unwrap();
        assert_eq!(of("/w/1"), 200_000);
        assert_eq!(of("/w/a b\nc"), 200_001);
        assert_eq!(of("/w/1"), 200_000);
        assert_eq!(of("/w/a b\nc"), 200_001);
        let later = rooms().uid_of(Path::new("/w/3"), 300_000).unwrap();
        assert_eq!(later, 300_000, "another first id holds for new folders");
    }

    #[test]
    fn an_id_that_cannot_be_read_is_not_given_away() {
        for damaged in ["200000 2f772f31\n2000", "200000 2f772f31\nx 2f772f32\n"] {
            let data = tempfile::tempdir().unwrap();
            fs::write(data.path().join(LIST), damaged).unwrap();
            let rooms = Rooms::new(data.path(), &[]);
            let error = rooms.uid_of(Path::new("/w/3"), 200_000).unwrap_err();
            assert!(error.to_string().contains(LIST), "{error}");
        }
    }
}
