//! What a process may do: rights that are held over an `exec`, given up for good, and limits.

use std::io;

use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{Gid, Uid, geteuid, setgroups, setresgid, setresuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set,
    configure_capability_in_ambient_set, remove_capability_from_bounding_set, set_capabilities,
};

/// What a walled agent may use: nobody needs a core of it, and 400 processes are many. Memory is
/// not limited in this way: the CLI reserves 73 GB of addresses.
const LIMITS: &[(Resource, u64)] = &[
    (Resource::RLIMIT_CORE, 0),
    (Resource::RLIMIT_FSIZE, 8 << 30),
    (Resource::RLIMIT_NOFILE, 65_536),
];

/// How many processes a room may have, where they are counted for the room alone.
const MAX_PROCESSES: u64 = 400;

/// The highest number that a capability may have.
const MAX_CAPABILITY: u32 = 63;

/// Keeps the rights that this process has in its user namespace over the next `exec`.
pub(in crate::claude::guard) fn hold_rights() -> Result<(), String> {
    let steps = || -> io::Result<()> {
        let mut sets = capabilities(None)?;
        sets.inheritable = sets.permitted;
        set_capabilities(None, sets)?;
        for capability in each().filter(|capability| sets.permitted.contains(*capability)) {
            configure_capability_in_ambient_set(capability, true)?;
        }
        Ok(())
    };
    steps().map_err(|error| format!("cannot keep rights in its own namespace: {error}"))
}

/// Gives up every right, for good, and becomes `uid` if one is given.
///
/// A change of user takes away the parent-death signal.
pub(in crate::claude::guard) fn give_up_rights(uid: Option<u32>) -> Result<(), String> {
    let steps = || -> io::Result<()> {
        prctl::set_no_new_privs()?;
        for capability in each() {
            // The kernel knows fewer, and none may be dropped by whoever has none.
            remove_capability_from_bounding_set(capability).ok();
        }
        clear_ambient_capability_set()?;
        if let Some(uid) = uid {
            let (user, group) = (Uid::from_raw(uid), Gid::from_raw(uid));
            setgroups(&[])?;
            setresgid(group, group, group)?;
            setresuid(user, user, user)?;
        }
        let none = CapabilitySet::empty();
        set_capabilities(
            None,
            CapabilitySets {
                effective: none,
                permitted: none,
                inheritable: none,
            },
        )?;
        Ok(())
    };
    steps().map_err(|error| format!("cannot give up rights: {error}"))
}

/// Says whether this process may become any user and give files away: not every root may.
pub fn may_choose_users() -> bool {
    let needed = CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::CHOWN;
    let has = capabilities(None).is_ok_and(|sets| sets.effective.contains(needed));
    has && geteuid().is_root()
}

/// Whose processes count together with those of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::claude::guard) enum Counted {
    /// All of the user who runs the bridge.
    WithOthers,
    /// Nobody's.
    Alone,
}

/// Limits what all processes of the room may use; `uid` is whom they will be, if not this user.
pub(in crate::claude::guard) fn limit_resources(
    counted: Counted,
    uid: Option<u32>,
) -> Result<(), String> {
    // Root is not held by a number of processes.
    let is_held = uid.is_some() || !geteuid().is_root();
    let processes =
        (counted == Counted::Alone && is_held).then_some((Resource::RLIMIT_NPROC, MAX_PROCESSES));
    for (resource, wanted) in LIMITS.iter().copied().chain(processes) {
        let limited = getrlimit(resource).and_then(|(_, most)| {
            let limit = wanted.min(most);
            setrlimit(resource, limit, limit)
        });
        limited.map_err(|errno| format!("cannot limit {resource:?}: {}", errno.desc()))?;
    }
    Ok(())
}

fn each() -> impl Iterator<Item = CapabilitySet> {
    (0..=MAX_CAPABILITY).map(|number| CapabilitySet::from_bits_retain(1 << number))
}
