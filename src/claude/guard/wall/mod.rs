//! The wall around an agent: it sees its room and nothing else.
//!
//! `view` says what a room is meant to see, `look` what of it is there, `plan` decides which mounts
//! make it so and in which order, `build` performs them, `mounts` makes sure that none of them lets
//! more through than it should. `network` says how far connections reach. `rights` gives up what an agent must not have, `landlock` is the
//! wall where the kernel gives no namespaces, and the part of it that holds inside one.

mod build;
mod landlock;
mod look;
mod mounts;
mod network;
mod plan;
mod rights;
mod sockets;
mod view;

use std::path::Path;

pub(super) use landlock::confine_files;
pub use landlock::holds_ports;
pub use network::{Network, Remote};
pub use rights::may_choose_users;
pub(super) use rights::{Counted, give_up_rights, hold_rights, limit_resources};
pub(super) use view::Flags;
pub use view::{Level, View};

/// Puts this process, the first of its namespace, into a tree of its own that has what the view
/// says. `folder` is where the agent works.
pub(super) fn enter(view: &View, folder: &Path) -> Result<(), String> {
    let found = look::look(view, folder)?;
    build::build(&plan::plan(&found))
}

/// Closes what no mount closes: sockets without a path, signals to whoever is outside, and ports.
pub(super) fn confine_scopes(view: &View) -> Result<(), String> {
    landlock::confine_scopes(view)
}
