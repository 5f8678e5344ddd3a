//! Records sessions of a real Claude Code for `tests/fixtures/claude/<version>/`.
//!
//! ```text
//! cargo run --example record -- --binary PATH --base-url http://127.0.0.1:PORT --out DIR SCENARIO…
//! ```
//! Behind the URL must be a stand-in for the Messages API; the key sent there is a fake. The
//! agent is started as the bridge starts it, in an empty home and an empty folder, and each
//! recording gets its scenario's name. A scenario is a text file with one step per line:
//!
//! ```text
//! # a note
//! args --max-turns 1     further arguments; before all other steps
//! initialize             opens the handshake
//! prompt TEXT            sends a text; `\n` in it is a line break
//! command /TEXT          sends a command
//! interrupt              stops the running turn
//! deny TEXT              answers the latest permission request
//! {"type":…}             sends the line as it is
//! wait TYPE[/SUBTYPE]    waits for such a line, at most a minute; for a request its own subtype
//! ```
//! At the end its input is closed, and the recording goes on until it exits.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bridge::claude::command_line::{AgentCommand, AgentOptions, command_line};
use bridge::claude::wire::{initialize_line, input_line};
use bridge_actors::chat_settings::{AgentSettings, Trust};
use bridge_actors::home_use::FullHome;
use bridge_actors::ids::{ChatId, ConversationId, Generation, PromptId, SessionKey};
use bridge_actors::ports::{AgentInput, Conversation, LaunchOrder, PermissionDecision, PromptForm};
use bridge_texts::Language;
use clap::Parser;
use serde_json::{Value, json};
use uuid::Uuid;

const STEP_LIMIT: Duration = Duration::from_secs(60);

#[derive(Parser)]
struct Arguments {
    /// The Claude Code to record.
    #[arg(long)]
    binary: PathBuf,
    /// The stand-in for the API.
    #[arg(long)]
    base_url: String,
    /// Where the recordings go.
    #[arg(long)]
    out: PathBuf,
    /// The scenarios to play.
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    fs::create_dir_all(&arguments.out).context("cannot make the output folder")?;
    for scenario in &arguments.scenarios {
        let name = scenario.file_stem().context("a scenario needs a name")?;
        let recording = record(&arguments, scenario)
            .with_context(|| format!("cannot record {}", scenario.display()))?;
        fs::write(arguments.out.join(name).with_extension("jsonl"), recording)?;
    }
    Ok(())
}

fn record(arguments: &Arguments, scenario: &Path) -> Result<String> {
    let steps = fs::read_to_string(scenario)?;
    let home = tempfile::tempdir()?;
    let folder = home.path().join("project");
    fs::create_dir(&folder)?;
    let command = agent_command(arguments, &steps, home.path(), folder);
    let mut recorder = Recorder::start(&command, home.path())?;
    let is_step = |line: &&str| !line.is_empty() && !line.starts_with(['#']);
    for step in steps.lines().map(str::trim).filter(is_step) {
        recorder
            .perform(step)
            .with_context(|| format!("at step {step:?}"))?;
    }
    recorder.finish()
}

fn agent_command(arguments: &Arguments, steps: &str, home: &Path, folder: PathBuf) -> AgentCommand {
    let extra_args = steps.lines().filter_map(|line| line.strip_prefix("args "));
    let options = AgentOptions {
        program: vec![arguments.binary.clone().into()],
        extra_args: extra_args
            .flat_map(str::split_whitespace)
            .map(str::to_owned)
            .collect(),
        marker: folder.display().to_string(),
        ..AgentOptions::default()
    };
    let order = LaunchOrder {
        key: SessionKey::of_chat(ChatId(1)),
        room: SessionKey::of_chat(ChatId(1)),
        generation: Generation(1),
        conversation: Conversation::New(ConversationId(Uuid::new_v4().to_string())),
        folder,
        trust: Trust::Untrusted,
        settings: AgentSettings {
            permission_mode: "default".to_owned(),
            ..AgentSettings::default()
        },
        full_home: FullHome::Refused,
        language: Language::English,
        logs_in: false,
    };
    let environment = [
        ("HOME", home.display().to_string()),
        ("PATH", std::env::var("PATH").unwrap_or_default()),
        ("ANTHROPIC_BASE_URL", arguments.base_url.clone()),
        ("ANTHROPIC_API_KEY", "sk-fake".to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.into(), value.into()));
    command_line(&options, &order, None, environment)
}

/// A running agent and what has been written down of it.
struct Recorder {
    child: Child,
    lines: Receiver<(char, String)>,
    started_at: Instant,
    home: String,
    recording: String,
    latest_request: Option<String>,
}

