//! The figures that the README quotes: what the bridge adds to a turn, and what it costs.
//!
//! `cargo bench --bench turn` runs the release binary against the playground on loopback, with the
//! rehearsal agent behind it, and takes about four minutes. With `BRIDGE_BENCH_CLAUDE=PATH` it also
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

#[path = "turn/progress.rs"]
mod progress;

use std::time::Instant;

use figures::{Percentiles, row};
use place::{OWNER, Place};

const TURNS: usize = 200;
const STARTS: usize = 20;
const ROUNDS: i32 = 20;

fn main() {
    // `cargo test --benches` asks for nothing to be measured.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!();
    row("figure", "bridge", "best peer (Go, syncs nothing)");
    starts();
    overhead();
    throughput();
    progress::first_words();
    progress::calls();
    memory();
    binary();
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

/// From an update's leaving in `getUpdates` to its answer's arriving in `sendMessage`; the agent's
/// own share, about 0.2 ms, is not subtracted.
fn overhead() {
    let place = Place::new();
    let bridge = place.start();
    place.turn("rehearse: say warm up");
    let (cpu, calls) = (bridge.cpu(), place.calls());
    let since = Instant::now();
    let times: Vec<_> = (0..TURNS).map(|_| place.turn("rehearse: say ok")).collect();
    let elapsed = since.elapsed();
    let cpu = bridge.cpu() - cpu;
    let calls = (place.calls() - calls) as f64 / TURNS as f64;
    let times = Percentiles::of(times);
    row(
        "turn overhead p50, 200 turns, one chat",
        &times.p50(),
        "4.6 ms",
    );
    row("turn overhead p95", &times.p95(), "11.5 ms");
    row("turn overhead p99", &times.p99(), "13.0 ms");
    row(
        "CPU of the bridge a turn",
        &figures::milliseconds(cpu / TURNS as u32),
        "7.5 ms",
    );
    row(
        "Bot API calls a turn, polls included",
        &format!("{calls:.1}"),
        "4",
    );
    let rate = TURNS as f64 / elapsed.as_secs_f64();
    row(
        "turns a second, one chat, one after the other",
        &format!("{rate:.0}"),
        "101",
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

fn binary() {
    let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_bridge"))
        .unwrap()
        .len();
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
