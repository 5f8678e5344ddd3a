//! `bridge try`: the whole bridge on this machine, on a playground that stands for Telegram.

mod probe;

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use bridge_actors::ids::ChatId;
use bridge_actors::ports::AgentSettings;
use bridge_actors::session::policy::Policy;
use bridge_actors::session::settings::{Folders, SettingsBook};
use playground::{Options, Page, Playground};

use crate::check::find_program;
use crate::claude::command_line::AgentOptions;
use crate::claude::guard::own_program;
use crate::cli::TryArgs;
use crate::config::{Config, LogFormat, Secret};
use crate::run::{BridgeOptions, Ending, People, hide_memory, run};
use crate::telegram::{TelegramOptions, Token};
use crate::telemetry::{self, LogOptions};

use probe::{Readiness, probe};

/// The person at the page.
const YOU: i64 = 1001;

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
    start_log(&playground, log_level)?;
    let place = Place::make(args)?;
    let agent = find_agent(args, &place);
    say(&agent.introduction());
    say(&format!(
        "It works in {}. End with Ctrl-C.",
        place.workspace.display()
    ));
    let options = bridge_options(&playground, &place, &agent)?;
    hide_memory();
    let outcome = actix_rt::System::new().block_on(async move {
        let ending = Ending::listen()?;
        run(options, None, ending).await
    });
    drop(playground);
    outcome
}

fn start_log(playground: &Playground, log_level: Option<&str>) -> Result<()> {
    let mut config = Config::default();
    config.telegram.token = Some(Secret::new(playground.token()));
    config.log.level = log_level.unwrap_or("warn").to_owned();
    config.log.format = LogFormat::Text;
    telemetry::init(&LogOptions::of(&config))?;
    Ok(())
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

fn find_agent(args: &TryArgs, place: &Place) -> Agent {
    let rehearsal = |why: String| Agent::Rehearsal { why };
    if args.no_claude {
        return rehearsal("you asked for it".to_owned());
    }
    let search_path = env::var_os("PATH");
    let Some(program) = find_program(Path::new("claude"), search_path.as_deref()) else {
        return rehearsal("Claude Code is not installed here".to_owned());
    };
    let options = agent_options(vec![program.clone().into()], place);
    match probe(&options, &place.workspace) {
        Readiness::Ready { version } => Agent::Claude { program, version },
        Readiness::NotLoggedIn => rehearsal(format!(
            "{} is not logged in (run it once and log in)",
            program.display()
        )),
        Readiness::Silent => rehearsal(format!("{} does not answer", program.display())),
    }
}

fn agent_options(program: Vec<OsString>, place: &Place) -> AgentOptions {
    AgentOptions {
        program,
        marker: place.data.display().to_string(),
        ..AgentOptions::default()
    }
}

fn bridge_options(playground: &Playground, place: &Place, agent: &Agent) -> Result<BridgeOptions> {
    let token = Token::parse(playground.token()).context("the playground's token")?;
    Ok(BridgeOptions {
        telegram: TelegramOptions {
            token,
            api_url: playground.api_url(),
            poll_timeout: std::time::Duration::from_secs(50),
        },
        agents: agent_options(agent.program(), place),
        book: SettingsBook {
            policy: Policy::default(),
            folders: Folders::Shared(place.workspace.clone()),
            agent: AgentSettings {
                permission_mode: "default".to_owned(),
                ..AgentSettings::default()
            },
            own: HashMap::new(),
            epoch: 0,
        },
        max_live: 8,
        storage: place.data.join("data"),
        owner: Some(ChatId(YOU)),
        chat_id_file: None,
        people: People::default(),
        shutdown_grace: std::time::Duration::ZERO,
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
