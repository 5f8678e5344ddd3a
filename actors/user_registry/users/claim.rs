//! How a bridge of one person gets its owner.

use std::collections::HashMap;

use super::super::claim_code::ClaimCode;
use super::super::manage::stranger;
use super::super::{Access, Refusal, Request, Ruling};
use super::entrance::with_names;
use super::{Decision, Moment, Users, Write};
use crate::audit::AuditAction;
use crate::ids::UserId;
use crate::ports::{Standing, UserRecord};
use crate::user_registry::Person;

/// Wrong codes after which a person may try no more.
pub(in super::super) const MAX_WRONG_CODES: u32 = 5;

/// Wrong codes, of all people together, after which nobody may try any more.
pub(in super::super) const MAX_WRONG_CODES_IN_ALL: u32 = 20;

/// The code and who guessed at it.
#[derive(Debug)]
pub(super) struct Claim {
    code: ClaimCode,
    /// Wrong codes per person; bounded, because of [`MAX_WRONG_CODES_IN_ALL`].
    wrong_codes: HashMap<UserId, u32>,
}

/// What a person's code is worth.
enum Tried {
    Right,
    Wrong,
    TooOften,
}

impl Claim {
    pub(super) fn new(code: &str) -> Self {
        Self {
            code: ClaimCode::new(code),
            wrong_codes: HashMap::new(),
        }
    }

    fn try_code(&mut self, user: UserId, code: &str) -> Tried {
        let by_person = self.wrong_codes.get(&user).copied();
        let in_all: u32 = self.wrong_codes.values().sum();
        if by_person.unwrap_or(0) >= MAX_WRONG_CODES || in_all >= MAX_WRONG_CODES_IN_ALL {
            return Tried::TooOften;
        }
        if self.code.is(code) {
            return Tried::Right;
        }
        *self.wrong_codes.entry(user).or_default() += 1;
        Tried::Wrong
    }
}

impl Users {
    pub(super) fn decide_claim(
        &mut self,
        person: &Person,
        request: &Request,
        moment: Moment,
    ) -> Decision {
        let Request::Start { code: Some(code) } = request else {
            return self.refuse(person.user, Refusal::Unclaimed, moment);
        };
        match self.claim.try_code(person.user, code) {
            Tried::TooOften => self.refuse(person.user, Refusal::Locked, moment),
            Tried::Wrong => self.refuse(person.user, Refusal::WrongCode, moment),
            Tried::Right => Decision {
                writes: vec![Write::User(owner_record(person, moment))],
                audit: vec![moment.done(person.user, (AuditAction::Claim, None))],
                ..Decision::ruled(Ruling::of(Access::Claimed))
            },
        }
    }
}

/// Returns the record of whoever owns a bridge of one person.
pub(super) fn owner_record(person: &Person, moment: Moment) -> UserRecord {
    let record = UserRecord {
        standing: Standing::Active,
        is_admin: true,
        ..stranger(person.user, moment.unix)
    };
    with_names(record, person, moment)
}
