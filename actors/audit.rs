//! What is written down about who managed the bridge, and who was refused.

use actix::prelude::*;

use crate::clock::UnixSeconds;
use crate::ids::UserId;

/// One line of the audit log; sent by whoever decided to the edge that keeps the file.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct AuditEntry {
    /// When.
    pub at: UnixSeconds,
    /// Who did it.
    pub by: AuditActor,
    /// What was done or tried.
    pub action: AuditAction,
    /// The id of the person (positive) or the group (negative) it was done to.
    pub target: Option<i64>,
    /// What it was about, if it was about something: a tool and the digest of what it was to do.
    pub subject: Option<String>,
    /// What came of it.
    pub outcome: AuditOutcome,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditActor {
    /// A person, by their numeric id.
    User(UserId),
    /// Somebody at the command line of the host.
    Host,
    /// The bridge itself.
    Bridge,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditOutcome {
    /// It begins: what is cut off goes on at the next start.
    Begun,
    /// It was done.
    Done,
    /// It was not, for this reason: a few words, no names of people.
    Refused(&'static str),
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What was done or tried.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AuditAction {
            $($(#[$doc])* $name,)*
        }

        impl AuditAction {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the word that stands in the log.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

actions! {
    /// Somebody claimed the bridge.
    Claim = "claim",
    /// Somebody tried to come in.
    Enter = "enter",
    /// Somebody asked to be let in.
    AskToJoin = "ask_to_join",
    /// A wish to be let in was granted.
    Approve = "approve",
    /// A wish to be let in was not granted.
    Deny = "deny",
    /// A user was added.
    AddUser = "add_user",
    /// A user was removed.
    RemoveUser = "remove_user",
    /// A user was switched on.
    Activate = "activate",
    /// A user was switched off.
    Deactivate = "deactivate",
    /// A user became an administrator.
    Promote = "promote",
    /// An administrator became a user.
    Demote = "demote",
    /// Users were read from a file.
    Import = "import",
    /// The list of users or somebody's record was looked at.
    Look = "look",
    /// The bot was allowed to work in a group.
    AllowGroup = "allow_group",
    /// The bot left a group.
    LeaveGroup = "leave_group",
    /// Claude was allowed to do something, or was answered.
    AllowTool = "allow_tool",
    /// Claude was not allowed to do something.
    DenyTool = "deny_tool",
    /// What a folder brings along was let run.
    TrustFolder = "trust_folder",
    /// What a folder brings along was let run no longer.
    DistrustFolder = "distrust_folder",
    /// Claude got another login.
    LogIn = "log_in",
    /// What a chat had in its room was deleted.
    DeleteRoom = "delete_room",
    /// The bridge was locked down: all agents ended.
    Lockdown = "lockdown",
    /// The lockdown was lifted.
    Unlock = "unlock",
    /// The configuration was read anew.
    Reload = "reload",
}
