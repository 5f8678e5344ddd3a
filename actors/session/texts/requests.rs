//! What is said when Claude asks for something and waits.

#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use bridge_texts::Say;

use super::card::tool_line;
use super::forms::{asks_form, form_about, server_of, whole_form};
use super::questions::{answered, asks_question, previews, whole_question};
use super::{in_words, shortened};
use crate::clock::{Time, UnixSeconds};
use crate::file_offer::SEND_FILE;
use crate::form::Wants;
use crate::outbox::{Body, Code};
use crate::permission_request::{Ask, Origin, PermissionRequest, Run};
use crate::scripts::mixed_words;
use crate::session::requests::Answer;
use crate::session::requests::asked::Asked;
use crate::url_hosts::hosts_behind_names;
use crate::visible::visible_line;

/// From this length, in UTF-16 units, what will run is shown by its head and its tail, and whole
/// as a file. With everything around it, a message stays below Telegram's 4,096.
const CODE_SHOWN: usize = 1_900;

/// How much of the head and of the tail is shown then.
const CODE_HEAD: usize = 1_300;
const CODE_TAIL: usize = 450;

/// How many words that mix scripts are named, and how much of each, in characters.
const MIXED_WORDS_NAMED: usize = 3;
const MIXED_WORD_SHOWN: usize = 20;

/// How many hosts of addresses with a name before them are named, and how much of each, in
/// characters.
const HOSTS_NAMED: usize = 3;
const HOST_SHOWN: usize = 60;

/// How much is shown of the tool and what it is used on, in characters.
const TITLE_SHOWN: usize = 250;

/// How much is shown of what Claude says and of why it asks, in characters.
const REMARK_SHOWN: usize = 150;

/// How long the rules of "for this session" may be; who cannot see them cannot allow them.
const RULES_SHOWN: usize = 250;

/// How much is shown of the name of whoever pressed.
const NAME_SHOWN: usize = 60;

/// The tool whose detail is a command.
const COMMAND_TOOL: &str = "Bash";

/// The name of the file that holds what is too long for a message.
const REQUEST_FILE: &str = "request.txt";

/// Who decided, and when.
#[derive(Debug, Clone, Copy)]
pub(in crate::session) struct Decider<'a> {
    /// Their name, if they pressed a button; a message of theirs stands beside it.
    pub(in crate::session) name: Option<&'a str>,
    pub(in crate::session) at: UnixSeconds,
}

/// Tells whether the rules can be shown whole.
pub(in crate::session) fn are_rules_readable(run: &Run) -> bool {
    rules(run).chars().count() <= RULES_SHOWN
}

/// Returns the message that asks.
pub(in crate::session) fn asks(say: Say, asked: &Asked, limit: Duration) -> Body {
    let (text, code) = match &asked.request.ask {
        Ask::Run(run) => (may_it_run(say, &asked.request, run, limit), code(say, run)),
        Ask::Plan(_) => (say.plan_asked(in_words(say, limit)), None),
        Ask::Questions(questions) => {
            let text = asks_question(say, asked, questions.len(), limit);
            (text, previews(say, asked))
        }
        Ask::Form(form) => return asks_form(say, asked, form, limit),
    };
    Body::Live {
        text,
        code,
        rows: asked.rows(say),
    }
}

/// Says what a person is asked, and since when.
pub(in crate::session) fn waits_for_person(say: Say, asked: &Asked, now: Time) -> String {
    let time = in_words(say, now.since(asked.asked_at));
    match &asked.request.ask {
        Ask::Run(run) => {
            say.state_asks_to_run(tool_line(what_runs(&asked.request.tool, run)), time)
        }
        Ask::Plan(_) => say.state_asks_about_plan(time),
        Ask::Questions(_) => say.state_asks_question(time),
        Ask::Form(form) => say.state_asks_form(server_of(say, form), time),
    }
}

/// Says what runs only if a person allows it; `None` if it is a question or a plan.
pub(in crate::session) fn asked_to_run(say: Say, request: &PermissionRequest) -> Option<String> {
    match &request.ask {
        // What the bridge does itself is told apart.
        Ask::Run(_) if request.for_call.is_some() => None,
        Ask::Run(run) => Some(super::doing(
            say,
            &request.tool,
            what_runs(&request.tool, run),
        )),
        Ask::Plan(_) | Ask::Questions(_) | Ask::Form(_) => None,
    }
}

/// Returns what names best what would run: the command itself, else the tool and what it is used on.
fn what_runs<'a>(tool: &str, run: &'a Run) -> &'a str {
    match tool {
        COMMAND_TOOL if !run.detail.is_empty() => &run.detail,
        _ => &run.title,
    }
}

