//! Brings a conversation along when its agent has another home than before.
//!
//! The one that was written to last is the one that counts. It is copied beside its new place,
//! compared, and then gets its name in one step; the old one stays, so that nothing is lost
//! wherever this is cut off, and nothing is told twice: a copy has the time of what it was made of.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use crate::plain_file::open_plain;

/// Where Claude keeps conversations in its folder, by the folder that it works in.
const PROJECTS: &str = "projects";

/// The largest conversation that is brought along, in bytes: an agent can write to it too.
const MAX_CONVERSATION: u64 = 1024 * 1024 * 1024;

/// How much of what Claude keeps beside a conversation is brought along: an agent may have made
/// it.
const MAX_BESIDE: Allowance = Allowance {
    bytes: 64 * 1024 * 1024,
    entries: 10_000,
    depth: 16,
};

/// What may still be copied.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    bytes: u64,
    entries: usize,
    depth: usize,
}

/// Brings a conversation from one of Claude's folders to another, if the first has it and has it
/// newer; returns whether it did.
///
/// No agent of the two may be running. Links are followed in neither: an agent may have made them.
///
/// # Errors
///
/// When it is there and cannot be copied.
pub(super) fn bring(conversation: &str, from: &Path, to: &Path) -> io::Result<bool> {
    let Some((source, written)) = newer(conversation, from, to)? else {
        return Ok(false);
    };
    let project = source.parent().and_then(Path::file_name);
    let Some(project) = project else {
        return Ok(false);
    };
    let projects = to.join(PROJECTS);
    let folder = projects.join(project);
    for folder in [to, &projects, &folder] {
        make_folder(folder)?;
    }
    // What lies beside it first: the conversation itself says that all is there.
    let beside = source.with_extension("");
    if beside.is_dir() && !beside.is_symlink() {
        let mut left = MAX_BESIDE;
        copy_folder(&beside, &folder.join(conversation), &mut left)?;
    }
    copy(
        &source,
        &folder.join(format!("{conversation}.jsonl")),
        written,
    )?;
    Ok(true)
}

/// Says whether there is something to bring.
pub(super) fn is_to_be_brought(conversation: &str, from: &Path, to: &Path) -> bool {
    newer(conversation, from, to).is_ok_and(|found| found.is_some())
}

/// Returns the file of a conversation and when it was written, if there is no later one.
fn newer(conversation: &str, from: &Path, to: &Path) -> io::Result<Option<(PathBuf, SystemTime)>> {
    let Some(source) = find(conversation, from)? else {
        return Ok(None);
    };
    let written = source.metadata()?.modified()?;
    let there = find(conversation, to)?.map(|target| target.metadata()?.modified());
    let is_newer = there.transpose()?.is_none_or(|there| there < written);
    Ok(is_newer.then_some((source, written)))
}

/// Returns the file of a conversation.
pub(super) fn find(conversation: &str, claude: &Path) -> io::Result<Option<PathBuf>> {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    if conversation.is_empty() || !conversation.chars().all(is_name) {
        return Ok(None);
    }
    let projects = match claude.join(PROJECTS).read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        projects => projects?,
    };
    let name = format!("{conversation}.jsonl");
    let mut newest: Option<(SystemTime, PathBuf)> = None;
    for project in projects.take(MAX_BESIDE.entries) {
        let path = project?.path().join(&name);
        let Ok(metadata) = path.symlink_metadata() else {
            continue;
        };
        if !metadata.is_file() || !is_itself(&path) {
            continue;
        }
        let written = metadata.modified()?;
        if newest.as_ref().is_none_or(|(other, _)| *other < written) {
            newest = Some((written, path));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

/// Says whether no part of the path below Claude's folder is a link.
fn is_itself(path: &Path) -> bool {
    let mut parts = path.ancestors().take(3);
    parts.all(|part| part.symlink_metadata().is_ok_and(|it| !it.is_symlink()))
}

/// Makes a folder in one that was looked at before: nothing is made where a link leads.
fn make_folder(folder: &Path) -> io::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    match folder.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::other(format!(
            "{} is no folder",
            folder.display()
        ))),
        Err(error) => Err(made.err().unwrap_or(error)),
    }
}

