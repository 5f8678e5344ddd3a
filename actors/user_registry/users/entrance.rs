//! Who comes in from a private chat.

use super::super::manage::stranger;
use super::super::pace::Allowance;
use super::super::rules::{AccessRules, Admission};
use super::super::{Access, Arrival, JoinVerdict, Notice, Order, Refusal, Request, Role, Ruling};
use super::claim::owner_record;
use super::{Decision, Known, Moment, SEEN_INTERVAL, Users, Write};
use crate::clock::UnixSeconds;
use crate::ids::{NewNames, UserId};
use crate::ports::{Standing, UserRecord};
use crate::user_registry::Person;

impl Users {
    pub(super) fn in_private(
        &mut self,
        person: &Person,
        arrival: &Arrival,
        known: &Known,
        moment: Moment,
        names: &NewNames<'_>,
    ) -> Decision {
        let user = person.user;
        let record = known.record(user);
        let verdict = self.verdict(user, record);
        if verdict == Admission::In && arrival.request == Request::Reaction {
            return self.take_reaction(user, moment);
        }
        if verdict == Admission::In {
            return self.come_in(person, arrival, known, moment);
        }
        match &arrival.request {
            Request::Press { .. }
            | Request::StopDraft
            | Request::Overheard
            | Request::OverheardAlbum
            | Request::Reaction => Decision::of(Access::Refused(None)),
            Request::UserInfo(_) => self.tell_id(user, moment),
            _ if self.is_unclaimed() => self.decide_claim(person, &arrival.request, moment),
            Request::Work
            | Request::Command
            | Request::UnknownKind
            | Request::Stop
            | Request::Start { .. }
            | Request::Users
            | Request::Manage { .. }
            | Request::AllowGroup
            | Request::DeleteMyData
            | Request::LockDown
            | Request::Unlock
            | Request::Joined
            | Request::Left
            | Request::Moved { .. } => match verdict {
                Admission::Ask => self.ask_to_join(person, record, moment, names),
                Admission::Waiting => Decision::of(Access::Refused(None)),
                Admission::Denied | Admission::Barred => self.refuse(user, Refusal::Barred, moment),
                Admission::Refused | Admission::In => self.refuse(user, Refusal::Stranger, moment),
            },
        }
    }

    fn is_unclaimed(&self) -> bool {
        matches!(*self.rules, AccessRules::SingleUser { .. }) && self.owner().is_none()
    }

    /// Tells a person who may not come in their own number, so that they can ask for it.
    fn tell_id(&mut self, user: UserId, moment: Moment) -> Decision {
        match self.refusals.tell_id(user, moment.now) {
            true => Decision::ruled(Ruling::answer(Notice::YourId(user))),
            false => Decision::of(Access::Refused(None)),
        }
    }

    /// Lets somebody in who may, if they are not too fast.
    pub(super) fn come_in(
        &mut self,
        person: &Person,
        arrival: &Arrival,
        known: &Known,
        moment: Moment,
    ) -> Decision {
        if let Some(decision) = self.meet_haste(arrival, known.haste) {
            return decision;
        }
        if let Some(refusal) = self.check_pace(person, arrival, moment) {
            return refusal;
        }
        let before = known.record(person.user);
        let record = match before {
            Some(before) => with_names(before.clone(), person, moment),
            None => self.first_record(person, moment),
        };
        let write = write_of(before, &record);
        let mut decision = self.grant(&record, arrival, known, moment);
        if before.is_none() && self.role(person.user) == Role::Admin {
            let menu = Order::SetMenu(person.user, Role::Admin);
            decision.ruling.orders.push(menu);
        }
        // Somebody for whom the lists have decided meanwhile needs no administrator.
        if let Some(Standing::Waiting(request)) = before.map(|before| &before.standing) {
            let closed = self.close_cards(&record, request, JoinVerdict::Overtaken);
            decision.ruling.orders.extend(closed);
        }
        decision.writes.splice(0..0, write);
        decision
    }

    /// Lets a reaction in to be counted; nobody is told of one too many.
    pub(super) fn take_reaction(&mut self, user: UserId, moment: Moment) -> Decision {
        Decision::of(match self.reactions.take(user, moment.now) {
            Allowance::Fits => Access::Granted(self.role(user)),
            Allowance::TooFast => Access::Refused(None),
        })
    }

    fn check_pace(
        &mut self,
        person: &Person,
        arrival: &Arrival,
        moment: Moment,
    ) -> Option<Decision> {
        // Everything else is counted elsewhere, or not at all.
        if !matches!(arrival.request, Request::Work | Request::UnknownKind) {
            return None;
        }
        let allowance = match &arrival.album {
            Some(album) => self.pace.take_of_album(person.user, album, moment.now),
            None => self.pace.take(person.user, moment.now),
        };
        match allowance {
            Allowance::Fits => None,
            Allowance::TooFast => {
                let told = &mut self.hurried.messages_told;
                let is_told = told.is_due(arrival.chat, moment.now);
                let per_minute = self.pace.per_minute();
                let refusal = is_told.then_some(Refusal::TooFast { per_minute });
                Some(Decision::of(Access::Refused(refusal)))
            }
        }
    }

    fn first_record(&self, person: &Person, moment: Moment) -> UserRecord {
        match &*self.rules {
            AccessRules::SingleUser { .. } => owner_record(person, moment),
            AccessRules::MultiUser(_) => {
                let record = UserRecord {
                    standing: Standing::Active,
                    ..stranger(person.user, moment.unix)
                };
                with_names(record, person, moment)
            }
        }
    }
}

/// Returns a record of somebody who may come in as it is after their arrival.
///
/// Who was added by number alone is known by name from here on, and whoever waited waits no more.
pub(super) fn with_names(mut record: UserRecord, person: &Person, moment: Moment) -> UserRecord {
    record.username.clone_from(&person.username);
    record.first_name.clone_from(&person.first_name);
    // The Stop of a draft does not tell it.
    if person.language.is_some() {
        record.language.clone_from(&person.language);
    }
    if matches!(record.standing, Standing::Waiting(_)) {
        record.standing = Standing::Active;
    }
    let is_stale = |seen: UnixSeconds| moment.unix.0.abs_diff(seen.0) >= SEEN_INTERVAL.as_secs();
    if record.last_seen.is_none_or(is_stale) {
        record.last_seen = Some(moment.unix);
    }
    record
}

/// Returns the write that a record needs, if it needs any.
///
/// What decides about access has to be on disk before anything is said; a name or a last sight
/// has not.
fn write_of(before: Option<&UserRecord>, record: &UserRecord) -> Option<Write> {
    match before {
        Some(before) if before == record => None,
        Some(before) if before.standing == record.standing => Some(Write::Note(record.clone())),
        Some(_) | None => Some(Write::User(record.clone())),
    }
}
