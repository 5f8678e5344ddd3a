//! Control groups: they bound the memory of a room, where the kernel lets the bridge make some.
//!
//! It takes the unified hierarchy (version 2) and a group that is the bridge's alone, as systemd
//! gives it with `Delegate=yes`. A group in which groups are counted may hold no process, so the
//! bridge goes into one below its own. A room has two, `room-NAME/agent`: the agent's namespace
//! shows it the inner one at most, and the bound is on the outer one.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, eaccess};

/// Where the bridge itself goes.
const OWN: &str = "bridge";
/// What the groups of rooms are called, with a name behind it.
const ROOM: &str = "room-";
/// Where the processes of a room are.
const AGENT: &str = "agent";
/// As many as a room may have elsewhere.
const MAX_PROCESSES: &str = "400";

/// What of the host decides whether the bridge may bound the memory of rooms.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// The group of the bridge, if there is one of version 2.
    pub folder: Option<PathBuf>,
    /// What it can count.
    pub controllers: String,
    /// Whose it is: the numbers of its processes.
    pub processes: String,
    /// The bridge's own.
    pub own: u32,
    /// Whether the bridge may make groups in it.
    pub may_write: bool,
}

/// Where the groups of rooms are made, and what each bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    folder: PathBuf,
    memory: u64,
}

impl Host {
    /// Looks at the group in which this process is, and changes nothing.
    pub fn look() -> Self {
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let own = read(Path::new("/proc/self/cgroup"));
        let folder = group_of(&own, &read(Path::new("/proc/self/mountinfo")));
        let at = |name: &str| folder.as_deref().map(|folder| read(&folder.join(name)));
        let writes = |folder: &PathBuf| eaccess(folder, AccessFlags::W_OK).is_ok();
        Self {
            controllers: at("cgroup.controllers").unwrap_or_default(),
            processes: at("cgroup.procs").unwrap_or_default(),
            own: std::process::id(),
            may_write: folder.as_ref().is_some_and(writes),
            folder,
        }
    }
}

/// Decides whether rooms can be bounded here, and where.
///
/// # Errors
///
/// When they cannot: says why.
pub fn decide(host: &Host, memory: u64) -> Result<Groups, String> {
    let Some(folder) = &host.folder else {
        return Err("this system has no control groups of version 2".to_owned());
    };
    let shown = folder.display();
    let delegate = "a systemd unit asks for that with Delegate=yes";
    if !host.may_write {
        return Err(format!(
            "the bridge may not change its control group {shown}: {delegate}"
        ));
    }
    let mut controllers = host.controllers.split_whitespace();
    if !controllers.any(|name| name == "memory") {
        return Err(format!(
            "the control group {shown} does not count memory: {delegate}"
        ));
    }
    let mut processes = host.processes.split_whitespace();
    let is_other = |pid: &str| pid.parse() != Ok(host.own);
    if processes.any(is_other) {
        return Err(format!(
            "the control group {shown} has other processes than the bridge: {delegate}"
        ));
    }
    Ok(Groups {
        folder: folder.clone(),
        memory,
    })
}

/// Returns the folder of the group of version 2 in which a process is; pure. `own` is the content of
/// its `/proc/PID/cgroup`, `mounts` of `mountinfo`.
fn group_of(own: &str, mounts: &str) -> Option<PathBuf> {
    let group = own.lines().find_map(|line| line.strip_prefix("0::"))?;
    let (root, at) = mounts.lines().find_map(|line| {
        let (mount, kind) = line.split_once(" - ")?;
        let mut fields = mount.split(' ').skip(3);
        let is_unified = kind.split(' ').next() == Some("cgroup2");
        is_unified.then_some((fields.next()?, fields.next()?))
    })?;
    // A container without a namespace of its own sees a part of the tree, named by the whole.
    let below = Path::new(group).strip_prefix(root).ok()?;
    // Joined with nothing, a path ends in a slash.
    Some(Path::new(at).join(below).components().collect())
}

impl Groups {
    /// Goes into a group of the bridge's own and lets those of rooms count. Removes what an earlier
    /// run has left.
    ///
    /// # Errors
    ///
    /// When the kernel refuses it; all is as before then.
    pub fn settle(&self) -> io::Result<()> {
        let own = self.folder.join(OWN);
        make_folder(&own)?;
        let pid = std::process::id().to_string();
        fs::write(own.join("cgroup.procs"), &pid)?;
        let counting = self.folder.join("cgroup.subtree_control");
        let settled = fs::write(&counting, "+memory").and_then(|()| {
            // Not every system counts processes.
            fs::write(&counting, "+pids").ok();
            self.make("trial")
        });
        self.remove("trial");
        if let Err(error) = settled {
            fs::write(&counting, "-memory").ok();
            fs::write(&counting, "-pids").ok();
            fs::write(self.folder.join("cgroup.procs"), &pid).ok();
            fs::remove_dir(&own).ok();
            return Err(error);
        }
        for entry in self.folder.read_dir()?.flatten() {
            let name = entry.file_name();
            if let Some(name) = name.to_str().and_then(|name| name.strip_prefix(ROOM)) {
                self.remove(name);
            }
        }
        Ok(())
    }

    /// Makes the group of a room and returns where its first process goes.
    ///
    /// # Errors
    ///
    /// When the kernel refuses it: the room has no bound then.
    pub fn make(&self, name: &str) -> io::Result<PathBuf> {
        let room = self.room(name);
        make_folder(&room)?;
        fs::write(room.join("memory.max"), self.memory.to_string())?;
        // Else the room would fill the host's swap instead; a kernel without swap has no such file.
        for (file, most) in [("memory.swap.max", "0"), ("pids.max", MAX_PROCESSES)] {
            if room.join(file).exists() {
                fs::write(room.join(file), most)?;
            }
        }
        let agent = room.join(AGENT);
        make_folder(&agent)?;
        Ok(agent)
    }

    /// Ends what is left of a room's group, and removes it.
    pub fn remove(&self, name: &str) {
        let room = self.room(name);
        // Since Linux 5.14; usually nothing is left. What cannot be removed is when the bridge
        // starts.
        if room.join("cgroup.kill").exists() {
            fs::write(room.join("cgroup.kill"), "1").ok();
        }
        fs::remove_dir(room.join(AGENT)).ok();
        fs::remove_dir(room).ok();
    }

    /// Returns how much memory a room may have, in bytes.
    pub fn memory(&self) -> u64 {
        self.memory
    }

    fn room(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{ROOM}{name}"))
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o755).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Goes into the group of a room, before anything else: what is started from then on counts there.
///
/// # Errors
///
/// When the kernel refuses it.
pub(super) fn join(group: &Path) -> io::Result<()> {
    fs::write(group.join("cgroup.procs"), "0")
}

#[cfg(test)]
mod tests;
