//! Looks at what of a view is there: real paths, and whether they are files, folders or links.

use std::fs;
use std::path::{Path, PathBuf};

use super::plan::{Access, Found, Kind, Place};
use super::view::View;
use crate::there::if_there;

/// Where programs, their libraries and their settings lie.
const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/opt",
    "/etc",
    "/sys",
    "/nix/store",
];

/// Says where names of hosts are looked up; on many systems it leads below `/run`.
const RESOLVER: &str = "/etc/resolv.conf";

/// Says which hosts have which names; on some systems it is a link.
const HOSTS: &str = "/etc/hosts";

/// Devices that are the same for everybody.
pub(super) const DEVICES: &[&str] = &["full", "null", "random", "tty", "urandom", "zero"];

/// Looks at all that a view names, and at the system.
///
/// What is not there is left out, but for the folder that the agent works in and its home.
pub(super) fn look(view: &View, folder: &Path) -> Result<Found, String> {
    let mut found = Found {
        uid: view.uid,
        hosts: view.network.hosts(),
        hosts_at: real_or(Path::new(HOSTS)),
        devices: present_devices(),
        ..Found::default()
    };
    for path in SYSTEM.iter().map(Path::new) {
        match fs::read_link(path) {
            Ok(target) => found.links.push((path.to_owned(), target)),
            Err(_) => see(&mut found, path, Access::Read),
        }
    }
    if let Ok(real) = Path::new(RESOLVER).canonicalize()
        && real.starts_with("/run")
    {
        found
            .places
            .push(Place::new(real, Kind::File, Access::Read));
    }
    for (paths, access) in [
        (&view.read, Access::Read),
        (&view.write, Access::Write),
        (&view.covers, Access::Cover),
    ] {
        for path in paths {
            see(&mut found, path, access);
        }
    }
    let own = view.home.iter().chain(&view.inbox).map(PathBuf::as_path);
    for path in own.chain([folder]) {
        let real = path
            .canonicalize()
            .map_err(|error| format!("cannot find {}: {error}", path.display()))?;
        if real.parent().is_none() {
            return Err("the whole file system cannot be walled: choose another folder".to_owned());
        }
        see(&mut found, path, Access::Own);
    }
    for path in &view.covers {
        can_be_covered(path, &found)?;
    }
    found.home.clone_from(&view.home);
    found.folder = real_or(folder);
    Ok(found)
}

/// Says why no cover can lie over what the agent could come to see: it is not there and lies where
/// the agent writes, so that it would be the agent's, or nobody can tell where it is.
fn can_be_covered(path: &Path, found: &Found) -> Result<(), String> {
    let real = if_there(path.canonicalize());
    if matches!(real, Ok(Some(_))) {
        return Ok(());
    }
    let above = path.ancestors().find_map(|above| above.canonicalize().ok());
    let above = above.unwrap_or_else(|| PathBuf::from("/"));
    match real {
        Err(error) if found.shows(&above) => Err(format!(
            "{} cannot be hidden: nobody can tell what is there: {error}",
            path.display()
        )),
        Ok(None) if found.lets_write(&above) => Err(format!(
            "{} is not there, and could be made",
            path.display()
        )),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Adds a path under its real name, and a link where it is known by another.
fn see(found: &mut Found, path: &Path, access: Access) {
    let Ok(real) = path.canonicalize() else {
        return;
    };
    let kind = match real.is_dir() {
        true => Kind::Folder,
        false => Kind::File,
    };
    if real != path && access != Access::Cover {
        found.links.push((path.to_owned(), real.clone()));
    }
    found.places.push(Place::new(real, kind, access));
}

fn real_or(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn present_devices() -> Vec<&'static str> {
    let is_there = |name: &&&str| Path::new("/dev").join(name).exists();
    DEVICES.iter().filter(is_there).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::view::Level;
    use super::*;

    /// Links that lead in a circle stand for a disk that fails.
    #[test]
    fn where_nobody_can_tell_what_is_there_no_room_is_made_around_it() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::create_dir_all(at("w/src")).unwrap();
        fs::create_dir(at("r")).unwrap();
        for circle in ["w/data", "r/data", "data"] {
            std::os::unix::fs::symlink(at(circle), at(circle)).unwrap();
        }
        let looked = |cover: &str| {
            let mut view = View::new(Level::Strict);
            view.read = vec![at("r")];
            view.covers = vec![at(cover)];
            look(&view, &at("w")).map(drop)
        };
        for seen in ["w/data", "w/data/below", "r/data"] {
            let why = looked(seen).unwrap_err();
            assert!(why.contains(seen), "{why}");
        }
        assert_eq!(looked("data"), Ok(()), "nobody sees that");
    }

    #[test]
    fn what_no_cover_can_lie_over_is_not_left_to_the_agent() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::create_dir_all(at("w/src")).unwrap();
        fs::create_dir(at("data")).unwrap();
        let looked = |missing: &str| {
            let mut view = View::new(Level::Strict);
            view.covers = vec![at("data"), at(missing)];
            look(&view, &at("w")).map(drop)
        };
        assert_eq!(looked("bridge.toml"), Ok(()), "nobody writes there");
        for missing in ["w/bridge.toml", "w/src/a/bridge.toml"] {
            let why = looked(missing).unwrap_err();
            assert!(why.contains(missing), "{why}");
        }
    }
}
