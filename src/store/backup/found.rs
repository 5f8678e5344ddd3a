//! What a start would find in a store.

use std::path::Path;

use bridge_actors::ports::{Lockdown, UserRecord, UserStore as _};

use super::{BackupError, in_copy};
use crate::store::Store;

/// What a start would find in a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Everybody who is known.
    pub users: Vec<UserRecord>,
    /// Whether the bridge is locked down.
    pub lockdown: Option<Lockdown>,
}

/// Returns what a start would find in a store, which is left as it is; fails as [`check_store`](super::check_store).
pub fn look_into(dir: &Path) -> Result<Found, BackupError> {
    in_copy(dir, |copy| {
        let store = Store::open(copy, Box::new(drop))?;
        let mut users = Vec::new();
        store.scan(&mut |user| users.push(user))?;
        let lockdown = store.lockdown()?;
        Ok(Found { users, lockdown })
    })
}
