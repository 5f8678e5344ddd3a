//! Promise: how the bridge was started changes nothing in what an agent and its tools do about
//! signals.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::agent_tree::{BRIDGE, containments};
use crate::support::bridge::{Bridge, World};

/// Becomes the program in its arguments with signals as careless parents leave them.
const CARELESS: &str = "
import os, signal, sys
those = [signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGTERM]
for one in those + [getattr(signal, name) for name in sys.argv[1].split()]:
    signal.signal(one, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, those)
os.execv(sys.argv[2], sys.argv[2:])
";

/// Says what a tool of the agent ignores and blocks.
const ASK: &str = "grep -E '^Sig(Blk|Ign)' /proc/self/status";

/// The signals that mean something to a program. The two after them belong to the C library, which
/// ignores them in what it starts.
const STANDARD: u64 = (1 << 31) - 1;

#[test]
fn an_agent_below_a_careless_guard_finds_signals_as_a_fresh_program_does() {
    for containment in containments() {
        let agent = ["bash", "-c", &format!("{ASK}; true")];
        let guard = containment.guard_command(Path::new(BRIDGE), Path::new("/"), None, agent);
        let mut careless = careless("", &guard);
        careless.stdout(Stdio::piped());
        let guard = containment.around(|| careless.spawn());
        let output = guard.and_then(Child::wait_with_output).expect("runs");
        check(&String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn a_bridge_that_nohup_starts_in_the_background_has_agents_like_any_other() {
    let world = World::new();
    let mut command = world.command();
    command.arg("run");
    let _bridge = Bridge::spawn(careless("SIGCHLD SIGQUIT SIGUSR1", &command));
    let post = world.say_and_see(&format!("rehearse: bash {ASK}"), "SigIgn");
    check(&post.text);
}

/// Checks that what a tool says of itself names no signal.
fn check(said: &str) {
    for field in ["SigBlk:", "SigIgn:"] {
        let signals = said.lines().find_map(|line| line.strip_prefix(field));
        let signals = signals.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        assert_eq!(signals.map(|mask| mask & STANDARD), Some(0), "{said}");
    }
}

/// Returns a command that runs `command` in a process that ignores also these signals.
fn careless(also: &str, command: &Command) -> Command {
    let mut careless = Command::new("python3");
    careless.args(["-c", CARELESS, also]).env_clear();
    careless.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    careless.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        careless.current_dir(folder);
    }
    let variables = command
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    careless.envs(variables);
    careless
}