impl Recorder {
    fn start(command: &AgentCommand, home: &Path) -> Result<Self> {
        let mut child = Command::new(&command.argv[0])
            .args(&command.argv[1..])
            .env_clear()
            .envs(command.env.iter().cloned())
            .current_dir(&command.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the binary")?;
        let (tx, lines) = channel();
        pump('<', child.stdout.take().context("no stdout")?, tx.clone());
        pump('!', child.stderr.take().context("no stderr")?, tx);
        let mut recorder = Self {
            child,
            lines,
            started_at: Instant::now(),
            home: home.display().to_string(),
            recording: String::new(),
            latest_request: None,
        };
        let arguments = command.argv[1..]
            .iter()
            .map(|argument| argument.to_string_lossy());
        let spawn: Vec<_> = std::iter::once("claude".into()).chain(arguments).collect();
        recorder.note('#', &json!({ "spawn": spawn }));
        Ok(recorder)
    }

    fn perform(&mut self, step: &str) -> Result<()> {
        let (verb, rest) = step.split_once(' ').unwrap_or((step, ""));
        let prompt = |form| AgentInput::Prompt {
            id: PromptId(Uuid::new_v4().to_string()),
            text: rest.replace("\\n", "\n"),
            form,
            pictures: Vec::new(),
        };
        match verb {
            "args" => Ok(()),
            "wait" => self.wait(rest),
            "initialize" => self.write(&initialize_line()),
            "prompt" => self.input(&prompt(PromptForm::Text)),
            "command" => self.input(&prompt(PromptForm::Command)),
            "interrupt" => self.input(&AgentInput::Interrupt),
            "deny" => {
                let request = self.latest_request.take().context("nothing was asked")?;
                let message = rest.to_owned();
                let decision = PermissionDecision::Deny { message };
                self.input(&AgentInput::Permission { request, decision })
            }
            _ if step.starts_with('{') => self.write(step),
            _ => bail!("no such step"),
        }
    }

    fn input(&mut self, input: &AgentInput) -> Result<()> {
        self.write(&input_line(input).context("this input has no line")?)
    }

    fn write(&mut self, line: &str) -> Result<()> {
        self.note('>', &serde_json::from_str(line)?);
        let stdin = self.child.stdin.as_mut().context("its input is closed")?;
        stdin.write_all(format!("{line}\n").as_bytes())?;
        Ok(stdin.flush()?)
    }

    fn wait(&mut self, wanted: &str) -> Result<()> {
        let deadline = Instant::now() + STEP_LIMIT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let (direction, line) = self.lines.recv_timeout(left).context("it did not come")?;
            let value = self.read(direction, line);
            let subtype = value["subtype"]
                .as_str()
                .or(value["request"]["subtype"].as_str());
            let kind = value["type"].as_str().unwrap_or_default();
            if kind == wanted || subtype.is_some_and(|sub| format!("{kind}/{sub}") == wanted) {
                return Ok(());
            }
        }
    }

    fn read(&mut self, direction: char, line: String) -> Value {
        let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
        if value["type"] == "control_request" {
            self.latest_request = value["request_id"].as_str().map(str::to_owned);
        }
        self.note(direction, &value);
        value
    }

    fn finish(mut self) -> Result<String> {
        drop(self.child.stdin.take());
        self.note('#', &"stdin closed".into());
        while let Ok((direction, line)) = self.lines.recv_timeout(STEP_LIMIT) {
            self.read(direction, line);
        }
        let code = self.child.wait()?.code();
        self.note('#', &json!({ "exit_code": code }));
        Ok(std::mem::take(&mut self.recording))
    }

    /// Writes down a line, with the paths of this machine taken out.
    fn note(&mut self, direction: char, line: &Value) {
        let t = (self.started_at.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let entry = json!({ "t": t, "dir": direction, "line": line }).to_string();
        let slug = self.home.replace(['/', '.', '_'], "-");
        let scrubbed = entry
            .replace(&self.home, "/home/user")
            .replace(&slug, "-home-user");
        self.recording.push_str(&scrubbed);
        self.recording.push('\n');
    }
}

/// An agent whose recording fails must not stay behind.
impl Drop for Recorder {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn pump(direction: char, from: impl Read + Send + 'static, to: Sender<(char, String)>) {
    thread::spawn(move || {
        let lines = BufReader::new(from).lines().map_while(Result::ok);
        for line in lines {
            if to.send((direction, line)).is_err() {
                break;
            }
        }
    });
}
