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

    #[allow(dead_code, reason = "not every benchmark shows it")]
    pub(crate) fn p99(&self) -> String {
        self.at(99)
    }

    fn at(&self, percent: usize) -> String {
        milliseconds(self.duration(percent))
    }

    /// Returns the duration below which this share of them lies; 100 is the longest.
    #[allow(dead_code, reason = "not every benchmark compares")]
    pub(crate) fn duration(&self, percent: usize) -> Duration {
        self.0[(self.0.len() - 1) * percent / 100]
    }
}

/// Prints a figure, the floor's and how many times the floor ours is.
#[allow(dead_code, reason = "not every benchmark has a floor")]
pub(crate) fn ratio_row(figure: &str, ours: Duration, floor: Duration) {
    let ratio = ours.as_secs_f64() / floor.as_secs_f64();
    let beside = format!("floor {:.2} ms, {ratio:.2} times", millis(floor));
    row(figure, &format!("{:.2} ms", millis(ours)), &beside);
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

pub(crate) fn row(figure: &str, ours: &str, peer: &str) {
    println!("{figure:<50} {ours:>12}   {peer}");
}
