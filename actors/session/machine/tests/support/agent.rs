//! Reads what an agent says in a script.

use std::time::Duration;

use super::{LIMIT_ENDS, NOON, files, forms};
use crate::agent_event::{
    Activity, AgentEvent, AgentExit, ApiFault, Cost, ExitStatus, StartFault, TurnEnd, TurnFault,
    TurnOrigin, TurnOutcome,
};
use crate::agent_event::{CompactedBy, Compaction, News, PassedOver, SetAnswer};
use crate::agent_event::{Model, Task};
use crate::chat_settings::Setting;
use crate::clock::UnixSeconds;
use crate::home_use::HomeUse;
use crate::ids::{ConversationId, PromptId};
use crate::permission_request::{
    Ask, Choice, Json, Origin, PermissionRequest, Picks, Question, Run, SessionRule,
};
use crate::timer::{Lasts, SetTimer, TimerNews};

pub(super) fn parse_agent_event(word: &str, rest: &str) -> AgentEvent {
    match word {
        "ready" => AgentEvent::Ready {
            commands: rest.split_whitespace().map(str::to_owned).collect(),
            version: Some("2.1.330".to_owned()),
            models: models(),
        },
        "init" => AgentEvent::TurnStarted {
            conversation: ConversationId(rest.to_owned()),
            commands: Vec::new(),
        },
        "took" => AgentEvent::PromptTaken(PromptId(rest.to_owned())),
        "running" => AgentEvent::Activity(Activity::Running),
        "waits" => AgentEvent::Activity(Activity::WaitsForUs),
        "idle" => AgentEvent::Activity(Activity::Idle),
        "said" => AgentEvent::Said {
            message: "m".to_owned(),
            text: rest.to_owned(),
        },
        "heartbeat" => AgentEvent::Heartbeat,
        "attempt" => AgentEvent::AttemptStarted,
        "delta" => AgentEvent::TextDelta(rest.to_owned()),
        "cost" => costs(rest, Cost::OfProcess),
        "conversation_cost" => costs(rest, Cost::OfConversation),
        "turn_cost" => costs(rest, Cost::OfTurn),
        "tool" => started(rest),
        "asks" => asked(rest),
        "questions" => questions(rest),
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
        "failed" => failed(TurnFault::Said(rest.to_owned())),
        "command_failed" => failed(TurnFault::Command(rest.to_owned())),
        "background" => ended(
            TurnOutcome::Answered {
                text: rest.to_owned(),
            },
            TurnOrigin::Background,
        ),
        _ => parse_more(word, rest),
    }
}

fn task(id: &str, outlasts_turn: bool) -> Task {
    Task {
        id: id.to_owned(),
        description: format!("Run {id}"),
        outlasts_turn,
        // Another agent prints nothing.
        has_output: !id.starts_with('a'),
    }
}

/// Reads `timer ID MINUTES` (again and again) or `timer ID MINUTES once`, `wakes MINUTES`,
/// `timer_removed ID`, `timer_came` and `timer_came wakeup`.
fn timers(word: &str, rest: &str) -> AgentEvent {
    let set = |id: &str, minutes: &str, repeats: Option<String>, lasts| {
        let minutes: u64 = minutes.parse().expect("minutes");
        TimerNews::Set(SetTimer {
            id: id.to_owned(),
            what: format!("Do {id}"),
            rhythm: repeats.clone().unwrap_or_default(),
            at: UnixSeconds(NOON + minutes * 60),
            repeats,
            lasts,
        })
    };
    let words: Vec<_> = rest.split_whitespace().collect();
    AgentEvent::News(News::Timers(match (word, words.as_slice()) {
        ("timer", [id, minutes, "once"]) => set(id, minutes, None, Lasts::Conversation),
        ("timer", [id, minutes]) => {
            let repeats = Some(format!("{minutes} minutes"));
            set(id, minutes, repeats, Lasts::Conversation)
        }
        ("wakes", [minutes]) => set("wakeup", minutes, None, Lasts::Process),
        ("timer_removed", [id]) => TimerNews::Removed((*id).to_owned()),
        ("timer_came", []) => TimerNews::Came(Lasts::Conversation),
        ("timer_came", ["wakeup"]) => TimerNews::Came(Lasts::Process),
        _ => panic!("not a timer: {word} {rest}"),
    }))
}

