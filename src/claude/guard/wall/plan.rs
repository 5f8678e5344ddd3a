//! Pure: which mounts make a room, and in which order.
//!
//! A path has the same name inside and outside. Parents come before what lies in them, and a cover
//! before the few things of the room that lie below it; so the last one that holds a path decides.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// What was found of a view.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Paths and what may be done there; of two of the same path, the later holds.
    pub(super) places: Vec<Place>,
    /// Links, and where they lead.
    pub(super) links: Vec<(PathBuf, PathBuf)>,
    /// Devices that are the same for everybody.
    pub(super) devices: Vec<&'static str>,
    /// The agent's user, where it is one that the system does not know.
    pub(super) uid: Option<u32>,
    /// The agent's home, for the system's list of users.
    pub(super) home: Option<PathBuf>,
    /// Where the agent works.
    pub(super) folder: PathBuf,
    /// The list of hosts, where the room has one of its own.
    pub(super) hosts: Option<String>,
    /// Where the host has its list, which may be known by a link.
    pub(super) hosts_at: PathBuf,
}

/// A path by its real name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    path: PathBuf,
    kind: Kind,
    access: Access,
}

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Anything but a folder.
    File,
    /// A folder.
    Folder,
}

/// What may be done with a path and what lies below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// It may be read.
    Read,
    /// It may be changed.
    Write,
    /// It may be changed, and is there even where all around it is covered.
    Own,
    /// Nothing.
    Cover,
}

/// What a mount below a path may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// Nothing can be changed.
    Sealed,
    /// Files can be changed; there are no devices, and no program runs as another user.
    Open,
    /// It is as it was mounted.
    Free,
}

/// One step on the way to a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Makes a folder and all above it.
    Folder(PathBuf),
    /// Makes an empty file, and the folders above it.
    File(PathBuf),
    /// Makes a link.
    Link(PathBuf, PathBuf),
    /// Shows a path of the host.
    Bind(PathBuf),
    /// Makes a folder that is in memory.
    Memory(PathBuf, &'static str),
    /// Shows a device.
    Device(&'static str),
    /// Makes terminals of the room's own.
    Terminals,
    /// Shows the processes of the room.
    Processes(Shown),
    /// Puts an empty folder that nobody can open over a path.
    CoverFolder(PathBuf),
    /// Puts an empty file that nobody can open over a path.
    CoverFile(PathBuf),
    /// Puts a file with this text over one of the host's.
    Text(PathBuf, String),
    /// Lets nobody list a cover; where something below it is the room's, it can be passed.
    Seal(PathBuf, Passage),
}

/// Which processes of a room are shown in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All.
    All,
    /// Those of the agent: not its guard, nor a relay.
    Own,
}

/// Whether a cover can be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// Something below it is the room's.
    Open,
    /// Nothing is.
    Closed,
}

/// How a room is made.
#[derive(Debug)]
pub(super) struct Plan {
    /// What is to be done, in this order.
    pub(super) steps: Vec<Step>,
    /// Which mounts may be what: the longest path that holds one decides.
    pub(super) locks: BTreeMap<PathBuf, Lock>,
    /// Where the agent works.
    pub(super) folder: PathBuf,
}

impl Place {
    pub(super) fn new(path: PathBuf, kind: Kind, access: Access) -> Self {
        Self { path, kind, access }
    }
}

/// What is at a path of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Memory(&'static str),
    Devices,
    Processes,
    Host(Kind, Access),
}

/// What every room has of its own.
const OWN: &[(&str, At)] = &[
    ("/dev", At::Devices),
    ("/dev/shm", At::Memory("mode=1777,size=256m")),
    ("/proc", At::Processes),
    ("/run", At::Memory("mode=0755,size=16m")),
    ("/tmp", At::Memory("mode=1777,size=2g")),
    ("/var/tmp", At::Memory("mode=1777,size=512m")),
];

impl Found {
    /// Says whether the agent can make something in a folder, by its real path.
    pub(super) fn lets_write(&self, folder: &Path) -> bool {
        let access = self.access(folder);
        matches!(access, Some(Access::Write | Access::Own))
    }

