//! How often a turn waits for the disk, one wait after the other: every call that syncs is made to
//! take 40 ms longer by strace, and what a turn takes longer by is counted in those.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::figures::{Percentiles, row};
use crate::place::Place;

/// What each sync takes longer.
const DELAY: Duration = Duration::from_millis(40);

/// All calls by which a program waits for a disk.
const SYNCS: &str = "fsync,fdatasync,sync_file_range,msync,syncfs,sync";

const TURNS: usize = 15;

/// Prints how many waits a turn of a warm agent has.
pub(crate) fn waits() {
    let place = Place::new();
    let bridge = place.start();
    place.turn("rehearse: say warm up");
    let median = || {
        let turn = |_| {
            // What the turn before still writes is no wait of the next one.
            thread::sleep(Duration::from_millis(500));
            place.turn("rehearse: say ok")
        };
        Percentiles::of((0..TURNS).map(turn).collect()).duration(50)
    };
    let before = median();
    let Some(mut strace) = slow_down(bridge.pid()) else {
        return row("serial waits for the disk a turn", "no strace", "");
    };
    let slowed = median();
    // It lets the bridge go when it is asked to end.
    let pid = nix::unistd::Pid::from_raw(i32::try_from(strace.id()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    strace.wait().unwrap();
    let waits = slowed.saturating_sub(before).as_secs_f64() / DELAY.as_secs_f64();
    row(
        "serial waits for the disk a turn, by delay",
        &format!("{waits:.1}"),
        "goal 2",
    );
}

fn slow_down(pid: i32) -> Option<Child> {
    let delay = DELAY.as_micros();
    let strace = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-p", &pid.to_string()])
        .args(["-e", &format!("trace={SYNCS}")])
        .args(["-e", &format!("inject={SYNCS}:delay_exit={delay}")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // It says nothing when it has taken hold of all threads.
    thread::sleep(Duration::from_secs(2));
    Some(strace)
}
