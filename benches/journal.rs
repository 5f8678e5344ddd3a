//! What it costs that nothing is lost: the journal's share of a turn, a start with thousands of
//! open prompts, and whether the store grows.
//!
//! `cargo bench --bench journal` takes about three minutes. `BRIDGE_NO_SYNC`, which only builds
//! with the fault points know, leaves out every sync.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for people to run by hand"
)]

#[path = "turn/place.rs"]
#[allow(dead_code, reason = "shared with the other benchmark")]
mod place;

#[path = "turn/figures.rs"]
mod figures;

use std::fs;
use std::path::Path;
use std::time::Instant;

use bridge::store::Store;
use bridge_actors::ids::{ChatId, ConversationId, MessageId, PostId, PromptId, SessionKey, UserId};
use bridge_actors::outbox::{Body, Post, PostAction, Rank, Sound};
use bridge_actors::ports::{JournalEntry, PostJournal, PromptJournal, Stage};
use bridge_actors::session::{Instruct, Prompt};
use figures::{Percentiles, milliseconds, row};
use place::Place;

const TURNS: usize = 300;
const CHATS: i64 = 10_000;
const TRAFFIC: u64 = 100_000;

fn main() {
    // `cargo test --benches` asks for nothing to be measured.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!();
    row("figure", "with sync", "without");
    overhead();
    recovery();
    growth();
}

/// From an update to its answer, with every sync and without any.
fn overhead() {
    let measure = |syncs: bool| {
        let mut place = Place::new();
        if !syncs {
            place.set_env("BRIDGE_NO_SYNC", "1");
        }
        let _bridge = place.start();
        place.turn("rehearse: say warm up");
        Percentiles::of((0..TURNS).map(|_| place.turn("rehearse: say ok")).collect())
    };
    let (with, without) = (measure(true), measure(false));
    row("update to answer, p50", &with.p50(), &without.p50());
    row("update to answer, p95", &with.p95(), &without.p95());
    row("update to answer, p99", &with.p99(), &without.p99());
}

/// A start with one open prompt in each of ten thousand chats.
fn recovery() {
    let settings = "multi_user.enabled = true\nmulti_user.strangers = \"open\"\n\
                    multi_user.admin_users = [1001]\n";
    let place = Place::with_settings(settings);
    drop(place.start());
    let store = Store::open(&place.data(), Box::new(|_| {})).unwrap();
    for chat in 1..=CHATS {
        let chat = chat + 10_000;
        store
            .accept(
                key(chat),
                &Instruct::Prompt(prompt(chat, "rehearse: say ok")),
            )
            .unwrap();
    }
    store.flush().unwrap();
    drop(store);
    let since = Instant::now();
    let bridge = place.start();
    let polled_at = place.first_poll_since(since);
    row(
        "10,000 open chats: start to first poll",
        &milliseconds(polled_at - since),
        "",
    );
    place.say_and_see("/status", "State:");
    row(
        "10,000 open chats: start to first answer",
        &milliseconds(since.elapsed()),
        "",
    );
    row("10,000 open chats: memory", &bridge.memory(), "");
}

/// The store's size while a hundred thousand turns go through the journal.
fn growth() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Box::new(|_| {})).unwrap();
    let since = Instant::now();
    for number in 0..TRAFFIC {
        turn(&store, number);
        if (number + 1) % (TRAFFIC / 5) == 0 {
            store.flush().unwrap();
            let figure = format!("size of the store after {} turns", number + 1);
            row(
                &figure,
                &format!("{:.1} MiB", size(dir.path()) as f64 / 1_048_576.0),
                "",
            );
        }
    }
    let each = since.elapsed() / u32::try_from(TRAFFIC).unwrap();
    row(
        "journal's own time for a turn",
        &format!("{} \u{b5}s", each.as_micros()),
        "",
    );
}

fn turn(store: &Store, number: u64) {
    let chat = i64::try_from(number % 50).unwrap() + 1;
    let prompt = prompt(
        i64::try_from(number).unwrap(),
        &"a message of some words ".repeat(10),
    );
    let id = prompt.id.clone();
    store.accept(key(chat), &Instruct::Prompt(prompt)).unwrap();
    let conversation = ConversationId("8a0f4f0c-9a38-4a3e-8d8b-0c4a5b8e9f10".to_owned());
    for stage in [
        Stage::Started { conversation },
        Stage::Begun { doing: None },
    ] {
        let stages = vec![(id.clone(), stage)];
        let entry = JournalEntry {
            stages,
            ..JournalEntry::default()
        };
        store.write(key(chat), &entry).unwrap();
    }
    let answer = post(number, chat, "an answer of some words ".repeat(40));
    let entry = JournalEntry {
        closed: vec![id],
        posts: vec![answer],
        ..JournalEntry::default()
    };
    store.write(key(chat), &entry).unwrap();
    store.departs(PostId(number), 0).unwrap();
    store.settle(PostId(number)).unwrap();
}

fn key(chat: i64) -> SessionKey {
    SessionKey::of_chat(ChatId(chat))
}

fn prompt(number: i64, text: &str) -> Prompt {
    Prompt::new(
        PromptId(uuid::Uuid::from_u128(number as u128).to_string()),
        UserId(number),
        MessageId(1),
        text.to_owned(),
    )
}

fn post(id: u64, chat: i64, text: String) -> Post {
    let action = PostAction::Send {
        id: PostId(id),
        body: Body::Markdown(text),
        reply_to: None,
        sound: Sound::Ring,
    };
    Post {
        key: key(chat),
        action,
        rank: Rank::Answer,
    }
}

fn size(path: &Path) -> u64 {
    let entries = fs::read_dir(path).unwrap().flatten();
    let sizes = entries.map(|entry| match entry.file_type().unwrap().is_dir() {
        true => size(&entry.path()),
        false => entry.metadata().unwrap().len(),
    });
    sizes.sum()
}
