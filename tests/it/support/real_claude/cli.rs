//! One run of the real program over pipes: lines in, lines out, every wait with a deadline.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::eventually::eventually;
use super::RealClaude;

/// How long anything may take on a slow machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

const ARGUMENTS: [&str; 7] = [
    "-p",
    "--input-format=stream-json",
    "--output-format=stream-json",
    "--verbose",
    "--include-partial-messages",
    "--permission-prompt-tool=stdio",
    "--permission-mode=default",
];

/// A running program; killed when dropped.
pub(crate) struct Cli {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<Value>,
    errors: Option<JoinHandle<String>>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The status of the process.
    pub(crate) status: ExitStatus,
    /// The lines that nobody had waited for.
    pub(crate) lines: Vec<Value>,
    /// All of stderr.
    pub(crate) errors: String,
}

impl RealClaude {
    /// Starts the program with the arguments that the bridge uses, and these.
    pub(crate) fn start(&self, arguments: &[&str]) -> Cli {
        self.start_marked(arguments, &[])
    }

    /// Starts the program with further variables in its environment.
    pub(crate) fn start_marked(&self, arguments: &[&str], marks: &[(&str, &str)]) -> Cli {
        let arguments = [&["--allowedTools=Bash"], arguments].concat();
        self.spawn(&arguments, marks)
    }

    /// Starts the program in such a way that it asks before it runs a command too.
    pub(crate) fn start_asking(&self, arguments: &[&str]) -> Cli {
        self.spawn(arguments, &[])
    }

    fn spawn(&self, arguments: &[&str], marks: &[(&str, &str)]) -> Cli {
        let mut child = Command::new(&self.binary)
            .args(ARGUMENTS)
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .envs(marks.iter().copied())
            .current_dir(self.project())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the installed program starts");
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut stderr = child.stderr.take().expect("stderr is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let is_wanted = serde_json::from_str(&line).map(|line| sender.send(line));
                if matches!(is_wanted, Ok(Err(_))) {
                    break;
                }
            }
        });
        let errors = thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).ok();
            String::from_utf8_lossy(&text).into_owned()
        });
        Cli {
            stdin: child.stdin.take(),
            child,
            lines,
            errors: Some(errors),
        }
    }
}

impl Cli {
    /// Writes a line.
    pub(crate) fn send(&mut self, line: &Value) {
        let stdin = self.stdin.as_mut().expect("the input is open");
        stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Writes a prompt.
    pub(crate) fn prompt(&mut self, text: &str) {
        self.prompt_with_id(text, None);
    }

    /// Writes a prompt with a `uuid` of its own.
    pub(crate) fn prompt_with_id(&mut self, text: &str, uuid: Option<&str>) {
        let mut line = json!({
            "type": "user",
            "message": {"role": "user", "content": text},
            "parent_tool_use_id": null,
            "session_id": "",
        });
        if let Some(uuid) = uuid {
            line["uuid"] = json!(uuid);
        }
        self.send(&line);
    }

    /// Writes a request to the program itself.
    pub(crate) fn request(&mut self, id: &str, subtype: &str) {
        self.send(&json!({
            "type": "control_request",
            "request_id": id,
            "request": {"subtype": subtype},
        }));
    }

    /// Returns the next lines, up to and with the first that `is_it`.
    ///
    /// Panics after [`DEADLINE`] or at the end of the output, naming `what`.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + DEADLINE;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let found = is_it(&line);
                    seen.push(line);
                    if found {
                        return seen;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("no {what} in time, but {seen:#?}"),
                Err(RecvTimeoutError::Disconnected) => {
                    let errors = self.end_of_errors();
                    panic!("the output ended without {what}: {errors} {seen:#?}")
                }
            }
        }
    }

    /// Returns the next lines, up to and with the one that says that nothing runs.
    #[track_caller]
    pub(crate) fn until_idle(&mut self) -> Vec<Value> {
        self.until("idle state", |line| {
            line["subtype"] == "session_state_changed" && line["state"] == "idle"
        })
    }

    /// Returns the next lines, up to and with a piece of an answer that contains `text`.
    #[track_caller]
    pub(crate) fn until_said(&mut self, text: &str) -> Vec<Value> {
        self.until("piece of the answer", |line| {
            line["event"]["delta"]["text"]
                .as_str()
                .is_some_and(|said| said.contains(text))
        })
    }

    /// Returns the id of the process.
    pub(crate) fn pid(&self) -> i32 {
        self.child.id().try_into().unwrap()
    }

    /// Kills the process as the kernel would, with no chance to say good-bye.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Closes the input and waits for the end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        drop(self.stdin.take());
        let deadline = Instant::now() + DEADLINE;
        let mut lines = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("no end of the output: {lines:#?}"),
            }
        }
        let status = eventually("the end of the program", DEADLINE, || {
            self.child.try_wait().unwrap()
        });
        Ended {
            status,
            lines,
            errors: self.end_of_errors(),
        }
    }

    fn end_of_errors(&mut self) -> String {
        let errors = self.errors.take().map(JoinHandle::join);
        errors.and_then(Result::ok).unwrap_or_default()
    }
}

impl Drop for Cli {
    fn drop(&mut self) {
        // Both fail only for a process that has ended and was waited for.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
