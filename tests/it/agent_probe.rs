//! Promise: a Claude Code that does not answer delays `bridge try` by seconds, and leaves nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::agent_tree::{BRIDGE, living};
use crate::support::bridge::Bridge;

#[test]
fn a_claude_that_hangs_is_given_up_with_all_that_it_has_started() {
    let folder = tempfile::tempdir().expect("a folder");
    let claude = folder.path().join("claude");
    // As a wrapper around the program does: what hangs is a child, which holds the pipes.
    fs::write(&claude, "#!/bin/sh\nsetsid sleep 301 &\nsleep 300\n").expect("written");
    fs::set_permissions(&claude, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let data = folder.path().join("data");
    let tools = std::env::var("PATH").expect("a PATH");
    let mut command = Command::new(BRIDGE);
    command.env_clear();
    command.env("PATH", format!("{}:{tools}", folder.path().display()));
    command.env("HOME", folder.path());
    command.arg("try").arg("--data").arg(&data);
    let bridge = Bridge::spawn(command);
    bridge.wait_for_line("does not answer");
    let data = data.canonicalize().expect("it was made");
    assert_eq!(living(&data), [""; 0]);
}
