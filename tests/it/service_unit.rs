//! Promise: `docs/bridge.service` can be loaded, keeps agents from the machine, and has a variant
//! for those that are to become root.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::real_claude::report_skipped;

/// What `systemd-analyze security` may say at most, in tenths.
const EXPOSURE: &str = "40";

/// What Claude's own sandbox needs left alone; each was seen to break it.
const NEEDED_OPEN: [&str; 8] = [
    "ProtectKernelTunables",
    "ProtectKernelLogs",
    "ProtectProc",
    "ProcSubset",
    "RestrictNamespaces",
    "MemoryDenyWriteExecute",
    "ProtectHome",
    "PrivateUsers",
];

/// What takes the way to root from a process whose user is not root; the first says so, the others
/// imply it (systemd.exec(5), `NoNewPrivileges=`).
const NO_WAY_TO_ROOT: [&str; 14] = [
    "NoNewPrivileges",
    "SystemCallFilter",
    "SystemCallArchitectures",
    "RestrictAddressFamilies",
    "RestrictNamespaces",
    "PrivateDevices",
    "ProtectKernelTunables",
    "ProtectKernelModules",
    "ProtectKernelLogs",
    "ProtectClock",
    "ProtectHostname",
    "LockPersonality",
    "RestrictRealtime",
    "RestrictSUIDSGID",
];

#[test]
fn the_unit_can_be_loaded() {
    let folder = TempDir::new().unwrap();
    assert_loads(folder.path());
}

#[test]
fn agents_cannot_do_much_to_the_machine() {
    let folder = TempDir::new().unwrap();
    let unit = write_unit(folder.path());
    let threshold = format!("--threshold={EXPOSURE}");
    let arguments = ["security", "--offline=true", "--no-pager", &threshold];
    if let Some(output) = systemd_analyze(&arguments, &unit) {
        assert!(output.status.success(), "{}", words(&output));
    }
}

#[test]
fn claudes_own_sandbox_has_what_it_needs() {
    for key in NEEDED_OPEN {
        assert_eq!(values(&unit(), key), [""; 0], "{key}");
    }
    let filters = values(&unit(), "SystemCallFilter");
    assert!(!filters.is_empty());
    for filter in filters {
        assert!(filter.starts_with('~'), "{filter} names what is allowed");
        assert!(!filter.contains("@mount") && !filter.contains("@privileged"));
    }
}

#[test]
fn the_bridge_may_bound_the_memory_of_rooms() {
    assert_eq!(values(&unit(), "Delegate"), ["memory pids"]);
    // It would make the control groups read-only.
    assert_eq!(values(&unit(), "ProtectControlGroups"), [""; 0]);
}

#[test]
fn debian_12_knows_how_the_service_tells_that_it_is_ready() {
    // Type=notify-reload came with 253, and Debian 12 has 252.
    assert_eq!(values(&unit(), "Type"), ["notify"]);
    assert_eq!(values(&unit(), "ExecReload"), ["/bin/kill -HUP $MAINPID"]);
}

#[test]
fn the_variant_for_sudo_can_be_loaded_and_leaves_the_way_to_root_open() {
    let folder = TempDir::new().unwrap();
    let drop_ins = folder.path().join("bridge.service.d");
    fs::create_dir(&drop_ins).unwrap();
    fs::write(drop_ins.join("sudo.conf"), variant()).unwrap();
    assert_loads(folder.path());
    for key in NO_WAY_TO_ROOT {
        if !values(&unit(), key).is_empty() {
            let undone = values(&variant(), key);
            assert!(["no", ""].contains(&undone[0].as_str()), "{key}={undone:?}");
        }
    }
}

/// Fails unless systemd finds nothing to say about the unit in a folder, drop-ins included.
fn assert_loads(folder: &Path) {
    let unit = write_unit(folder);
    if let Some(output) = systemd_analyze(&["verify", "--man=no"], &unit) {
        assert!(output.status.success(), "{}", words(&output));
        // It is content with a setting that it does not know, but says so.
        let about_us = words(&output);
        let about_us: Vec<_> = about_us
            .lines()
            .filter(|line| line.contains("bridge.service"))
            .collect();
        assert_eq!(about_us, [""; 0]);
    }
}

/// Writes the unit with a program that is there, and returns its path.
fn write_unit(folder: &Path) -> String {
    let path = folder.join("bridge.service");
    let program = env!("CARGO_BIN_EXE_bridge");
    let text = unit().replace("/usr/local/bin/bridge", program);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Runs `systemd-analyze`; on a machine without it, which CI may not be, says that the test is
/// skipped.
fn systemd_analyze(arguments: &[&str], unit: &str) -> Option<Output> {
    let mut command = Command::new("systemd-analyze");
    command.args(arguments).arg(unit);
    match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound && env::var_os("CI").is_none() => {
            report_skipped("systemd-analyze is not installed");
            None
        }
        output => Some(output.expect("systemd-analyze is needed; the package is called systemd")),
    }
}

fn words(output: &Output) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn unit() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/bridge.service");
    fs::read_to_string(path).unwrap()
}

/// Returns the drop-in that the unit has as a comment.
fn variant() -> String {
    let unit = unit();
    let lines = unit.lines().skip_while(|line| *line != "#[Service]");
    let lines = lines.map_while(|line| line.strip_prefix('#'));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Returns what a key is set to, in order.
fn values(text: &str, key: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.split_once('='));
    let found = lines.filter(|(name, _)| *name == key);
    found.map(|(_, value)| value.to_owned()).collect()
}
