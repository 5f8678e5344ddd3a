//! Which rooms of other people lie below the folder of a room.
//!
//! The owner of a bridge that many people share may work above the folders of the others.

use std::io;
use std::path::{Path, PathBuf};

use crate::there::if_there;

/// Where the rooms of all people are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The folder that has one for each chat, named by its id.
    pub root: Option<PathBuf>,
    /// Those that were chosen for single chats.
    pub chosen: Vec<PathBuf>,
}

impl Neighbours {
    /// Returns the rooms that lie below a folder and are not meant for whoever works there, by their
    /// real paths.
    ///
    /// Blocks for as long as the disk does.
    ///
    /// # Errors
    ///
    /// When nobody can tell whose rooms lie there.
    pub fn below(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let Some(root) = &self.root else {
            return Ok(Vec::new());
        };
        let found = found_below(root, folder);
        found.map_err(|error| {
            let what = "cannot tell whose rooms lie in";
            io::Error::new(error.kind(), format!("{what} {}: {error}", root.display()))
        })
    }

    /// Returns all rooms below a folder, those included that whoever works there sees too.
    ///
    /// # Errors
    ///
    /// When nobody can tell whose rooms lie there.
    pub(super) fn all_below(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut rooms = self.below(folder)?;
        for room in &self.chosen {
            let real = if_there(room.canonicalize());
            let real = real.map_err(|error| {
                let what = format!("cannot tell where {} lies: {error}", room.display());
                io::Error::new(error.kind(), what)
            })?;
            if let Some(real) = real
                && is_below(&real, &folder.canonicalize()?)?
            {
                rooms.push(real);
            }
        }
        Ok(rooms)
    }
}

/// Returns the rooms of a root that lie below a folder; those of a root that lies elsewhere do not.
fn found_below(root: &Path, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = folder.canonicalize()?;
    let root = if_there(root.canonicalize())?;
    let Some(root) = root.filter(|root| root.starts_with(&folder)) else {
        return Ok(Vec::new());
    };
    let mut rooms = Vec::new();
    for entry in root.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let is_chats = name.to_str().is_some_and(|it| it.parse::<i64>().is_ok());
        if is_chats && is_below(&entry.path(), &folder)? {
            rooms.push(entry.path());
        }
    }
    Ok(rooms)
}

/// A link is no folder of anybody's.
fn is_below(room: &Path, folder: &Path) -> io::Result<bool> {
    let metadata = if_there(room.symlink_metadata())?;
    let is_folder = metadata.is_some_and(|it| it.is_dir());
    Ok(is_folder && room != folder && room.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn who_works_above_the_folders_of_others_has_them_for_neighbours() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().canonicalize().unwrap().join(name);
        for folder in ["w/7", "w/8", "w/-1009", "w/src/12", "w/site", "w/notes"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        symlink(at("w/src"), at("w/9")).unwrap();
        let neighbours = Neighbours {
            root: Some(at("w")),
            chosen: vec![at("w/site"), at("missing")],
        };
        let sorted = |mut rooms: Vec<PathBuf>| {
            rooms.sort();
            rooms
        };
        let others = ["w/-1009", "w/7", "w/8"].map(at);
        assert_eq!(sorted(neighbours.below(&at("w")).unwrap()), others);
        let all = ["w/-1009", "w/7", "w/8", "w/site"].map(at);
        assert_eq!(sorted(neighbours.all_below(&at("w")).unwrap()), all);
        let none: [PathBuf; 0] = [];
        assert_eq!(neighbours.all_below(&at("w/7")).unwrap(), none);
        assert_eq!(Neighbours::default().all_below(&at("w")).unwrap(), none);
    }

    /// No rule of modes holds root, so links that lead in a circle stand for a disk that fails.
    #[test]
    fn where_nobody_can_look_it_does_not_count_as_empty() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().canonicalize().unwrap().join(name);
        fs::create_dir_all(at("w/7")).unwrap();
        symlink(at("circle"), at("circle")).unwrap();
        fs::write(at("w/file"), "").unwrap();
        let of = |root: &str, chosen: &str| Neighbours {
            root: Some(at(root)),
            chosen: vec![at(chosen)],
        };
        for root in ["circle", "w/file"] {
            let error = of(root, "none").below(&at("w")).unwrap_err().to_string();
            assert!(error.contains(root), "{error}");
        }
        let error = of("w", "circle").all_below(&at("w")).unwrap_err();
        assert!(error.to_string().contains("circle"), "{error}");
        assert!(of("none", "none").all_below(&at("w")).unwrap().is_empty());
    }
}
