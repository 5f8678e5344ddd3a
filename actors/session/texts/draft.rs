//! What the draft of a running turn shows, and what is said about drafts.

use bridge_texts::Say;

use super::card::tool_line;
use crate::chat_settings::Detail;
use crate::chat_settings::Drafts;
use crate::session::card::View;
use crate::session::said::Said;

/// How much of the text goes to Telegram's edge, in bytes, which shows as much of its end as a
/// message holds: enough for 4,096 signs with their markup.
const TEXT_SHOWN: usize = 16 * 1024;

/// Returns the answer so far as Markdown, and what is going on besides.
pub(in crate::session) fn draft(said: &Said, view: &View, detail: Detail) -> (String, String) {
    let (running, before) = view.tools();
    let before = match detail {
        Detail::Answer | Detail::Card => &[],
        Detail::Log => before,
    };
    let before = before.iter().map(|tool| format!("✓ {}", tool_line(tool)));
    let running = running.map(|tool| format!("⏳ {}", tool_line(tool)));
    let status: Vec<_> = before.chain(running).collect();
    (
        end_of_all(said, view.partial(), TEXT_SHOWN),
        status.join("\n"),
    )
}

/// Returns the end of what was said and of what is being said, in about so many bytes.
pub(in crate::session) fn end_of_all(said: &Said, partial: &str, limit: usize) -> String {
    let partial = Some(partial).filter(|text| !text.is_empty());
    let blocks = said.blocks().chain(partial);
    let mut left = limit;
    let mut shown = Vec::new();
    for block in blocks.rev() {
        if block.len() > left {
            shown.push(end_of(block, left));
            break;
        }
        left -= block.len();
        shown.push(block.to_owned());
    }
    shown.reverse();
    shown.join("\n\n")
}

/// Returns the end of a text, at most so many bytes of it, from a line on. A fence that began
/// before is opened again.
pub(super) fn end_of(text: &str, limit: usize) -> String {
    let mut start = text.len().saturating_sub(limit);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let line = text[start..].find('\n');
    // One long line is shown from its middle on.
    if let Some(line) = line.filter(|line| start > 0 && *line < limit / 2) {
        start += line + 1;
    }
    let (before, end) = text.split_at(start);
    match open_fence(before) {
        Some(fence) => format!("{fence}\n{end}"),
        None => end.to_owned(),
    }
}

/// Returns the line that opened a fence which the text does not close.
fn open_fence(text: &str) -> Option<&str> {
    let mut open = None;
    for line in text.lines().map(str::trim) {
        let fence = fence_of(line);
        match open {
            None if fence.len() >= 3 => open = Some(line),
            Some(opening) if line == fence && fence.starts_with(fence_of(opening)) => open = None,
            None | Some(_) => {}
        }
    }
    open
}

/// Returns the backticks or tildes that a line begins with.
fn fence_of(line: &str) -> &str {
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'));
    let rest = sign.map_or(line, |sign| line.trim_start_matches(sign));
    &line[..line.len() - rest.len()]
}

pub(in crate::session) fn drafts(say: Say, drafts: Drafts, detail: Detail) -> String {
    let mark = |one| if one == drafts { "●" } else { "○" };
    let text = say.draft_choices(mark(Drafts::On), mark(Drafts::Off));
    match detail {
        Detail::Answer => format!("{text}\n\n{}", say.drafts_not_shown()),
        Detail::Card | Detail::Log => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;

    fn shown(blocks: &[&str], partial: &str) -> String {
        let mut said = Said::default();
        blocks.iter().for_each(|block| said.push(block));
        let mut view = View::begin(Time::ZERO);
        view.on_delta(partial, Time::ZERO);
        draft(&said, &view, Detail::Card).0
    }

    #[test]
    fn the_blocks_stand_as_they_will_in_the_answer() {
        assert_eq!(shown(&[], ""), "");
        assert_eq!(shown(&["one", "two"], "thr"), "one\n\ntwo\n\nthr");
    }

    #[test]
    fn of_a_long_text_the_end_is_shown_from_a_line_on() {
        let line = "größer als gedacht\n";
        let text = shown(&["first", &line.repeat(2_000)], "and more");
        assert!(text.len() <= TEXT_SHOWN + 2, "{}", text.len());
        assert!(text.starts_with("größer"), "{}", &text[..30]);
        assert!(text.ends_with("gedacht\n\nand more"));
        let text = shown(&[&"ö".repeat(TEXT_SHOWN)], "");
        assert!(text.len() <= TEXT_SHOWN && text.starts_with('ö'));
    }

    #[test]
    fn a_fence_that_began_before_is_opened_again() {
        let code = "let x = 1;\n".repeat(3_000);
        let text = shown(&[&format!("So:\n```rust\n{code}```\nDone.")], "");
        assert!(text.starts_with("```rust\nlet x"), "{}", &text[..30]);
        let closed = format!("```rust\nlet y;\n```\n{code}");
        assert!(shown(&[&closed], "").starts_with("let x"));
        let nested = format!("````md\n```\n{code}````");
        assert!(shown(&[&nested], "").starts_with("````md\nlet x"));
    }
}
