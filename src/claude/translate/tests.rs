//! What the translator promises, on recorded sessions and on made-up lines.

mod broken;
mod doors;
mod faults;
mod findings;
mod lines;
mod news;
mod recorded;
mod robustness;
mod usage;

use std::fmt::Write as _;

use bridge_actors::agent_event::{AgentEvent, TurnEnd, TurnFault, TurnOutcome};
use bridge_actors::permission_request::{Ask, Origin, PermissionRequest};

use super::{Translated, Translator};

/// Renders what a line meant, one line of text each.
fn render(translated: &Translated) -> String {
    let mut text = String::new();
    for event in &translated.events {
        writeln!(text, "{}", render_event(event)).unwrap();
    }
    for reply in &translated.replies {
        writeln!(text, "reply {reply}").unwrap();
    }
    text
}

fn render_event(event: &AgentEvent) -> String {
    match event {
        AgentEvent::Ready {
            commands, version, ..
        } => {
            format!("Ready {version:?} commands={}", commands.join(","))
        }
        AgentEvent::PromptTaken(_) => "PromptTaken".to_owned(),
        AgentEvent::TurnStarted { commands, .. } => {
            format!("TurnStarted commands={}", commands.join(","))
        }
        AgentEvent::Said { text, .. } => format!("Said {text:?}"),
        AgentEvent::ToolStarted { tool, target } => format!("ToolStarted {tool} {target:?}"),
        AgentEvent::PermissionAsked(request) => render_request(request),
        // Its name differs from run to run.
        AgentEvent::TaskEnded { .. } => "TaskEnded".to_owned(),
        AgentEvent::PermissionWithdrawn { .. } => "PermissionWithdrawn".to_owned(),
        AgentEvent::TurnEnded(end) => render_end(end),
        AgentEvent::FilesOffered(offer) => {
            format!("FilesOffered {:?} {:?}", offer.paths, offer.caption)
        }
        AgentEvent::News(news) => format!("{news:?}"),
        AgentEvent::Activity(_)
        | AgentEvent::AttemptStarted
        | AgentEvent::TextDelta(_)
        | AgentEvent::ToolWaits { .. }
        | AgentEvent::FilesWithdrawn { .. }
        | AgentEvent::TaskStarted(_)
        | AgentEvent::Retrying { .. }
        | AgentEvent::ConversationUnknown
        | AgentEvent::ConversationTaken
        | AgentEvent::Heartbeat
        | AgentEvent::Found { .. }
        | AgentEvent::Exited(_) => format!("{event:?}"),
    }
}

fn render_request(request: &PermissionRequest) -> String {
    let from = match request.from {
        Origin::Claude => "",
        Origin::Subagent => " of a subagent",
    };
    let ask = match &request.ask {
        Ask::Run(run) => {
            let rules: Vec<_> = run.rules.iter().map(|rule| rule.shown.as_str()).collect();
            let remarks = (&run.purpose, &run.reason);
            format!(
                "{:?} {} {:?} {remarks:?} {rules:?}",
                run.title, run.language, run.detail
            )
        }
        Ask::Questions(questions) => {
            let shown = questions.iter().map(|question| {
                let options = question.options.iter();
                let labels = options.map(|option| match option.preview.is_empty() {
                    true => option.label.clone(),
                    false => format!("{} = {}", option.label, option.preview),
                });
                let labels: Vec<_> = labels.collect();
                format!("{:?} {:?} {labels:?}", question.text, question.picks)
            });
            shown.collect::<Vec<_>>().join("; ")
        }
        Ask::Plan(plan) => format!("plan {plan:?}"),
        Ask::Form(form) => format!("{form:?}"),
    };
    format!("PermissionAsked {}{from} {ask}", request.tool)
}

fn render_end(end: &TurnEnd) -> String {
    let outcome = match &end.outcome {
        TurnOutcome::Interrupted => "Interrupted".to_owned(),
        TurnOutcome::Answered { text } => format!("Answered {text:?}"),
        TurnOutcome::ApiError { fault, text } => format!("ApiError {fault:?} {text:?}"),
        TurnOutcome::Failed(TurnFault::Command(text)) => format!("FailedCommand {text:?}"),
        TurnOutcome::Failed(TurnFault::Said(text)) => format!("Failed {text:?}"),
        TurnOutcome::Failed(fault) => format!("Failed {fault:?}"),
    };
    let prompts = match &end.prompts {
        None => "unknown".to_owned(),
        Some(prompts) => prompts.len().to_string(),
    };
    format!(
        "TurnEnded {outcome} origin={:?} prompts={prompts}",
        end.origin
    )
}

/// Translates lines and renders all that they mean.
fn check(lines: &[&str], expected: &expect_test::Expect) {
    let mut translator = Translator::default();
    let text: String = (lines.iter())
        .map(|line| render(&translator.on_line(line.as_bytes())))
        .collect();
    expected.assert_eq(&text);
}
