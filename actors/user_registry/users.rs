//! Decides who may come in, and what is to be stored about them.
//!
//! One arrival at a time goes through [`Users::decide`]. The person's record is read before and
//! handed in, so that nobody who is silent takes up memory; what stays in memory is who manages
//! the bridge, how many are known, who writes right now and which groups there are.

mod claim;
mod commands;
mod entrance;
mod erasing;
mod groups;
mod haste;
mod locked;
mod moment;
mod owner;
mod requests;
mod rules_change;

pub use self::owner::stored_owner;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use self::claim::Claim;
use self::groups::Groups;
use self::haste::Hurried;
pub(super) use self::haste::{Haste, dropped};
use self::locked::Locked;
pub(super) use self::moment::Moment;
use self::owner::older_owner;
use self::requests::Requests;
use super::buttons::{RegistryButton, parse_button};
use super::manage::Staff;
use super::messages::PageQuery;
use super::pace::Pace;
use super::refusals::Refusals;
use super::rules::{AccessRules, Admission};
use super::{Access, Arrival, Census, Order, Refusal, Request, Role, Ruling, Target};
use crate::audit::{AuditAction, AuditEntry};
use crate::clock::{Time, UnixSeconds};
use crate::ids::{ChatId, NewNames, UserId};
use crate::ports::{GroupRecord, Lockdown, Standing, UserRecord};
use crate::user_registry::{ChatKind, Sender};

/// How exact it is known when a person was last seen.
pub const SEEN_INTERVAL: Duration = Duration::from_secs(300);

/// How many users one page shows.
pub(super) const PAGE_LENGTH: usize = 10;

/// How many reactions of a person are counted in a minute: each costs a write.
const REACTIONS_PER_MINUTE: u32 = 30;

/// Everything about people that is in memory.
///
/// Until the stored users were read, nobody comes in.
#[derive(Debug)]
pub(super) struct Users {
    rules: Arc<AccessRules>,
    is_read: bool,
    /// Whoever owns a bridge of one person, and since when.
    stored_owner: Option<(UnixSeconds, UserId)>,
    staff: Staff,
    census: Census,
    claim: Claim,
    pace: Pace,
    hurried: Hurried,
    /// That of what costs nobody an answer.
    reactions: Pace,
    refusals: Refusals,
    requests: Requests,
    groups: Groups,
    /// Whether the bridge is locked down.
    locked: Option<Locked>,
}

/// What is known of an arrival before it is decided.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Whether there is room for it.
    haste: Haste,
    records: HashMap<UserId, UserRecord>,
    /// The users of the page that was asked for.
    pub(super) page: Vec<UserRecord>,
}

/// What has to be read for an arrival.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) users: Vec<UserId>,
    pub(super) page: Option<PageQuery>,
}

/// What is to be done about an arrival: these writes, then the ruling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) writes: Vec<Write>,
    pub(super) ruling: Ruling,
    /// The ruling when a write fails on which it rests.
    pub(super) if_failed: Ruling,
    pub(super) audit: Vec<AuditEntry>,
    /// Whether that is logged when a write fails too, since something was done even so.
    pub(super) is_done_even_so: bool,
}

/// One change of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Write {
    /// Who somebody is to the bridge: nothing is said of it before it is on disk.
    User(UserRecord),
    /// A name, a last sight or where a card stands: nothing rests on it.
    Note(UserRecord),
    Group(GroupRecord),
    DropGroup(ChatId),
    Lockdown(Option<Lockdown>),
}

impl Users {
    pub(super) fn new(rules: Arc<AccessRules>, claim_code: &str, per_minute: u32) -> Self {
        Self {
            rules,
            is_read: false,
            stored_owner: None,
            staff: Staff::default(),
            census: Census::default(),
            claim: Claim::new(claim_code),
            pace: Pace::new(per_minute),
            hurried: Hurried::new(per_minute),
            reactions: Pace::new(REACTIONS_PER_MINUTE),
            refusals: Refusals::default(),
            requests: Requests::default(),
            groups: Groups::default(),
            locked: None,
        }
    }

    /// Returns whether the stored users are still unknown.
    pub(super) fn are_unread(&self) -> bool {
        !self.is_read
    }

