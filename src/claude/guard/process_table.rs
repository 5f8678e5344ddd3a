//! What `/proc` knows: who is whose child, and which processes carry our marks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// One line of the process table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The process.
    pub(crate) pid: i32,
    /// Its parent.
    pub(crate) parent: i32,
    /// Whether it still runs code, or only waits to be reaped.
    pub(crate) life: Life,
}

/// Whether a process can still do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// It runs, sleeps or is stopped.
    Alive,
    /// It has ended.
    Ended,
}

/// How many of the youngest processes a short look is about.
const MAX_YOUNGEST: usize = 48;

/// Reads the table of all processes that are visible here.
pub(crate) fn read() -> Vec<Entry> {
    pids().into_iter().filter_map(read_entry).collect()
}

fn pids() -> Vec<i32> {
    let Ok(folder) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    folder
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect()
}

fn read_entry(pid: i32) -> Option<Entry> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    parse_stat(pid, &String::from_utf8_lossy(&stat))
}

/// Parses the content of `/proc/PID/stat`.
///
/// The name in it may hold anything, spaces and parentheses too; the fields of interest follow the
/// last parenthesis.
pub(crate) fn parse_stat(pid: i32, stat: &str) -> Option<Entry> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let life = match fields.next()? {
        "Z" | "X" => Life::Ended,
        _ => Life::Alive,
    };
    let parent = fields.next()?.parse().ok()?;
    Some(Entry { pid, parent, life })
}

/// Returns all processes below `root`, the ended ones too, nearest first.
pub(crate) fn descendants(table: &[Entry], root: i32) -> Vec<Entry> {
    let mut children: BTreeMap<i32, Vec<Entry>> = BTreeMap::new();
    for entry in table {
        children.entry(entry.parent).or_default().push(*entry);
    }
    let mut found: Vec<Entry> = Vec::new();
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        // Taking the list out makes this end even on a table that was torn between two reads.
        for child in children.remove(&parent).unwrap_or_default() {
            parents.push(child.pid);
            found.push(child);
        }
    }
    found
}

/// Returns the youngest processes whose parent is in `parents` and which are not in `known`.
///
/// Far cheaper than the whole table where most processes are known: only a few are looked into.
pub(crate) fn youngest_children(parents: &BTreeSet<i32>, known: &BTreeSet<i32>) -> Vec<i32> {
    let mut pids = pids();
    pids.retain(|pid| !known.contains(pid));
    pids.sort_unstable_by(|a, b| b.cmp(a));
    let entries = pids.into_iter().take(MAX_YOUNGEST).filter_map(read_entry);
    let alive = entries.filter(|entry| entry.life == Life::Alive);
    alive
        .filter(|entry| parents.contains(&entry.parent))
        .map(|entry| entry.pid)
        .collect()
}

/// Returns `pid` and all processes above it.
pub(crate) fn with_ancestors(table: &[Entry], pid: i32) -> BTreeSet<i32> {
    let parents: BTreeMap<i32, i32> = table.iter().map(|e| (e.pid, e.parent)).collect();
    let mut line = BTreeSet::from([pid]);
    let mut current = pid;
    while let Some(&parent) = parents.get(&current) {
        if !line.insert(parent) {
            break;
        }
        current = parent;
    }
    line
}

/// Returns whether an environment, as in `/proc/PID/environ`, holds all of these variables.
pub(crate) fn holds_all(environ: &[u8], wanted: &[(&str, &[u8])]) -> bool {
    wanted.iter().all(|(name, value)| {
        environ.split(|byte| *byte == 0).any(|variable| {
            variable
                .strip_prefix(name.as_bytes())
                .and_then(|rest| rest.strip_prefix(b"="))
                .is_some_and(|found| found == *value)
        })
    })
}

/// Returns the processes of `table` whose environment holds all of these variables.
///
/// A process whose environment may not be read belongs to somebody else and is left out.
pub(crate) fn marked(table: &[Entry], wanted: &[(&str, &[u8])]) -> Vec<Entry> {
    let is_marked = |entry: &&Entry| {
        fs::read(format!("/proc/{}/environ", entry.pid))
            .is_ok_and(|environ| holds_all(&environ, wanted))
    };
    table.iter().filter(is_marked).copied().collect()
}

/// Returns this process's own marks; empty unless it carries both.
pub(crate) fn own_marks() -> Vec<(&'static str, Vec<u8>)> {
    let names = [super::HOME_MARKER, super::AGENT_MARKER];
    let marks: Vec<_> = names
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?.as_bytes().to_vec())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    if marks.len() == names.len() {
        marks
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_does_not_shift_the_fields() {
        let parsed = parse_stat(7, "7 (a) Z (b) S 3 7 7 0 -1").expect("valid");
        assert_eq!(parsed, entry(7, 3));
        let ended = parse_stat(8, "8 (sh) Z 1 8 8").expect("valid");
        assert_eq!(ended.life, Life::Ended);
        assert_eq!(parse_stat(9, "9 (sh"), None);
    }

    #[test]
    fn descendants_are_the_tree_below_and_nothing_else() {
        let table = [
            entry(1, 0),
            entry(2, 1),
            entry(3, 2),
            entry(4, 3),
            entry(5, 1),
        ];
        let mut found: Vec<i32> = descendants(&table, 2).iter().map(|e| e.pid).collect();
        found.sort_unstable();
        assert_eq!(found, [3, 4]);
        assert_eq!(with_ancestors(&table, 3), BTreeSet::from([0, 1, 2, 3]));
    }

    #[test]
    fn a_mark_matches_as_a_whole() {
        let environ = b"PATH=/bin\0CLAUDE_BRIDGE_HOME=/data\0CLAUDE_BRIDGE_SESSION=7\0";
        assert!(holds_all(environ, &[("CLAUDE_BRIDGE_HOME", b"/data")]));
        assert!(holds_all(
            environ,
            &[
                ("CLAUDE_BRIDGE_HOME", b"/data"),
                ("CLAUDE_BRIDGE_SESSION", b"7")
            ]
        ));
        assert!(!holds_all(environ, &[("CLAUDE_BRIDGE_HOME", b"/dat")]));
        assert!(!holds_all(environ, &[("CLAUDE_BRIDGE_HOME", b"/data2")]));
        assert!(!holds_all(environ, &[("BRIDGE_HOME", b"/data")]));
        assert!(!holds_all(b"", &[("CLAUDE_BRIDGE_HOME", b"")]));
    }

    proptest! {
        #[test]
        fn a_walk_ends_on_any_table(pairs in prop::collection::vec((0..9i32, 0..9i32), 0..40)) {
            let table: Vec<Entry> = pairs.into_iter().map(|(pid, parent)| entry(pid, parent)).collect();
            prop_assert!(descendants(&table, 1).len() <= table.len());
            prop_assert!(with_ancestors(&table, 1).contains(&1));
        }
    }

    fn entry(pid: i32, parent: i32) -> Entry {
        Entry {
            pid,
            parent,
            life: Life::Alive,
        }
    }
}
