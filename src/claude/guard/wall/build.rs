//! Performs a plan: mounts a room and makes it the whole tree of this process.
//!
//! Two roots lie on top of each other on the way: the host's, at [`HOST`], so that nothing of it is
//! hidden by what is mounted for the room, and the room's, at [`ROOM`].

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::unistd::pivot_root;

use super::mounts;
use super::plan::{Passage, Plan, Shown, Step};

/// Where the host's tree is while the room is made.
const HOST: &str = "/.host";
/// Where the room is while it is made.
const ROOM: &str = "/.room";
/// The file that lies over what is covered.
const NOTHING: &str = "/.nothing";
/// A folder of every host, over which the first root is mounted.
const FOOTHOLD: &str = "/tmp";

const NONE: Option<&str> = None;

/// Makes the room and enters it.
pub(super) fn build(plan: &Plan) -> Result<(), String> {
    leave_host()?;
    for step in &plan.steps {
        perform(step).map_err(|error| format!("cannot make the room: {step}: {error}"))?;
    }
    lock(plan)?;
    for step in &plan.steps {
        if let Step::Seal(path, passage) = step {
            let sealed = seal(path, *passage);
            sealed.map_err(|error| format!("cannot seal {}: {error}", path.display()))?;
        }
    }
    enter_room()?;
    std::env::set_current_dir(&plan.folder)
        .map_err(|error| format!("cannot enter the folder {}: {error}", plan.folder.display()))
}

/// Makes a root of this process's own, from which the host's tree is a folder.
fn leave_host() -> Result<(), String> {
    let steps = || -> io::Result<()> {
        mount(NONE, "/", NONE, MsFlags::MS_PRIVATE | MsFlags::MS_REC, NONE)?;
        memory(Path::new(FOOTHOLD), "mode=0755,size=64k")?;
        fs::create_dir(format!("{FOOTHOLD}{HOST}"))?;
        pivot_root(FOOTHOLD, &*format!("{FOOTHOLD}{HOST}"))?;
        std::env::set_current_dir("/")?;
        fs::create_dir(ROOM)?;
        memory(Path::new(ROOM), "mode=0755,size=16m")?;
        File::options()
            .write(true)
            .create_new(true)
            .mode(0o000)
            .open(NOTHING)?;
        Ok(())
    };
    steps().map_err(|error| format!("cannot leave the host's file system: {error}"))
}

fn perform(step: &Step) -> io::Result<()> {
    match step {
        Step::Folder(path) => create_folders(&room(path)),
        Step::File(path) => create_file(&room(path)),
        Step::Link(path, target) => {
            let path = room(path);
            create_folders(path.parent().unwrap_or(Path::new(ROOM)))?;
            symlink(target, path)
        }
        Step::Bind(path) => bind(&host(path), &room(path)),
        Step::Memory(path, options) => memory(&room(path), options),
        Step::Device(name) => {
            let path = Path::new("/dev").join(name);
            create_file(&room(&path))?;
            bind(&host(&path), &room(&path))
        }
        Step::Terminals => {
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
            let options = Some("newinstance,ptmxmode=0666,mode=0620");
            let target = room(Path::new("/dev/pts"));
            Ok(mount(
                Some("devpts"),
                &target,
                Some("devpts"),
                flags,
                options,
            )?)
        }
        Step::Processes(shown) => {
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
            let target = room(Path::new("/proc"));
            let options = match shown {
                Shown::All => None,
                // Since Linux 5.8.
                Shown::Own => Some("hidepid=ptraceable"),
            };
            Ok(mount(Some("proc"), &target, Some("proc"), flags, options)?)
        }
        Step::CoverFolder(path) => memory(&room(path), "mode=0755,size=64k"),
        Step::CoverFile(path) => bind(Path::new(NOTHING), &room(path)),
        Step::Text(path, text) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let own = PathBuf::from(format!("/.{name}"));
            fs::write(&own, text)?;
            fs::set_permissions(&own, Permissions::from_mode(0o444))?;
            bind(&own, &room(path))
        }
        // What is below has to be mounted first.
        Step::Seal(..) => Ok(()),
    }
}

/// Takes from the mounts of the host what they must not have in the room.
fn lock(plan: &Plan) -> Result<(), String> {
    let table = fs::read(format!("{HOST}/proc/self/mountinfo"))
        .map_err(|error| format!("cannot read the table of mounts: {error}"))?;
    for (path, flags) in mounts::to_be_told(&table, Path::new(ROOM), &plan.locks) {
        let again = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | flags;
        mount(NONE, &path, NONE, again, NONE)
            .map_err(|errno| format!("cannot lock {}: {}", path.display(), errno.desc()))?;
    }
    Ok(())
}

fn seal(path: &Path, passage: Passage) -> io::Result<()> {
    let path = room(path);
    let mode = match passage {
        Passage::Open => 0o111,
        Passage::Closed => 0o000,
    };
    fs::set_permissions(&path, Permissions::from_mode(mode))?;
    read_only(&path)
}

/// Makes the room the root; nothing leads back to the host's tree.
fn enter_room() -> Result<(), String> {
    let steps = || -> io::Result<()> {
        read_only(Path::new(ROOM))?;
        std::env::set_current_dir(ROOM)?;
        // The old root comes to lie on the new one, from where it is taken away.
        pivot_root(".", ".")?;
        umount2(".", MntFlags::MNT_DETACH)?;
        std::env::set_current_dir("/")
    };
    steps().map_err(|error| format!("cannot enter the room: {error}"))
}

fn read_only(path: &Path) -> io::Result<()> {
    let flags = MsFlags::MS_REMOUNT
        | MsFlags::MS_BIND
        | MsFlags::MS_RDONLY
        | MsFlags::MS_NOSUID
        | MsFlags::MS_NODEV;
    Ok(mount(NONE, path, NONE, flags, NONE)?)
}

fn memory(path: &Path, options: &str) -> io::Result<()> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    Ok(mount(
        Some("tmpfs"),
        path,
        Some("tmpfs"),
        flags,
        Some(options),
    )?)
}

fn bind(from: &Path, to: &Path) -> io::Result<()> {
    let flags = MsFlags::MS_BIND | MsFlags::MS_REC;
    Ok(mount(Some(from), to, NONE, flags, NONE)?)
}

fn create_folders(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o755).create(path)
}

fn create_file(path: &Path) -> io::Result<()> {
    create_folders(path.parent().unwrap_or(Path::new(ROOM)))?;
    File::create(path).map(drop)
}

fn host(path: &Path) -> PathBuf {
    below(HOST, path)
}

fn room(path: &Path) -> PathBuf {
    below(ROOM, path)
}

fn below(root: &str, path: &Path) -> PathBuf {
    Path::new(root).join(path.strip_prefix("/").unwrap_or(path))
}
