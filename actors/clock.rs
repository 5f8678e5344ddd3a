//! The only place that reads the time.
//!
//! Machines get a [`Time`] as an argument; actors take it from [`now`]. The clock is tokio's, so
//! that tests can pause it.

use std::ops::{Add, Sub};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// A moment on the monotonic clock, counted from an arbitrary origin in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub Duration);

/// Whole seconds since 1970-01-01 UTC, for what is stored and shown to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixSeconds(pub u64);

/// Returns the current moment.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub fn now() -> Time {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    let now = Instant::now();
    Time(now.saturating_duration_since(*ORIGIN.get_or_init(|| now)))
}

/// Returns the calendar time; 0 when the host's clock stands before 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub fn unix_now() -> UnixSeconds {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixSeconds(since_epoch.as_secs())
}

impl Time {
    /// The origin of the clock.
    pub const ZERO: Time = Time(Duration::ZERO);

    /// Returns how long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Time) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Time {
    type Output = Time;

    fn add(self, delay: Duration) -> Time {
        Time(self.0.saturating_add(delay))
    }
}

impl Sub<Duration> for Time {
    type Output = Time;

    fn sub(self, delay: Duration) -> Time {
        Time(self.0.saturating_sub(delay))
    }
}
