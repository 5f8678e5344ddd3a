//! What the host's calendar says.

use std::str::FromStr;

use bridge_actors::clock::UnixSeconds;
use chrono::{DateTime, Local};
use croner::Cron;

/// Returns when a pattern of cron holds next after a time, in the host's time zone, which is also
/// that of its agents; `None` if it is no pattern, or holds no more.
pub(crate) fn next_time(pattern: &str, after: UnixSeconds) -> Option<UnixSeconds> {
    let pattern = Cron::from_str(pattern).ok()?;
    let after = DateTime::from_timestamp(i64::try_from(after.0).ok()?, 0)?;
    let next = pattern.find_next_occurrence(&after.with_timezone(&Local), false);
    let next = next.ok()?.timestamp();
    u64::try_from(next).ok().map(UnixSeconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-12-01 00:00:00 UTC, whatever the zone: patterns of minutes hold in all of them that
    /// differ by whole hours.
    const MIDNIGHT: UnixSeconds = UnixSeconds(1_796_083_200);

    #[test]
    fn a_pattern_holds_again_behind_a_time_never_at_it() {
        let next = |pattern, after| next_time(pattern, after).map(|at| at.0 - MIDNIGHT.0);
        assert_eq!(next("*/15 * * * *", MIDNIGHT), Some(15 * 60));
        assert_eq!(next("*/15 * * * *", UnixSeconds(MIDNIGHT.0 - 1)), Some(0));
        assert_eq!(next("* * * * *", UnixSeconds(MIDNIGHT.0 + 59)), Some(60));
    }

    #[test]
    fn what_is_no_pattern_never_holds() {
        assert_eq!(next_time("at noon", MIDNIGHT), None);
        assert_eq!(next_time("", MIDNIGHT), None);
        assert_eq!(next_time("* * * * *", UnixSeconds(u64::MAX)), None);
    }
}
