//! What the card of a running turn says.

use std::time::Duration;

use super::in_words;
use crate::clock::Time;
use crate::outbox::{Body, Button};
use crate::session::buttons::Meaning;
use crate::session::card::{Detail, View};

/// How much of the latest text is shown, in characters.
const PREVIEW_SHOWN: usize = 600;

/// How much of it is shown with the log.
const LONG_PREVIEW_SHOWN: usize = 1_500;

/// How much is shown of a tool, in characters.
const TOOL_SHOWN: usize = 80;

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum TurnMark {
    Done,
    Stopped,
    Failed,
}

/// Returns what is going on.
pub(in crate::session) fn card(view: &View, detail: Detail, nonce: &str, now: Time) -> Body {
    let (running, before) = view.tools();
    let doing = match running {
        Some(tool) => tool_line(tool),
        None if view.is_writing() => "Claude is writing".to_owned(),
        None => "Claude is thinking".to_owned(),
    };
    let mut text = format!("⏳ {} · {doing}", in_words(now.since(view.started_at)));
    let limit = match detail {
        Detail::Answer | Detail::Card => PREVIEW_SHOWN,
        Detail::Log => {
            for tool in before {
                text.push_str(&format!("\n✓ {}", tool_line(tool)));
            }
            LONG_PREVIEW_SHOWN
        }
    };
    let (preview, is_cut) = view.preview(limit);
    if !preview.is_empty() {
        let dots = if is_cut { "… " } else { "" };
        text.push_str(&format!("\n\n{dots}{preview}"));
    }
    Body::Live {
        text,
        code: None,
        rows: vec![vec![Button {
            label: "⏹ Stop".to_owned(),
            data: Meaning::Stop(nonce).data(),
        }]],
    }
}

/// Returns what is left of the card when the turn is over.
pub(in crate::session) fn card_closed(closing: String) -> Body {
    Body::Live {
        text: closing,
        code: None,
        rows: Vec::new(),
    }
}

/// Sums a turn up that is over; `cut` is the end of a text that was not completed.
pub(in crate::session) fn closing(
    mark: TurnMark,
    time: Duration,
    n_tools: usize,
    cost: f64,
    cut: &str,
) -> String {
    let mark = match mark {
        TurnMark::Done => "✓",
        TurnMark::Stopped => "⏹",
        TurnMark::Failed => "⚠",
    };
    let tools = match n_tools {
        0 => String::new(),
        1 => " · 1 tool".to_owned(),
        n => format!(" · {n} tools"),
    };
    let cost = match cost >= 0.005 {
        true => format!(" · ${cost:.2}"),
        false => String::new(),
    };
    let cut = match cut.is_empty() {
        true => String::new(),
        false => format!("\n\nCut short: {cut}"),
    };
    format!("{mark} {}{tools}{cost}{cut}", in_words(time))
}

/// Returns what is left of the card of a turn that was cut with its session.
pub(in crate::session) fn card_of_earlier_run(text: &str) -> String {
    match text.is_empty() {
        true => "⏹ Interrupted.".to_owned(),
        false => format!("⏹ Interrupted.\n\nCut short: {text}"),
    }
}

/// The answer to a press of the button of such a card, when the turn had not begun.
pub(in crate::session) fn stopped_waiting() -> String {
    "⏹ It had not begun, and does not run.".to_owned()
}

pub(in crate::session) fn detail(detail: Detail) -> String {
    let mark = |level| if level == detail { "●" } else { "○" };
    format!(
        "{} /verbose 0: the answer alone\n{} /verbose 1: what Claude does now, and its words as they \
         come\n{} /verbose 2: the same with the tools before",
        mark(Detail::Answer),
        mark(Detail::Card),
        mark(Detail::Log),
    )
}

pub(in crate::session) fn stopping() -> String {
    "⏹ Stopping. Press again to end it by force.".to_owned()
}

/// Returns what a tool does in one line.
pub(super) fn tool_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(TOOL_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
