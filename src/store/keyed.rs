//! What is read by its key: users, groups, the records of sessions, what was spent, and what holds
//! for the whole bridge.
//!
//! A change is on disk with the log. sled gets it with the next checkpoint, from the store's own
//! thread; until then it is found in memory.

use std::collections::BTreeMap;
use std::ops::Bound;

use bridge_actors::ports::StoreError;
use serde::{Deserialize, Serialize};

use super::record;

#[cfg(test)]
mod tests;

/// Which kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tree {
    Sessions,
    Users,
    Groups,
    Bridge,
    Spending,
}

/// A record that is put in the place of what lies under its key, or taken away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct KeyedChange {
    tree: Tree,
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// A key and what lies under it.
pub(super) type KeyValue = (Vec<u8>, Vec<u8>);

/// What sled does not have yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Overlay {
    changes: BTreeMap<(Tree, Vec<u8>), Pending>,
}

#[derive(Debug, Clone)]
struct Pending {
    seq: u64,
    /// `None` when the record is taken away.
    value: Option<Vec<u8>>,
}

/// The trees of sled.
#[derive(Debug, Clone)]
pub(super) struct Trees {
    pub(super) sessions: sled::Tree,
    pub(super) users: sled::Tree,
    pub(super) groups: sled::Tree,
    pub(super) bridge: sled::Tree,
    pub(super) spending: sled::Tree,
}

impl Tree {
    pub(super) const ALL: [Self; 5] = [
        Self::Sessions,
        Self::Users,
        Self::Groups,
        Self::Bridge,
        Self::Spending,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sessions => record::SESSIONS,
            Self::Users => record::USERS,
            Self::Groups => record::GROUPS,
            Self::Bridge => record::BRIDGE,
            Self::Spending => record::SPENDING,
        }
    }
}

impl KeyedChange {
    /// Returns the change that puts a record, which is text, under a key.
    pub(super) fn put(tree: Tree, key: &[u8], value: Vec<u8>) -> Result<Self, StoreError> {
        let value = String::from_utf8(value).map_err(|error| StoreError(error.to_string()))?;
        Ok(Self {
            tree,
            key: to_hex(key),
            value: Some(value),
        })
    }

    pub(super) fn remove(tree: Tree, key: &[u8]) -> Self {
        Self {
            tree,
            key: to_hex(key),
            value: None,
        }
    }
}

impl Overlay {
    /// Takes a change of a record of the log in.
    pub(super) fn apply(&mut self, seq: u64, change: KeyedChange) -> Result<(), StoreError> {
        let no_key = || StoreError(format!("{:?} is no key", change.key));
        let key = from_hex(&change.key).ok_or_else(no_key)?;
        let value = change.value.map(String::into_bytes);
        self.changes
            .insert((change.tree, key), Pending { seq, value });
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    /// Returns what was changed under a key, if anything was.
    pub(super) fn get(&self, tree: Tree, key: &[u8]) -> Option<Option<Vec<u8>>> {
        let pending = self.changes.get(&(tree, key.to_vec()))?;
        Some(pending.value.clone())
    }

    /// Returns what was changed in a range of keys, in their order.
    pub(super) fn range(&self, tree: Tree, range: &Range) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        let of_tree = self.changes.range((tree, Vec::new())..);
        let of_tree = of_tree.take_while(|((of, _), _)| *of == tree);
        of_tree
            .filter(|((_, key), _)| std::ops::RangeBounds::contains(range, key))
            .map(|((_, key), pending)| (key.clone(), pending.value.clone()))
            .collect()
    }

    /// Returns every change, to be put into sled.
    pub(super) fn all(&self) -> Vec<(Tree, Vec<u8>, Option<Vec<u8>>)> {
        let all = self.changes.iter();
        all.map(|((tree, key), it)| (*tree, key.clone(), it.value.clone()))
            .collect()
    }

    /// Forgets the changes up to a record of the log: sled has them.
    pub(super) fn forget_up_to(&mut self, seq: u64) {
        self.changes.retain(|_, pending| pending.seq > seq);
    }
}

/// A range of keys.
pub(super) type Range = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// The range of all keys.
pub(super) const EVERYTHING: Range = (Bound::Unbounded, Bound::Unbounded);

impl Trees {
    pub(super) fn of(&self, tree: Tree) -> &sled::Tree {
        match tree {
            Tree::Sessions => &self.sessions,
            Tree::Users => &self.users,
            Tree::Groups => &self.groups,
            Tree::Bridge => &self.bridge,
            Tree::Spending => &self.spending,
        }
    }

    /// Puts changes into sled.
    pub(super) fn apply(&self, changes: Vec<(Tree, Vec<u8>, Option<Vec<u8>>)>) -> sled::Result<()> {
        for (tree, key, value) in changes {
            match value {
                Some(value) => self.of(tree).insert(key, value)?,
                None => self.of(tree).remove(key)?,
            };
        }
        Ok(())
    }
}

/// Merges what sled has with what was changed since, in the order of the keys.
pub(super) fn merged(
    stored: impl Iterator<Item = sled::Result<(sled::IVec, sled::IVec)>>,
    changed: Vec<(Vec<u8>, Option<Vec<u8>>)>,
) -> impl Iterator<Item = sled::Result<KeyValue>> {
    let mut stored = stored
        .map(|entry| entry.map(|(key, value)| (key.to_vec(), Some(value.to_vec()))))
        .peekable();
    let mut changed = changed.into_iter().peekable();
    let next = move || {
        let Some((changed_key, _)) = changed.peek() else {
            return stored.next();
        };
        match stored.peek() {
            Some(Ok((key, _))) if key < changed_key => return stored.next(),
            Some(Ok((key, _))) if key == changed_key => drop(stored.next()),
            Some(Err(_)) => return stored.next(),
            Some(Ok(_)) | None => {}
        }
        changed.next().map(Ok)
    };
    std::iter::from_fn(next).filter_map(|entry| match entry {
        Ok((key, value)) => value.map(|value| Ok((key, value))),
        Err(error) => Some(Err(error)),
    })
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
