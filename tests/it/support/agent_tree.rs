//! Real processes: which ones of a test live, and waiting for them with a limit.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use bridge::claude::guard::{Containment, HOME_MARKER};

/// The bridge's program.
pub(crate) const BRIDGE: &str = env!("CARGO_BIN_EXE_bridge");

/// How long after an end a process of the agent may live: the promise to the user.
const PROMISE: Duration = Duration::from_secs(2);

/// How long a test waits for what has to happen before it calls it a failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Returns the containments that work here; a namespace needs what some machines refuse.
pub(crate) fn containments() -> Vec<Containment> {
    let namespaces = [Containment::Namespace, Containment::UserNamespace];
    let mut all = vec![Containment::Tree];
    for containment in namespaces {
        if containment.works(Path::new(BRIDGE)) {
            all.push(containment);
        } else {
            let name = containment.name();
            writeln!(
                std::io::stderr(),
                "skipped for containment `{name}`: refused here"
            )
            .ok();
        }
    }
    all
}

/// Returns the command lines of the living processes that carry the mark of `home`.
pub(crate) fn living(home: &Path) -> Vec<String> {
    let mark = format!("{HOME_MARKER}={}", home.display());
    let pids = std::fs::read_dir("/proc").expect("proc is mounted");
    let pids = pids.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| holds(*pid, &mark))
        .filter_map(command_line)
        .collect()
}

/// Waits until no process with the mark of `home` lives; fails after the two seconds promised.
pub(crate) fn wait_until_none_lives(home: &Path) {
    let started = Instant::now();
    loop {
        let left = living(home);
        if left.is_empty() {
            return;
        }
        assert!(
            started.elapsed() < PROMISE,
            "these live two seconds later: {left:#?}"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until `condition` holds.
pub(crate) fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < PATIENCE, "{what} did not happen");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn holds(pid: i32, mark: &str) -> bool {
    std::fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environ| {
        environ
            .split(|byte| *byte == 0)
            .any(|v| v == mark.as_bytes())
    })
}

/// Returns nothing for a process that has ended or is ending.
fn command_line(pid: i32) -> Option<String> {
    let words = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let text = String::from_utf8_lossy(&words).replace('\0', " ");
    (!text.is_empty()).then(|| format!("{pid} {text}"))
}
