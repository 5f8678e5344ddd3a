//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A Telegram bot in front of a real Claude Code process on this machine.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "bridge",
    version,
    after_help = "Examples:\n  bridge try                 look around without Telegram: prints the address of a chat page\n  bridge check               show what the configuration says and everything wrong with it\n  bridge                     serve the bot of ./bridge.toml\n\nExit codes: 0 fine, 2 usage or configuration, 1 any other failure."
)]
pub struct Cli {
    /// The configuration file [default: ./bridge.toml, then $XDG_CONFIG_HOME/bridge/bridge.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What is logged: error, warn, info, debug, trace or a filter; beats log.level
    #[arg(long, global = true, value_name = "FILTER")]
    pub log_level: Option<String>,
    /// What to do; `run` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve the bot until a signal ends it
    Run,
    /// The whole bridge on this machine without Telegram, with a chat page
    Try(TryArgs),
    /// Show what the configuration says and everything wrong with it; contacts nobody
    Check,
    /// Roles in which this program starts itself; see `claude::guard`.
    #[command(hide = true, name = "guard")]
    Guard(RawArgs),
    /// The rehearsal agent; see `rehearsal`.
    #[command(hide = true, name = "rehearse")]
    Rehearse(RawArgs),
}

/// How to try.
#[derive(Debug, Clone, Args)]
pub struct TryArgs {
    /// The port of the chat page; 0 picks a free one
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    pub port: u16,
    /// Use the built-in rehearsal agent even if Claude Code is here
    #[arg(long)]
    pub rehearse: bool,
    /// Where the agent works [default: a new folder under the data folder]
    #[arg(long, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Where conversations are kept [default: a temporary folder, removed at the end]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Arguments that are passed on as they are.
#[derive(Debug, Clone, Args)]
pub struct RawArgs {
    /// The arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<OsString>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nothing_said_means_run() {
        let cli = Cli::try_parse_from(["bridge", "--config", "x.toml"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.config, Some("x.toml".into()));
    }

    #[test]
    fn global_options_stand_before_or_behind_the_command() {
        for args in [
            ["bridge", "--log-level", "debug", "run"],
            ["bridge", "run", "--log-level", "debug"],
        ] {
            let cli = Cli::try_parse_from(args).unwrap();
            assert_eq!(cli.log_level.as_deref(), Some("debug"));
        }
    }

    #[test]
    fn the_hidden_roles_are_not_in_the_help() {
        let help = Cli::command().render_long_help().to_string();
        assert!(
            !help.contains("guard") && !help.contains("rehearse "),
            "{help}"
        );
        assert!(help.contains("try") && help.contains("check"), "{help}");
    }
}
