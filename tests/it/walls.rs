//! Promise: what an agent can see, change and signal is its own room, at each level that this kernel
//! offers, as root and as any other user.
//!
//! A machine that offers no namespaces, or no Landlock, skips those levels by name, and then the
//! fallback is what is promised: `rooms` looks at it.

mod hogs;
mod homes;
mod memory;
mod networks;
mod place;
mod probes;
mod refused;
mod rooms;

use bridge::claude::guard::canary::{Targets, try_wall};
use bridge::claude::guard::{Containment, Level, Network, View};

use place::{Layout, Place, Who};
use probes::{CONTROLS, NEEDS_NAMESPACE};

use crate::support::agent_tree::{BRIDGE, wait_until_none_lives};

/// What Landlock is known to leave open: SECURITY.md says so.
const OPEN_AT_LANDLOCK: &[&str] = &[
    "command lines of others",
    "shared memory of others",
    "unix socket by path",
    "change the modes of another's file",
    // Of a bridge that is root: there is no other user to become.
    "passwords of the host",
];

#[test]
fn at_strict_no_probe_gets_out_of_the_room_and_the_room_works() {
    for who in Who::all() {
        for layout in [Layout::DataBeside, Layout::DataInside] {
            let place = Place::new(who, layout);
            let Some(containment) = place.namespace() else {
                continue;
            };
            let said = place.run(Level::Strict, containment, &probes::script(&place));
            assert_eq!(leaks(&said, &[]), [""; 0], "{who:?} {layout:?}\n{said}");
            assert_controls(&said, &place);
        }
    }
}

#[test]
fn at_landlock_files_of_others_are_out_of_reach() {
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside).without_user();
        let containments = [place.namespace(), Some(Containment::Tree)];
        for containment in containments.into_iter().flatten() {
            if !place.has_landlock() {
                return;
            }
            let said = place.run(Level::Landlock, containment, &probes::script(&place));
            let left = leaks(&said, OPEN_AT_LANDLOCK);
            assert_eq!(left, [""; 0], "{who:?} {containment:?}\n{said}");
            for control in CONTROLS.iter().filter(|it| !NEEDS_NAMESPACE.contains(it)) {
                assert!(said.contains(&format!("works: {control}\n")), "{said}");
            }
        }
    }
}

/// The probes themselves: where there is no wall they reach what they are after. Not as root, who
/// would reach this machine.
#[test]
fn without_a_wall_the_probes_get_out() {
    for who in [Who::User] {
        let place = Place::new(who, Layout::DataInside);
        let said = place.run(Level::Off, Containment::Tree, &probes::script(&place));
        for probe in [
            "read the configuration",
            "list the data",
            "read another's folder",
            "list another's conversations",
            "write another's folder",
            "empty another's file",
            "change the modes of another's file",
            "environment of another process",
            "command lines of others",
            "signal another process",
            "link out of the folder",
            "unix socket by path",
            "files of others in /tmp",
            "shared memory of others",
        ] {
            if probe == "signal another process" && place.outside() <= 1000 {
                // A small number could be one of the room's own, so it is not signalled.
                continue;
            }
            assert!(
                said.contains(&format!("leaks: {probe}\n")),
                "{probe}: {said}"
            );
        }
    }
}

#[test]
fn nothing_of_a_walled_agent_outlives_its_guard() {
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside);
        let Some(containment) = place.namespace() else {
            continue;
        };
        let script = "setsid env -i sleep 296 & setsid nohup sleep 296 >/dev/null 2>&1 & \
                      echo ready; wait";
        let mut guarded = place.start(Level::Strict, containment, script);
        assert_eq!(guarded.line(), "ready");
        guarded.kill();
        wait_until_none_lives(place.root());
    }
}

#[test]
fn a_fork_bomb_stays_in_its_room() {
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside);
        let Some(containment) = place.namespace() else {
            continue;
        };
        let script = "exec python3 -c '\nimport os, time\nn = 0\ntry:\n  while n < 1000:\n    \
                      if os.fork() == 0: time.sleep(30); os._exit(0)\n    n += 1\nexcept \
                      OSError: pass\nprint(n)'";
        let said = place.run(Level::Strict, containment, script);
        let n: usize = said
            .trim()
            .lines()
            .last()
            .unwrap_or("0")
            .parse()
            .unwrap_or(0);
        assert!(n < 400, "{who:?}: {n} processes\n{said}");
    }
}

#[test]
fn a_canary_in_a_whole_room_reaches_nothing() {
    for who in Who::all().into_iter().filter(|who| who.is_this_one()) {
        let place = Place::new(who, Layout::DataInside);
        if let Some(containment) = place.namespace() {
            for network in [Network::Open, Network::Alone(None)] {
                let mut view = place.view(Level::Strict);
                view.network = network;
                let found = sing(&place, containment, &view);
                assert_eq!(found, [""; 0], "{who:?}");
            }
        }
    }
}

/// The self-test: a canary that does not notice would prove nothing.
#[test]
fn a_cover_that_is_left_out_is_noticed_by_the_canary() {
    for who in Who::all().into_iter().filter(|who| who.is_this_one()) {
        // Another user would be kept out by the modes of the files too.
        let place = Place::new(who, Layout::DataInside).without_user();
        let Some(containment) = place.namespace() else {
            continue;
        };
        let mut whole = place.view(Level::Strict);
        whole.uid = None;
        for name in ["data", "bridge.toml"] {
            let cover = place.path(name);
            let is_named = |found: &[String]| {
                let cover = cover.display().to_string();
                found.iter().any(|it| it.ends_with(&cover))
            };
            assert!(!is_named(&sing(&place, containment, &whole)), "{name}");
            let mut view = whole.clone();
            view.covers.retain(|it| *it != cover);
            assert_eq!(view.covers.len() + 1, whole.covers.len());
            let found = sing(&place, containment, &view);
            assert!(is_named(&found), "without {name}: {found:?}");
        }
    }
}

/// Returns what a canary reaches.
fn sing(place: &Place, containment: Containment, view: &View) -> Vec<String> {
    let targets = Targets {
        files: vec![place.path("bridge.toml")],
        folders: vec![place.path("data")],
    };
    let found = try_wall(
        BRIDGE.as_ref(),
        containment,
        view,
        &place.folder(),
        &targets,
    );
    found.expect("the room is made")
}

#[track_caller]
fn assert_controls(said: &str, place: &Place) {
    for control in CONTROLS {
        let works = said.contains(&format!("works: {control}\n"));
        let is_offered = *control != "nested namespace" || place.nests();
        assert!(works || !is_offered, "{control}\n{said}");
    }
}

/// Returns what leaked, but for what may.
fn leaks<'a>(said: &'a str, open: &[&str]) -> Vec<&'a str> {
    let all = said.lines().filter_map(|line| line.strip_prefix("leaks: "));
    all.filter(|probe| !open.contains(probe)).collect()
}
