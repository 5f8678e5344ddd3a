//! Which rooms of other people lie below the folder of a room.
//!
//! The owner of a bridge that many people share may work above the folders of the others.

use std::path::{Path, PathBuf};

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
    pub fn below(&self, folder: &Path) -> Vec<PathBuf> {
        let root = self.root.as_ref().and_then(|root| root.canonicalize().ok());
        let entries = root.and_then(|root| root.read_dir().ok());
        let entries = entries.into_iter().flatten().flatten();
        let is_chats = |name: &str| name.parse::<i64>().is_ok();
        let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_chats));
        let mut rooms: Vec<PathBuf> = named.map(|entry| entry.path()).collect();
        rooms.retain(|room| is_below(room, folder));
        rooms
    }

    /// Returns all rooms below a folder, those included that whoever works there sees too.
    pub(super) fn all_below(&self, folder: &Path) -> Vec<PathBuf> {
        let chosen = self.chosen.iter();
        let mut rooms = self.below(folder);
        rooms.extend(chosen.filter_map(|room| room.canonicalize().ok()));
        rooms.retain(|room| is_below(room, folder));
        rooms
    }
}

/// A link is no folder of anybody's.
fn is_below(room: &Path, folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    let is_folder = room.symlink_metadata().is_ok_and(|it| it.is_dir());
    is_folder && room != folder && room.starts_with(folder)
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
        assert_eq!(sorted(neighbours.below(&at("w"))), others);
        let all = ["w/-1009", "w/7", "w/8", "w/site"].map(at);
        assert_eq!(sorted(neighbours.all_below(&at("w"))), all);
        let none: [PathBuf; 0] = [];
        assert_eq!(neighbours.all_below(&at("w/7")), none);
        assert_eq!(Neighbours::default().all_below(&at("w")), none);
    }
}
