//! The command line: what can be asked of the program, and its exit codes.

use std::path::PathBuf;
use std::process::ExitCode;

use bridge_actors::ids::UserId;
use bridge_actors::router::parse_user_id;
use bridge_actors::user_registry::BadTarget;
use clap::{Args, Parser, Subcommand};

#[cfg(test)]
mod tests;

/// The line about `bridge try`, in a bridge that has it.
#[cfg(feature = "try")]
const TRY_EXAMPLE: &str =
    "  bridge try                            talk to Claude in a browser, without Telegram\n";
#[cfg(not(feature = "try"))]
const TRY_EXAMPLE: &str = "";

fn examples() -> String {
    format!(
        "\
Examples:
  bridge                                run with ./bridge.toml
  TELEGRAM_BOT_TOKEN=… bridge           run with defaults and a token
{TRY_EXAMPLE}  bridge check --config /etc/bridge.toml
  bridge users promote 123456789

Exit codes: 0 fine, 2 usage or configuration, 1 other failure."
    )
}

/// What the program is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "bridge", version, about, after_help = examples())]
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
///
/// The roles in which the program starts itself (`guard…`, `rehearse`) are no commands: they are
/// served before the command line is read, because they must not have started a thread.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the bridge until it is told to stop (this is what `bridge` alone does)
    Run,
    /// Try everything on this machine, in a browser instead of Telegram
    #[cfg_attr(not(feature = "try"), command(hide = true))]
    Try(TryArgs),
    /// Check the configuration and this machine, report every problem at once, contact no network
    Check,
    /// See and change who may use the bridge, while it does not run
    Users(UsersArgs),
    /// Check, back up and restore what the bridge remembers, while it does not run
    Store(StoreArgs),
}

/// What to do about the store.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct StoreArgs {
    /// The task.
    #[command(subcommand)]
    pub task: StoreTask,
}

/// One task about the store.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum StoreTask {
    /// Read everything in a copy of the store; the store itself is left as it is
    Check,
    /// Write everything to one file; a running bridge does so every day by itself
    Backup {
        /// The file
        file: PathBuf,
    },
    /// Make the store anew from a backup, where there is none
    Restore {
        /// The file, such as the newest in the folder backups of the data folder
        file: PathBuf,
    },
}

/// What to do about users.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct UsersArgs {
    /// The task.
    #[command(subcommand)]
    pub task: UsersTask,
    /// Write JSON instead of text for people
    #[arg(long, global = true)]
    pub json: bool,
}

/// One task about users.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum UsersTask {
    /// Show who is known
    List {
        /// Those who were removed, too
        #[arg(long)]
        all: bool,
    },
    /// Let somebody in
    Add {
        #[command(flatten)]
        who: Who,
        /// A name, until Telegram tells one
        #[arg(long)]
        name: Option<String>,
    },
    /// Take somebody out and keep them out
    Remove(Who),
    /// Let somebody in again
    Activate(Who),
    /// Keep somebody out until they are activated
    Deactivate(Who),
    /// Make somebody an administrator
    Promote(Who),
    /// Make an administrator a user
    Demote(Who),
    /// Read users from a JSON file, of this bridge or an older one: all of them or none
    Import {
        /// {"<chat_id>": {"chat_id": …, "username": …, "first_name": …, "created_at": …,
        /// "is_active": …, "is_admin": …}}
        file: PathBuf,
        /// Replace those who are known already, who are otherwise left as they are
        #[arg(long)]
        replace: bool,
    },
    /// Write users as JSON
    Export {
        /// The file [default: standard output]
        file: Option<PathBuf>,
    },
    /// Show the audit log; works while the bridge runs
    Log {
        /// How many lines at most
        #[arg(long, value_name = "N", default_value_t = 50)]
        last: usize,
    },
}

/// A person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Who {
    /// The numeric id, as /whoami tells it
    #[arg(value_parser = parse_user, allow_negative_numbers = true)]
    pub id: UserId,
}

fn parse_user(written: &str) -> Result<UserId, String> {
    parse_user_id(written).map_err(|bad| {
        let text = match bad {
            BadTarget::Group => "a number with a minus is a group, not a person",
            BadTarget::Name => "names can change hands; /whoami tells people their number",
            BadTarget::OutOfRange => "nobody can have that number",
            BadTarget::NotANumber
            | BadTarget::Missing
            | BadTarget::Hidden
            | BadTarget::TwoPeople => "write plain digits, without signs or spaces",
        };
        text.to_owned()
    })
}

/// How to try the bridge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
pub struct TryArgs {
    /// Serve the chat page on this port of this machine; 0 takes the last one of --data or a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Let the rehearsal agent answer, even when Claude is there
    #[arg(long)]
    pub no_claude: bool,
    /// Let the agent work here instead of in a folder that is thrown away
    #[arg(long, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Keep everything here, the page's address included, instead of throwing it away at the end
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Open the page in your browser
    #[arg(long)]
    pub open: bool,
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
