//! `bridge try`: the whole bridge on this machine, on a playground that stands for Telegram.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use bridge_actors::session::policy::Policy;
use playground::{Options, Page, Playground};

use crate::check::find_program;
use crate::claude::command_line::AgentOptions;
use crate::claude::guard::own_program;
use crate::cli::TryArgs;
use crate::config::{LogFormat, Secret};
use crate::run::{BridgeOptions, Ending, hide_memory, run};
use crate::telegram::{TelegramOptions, Token};
use crate::telemetry;

/// The person at the page.
const YOU: i64 = 1001;

/// How long Claude Code may take to say its version.
const VERSION_LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

/// What answers in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Agent {
    Claude { program: PathBuf, version: String },
    Rehearsal { why: String },
}

/// Runs until a signal ends it; prints the page's address first.
///
/// # Errors
///
/// When the port is taken or a folder cannot be made.
pub fn try_it(args: &TryArgs, log_level: Option<&str>) -> Result<()> {
    let people = vec![(YOU, "You".to_owned()), (1002, "A stranger".to_owned())];
    let options = Options {
        port: args.port,
        page: Page::On,
        people,
        ..Options::default()
    };
    let playground = Playground::start(options)?;
    say(&format!(
        "Open this page: {}",
        playground.page_url().unwrap_or_default()
    ));
    let token = Secret::new(playground.token().to_owned());
    telemetry::start(log_level.unwrap_or("warn"), LogFormat::Text, &token)?;
    let place = Place::make(args)?;
    let agent = find_agent(args);
    say(&agent.introduction());
    say(&format!(
        "It works in {}. End with Ctrl-C.",
        place.workspace.display()
    ));
    let options = bridge_options(&playground, &place, &agent)?;
    hide_memory();
    let outcome = actix_rt::System::new().block_on(async move {
        let ending = Ending::listen()?;
        run(options, ending).await
    });
    drop(playground);
    outcome
}

/// The folders of a try.
#[derive(Debug)]
struct Place {
    data: PathBuf,
    workspace: PathBuf,
    is_temporary: bool,
}

impl Place {
    fn make(args: &TryArgs) -> Result<Self> {
        let temporary = env::temp_dir().join(format!("bridge-try-{}", std::process::id()));
        let data = args.data.clone().unwrap_or_else(|| temporary.clone());
        let workspace = args
            .workspace
            .clone()
            .unwrap_or_else(|| data.join("workspace"));
        for folder in [&data, &workspace] {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        let absolute = |path: &Path| {
            fs::canonicalize(path).with_context(|| format!("cannot use {}", path.display()))
        };
        Ok(Self {
            data: absolute(&data)?,
            workspace: absolute(&workspace)?,
            is_temporary: args.data.is_none(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_temporary
            && let Err(error) = fs::remove_dir_all(&self.data)
        {
            tracing::warn!(%error, folder = %self.data.display(), "the folder of the try stays");
        }
    }
}

impl Agent {
    fn introduction(&self) -> String {
        match self {
            Agent::Claude { program, version } => {
                format!("Claude Code answers: {} ({version}).", program.display())
            }
            Agent::Rehearsal { why } => format!(
                "The built-in rehearsal agent answers, because {why}. It is no model: it shows how \
                 the bridge feels."
            ),
        }
    }

    fn program(&self) -> Vec<OsString> {
        match self {
            Agent::Claude { program, .. } => vec![program.into()],
            Agent::Rehearsal { .. } => vec![own_program().into(), "rehearse".into()],
        }
    }
}

fn find_agent(args: &TryArgs) -> Agent {
    if args.rehearse {
        return Agent::Rehearsal {
            why: "you asked for it".to_owned(),
        };
    }
    let Some(program) = find_program("claude") else {
        return Agent::Rehearsal {
            why: "Claude Code is not installed here".to_owned(),
        };
    };
    match version_of(&program) {
        Some(version) => Agent::Claude { program, version },
        None => Agent::Rehearsal {
            why: format!("{} does not answer", program.display()),
        },
    }
}

/// Asks a program for its version; `None` when it does not answer in time.
fn version_of(program: &Path) -> Option<String> {
    let mut child = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let deadline = std::time::Instant::now() + VERSION_LIMIT;
    while child.try_wait().ok()?.is_none() {
        if std::time::Instant::now() >= deadline {
            // It is ours and of no use.
            child.kill().ok();
            child.wait().ok();
            return None;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let output = child.wait_with_output().ok()?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !version.is_empty()).then_some(version)
}

fn bridge_options(playground: &Playground, place: &Place, agent: &Agent) -> Result<BridgeOptions> {
    let token = Token::parse(playground.token()).context("the playground's token")?;
    Ok(BridgeOptions {
        telegram: TelegramOptions {
            token,
            api_url: playground.api_url(),
            poll_timeout: std::time::Duration::from_secs(50),
        },
        agents: AgentOptions {
            program: agent.program(),
            permission_mode: "default".to_owned(),
            marker: place.data.display().to_string(),
            ..AgentOptions::default()
        },
        policy: Policy::default(),
        max_live: 8,
        workspace: place.workspace.clone(),
        storage: place.data.join("data"),
        owner: Some(YOU),
        chat_id_file: None,
    })
}

/// Prints a line for the person at this terminal, at once.
fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    // A closed stdout is nobody who could be told.
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .ok();
}
