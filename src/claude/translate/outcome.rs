//! Pure: the result line to the end of a turn.

use bridge_actors::agent_event::{
    AgentEvent, ApiFault, Cost, TurnEnd, TurnFault, TurnOrigin, TurnOutcome,
};
use bridge_actors::ids::{ConversationId, PromptId};

use super::trouble::milliseconds;
use crate::claude::version::{SUMS_CONVERSATIONS, Version};
use crate::claude::wire::ResultLine;

/// Begins an entry of `errors` that is meant for the makers of the CLI.
const INTERNAL_NOTE: &str = "[ede_diagnostic]";

/// Translates a result line: the end of a turn, or a conversation that does not exist.
pub(super) fn on_result(line: ResultLine, fault: ApiFault, version: Option<Version>) -> AgentEvent {
    if line
        .errors
        .iter()
        .any(|text| says_conversation_unknown(text))
    {
        return AgentEvent::ConversationUnknown;
    }
    AgentEvent::TurnEnded(TurnEnd {
        origin: match line.origin.kind.as_str() {
            "task-notification" => TurnOrigin::Background,
            _ => TurnOrigin::Prompt,
        },
        duration: milliseconds(line.duration_ms),
        cost: cost(&line, version),
        tokens: line.usage.tokens(),
        prompts: (line.user_message_uuids.as_ref())
            .map(|ids| ids.iter().cloned().map(PromptId).collect()),
        conversation: line.session_id.clone().map(ConversationId),
        outcome: outcome(line, fault),
    })
}

/// Translates the result line of a command that failed, which the CLI calls a success.
pub(super) fn on_failed_command(
    line: ResultLine,
    words: String,
    version: Option<Version>,
) -> AgentEvent {
    let event = on_result(line, ApiFault::Other, version);
    let AgentEvent::TurnEnded(end) = event else {
        return event;
    };
    AgentEvent::TurnEnded(TurnEnd {
        outcome: match end.outcome {
            TurnOutcome::Answered { .. } => TurnOutcome::Failed(TurnFault::Command(words)),
            outcome @ (TurnOutcome::Interrupted
            | TurnOutcome::ApiError { .. }
            | TurnOutcome::Failed(_)) => outcome,
        },
        ..end
    })
}

/// A version that is not known may sum up either way: that sum says less.
fn cost(line: &ResultLine, version: Option<Version>) -> Cost {
    let total = line.total_cost_usd;
    match &line.model_usage_since_last_result {
        Some(models) => Cost::OfTurn(models.values().map(|model| model.cost_usd).sum()),
        None if version.is_some_and(|it| it < SUMS_CONVERSATIONS) => Cost::OfProcess(total),
        None => Cost::OfConversation(total),
    }
}

/// Returns whether a text of the CLI says that there is nothing to resume.
pub(super) fn says_conversation_unknown(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("No conversation found with session ID")
        || text.starts_with("Error: --resume requires a valid session ID")
}

/// An interrupt of ours is flagged as an error or as a success, but always says that the turn was
/// aborted. Failures of the API are successes with the error flag.
fn outcome(line: ResultLine, fault: ApiFault) -> TurnOutcome {
    let is_aborted =
        (line.terminal_reason.as_deref()).is_some_and(|reason| reason.starts_with("aborted_"));
    match line.result {
        _ if is_aborted => TurnOutcome::Interrupted,
        Some(text) if line.is_error => TurnOutcome::ApiError { fault, text },
        Some(text) => TurnOutcome::Answered { text },
        None if line.subtype == "success" && !line.is_error => TurnOutcome::Answered {
            text: String::new(),
        },
        None => TurnOutcome::Failed(fault_of(&line.subtype, &line.errors)),
    }
}

fn fault_of(subtype: &str, errors: &[String]) -> TurnFault {
    let readable: Vec<&str> = (errors.iter())
        .map(|text| text.trim())
        .filter(|text| !text.is_empty() && !text.starts_with(INTERNAL_NOTE))
        .collect();
    if !readable.is_empty() {
        return TurnFault::Said(readable.join("\n"));
    }
    match subtype {
        "error_max_turns" => TurnFault::MaxSteps,
        "error_max_budget_usd" => TurnFault::MaxBudget,
        "error_max_structured_output_retries" => TurnFault::NoForm,
        _ => TurnFault::Unknown,
    }
}
