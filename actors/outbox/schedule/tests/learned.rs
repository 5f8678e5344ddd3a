//! The pace that Telegram grants is learnt, and told to whoever keeps it.

use std::time::Duration;

use super::desk::{Desk, notice, send};
use crate::outbox::PostError;

/// Returns when each of the last posts of a group left, in whole seconds.
fn departures(desk: &mut Desk) -> Vec<u64> {
    let transcript = desk.transcript();
    let lines = transcript.lines().filter(|line| line.contains("send"));
    let seconds = lines.filter_map(|line| line.split('.').next()?.parse().ok());
    seconds.collect()
}

#[test]
fn a_group_that_was_told_to_wait_is_sent_to_more_slowly_from_then_on() {
    let mut desk = Desk::new();
    desk.post(send(-5, 1, "a"));
    let after = Duration::from_secs(10);
    desk.fail(PostError::RetryAfter { after });
    desk.run_dry_until(Duration::from_secs(60));
    desk.transcript();
    for id in 2..12 {
        desk.post(notice(send(-5, id, "more")));
    }
    desk.run_dry();
    let at = departures(&mut desk);
    assert_eq!(at[9] - at[8], 6, "half as slow again: {at:?}");
    desk.pass(Duration::from_secs(3_600));
    for id in 20..30 {
        desk.post(notice(send(-5, id, "more")));
    }
    desk.run_dry();
    let at = departures(&mut desk);
    assert_eq!(at[9] - at[8], 4, "as usual again: {at:?}");
}