    /// Takes in one stored user; [`Self::on_read`] ends the reading.
    pub(super) fn read(&mut self, record: &UserRecord) {
        self.note(None, record);
    }

    /// Ends the reading of the store.
    pub(super) fn on_read(&mut self, groups: Vec<GroupRecord>, lockdown: Option<Lockdown>) {
        self.groups = Groups::new(groups);
        self.locked = lockdown.map(Locked::new);
        self.is_read = true;
    }

    /// Forgets a reading that broke off.
    pub(super) fn on_unreadable(&mut self) {
        self.staff = Staff::default();
        self.census = Census::default();
        self.stored_owner = None;
    }

    /// Returns everybody who can manage the bridge.
    pub(super) fn admins(&self) -> Vec<UserId> {
        match &*self.rules {
            AccessRules::SingleUser { .. } => self.owner().into_iter().collect(),
            AccessRules::MultiUser(_) => self.staff.admins(&self.rules).into_iter().collect(),
        }
    }

    /// Returns what has to be read before an arrival is decided.
    pub(super) fn needs(&self, arrival: &Arrival) -> Needs {
        let Sender::Person(person) = &arrival.sender else {
            return Needs::default();
        };
        let mut needs = Needs {
            users: vec![person.user],
            page: None,
        };
        let has_page = |start| PageQuery {
            start,
            limit: PAGE_LENGTH + 1,
        };
        match &arrival.request {
            Request::UserInfo(Some(Target::User(user)))
            | Request::Manage {
                target: Target::User(user),
                ..
            } => needs.users.push(*user),
            Request::Users if self.is_admin(person.user) => {
                needs.page = Some(has_page(crate::ports::PageStart::First));
            }
            Request::Press { data, .. } if self.is_admin(person.user) => match parse_button(data) {
                Some(RegistryButton::Join { user, .. }) => needs.users.push(user),
                Some(RegistryButton::Page(start)) => needs.page = Some(has_page(start)),
                Some(RegistryButton::EraseOf(user)) => needs.users.push(user),
                Some(RegistryButton::EraseMine { .. } | RegistryButton::KeepAll) | None => {}
            },
            Request::Work
            | Request::Command
            | Request::UnknownKind
            | Request::Stop
            | Request::StopDraft
            | Request::Start { .. }
            | Request::UserInfo(_)
            | Request::Users
            | Request::Manage { .. }
            | Request::AllowGroup
            | Request::DeleteMyData
            | Request::LockDown
            | Request::Unlock
            | Request::Press { .. }
            | Request::Overheard
            | Request::OverheardAlbum
            | Request::Reaction
            | Request::Joined
            | Request::Left
            | Request::Moved { .. } => {}
        }
        needs
    }

    /// Returns what is to be done about an arrival.
    pub(super) fn decide(
        &mut self,
        arrival: &Arrival,
        known: &Known,
        moment: Moment,
        names: &NewNames<'_>,
    ) -> Decision {
        if let Some(decision) = self.on_group_event(arrival, moment) {
            return decision;
        }
        if let Some(decision) = self.on_lockdown(arrival, known, moment) {
            return decision;
        }
        match (&arrival.sender, arrival.chat_kind) {
            (Sender::Person(person), ChatKind::Private) if arrival.chat.0 == person.user.0 => {
                self.in_private(person, arrival, known, moment, names)
            }
            (Sender::Person(person), ChatKind::Group) => {
                self.in_group(person, arrival, known, moment)
            }
            (Sender::Anonymous, ChatKind::Group) => self.of_anonymous(arrival, moment),
            (Sender::Person(_) | Sender::Anonymous, ChatKind::Private | ChatKind::Channel)
            | (Sender::Nobody, ChatKind::Private | ChatKind::Group | ChatKind::Channel) => {
                Decision::of(Access::Refused(None))
            }
        }
    }

    /// Returns the ruling when nothing could be read.
    pub(super) fn on_unread_arrival(&mut self, arrival: &Arrival, now: Time) -> Ruling {
        match (&arrival.sender, arrival.chat_kind) {
            (Sender::Person(person), ChatKind::Private) if arrival.chat.0 == person.user.0 => {
                Ruling::of(self.refusals.refuse(person.user, Refusal::StoreFailed, now))
            }
            (Sender::Person(_) | Sender::Anonymous | Sender::Nobody, _) => {
                Ruling::of(Access::Refused(None))
            }
        }
    }

