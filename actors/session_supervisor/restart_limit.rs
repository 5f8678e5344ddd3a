//! Pure: whether and when a child that failed is started again.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Time;

/// How often a child may fail: `intensity` restarts within `period`, with growing pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartPolicy {
    /// Restarts within the period before the supervisor gives up.
    pub intensity: usize,
    /// The period that is looked back on.
    pub period: Duration,
    /// The pause before the first restart; it doubles with each further one in the period.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

/// The failures of one child.
#[derive(Debug)]
pub struct RestartLimit {
    policy: RestartPolicy,
    faults: VecDeque<Time>,
}

/// What to do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFault {
    /// Start it again after this pause.
    RestartAfter(Duration),
    /// It failed too often.
    GiveUp,
}

/// A random fraction from 0 to 1 that spreads restarts apart.
#[derive(Debug, Clone, Copy)]
pub struct Jitter(pub f64);

/// The policy of sessions: 5 restarts in 60 s, pauses from 0.2 s to 30 s.
pub const SESSION_RESTARTS: RestartPolicy = RestartPolicy {
    intensity: 5,
    period: Duration::from_secs(60),
    first_pause: Duration::from_millis(200),
    longest_pause: Duration::from_secs(30),
};

impl RestartLimit {
    /// Returns the limit of a child that has not failed.
    pub fn new(policy: RestartPolicy) -> Self {
        Self {
            policy,
            faults: VecDeque::new(),
        }
    }

    /// Counts a failure and decides about it; the pause is stretched by up to a quarter.
    pub fn on_fault(&mut self, now: Time, jitter: Jitter) -> AfterFault {
        while self
            .faults
            .front()
            .is_some_and(|&at| now.since(at) >= self.policy.period)
        {
            self.faults.pop_front();
        }
        if self.faults.len() >= self.policy.intensity {
            return AfterFault::GiveUp;
        }
        let doublings = u32::try_from(self.faults.len()).unwrap_or(u32::MAX).min(20);
        self.faults.push_back(now);
        let pause = self.policy.first_pause.saturating_mul(1 << doublings);
        let spread = 1.0 + jitter.0.clamp(0.0, 1.0) / 4.0;
        AfterFault::RestartAfter(pause.mul_f64(spread).min(self.policy.longest_pause))
    }
}

#[cfg(test)]
mod tests;
