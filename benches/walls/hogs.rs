//! What a hog in one person's room costs the turns of somebody else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use tempfile::TempDir;

use crate::figures::{Percentiles, milliseconds};
use crate::place::{OWNER, Place};

const HOG: i64 = 2002;

/// How many turns are measured beside each hog.
const TURNS: usize = 100;

/// What runs in the hog's room, for longer than the turns beside it take. A command begins when it
/// has made the file `started`.
const HOGS: [(&str, &str); 6] = [
    ("nothing", "sleep 60"),
    (
        "eight loops",
        "for i in 1 2 3 4 5 6 7 8; do (while :; do :; done) & done; sleep 60",
    ),
    (
        "processes until none is left",
        "python3 -c 'import os, time\nwhile True:\n  try:\n    if os.fork() == 0: time.sleep(60); os._exit(0)\n  except OSError: time.sleep(0.01)'",
    ),
    (
        "2 GiB of memory, again and again",
        "python3 -c 'while True: b = bytearray(b\"x\") * (2 << 30)'",
    ),
    (
        "files of 1 GiB, again and again",
        "while :; do head -c 1G /dev/zero > big; rm big; done",
    ),
    (
        "1 GiB on the agent's stdout",
        "head -c 1G /dev/zero | tr '\\0' x > /proc/$PPID/fd/1; sleep 60",
    ),
];

/// Prints a row for each hog.
pub(crate) fn hogs() {
    println!(
        "\nwhat somebody's room does: another chat's turns beside it, p50 and p99, and p50 as so many times that of nothing"
    );
    let mut calm = None;
    for (name, command) in HOGS {
        let times = turns_beside(command);
        let p50 = times.duration(50);
        let calm: Duration = *calm.get_or_insert(p50);
        let ratio = p50.as_secs_f64() / calm.as_secs_f64();
        println!(
            "{name}: {}, {}, {ratio:.1} times",
            milliseconds(p50),
            times.p99()
        );
    }
}

fn turns_beside(command: &str) -> Percentiles {
    let agent = TempDir::new().unwrap();
    fs::set_permissions(agent.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let at = |name: &str| agent.path().join(name);
    fs::copy(crate::BRIDGE, at("agent")).unwrap();
    fs::write(at("hog"), format!("touch started\n{command}\n")).unwrap();
    let text = format!(
        "#!/bin/sh\nexec '{}' rehearse \"$@\"\n",
        at("agent").display()
    );
    fs::write(at("rehearsal"), text).unwrap();
    fs::set_permissions(at("rehearsal"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut place = Place::with_settings(&format!(
        "multi_user.enabled = true\nmulti_user.allowed_users = [{HOG}]\n\
         multi_user.admin_users = [{OWNER}]\nclaude.allowed_tools = [\"Bash\"]\n\
         claude.binary = {:?}\nisolation.read = [{:?}]\n",
        at("rehearsal"),
        agent.path(),
    ));
    place.set_env("ANTHROPIC_API_KEY", "key");
    place.playground.user(HOG, "Hog");
    let _bridge = place.start();
    place.turn("rehearse: say warm up");
    place
        .playground
        .say(HOG, &format!("rehearse: bash sh {}", at("hog").display()));
    let started = place.path("project").join(HOG.to_string()).join("started");
    place.wait(|_| started.exists().then_some(()));
    let turns = (0..TURNS).map(|_| place.turn("rehearse: say ok"));
    Percentiles::of(turns.collect())
}
