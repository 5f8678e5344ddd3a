//! Pictures of the chat page, taken while the day is played, for whoever asks for them.
//!
//! `BRIDGE_DAY=/home/olga cargo test --test it real_claude_day` lets the day happen in that folder,
//! which is emptied before, and leaves `day-*.png` and `files-*.png` in it. It takes Chromium.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::bridge::World;

/// How wide a phone is.
const WIDTH: u32 = 440;

/// Where the day is played for its pictures; `None` if nobody wants any.
pub(super) struct Pictures(Option<PathBuf>);

impl Pictures {
    pub(super) fn wanted() -> Self {
        Self(env::var_os("BRIDGE_DAY").map(PathBuf::from))
    }

    /// Returns the folder of the project in which the day is to be played.
    pub(super) fn project(&self, otherwise: &Path) -> PathBuf {
        let Some(home) = &self.0 else {
            return otherwise.to_owned();
        };
        let project = home.join("invoices");
        fs::remove_dir_all(&project).ok();
        fs::create_dir_all(&project).unwrap();
        project
    }

    /// Takes a picture of the end of the chat.
    pub(super) fn take(&self, world: &World, name: &str, height: u32) {
        let Some(home) = &self.0 else { return };
        let url = world.playground.page_url().expect("the page is on");
        // The page fills itself after it has loaded, which Chromium does not wait for: of several
        // pictures the one with the most in it is the right one.
        let tries = (0..4).map(|_| picture(&url, height));
        let picture = tries.max_by_key(Vec::len).unwrap_or_default();
        fs::write(home.join(format!("{name}.png")), picture).unwrap();
    }
}

fn picture(url: &str, height: u32) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("picture.png");
    let status = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu"])
        .args(["--disable-quic", "--no-first-run", "--hide-scrollbars"])
        .args(["--disable-background-networking", "--disable-sync"])
        .arg("--disable-component-update")
        .arg(format!("--user-data-dir={}", folder.path().display()))
        .arg(format!("--window-size={WIDTH},{height}"))
        .arg("--timeout=8000")
        .arg(format!("--screenshot={}", picture.display()))
        .arg(url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("chromium starts").success());
    fs::read(picture).unwrap()
}
