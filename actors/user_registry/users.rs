//! Decides who may come in, and what is to be stored about them.

use std::collections::HashMap;

use super::claim_code::ClaimCode;
use super::refusals::Refusals;
use super::{Access, Arrival, Refusal};
use crate::clock::{Time, UnixSeconds};
use crate::ids::{ChatId, UserId};
use crate::ports::UserRecord;
use crate::router::{ChatKind, Person, Sender};

/// Wrong codes after which a person may try no more.
pub(super) const MAX_WRONG_CODES: u32 = 5;

/// Wrong codes, of all people together, after which nobody may try any more.
pub(super) const MAX_WRONG_CODES_IN_ALL: u32 = 20;

/// Who may come in while the bridge serves one person.
///
/// Only a person alone with the bot can come in, and only as the numeric id that the owner has.
/// Until the stored users were read, nobody comes in.
#[derive(Debug)]
pub(super) struct Users {
    /// The owner that the settings name; beats a stored one.
    configured_owner: Option<UserId>,
    stored: Stored,
    claim_code: ClaimCode,
    /// Wrong codes per person; bounded, because of [`MAX_WRONG_CODES_IN_ALL`].
    wrong_codes: HashMap<UserId, u32>,
    refusals: Refusals,
}

/// What the store says.
#[derive(Debug)]
enum Stored {
    Unread,
    /// The owner's record, if there is one.
    Read(Option<UserRecord>),
}

/// What is to be done about an arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// This is the answer.
    Answer(Access),
    /// The record is to be stored; what came of it decides about the answer.
    Store(UserRecord, Purpose),
}

/// Why a record is to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The person claims the bridge: without the record there is no claim.
    Claim,
    /// The owner's names changed, or the owner is seen for the first time.
    Names,
}

/// What came of storing a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storing {
    Done,
    Failed,
}

impl Users {
    pub(super) fn new(configured_owner: Option<UserId>, claim_code: &str) -> Self {
        Self {
            configured_owner,
            stored: Stored::Unread,
            claim_code: ClaimCode::new(claim_code),
            wrong_codes: HashMap::new(),
            refusals: Refusals::default(),
        }
    }

    /// Returns whether the stored users are still unknown.
    pub(super) fn are_unread(&self) -> bool {
        matches!(self.stored, Stored::Unread)
    }

    /// Takes in the stored users.
    ///
    /// Without a configured owner, the oldest active administrator is the owner.
    pub(super) fn on_read(&mut self, records: Vec<UserRecord>) {
        let owner = match self.configured_owner {
            Some(owner) => records.into_iter().find(|record| record.user == owner),
            None => stored_owner(records),
        };
        self.stored = Stored::Read(owner);
    }

    /// Returns what is to be done about an arrival.
    pub(super) fn decide(
        &mut self,
        arrival: &Arrival,
        now: Time,
        created_at: UnixSeconds,
    ) -> Decision {
        let Some(person) = person_alone(arrival) else {
            return Decision::Answer(Access::Refused(None));
        };
        let owner_record = match &self.stored {
            Stored::Unread => return self.refuse(person.user, Refusal::StoreFailed, now),
            Stored::Read(record) => record,
        };
        let owner = (self.configured_owner).or(owner_record.as_ref().map(|record| record.user));
        match owner {
            None => self.decide_claim(person, arrival.start_code.as_deref(), now, created_at),
            Some(owner) if owner != person.user => self.refuse(person.user, Refusal::Stranger, now),
            Some(_) => match owner_record {
                Some(record) if !record.is_active() => {
                    self.refuse(person.user, Refusal::Stranger, now)
                }
                Some(record) => decide_names(record, person),
                None => Decision::Store(record_of(person, created_at), Purpose::Names),
            },
        }
    }

    /// Takes in what came of storing a record and returns the answer.
    pub(super) fn on_stored(
        &mut self,
        record: UserRecord,
        purpose: Purpose,
        storing: Storing,
        now: Time,
    ) -> Access {
        let user = record.user;
        match (purpose, storing) {
            (Purpose::Claim, Storing::Failed) => {
                self.refusals.refuse(user, Refusal::StoreFailed, now)
            }
            (Purpose::Claim, Storing::Done) => {
                self.stored = Stored::Read(Some(record));
                Access::Claimed
            }
            (Purpose::Names, Storing::Done) => {
                self.stored = Stored::Read(Some(record));
                Access::Granted
            }
            // Who the owner is does not depend on a name; the next arrival tries again.
            (Purpose::Names, Storing::Failed) => Access::Granted,
        }
    }

    fn decide_claim(
        &mut self,
        person: &Person,
        code: Option<&str>,
        now: Time,
        created_at: UnixSeconds,
    ) -> Decision {
        let Some(code) = code else {
            return self.refuse(person.user, Refusal::Unclaimed, now);
        };
        let by_person = self.wrong_codes.get(&person.user).copied();
        let in_all: u32 = self.wrong_codes.values().sum();
        if by_person.unwrap_or(0) >= MAX_WRONG_CODES || in_all >= MAX_WRONG_CODES_IN_ALL {
            return self.refuse(person.user, Refusal::Locked, now);
        }
        if self.claim_code.is(code) {
            return Decision::Store(record_of(person, created_at), Purpose::Claim);
        }
        *self.wrong_codes.entry(person.user).or_default() += 1;
        self.refuse(person.user, Refusal::WrongCode, now)
    }

    fn refuse(&mut self, user: UserId, refusal: Refusal, now: Time) -> Decision {
        Decision::Answer(self.refusals.refuse(user, refusal, now))
    }
}

/// Returns the person of an arrival from their own private chat.
fn person_alone(arrival: &Arrival) -> Option<&Person> {
    match (&arrival.sender, arrival.chat_kind) {
        (Sender::Person(person), ChatKind::Private) if arrival.chat.0 == person.user.0 => {
            Some(person)
        }
        (Sender::Person(_), ChatKind::Private | ChatKind::Group | ChatKind::Channel)
        | (Sender::Nobody, ChatKind::Private | ChatKind::Group | ChatKind::Channel) => None,
    }
}

fn decide_names(record: &UserRecord, person: &Person) -> Decision {
    if record.username == person.username && record.first_name == person.first_name {
        return Decision::Answer(Access::Granted);
    }
    let record = UserRecord {
        username: person.username.clone(),
        first_name: person.first_name.clone(),
        ..record.clone()
    };
    Decision::Store(record, Purpose::Names)
}

fn record_of(person: &Person, created_at: UnixSeconds) -> UserRecord {
    UserRecord {
        user: person.user,
        chat: ChatId(person.user.0),
        username: person.username.clone(),
        first_name: person.first_name.clone(),
        language: person.language.clone(),
        created_at,
        last_seen: None,
        standing: crate::ports::Standing::Active,
        admitted_by: None,
        is_admin: true,
    }
}

/// Returns whom the records name as the owner: the oldest active administrator.
pub fn stored_owner(records: Vec<UserRecord>) -> Option<UserRecord> {
    let administrators = records
        .into_iter()
        .filter(|record| record.is_active() && record.is_admin);
    administrators.min_by_key(|record| (record.created_at, record.user))
}

#[cfg(test)]
mod tests;
