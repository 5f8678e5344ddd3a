//! What the card of a running turn says.

use std::time::Duration;

use bridge_texts::Say;

use super::draft::end_of;
use super::in_words;
use crate::chat_settings::Detail;
use crate::clock::Time;
use crate::outbox::{Body, Button, Folded};
use crate::session::buttons::Meaning;
use crate::session::card::View;
use crate::session::said::Said;
use crate::session::turn::{Remains, ShowWish, Waits};

/// How much of the end of the latest text is shown, in UTF-16 units.
const PREVIEW_SHOWN: usize = 600;

/// How much of it is shown with the log.
const LONG_PREVIEW_SHOWN: usize = 1_500;

/// How much of the latest text goes to Telegram's edge, in bytes: its end with its markup.
const TEXT_SHOWN: usize = 4 * 1024;

/// How much is shown of a tool, in characters.
const TOOL_SHOWN: usize = 80;

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum TurnMark {
    Done,
    Stopped,
    Failed,
}

/// A turn that is over, in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::session) struct Summary {
    pub(in crate::session) mark: TurnMark,
    pub(in crate::session) time: Duration,
    pub(in crate::session) n_tools: usize,
    /// In US dollars, if it is known.
    pub(in crate::session) cost: Option<f64>,
}

/// Returns what is going on.
pub(in crate::session) fn card(
    (say, now): (Say, Time),
    view: &View,
    said: &Said,
    wish: ShowWish,
    nonce: &str,
) -> Body {
    let (running, before) = view.tools();
    let doing = match running {
        _ if let Some(waited) = waited(wish.waits, now) => match waited.as_secs() / 60 {
            0 => say.card_waiting_for_you(),
            minutes => {
                let time = Duration::from_secs(minutes * 60);
                say.card_waiting_for_you_since(in_words(say, time))
            }
        },
        Some(tool) => tool_line(tool),
        None if view.is_writing() => say.card_writing(),
        None => say.card_thinking(),
    };
    let mut head = say.card_doing(in_words(say, now.since(view.started_at)), doing);
    let shown = match wish.detail {
        Detail::Answer | Detail::Card => PREVIEW_SHOWN,
        Detail::Log => {
            for tool in before {
                head.push_str(&format!("\n✓ {}", tool_line(tool)));
            }
            LONG_PREVIEW_SHOWN
        }
    };
    let latest = match view.is_writing() {
        true => view.partial(),
        false => said.blocks().next_back().unwrap_or_default(),
    };
    Body::Card {
        words: Folded {
            head,
            folded: String::new(),
            text: end_of(latest, TEXT_SHOWN),
        },
        shown,
        rows: vec![vec![Button {
            label: say.button_stop(),
            data: Meaning::Stop(nonce).data(),
        }]],
    }
}

/// Returns how long a person has been waited for.
fn waited(waits: Waits, now: Time) -> Option<Duration> {
    match waits {
        Waits::ForPerson { since } => Some(now.since(since)),
        Waits::ForAgent => None,
    }
}

/// Returns what is left of the card when the turn is over.
pub(in crate::session) fn card_closed(say: Say, summary: Summary, remains: Remains) -> Body {
    let Remains { is_cut, fold } = remains;
    let cut = is_cut && !fold.words.is_empty();
    let head = [
        facts(say, summary),
        fold.note,
        match cut {
            true => say.card_cut_short(),
            false => String::new(),
        },
    ];
    let head = head.into_iter().filter(|line| !line.is_empty());
    folded_card(head.collect::<Vec<_>>().join("\n"), fold.words)
}

fn folded_card(head: String, folded: String) -> Body {
    Body::Card {
        words: Folded {
            head,
            folded,
            text: String::new(),
        },
        shown: 0,
        rows: Vec::new(),
    }
}

/// Returns a text that was cut short, for a turn without a card.
pub(in crate::session) fn cut_short(say: Say, words: String, note: &str) -> Body {
    let head = match note.is_empty() {
        true => say.card_cut_short(),
        false => format!("{note}\n{}", say.card_cut_short()),
    };
    Body::Folded(Folded {
        head,
        folded: words,
        text: String::new(),
    })
}

/// Sums a turn up that is over.
fn facts(say: Say, summary: Summary) -> String {
    let Summary {
        mark,
        time,
        n_tools,
        cost,
    } = summary;
    let mark = match mark {
        TurnMark::Done => "✓",
        TurnMark::Stopped => "⏹",
        TurnMark::Failed => "⚠",
    };
    let time = format!("{mark} {}", in_words(say, time));
    let tools = (n_tools > 0).then(|| say.card_tools(n_tools));
    let cost = cost.filter(|cost| *cost >= 0.005);
    let cost = cost.map(|cost| say.card_cost(format_args!("{cost:.2}")));
    let facts: Vec<_> = [Some(time), tools, cost].into_iter().flatten().collect();
    facts.join(" · ")
}

/// Returns what is left of the card of a turn that was cut with its session.
pub(in crate::session) fn card_of_earlier_run(say: Say, text: &str) -> Body {
    let head = match text.is_empty() {
        true => say.card_interrupted(),
        false => format!("{}\n{}", say.card_interrupted(), say.card_cut_short()),
    };
    folded_card(head, text.to_owned())
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
