//! Ends sets of processes that may fork faster than they are counted.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use super::process_table::{self, Entry, Life};

/// How long ending may take; short enough for the promise that nothing lives two seconds later.
pub(crate) const TIME_LIMIT: Duration = Duration::from_millis(1500);

/// How long to stop processes before what is stopped is killed anyway.
const FREEZE_LIMIT: Duration = Duration::from_millis(700);

/// How long to wait between two looks while the dying die.
const LOOK_INTERVAL: Duration = Duration::from_millis(1);

/// What became of the processes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    /// How many were sent SIGKILL.
    pub(crate) killed: usize,
    /// How many were alive at the end, because they may not be signalled.
    pub(crate) survivors: usize,
}

/// Where processes are to be looked for.
pub(crate) struct Search<All, Newest> {
    /// Finds all that live.
    pub(crate) all: All,
    /// Finds some that are not among the given ones, at a fraction of the cost; may find nothing.
    pub(crate) newest: Newest,
}

/// Ends every process that the search finds until it finds none, for at most [`TIME_LIMIT`].
///
/// All are stopped before the first is killed, and looked for again until nobody new is found: what
/// is stopped cannot fork, so a process cannot outrun the walk. `reap` collects ended children.
pub(crate) fn end_all(
    search: &Search<impl Fn() -> Vec<i32>, impl Fn(&BTreeSet<i32>) -> Vec<i32>>,
    reap: impl Fn(),
) -> Ended {
    let deadline = Instant::now() + TIME_LIMIT;
    let mut killed = BTreeSet::new();
    loop {
        let frozen = freeze(search);
        for pid in &frozen {
            kill(Pid::from_raw(*pid), Signal::SIGKILL).ok();
        }
        killed.extend(frozen);
        reap();
        let survivors = (search.all)().len();
        if survivors == 0 || Instant::now() >= deadline {
            return Ended {
                killed: killed.len(),
                survivors,
            };
        }
        thread::sleep(LOOK_INTERVAL);
    }
}

fn freeze(
    search: &Search<impl Fn() -> Vec<i32>, impl Fn(&BTreeSet<i32>) -> Vec<i32>>,
) -> BTreeSet<i32> {
    let deadline = Instant::now() + FREEZE_LIMIT;
    let mut frozen = BTreeSet::new();
    while Instant::now() < deadline {
        // A process that starts its successor and ends is gone by the time a table of thousands is
        // read; a short look catches it.
        loop {
            let newest = (search.newest)(&frozen);
            if !stop_new(&mut frozen, newest) || Instant::now() >= deadline {
                break;
            }
        }
        if !stop_new(&mut frozen, (search.all)()) {
            break;
        }
    }
    frozen
}

/// Stops those that are not stopped yet, the youngest first; returns whether there were any.
fn stop_new(frozen: &mut BTreeSet<i32>, mut found: Vec<i32>) -> bool {
    found.retain(|pid| !frozen.contains(pid));
    found.sort_unstable_by(|a, b| b.cmp(a));
    for pid in &found {
        kill(Pid::from_raw(*pid), Signal::SIGSTOP).ok();
    }
    let has_new = !found.is_empty();
    frozen.extend(found);
    has_new
}

/// Ends everything below this process, then everything that carries its marks.
///
/// The caller has to be a child subreaper: every orphan of the tree is then its child.
pub(super) fn end_own_tree() -> Ended {
    let own = own_pid();
    let tree = Search {
        all: || alive(process_table::descendants(&process_table::read(), own)),
        newest: |known: &BTreeSet<i32>| {
            let mut parents = known.clone();
            parents.insert(own);
            process_table::youngest_children(&parents, known)
        },
    };
    let below = end_all(&tree, reap_children);
    let marks = process_table::own_marks();
    if marks.is_empty() {
        return below;
    }
    let strangers = Search {
        all: || marked_strangers(&marks),
        newest: nothing_newer,
    };
    let by_mark = end_all(&strangers, reap_children);
    Ended {
        killed: below.killed + by_mark.killed,
        survivors: below.survivors + by_mark.survivors,
    }
}

/// Returns the living processes that carry these marks, without this one and those above it.
pub(crate) fn marked_strangers(marks: &[(&'static str, Vec<u8>)]) -> Vec<i32> {
    let table = process_table::read();
    let ours = process_table::with_ancestors(&table, own_pid());
    let wanted: Vec<(&str, &[u8])> = marks.iter().map(|(n, v)| (*n, v.as_slice())).collect();
    let mut found = alive(process_table::marked(&table, &wanted));
    found.retain(|pid| !ours.contains(pid));
    found
}

/// Returns the pids of those that still live.
pub(crate) fn alive(entries: Vec<Entry>) -> Vec<i32> {
    let living = entries
        .into_iter()
        .filter(|entry| entry.life == Life::Alive);
    living.map(|entry| entry.pid).collect()
}

/// For a search among processes that do not flee.
pub(crate) fn nothing_newer(_known: &BTreeSet<i32>) -> Vec<i32> {
    Vec::new()
}

fn reap_children() {
    while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        if status.pid().is_none() {
            break;
        }
    }
}

fn own_pid() -> i32 {
    nix::unistd::getpid().as_raw()
}
