//! Pure: how much of one kind a person may send in a minute.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Time;
use crate::ids::UserId;

/// The span that the number of messages belongs to.
const SPAN: Duration = Duration::from_secs(60);

/// How many people are kept before whoever has a full bucket again is forgotten.
const TIDY_AT: usize = 256;

/// A token bucket per person who writes; a full bucket is the same as none, so whoever is silent
/// for [`SPAN`] takes up no room.
#[derive(Debug)]
pub(super) struct Pace {
    per_minute: u32,
    talkers: HashMap<UserId, Talker>,
    tidy_at: usize,
}

#[derive(Debug)]
struct Talker {
    /// Messages there is room for, in units of one message.
    tokens: f64,
    at: Time,
    /// The last album of theirs, and whether there was room for it.
    album: Option<(String, bool)>,
}

/// What a bucket says to one more message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowance {
    /// There is room.
    Fits,
    /// There is none.
    TooFast,
}

impl Pace {
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: per_minute.max(1),
            talkers: HashMap::new(),
            tidy_at: TIDY_AT,
        }
    }

    pub(super) fn per_minute(&self) -> u32 {
        self.per_minute
    }

    /// Changes the number for everybody; what was used up stays used up.
    pub(super) fn set(&mut self, per_minute: u32) {
        self.per_minute = per_minute.max(1);
    }

    /// Takes one message of a person.
    pub(super) fn take(&mut self, user: UserId, now: Time) -> Allowance {
        let room = f64::from(self.per_minute);
        self.tidy(now);
        let talker = self.talkers.entry(user).or_insert(Talker {
            tokens: room,
            at: now,
            album: None,
        });
        let gained = now.since(talker.at).as_secs_f64() / SPAN.as_secs_f64() * room;
        talker.tokens = (talker.tokens + gained).min(room);
        talker.at = now;
        if talker.tokens < 1.0 {
            return Allowance::TooFast;
        }
        talker.tokens -= 1.0;
        Allowance::Fits
    }

    /// Takes one message of an album: all of them come in, or none, and count as one.
    pub(super) fn take_of_album(&mut self, user: UserId, album: &str, now: Time) -> Allowance {
        let last = self.talkers.get(&user).and_then(|it| it.album.as_ref());
        match last {
            Some((last, true)) if last == album => return Allowance::Fits,
            Some((last, false)) if last == album => return Allowance::TooFast,
            Some(_) | None => {}
        }
        let allowance = self.take(user, now);
        if let Some(talker) = self.talkers.get_mut(&user) {
            talker.album = Some((album.to_owned(), allowance == Allowance::Fits));
        }
        allowance
    }

    /// Forgets whoever has a full bucket by now, at a cost that is small per message.
    fn tidy(&mut self, now: Time) {
        if self.talkers.len() < self.tidy_at {
            return;
        }
        self.talkers.retain(|_, talker| now.since(talker.at) < SPAN);
        self.tidy_at = TIDY_AT.max(self.talkers.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time::ZERO + Duration::from_secs(seconds)
    }

    #[test]
    fn there_is_room_again_as_time_goes_by() {
        let mut pace = Pace::new(3);
        let verdicts: Vec<_> = (0..5).map(|_| pace.take(UserId(1), at(0))).collect();
        let (fits, fast) = (Allowance::Fits, Allowance::TooFast);
        assert_eq!(verdicts, [fits, fits, fits, fast, fast]);
        assert_eq!(pace.take(UserId(1), at(19)), fast);
        assert_eq!(pace.take(UserId(1), at(20)), fits);
    }

    #[test]
    fn an_album_is_one_message_and_comes_in_as_a_whole_or_not_at_all() {
        let mut pace = Pace::new(2);
        let mut verdicts = |album: &str, seconds| -> Vec<_> {
            let pieces = 0..3;
            pieces
                .map(|_| pace.take_of_album(UserId(1), album, at(seconds)))
                .collect()
        };
        let (fits, fast) = (Allowance::Fits, Allowance::TooFast);
        assert_eq!(verdicts("a", 0), [fits, fits, fits]);
        assert_eq!(verdicts("b", 0), [fits, fits, fits]);
        assert_eq!(verdicts("c", 0), [fast, fast, fast]);
        assert_eq!(verdicts("c", 40), [fast, fast, fast]);
        assert_eq!(verdicts("d", 40), [fits, fits, fits]);
    }

    #[test]
    fn over_a_long_time_the_number_holds() {
        let mut pace = Pace::new(30);
        let fits = (0..36_000u64)
            .map(|tenth| Time::ZERO + Duration::from_millis(tenth * 100))
            .filter(|now| pace.take(UserId(1), *now) == Allowance::Fits)
            .count();
        // An hour of thirty a minute, and the bucket that was full at first.
        assert!((1800..=1830).contains(&fits), "{fits}");
    }

    #[test]
    fn one_persons_haste_is_nobody_elses() {
        let mut pace = Pace::new(1);
        pace.take(UserId(1), at(0));
        assert_eq!(pace.take(UserId(1), at(0)), Allowance::TooFast);
        assert_eq!(pace.take(UserId(2), at(0)), Allowance::Fits);
    }

    #[test]
    fn whoever_is_silent_takes_up_no_room() {
        let mut pace = Pace::new(30);
        for id in 0..100_000 {
            pace.take(UserId(id), at(id.unsigned_abs() / 100));
        }
        // A hundred a second: the talkers of the last minute, doubled.
        assert!(pace.talkers.len() <= 12_001, "{}", pace.talkers.len());
    }
}
