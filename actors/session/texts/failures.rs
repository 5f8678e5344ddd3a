//! Pure: what is said when Claude or its API failed.

use std::time::Duration;

use super::in_words;
use crate::session::agent_event::{AgentExit, ApiFault, ExitStatus};

pub(in crate::session) fn not_started(why: &str) -> String {
    format!("⚠ Your message has not run: {why}.")
}

pub(in crate::session) fn start_timed_out(limit: Duration) -> String {
    format!(
        "⚠ Claude did not answer within {} of its start and was ended. Your message is not tried \
         again by itself: send it again if you want.",
        in_words(limit)
    )
}

pub(in crate::session) fn died_at_start(exit: &AgentExit) -> String {
    let how = how_it_ended(exit);
    format!(
        "⚠ Claude could not start ({how}). Your message is not tried again by itself.{}",
        quoted(exit)
    )
}

pub(in crate::session) fn died_in_turn(exit: &AgentExit) -> String {
    let how = how_it_ended(exit);
    format!(
        "⚠ Claude ended in the middle of this ({how}).{}",
        quoted(exit)
    )
}

pub(in crate::session) fn background_died(exit: &AgentExit) -> String {
    let how = how_it_ended(exit);
    format!(
        "⚠ Claude ended while it worked in the background ({how}).{}",
        quoted(exit)
    )
}

pub(in crate::session) fn background_is_silent(limit: Duration) -> String {
    format!(
        "⚠ Claude worked in the background and has shown no sign of life for {}, so it was ended. \
         Your next message goes on with the conversation.",
        in_words(limit)
    )
}

fn how_it_ended(exit: &AgentExit) -> String {
    match &exit.status {
        ExitStatus::NotStarted(why) => why.clone(),
        ExitStatus::Code(code) => format!("exit code {code}"),
        ExitStatus::Signal(signal) => format!("signal {signal}"),
    }
}

fn quoted(exit: &AgentExit) -> String {
    if exit.stderr.is_empty() {
        String::new()
    } else {
        format!("\n\nIt said:\n{}", exit.stderr)
    }
}

pub(in crate::session) fn api_is_retried(reason: &str, attempt: u32, max_attempts: u32) -> String {
    format!(
        "Claude's API does not answer ({reason}); it is tried again: {attempt} of {max_attempts}."
    )
}

/// Says what the API said, and what the person can do about it.
pub(in crate::session) fn api_error(fault: &ApiFault, text: &str) -> String {
    let way_out = match fault {
        ApiFault::Limit { until: Some(until) } => format!(
            "Claude's usage limit is reached until {until}. The conversation goes on: send this \
             again then."
        ),
        ApiFault::Limit { until: None } => "Claude's API takes no more requests of this \
             account at the moment. The conversation goes on: send this again later."
            .to_owned(),
        ApiFault::Overloaded => "Claude's API has too much to do at the moment. Nothing is wrong \
             with your message: send it again in a few minutes."
            .to_owned(),
        ApiFault::NotLoggedIn => "Claude Code's login is missing or refused. On the bridge's \
             machine, run `claude` once as the bridge's user and log in, then send this again."
            .to_owned(),
        ApiFault::NoCredit => "The account has no credit left. When it has, send this again; the \
             conversation goes on."
            .to_owned(),
        ApiFault::NoSuchModel => "Choose a model that your account may use (claude.model in \
             bridge.toml), then send this again."
            .to_owned(),
        ApiFault::Other => "The conversation goes on: send it again to try again.".to_owned(),
    };
    format!("⚠ {}\n\n{way_out}", text.trim())
}

pub(in crate::session) fn turn_failed(text: &str) -> String {
    format!("⚠ Claude stopped before it was done: {}", text.trim())
}