/// What is asked, and what is done beside a turn.
fn parse_more(word: &str, rest: &str) -> AgentEvent {
    match word {
        "task" => AgentEvent::TaskStarted(task(rest, false)),
        "task_in_background" => AgentEvent::TaskStarted(task(rest, true)),
        "in_background" => AgentEvent::News(News::InBackground(
            (rest.split_whitespace()).map(|id| task(id, true)).collect(),
        )),
        "timer" | "timer_came" | "timer_removed" | "wakes" => timers(word, rest),
        "task_ended" => AgentEvent::TaskEnded {
            task: rest.to_owned(),
        },
        "compacted" => compacted(CompactedBy::Command, rest),
        "autocompacted" => compacted(CompactedBy::Itself, rest),
        "reset" => AgentEvent::News(News::Cleared),
        "set" => was_set(rest),
        "mode_is" => AgentEvent::News(News::ModeIs(rest.to_owned())),
        "fell_back" => AgentEvent::News(News::FellBack {
            usual: "opus-9".to_owned(),
            model: rest.to_owned(),
        }),
        "writes_lost" => AgentEvent::News(News::WritesLost {
            error: rest.to_owned(),
        }),
        "passes_over" => AgentEvent::News(News::PassesOver(
            (rest.split_whitespace())
                .map(|file| PassedOver {
                    file: file.to_owned(),
                    why: "Invalid or malformed JSON".to_owned(),
                })
                .collect(),
        )),
        "home" => AgentEvent::News(News::HomeUse(home(rest))),
        "nearly_full" => AgentEvent::News(News::NearlyFull {
            percent: rest.parse().expect("a number"),
        }),
        "login_ends" => {
            let hours: u64 = rest.parse().expect("hours from noon");
            AgentEvent::News(News::LoginEnds(UnixSeconds(NOON + hours * 3600)))
        }
        "servers_down" => AgentEvent::News(News::ServersDown(
            rest.split_whitespace().map(str::to_owned).collect(),
        )),
        "works_in" => AgentEvent::News(News::WorksIn((!rest.is_empty()).then(|| rest.to_owned()))),
        "too_old" => AgentEvent::News(News::TooOld {
            minimum: rest.to_owned(),
        }),
        "found" => super::enquiries::found(rest),
        "offers" => files::offered(rest),
        "cancels" => files::withdrawn(rest),
        "consumed" => consumed(rest),
        "form" => forms::form(rest),
        "plan" => request("r1", "ExitPlanMode", Ask::Plan(rest.to_owned()), "plan"),
        "tool_waits" => AgentEvent::ToolWaits {
            request: rest.to_owned(),
        },
        "withdraws" => AgentEvent::PermissionWithdrawn {
            request: rest.to_owned(),
        },
        _ => panic!("not an event: {word}"),
    }
}

/// Reads an answer with what was spent.
fn costs(text: &str, of: fn(f64) -> Cost) -> AgentEvent {
    let (cost, text) = text.split_once(' ').expect("a cost and a text");
    let text = text.to_owned();
    let outcome = TurnOutcome::Answered { text };
    let AgentEvent::TurnEnded(end) = ended(outcome, TurnOrigin::Prompt) else {
        panic!("a turn ends");
    };
    AgentEvent::TurnEnded(TurnEnd {
        cost: of(cost.parse().expect("a number")),
        ..end
    })
}

/// Reads the answer to a change of a setting: what was asked for, and what was taken, or `no` and
/// why not.
fn was_set(text: &str) -> AgentEvent {
    let (setting, text) = text.split_once(' ').expect("a setting and values");
    let (asked, answer) = text.split_once(' ').unwrap_or((text, ""));
    AgentEvent::News(News::Set {
        setting: match setting {
            "model" => Setting::Model,
            "effort" => Setting::Effort,
            _ => Setting::Mode,
        },
        asked: asked.to_owned(),
        answer: match answer.strip_prefix("no ") {
            Some(why) => SetAnswer::Refused(why.to_owned()),
            None => SetAnswer::Taken((!answer.is_empty()).then(|| answer.to_owned())),
        },
    })
}

/// Reads how many tokens a conversation had, and how many it has.
fn compacted(by: CompactedBy, text: &str) -> AgentEvent {
    let mut counts = text
        .split(' ')
        .map(|count| count.parse().expect("a number"));
    AgentEvent::News(News::Compacted(Compaction {
        by,
        before: counts.next().expect("a number"),
        after: counts.next(),
    }))
}

/// Reads an answer that names the prompts it is about, separated by commas.
fn consumed(text: &str) -> AgentEvent {
    let (prompts, text) = text.split_once(' ').expect("prompts and a text");
    let text = text.to_owned();
    let outcome = TurnOutcome::Answered { text };
    let AgentEvent::TurnEnded(end) = ended(outcome, TurnOrigin::Prompt) else {
        panic!("a turn ends");
    };
    let ids = prompts.split(',').map(|id| PromptId(id.to_owned()));
    AgentEvent::TurnEnded(TurnEnd {
        prompts: Some(ids.collect()),
        ..end
    })
}

fn failed(fault: TurnFault) -> AgentEvent {
    ended(TurnOutcome::Failed(fault), TurnOrigin::Prompt)
}

