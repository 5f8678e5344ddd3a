//! Percentiles and rows.

use std::time::Duration;

/// Sorted durations.
pub(crate) struct Percentiles(Vec<Duration>);

impl Percentiles {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    pub(crate) fn p50(&self) -> String {
        self.at(50)
    }

    pub(crate) fn p95(&self) -> String {
        self.at(95)
    }

    pub(crate) fn p99(&self) -> String {
        self.at(99)
    }

    fn at(&self, percent: usize) -> String {
        milliseconds(self.0[(self.0.len() - 1) * percent / 100])
    }
}

pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

pub(crate) fn row(figure: &str, ours: &str, peer: &str) {
    println!("{figure:<50} {ours:>12}   {peer}");
}
