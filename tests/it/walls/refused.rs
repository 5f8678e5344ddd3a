//! Machines that do not let the bridge wall anybody in, played: what holds there, and what people and
//! administrators are told.

use std::process::Command;

use super::rooms::{ANNA, BEN, ask, check, has_namespaces, shared};
use crate::support::bridge::{Bridge, OWNER, World};

/// Returns a bridge on a kernel that lets nobody make a namespace, as the administrators of some
/// systems have it: this one, or one that is played.
fn without_namespaces(world: &World, role: &[&str]) -> Command {
    let line = "echo 0 > /proc/sys/user/max_user_namespaces; \
                exec setpriv --bounding-set=-all --inh-caps=-all -- \"$@\"";
    if !has_namespaces() {
        let mut bridge = world.command();
        bridge.args(role);
        return bridge;
    }
    played(world, role, &["--user", "--map-root-user"], line)
}

/// Returns a bridge in a container that may make namespaces and shows a part of `/proc` alone.
fn in_a_container(world: &World, role: &[&str]) -> Command {
    let line = "mount -t tmpfs -o ro none /proc/sys && exec \"$@\"";
    played(world, role, &["--user", "--map-root-user", "--mount"], line)
}

/// Returns a bridge behind what `unshare` does and a shell that has begun with a line.
fn played(world: &World, role: &[&str], unshared: &[&str], line: &str) -> Command {
    let bridge = world.command();
    let mut command = Command::new("unshare");
    command.args(unshared).args(["sh", "-c", line, "sh"]);
    command
        .arg(bridge.get_program())
        .args(bridge.get_args())
        .args(role);
    command.env_clear();
    for (name, value) in bridge.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    if let Some(folder) = bridge.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

/// Says whether such a kernel can be played here, or is what this is.
fn refuses_namespaces(world: &World) -> bool {
    let played = without_namespaces(world, &["--version"]).output();
    let is_played = played.is_ok_and(|output| output.status.success());
    if !is_played {
        use std::io::Write as _;
        writeln!(
            std::io::stderr(),
            "skipped: a kernel without namespaces cannot be played"
        )
        .ok();
    }
    is_played
}

#[test]
fn where_namespaces_are_refused_landlock_is_the_wall_and_administrators_are_told() {
    let world = shared();
    if !refuses_namespaces(&world) {
        return;
    }
    let said = check(&mut without_namespaces(&world, &["check"]), &[]);
    if !said.contains("landlock, the owner") {
        // Neither, then: that is promised below.
        assert!(said.contains("refused, the owner"), "{said}");
        return;
    }
    let _bridge = Bridge::spawn(without_namespaces(&world, &["run"]));
    ask(
        &world,
        BEN,
        "rehearse: bash echo plum > secret; pwd",
        "project/3003",
    );
    let secret = world.path("project/3003/secret").display().to_string();
    let said = ask(
        &world,
        ANNA,
        &format!("rehearse: bash cat {secret} 2>&1; echo done"),
        "done",
    );
    assert!(said.text.contains("Permission denied"), "{}", said.text);
    ask(&world, ANNA, "/status", "🔒 Own room (landlock)");
    world.see_after(OWNER, 0, "walled by Landlock alone");
}

#[test]
fn where_a_container_masks_proc_landlock_is_the_wall_and_the_way_out_is_named() {
    let world = shared();
    let played = in_a_container(&world, &["--version"]).output();
    if !played.is_ok_and(|output| output.status.success()) {
        use std::io::Write as _;
        writeln!(std::io::stderr(), "skipped: a container cannot be played").ok();
        return;
    }
    let said = check(&mut in_a_container(&world, &["check"]), &[]);
    assert!(said.contains("systempaths=unconfined"), "{said}");
    let _bridge = Bridge::spawn(in_a_container(&world, &["run"]));
    let told = world.see_after(OWNER, 0, "systempaths=unconfined").text;
    assert!(told.contains("cannot mount /proc"), "{told}");
    let level = match said.contains("landlock, the owner") {
        true => "🔒 Own room (landlock)",
        false => "🔒 No room",
    };
    ask(&world, ANNA, "/status", level);
}

#[test]
fn where_no_wall_holds_only_the_owner_is_served_and_learns_what_to_write() {
    let mut world = shared();
    if !refuses_namespaces(&world) {
        return;
    }
    // Landlock cannot hide what lies in a folder that is open: here the data does.
    let folder = world.path("").display().to_string();
    world.set("users.3003.dir", format!("{folder:?}"));
    let bridge = Bridge::spawn(without_namespaces(&world, &["run"]));
    ask(&world, ANNA, "rehearse: say hi", "serves only its owner");
    ask(&world, ANNA, "/status", "🔒 No room");
    ask(&world, OWNER, "rehearse: say hi", "hi");
    let told = world.see_after(OWNER, 0, "only the owner is served").text;
    assert!(told.contains("claude.isolation"), "{told}");
    assert!(
        told.contains("bridge.toml") || told.contains("data"),
        "{told}"
    );
    bridge.stop();
    // The same is not told again.
    let _bridge = Bridge::spawn(without_namespaces(&world, &["run"]));
    ask(&world, OWNER, "rehearse: say again", "again");
    let texts = world.bot_texts(OWNER);
    let told = texts
        .iter()
        .filter(|it| it.contains("only the owner is served"));
    assert_eq!(told.count(), 1, "{texts:#?}");
}

#[test]
fn a_level_that_is_written_and_does_not_hold_ends_the_start() {
    let mut world = shared();
    world.set("claude.isolation", r#""strict""#);
    if !refuses_namespaces(&world) {
        return;
    }
    let output = without_namespaces(&world, &["run"]).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("claude.isolation is \"strict\""), "{said}");
}
