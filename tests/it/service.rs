//! Promise: a service manager learns how the bridge is.

use std::os::unix::net::UnixDatagram;

use nix::sys::signal::Signal;

use crate::support::bridge::{LONG, World};

/// What systemd would be told, line by line.
struct Manager {
    socket: UnixDatagram,
    lines: Vec<String>,
}

impl Manager {
    /// Becomes the service manager of a world's bridges.
    fn of(world: &mut World) -> Self {
        let path = world.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(LONG)).unwrap();
        world.env("NOTIFY_SOCKET", &path.display().to_string());
        Self {
            socket,
            lines: Vec::new(),
        }
    }

    /// Waits for a line that begins like this.
    fn wait_for(&mut self, start: &str) -> String {
        loop {
            if let Some(at) = self.lines.iter().position(|line| line.starts_with(start)) {
                return self.lines.remove(at);
            }
            let mut message = [0; 4096];
            let length = self.socket.recv(&mut message).expect("a word in time");
            let text = String::from_utf8_lossy(&message[..length]);
            self.lines.extend(text.lines().map(str::to_owned));
        }
    }
}

#[test]
fn readiness_signs_of_life_reloads_and_the_end_are_told() {
    let mut world = World::new();
    let mut manager = Manager::of(&mut world);
    world.env("WATCHDOG_USEC", "200000");
    let bridge = world.start();
    manager.wait_for("READY=1");
    for _ in 0..3 {
        manager.wait_for("WATCHDOG=1");
    }
    world.say_and_see("rehearse: bash env | grep -c -e NOTIFY -e WATCHDOG", "0");
    bridge.signal(Signal::SIGHUP);
    manager.wait_for("RELOADING=1");
    manager.wait_for("MONOTONIC_USEC=");
    manager.wait_for("READY=1");
    bridge.signal(Signal::SIGTERM);
    manager.wait_for("STOPPING=1");
    bridge.stop_after_signal();
}

#[test]
fn an_outage_of_telegram_does_not_keep_the_service_from_being_ready() {
    let mut world = World::new();
    let mut manager = Manager::of(&mut world);
    world.set("telegram.api_url", "\"http://127.0.0.1:9\"");
    let bridge = world.start();
    manager.wait_for("READY=1");
    bridge.stop();
}

#[test]
fn a_hanging_bridge_gives_no_sign_of_life() {
    let mut world = World::new();
    let mut manager = Manager::of(&mut world);
    world.env("WATCHDOG_USEC", "200000");
    let bridge = world.start();
    manager.wait_for("WATCHDOG=1");
    bridge.signal(Signal::SIGSTOP);
    // What was sent before the stop may still lie in the socket.
    let pause = std::time::Duration::from_secs(1);
    manager.socket.set_read_timeout(Some(pause)).unwrap();
    let mut message = [0; 4096];
    let left_over = (0..50).take_while(|_| manager.socket.recv(&mut message).is_ok());
    assert!(left_over.count() < 50, "the signs of life go on");
    bridge.signal(Signal::SIGCONT);
    manager.socket.set_read_timeout(Some(LONG)).unwrap();
    manager.wait_for("WATCHDOG=1");
    bridge.stop();
}
