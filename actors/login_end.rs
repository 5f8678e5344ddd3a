//! Pure: when the login of Claude ends, and when that is worth a word.

use crate::clock::UnixSeconds;

const DAY: u64 = 24 * 60 * 60;

/// How much earlier than Claude Code says a login may end: the date that it knows is that of the
/// login's beginning (its schema of `credential_expires_at`, 2.1.332).
const EARLIER: u64 = 3 * DAY;

/// How long before it may end it is told.
const WARNED_BEFORE: u64 = 7 * DAY;

/// How near the end of a login is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoginEnd {
    /// Nobody has to do anything.
    #[default]
    Far,
    /// It comes within ten days.
    Soon,
    /// It may come at any time, or has.
    AnyTime,
}

impl LoginEnd {
    /// Tells how near the end is, at `now`, of a login that ends at `at`, or up to three days earlier.
    pub fn of(at: UnixSeconds, now: UnixSeconds) -> Self {
        let earliest = at.0.saturating_sub(EARLIER);
        if now.0 >= earliest {
            Self::AnyTime
        } else if now.0 + WARNED_BEFORE >= earliest {
            Self::Soon
        } else {
            Self::Far
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_may_come_three_days_early_is_told_a_week_before_that() {
        let of = |days: u64| LoginEnd::of(UnixSeconds(100 * DAY), UnixSeconds(days * DAY));
        let stages = [80, 89, 90, 96, 97, 100, 200].map(of);
        let (far, soon, any) = (LoginEnd::Far, LoginEnd::Soon, LoginEnd::AnyTime);
        assert_eq!(stages, [far, far, soon, soon, any, any, any]);
        assert_eq!(LoginEnd::of(UnixSeconds(0), UnixSeconds(0)), any);
    }
}
