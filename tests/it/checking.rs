//! Promise: `bridge check` finds what the start would fail on, as the user that asks.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Who asks where the tests run as root, who may write everywhere.
const NOBODY: u32 = 65_534;

/// A folder with a bridge that a plain user can run, and a Claude that tells a version.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new(configuration: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let place = Self { folder };
        place.open(&place.path(""));
        fs::copy(env!("CARGO_BIN_EXE_bridge"), place.path("bridge")).unwrap();
        fs::write(place.path("claude"), "#!/bin/sh\necho 2.1.332\n").unwrap();
        for program in ["bridge", "claude"] {
            place.open(&place.path(program));
        }
        let binary = place.path("claude").display().to_string();
        let text = format!("claude.binary = {binary:?}\n{configuration}");
        fs::write(place.path("bridge.toml"), text).unwrap();
        fs::set_permissions(place.path("bridge.toml"), Permissions::from_mode(0o644)).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, path: &Path) {
        fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }

    /// Makes a folder in which a plain user can change nothing.
    fn close(&self, name: &str) {
        fs::create_dir_all(self.path(name)).unwrap();
        fs::set_permissions(self.path(name), Permissions::from_mode(0o555)).unwrap();
    }

    /// Runs a command of the bridge as a plain user.
    fn ask(&self, command: &str) -> Output {
        let mut bridge = Command::new(self.path("bridge"));
        bridge
            .arg(command)
            .current_dir(self.folder.path())
            .env_clear();
        bridge.env(
            "TELEGRAM_BOT_TOKEN",
            "123456789:AAExampleExampleExampleExample_abc",
        );
        if nix::unistd::geteuid().is_root() {
            bridge.uid(NOBODY).gid(NOBODY);
        }
        bridge.output().unwrap()
    }

    #[track_caller]
    fn assert_found(&self, expected: &str) {
        let output = self.ask("check");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Or the folder could not be removed by whoever is not root.
        for entry in fs::read_dir(self.folder.path())
            .into_iter()
            .flatten()
            .flatten()
        {
            self.open(&entry.path());
        }
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_fails_the_check_and_the_start() {
    let place = Place::new("");
    place.close("data");
    place.assert_found("storage.dir: the bridge cannot keep its data in ");
    let started = place.ask("run");
    let said = String::from_utf8_lossy(&started.stderr);
    assert_eq!(started.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot use the data folder"), "{said}");
}

#[test]
fn backups_that_cannot_be_written_fail_the_check() {
    let place = Place::new("");
    place.close("data/backups");
    if nix::unistd::geteuid().is_root() {
        let owned = std::os::unix::fs::chown(place.path("data"), Some(NOBODY), Some(NOBODY));
        owned.unwrap();
    }
    place.assert_found("data/backups: Permission denied");
    place.open(&place.path("data/backups"));
}

#[test]
fn a_shared_workspace_without_room_for_people_fails_the_check() {
    let place = Place::new(
        "multi_user.enabled = true\nmulti_user.admin_users = [7]\nworkspace.dir = \"people\"\n\
         storage.dir = \"/tmp/never-made\"\n",
    );
    place.close("people");
    place.assert_found("workspace.dir: cannot make a folder for each person: ");
}