    /// Says whether the agent sees a folder, by its real path.
    pub(super) fn shows(&self, folder: &Path) -> bool {
        let access = self.access(folder);
        matches!(access, Some(Access::Read | Access::Write | Access::Own))
    }

    fn access(&self, folder: &Path) -> Option<Access> {
        let around = self.places.iter().filter(|it| folder.starts_with(&it.path));
        let nearest = around.max_by_key(|it| it.path.iter().count());
        nearest.map(|it| it.access)
    }
}

/// Decides how a room is made.
pub(super) fn plan(found: &Found) -> Plan {
    let map = arranged(&found.places);
    let mut steps = Vec::new();
    for (path, at) in &map {
        if !is_shown_by_parent(&map, path) {
            steps.push(mount_point(path, *at));
        }
        steps.extend(mounted(path, *at, found));
    }
    steps.extend(users(found, &map));
    steps.extend(hosts(found, &map));
    steps.extend(links(found, &map));
    for (path, _) in map.iter().filter(|(_, at)| is_covered(**at, Kind::Folder)) {
        let is_passed = map
            .keys()
            .any(|other| other != path && other.starts_with(path));
        let passage = match is_passed {
            true => Passage::Open,
            false => Passage::Closed,
        };
        steps.push(Step::Seal(path.clone(), passage));
    }
    let locks = map.iter().map(|(path, at)| (path.clone(), lock(*at)));
    Plan {
        steps,
        locks: locks.collect(),
        folder: found.folder.clone(),
    }
}

/// Puts the places in order, without those that a cover hides or a parent shows already.
fn arranged(places: &[Place]) -> BTreeMap<PathBuf, At> {
    let own = OWN.iter().map(|(path, at)| (PathBuf::from(path), *at));
    let mut map: BTreeMap<PathBuf, At> = own.collect();
    for place in places {
        // A cover is lifted by no list of paths, only by what is the room's own.
        let is_kept = map.get(&place.path).is_some_and(|at| {
            matches!(at, At::Host(_, Access::Cover)) && place.access != Access::Own
        });
        if !is_kept {
            map.insert(place.path.clone(), At::Host(place.kind, place.access));
        }
    }
    for (path, at) in map.clone() {
        let At::Host(_, access) = at else { continue };
        let is_free = |it| matches!(it, Access::Write | Access::Own);
        let is_needless = match nearest(&map, &path).map(|(_, at)| *at) {
            Some(At::Host(_, Access::Cover)) => access != Access::Own,
            Some(At::Host(_, around)) => around == access || is_free(around) && is_free(access),
            Some(At::Memory(_) | At::Devices | At::Processes) | None => false,
        };
        if is_needless {
            map.remove(&path);
        }
    }
    // Where nothing of the host is shown, a cover has done what it is for: to hide the places above.
    for (path, at) in map.clone() {
        if matches!(at, At::Host(_, Access::Cover)) && !is_shown_by_parent(&map, &path) {
            map.remove(&path);
        }
    }
    map
}

/// Returns the place that holds a path, the nearest of several.
fn nearest<'a, T>(map: &'a BTreeMap<PathBuf, T>, path: &Path) -> Option<(&'a PathBuf, &'a T)> {
    let mut above = path.ancestors().skip(1);
    above.find_map(|path| map.get_key_value(path))
}

/// A path of the host has its mount point already where the host's own folder is around it.
fn is_shown_by_parent(map: &BTreeMap<PathBuf, At>, path: &Path) -> bool {
    let around = nearest(map, path).map(|(_, at)| *at);
    around.is_some_and(|at| matches!(at, At::Host(_, access) if access != Access::Cover))
}

fn is_covered(at: At, wanted: Kind) -> bool {
    matches!(at, At::Host(kind, Access::Cover) if kind == wanted)
}

fn mount_point(path: &Path, at: At) -> Step {
    match at {
        At::Host(Kind::File, _) => Step::File(path.to_owned()),
        At::Host(Kind::Folder, _) | At::Memory(_) | At::Devices | At::Processes => {
            Step::Folder(path.to_owned())
        }
    }
}

