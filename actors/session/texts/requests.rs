//! What is said when Claude asks for something and waits.

#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use super::questions::{answered, asks_question, whole_question};
use super::{in_words, shortened};
use crate::clock::UnixSeconds;
use crate::outbox::{Body, Code};
use crate::scripts::mixed_words;
use crate::session::request::{Ask, Origin, Run};
use crate::session::requests::Answer;
use crate::session::requests::asked::Asked;
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

/// How much is shown of the tool and what it is used on, in characters.
const TITLE_SHOWN: usize = 250;

/// How much is shown of what Claude says and of why it asks, in characters.
const REMARK_SHOWN: usize = 150;

/// How long the rules of "for this session" may be; who cannot see them cannot allow them.
const RULES_SHOWN: usize = 250;

/// How much is shown of the name of whoever pressed.
const NAME_SHOWN: usize = 60;

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
pub(in crate::session) fn asks(asked: &Asked, limit: Duration) -> Body {
    let (text, code) = match &asked.request.ask {
        Ask::Run(run) => (may_it_run(run, asked.request.from, limit), code(run)),
        Ask::Plan(_) => (
            format!(
                "📋 May Claude carry out this plan? Reply to say what to change. No answer within \
                 {} means no.",
                in_words(limit)
            ),
            None,
        ),
        Ask::Questions(questions) => (asks_question(asked, questions.len(), limit), None),
    };
    Body::Live {
        text,
        code,
        rows: asked.rows(),
    }
}

fn may_it_run(run: &Run, from: Origin, limit: Duration) -> String {
    let mut lines = vec![format!(
        "🔐 May it run? {}",
        shortened(&run.title, TITLE_SHOWN)
    )];
    if from == Origin::Subagent {
        lines.push("A subagent asks.".to_owned());
    }
    let remarks = [("It says", &run.purpose), ("Asked because", &run.reason)];
    for (what, remark) in remarks {
        if let Some(remark) = remark {
            lines.push(format!("{what}: {}", shortened(remark, REMARK_SHOWN)));
        }
    }
    if !run.rules.is_empty() {
        lines.push(format!("“For this session” covers: {}", rules(run)));
    }
    lines.extend(mixed_scripts(run));
    lines.push(format!(
        "No answer within {} means no; reply to say why not.",
        in_words(limit)
    ));
    if is_long(run) {
        lines.push(format!(
            "{} characters, whole in the file above. With the words after “May it run?” as a \
             line before it, its sha256 is {}",
            run.detail.chars().count(),
            run.digest
        ));
    }
    lines.join("\n")
}

/// Names words whose letters may not be what they look like.
fn mixed_scripts(run: &Run) -> Option<String> {
    let rules = run.rules.iter().map(|rule| rule.shown.as_str());
    let texts = [run.title.as_str(), run.detail.as_str()];
    let words: BTreeSet<&str> = (texts.into_iter().chain(rules))
        .flat_map(mixed_words)
        .collect();
    let named = words.iter().take(MIXED_WORDS_NAMED);
    let named: Vec<_> = named
        .map(|word| format!("“{}”", shortened(word, MIXED_WORD_SHOWN)))
        .collect();
    let more = match words.len().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| {
        let named = named.join(", ");
        format!("⚠ Letters of more than one script in one word: {named}{more}")
    })
}

/// Returns what is posted before the message that asks, if that cannot hold all of it.
pub(in crate::session) fn whole_request(asked: &Asked) -> Option<Body> {
    match &asked.request.ask {
        Ask::Run(run) if is_long(run) => Some(Body::Document {
            name: REQUEST_FILE.to_owned(),
            content: run.detail.clone(),
            caption: format!(
                "What Claude asks about: {}",
                shortened(&run.title, TITLE_SHOWN)
            ),
        }),
        Ask::Plan(plan) if !plan.trim().is_empty() => Some(Body::Markdown(plan.clone())),
        Ask::Questions(_) => asked.question().and_then(whole_question),
        Ask::Run(_) | Ask::Plan(_) => None,
    }
}

/// Returns what the message becomes when it is decided.
pub(in crate::session) fn decided_request(
    asked: &Asked,
    answer: Answer,
    words: Option<&str>,
    by: Decider<'_>,
) -> Body {
    let what = match (&asked.request.ask, answer) {
        (Ask::Run(run), Answer::AllowForSession) => {
            let head = said_by("✅ Allowed for this session", by);
            return closed(asked, asked.answers.len(), &head, rules(run));
        }
        (Ask::Plan(_), Answer::Allow) => "✅ Approved",
        (Ask::Plan(_), Answer::AllowEdits) => "✅ Approved, edits accepted from now on",
        (Ask::Plan(_), _) => "✎ To be planned on",
        (Ask::Questions(_), Answer::Deny) => "✕ Not answered",
        (Ask::Questions(_), _) => "✓ Answered",
        (Ask::Run(_), Answer::Deny) => "✕ Denied",
        (Ask::Run(_), _) => "✅ Allowed",
    };
    let remark = match &asked.request.ask {
        // The answer stands below its question.
        Ask::Questions(_) => None,
        Ask::Run(_) | Ask::Plan(_) => words.map(|words| shortened(words, REMARK_SHOWN)),
    };
    let is_open = answer == Answer::Deny;
    let place = asked.answers.len().saturating_sub(usize::from(!is_open));
    closed(asked, place, &said_by(what, by), remark.unwrap_or_default())
}

