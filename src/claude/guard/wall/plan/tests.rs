//! Rooms as text: what is mounted where, in which order.

use expect_test::{Expect, expect};

use super::*;

#[test]
fn a_room_beside_the_data_folder_has_nothing_of_it() {
    check(
        "read /usr; read /etc; cover /srv/bridge/data; cover /srv/bridge/bridge.toml; \
         own /srv/bridge/data/chats/7/home; own /srv/bridge/7",
        expect![[r#"
            folder /etc
            bind /etc
            folder /srv/bridge/7
            bind /srv/bridge/7
            folder /srv/bridge/data/chats/7/home
            bind /srv/bridge/data/chats/7/home
            folder /usr
            bind /usr
            sealed /etc
            open /srv/bridge/7
            open /srv/bridge/data/chats/7/home
            sealed /usr
        "#]],
    );
}

#[test]
fn a_room_around_the_data_folder_has_covers_over_it_and_its_own_home_on_top() {
    check(
        "cover /srv/bridge/data; coverfile /srv/bridge/bridge.toml; \
         own /srv/bridge/data/chats/7/home; own /srv/bridge",
        expect![[r#"
            folder /srv/bridge
            bind /srv/bridge
            cover file /srv/bridge/bridge.toml
            cover folder /srv/bridge/data
            folder /srv/bridge/data/chats/7/home
            bind /srv/bridge/data/chats/7/home
            seal /srv/bridge/data, passable
            open /srv/bridge
            open /srv/bridge/data/chats/7/home
        "#]],
    );
}

#[test]
fn what_is_covered_in_a_system_folder_is_covered() {
    check(
        "read /etc; coverfile /etc/bridge/bridge.toml; cover /etc/bridge/data; own /w/7",
        expect![[r#"
            folder /etc
            bind /etc
            cover file /etc/bridge/bridge.toml
            cover folder /etc/bridge/data
            folder /w/7
            bind /w/7
            seal /etc/bridge/data
            sealed /etc
            open /w/7
        "#]],
    );
}

#[test]
fn no_list_of_paths_lifts_a_cover() {
    check(
        "read /data/chats/8; cover /data; write /data; read /data/store; read /srv; own /w/7",
        expect![[r#"
            folder /srv
            bind /srv
            folder /w/7
            bind /w/7
            sealed /srv
            open /w/7
        "#]],
    );
}

#[test]
fn what_is_read_inside_of_what_is_written_stays_as_it_is() {
    check(
        "read /home/u/.local/bin; write /home/u/x; own /home/u; read /opt; write /opt/cache",
        expect![[r#"
            folder /home/u
            bind /home/u
            bind /home/u/.local/bin
            folder /opt
            bind /opt
            bind /opt/cache
            open /home/u
            sealed /home/u/.local/bin
            sealed /opt
            open /opt/cache
        "#]],
    );
}

#[test]
fn a_folder_below_tmp_is_there_and_all_else_of_tmp_is_not() {
    let found = found("own /tmp/w/7");
    let steps: Vec<_> = plan(&found).steps.iter().map(Step::to_string).collect();
    let at = |step: &str| steps.iter().position(|it| it == step);
    let memory = at("memory /tmp mode=1777,size=2g");
    assert!(
        memory.is_some() && memory < at("folder /tmp/w/7"),
        "{steps:#?}"
    );
}

#[test]
fn every_room_has_devices_terminals_processes_and_memory_of_its_own() {
    let mut found = found("own /w/7");
    found.devices = vec!["null", "tty"];
    found.links = vec![
        ("/bin".into(), "usr/bin".into()),
        ("/w/x".into(), "/w/7".into()),
        ("/bin/sh".into(), "/usr/bin/dash".into()),
    ];
    found.uid = Some(200_001);
    let steps: Vec<_> = plan(&found).steps.iter().map(Step::to_string).collect();
    expect![[r#"
        folder /dev
        memory /dev mode=0755,size=64k
        device null
        device tty
        folder /dev/pts
        terminals
        link /dev/fd -> /proc/self/fd
        link /dev/stdin -> /proc/self/fd/0
        link /dev/stdout -> /proc/self/fd/1
        link /dev/stderr -> /proc/self/fd/2
        link /dev/ptmx -> pts/ptmx
        folder /dev/shm
        memory /dev/shm mode=1777,size=256m
        folder /proc
        processes
        folder /run
        memory /run mode=0755,size=16m
        folder /tmp
        memory /tmp mode=1777,size=2g
        folder /var/tmp
        memory /var/tmp mode=1777,size=512m
        folder /w/7
        bind /w/7
        link /bin -> usr/bin
        link /w/x -> /w/7"#]]
    .assert_eq(&steps.join("\n"));
}

/// Compares what a room has beyond what every room has.
#[track_caller]
fn check(script: &str, expected: Expect) {
    let common: Vec<_> = plan(&found("")).steps;
    let plan = plan(&found(script));
    let own = |path: &Path| OWN.iter().any(|(own, _)| Path::new(own) == path);
    let mut text = String::new();
    for step in plan.steps.iter().filter(|step| !common.contains(step)) {
        text.push_str(&format!("{step}\n"));
    }
    for (path, lock) in plan.locks.iter().filter(|(path, _)| !own(path)) {
        let word = match lock {
            Lock::Sealed => "sealed",
            Lock::Open => "open",
            Lock::Free => continue,
        };
        text.push_str(&format!("{word} {}\n", path.display()));
    }
    expected.assert_eq(&text);
}

#[test]
fn a_rooms_own_list_of_hosts_lies_where_the_hosts_one_is() {
    let steps = |at: &str, more: &str| {
        let found = Found {
            hosts: Some("list".to_owned()),
            hosts_at: at.into(),
            ..found(&format!("read /etc; own /w; {more}"))
        };
        let steps = plan(&found).steps.into_iter().map(|step| step.to_string());
        let name = at.rsplit('/').next().unwrap();
        let about = steps.filter(|step| step.ends_with(name));
        about.collect::<Vec<_>>()
    };
    assert_eq!(steps("/etc/hosts", ""), ["text /etc/hosts"]);
    // NixOS has a link there.
    let store = "/nix/store/x-hosts";
    assert_eq!(steps(store, "read /nix/store"), [format!("text {store}")]);
    let run = ["file /run/hosts", "text /run/hosts"];
    assert_eq!(steps("/run/hosts", ""), run);
}

fn found(script: &str) -> Found {
    let places = script.split(';').map(str::trim).filter(|it| !it.is_empty());
    let places = places.map(|words| {
        let (access, path) = words.split_once(' ').unwrap();
        let (kind, access) = match access {
            "read" => (Kind::Folder, Access::Read),
            "write" => (Kind::Folder, Access::Write),
            "own" => (Kind::Folder, Access::Own),
            "cover" => (Kind::Folder, Access::Cover),
            "coverfile" => (Kind::File, Access::Cover),
            other => panic!("{other}"),
        };
        Place::new(path.trim().into(), kind, access)
    });
    Found {
        places: places.collect(),
        ..Found::default()
    }
}