    /// Takes in a write that the store has; `known` has the record before and after.
    pub(super) fn on_written(&mut self, write: &Write, known: &mut Known) {
        match write {
            Write::User(record) | Write::Note(record) => {
                let before = known.records.insert(record.user, record.clone());
                self.note(before.as_ref(), record);
                self.settle_requests(record);
            }
            Write::Group(group) => self.groups.insert(*group),
            Write::DropGroup(chat) => self.groups.remove(*chat),
            Write::Lockdown(lockdown) => self.note_lockdown(*lockdown),
        }
    }

    fn note(&mut self, before: Option<&UserRecord>, record: &UserRecord) {
        self.staff.note(record, &self.rules);
        if let Some(before) = before {
            *self.census.count_of(&before.standing) -= 1;
        }
        *self.census.count_of(&record.standing) += 1;
        self.stored_owner = older_owner(self.stored_owner, record);
    }

    /// Returns whose bridge it is while it serves one person.
    fn owner(&self) -> Option<UserId> {
        match &*self.rules {
            AccessRules::SingleUser { owner } => owner.or(self.stored_owner.map(|(_, user)| user)),
            AccessRules::MultiUser(_) => None,
        }
    }

    fn is_admin(&self, user: UserId) -> bool {
        match &*self.rules {
            AccessRules::SingleUser { .. } => self.owner() == Some(user),
            AccessRules::MultiUser(_) => self.staff.is_admin(user, &self.rules),
        }
    }

    fn role(&self, user: UserId) -> Role {
        match &*self.rules {
            AccessRules::MultiUser(_) if self.is_admin(user) => Role::Admin,
            AccessRules::MultiUser(_) => Role::User,
            AccessRules::SingleUser { .. } => Role::Owner,
        }
    }

    fn verdict(&self, user: UserId, record: Option<&UserRecord>) -> Admission {
        match &*self.rules {
            AccessRules::MultiUser(lists) => lists.decide(user, record),
            AccessRules::SingleUser { .. } if self.owner() != Some(user) => Admission::Refused,
            AccessRules::SingleUser { .. } => match record {
                Some(record) if !record.is_active() => Admission::Barred,
                Some(_) | None => Admission::In,
            },
        }
    }

    fn refuse(&mut self, user: UserId, refusal: Refusal, moment: Moment) -> Decision {
        let access = self.refusals.refuse(user, refusal, moment.now);
        let mut decision = Decision::of(access);
        // As rare as the answers, so that a crowd of strangers cannot fill the disk.
        if let (Access::Refused(Some(_)), Some(reason)) = (access, refusal.for_audit()) {
            let enter = (AuditAction::Enter, None);
            decision.audit = vec![moment.refused(user, enter, reason)];
        }
        decision
    }
}

impl Known {
    pub(super) fn with(self, haste: Haste) -> Self {
        Self { haste, ..self }
    }

    pub(super) fn insert(&mut self, record: UserRecord) {
        self.records.insert(record.user, record);
    }

    fn record(&self, user: UserId) -> Option<&UserRecord> {
        self.records.get(&user)
    }
}

impl Decision {
    fn of(access: Access) -> Self {
        Self::ruled(Ruling::of(access))
    }

    fn ruled(ruling: Ruling) -> Self {
        Self {
            writes: Vec::new(),
            ruling,
            if_failed: Ruling::of(Access::Refused(Some(Refusal::StoreFailed))),
            audit: Vec::new(),
            is_done_even_so: false,
        }
    }

    fn orders(orders: Vec<Order>) -> Self {
        Self::ruled(Ruling::settled(orders))
    }
}

impl Census {
    fn count_of(&mut self, standing: &Standing) -> &mut usize {
        match standing {
            Standing::Active => &mut self.active,
            Standing::Waiting(_) => &mut self.waiting,
            Standing::Declined | Standing::Deactivated => &mut self.off,
            Standing::Removed => &mut self.removed,
        }
    }
}

#[cfg(test)]
mod tests;