/// What the edge makes of these words together with what it is told beside them.
fn fault_in(text: &str) -> ApiFault {
    match text.split(" · ").next().unwrap_or_default() {
        "Not logged in" => ApiFault::NotLoggedIn,
        "You've hit your weekly limit" => ApiFault::Limit {
            until: Some(UnixSeconds(LIMIT_ENDS)),
        },
        "API Error: Request rejected (429)" => ApiFault::Limit { until: None },
        "API Error: Repeated 529 Overloaded errors." => ApiFault::Overloaded,
        "Please run /login" => ApiFault::LoginExpired,
        "Invalid API key" => ApiFault::KeyRefused,
        "Prompt is too long" => ApiFault::TooLong,
        "Request too large (max 32MB)." => ApiFault::TooLarge,
        "API Error: Claude's safeguards flagged this message" => ApiFault::Declined,
        "API Error: 400" => ApiFault::Rejected,
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

/// Reads a request: its name if it is not `r1`, the tool, all that it runs, and behind a `+` the
/// rules that Claude offers.
fn asked(text: &str) -> AgentEvent {
    let (id, text) = named(text);
    let (tool, text) = text.split_once(' ').unwrap_or((text, ""));
    let (detail, rules) = text.split_once(" + ").unwrap_or((text, ""));
    let rule = |shown: &str| SessionRule {
        shown: shown.to_owned(),
        rule: Json(format!("rule {shown}")),
    };
    let rules = rules.split(", ").filter(|rule| !rule.is_empty());
    let ask = Ask::Run(Run {
        title: tool.to_owned(),
        detail: detail.to_owned(),
        language: "bash",
        digest: "abc".to_owned(),
        purpose: None,
        reason: None,
        rules: rules.map(rule).collect(),
    });
    request(id, tool, ask, detail)
}

/// Reads questions, separated by semicolons: `Which? one / two`, with `*` for several.
fn questions(text: &str) -> AgentEvent {
    let question = |text: &str| {
        let (question, options) = text.trim().split_once("? ").expect("a question");
        let (picks, options) = match options.strip_prefix("* ") {
            Some(options) => (Picks::Many, options),
            None => (Picks::One, options),
        };
        let choice = |text: &str| {
            let (label, preview) = text.split_once(" = ").unwrap_or((text, ""));
            Choice {
                key: label.to_owned(),
                label: label.to_owned(),
                description: String::new(),
                preview: preview.replace('|', "\n"),
            }
        };
        Question {
            key: format!("{question}?"),
            text: format!("{question}?"),
            options: options.split(" / ").map(choice).collect(),
            picks,
        }
    };
    let all = text.split(';').map(question).collect();
    request("r1", "AskUserQuestion", Ask::Questions(all), "questions")
}

/// Takes the name of a request off a text.
fn named(text: &str) -> (&str, &str) {
    match text.split_once(' ') {
        Some((name, rest)) if name.len() == 2 && name.starts_with('r') => (name, rest),
        _ => ("r1", text),
    }
}

pub(super) fn request(id: &str, tool: &str, ask: Ask, input: &str) -> AgentEvent {
    AgentEvent::PermissionAsked(Box::new(PermissionRequest {
        id: id.to_owned(),
        tool: tool.to_owned(),
        from: Origin::Claude,
        ask,
        input: Json(format!("<{input}>")),
        for_call: None,
    }))
}

/// Reads how many bytes of how many a home takes.
fn home(text: &str) -> HomeUse {
    let (used, limit) = text.split_once(' ').expect("used and limit");
    HomeUse {
        used: used.parse().expect("a number"),
        limit: limit.parse().expect("a number"),
    }
}

fn parse_exit(text: &str) -> AgentExit {
    let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (number, stderr) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = match kind {
        "code" => ExitStatus::Code(number.parse().expect("a number")),
        "signal" => ExitStatus::Signal(number.parse().expect("a number")),
        "missing" => ExitStatus::NotStarted(StartFault::NotFound {
            program: number.to_owned(),
        }),
        "full" => ExitStatus::NotStarted(StartFault::HomeFull(home(rest))),
        _ => panic!("an end is a code, a signal, a missing program or a full home: {text}"),
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
        cost: Cost::OfProcess(0.0),
        tokens: 0,
    })
}

fn models() -> Vec<Model> {
    let model = |value: &str, name: &str, efforts: &[&str]| Model {
        value: value.to_owned(),
        name: name.to_owned(),
        decides_itself: value == "opus",
        efforts: efforts.iter().map(|effort| (*effort).to_owned()).collect(),
    };
    vec![
        model("default", "Default", &["low", "high"]),
        model("opus", "Opus", &["low", "high", "max"]),
        model("haiku", "Haiku", &[]),
    ]
}
