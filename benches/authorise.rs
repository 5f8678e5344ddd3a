//! What it costs to know who may come in: time and memory with 1, 1,000 and 100,000 users stored.
//!
//! `cargo bench --bench authorise` asks the registry actor, over the real store in a temporary
//! folder, about random users one at a time, as the router does, and takes under a minute. Each
//! number of users is stored by one process and asked about in another, so that the memory of one
//! does not count for the other.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for people to run by hand"
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use bridge::store::Store;
use bridge_actors::clock::unix_now;
use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::outbox::PostIds;
use bridge_actors::ports::{Admitter, Standing, UserRecord, UserStore};
use bridge_actors::router::{ChatKind, Person, Sender};
use bridge_actors::user_registry::{
    Access, AccessRules, Arrival, Authorise, Lists, RegistryStart, Request, UserRegistry,
};

const SIZES: [i64; 3] = [1, 1_000, 100_000];
const QUESTIONS: usize = 20_000;
/// The first id; real ones are about as long.
const FIRST: i64 = 5_000_000_000;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    // `cargo test --benches` asks for nothing to be measured.
    if args.iter().any(|arg| arg == "--test") {
        return;
    }
    if let [_, step, folder, size, ..] = args.as_slice()
        && let Ok(size) = size.parse()
    {
        match step.as_str() {
            "fill" => fill(folder.as_ref(), size),
            _ => measure(folder.as_ref(), size),
        }
        return;
    }
    println!(
        "\n{:>9}  {:>9}  {:>9}  {:>9}  {:>11}  {:>9}  {:>11}",
        "users", "p50", "p99", "max", "first, once", "memory", "after asking"
    );
    for size in SIZES {
        let folder = tempfile::tempdir().unwrap();
        for step in ["fill", "measure"] {
            let status = Command::new(std::env::current_exe().unwrap())
                .args([step.as_ref(), folder.path().as_os_str()])
                .arg(size.to_string())
                .status();
            assert!(status.unwrap().success());
        }
    }
}

fn measure(folder: &Path, size: i64) {
    System::new().block_on(async {
        let store = Store::open(folder, Box::new(|fault| panic!("{fault}"))).unwrap();
        let registry = UserRegistry::new(Arc::new(store), start()).start();
        let since = Instant::now();
        ask(&registry, FIRST).await;
        let first = since.elapsed();
        let before = memory();
        // A fixed sequence that jumps about, so that runs can be compared.
        let mut place = 1_u64;
        let mut times = Vec::with_capacity(QUESTIONS);
        for _ in 0..QUESTIONS {
            place = place
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let id = FIRST + i64::try_from(place >> 33).unwrap() % size;
            let since = Instant::now();
            ask(&registry, id).await;
            times.push(since.elapsed());
        }
        times.sort();
        let at = |share: f64| micros(times[(times.len() as f64 * share) as usize]);
        println!(
            "{size:>9}  {:>9}  {:>9}  {:>9}  {:>11}  {:>6} MiB  {:>7} MiB",
            at(0.5),
            at(0.99),
            micros(times[times.len() - 1]),
            format!("{:.1} ms", first.as_secs_f64() * 1e3),
            before,
            memory()
        );
    });
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

fn start() -> RegistryStart {
    RegistryStart {
        rules: Arc::new(AccessRules::MultiUser(Lists::default())),
        messages_per_minute: 1_000_000,
        claim_code: String::new(),
        post_ids: PostIds::default(),
        nonces: Arc::new(String::new),
        on_claim: None,
        audit: None,
    }
}

fn fill(folder: &Path, size: i64) {
    let store = Store::open(folder, Box::new(|fault| panic!("{fault}"))).unwrap();
    for id in FIRST..FIRST + size {
        store.save(&record(id)).unwrap();
    }
    store.flush().unwrap();
}

fn record(id: i64) -> UserRecord {
    UserRecord {
        user: UserId(id),
        chat: ChatId(id),
        username: Some(format!("person_{id}")),
        first_name: "Somebody".into(),
        language: Some("en".into()),
        created_at: unix_now(),
        last_seen: Some(unix_now()),
        standing: Standing::Active,
        admitted_by: Some(Admitter::Host),
        is_admin: id == FIRST,
    }
}

async fn ask(registry: &Addr<UserRegistry>, id: i64) {
    let arrival = Arrival {
        chat: ChatId(id),
        chat_kind: ChatKind::Private,
        sender: Sender::Person(Person {
            user: UserId(id),
            username: Some(format!("person_{id}")),
            first_name: "Somebody".into(),
            language: Some("en".into()),
        }),
        request: Request::Work,
        album: None,
    };
    let rulings = registry.send(Authorise(vec![arrival])).await.unwrap();
    let rulings = rulings.wait().await.unwrap();
    assert!(matches!(rulings[0].access, Access::Granted(_)));
}

/// Returns the resident memory of this process in MiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: u64 = line
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    kilobytes / 1024
}
