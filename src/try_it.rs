//! `bridge try`: the whole bridge on this machine, on a playground that stands for Telegram.

mod browser;
mod place;
mod probe;

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::io::Write;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use bridge_actors::budget::Budgets;
use bridge_actors::chat_settings::AgentSettings;
use bridge_actors::ids::ChatId;
use bridge_actors::session::policy::Policy;
use bridge_actors::session::settings::{Folders, SettingsBook};
use playground::{Options, Page, Playground};

use crate::claude::command_line::AgentOptions;
use crate::claude::guard::own_program;
use crate::cli::TryArgs;
use crate::config::{Config, LogFormat, Secret};
use crate::isolation::IsolationOptions;
use crate::program::find_program;
use crate::room::InboxLimits;
use crate::run::{BridgeOptions, Ending, People, hide_memory, run};
use crate::telegram::{TelegramOptions, Token};
use crate::telemetry::{self, LogOptions};

use place::Place;
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
    hide_memory();
    actix_rt::System::new().block_on(async move {
        // From here on a signal ends the try in order, which clears its folder away.
        let mut ending = Ending::listen()?;
        let place = Arc::new(Place::make(args)?);
        let playground = start_playground(args, &place)?;
        start_log(&playground, log_level)?;
        let Some(agent) = agent_unless_ended(args, &place, &mut ending).await else {
            return Ok(());
        };
        say(&agent.introduction());
        let workspace = place.workspace.display();
        say(&format!("It works in {workspace}. Stop with Ctrl-C."));
        run(bridge_options(&playground, &place, &agent)?, None, ending).await
    })
}

/// Starts the playground and shows the way to its page.
fn start_playground(args: &TryArgs, place: &Place) -> Result<Playground> {
    let people = vec![(YOU, "You".to_owned()), (1002, "A stranger".to_owned())];
    let options = Options {
        port: args.port,
        page: Page::On,
        memory: args.data.is_some().then(|| place.data.join("playground")),
        people,
        ..Options::default()
    };
    let playground = Playground::start(options)?;
    let page = playground.page_url().unwrap_or_default();
    say(&format!("Open this page: {page}"));
    if args.open
        && let Some(url) = playground.opening_url()
        && let Err(left_to_you) = browser::open(&url)
    {
        say(&left_to_you);
    }
    Ok(playground)
}

/// Finds out what answers; `None` when the person has had enough before that is known.
async fn agent_unless_ended(
    args: &TryArgs,
    place: &Arc<Place>,
    ending: &mut Ending,
) -> Option<Agent> {
    let (args, place) = (args.clone(), Arc::clone(place));
    let mut finding = tokio::task::spawn_blocking(move || find_agent(&args, &place));
    tokio::select! {
        agent = &mut finding => agent.ok(),
        _ = ending.wait() => {
            // The program that was asked works in the folder that is cleared away next.
            finding.await.ok();
            None
        }
    }
}

fn start_log(playground: &Playground, log_level: Option<&str>) -> Result<()> {
    let mut config = Config::default();
    config.telegram.token = Some(Secret::new(playground.token()));
    config.log.level = log_level.unwrap_or("warn").to_owned();
    config.log.format = LogFormat::Text;
    telemetry::init(&LogOptions::of(&config))?;
    Ok(())
}

impl Agent {
    fn introduction(&self) -> String {
        match self {
            Agent::Claude { program, version } => {
                format!(
                    "Claude Code answers you: {} ({version}).",
                    program.display()
                )
            }
            Agent::Rehearsal { why } => format!(
                "The built-in rehearsal agent answers you, because {why}. It is not an AI model; \
                 it shows how the bridge works."
            ),
        }
    }

    fn program(&self, place: &Place) -> Vec<OsString> {
        match self {
            Agent::Claude { program, .. } => in_place(program, place),
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
    let options = agent_options(in_place(&program, place), place);
    match probe(&options, &place.workspace) {
        Readiness::Ready { version } => Agent::Claude { program, version },
        Readiness::NotLoggedIn => rehearsal(format!(
            "{} is not logged in (run it once and log in)",
            program.display()
        )),
        Readiness::Silent => rehearsal(format!("{} does not answer", program.display())),
    }
}

/// Returns Claude's command: it leaves files where the machine keeps those of a moment, so it is
/// given a folder for them that is cleared away with the try.
fn in_place(program: &Path, place: &Place) -> Vec<OsString> {
    let temporary = ["TMPDIR", "CLAUDE_CODE_TMPDIR"].map(|name| {
        let mut entry = OsString::from(name);
        entry.push("=");
        entry.push(&place.temporary);
        entry
    });
    let env = iter::once(OsString::from("env"));
    env.chain(temporary).chain([program.into()]).collect()
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
        budgets: Budgets::default(),
        telegram: TelegramOptions {
            token,
            api_url: playground.api_url(),
            poll_timeout: Duration::from_secs(50),
        },
        agents: agent_options(agent.program(place), place),
        isolation: IsolationOptions::default(),
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
        inbox: InboxLimits::default(),
        keep_files: Duration::from_hours(14 * 24),
        owner: Some(ChatId(YOU)),
        chat_id_file: None,
        people: People::default(),
        shutdown_grace: Duration::ZERO,
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
