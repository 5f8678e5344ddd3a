//! Promise: a room has as much memory as the bridge lets it, where the kernel counts memory by control
//! groups of version 2; whoever takes more is ended, and nobody else.

use std::fs;
use std::process::Command;

use bridge::claude::guard::Level;

use super::hogs::{Group, roots_place};
use super::place::skipped;
use super::rooms::{ANNA, BEN, ask, has_namespaces, shared};
use crate::support::bridge::Bridge;

/// Takes 2 GiB, and goes on when that is refused.
const HOG: &str = "python3 -c 'b = bytearray(2 << 30); print(\"took\", len(b))' || echo ended; \
                   echo lives";

/// Says whether memory is counted in a group. The control: another kernel proves nothing.
fn counts_memory(group: &Group) -> bool {
    let counts = group.folder().join("memory.max").exists();
    if !counts {
        skipped("memory", "no memory is counted by groups of version 2");
    }
    counts
}

#[test]
fn a_bridge_with_a_group_of_its_own_bounds_each_room() {
    let Some(group) = Group::new("bridge").filter(counts_memory) else {
        return;
    };
    if !has_namespaces() {
        return;
    }
    // The bridge is the only one in its group, as a service manager has it.
    fs::remove_dir(group.agent()).expect("nobody is in it");
    let mut world = shared();
    world.set("isolation.memory", r#""512MB""#);
    let bridge = world.command();
    let mut command = Command::new("sh");
    command.args(["-c", "echo $$ > \"$0\" && exec \"$@\""]);
    command.arg(group.folder().join("cgroup.procs"));
    command
        .arg(bridge.get_program())
        .args(bridge.get_args())
        .arg("run");
    command.env_clear();
    command.envs(
        bridge
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command.current_dir(bridge.get_current_dir().expect("a folder"));
    let bridge = Bridge::spawn(command);
    let said = ask(&world, ANNA, &format!("rehearse: bash {HOG}"), "lives");
    let said = said.text;
    assert!(said.contains("ended\nlives"), "{said}");
    assert!(!said.contains("took 2147483648"), "{said}");
    // Somebody else's room, and the next work in this one, go on.
    ask(&world, BEN, "rehearse: bash echo ben works", "ben works");
    ask(&world, ANNA, "rehearse: bash echo anna works", "anna works");
    let log = bridge.stop();
    assert!(!log.contains("panicked"), "{log}");
    for room in ["bridge", "trial"] {
        fs::remove_dir(group.folder().join(room)).ok();
    }
}

#[test]
fn what_takes_more_memory_than_the_room_may_have_is_ended() {
    let Some((place, group)) = roots_place().zip(Group::new("memory")) else {
        return;
    };
    if !counts_memory(&group) {
        return;
    }
    let bound = |file: &str, most: &str| fs::write(group.folder().join(file), most);
    bound("memory.max", &(128 << 20).to_string()).expect("a bound");
    bound("memory.swap.max", "0").ok();
    let Some(containment) = place.namespace() else {
        return;
    };
    let mut view = place.view(Level::Strict);
    view.group = Some(group.agent());
    let said = place.run_in(Some(&view), containment, HOG);
    assert!(said.ends_with("ended\nlives\n"), "{said}");
}
