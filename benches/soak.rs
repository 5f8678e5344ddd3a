//! Whether memory grows under load: sixty people who write all the time, for eight minutes.
//!
//! `cargo bench --bench soak` prints the bridge's memory every half minute and the slope of the
//! second half, which the first is not part of: windows and caches fill there. It fails above the
//! bound. `cargo bench --bench soak -- 2` takes two minutes instead, to try something out.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for people to run by hand"
)]

#[path = "turn/place.rs"]
#[allow(dead_code, reason = "shared with the other benchmark")]
mod place;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use place::{Bridge, Place};

/// How many people write; each has an agent of their own.
const PEOPLE: i64 = 60;

/// The id of the first of them.
const FIRST: i64 = 7001;

/// All of them write once in this time: 190 turns a second.
const ROUND: Duration = Duration::from_millis(316);

/// How long it goes on, unless an argument says otherwise.
const MINUTES: u64 = 8;

/// How much memory may be added in a minute of the second half.
const MIB_A_MINUTE: f64 = 0.3;

const SAMPLE_EVERY: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` asks for nothing to be measured.
    if arguments.iter().any(|arg| arg == "--test") {
        return ExitCode::SUCCESS;
    }
    let minutes = arguments.iter().find_map(|arg| arg.parse().ok());
    let length = Duration::from_secs(60 * minutes.unwrap_or(MINUTES));
    let place = Place::with_settings(
        "multi_user.enabled = true\nmulti_user.strangers = \"open\"\nclaude.max_live = 100\n",
    );
    let bridge = place.start();
    let (turns, samples) = soak(&place, &bridge, length);
    let rate = turns as f64 / length.as_secs_f64();
    println!("{turns} turns, {rate:.0} a second");
    let second_half: Vec<_> = samples.iter().filter(|(at, _)| *at >= length / 2).collect();
    let slope = slope(&second_half);
    println!("second half: {slope:+.2} MiB a minute, bound {MIB_A_MINUTE}");
    if slope > MIB_A_MINUTE {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Lets everybody write until the time is over; returns how many turns there were, and when the
/// bridge had how much memory of its own.
fn soak(place: &Place, bridge: &Bridge, length: Duration) -> (usize, Vec<(Duration, f64)>) {
    let began = Instant::now();
    let (mut turns, mut samples, mut next_sample) = (0, Vec::new(), Duration::ZERO);
    while began.elapsed() < length {
        let round = Instant::now();
        everybody_writes(place);
        turns += usize::try_from(PEOPLE).unwrap();
        let elapsed = began.elapsed();
        if elapsed >= next_sample {
            let memory = bridge.own_memory();
            if samples.len() % 6 == 0 {
                println!("{:>4} s  {memory:.2} MiB of its own", elapsed.as_secs());
            }
            samples.push((elapsed, memory));
            next_sample += SAMPLE_EVERY;
        }
        thread::sleep(ROUND.saturating_sub(round.elapsed()));
    }
    (turns, samples)
}

fn everybody_writes(place: &Place) {
    let people = FIRST..FIRST + PEOPLE;
    let said = people.map(|person| {
        let said = place.playground.say(person, "rehearse: say ok");
        (person, said.message_id)
    });
    let mut open: Vec<(i64, i64)> = said.collect();
    place.wait(|view| {
        open.retain(|(person, message)| {
            let mut posts = view.bot_posts(*person).rev().take(8);
            !posts.any(|post| post.reply_to == Some(*message))
        });
        open.is_empty().then_some(())
    });
}

/// Returns by how much the memory grows in a minute: the line that fits the samples best.
fn slope(samples: &[&(Duration, f64)]) -> f64 {
    let points = samples
        .iter()
        .map(|(at, memory)| (at.as_secs_f64() / 60.0, *memory));
    let points: Vec<(f64, f64)> = points.collect();
    let count = points.len() as f64;
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / count;
    let covariance: f64 = points
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    let variance: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    covariance / variance
}
