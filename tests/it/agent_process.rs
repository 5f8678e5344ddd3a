//! No process of an agent outlives the agent, its guard or the bridge.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use bridge::claude::guard::{AGENT_MARKER, CANNOT_START, Containment, HOME_MARKER};
use bridge::claude::leftovers::end_leftovers;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::support::agent_tree::{BRIDGE, containments, living, wait_for, wait_until_none_lives};

/// Tools as Claude starts them: in sessions of their own, in the background, deaf to hangups.
const TOOLS: &str = "setsid nohup sleep 300 >/dev/null 2>&1 & \
                     setsid bash -c 'sleep 300 & sleep 300' & sleep 300 & ";

/// What a guard says whose agent was ended.
const KILLED: i32 = 128 + Signal::SIGKILL as i32;

#[test]
fn nothing_is_left_when_the_agent_exits() {
    for containment in containments() {
        let mut guarded = Guarded::start(containment, &format!("{TOOLS} echo ready; exit 7"));
        guarded.ready();
        assert_eq!(guarded.wait().code(), Some(7), "{containment:?}");
        wait_until_none_lives(guarded.home());
    }
}

#[test]
fn sigterm_to_the_guard_ends_everything() {
    for containment in containments() {
        let mut guarded = Guarded::start(containment, &format!("{TOOLS} echo ready; wait"));
        guarded.ready();
        guarded.signal(Signal::SIGTERM);
        wait_until_none_lives(guarded.home());
        assert_eq!(guarded.wait().code(), Some(KILLED), "{containment:?}");
    }
}

#[test]
fn an_agent_that_ignores_every_signal_is_ended_too() {
    for containment in containments() {
        let script = "trap '' INT TERM HUP QUIT; echo ready; while :; do sleep 1; done";
        let mut guarded = Guarded::start(containment, script);
        guarded.ready();
        guarded.signal(Signal::SIGINT);
        guarded.signal(Signal::SIGTERM);
        wait_until_none_lives(guarded.home());
        guarded.wait();
    }
}

#[test]
fn a_killed_bridge_takes_its_agents_along() {
    for containment in containments() {
        let mut guarded = Guarded::below_a_shell(containment, &format!("{TOOLS} echo ready; wait"));
        guarded.ready();
        // The second tool starts two more in its own time.
        wait_for("the start of the tools", || {
            living(guarded.home()).len() > 4
        });
        guarded.signal(Signal::SIGKILL);
        wait_until_none_lives(guarded.home());
        guarded.wait();
    }
}

#[test]
fn bridge_and_guard_killed_together_still_take_the_agent_along() {
    for containment in containments() {
        let script = format!("{TOOLS} echo ready; exec sleep 299");
        let mut guarded = Guarded::below_a_shell(containment, &script);
        guarded.ready();
        let guard = guarded.guard_pid();
        // Stopped first, so that it cannot tidy up between the two ends.
        kill(guard, Signal::SIGSTOP).expect("the guard lives");
        guarded.signal(Signal::SIGKILL);
        kill(guard, Signal::SIGKILL).expect("the guard lives");
        match containment {
            Containment::Namespace | Containment::UserNamespace => {
                wait_until_none_lives(guarded.home());
            }
            Containment::Tree => {
                let agent_lives = || {
                    living(guarded.home())
                        .iter()
                        .any(|p| p.contains("sleep 299"))
                };
                wait_for("the end of the agent", || !agent_lives());
                // Its tools are what the sweep at the next start is for.
                let home = guarded.home().to_str().expect("temp paths are text");
                assert!(end_leftovers(home) > 0);
                wait_until_none_lives(guarded.home());
            }
        }
        guarded.wait();
    }
}

#[test]
fn leftovers_of_another_data_folder_are_left_alone() {
    let mut guarded = Guarded::start(Containment::Tree, "echo ready; sleep 300");
    guarded.ready();
    let other = guarded.home().join("other");
    assert_eq!(
        end_leftovers(other.to_str().expect("temp paths are text")),
        0
    );
    assert!(!living(guarded.home()).is_empty());
    guarded.signal(Signal::SIGTERM);
    guarded.wait();
}

