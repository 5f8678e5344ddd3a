//! Reads what an agent says in a script.

use std::time::Duration;

use crate::ids::{ConversationId, PromptId};
use crate::session::agent_event::{
    Activity, AgentEvent, AgentExit, ApiFault, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome,
};

pub(super) fn parse_agent_event(word: &str, rest: &str) -> AgentEvent {
    match word {
        "ready" => AgentEvent::Ready {
            commands: rest.split_whitespace().map(str::to_owned).collect(),
            version: Some("2.1.330".to_owned()),
        },
        "init" => AgentEvent::TurnStarted {
            conversation: ConversationId(rest.to_owned()),
            commands: Vec::new(),
        },
        "took" => AgentEvent::PromptTaken(PromptId(rest.to_owned())),
        "running" => AgentEvent::Activity(Activity::Running),
        "idle" => AgentEvent::Activity(Activity::Idle),
        "said" => AgentEvent::Said {
            message: "m".to_owned(),
            text: rest.to_owned(),
        },
        "heartbeat" => AgentEvent::Heartbeat,
        "attempt" => AgentEvent::AttemptStarted,
        "tool" => started(rest),
        "asks" => asked(rest),
        "retrying" => AgentEvent::Retrying {
            attempt: rest.parse().expect("a number"),
            max_attempts: 10,
            delay: Duration::from_secs(1),
            reason: "overloaded".to_owned(),
        },
        "unknown" => AgentEvent::ConversationUnknown,
        "taken" => AgentEvent::ConversationTaken,
        "exit" => AgentEvent::Exited(parse_exit(rest)),
        "answered" => ended(
            TurnOutcome::Answered {
                text: rest.to_owned(),
            },
            TurnOrigin::Prompt,
        ),
        "interrupted" => ended(TurnOutcome::Interrupted, TurnOrigin::Prompt),
        "apierror" => ended(
            TurnOutcome::ApiError {
                fault: fault_in(rest),
                text: rest.to_owned(),
            },
            TurnOrigin::Prompt,
        ),
        "failed" => ended(
            TurnOutcome::Failed {
                text: rest.to_owned(),
            },
            TurnOrigin::Prompt,
        ),
        "background" => ended(
            TurnOutcome::Answered {
                text: rest.to_owned(),
            },
            TurnOrigin::Background,
        ),
        _ => panic!("not an event: {word}"),
    }
}

/// What the edge makes of these words together with what it is told beside them.
fn fault_in(text: &str) -> ApiFault {
    match text.split(" · ").next().unwrap_or_default() {
        "Not logged in" => ApiFault::NotLoggedIn,
        "You've hit your weekly limit" => ApiFault::Limit {
            until: Some("24 Nov 2026, 06:00 UTC".to_owned()),
        },
        "API Error: Request rejected (429)" => ApiFault::Limit { until: None },
        "API Error: Repeated 529 Overloaded errors." => ApiFault::Overloaded,
        "Credit balance is too low" => ApiFault::NoCredit,
        "There's an issue with the selected model (x)." => ApiFault::NoSuchModel,
        _ => ApiFault::Other,
    }
}

fn started(text: &str) -> AgentEvent {
    let (tool, target) = text.split_once(' ').unwrap_or((text, ""));
    AgentEvent::ToolStarted {
        tool: tool.to_owned(),
        target: target.to_owned(),
    }
}

fn asked(text: &str) -> AgentEvent {
    let (tool, target) = text.split_once(' ').unwrap_or((text, ""));
    AgentEvent::PermissionAsked {
        request: "r1".to_owned(),
        tool: tool.to_owned(),
        target: target.to_owned(),
    }
}

fn parse_exit(text: &str) -> AgentExit {
    let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (number, stderr) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = match kind {
        "code" => ExitStatus::Code(number.parse().expect("a number")),
        "signal" => ExitStatus::Signal(number.parse().expect("a number")),
        _ => {
            return AgentExit {
                status: ExitStatus::NotStarted(text.to_owned()),
                stderr: String::new(),
            };
        }
    };
    AgentExit {
        status,
        stderr: stderr.to_owned(),
    }
}

fn ended(outcome: TurnOutcome, origin: TurnOrigin) -> AgentEvent {
    AgentEvent::TurnEnded(TurnEnd {
        outcome,
        origin,
        prompts: None,
        conversation: None,
        duration: Duration::from_secs(1),
        total_cost_usd: 0.0,
    })
}