fn may_it_run(say: Say, request: &PermissionRequest, run: &Run, limit: Duration) -> String {
    let what = shortened(say, &run.title, TITLE_SHOWN);
    let head = match request.tool.as_str() {
        COMMAND_TOOL => say.request_command(what),
        "Write" => say.request_write(what),
        "Edit" => say.request_edit(what),
        "Read" => say.request_read(what),
        "WebSearch" => say.request_search(what),
        SEND_FILE => say.request_send(),
        _ => say.request_tool(what),
    };
    let remark = |text: &String| shortened(say, text, REMARK_SHOWN);
    let parts = [
        Some(head),
        (request.from == Origin::Subagent).then(|| say.request_by_subagent()),
        (run.purpose.as_ref()).map(|it| say.request_purpose(remark(it))),
        (run.reason.as_ref()).map(|it| say.request_reason(remark(it))),
        (!run.rules.is_empty()).then(|| say.request_rules(rules(run))),
        mixed_scripts(say, run),
        hosts(say, run),
        Some(say.request_limit(in_words(say, limit))),
        is_long(run).then(|| say.request_is_long(run.detail.chars().count(), &run.digest)),
    ];
    let lines: Vec<_> = parts.into_iter().flatten().collect();
    lines.join("\n")
}

/// Names words whose letters may not be what they look like.
fn mixed_scripts(say: Say, run: &Run) -> Option<String> {
    let rules = run.rules.iter().map(|rule| rule.shown.as_str());
    let texts = [run.title.as_str(), run.detail.as_str()];
    let words: BTreeSet<&str> = (texts.into_iter().chain(rules))
        .flat_map(mixed_words)
        .collect();
    let named = words.iter().take(MIXED_WORDS_NAMED);
    let named: Vec<_> = named
        .map(|word| format!("“{}”", shortened(say, word, MIXED_WORD_SHOWN)))
        .collect();
    let listed = named.join(", ");
    match (named.len(), words.len() - named.len()) {
        (0, _) => None,
        (_, 0) => Some(say.request_mixed_scripts(listed)),
        (_, more) => Some(say.request_mixed_scripts_more(listed, more)),
    }
}

/// Names where addresses lead whose beginning looks like another host.
fn hosts(say: Say, run: &Run) -> Option<String> {
    let rules = run.rules.iter().map(|rule| rule.shown.as_str());
    let texts = [run.title.as_str(), run.detail.as_str()];
    let hosts: BTreeSet<String> = (texts.into_iter().chain(rules))
        .flat_map(hosts_behind_names)
        .collect();
    let named = hosts.iter().take(HOSTS_NAMED);
    let named: Vec<_> = named.map(|host| shortened(say, host, HOST_SHOWN)).collect();
    let listed = named.join(", ");
    match (named.len(), hosts.len() - named.len()) {
        (0, _) => None,
        (_, 0) => Some(say.request_hosts(listed)),
        (_, more) => Some(say.request_hosts_more(listed, more)),
    }
}

/// Returns what is posted before the message that asks, if that cannot hold all of it.
pub(in crate::session) fn whole_request(say: Say, asked: &Asked) -> Option<Body> {
    match &asked.request.ask {
        Ask::Run(run) if is_long(run) => Some(Body::Document {
            name: REQUEST_FILE.to_owned(),
            content: run.detail.clone(),
            caption: say.request_file(shortened(say, &run.title, TITLE_SHOWN)),
        }),
        Ask::Plan(plan) if !plan.trim().is_empty() => Some(Body::Markdown(plan.clone())),
        Ask::Questions(_) => asked.question().and_then(|it| whole_question(say, it)),
        Ask::Form(form) => whole_form(say, asked, form),
        Ask::Run(_) | Ask::Plan(_) => None,
    }
}

/// Returns what the message becomes when it is decided.
pub(in crate::session) fn decided_request(
    say: Say,
    asked: &Asked,
    answer: Answer,
    words: Option<&str>,
    by: Decider<'_>,
) -> Body {
    let what = match (&asked.request.ask, answer) {
        (Ask::Run(run), Answer::AllowForSession) => {
            let head = said_by(say, &say.request_allowed_for_session(), by);
            return closed(say, asked, asked.answers.len(), &head, rules(run));
        }
        (Ask::Plan(_), Answer::Allow) => say.plan_approved(),
        (Ask::Plan(_), Answer::AllowEdits) => say.plan_approved_with_edits(),
        (Ask::Plan(_), _) => say.plan_rejected(),
        (Ask::Questions(_), Answer::Deny) => say.question_not_answered(),
        (Ask::Questions(_), _) => say.question_answered(),
        (Ask::Form(_), Answer::Deny) => say.form_declined(),
        (Ask::Form(form), _) => match form.wants {
            Wants::Page(_) => say.form_visited(),
            Wants::Fields(_) | Wants::Unreadable => say.form_sent(),
        },
        (Ask::Run(_), Answer::Deny) => say.request_denied(),
        (Ask::Run(_), _) => say.request_allowed(),
    };
    let remark = match &asked.request.ask {
        // The answer stands below its question.
        Ask::Questions(_) | Ask::Form(_) => None,
        Ask::Run(_) | Ask::Plan(_) => words.map(|words| shortened(say, words, REMARK_SHOWN)),
    };
    let is_open = answer == Answer::Deny;
    let place = asked.answers.len().saturating_sub(usize::from(!is_open));
    let head = said_by(say, &what, by);
    closed(say, asked, place, &head, remark.unwrap_or_default())
}

