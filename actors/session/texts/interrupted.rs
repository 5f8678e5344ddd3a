//! What is said about work that was interrupted, and about what becomes of it.

use bridge_texts::Say;

use crate::ports::HostUptime;
use crate::session::TakeOver;
use crate::session::offer::OfferAnswer;

/// How much of an interrupted message is shown once it is decided about.
const DECIDED_SHOWN: usize = 100;

pub(in crate::session) fn interrupted(say: Say, from: &TakeOver, host: HostUptime) -> String {
    match (host, from) {
        (HostUptime::Restarted, _) => say.interrupted_by_machine(),
        (HostUptime::Unbroken, TakeOver::EarlierRun) => say.interrupted_by_restart(),
        (HostUptime::Unbroken, TakeOver::BrokenValue { .. }) => say.interrupted_by_fault(),
        (HostUptime::Unbroken, TakeOver::OtherSession) => say.interrupted_by_session(),
    }
}

/// Adds what may have happened, and that nothing happens by itself.
pub(in crate::session) fn with_offer(say: Say, text: &str, doing: Option<&str>) -> String {
    let what = match doing {
        Some(doing) => say.offer_doing(doing),
        None => say.offer_partly(),
    };
    let gap = if text.contains('\n') { "\n\n" } else { " " };
    format!("{text}{gap}{what}\n\n{}", say.offer_question())
}

pub(in crate::session) fn runs_again(say: Say, from: &TakeOver, count: usize) -> String {
    match from {
        TakeOver::EarlierRun => say.runs_again_restarted(count),
        TakeOver::BrokenValue { .. } | TakeOver::OtherSession => say.runs_again(count),
    }
}

pub(in crate::session) fn decided(say: Say, answer: OfferAnswer) -> String {
    match answer {
        OfferAnswer::Continue => say.toast_offer_continued(),
        OfferAnswer::Retry => say.toast_offer_retried(),
        OfferAnswer::Discard => say.toast_offer_discarded(),
    }
}

pub(in crate::session) fn decided_offer(say: Say, answer: OfferAnswer, text: &str) -> String {
    let what: String = text.chars().take(DECIDED_SHOWN).collect();
    let dots = if what.len() < text.len() { "…" } else { "" };
    say.offer_decided(decided(say, answer), format_args!("{what}{dots}"))
}
