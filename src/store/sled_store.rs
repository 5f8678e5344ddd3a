//! Users and sessions on sled.

use std::fmt::Display;
use std::path::Path;

use bridge_actors::ids::SessionKey;
use bridge_actors::ports::{SessionRecord, SessionStore, StoreError, UserRecord, UserStore};
use sled::Tree;

use super::committer::Committer;
use super::lock::FolderLock;
use super::opening::{self, OpenError};
use super::record;

/// The open store of one data folder.
#[derive(Debug)]
pub struct Store {
    users: Tree,
    sessions: Tree,
    // Dropped in this order: the last commit, then the lock.
    committer: Committer,
    _lock: FolderLock,
}

impl Store {
    /// Opens the store of a data folder and makes both when they are missing.
    ///
    /// `on_fatal` is told once, from another thread, when records cannot be made durable any more:
    /// the bridge has to end then.
    pub fn open(
        data: &Path,
        on_fatal: impl FnOnce(String) + Send + 'static,
    ) -> Result<Self, OpenError> {
        let opened = opening::open(data)?;
        let tree = |name: &str| {
            opened
                .db
                .open_tree(name)
                .map_err(|error| OpenError::Damaged {
                    folder: data.join("store"),
                    reason: error.to_string(),
                })
        };
        let (users, sessions) = (tree("users")?, tree("sessions")?);
        let committer = Committer::start(opened.db, opened.file, on_fatal).map_err(|source| {
            OpenError::Folder {
                folder: data.to_owned(),
                source,
            }
        })?;
        Ok(Self {
            users,
            sessions,
            committer,
            _lock: opened.lock,
        })
    }

    /// Makes everything written so far durable; for an orderly end.
    pub fn close(&self) -> Result<(), StoreError> {
        self.committer.commit().map_err(StoreError)
    }
}

impl SessionStore for Store {
    fn load(&self, key: SessionKey) -> Result<Option<SessionRecord>, StoreError> {
        let bytes = self
            .sessions
            .get(record::session_key(key))
            .map_err(store_error)?;
        let decoded = bytes
            .map(|bytes| record::decode_session(&bytes))
            .transpose();
        decoded.map_err(|error| StoreError(format!("session {key}: {error}")))
    }

    fn save(&self, key: SessionKey, session: &SessionRecord) -> Result<(), StoreError> {
        let bytes = record::encode_session(session).map_err(store_error)?;
        self.sessions
            .insert(record::session_key(key), bytes)
            .map_err(store_error)?;
        self.committer.commit_soon().map_err(StoreError)
    }
}

impl UserStore for Store {
    fn users(&self) -> Result<Vec<UserRecord>, StoreError> {
        let users = self.users.iter().map(|entry| {
            let (key, bytes) = entry.map_err(store_error)?;
            record::decode_user(&bytes)
                .map_err(|error| StoreError(format!("user with the key {key:?}: {error}")))
        });
        users.collect()
    }

    fn save(&self, user: &UserRecord) -> Result<(), StoreError> {
        let bytes = record::encode_user(user).map_err(store_error)?;
        self.users
            .insert(record::user_key(user.user), bytes)
            .map_err(store_error)?;
        self.committer.commit().map_err(StoreError)
    }
}

fn store_error(error: impl Display) -> StoreError {
    StoreError(error.to_string())
}

#[cfg(test)]
mod tests;