fn mounted(path: &Path, at: At, found: &Found) -> Vec<Step> {
    let path = path.to_owned();
    match at {
        At::Host(Kind::Folder, Access::Cover) => vec![Step::CoverFolder(path)],
        At::Host(Kind::File, Access::Cover) => vec![Step::CoverFile(path)],
        At::Host(_, Access::Read | Access::Write | Access::Own) => vec![Step::Bind(path)],
        At::Memory(options) => vec![Step::Memory(path, options)],
        // The relay is in the room and in the host's network, whose tables its entry would show.
        At::Processes => vec![Step::Processes(match found.hosts {
            Some(_) => Shown::Own,
            None => Shown::All,
        })],
        At::Devices => devices(path, found),
    }
}

fn devices(path: PathBuf, found: &Found) -> Vec<Step> {
    let links = [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"),
    ];
    let links = links.map(|(name, target)| Step::Link(path.join(name), target.into()));
    let devices = found.devices.iter().map(|name| Step::Device(name));
    std::iter::once(Step::Memory(path.clone(), "mode=0755,size=64k"))
        .chain(devices)
        .chain([Step::Folder(path.join("pts")), Step::Terminals])
        .chain(links)
        .collect()
}

/// A user that the system does not know is told to it: programs ask for a name and a home.
fn users(found: &Found, map: &BTreeMap<PathBuf, At>) -> Option<Step> {
    let uid = found.uid?;
    let home = found.home.as_deref().unwrap_or(Path::new("/tmp"));
    let sees_settings = map.contains_key(Path::new("/etc"));
    let list = format!(
        "root:x:0:0::/root:/bin/sh\nagent:x:{uid}:{uid}::{}:/bin/sh\n\
         nobody:x:65534:65534::/nonexistent:/bin/false\n",
        home.display()
    );
    sees_settings.then_some(Step::Text("/etc/passwd".into(), list))
}

/// What a room can reach has a name there.
fn hosts(found: &Found, map: &BTreeMap<PathBuf, At>) -> Vec<Step> {
    let sees_settings = map.contains_key(Path::new("/etc"));
    let Some(list) = found.hosts.clone().filter(|_| sees_settings) else {
        return Vec::new();
    };
    let path = found.hosts_at.clone();
    let mount_point = Step::File(path.clone());
    let is_there = is_shown_by_parent(map, &path);
    let steps = (!is_there).then_some(mount_point).into_iter();
    steps.chain([Step::Text(path, list)]).collect()
}

/// A link is made where it is not shown by what lies around it, and never through another link: it
/// would be made in the host's own folder.
fn links(found: &Found, map: &BTreeMap<PathBuf, At>) -> Vec<Step> {
    let is_missing = |path: &Path| !map.contains_key(path) && !is_shown_by_parent(map, path);
    let is_link = |path: &Path| found.links.iter().any(|(link, _)| link == path);
    let is_behind_link = |path: &Path| path.ancestors().skip(1).any(is_link);
    let links = found.links.iter();
    links
        .filter(|(path, _)| is_missing(path) && !is_behind_link(path))
        .map(|(path, target)| Step::Link(path.clone(), target.clone()))
        .collect()
}

fn lock(at: At) -> Lock {
    match at {
        At::Host(_, Access::Read) => Lock::Sealed,
        At::Host(_, Access::Write | Access::Own) => Lock::Open,
        At::Host(_, Access::Cover) | At::Memory(_) | At::Devices | At::Processes => Lock::Free,
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "folder {}", path.display()),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Link(path, to) => write!(f, "link {} -> {}", path.display(), to.display()),
            Self::Bind(path) => write!(f, "bind {}", path.display()),
            Self::Memory(path, options) => write!(f, "memory {} {options}", path.display()),
            Self::Device(name) => write!(f, "device {name}"),
            Self::Terminals => f.write_str("terminals"),
            Self::Processes(Shown::All) => f.write_str("processes"),
            Self::Processes(Shown::Own) => f.write_str("processes of its own"),
            Self::CoverFolder(path) => write!(f, "cover folder {}", path.display()),
            Self::CoverFile(path) => write!(f, "cover file {}", path.display()),
            Self::Text(path, _) => write!(f, "text {}", path.display()),
            Self::Seal(path, Passage::Open) => write!(f, "seal {}, passable", path.display()),
            Self::Seal(path, Passage::Closed) => write!(f, "seal {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests;
