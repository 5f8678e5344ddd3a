//! Pure: what is said of the end of Claude's login.

use bridge_texts::Say;

use crate::clock::UnixSeconds;
use crate::login_end::LoginEnd;

const DAY: u64 = 24 * 60 * 60;

/// Warns of the end of a login, and says who can begin a new one: where it is the host's, not
/// everybody.
pub(in crate::session) fn login_ends(
    say: Say,
    (at, now): (UnixSeconds, UnixSeconds),
    is_of_host: bool,
) -> String {
    let end = end(say, at, now);
    match is_of_host {
        true => say.login_ends_host(end),
        false => say.login_ends_room(end),
    }
}

/// Returns the line of the status.
pub(in crate::session) fn login_status(say: Say, at: UnixSeconds, now: UnixSeconds) -> String {
    say.status_login(end(say, at, now))
}

fn end(say: Say, at: UnixSeconds, now: UnixSeconds) -> String {
    match LoginEnd::of(at, now) {
        LoginEnd::Far | LoginEnd::Soon => {
            let days = at.0.saturating_sub(now.0).div_ceil(DAY);
            say.login_end_days(usize::try_from(days).unwrap_or(usize::MAX))
        }
        LoginEnd::AnyTime => say.login_end_any_time(),
    }
}
