//! What a wall costs: how long the start of a program takes, and how much memory lies beside it; and
//! what it is good for: how turns go while somebody else's room takes all that it can get.
//!
//! `cargo bench --bench walls` prints a line for each level that this machine offers, in seconds;
//! `cargo bench --bench walls -- hogs` one for each hog, in a minute.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on fails where it stands, and is read at a terminal"
)]

#[path = "turn/figures.rs"]
#[allow(dead_code, reason = "shared with the benchmark of turns")]
mod figures;

#[path = "walls/hogs.rs"]
mod hogs;

#[path = "turn/place.rs"]
#[allow(dead_code, reason = "shared with the benchmark of turns")]
mod place;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bridge::claude::guard::{Containment, Level, View, may_choose_users};
use tempfile::TempDir;

const BRIDGE: &str = env!("CARGO_BIN_EXE_bridge");

/// How many starts are measured.
const STARTS: usize = 51;

/// How long a program is given to settle before its guard is looked at.
const SETTLING: Duration = Duration::from_millis(300);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` asks for nothing to be measured.
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if arguments.iter().any(|argument| argument == "hogs") {
        return hogs::hogs();
    }
    let room = TempDir::new().unwrap();
    let folder = room.path().join("folder");
    fs::create_dir(&folder).unwrap();
    println!("level, held together by: median start of /bin/true, private memory of the guards");
    println!("none: {:.1} ms", median(|| start_bare().wait().unwrap()));
    for level in [Level::Off, Level::Landlock, Level::Strict] {
        let all = [
            Containment::Tree,
            Containment::Namespace,
            Containment::UserNamespace,
        ];
        for containment in all {
            let is_possible = level != Level::Strict || containment != Containment::Tree;
            if is_possible && containment.works(Path::new(BRIDGE)) {
                measure(level, containment, &folder);
            }
        }
    }
}

fn measure(level: Level, containment: Containment, folder: &Path) {
    let run = |program: &[&str]| start(level, containment, folder, program);
    let time = median(|| {
        let status = run(&["/bin/true"]).wait().unwrap();
        assert!(status.success(), "{level:?} {containment:?}: {status}");
        status
    });
    let mut guard = run(&["sleep", "1000"]);
    thread::sleep(SETTLING);
    let private = private_memory(guard.id());
    guard.kill().unwrap();
    guard.wait().unwrap();
    let (level, containment) = (level.name(), containment.name());
    println!("{level}, {containment}: {time:.1} ms, {private} KiB");
}

fn start_bare() -> Child {
    Command::new("/bin/true").spawn().unwrap()
}

fn start(level: Level, containment: Containment, folder: &Path, program: &[&str]) -> Child {
    let mut view = View::new(level);
    view.home = Some(folder.to_owned());
    if level == Level::Strict && containment == Containment::Namespace && may_choose_users() {
        view.uid = Some(200_000);
    }
    let view = (level != Level::Off).then_some(view);
    let guard = Path::new(BRIDGE);
    let mut command = containment.guard_command(guard, folder, view.as_ref(), program);
    command.stdin(Stdio::null());
    containment.around(|| command.spawn()).unwrap()
}

fn median<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..STARTS)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[STARTS / 2]
}

/// Returns what the guard and those guards below it have for themselves, in KiB.
fn private_memory(guard: u32) -> u64 {
    let children = format!("/proc/{guard}/task/{guard}/children");
    let children = fs::read_to_string(children).unwrap_or_default();
    let below = children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok());
    let is_guard = |pid: &u32| {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        name.trim() == "bridge-guard"
    };
    let own: u64 = private_of(guard);
    own + below.filter(is_guard).map(private_memory).sum::<u64>()
}

fn private_of(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let lines = rollup.lines().filter(|line| line.starts_with("Private_"));
    let sizes = lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    sizes.sum()
}
