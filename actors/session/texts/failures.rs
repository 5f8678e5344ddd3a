//! Pure: what is said when Claude or its API failed.

use std::time::Duration;

use bridge_texts::Say;

use super::in_words;
use crate::agent_event::{AgentExit, ApiFault, ExitStatus, PassedOver, StartFault, TurnFault};
use crate::ports::Holder;

/// How much is shown of the name of a settings file and of what is wrong with it, in characters.
const PASSED_OVER_SHOWN: usize = 160;

pub(in crate::session) fn not_started(say: Say, fault: &StartFault) -> String {
    say.agent_not_started(start_fault(say, fault))
}

fn start_fault(say: Say, fault: &StartFault) -> String {
    match fault {
        StartFault::NoFolder { folder, error } => say.start_no_folder(folder, error),
        StartFault::NoProgram => say.start_no_program(),
        StartFault::NotFound { program } => say.start_not_found(program),
        StartFault::NoGuard { error } => say.start_no_guard(error),
        StartFault::Refused { reason } => say.start_refused(reason),
        StartFault::NoLogin => say.start_no_login(),
        StartFault::HomeFull(home) => super::home_full_to_ask(say, *home),
        StartFault::NoWall => say.start_no_wall(),
        StartFault::Held(holder) => match holder {
            Holder::Session => say.start_held_by_session(),
            Holder::Process { pid, .. } => say.start_held_by_process(pid),
        },
        StartFault::Broken { error } => say.start_broken(error),
    }
}

pub(in crate::session) fn turn_fault(say: Say, fault: &TurnFault) -> String {
    match fault {
        TurnFault::MaxSteps => say.turn_fault_steps(),
        TurnFault::MaxBudget => say.turn_fault_budget(),
        TurnFault::NoForm => say.turn_fault_form(),
        TurnFault::Said(text) | TurnFault::Command(text) => text.clone(),
        TurnFault::Unknown => say.turn_fault_unknown(),
    }
}

pub(in crate::session) fn turn_failed(say: Say, fault: &TurnFault) -> String {
    match fault {
        TurnFault::Command(text) => say.command_failed(text),
        TurnFault::MaxSteps
        | TurnFault::MaxBudget
        | TurnFault::NoForm
        | TurnFault::Said(_)
        | TurnFault::Unknown => say.turn_failed(turn_fault(say, fault)),
    }
}

pub(in crate::session) fn start_timed_out(say: Say, limit: Duration) -> String {
    say.agent_start_timed_out(in_words(say, limit))
}

pub(in crate::session) fn died_at_start(say: Say, exit: &AgentExit) -> String {
    let text = say.agent_died_at_start(how_it_ended(say, exit));
    with_output(say, text, exit)
}

pub(in crate::session) fn died_in_turn(say: Say, exit: &AgentExit) -> String {
    let text = say.agent_died_in_turn(how_it_ended(say, exit));
    with_output(say, text, exit)
}

pub(in crate::session) fn background_died(say: Say, exit: &AgentExit) -> String {
    let text = say.agent_died_in_background(how_it_ended(say, exit));
    with_output(say, text, exit)
}

/// Says that no agent started for timers, and how it ended if it did.
pub(in crate::session) fn timers_missed(
    say: Say,
    missed: &[String],
    exit: Option<&AgentExit>,
) -> String {
    let text = say.timers_missed(super::lines(missed));
    match exit {
        Some(exit) => with_output(say, text, exit),
        None => text,
    }
}

pub(in crate::session) fn background_is_silent(say: Say, limit: Duration) -> String {
    say.agent_silent_in_background(in_words(say, limit))
}

fn how_it_ended(say: Say, exit: &AgentExit) -> String {
    match &exit.status {
        ExitStatus::NotStarted(fault) => start_fault(say, fault),
        ExitStatus::Code(code) => say.ended_with_code(code),
        ExitStatus::Signal(signal) => say.ended_by_signal(signal),
    }
}

fn with_output(say: Say, text: String, exit: &AgentExit) -> String {
    match exit.stderr.is_empty() {
        true => text,
        false => format!("{text}\n\n{}", say.agent_said(&exit.stderr)),
    }
}

/// Says what the API said, and what the person can do about it.
pub(in crate::session) fn api_error(say: Say, fault: &ApiFault, text: &str) -> String {
    let way_out = match fault {
        ApiFault::Limit { .. } => say.api_limit(),
        ApiFault::Overloaded => say.api_overloaded(),
        ApiFault::NotLoggedIn => say.api_not_logged_in(),
        ApiFault::LoginExpired => say.api_login_expired(),
        ApiFault::KeyRefused => say.api_key_refused(),
        ApiFault::NoCredit => say.api_no_credit(),
        ApiFault::NoSuchModel => say.api_no_such_model(),
        ApiFault::TooLong => say.api_too_long(),
        ApiFault::TooLarge => say.api_too_large(),
        ApiFault::Declined => say.api_declined(),
        ApiFault::Rejected => say.api_rejected(),
        ApiFault::Other => say.api_other(),
    };
    format!("{}\n\n{way_out}", say.api_error(text.trim()))
}

/// Returns what is said of each settings file that is passed over.
pub(in crate::session) fn passed_over(say: Say, files: &[PassedOver]) -> Vec<String> {
    let shown = |text: &str| super::shortened(say, text, PASSED_OVER_SHOWN);
    let line = |file: &PassedOver| format!("{}: {}", shown(&file.file), shown(&file.why));
    files.iter().map(line).collect()
}
