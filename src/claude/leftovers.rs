//! Ends what an earlier run of the bridge left behind.

use std::collections::BTreeSet;

use nix::unistd::Uid;

use crate::claude::guard::process_table::{self, Entry};
use crate::claude::guard::tree::Search;
use crate::claude::guard::{HOME_MARKER, tree};

/// Ends every process of this user that belongs to the data folder `home`, with all below it.
///
/// Returns how many were ended. Must be called with the lock on that folder held and before the
/// first agent is started: whoever carries its mark is then a leftover. Blocks for at most 1.5 s.
pub fn end_leftovers(home: &str) -> usize {
    let all = || {
        let table = process_table::read();
        let ours = process_table::with_ancestors(&table, own_pid());
        let marked = process_table::marked(&table, &[(HOME_MARKER, home.as_bytes())]);
        let marked = marked
            .into_iter()
            .filter(|entry| is_of_this_user(entry.pid))
            .collect();
        with_trees(&table, marked, &ours)
    };
    tree::end_all(
        &Search {
            all,
            newest: tree::nothing_newer,
        },
        || (),
    )
    .killed
}

/// Ends what carries all these marks, for when a guard was ended before its agent.
///
/// Returns how many were ended. Blocks for at most 1.5 s.
pub(crate) fn end_marked(marks: &[(&'static str, Vec<u8>)]) -> usize {
    if marks.iter().any(|(_, value)| value.is_empty()) {
        return 0;
    }
    let all = || tree::marked_strangers(marks);
    tree::end_all(
        &Search {
            all,
            newest: tree::nothing_newer,
        },
        || (),
    )
    .killed
}

fn with_trees(table: &[Entry], roots: Vec<Entry>, ours: &BTreeSet<i32>) -> Vec<i32> {
    let below_us = process_table::descendants(table, own_pid());
    let below_us: BTreeSet<i32> = below_us.into_iter().map(|entry| entry.pid).collect();
    let mut found = BTreeSet::new();
    for root in roots {
        if ours.contains(&root.pid) {
            continue;
        }
        found.extend(tree::alive(process_table::descendants(table, root.pid)));
        found.extend(tree::alive(vec![root]));
    }
    found
        .difference(&below_us)
        .copied()
        .filter(|pid| !ours.contains(pid))
        .collect()
}

fn is_of_this_user(pid: i32) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(format!("/proc/{pid}")).is_ok_and(|m| m.uid() == Uid::effective().as_raw())
}

fn own_pid() -> i32 {
    nix::unistd::getpid().as_raw()
}