/// Returns what the message becomes when nobody decided in time.
pub(in crate::session) fn expired_request(say: Say, asked: &Asked, limit: Duration) -> Body {
    let limit = in_words(say, limit);
    let head = match &asked.request.ask {
        Ask::Run(_) => say.request_expired(limit),
        Ask::Plan(_) => say.plan_expired(limit),
        Ask::Questions(_) => say.question_expired(limit),
        Ask::Form(_) => say.form_expired(limit),
    };
    closed(say, asked, asked.answers.len(), &head, String::new())
}

/// Returns what the message becomes when Claude no longer asks.
pub(in crate::session) fn withdrawn_request(say: Say, asked: &Asked) -> Body {
    let head = match &asked.request.ask {
        Ask::Form(_) => say.form_withdrawn(),
        Ask::Run(_) | Ask::Questions(_) | Ask::Plan(_) => say.request_withdrawn(),
    };
    closed(say, asked, asked.answers.len(), &head, String::new())
}

pub(super) fn said_by(say: Say, what: &str, by: Decider<'_>) -> String {
    let time = time_of_day(by.at);
    match by.name {
        Some(name) => {
            let name = shortened(say, &visible_line(name), NAME_SHOWN);
            say.request_decided_by(what, name, time)
        }
        None => say.request_decided_by_message(what, time),
    }
}

/// Says a time of the day, in UTC.
pub(in crate::session) fn time_of_day(at: UnixSeconds) -> String {
    let (hours, minutes) = (at.0 / 3600 % 24, at.0 / 60 % 60);
    format!("{hours:02}:{minutes:02}")
}

/// Returns the message without buttons; of several questions it shows the one in that place.
fn closed(say: Say, asked: &Asked, place: usize, head: &str, remark: String) -> Body {
    let remark = match remark.is_empty() {
        true => String::new(),
        false => format!("\n{remark}"),
    };
    let (about, code) = match &asked.request.ask {
        Ask::Run(run) => (shortened(say, &run.title, TITLE_SHOWN), code(say, run)),
        Ask::Plan(_) => (say.plan_above(), None),
        Ask::Questions(questions) => (answered(say, asked, questions, place), None),
        Ask::Form(_) => (form_about(say, asked), None),
    };
    Body::Live {
        text: format!("{head}: {about}{remark}"),
        code,
        rows: Vec::new(),
    }
}

fn rules(run: &Run) -> String {
    let shown: Vec<_> = run.rules.iter().map(|rule| rule.shown.as_str()).collect();
    shown.join(", ")
}

fn is_long(run: &Run) -> bool {
    run.detail.encode_utf16().count() > CODE_SHOWN
}

fn code(say: Say, run: &Run) -> Option<Code> {
    if run.detail.is_empty() {
        return None;
    }
    let text = match is_long(run) {
        false => run.detail.clone(),
        true => {
            let head = first_units(&run.detail, CODE_HEAD);
            let tail = last_units(&run.detail, CODE_TAIL);
            let left = run.detail.chars().count() - head.chars().count() - tail.chars().count();
            format!("{head}\n\n{}\n\n{tail}", say.request_left_out(left))
        }
    };
    Some(Code {
        language: run.language,
        text,
    })
}

fn first_units(text: &str, units: usize) -> &str {
    let mut left = units;
    let end = text.char_indices().find(|(_, sign)| {
        let fits = sign.len_utf16() <= left;
        left = left.saturating_sub(sign.len_utf16());
        !fits
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

fn last_units(text: &str, units: usize) -> &str {
    let mut left = units;
    let start = text.char_indices().rev().find(|(_, sign)| {
        let fits = sign.len_utf16() <= left;
        left = left.saturating_sub(sign.len_utf16());
        !fits
    });
    &text[start.map_or(0, |(at, sign)| at + sign.len_utf8())..]
}

/// What whoever pressed sees for a moment.
pub(in crate::session) fn answer_taken(say: Say, ask: &Ask, answer: Answer) -> String {
    match (ask, answer) {
        (Ask::Plan(_), Answer::Allow) => say.toast_approved(),
        (Ask::Run(_) | Ask::Questions(_), Answer::Allow) => say.toast_allowed(),
        (_, Answer::AllowForSession) => say.toast_allowed_for_session(),
        (_, Answer::AllowEdits) => say.toast_edits_accepted(),
        (Ask::Run(_), Answer::Deny) => say.toast_denied(),
        (Ask::Plan(_), Answer::Deny) => say.plan_rejected(),
        (Ask::Questions(_), Answer::Deny) => say.question_not_answered(),
        (Ask::Form(_), Answer::Deny) => say.toast_declined(),
        (Ask::Form(_), Answer::Allow) => say.toast_sent(),
        (_, Answer::Pick(_) | Answer::Done | Answer::Default | Answer::Skip | Answer::Again) => {
            "✓".to_owned()
        }
    }
}