#[test]
fn a_tool_that_wipes_its_environment_is_ended_too() {
    for containment in containments() {
        let script = "env -i setsid sleep 298.$$ & echo $$; wait";
        let mut guarded = Guarded::start(containment, script);
        let tool = format!("298.{}", guarded.line());
        let lives = || {
            let all = Command::new("ps")
                .args(["-eo", "stat,args"])
                .output()
                .expect("ps runs");
            let all = String::from_utf8_lossy(&all.stdout).into_owned();
            all.lines()
                .any(|line| line.contains(&format!("sleep {tool}")) && !line.starts_with('Z'))
        };
        wait_for("the start of the tool", lives);
        guarded.signal(Signal::SIGTERM);
        guarded.wait();
        assert!(!lives(), "{containment:?}");
    }
}

/// The bridge is told of the guard's end by the kernel, and nobody tidies up: whoever kills a guard
/// must not leave its agent behind.
#[test]
fn a_killed_guard_takes_its_namespace_along() {
    for containment in containments() {
        if containment == Containment::Tree {
            continue;
        }
        let script = format!("{TOOLS} env -i setsid sleep 297 & echo ready; wait");
        let mut guarded = Guarded::start(containment, &script);
        guarded.ready();
        guarded.signal(Signal::SIGKILL);
        wait_until_none_lives(guarded.home());
        guarded.wait();
    }
}

#[test]
fn an_agent_in_a_namespace_cannot_end_or_stop_its_guard() {
    for containment in containments() {
        // Elsewhere the first process is the host's, and of no concern here.
        if containment == Containment::Tree {
            continue;
        }
        let mut guarded = Guarded::start(containment, "kill -9 1; kill -STOP 1; exit 4");
        assert_eq!(guarded.wait().code(), Some(4), "{containment:?}");
    }
}

/// Each process starts its successor in a session of its own and ends, so that a walk that does not
/// stop them first is always too late. The chain breaks when the test's folder is gone.
#[test]
fn processes_that_start_others_faster_than_one_can_count_are_ended() {
    for containment in containments() {
        let hop = r#"[ -e "$1" ] || exit; setsid sh -c "$0" "$0" "$1" & setsid sleep 20 & exit"#;
        let script = format!(
            "hop='{hop}'; for i in 1 2 3; do sh -c \"$hop\" \"$hop\" \"$CLAUDE_BRIDGE_HOME\" & done; \
             sleep 0.2; echo ready; wait; sleep 300"
        );
        let mut guarded = Guarded::start(containment, &script);
        guarded.ready();
        guarded.signal(Signal::SIGTERM);
        wait_until_none_lives(guarded.home());
        guarded.wait();
    }
}

#[test]
fn the_guard_ends_as_its_agent_ended() {
    for containment in containments() {
        for code in [0, 1, 42, 143, 255] {
            let mut guarded = Guarded::start(containment, &format!("exit {code}"));
            assert_eq!(guarded.wait().code(), Some(code), "{containment:?}");
        }
        for signal in [
            Signal::SIGKILL,
            Signal::SIGTERM,
            Signal::SIGINT,
            Signal::SIGABRT,
        ] {
            let number = signal as i32;
            // A killer beside it: bash itself would survive SIGINT or exit with a code.
            let script = format!(
                "ulimit -c 0; exec python3 -c 'import os,signal; \
                signal.signal({number}, signal.SIG_DFL) if {number} != 9 else None; \
                os.kill(os.getpid(), {number})'"
            );
            let mut guarded = Guarded::start(containment, &script);
            let code = guarded.wait().code();
            assert_eq!(code, Some(128 + number), "{containment:?} {signal}");
        }
    }
}

#[test]
fn sigint_reaches_the_agent() {
    for containment in containments() {
        let script = "trap 'exit 5' INT; echo ready; while :; do sleep 0.01; done";
        let mut guarded = Guarded::start(containment, script);
        guarded.ready();
        guarded.signal(Signal::SIGINT);
        assert_eq!(guarded.wait().code(), Some(5), "{containment:?}");
    }
}

#[test]
fn input_and_output_pass_through_untouched() {
    for containment in containments() {
        let mut guarded = Guarded::start(containment, "exec cat");
        let sent: Vec<u8> = (0..1_000_000u32).map(|n| (n % 251) as u8).collect();
        let mut stdin = guarded.process.stdin.take().expect("piped");
        let copy = sent.clone();
        let writer = std::thread::spawn(move || stdin.write_all(&copy));
        let mut received = Vec::new();
        guarded.stdout.read_to_end(&mut received).expect("readable");
        writer.join().expect("no panic").expect("written");
        assert!(received == sent, "{containment:?}");
        assert_eq!(guarded.wait().code(), Some(0));
    }
}

