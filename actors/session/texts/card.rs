//! What the card of a running turn says.

use std::time::Duration;

use bridge_texts::Say;

use super::in_words;
use crate::chat_settings::Detail;
use crate::clock::Time;
use crate::outbox::{Body, Button};
use crate::session::buttons::Meaning;
use crate::session::card::View;
use crate::session::turn::{ShowWish, Waits};

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
pub(in crate::session) fn card(
    say: Say,
    view: &View,
    wish: ShowWish,
    nonce: &str,
    now: Time,
) -> Body {
    let (running, before) = view.tools();
    let doing = match running {
        _ if wish.waits == Waits::ForPerson => say.card_waiting_for_you(),
        Some(tool) => tool_line(tool),
        None if view.is_writing() => say.card_writing(),
        None => say.card_thinking(),
    };
    let mut text = say.card_doing(in_words(say, now.since(view.started_at)), doing);
    let limit = match wish.detail {
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
            label: say.button_stop(),
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
    say: Say,
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
    let time = format!("{mark} {}", in_words(say, time));
    let tools = (n_tools > 0).then(|| say.card_tools(n_tools));
    let cost = (cost >= 0.005).then(|| say.card_cost(format_args!("{cost:.2}")));
    let facts: Vec<_> = [Some(time), tools, cost].into_iter().flatten().collect();
    with_cut(say, facts.join(" · "), cut)
}

/// Returns what is left of the card of a turn that was cut with its session.
pub(in crate::session) fn card_of_earlier_run(say: Say, text: &str) -> String {
    with_cut(say, say.card_interrupted(), text)
}

fn with_cut(say: Say, text: String, cut: &str) -> String {
    match cut.is_empty() {
        true => text,
        false => format!("{text}\n\n{}", say.card_cut_short(cut)),
    }
}

pub(in crate::session) fn detail(say: Say, detail: Detail) -> String {
    let mark = |level| if level == detail { "●" } else { "○" };
    say.verbose_levels(mark(Detail::Answer), mark(Detail::Card), mark(Detail::Log))
}

/// Returns what a tool does in one line.
pub(super) fn tool_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(TOOL_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
