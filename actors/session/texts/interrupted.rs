//! What is said about work that was interrupted, and about what becomes of it.

use crate::ports::HostUptime;
use crate::session::TakeOver;
use crate::session::offer::OfferAnswer;

/// How much of an interrupted message is shown once it is decided about.
const DECIDED_SHOWN: usize = 100;

pub(in crate::session) fn interrupted(from: &TakeOver, host: HostUptime) -> String {
    match (host, from) {
        (HostUptime::Restarted, _) => {
            "⚠ The machine was restarted while this was running, or just before."
        }
        (HostUptime::Unbroken, TakeOver::EarlierRun) => {
            "⚠ The bridge was restarted while Claude worked on this."
        }
        (HostUptime::Unbroken, TakeOver::BrokenValue { .. }) => {
            "⚠ A fault inside the bridge ended Claude while it worked on this."
        }
        (HostUptime::Unbroken, TakeOver::OtherSession) => {
            "⚠ This chat's session ended while Claude worked on this."
        }
    }
    .to_owned()
}

pub(in crate::session) fn failed_too_often(times: u32) -> String {
    format!("⚠ This was begun {times} times, and each time the bridge or the session broke.")
}

/// Adds what may have happened, and that nothing happens by itself.
pub(in crate::session) fn with_offer(text: &str, doing: Option<&str>) -> String {
    let what = match doing {
        Some(doing) => format!("The last thing it did, in part or in full: {doing}"),
        None => "It may have partly run.".to_owned(),
    };
    let gap = if text.contains('\n') { "\n\n" } else { " " };
    format!("{text}{gap}{what}\n\nIt does not run again by itself. What should become of it?")
}

pub(in crate::session) fn runs_again(from: &TakeOver, count: usize) -> String {
    let why = match from {
        TakeOver::EarlierRun => "The bridge was restarted.",
        TakeOver::BrokenValue { .. } | TakeOver::OtherSession => "What had not begun is not lost.",
    };
    match count {
        1 => format!("↻ {why} Your waiting message runs now."),
        n => format!("↻ {why} Your {n} waiting messages run now."),
    }
}

/// What is said of the oldest interrupted message when there are too many.
pub(in crate::session) fn offer_lapsed() -> String {
    "✕ So much was interrupted here that this can no longer be decided about. It does not run."
        .to_owned()
}

/// What is said of an instruction on which the session broke.
pub(in crate::session) fn broken_instruction() -> String {
    "Sorry, something inside broke on this, and it was not done. Send it again if you still want \
     it."
    .to_owned()
}

pub(in crate::session) fn decided(answer: OfferAnswer) -> &'static str {
    match answer {
        OfferAnswer::Continue => "▶ It goes on.",
        OfferAnswer::Retry => "↻ It runs again.",
        OfferAnswer::Discard => "✕ Discarded.",
    }
}

pub(in crate::session) fn decided_offer(answer: OfferAnswer, text: &str) -> String {
    let what: String = text.chars().take(DECIDED_SHOWN).collect();
    let dots = if what.len() < text.len() { "…" } else { "" };
    format!("{} It was interrupted: {what}{dots}", decided(answer))
}

pub(in crate::session) fn offer_is_over() -> String {
    "This is no longer open.".to_owned()
}

pub(in crate::session) fn not_yours() -> String {
    "Only whoever wrote the message, or an administrator, can decide this.".to_owned()
}

/// What Claude is told when a person lets it go on.
pub(in crate::session) fn go_on(doing: Option<&str>) -> String {
    let what = match doing {
        Some(doing) => format!(" The last thing you did was: {doing}\nIt may have partly run."),
        None => " What you had begun may have partly run.".to_owned(),
    };
    format!(
        "Your work on my last message was interrupted from outside.{what} Check what was done, \
         then go on with it."
    )
}

pub(in crate::session) fn empty_resume() -> String {
    "Claude could not go on with this chat's earlier conversation, so this runs in a new one."
        .to_owned()
}
