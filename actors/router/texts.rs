//! What the router tells people.

mod people;

use crate::ids::UserId;
use crate::user_registry::{Refusal, Role};

pub use people::plain_name;
pub(super) use people::{card, closed_card, group_news, news, notice, page, toast};

/// The commands as they are listed to people.
const COMMANDS: &str = "\
/new – start a new conversation
/stop – stop what Claude is doing
/status – show what is going on
/tasks – show what runs in the background, and stop it
/model, /effort, /mode – choose model, effort and what runs unasked in this chat
/verbose – choose how much of the work you see
/draft on, /draft off – see the words in a draft of Telegram's own, or in a card
/user_info – show your number and your role
/help – show this list";

/// What whoever is in charge has beyond that.
const TRUST_COMMAND: &str =
    "/trust, /trust off – let this folder's own hooks and MCP servers run, or no longer";

/// What administrators have beyond that.
const ADMIN_COMMANDS: &str = "\
/users – show who uses this bridge
/add_user NUMBER NAME – let somebody in
/remove_user NUMBER – take somebody out and forget them
/activate, /deactivate NUMBER – let somebody in again, or keep them out for now
/promote, /demote NUMBER – make somebody an administrator, or a user again
/allow_group – let me work in the group where you send it
A reply to somebody's message, a forwarded message or a contact can stand for the number.";

pub(super) const BUTTON_OUT_OF_USE: &str = "This button is no longer in use.";

pub(super) const UNTAKEN: &str = "Sorry, something is wrong inside the bridge, and I cannot say \
     whether this was taken up. Please look at /status and send it again if need be.";

pub(super) const NOT_WRITTEN_DOWN: &str = "Not taken: the bridge cannot write your message down \
     (its disk may be full), and nothing runs that it could lose. Please send it again later.";

/// Returns what is said of work that was waiting for somebody who may not come in any more.
pub(super) fn not_resumed(count: usize) -> String {
    match count {
        1 => "⏹ The bridge was restarted. One message was dropped and does not run: what whoever \
              wrote it may do has changed."
            .to_owned(),
        n => format!(
            "⏹ The bridge was restarted. {n} messages were dropped and do not run: what whoever \
             wrote them may do has changed."
        ),
    }
}

/// Returns the welcome for `/start`.
pub(super) fn welcome(role: Role) -> String {
    let commands = commands(role);
    format!(
        "Hello! I pass your messages on to Claude Code on its computer and bring back what it \
         says.\n\nJust write what you want done.\n\n{commands}"
    )
}

fn commands(role: Role) -> String {
    match role {
        Role::User => COMMANDS.to_owned(),
        Role::Owner => format!("{COMMANDS}\n{TRUST_COMMAND}"),
        Role::Admin => {
            format!("{COMMANDS}\n\nFor administrators:\n{TRUST_COMMAND}\n{ADMIN_COMMANDS}")
        }
    }
}

/// Returns the welcome for whoever has just claimed the bridge.
pub(super) fn welcome_owner() -> String {
    format!(
        "This bot is yours now: I answer to nobody else.\n\n{}",
        welcome(Role::Owner)
    )
}

/// Returns the answer to `/help`.
pub(super) fn help(role: Role) -> String {
    let commands = commands(role);
    format!(
        "Write what you want done, and Claude Code works on it.\n\n{commands}\n\n\
         Other commands that begin with / are passed on to Claude."
    )
}

/// Returns the answer to a message of a kind that cannot be worked on.
pub(super) fn unsupported(kind: &str) -> String {
    format!("I cannot read {kind} yet; please write it as text.")
}

/// Returns what a refused person is told.
pub(super) fn refusal(refusal: Refusal, user: UserId) -> String {
    match refusal {
        Refusal::Stranger => format!(
            "Sorry, this bot is private. If its owner is to let you in, tell them your number: \
             {user}."
        ),
        Refusal::Barred => {
            "Sorry, you cannot use this bot: an administrator keeps you out. If that \
             is a mistake, ask them."
                .to_owned()
        }
        Refusal::CrowdedOut => format!(
            "Sorry, so many people wait to be let in that I cannot ask for one more. Please try \
             again later, or tell an administrator your number: {user}."
        ),
        Refusal::TooFast { per_minute } => format!(
            "That was more than {per_minute} messages in a minute. This one and those that follow \
             at once are not worked on; please wait a little and send it again."
        ),
        Refusal::Unclaimed => format!(
            "This bot has no owner yet. If it is yours, send /start and the code that it shows \
             on your computer, like this: /start CODE. Otherwise ask the owner to do so. Your \
             number is {user}."
        ),
        Refusal::WrongCode => {
            "This code is not right. Please compare it with the one on your computer.".to_owned()
        }
        Refusal::Locked => "There were too many wrong codes, so I take no more. Restart the \
             bridge on your computer: it then shows a new code."
            .to_owned(),
        Refusal::StoreFailed => "Sorry, I cannot check who may come in at the moment, so I let \
             nobody in. Please try again later; on your computer, the log of the bridge says what \
             is wrong."
            .to_owned(),
    }
}
