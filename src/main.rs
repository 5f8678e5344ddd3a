//! Parses arguments, loads the configuration, starts the log, runs, and turns an error into an
//! exit code.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use bridge::check::{CheckRequest, check};
use bridge::claude::guard::{own_program, run_role};
use bridge::cli::{
    CheckArgs, Cli, Command, GlobalArgs, Outcome, RoomsArgs, StoreArgs, TryArgs, UnlockArgs,
    UsageArgs, UsersArgs,
};
use bridge::config::{Config, LoadOptions, TokenNeed};
use bridge::isolation::CannotHold;
use bridge::people::manage;
use bridge::rooms_care::look_after;
use bridge::run::{self, BridgeOptions, ConfigSource, Ending};
use bridge::spending;
use bridge::store_care::care;
use bridge::telemetry::{self, LogOptions};
use bridge::unlock::unlock;
#[cfg(feature = "try")]
use bridge::{rehearsal, try_it};
use bridge_actors::ids::ChatId;
use clap::Parser;
use tracing::warn;

fn main() -> ExitCode {
    if let Some(code) = hidden_role() {
        return code;
    }
    #[cfg(feature = "fault-points")]
    let _faults = fail::FailScenario::setup();
    let cli = Cli::parse();
    let outcome = match cli.requested() {
        Command::Run => run_bridge(&cli.global),
        Command::Check(args) => check_configuration(&cli.global, &args),
        Command::Users(args) => manage_users(&cli.global, &args),
        Command::Store(args) => care_for_store(&cli.global, &args),
        Command::Rooms(args) => look_after_rooms(&cli.global, &args),
        Command::Usage(args) => show_usage(&cli.global, args),
        Command::Unlock(args) => unlock_bridge(&cli.global, args),
        Command::Try(args) => try_bridge(&cli.global, &args),
    };
    outcome.into()
}

/// Runs one of the roles in which this program starts itself; they take no part in what follows,
/// above all they start no thread.
fn hidden_role() -> Option<ExitCode> {
    let mut args = env::args_os().skip(1);
    let role = args.next()?;
    #[cfg(feature = "try")]
    if role == "rehearse" {
        return Some(rehearsal::rehearse_main(args));
    }
    run_role(&role, args)
}

fn load_options(global: &GlobalArgs) -> anyhow::Result<LoadOptions> {
    let mut options = LoadOptions::of_this_process(global.config.clone(), TokenNeed::Required)
        .context("cannot find the folder the bridge was started in")?;
    options.log_level.clone_from(&global.log_level);
    Ok(options)
}

fn check_configuration(global: &GlobalArgs, args: &CheckArgs) -> Outcome {
    let request = CheckRequest {
        room: args.room.map(ChatId),
        guard: own_program(),
    };
    let report =
        |options: &LoadOptions| check(options, &request, &mut io::stdout(), &mut io::stderr());
    match load_options(global).and_then(|options| Ok(report(&options)?)) {
        Ok(outcome) => outcome,
        Err(error) => finish(Err(error)),
    }
}

#[cfg(feature = "try")]
fn try_bridge(global: &GlobalArgs, args: &TryArgs) -> Outcome {
    finish(try_it::try_it(args, global.log_level.as_deref()))
}

#[cfg(not(feature = "try"))]
fn try_bridge(_: &GlobalArgs, _: &TryArgs) -> Outcome {
    misconfigured(
        "bridge: this program was built without `try` (--no-default-features); to get it, build \
         with `cargo build --release`",
    )
}

fn manage_users(global: &GlobalArgs, args: &UsersArgs) -> Outcome {
    let managed = load_options(global).and_then(|mut options| {
        options.token = TokenNeed::Optional;
        manage(&options, args, &mut io::stdout(), &mut io::stderr())
    });
    managed.unwrap_or_else(|error| finish(Err(error)))
}

fn care_for_store(global: &GlobalArgs, args: &StoreArgs) -> Outcome {
    let done = load_options(global).and_then(|mut options| {
        options.token = TokenNeed::Optional;
        care(&options, &args.task, &mut io::stdout(), &mut io::stderr())
    });
    done.unwrap_or_else(|error| finish(Err(error)))
}

fn look_after_rooms(global: &GlobalArgs, args: &RoomsArgs) -> Outcome {
    let done = load_options(global).and_then(|mut options| {
        options.token = TokenNeed::Optional;
        look_after(&options, args, &mut io::stdout(), &mut io::stderr())
    });
    done.unwrap_or_else(|error| finish(Err(error)))
}

fn show_usage(global: &GlobalArgs, args: UsageArgs) -> Outcome {
    let done = load_options(global).and_then(|mut options| {
        options.token = TokenNeed::Optional;
        spending::show(&options, args, &mut io::stdout(), &mut io::stderr())
    });
    done.unwrap_or_else(|error| finish(Err(error)))
}

fn unlock_bridge(global: &GlobalArgs, args: UnlockArgs) -> Outcome {
    let done = load_options(global).and_then(|mut options| {
        options.token = TokenNeed::Optional;
        unlock(&options, args, &mut io::stdout(), &mut io::stderr())
    });
    done.unwrap_or_else(|error| finish(Err(error)))
}

fn run_bridge(global: &GlobalArgs) -> Outcome {
    let load = match load_options(global) {
        Ok(load) => load,
        Err(error) => return finish(Err(error)),
    };
    let loaded = match Config::load(&load) {
        Ok(loaded) => loaded,
        Err(errors) => return misconfigured(&errors.to_string()),
    };
    let started = telemetry::init(&LogOptions::of(&loaded.config)).map_err(anyhow::Error::from);
    match started.and_then(|()| BridgeOptions::from_config(&loaded)) {
        Ok(options) => {
            for warning in &loaded.warnings {
                warn!("{warning}");
            }
            let source = ConfigSource {
                options: load,
                loaded,
            };
            finish(serve(options, source))
        }
        Err(error) => misconfigured(&format!("{error:#}")),
    }
}

fn serve(options: BridgeOptions, source: ConfigSource) -> anyhow::Result<()> {
    run::hide_memory();
    actix_rt::System::new().block_on(async move {
        let ending = Ending::listen().context("cannot start")?;
        run::run(options, Some(source), ending).await
    })
}

fn finish(outcome: anyhow::Result<()>) -> Outcome {
    match outcome {
        Ok(()) => Outcome::Fine,
        Err(error) => {
            complain(&format!("bridge: {error:#}"));
            match error.is::<CannotHold>() {
                true => Outcome::Misconfigured,
                false => Outcome::Failed,
            }
        }
    }
}

fn misconfigured(text: &str) -> Outcome {
    complain(text);
    Outcome::Misconfigured
}

fn complain(text: &str) {
    // A closed stderr is nobody who could be told.
    writeln!(io::stderr(), "{text}").ok();
}
