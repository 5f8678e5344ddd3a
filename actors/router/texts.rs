//! What the router tells people.

use crate::ids::UserId;
use crate::user_registry::Refusal;

/// The commands as they are listed to people.
const COMMANDS: &str = "\
/new – start a new conversation
/stop – stop what Claude is doing
/status – show what is going on
/help – show this list";

pub(super) const BUTTON_OUT_OF_USE: &str = "This button is no longer in use.";

pub(super) const EDIT_IGNORED: &str = "I do not see edits: what you sent first still counts. \
     To tell Claude the new text, send it as a new message.";

pub(super) const UNTAKEN: &str = "Sorry, something is wrong inside the bridge, and I cannot say \
     whether this was taken up. Please look at /status and send it again if need be.";

/// Returns the welcome for `/start`.
pub(super) fn welcome() -> String {
    format!(
        "Hello! I pass your messages on to Claude Code on your computer and bring back what it \
         says.\n\nJust write what you want done.\n\n{COMMANDS}"
    )
}

/// Returns the welcome for whoever has just claimed the bridge.
pub(super) fn welcome_owner() -> String {
    format!(
        "This bot is yours now: I answer to nobody else.\n\n{}",
        welcome()
    )
}

/// Returns the answer to `/help`.
pub(super) fn help() -> String {
    format!(
        "Write what you want done, and Claude Code on your computer works on it.\n\n{COMMANDS}\n\n\
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