/// Returns what the message becomes when nobody decided in time.
pub(in crate::session) fn expired_request(asked: &Asked, limit: Duration) -> Body {
    let head = format!("⌛ Not decided within {}, so denied", in_words(limit));
    closed(asked, asked.answers.len(), &head, String::new())
}

/// Returns what the message becomes when Claude no longer asks.
pub(in crate::session) fn withdrawn_request(asked: &Asked) -> Body {
    let head = "✕ No longer asked; nothing was allowed";
    closed(asked, asked.answers.len(), head, String::new())
}

/// What the message of a request becomes that an earlier run of the bridge put.
pub(in crate::session) fn request_of_earlier_run() -> String {
    "⌛ Expired: the bridge was restarted before this was decided, and nothing was allowed. If \
     Claude still needs it, it asks again."
        .to_owned()
}

fn said_by(what: &str, by: Decider<'_>) -> String {
    let (hours, minutes) = (by.at.0 / 3600 % 24, by.at.0 / 60 % 60);
    let who = match by.name {
        Some(name) => format!("by {}", shortened(&visible_line(name), NAME_SHOWN)),
        None => "by message".to_owned(),
    };
    format!("{what} {who}, {hours:02}:{minutes:02} UTC")
}

/// Returns the message without buttons; of several questions it shows the one in that place.
fn closed(asked: &Asked, place: usize, head: &str, remark: String) -> Body {
    let remark = match remark.is_empty() {
        true => String::new(),
        false => format!("\n{remark}"),
    };
    let (about, code) = match &asked.request.ask {
        Ask::Run(run) => (shortened(&run.title, TITLE_SHOWN), code(run)),
        Ask::Plan(_) => ("The plan above".to_owned(), None),
        Ask::Questions(questions) => (answered(asked, questions, place), None),
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

fn code(run: &Run) -> Option<Code> {
    if run.detail.is_empty() {
        return None;
    }
    let text = match is_long(run) {
        false => run.detail.clone(),
        true => {
            let head = first_units(&run.detail, CODE_HEAD);
            let tail = last_units(&run.detail, CODE_TAIL);
            let left = run.detail.chars().count() - head.chars().count() - tail.chars().count();
            format!("{head}\n\n… {left} characters are not shown here …\n\n{tail}")
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
pub(in crate::session) fn answer_taken(ask: &Ask, answer: Answer) -> String {
    match (ask, answer) {
        (Ask::Plan(_), Answer::Allow) => "✅ Approved.",
        (Ask::Run(_) | Ask::Questions(_), Answer::Allow) => "✅ Allowed.",
        (_, Answer::AllowForSession) => "✅ Allowed for this session.",
        (_, Answer::AllowEdits) => "✅ Edits are accepted from now on.",
        (_, Answer::Deny) => "✕ Noted.",
        (_, Answer::Pick(_) | Answer::Done) => "✓",
    }
    .to_owned()
}

pub(in crate::session) fn only_asker_answers() -> String {
    "Only whoever wrote the message, or an administrator, can answer this.".to_owned()
}

/// What Claude is told when a person says no.
pub(in crate::session) fn denial(ask: &Ask, reason: Option<&str>) -> String {
    match (ask, reason) {
        (Ask::Run(_), None) => "The user denied this.".to_owned(),
        (Ask::Run(_), Some(reason)) => format!("The user denied this and says: {reason}"),
        (Ask::Plan(_), None) => {
            "The user wants to keep planning. Ask what should be different.".to_owned()
        }
        (Ask::Plan(_), Some(reason)) => {
            format!("The user wants to keep planning and says: {reason}")
        }
        (Ask::Questions(_), None) => "The user does not want to answer.".to_owned(),
        (Ask::Questions(_), Some(reason)) => format!("The user says: {reason}"),
    }
}

/// What Claude is told when nobody decided in time.
pub(in crate::session) fn denial_for_silence(limit: Duration) -> String {
    format!(
        "Nobody answered within {}. Do not ask again at once: go on without it, or end your turn \
         and say what you need.",
        in_words(limit)
    )
}

/// What Claude is told when too much is asked at once.
pub(in crate::session) fn denial_for_crowd() -> String {
    "Too many requests wait for the user already. Wait for their answers first.".to_owned()
}
