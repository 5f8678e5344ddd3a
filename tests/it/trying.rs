//! Promise: `bridge try` leaves nothing behind, and one that keeps its data goes on where it was.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::support::bridge::{Bridge, LONG};
use crate::support::eventually::eventually;

/// A machine with a home, a folder for what is thrown away, and nothing else of its own.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["home", "tmp", "bin"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program on the search path, before all others.
    fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn start(&self, arguments: &[&str]) -> Bridge {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bridge"));
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        command.env_clear().env("PATH", path);
        command.env("HOME", self.path("home"));
        command.env("TMPDIR", self.path("tmp"));
        command.current_dir(self.folder.path());
        command.arg("try").args(arguments);
        Bridge::spawn(command)
    }

    /// Returns the names in the folder for what is thrown away.
    fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("tmp")).unwrap().flatten();
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        names.collect()
    }
}

/// The chat page of a try.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    address: String,
    path: String,
}

impl Page {
    fn of(bridge: &Bridge) -> Self {
        let line = bridge.wait_for_line("Open this page: ");
        let url = line.split("http://").nth(1).unwrap();
        let (address, path) = url.split_once('/').unwrap();
        Self {
            address: address.to_owned(),
            path: format!("/{}", path.trim_end()),
        }
    }

    fn request(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        let (host, length) = (&self.address, body.len());
        write!(
            stream,
            "{head} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nx-playground: page\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        stream
    }

    fn say(&self, text: &str) {
        let act = format!(r#"{{"act":"say","person":1001,"text":"{text}","reply_to":null}}"#);
        let mut answer = String::new();
        let mut stream = self.request(&format!("POST {}act", self.path), &act);
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Waits until the page is told this.
    fn see(&self, expected: &str) {
        let mut stream = self.request(&format!("GET {}events?person=1001", self.path), "");
        let mut told = String::new();
        let mut bytes = [0; 4096];
        while !told.contains(expected) {
            let length = stream.read(&mut bytes).unwrap();
            assert_ne!(length, 0, "{told}");
            told.push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    }
}

fn end(mut bridge: Bridge, signal: Signal) {
    bridge.signal(signal);
    assert!(bridge.wait().success(), "{}", bridge.output());
}

#[test]
fn a_try_that_keeps_its_data_goes_on_under_the_same_address() {
    let machine = Machine::new();
    let arguments = ["--no-claude", "--data", "kept"];
    let bridge = machine.start(&arguments);
    let page = Page::of(&bridge);
    page.say("rehearse: bash echo $((40+2))x");
    page.see("42x");
    end(bridge, Signal::SIGTERM);
    let bridge = machine.start(&arguments);
    assert_eq!(Page::of(&bridge), page);
    page.see("42x");
    page.say("rehearse: bash echo $((40+3))x");
    page.see("43x");
    bridge.kill();
    let bridge = machine.start(&arguments);
    assert_eq!(Page::of(&bridge), page);
    page.see("42x");
    page.say("rehearse: bash echo $((40+4))x");
    page.see("44x");
    end(bridge, Signal::SIGINT);
    assert_eq!(machine.left(), [""; 0]);
}

#[test]
fn nothing_is_left_after_any_end() {
    let machine = Machine::new();
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let bridge = machine.start(&["--no-claude"]);
        bridge.wait_for_line("Stop with Ctrl-C");
        assert_eq!(machine.left().len(), 1);
        end(bridge, signal);
        assert_eq!(machine.left(), [""; 0]);
    }
    let bridge = machine.start(&["--no-claude"]);
    bridge.wait_for_line("Stop with Ctrl-C");
    bridge.kill();
    assert_eq!(machine.left().len(), 1);
    let bridge = machine.start(&["--no-claude"]);
    bridge.wait_for_line("Stop with Ctrl-C");
    assert_eq!(machine.left().len(), 1, "of the one that runs");
    end(bridge, Signal::SIGTERM);
    assert_eq!(machine.left(), [""; 0]);
}

#[test]
fn an_end_while_claude_is_asked_leaves_nothing_either() {
    let machine = Machine::new();
    let asked = machine.path("asked");
    // Like Claude, it leaves something where files of a moment go.
    machine.program(
        "claude",
        &format!(
            "mkdir $TMPDIR/claude-0; touch {}; read line; sleep 1",
            asked.display()
        ),
    );
    let bridge = machine.start(&[]);
    eventually("the program that is asked", LONG, || {
        asked.exists().then_some(())
    });
    end(bridge, Signal::SIGTERM);
    assert_eq!(machine.left(), [""; 0]);
}

#[test]
fn the_page_is_opened_and_a_browser_that_fails_costs_nothing() {
    let machine = Machine::new();
    let opened = machine.path("opened");
    machine.program(
        "xdg-open",
        &format!("echo \"$1\" > {0}.new; mv {0}.new {0}", opened.display()),
    );
    let bridge = machine.start(&["--no-claude", "--open"]);
    let page = Page::of(&bridge);
    let url = eventually("the opened address", LONG, || read(&opened));
    // Others can see the arguments of a browser, so the key of the page is not among them.
    let key = page.path.rsplit('/').nth(1).unwrap();
    assert!(!url.contains(key), "{url}");
    let path = url.trim().split(&page.address).nth(1).unwrap();
    let mut answer = String::new();
    page.request(&format!("GET {path}"), "")
        .read_to_string(&mut answer)
        .unwrap();
    assert!(
        answer.contains(&format!("location: ..{}", page.path)),
        "{answer}"
    );
    end(bridge, Signal::SIGTERM);
    machine.program("xdg-open", "exit 3");
    let bridge = machine.start(&["--no-claude", "--open"]);
    bridge.wait_for_line("Stop with Ctrl-C");
    end(bridge, Signal::SIGTERM);
}

fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
