//! Promise: what takes more than its room may have is stopped in it.
//!
//! What the bridge does not bound (the disk, the processor's time, memory without a control group)
//! is in SECURITY.md. `cargo bench --bench walls` shows what a hog costs another chat.

use std::fs;
use std::path::{Path, PathBuf};

use bridge::claude::groups::Host;
use bridge::claude::guard::Level;

use super::place::{Layout, Place, Who, skipped};

#[test]
fn memory_that_is_used_as_a_disk_is_bounded() {
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside);
        let Some(containment) = place.namespace() else {
            continue;
        };
        let script = "head -c 400M /dev/zero > /dev/shm/hog; stat -c %s /dev/shm/hog; \
                      df -B1 --output=size /tmp /var/tmp /dev/shm /run | tail -n +2";
        let said = place.run(Level::Strict, containment, script);
        let sizes: Vec<u64> = said
            .lines()
            .filter_map(|line| line.trim().parse().ok())
            .collect();
        const MB: u64 = 1 << 20;
        let expected = [256 * MB, 2048 * MB, 512 * MB, 256 * MB, 16 * MB];
        assert_eq!(sizes, expected, "{who:?}: {said}");
    }
}

#[test]
fn no_file_of_a_room_gets_larger_than_8_gib() {
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside);
        let Some(containment) = place.namespace() else {
            continue;
        };
        // It has no content, so it takes no disk.
        let script = "cd \"$HOME\"; truncate -s 8G hog && echo fits; \
                      (trap '' XFSZ; truncate -s 9G hog) 2>/dev/null || echo refused; rm hog";
        let said = place.run(Level::Strict, containment, script);
        assert_eq!(said, "fits\nrefused\n", "{who:?}");
    }
}

/// A group of the tests' own, where this machine lets them make one.
pub(super) struct Group(PathBuf);

impl Group {
    pub(super) fn new(name: &str) -> Option<Self> {
        let folder = Host::look().folder?;
        let own = folder.join(format!("bridge-test-{name}-{}", std::process::id()));
        let made = fs::create_dir(&own).and_then(|()| fs::create_dir(own.join("agent")));
        let group = Self(own);
        match made {
            Ok(()) => Some(group),
            Err(error) => {
                skipped("control groups", &error.to_string());
                None
            }
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    pub(super) fn agent(&self) -> PathBuf {
        self.0.join("agent")
    }

    fn processes(&self) -> usize {
        let list = fs::read_to_string(self.agent().join("cgroup.procs"));
        list.unwrap_or_default().lines().count()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        fs::write(self.0.join("cgroup.kill"), "1").ok();
        fs::remove_dir(self.agent()).ok();
        fs::remove_dir(&self.0).ok();
    }
}

/// Only root may make a group here that was not given to it.
pub(super) fn roots_place() -> Option<Place> {
    let who = Who::all().into_iter().find(|who| *who == Who::Root)?;
    Some(Place::new(who, Layout::DataBeside))
}

#[test]
fn all_of_a_room_is_in_the_group_it_is_given_and_sees_no_more_of_it() {
    let Some((place, group)) = roots_place().zip(Group::new("all")) else {
        return;
    };
    let Some(containment) = place.namespace() else {
        return;
    };
    let mut view = place.view(Level::Strict);
    view.group = Some(group.agent());
    let script = "grep ^0:: /proc/self/cgroup; sleep 295";
    let mut guarded = place.start_in(Some(&view), containment, script);
    assert_eq!(guarded.line(), "0::/");
    assert!(group.processes() >= 1);
    guarded.kill();
    crate::support::agent_tree::wait_until_none_lives(place.root());
    assert_eq!(group.processes(), 0);
}

#[test]
fn a_group_that_is_not_there_lets_no_agent_start() {
    let Some(place) = roots_place() else {
        return;
    };
    let Some(containment) = place.namespace() else {
        return;
    };
    let mut view = place.view(Level::Strict);
    view.group = Some(place.path("no-group"));
    let said = place.run_in(Some(&view), containment, "echo started");
    assert!(
        said.contains("cannot enter") && !said.contains("started"),
        "{said}"
    );
}
