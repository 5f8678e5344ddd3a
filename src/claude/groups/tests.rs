//! Hosts that are played: what is decided on each, and what is written where a bound can hold.

use std::fmt::Write as _;

use expect_test::expect;

use super::*;

const SYSTEMD: &str =
    "29 23 0:25 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";
const BOTH: &str = "\
30 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
31 23 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";
const PART: &str = "40 39 0:25 /docker/ab /sys/fs/cgroup ro - cgroup2 cgroup rw";

#[test]
fn the_group_of_a_process_is_found_on_every_kind_of_host() {
    let found = |own: &str, mounts: &str| {
        let found = group_of(own, mounts);
        found.map_or("none".to_owned(), |found| found.display().to_string())
    };
    let hosts = [
        ("systemd", "0::/system.slice/bridge.service\n", SYSTEMD),
        ("both versions", "4:memory:/x\n0::/\n", BOTH),
        (
            "version 1 alone",
            "4:memory:/x\n",
            "30 23 0:26 / /m rw - cgroup cgroup rw",
        ),
        ("container", "0::/\n", SYSTEMD),
        ("container that sees the host", "0::/docker/ab\n", PART),
        ("container elsewhere", "0::/docker/cd\n", PART),
        ("nothing mounted", "0::/\n", ""),
    ];
    let mut table = String::new();
    for (name, own, mounts) in hosts {
        writeln!(table, "{name}: {}", found(own, mounts)).unwrap();
    }
    expect![[r#"
        systemd: /sys/fs/cgroup/system.slice/bridge.service
        both versions: /sys/fs/cgroup/unified
        version 1 alone: none
        container: /sys/fs/cgroup
        container that sees the host: /sys/fs/cgroup
        container elsewhere: none
        nothing mounted: none
    "#]]
    .assert_eq(&table);
}

#[test]
fn a_bound_holds_only_in_a_group_of_the_bridges_own() {
    let host = || Host {
        folder: Some("/sys/fs/cgroup/bridge.service".into()),
        controllers: "cpu memory pids\n".to_owned(),
        processes: "7\n".to_owned(),
        own: 7,
        may_write: true,
    };
    let why = |host: Host| decide(&host, 4).map(|_| ()).err().unwrap_or_default();
    assert_eq!(why(host()), "");
    let mut table = String::new();
    let without = Host {
        folder: None,
        ..host()
    };
    let closed = Host {
        may_write: false,
        ..host()
    };
    let uncounted = Host {
        controllers: "cpu pids".to_owned(),
        ..host()
    };
    let shared = Host {
        processes: "7\n8\n".to_owned(),
        ..host()
    };
    for host in [without, closed, uncounted, shared] {
        writeln!(table, "{}", why(host)).unwrap();
    }
    expect![[r#"
        this system has no control groups of version 2
        the bridge may not change its control group /sys/fs/cgroup/bridge.service: a systemd unit asks for that with Delegate=yes
        the control group /sys/fs/cgroup/bridge.service does not count memory: a systemd unit asks for that with Delegate=yes
        the control group /sys/fs/cgroup/bridge.service has other processes than the bridge: a systemd unit asks for that with Delegate=yes
    "#]]
    .assert_eq(&table);
}

/// Plain files stand for those of the kernel: what is written where.
#[test]
fn the_bridge_goes_below_its_group_and_each_room_has_its_bound_above_its_processes() {
    let place = tempfile::tempdir().unwrap();
    let groups = Groups {
        folder: place.path().to_owned(),
        memory: 4096,
    };
    let at = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    groups.settle().unwrap();
    assert_eq!(at("bridge/cgroup.procs"), std::process::id().to_string());
    assert_eq!(at("cgroup.subtree_control"), "+pids", "the last of two");
    let agent = groups.make("x").unwrap();
    assert_eq!(agent, place.path().join("room-x/agent"));
    assert_eq!(at("room-x/memory.max"), "4096");
    join(&agent).unwrap();
    assert_eq!(at("room-x/agent/cgroup.procs"), "0");
}
