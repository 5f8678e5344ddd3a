//! The command line: what can be asked of the program, and its exit codes.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

#[cfg(test)]
mod tests;

const EXAMPLES: &str = "\
Examples:
  bridge                                run with ./bridge.toml
  TELEGRAM_BOT_TOKEN=… bridge           run with defaults and a token
  bridge try                            talk to Claude in a browser, without Telegram
  bridge check --config /etc/bridge.toml

Exit codes: 0 fine, 2 usage or configuration, 1 other failure.";

/// What the program is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "bridge", version, about, after_help = EXAMPLES)]
#[command(
    disable_help_subcommand = true,
    args_conflicts_with_subcommands = false
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command; running the bridge when none is given.
    #[command(subcommand)]
    command: Option<Command>,
}

/// What holds for every command.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
pub struct GlobalArgs {
    /// Use this configuration file [default: ./bridge.toml, else ~/.config/bridge/bridge.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Log what this filter lets through, such as debug or info,bridge=trace
    #[arg(long, global = true, value_name = "FILTER")]
    pub log_level: Option<String>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the bridge until it is told to stop (this is what `bridge` alone does)
    Run,
    /// Try everything on this machine, in a browser instead of Telegram
    Try(TryArgs),
    /// Check the configuration, report every problem at once, contact nothing
    Check,
    /// Watches over the agents of a bridge; started by the bridge itself.
    #[command(hide = true, disable_help_flag = true)]
    Guard(RawArgs),
    /// Starts one agent under the guard; started by the bridge itself.
    #[command(hide = true, disable_help_flag = true)]
    GuardExec(RawArgs),
    /// Plays the part of Claude for `bridge try`; started by the bridge itself.
    #[command(hide = true, disable_help_flag = true)]
    Rehearse(RawArgs),
}

/// How to try the bridge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
pub struct TryArgs {
    /// Serve the chat page on this port of this machine; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Let the rehearsal agent answer, even when Claude is there
    #[arg(long)]
    pub no_claude: bool,
    /// Keep the store here instead of in a folder that is thrown away
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Arguments that are passed on as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
pub struct RawArgs {
    /// Everything after the command.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<OsString>,
}

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything asked for was done.
    Fine,
    /// The command line or the configuration cannot be used.
    Misconfigured,
    /// Something else failed.
    Failed,
}

impl Cli {
    /// Returns the command; [`Command::Run`] when none was given.
    pub fn requested(&self) -> Command {
        self.command.clone().unwrap_or(Command::Run)
    }
}

impl Outcome {
    /// Returns the exit code: 0, 2 or 1.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Misconfigured => 2,
            Self::Failed => 1,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}
