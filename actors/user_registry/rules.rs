//! Pure: who may come in. One decision over the configuration and what is known of a person.

use std::collections::HashSet;

use crate::ids::UserId;
use crate::ports::{Standing, UserRecord};

/// Who may come in, as the configuration says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessRules {
    /// One person owns the bridge, and nobody else comes in.
    SingleUser {
        /// The owner that the configuration names; beats a stored one.
        owner: Option<UserId>,
    },
    /// Many people share the bridge.
    MultiUser(Lists),
}

/// The lists of a bridge that many people share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// Whoever may come in; empty: the list keeps nobody out.
    pub allowed: HashSet<UserId>,
    /// Whoever may never come in; beats everything.
    pub denied: HashSet<UserId>,
    /// Whoever may always come in and manage the bridge.
    pub admins: HashSet<UserId>,
    /// What is done about people who are neither listed nor known.
    pub strangers: Strangers,
}

/// What is done about people who are neither listed nor known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Strangers {
    /// The administrators are asked.
    #[default]
    Ask,
    /// They come in.
    Open,
    /// They are turned away.
    Refuse,
}

/// What the rules say about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Come in.
    In,
    /// Stay out: the configuration denies them.
    Denied,
    /// Stay out: an administrator keeps them out.
    Barred,
    /// Stay out until an administrator has decided about the wish that is known already.
    Waiting,
    /// Stay out, and ask the administrators.
    Ask,
    /// Stay out: strangers are turned away.
    Refused,
}

impl Lists {
    /// Decides about a person of whom `record` is known.
    ///
    /// In this order: denied or kept out → out; administrator → in; let in by an administrator in
    /// person → in; on the list → in; with an empty list, known before → in; else it is a
    /// stranger.
    pub fn decide(&self, user: UserId, record: Option<&UserRecord>) -> Admission {
        if self.denied.contains(&user) {
            return Admission::Denied;
        }
        let is_waiting = match record.map(|record| &record.standing) {
            Some(Standing::Deactivated | Standing::Removed | Standing::Declined) => {
                return Admission::Barred;
            }
            Some(Standing::Waiting(_)) => true,
            Some(Standing::Active) | None => false,
        };
        let is_active = record.is_some_and(UserRecord::is_active);
        let is_admitted = record.is_some_and(|it| it.admitted_by.is_some() || it.is_admin);
        if self.admins.contains(&user) || self.allowed.contains(&user) {
            return Admission::In;
        }
        if is_active && (is_admitted || self.allowed.is_empty()) {
            return Admission::In;
        }
        match self.strangers {
            Strangers::Open => Admission::In,
            Strangers::Refuse => Admission::Refused,
            Strangers::Ask if is_waiting => Admission::Waiting,
            Strangers::Ask => Admission::Ask,
        }
    }
}

impl AccessRules {
    /// Tells whether the configuration makes a person an administrator.
    pub fn names_admin(&self, user: UserId) -> bool {
        match self {
            Self::SingleUser { owner } => *owner == Some(user),
            Self::MultiUser(lists) => lists.admins.contains(&user),
        }
    }

    /// Returns the administrators that the configuration names.
    pub fn named_admins(&self) -> Vec<UserId> {
        match self {
            Self::SingleUser { owner } => owner.iter().copied().collect(),
            Self::MultiUser(lists) => lists.admins.iter().copied().collect(),
        }
    }

    /// Tells whether the configuration keeps a person out.
    pub fn denies(&self, user: UserId) -> bool {
        match self {
            Self::SingleUser { .. } => false,
            Self::MultiUser(lists) => lists.denied.contains(&user),
        }
    }

    /// Tells whether the configuration lists a person as allowed.
    pub fn lists(&self, user: UserId) -> bool {
        match self {
            Self::SingleUser { .. } => false,
            Self::MultiUser(lists) => lists.allowed.contains(&user),
        }
    }
}

#[cfg(test)]
mod tests;