#[test]
fn an_agent_in_a_namespace_sees_its_own_processes_alone() {
    for containment in containments() {
        let script = "n=0; for p in /proc/[0-9]*; do n=$((n+1)); done; echo $n";
        let mut guarded = Guarded::start(containment, script);
        let n_seen: usize = guarded.line().parse().expect("a number");
        match containment {
            Containment::Namespace | Containment::UserNamespace => {
                assert_eq!(n_seen, 2, "the first process and the agent");
            }
            Containment::Tree => assert!(n_seen > 2),
        }
        guarded.wait();
    }
}

#[test]
fn a_guard_without_its_bridge_starts_nothing() {
    for containment in containments() {
        let home = Path::new("/nowhere");
        let mut command = guard_command(containment, "1", home, &["echo", "started"]);
        let output = output(containment, &mut command);
        assert_eq!(output.status.code(), Some(125));
        assert_eq!(output.stdout, b"");
    }
}

#[test]
fn a_program_that_is_not_there_is_named() {
    for containment in containments() {
        let parent = std::process::id().to_string();
        let home = Path::new("/nowhere");
        let mut command = guard_command(containment, &parent, home, &["no-such-claude"]);
        let output = output(containment, &mut command);
        assert_eq!(output.status.code(), Some(127), "{containment:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            stderr.starts_with(&format!("{CANNOT_START}: `no-such-claude`")),
            "{stderr}"
        );
    }
}

/// A shell script below a guard, with marks of its own.
struct Guarded {
    process: Child,
    stdout: BufReader<ChildStdout>,
    home: TempDir,
}

impl Guarded {
    fn start(containment: Containment, script: &str) -> Self {
        let home = tempfile::tempdir().expect("temp folder");
        let parent = std::process::id().to_string();
        let agent = ["bash", "-c", script];
        let mut command = guard_command(containment, &parent, home.path(), &agent);
        Self::spawn(containment, &mut command, home)
    }

    /// Puts a shell where the bridge would be, so that it can be killed.
    fn below_a_shell(containment: Containment, script: &str) -> Self {
        let home = tempfile::tempdir().expect("temp folder");
        let line = "\"$0\" guard --containment \"$1\" --parent $$ -- bash -c \"$2\"; exit $?";
        let sh = ["sh", "-c", line, BRIDGE, containment.name(), script];
        let mut shell = match containment {
            // The shell stays outside; its first child is the namespace's first process.
            Containment::Namespace => Command::new("unshare"),
            Containment::UserNamespace | Containment::Tree => Command::new("env"),
        };
        shell.args((containment == Containment::Namespace).then_some("--pid"));
        shell.args(sh);
        mark(&mut shell, home.path());
        Self::spawn(Containment::Tree, &mut shell, home)
    }

    fn spawn(containment: Containment, command: &mut Command, home: TempDir) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = containment.around(|| command.spawn()).expect("starts");
        let stdout = BufReader::new(process.stdout.take().expect("piped"));
        Self {
            process,
            stdout,
            home,
        }
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("readable");
        line.trim().to_owned()
    }

    fn ready(&mut self) {
        assert_eq!(self.line(), "ready");
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.process.id() as i32);
        kill(pid, signal).expect("the process was not waited for");
    }

    fn guard_pid(&self) -> Pid {
        let pids = Command::new("pgrep")
            .args(["-P", &self.process.id().to_string()])
            .output()
            .expect("pgrep runs");
        let pid = String::from_utf8_lossy(&pids.stdout)
            .trim()
            .parse()
            .expect("one child");
        Pid::from_raw(pid)
    }

    fn wait(&mut self) -> ExitStatus {
        self.process.wait().expect("can be waited for")
    }
}

fn guard_command(containment: Containment, parent: &str, home: &Path, agent: &[&str]) -> Command {
    let mut command = Command::new(BRIDGE);
    command
        .args([
            "guard",
            "--containment",
            containment.name(),
            "--parent",
            parent,
            "--",
        ])
        .args(agent);
    mark(&mut command, home);
    command
}

fn output(containment: Containment, command: &mut Command) -> Output {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let process = containment.around(|| command.spawn());
    let output = process.and_then(Child::wait_with_output);
    output.expect("runs")
}

fn mark(command: &mut Command, home: &Path) {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env(HOME_MARKER, home)
        .env(AGENT_MARKER, "7");
}