/// Copies a file so that it is there in whole or not at all, with the time of the original.
fn copy(from: &Path, to: &Path, written: SystemTime) -> io::Result<()> {
    let part = to.with_extension("moving");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let reading = || open_plain(from).map_err(io::Error::other);
    let mut writing = OpenOptions::new();
    let writing = writing.write(true).create_new(true).mode(0o600);
    let source = reading()?;
    let size = source.metadata()?.len();
    if size > MAX_CONVERSATION {
        return Err(io::Error::other(format!("it is too large: {size} bytes")));
    }
    let mut target = writing.open(&part)?;
    io::copy(&mut source.take(size), &mut target)?;
    target.set_modified(written)?;
    target.sync_all()?;
    if digest(reading()?.take(size))? != digest(File::open(&part)?)? {
        return Err(io::Error::other("the copy is not what was copied"));
    }
    fs::rename(part, to)
}

fn digest(mut file: impl io::Read) -> io::Result<Vec<u8>> {
    let mut hash = Sha256::new();
    let mut piece = [0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hash.finalize().to_vec()),
            n => hash.update(&piece[..n]),
        }
    }
}

/// Copies plain files and folders, as long as they are not too much.
fn copy_folder(from: &Path, to: &Path, left: &mut Allowance) -> io::Result<()> {
    make_folder(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        if left.entries == 0 || left.depth == 0 {
            return Ok(());
        }
        left.entries -= 1;
        let kind = entry.file_type()?;
        let target = to.join(entry.file_name());
        if kind.is_dir() {
            left.depth -= 1;
            copy_folder(&entry.path(), &target, left)?;
            left.depth += 1;
        } else if kind.is_file() {
            let metadata = entry.metadata()?;
            if metadata.len() <= left.bytes {
                left.bytes -= metadata.len();
                copy(&entry.path(), &target, metadata.modified()?)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const ID: &str = "4be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c01";

    #[test]
    fn a_conversation_goes_there_and_back_and_the_newest_words_win() {
        let (host, room) = (folder(), folder());
        write(host.path(), "one\n", 10);
        assert!(bring(ID, host.path(), room.path()).unwrap());
        assert_eq!(read(room.path()), "one\n");
        assert!(!bring(ID, host.path(), room.path()).unwrap(), "it is there");
        write(room.path(), "one\ntwo\n", 20);
        assert!(!bring(ID, host.path(), room.path()).unwrap(), "it is older");
        assert!(bring(ID, room.path(), host.path()).unwrap());
        assert_eq!(read(host.path()), "one\ntwo\n");
        assert_eq!(read(room.path()), "one\ntwo\n", "nothing is taken away");
    }

    #[test]
    fn what_lies_beside_a_conversation_comes_along() {
        let (host, room) = (folder(), folder());
        write(host.path(), "one\n", 10);
        let beside = host
            .path()
            .join("projects/-w")
            .join(ID)
            .join("tool-results");
        fs::create_dir_all(&beside).unwrap();
        fs::write(beside.join("1.txt"), "long").unwrap();
        assert!(bring(ID, host.path(), room.path()).unwrap());
        let came = room
            .path()
            .join("projects/-w")
            .join(ID)
            .join("tool-results/1.txt");
        assert_eq!(fs::read_to_string(came).unwrap(), "long");
    }

    /// An agent makes them.
    #[test]
    fn what_lies_beside_a_conversation_is_brought_along_up_to_a_limit() {
        let (from, to) = (folder(), folder());
        fs::create_dir_all(from.path().join("1/2/3")).unwrap();
        for name in ["1/a", "1/2/b", "1/2/3/c"] {
            fs::write(from.path().join(name), "text").unwrap();
        }
        let copied = |left: Allowance| {
            let target = to.path().join(left.entries.to_string());
            copy_folder(from.path(), &target, &mut left.clone()).unwrap();
            let there = ["1/a", "1/2/b", "1/2/3/c"]
                .iter()
                .filter(|name| target.join(name).exists());
            there.count()
        };
        let all = Allowance {
            bytes: 99,
            entries: 99,
            depth: 9,
        };
        assert_eq!(copied(all), 3);
        assert_eq!(
            copied(Allowance {
                entries: 98,
                depth: 3,
                ..all
            }),
            2
        );
        assert_eq!(
            copied(Allowance {
                entries: 97,
                bytes: 4,
                ..all
            }),
            1
        );
        assert_eq!(copied(Allowance { entries: 1, ..all }), 0);
    }

    #[test]
    fn a_move_that_was_cut_off_begins_anew() {
        let (host, room) = (folder(), folder());
        write(host.path(), "one\n", 10);
        let project = room.path().join("projects/-w");
        fs::create_dir_all(&project).unwrap();
        fs::write(project.join(format!("{ID}.moving")), "on").unwrap();
        assert!(bring(ID, host.path(), room.path()).unwrap());
        assert_eq!(read(room.path()), "one\n");
        assert!(!project.join(format!("{ID}.moving")).exists());
    }

    #[test]
    fn a_link_brings_nothing_of_others_along() {
        let (host, room, other) = (folder(), folder(), folder());
        write(other.path(), "secret\n", 30);
        let secret = other.path().join(format!("projects/-w/{ID}.jsonl"));
        let project = room.path().join("projects/-w");
        fs::create_dir_all(&project).unwrap();
        std::os::unix::fs::symlink(secret, project.join(format!("{ID}.jsonl"))).unwrap();
        assert!(!bring(ID, room.path(), host.path()).unwrap());
        fs::remove_dir_all(room.path().join("projects")).unwrap();
        let projects = other.path().join("projects");
        std::os::unix::fs::symlink(&projects, room.path().join("projects")).unwrap();
        assert!(!bring(ID, room.path(), host.path()).unwrap());
        write(host.path(), "one\n", 40);
        assert!(
            bring(ID, host.path(), room.path()).is_err(),
            "nor anything there"
        );
        assert_eq!(read(other.path()), "secret\n");
        // Nor is a folder made where a link leads.
        fs::remove_dir_all(projects.join("-w")).unwrap();
        assert!(bring(ID, host.path(), room.path()).is_err());
        assert_eq!(fs::read_dir(&projects).unwrap().count(), 0);
    }

    /// An agent can make it so.
    #[test]
    fn a_conversation_without_end_or_in_a_pipe_is_not_brought_along() {
        let (host, room) = (folder(), folder());
        write(room.path(), "one\n", 10);
        let file = room.path().join(format!("projects/-w/{ID}.jsonl"));
        let huge = File::options().write(true).open(&file).unwrap();
        huge.set_len(MAX_CONVERSATION + 1).unwrap();
        assert!(bring(ID, room.path(), host.path()).is_err());
        let project = host.path().join("projects/-w");
        assert_eq!(fs::read_dir(&project).unwrap().count(), 0);
        nix::unistd::mkfifo(&project.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let copied = copy(&project.join("pipe"), &project.join("x"), SystemTime::now());
        assert!(copied.is_err());
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_none() {
        let (host, room) = (folder(), folder());
        for name in ["", "../x", "a/b", "."] {
            assert!(!bring(name, host.path(), room.path()).unwrap(), "{name}");
        }
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn write(claude: &Path, text: &str, seconds: u64) {
        let project = claude.join("projects/-w");
        fs::create_dir_all(&project).unwrap();
        let file = project.join(format!("{ID}.jsonl"));
        fs::write(&file, text).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds);
        File::options()
            .write(true)
            .open(file)
            .unwrap()
            .set_modified(written)
            .unwrap();
    }

    fn read(claude: &Path) -> String {
        fs::read_to_string(claude.join(format!("projects/-w/{ID}.jsonl"))).unwrap()
    }
}
