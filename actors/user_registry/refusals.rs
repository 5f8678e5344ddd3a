//! How often refused people are answered.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Access, Refusal};
use crate::clock::Time;
use crate::ids::UserId;

/// How long a person who was told is not told again.
const SILENCE: Duration = Duration::from_secs(3600);

/// Refusals that are answered within [`SILENCE`], over all people: a crowd of strangers must
/// not make the bot a spammer.
const MAX_ANSWERS: usize = 30;

/// The answers of the last hour; bounded, because there are never more than [`MAX_ANSWERS`].
#[derive(Debug, Default)]
pub(super) struct Refusals(VecDeque<(Time, UserId, Subject)>);

/// What a person was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// That the door is closed.
    Door,
    /// That no more codes are taken.
    Lock,
    /// That a kind of message is not known.
    Kind,
    /// Their own number.
    Id,
}

impl Refusals {
    /// Returns the refusal of a person, silent when it was said lately.
    ///
    /// A wrong code is always answered: the number of tries is limited, and whoever mistypes it
    /// must learn that. Who is too fast, or stands before a locked bridge, is told by another rule.
    pub(super) fn refuse(&mut self, user: UserId, refusal: Refusal, now: Time) -> Access {
        let subject = match refusal {
            Refusal::WrongCode
            | Refusal::TooFast { .. }
            | Refusal::TooManyCommands { .. }
            | Refusal::LockedDown(_) => {
                return Access::Refused(Some(refusal));
            }
            Refusal::Stranger
            | Refusal::Barred
            | Refusal::Unclaimed
            | Refusal::CrowdedOut
            | Refusal::Anonymous
            | Refusal::StoreFailed => Subject::Door,
            Refusal::Locked => Subject::Lock,
            Refusal::UnknownKind => Subject::Kind,
        };
        Access::Refused(self.tell(user, subject, now).then_some(refusal))
    }

    /// Returns whether a person who may not come in is told their own number now.
    pub(super) fn tell_id(&mut self, user: UserId, now: Time) -> bool {
        self.tell(user, Subject::Id, now)
    }

    fn tell(&mut self, user: UserId, subject: Subject, now: Time) -> bool {
        self.0
            .retain(|(told_at, _, _)| now.since(*told_at) < SILENCE);
        let is_told = (self.0.iter()).any(|(_, who, what)| (*who, *what) == (user, subject));
        if is_told || self.0.len() >= MAX_ANSWERS {
            return false;
        }
        self.0.push_back((now, user, subject));
        true
    }
}

impl Refusal {
    /// Returns the words of the audit log, where it is worth a line.
    pub(super) fn for_audit(self) -> Option<&'static str> {
        match self {
            Self::Stranger => Some("not a user"),
            Self::Barred => Some("kept out"),
            Self::Unclaimed => Some("no owner yet"),
            Self::WrongCode => Some("wrong code"),
            Self::Locked => Some("too many wrong codes"),
            Self::CrowdedOut => Some("too many are waiting"),
            Self::TooFast { .. }
            | Self::TooManyCommands { .. }
            | Self::LockedDown(_)
            | Self::Anonymous
            | Self::UnknownKind
            | Self::StoreFailed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time::ZERO + Duration::from_secs(seconds)
    }

    #[test]
    fn a_person_is_told_once_an_hour() {
        let mut refusals = Refusals::default();
        let mut told_at = Vec::new();
        for second in (0..2 * 3600).step_by(60) {
            let access = refusals.refuse(UserId(1), Refusal::Stranger, at(second));
            if access == Access::Refused(Some(Refusal::Stranger)) {
                told_at.push(second);
            }
        }
        assert_eq!(told_at, [0, 3600]);
    }

    #[test]
    fn a_crowd_of_strangers_gets_thirty_answers_an_hour() {
        let mut refusals = Refusals::default();
        let told = |refusals: &mut Refusals, second| {
            (0..10_000)
                .map(|id| refusals.refuse(UserId(id), Refusal::Stranger, at(second)))
                .filter(|access| *access != Access::Refused(None))
                .count()
        };
        assert_eq!(told(&mut refusals, 0), 30);
        assert_eq!(told(&mut refusals, 3599), 0);
        assert_eq!(told(&mut refusals, 3600), 30);
    }

    #[test]
    fn who_was_told_of_the_door_is_still_told_of_the_lock() {
        let mut refusals = Refusals::default();
        for refusal in [Refusal::Unclaimed, Refusal::WrongCode, Refusal::Locked] {
            let access = refusals.refuse(UserId(1), refusal, at(0));
            assert_eq!(access, Access::Refused(Some(refusal)));
        }
        let access = refusals.refuse(UserId(1), Refusal::Locked, at(1));
        assert_eq!(access, Access::Refused(None));
    }
}
