//! Parses arguments, loads the configuration, starts the log, runs, and turns an error into an
//! exit code.

use std::env;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Context as _;
use bridge::check::report;
use bridge::claude::guard::run_role;
use bridge::cli::{Cli, Command};
use bridge::config::{LoadOptions, load};
use bridge::run::{self, BridgeOptions, Ending};
use bridge::{rehearsal, telemetry, try_it};
use clap::Parser;

/// The exit code for a wrong command line or configuration.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    if let Some(code) = hidden_role() {
        return code;
    }
    let cli = Cli::parse();
    match &cli.command {
        None | Some(Command::Run) => run_bridge(&cli),
        Some(Command::Check) => check(&cli),
        Some(Command::Try(args)) => finish(try_it::try_it(args, cli.log_level.as_deref())),
        Some(Command::Guard(_) | Command::Rehearse(_)) => ExitCode::from(USAGE),
    }
}

/// Runs one of the roles in which this program starts itself; they take no part in what follows,
/// above all they start no thread.
fn hidden_role() -> Option<ExitCode> {
    let mut args = env::args_os().skip(1);
    let role = args.next()?;
    if role == "rehearse" {
        return Some(rehearsal::rehearse_main(args));
    }
    run_role(&role, args)
}

fn load_options(cli: &Cli) -> LoadOptions {
    let environment = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    LoadOptions {
        file: cli.config.clone(),
        environment: environment.collect(),
        working_dir: env::current_dir().unwrap_or_default(),
    }
}

fn check(cli: &Cli) -> ExitCode {
    let outcome = load(&load_options(cli));
    say(&report(&outcome));
    if outcome.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(USAGE)
    }
}

fn run_bridge(cli: &Cli) -> ExitCode {
    let loaded = match load(&load_options(cli)) {
        Ok(loaded) => loaded,
        Err(errors) => {
            complain(&report(&Err(errors)));
            return ExitCode::from(USAGE);
        }
    };
    let log = &loaded.config.log;
    let filter = cli.log_level.as_deref().unwrap_or(&log.level);
    let started = telemetry::start(filter, log.format, &loaded.config.telegram.token)
        .and_then(|()| BridgeOptions::from_config(&loaded));
    match started {
        Ok(options) => finish(serve(options)),
        Err(error) => {
            complain(&format!("{error:#}\n"));
            ExitCode::from(USAGE)
        }
    }
}

fn serve(options: BridgeOptions) -> anyhow::Result<()> {
    run::hide_memory();
    actix_rt::System::new().block_on(async move {
        let ending = Ending::listen().context("cannot start")?;
        run::run(options, ending).await
    })
}

fn finish(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("bridge: {error:#}\n"));
            ExitCode::FAILURE
        }
    }
}

fn say(text: &str) {
    // A closed stdout is nobody who could be told.
    std::io::stdout().write_all(text.as_bytes()).ok();
}

fn complain(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).ok();
}
