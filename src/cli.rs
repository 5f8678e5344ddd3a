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

Exit codes: 0 success, 2 wrong usage or configuration, 1 any other failure."
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
    /// Log at this level or by this filter, such as debug or info,bridge=trace
    #[arg(long, global = true, value_name = "FILTER")]
    pub log_level: Option<String>,
}

/// One command.
///
/// The roles in which the program starts itself (`guard…`, `rehearse`) are no commands: they are
/// served before the command line is read, because they must not have started a thread.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the bridge until it is stopped (`bridge` alone does the same)
    Run,
    /// Try the bridge in a browser, without Telegram
    #[cfg_attr(not(feature = "try"), command(hide = true))]
    Try(TryArgs),
    /// Check the configuration and this machine; lists every problem, uses no network
    Check(CheckArgs),
    /// List and change who may use the bridge, while it is stopped
    Users(UsersArgs),
    /// Check, back up or restore the bridge's store, while it is stopped
    Store(StoreArgs),
    /// Show how much chats have in their rooms, or delete it, while the bridge is stopped
    Rooms(RoomsArgs),
    /// Show what people have spent in the last 30 days, while the bridge is stopped
    Usage(UsageArgs),
    /// Lift a lockdown (/lockdown in the chat), while the bridge is stopped
    Unlock(UnlockArgs),
}

/// How to show what was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct UsageArgs {
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// How to lift a lockdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct UnlockArgs {
    /// Only say whether the bridge is locked down
    #[arg(long)]
    pub show: bool,
}

/// What to check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct CheckArgs {
    /// Also show what the agent of this chat can see and change
    #[arg(long, value_name = "CHAT ID", allow_negative_numbers = true)]
    pub room: Option<i64>,
}

/// What to do about rooms.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct RoomsArgs {
    /// The task.
    #[command(subcommand)]
    pub task: RoomsTask,
}

/// One task about rooms.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum RoomsTask {
    /// List the chats that have a room, and how much lies in it
    List,
    /// Delete what a chat has in its room: what was sent, its home, its conversations
    Delete {
        /// The chat; for a person it is their id
        #[arg(value_name = "CHAT ID", allow_negative_numbers = true)]
        chat: i64,
        /// Delete it; without this it is only said how much there is
        #[arg(long)]
        yes: bool,
    },
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
    /// Check that the whole store can be read; changes nothing
    Check,
    /// Back up the store to one file; a running bridge does this every day
    Backup {
        /// The file to write
        file: PathBuf,
    },
    /// Create a store from a backup, in a data folder that has none
    Restore {
        /// The backup, such as the newest file in the backups folder of the data folder
        file: PathBuf,
    },
}

/// What to do about users.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct UsersArgs {
    /// The task.
    #[command(subcommand)]
    pub task: UsersTask,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
}

/// One task about users.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum UsersTask {
    /// List everyone the bridge knows
    List {
        /// Include people who were removed
        #[arg(long)]
        all: bool,
    },
    /// Let someone in
    Add {
        #[command(flatten)]
        who: Who,
        /// The name to show until Telegram gives one
        #[arg(long)]
        name: Option<String>,
    },
    /// Remove someone and keep them out
    Remove(Who),
    /// Let someone in again
    Activate(Who),
    /// Keep someone out until they are activated again
    Deactivate(Who),
    /// Make someone an administrator
    Promote(Who),
    /// Make an administrator an ordinary user
    Demote(Who),
    /// Import users from a JSON file of this or an older bridge; all of them or none
    Import {
        /// The file, in this form: {"<chat_id>": {"chat_id": …, "username": …, "first_name": …,
        /// "created_at": …, "is_active": …, "is_admin": …}}
        file: PathBuf,
        /// Replace people the bridge already knows; without this they stay as they are
        #[arg(long)]
        replace: bool,
    },
    /// Export users as JSON
    Export {
        /// The file to write [default: standard output]
        file: Option<PathBuf>,
    },
    /// Show the audit log; this also works while the bridge runs
    Log {
        /// Show at most this many lines
        #[arg(long, value_name = "N", default_value_t = 50)]
        last: usize,
    },
}

/// A person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Who {
    /// The person's numeric id; /whoami shows it
    #[arg(value_parser = parse_user, allow_negative_numbers = true)]
    pub id: UserId,
}

fn parse_user(written: &str) -> Result<UserId, String> {
    parse_user_id(written).map_err(|bad| {
        let text = match bad {
            BadTarget::Group => "a number with a minus is a group, not a person",
            BadTarget::Name => {
                "use the numeric id, which /whoami shows; somebody else can take the same name"
            }
            BadTarget::OutOfRange => "nobody can have that id",
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
    /// Serve the chat page on this port; 0 picks the port last used with --data, or a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Talk to the built-in rehearsal agent, even if Claude Code is installed
    #[arg(long)]
    pub no_claude: bool,
    /// Work in this folder instead of a temporary one
    #[arg(long, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Keep all data here, with the page's address, instead of deleting it at the end
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
