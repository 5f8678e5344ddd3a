//! What is said about work that was interrupted, and about what becomes of it.

use bridge_texts::Say;

use super::decided_transcript;
use super::requests::time_of_day;
use crate::clock::UnixSeconds;
use crate::outbox::Body;
use crate::ports::{HostUptime, Lack, Then};
use crate::session::TakeOver;
use crate::session::offer::{Done, Offer, OfferAnswer};

/// How much of an interrupted message is shown once it is decided about.
const DECIDED_SHOWN: usize = 100;

pub(in crate::session) fn interrupted(say: Say, from: &TakeOver, host: HostUptime) -> String {
    match (host, from) {
        (HostUptime::Restarted, _) => say.interrupted_by_machine(),
        (HostUptime::Unbroken, TakeOver::EarlierRun) => say.interrupted_by_restart(),
        (HostUptime::Unbroken, TakeOver::BrokenValue { .. }) => say.interrupted_by_fault(),
        (HostUptime::Unbroken, TakeOver::OtherSession) => say.interrupted_by_session(),
        (HostUptime::Unbroken, TakeOver::Lockdown) => say.interrupted_by_lockdown(),
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
        TakeOver::Lockdown => say.runs_again_unlocked(count),
    }
}

pub(in crate::session) fn decided(say: Say, answer: OfferAnswer, done: &Done) -> String {
    match (answer, done) {
        (OfferAnswer::Continue, Done::Some { .. }) => say.toast_offer_continued(),
        // Of what was interrupted there is no button that leaves files as they are.
        (OfferAnswer::Retry | OfferAnswer::More | OfferAnswer::AsFile, Done::Some { .. }) => {
            say.toast_offer_retried()
        }
        (OfferAnswer::AsFile, Done::Nothing(Lack::Words)) => say.toast_offer_as_file(),
        (_, Done::Nothing(Lack::Consent { .. })) if answer != OfferAnswer::Discard => {
            say.toast_offer_runs()
        }
        (_, Done::Nothing(Lack::Space)) if answer != OfferAnswer::Discard => {
            say.toast_offer_started()
        }
        (
            OfferAnswer::Continue | OfferAnswer::Retry | OfferAnswer::More | OfferAnswer::AsFile,
            Done::Nothing(_),
        ) => say.toast_offer_tried(),
        (OfferAnswer::Discard, Done::UpTo { .. }) => say.toast_left(),
        (OfferAnswer::Discard, Done::Nothing(_) | Done::Some { .. }) => say.toast_offer_discarded(),
        // There is no other button, and what waits is not decided.
        (
            OfferAnswer::Continue
            | OfferAnswer::Retry
            | OfferAnswer::More
            | OfferAnswer::AsFile
            | OfferAnswer::Wait,
            Done::UpTo { .. },
        )
        | (OfferAnswer::Wait, Done::Some { .. } | Done::Nothing(_)) => say.toast_offer_continued(),
    }
}

pub(in crate::session) fn decided_offer(say: Say, answer: OfferAnswer, offer: &Offer) -> Body {
    let text = &offer.prompt.text;
    let what: String = text.chars().take(DECIDED_SHOWN).collect();
    let dots = if what.len() < text.len() { "…" } else { "" };
    let (decision, what) = (
        decided(say, answer, &offer.done),
        format_args!("{what}{dots}"),
    );
    Body::Plain(match offer.done {
        Done::Nothing(Lack::Consent { .. }) => {
            return Body::Quoted(decided_transcript(say, answer, &offer.prompt));
        }
        Done::Nothing(_) if text.is_empty() => decision,
        Done::Nothing(_) => say.offer_decided_unbegun(decision, what),
        Done::Some { .. } => say.offer_decided(decision, what),
        // It stands below its message.
        Done::UpTo { .. } => decision,
    })
}

/// Whether it is known when the API can be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum End {
    /// It says so.
    Known,
    /// It may be too early.
    Guessed,
}

/// Returns what is said of a prompt with which the API let Claude go no further.
pub(in crate::session) fn halted(
    say: Say,
    error: &str,
    (until, then, end): (UnixSeconds, Then, End),
    now: UnixSeconds,
) -> String {
    let error = say.api_error(error.trim());
    let what = match (then, end) {
        (Then::GoesOn, _) => goes_on(say, until, now),
        (Then::Nothing, End::Known) => say.halted_asks(time_on(say, until, now)),
        (Then::Nothing, End::Guessed) => say.halted_asks_again(time_on(say, until, now)),
    };
    format!("{error}\n\n{what}")
}

/// Says that Claude goes on by itself.
pub(in crate::session) fn goes_on(say: Say, until: UnixSeconds, now: UnixSeconds) -> String {
    say.goes_on_then(time_on(say, until, now))
}

/// Says a time that may lie days ahead.
pub(in crate::session) fn time_on(say: Say, at: UnixSeconds, now: UnixSeconds) -> String {
    const DAY: u64 = 24 * 60 * 60;
    let time = time_of_day(at);
    match (at.0 / DAY).saturating_sub(now.0 / DAY) {
        0 => say.time_today(time),
        1 => say.time_tomorrow(time),
        days => say.time_in_days(time, days as usize),
    }
}
