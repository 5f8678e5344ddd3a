//! The figures that the README quotes: what the bridge adds to a turn, and what it costs.
//!
//! `cargo bench --bench turn` runs the release binary against the playground on loopback, with the
//! rehearsal agent behind it, and takes about five minutes. What a turn costs stands beside the
//! `floor`: the least that a bridge could do, measured in the same run. `cargo bench --bench turn --
//! overhead` measures that alone; any part can be named so. With `BRIDGE_BENCH_BRIDGE=PATH` another
//! build is measured. With `BRIDGE_BENCH_CLAUDE=PATH` it also
//! measures whole turns with the real CLI and a mock of its API. Peers' figures stand beside ours;
//! they were measured elsewhere, so compare orders of magnitude, and rows of one run.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for people to run by hand"
)]

#[path = "../tests/it/support"]
mod support {
    #[allow(dead_code, unused_imports, reason = "shared with the tests")]
    pub(crate) mod messages_api;
}

#[path = "turn/place.rs"]
mod place;

#[path = "turn/figures.rs"]
mod figures;

#[path = "turn/files.rs"]
mod files;

#[path = "turn/floor.rs"]
mod floor;

#[path = "turn/forged.rs"]
mod forged;

#[path = "turn/overhead.rs"]
mod overhead;

#[path = "turn/progress.rs"]
mod progress;

#[path = "turn/waits.rs"]
mod waits;

use std::time::Instant;

use figures::{Percentiles, row};
use place::{OWNER, Place};

const STARTS: usize = 20;
const ROUNDS: i32 = 80;

/// The parts, by the names that choose one.
const PARTS: [(&str, fn()); 11] = [
    ("starts", starts),
    ("overhead", overhead::overhead),
    ("waits", waits::waits),
    ("throughput", throughput),
    ("words", progress::first_words),
    ("calls", progress::calls),
    ("files", files::files),
    ("forged", forged::forged),
    ("memory", memory),
    ("live", live_memory),
    ("binary", binary),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` asks for nothing to be measured.
    if arguments.iter().any(|arg| arg == "--test") {
        return;
    }
    if let [role, bot_url, agent] = arguments.as_slice()
        && role == floor::ROLE
    {
        return floor::main(bot_url, agent).unwrap();
    }
    println!();
    row(
        "figure",
        "bridge",
        "best peer (Go, syncs nothing), or floor",
    );
    let named: Vec<&str> = arguments.iter().map(String::as_str).collect();
    for (name, part) in PARTS {
        if named.iter().all(|argument| argument.starts_with("--")) || named.contains(&name) {
            part();
        }
    }
    if let Ok(claude) = std::env::var("BRIDGE_BENCH_CLAUDE") {
        real_turns(&claude);
    }
}

/// From the exec of the binary to its first `getUpdates` at the API.
fn starts() {
    let place = Place::new();
    // The first start makes the store.
    drop(place.start());
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let since = Instant::now();
        let bridge = place.start();
        let polled_at = place.first_poll_since(since);
        times.push(polled_at - since);
        drop(bridge);
    }
    row(
        "start to first poll, median of 20",
        &Percentiles::of(times).p50(),
        "10 ms",
    );
}

/// Turns a second with ten sessions at once, each sending its next message when it is answered.
///
/// Telegram takes about 30 messages a second of a bot, so a real bot sees less.
fn throughput() {
    let place = Place::with_settings("claude.max_live = 16\n");
    let _bridge = place.start();
    let sessions = 10;
    place.turns_in_topics(0..sessions, "rehearse: say warm up");
    let before = place.bot_posts(OWNER);
    let since = Instant::now();
    for _ in 0..ROUNDS {
        place.turns_in_topics(0..sessions, "rehearse: say ok");
    }
    let answers = i32::try_from(place.bot_posts(OWNER) - before).unwrap();
    assert_eq!(answers, ROUNDS * i32::try_from(sessions).unwrap());
    let rate = f64::from(ROUNDS * i32::try_from(sessions).unwrap()) / since.elapsed().as_secs_f64();
    row(
        "turns a second, 10 sessions at once",
        &format!("{rate:.0}"),
        "204",
    );
}

/// Memory of the bridge alone, with agents that have ended.
fn memory() {
    let place = Place::with_settings("claude.idle_timeout = \"200ms\"\nclaude.max_live = 1000\n");
    let bridge = place.start();
    place.wait_for_first_poll();
    row("memory idle", &bridge.memory(), "15.2 MiB");
    let mut next = 0;
    for count in [1, 100, 1000] {
        while next < count {
            let end = (next + 20).min(count);
            place.turns_in_topics(next..end, "rehearse: say ok");
            next = end;
        }
        bridge.wait_for_agents_to_end();
        let peer = if count == 1 { "19.3 MiB" } else { "" };
        row(
            &format!("memory after {count} sessions, agents hibernated"),
            &bridge.memory(),
            peer,
        );
    }
}

/// Memory of the bridge and its guards while a hundred agents live.
fn live_memory() {
    let place = Place::with_settings("claude.idle_timeout = \"10m\"\nclaude.max_live = 100\n");
    let bridge = place.start();
    for start in (0..100).step_by(10) {
        place.turns_in_topics(start..start + 10, "rehearse: say ok");
    }
    let (memory, processes) = bridge.memory_with_guards();
    let figure = format!("memory with 100 live agents, {processes} processes of ours");
    row(&figure, &format!("{memory:.1} MiB"), "goal 45 MiB");
}

fn binary() {
    let bytes = std::fs::metadata(place::bridge_program()).unwrap().len();
    let size = format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
    row("size of the binary", &size, "");
}

/// Whole turns with the real CLI, whose API answers at once.
fn real_turns(claude: &str) {
    let api = support::messages_api::MessagesApi::start();
    let place = Place::with_claude(claude, &api.base_url());
    let _bridge = place.start();
    place.turn("say warm up");
    let times: Vec<_> = (0..50).map(|_| place.turn("say ok")).collect();
    row(
        "whole turn, real CLI and mock API, p50 of 50",
        &Percentiles::of(times).p50(),
        "23 ms",
    );
    assert!(place.bot_posts(OWNER) >= 51);
}
