//! Pure: what differs from day to day is taken out of a text, and its lines are wrapped.

use std::path::Path;

/// How wide a line of the transcript is.
const WIDTH: usize = 92;

/// Tells whether a message shows, or showed, a running turn.
pub(super) fn is_card(text: &str) -> bool {
    let Some((mark, rest)) = text.split_once(' ') else {
        return false;
    };
    let has_time = rest.starts_with(|sign: char| sign.is_ascii_digit());
    let is_cut = text.starts_with("⏹ Interrupted.");
    (["⏳", "✓", "⏹", "⚠"].contains(&mark) && has_time) || is_cut
}

/// Takes times, costs, ids, the version and the place of the project out of a text.
pub(super) fn normalised(text: &str, project: &Path) -> String {
    let text = text.replace(&project.display().to_string(), "~/invoices");
    // Each version names itself.
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("Claude Code: "));
    let lines = lines.enumerate();
    let lines = lines.map(|(at, line)| match (at, is_card(line)) {
        (0, true) => card_head(line),
        _ => without_clock(&without_value(line)),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `✓ 4 s · 2 tools · $0.02` is another one each time.
fn card_head(line: &str) -> String {
    let parts = line.split(" · ").enumerate();
    let parts = parts.map(|(at, part)| match (at, part.split_once(' ')) {
        (0, Some((mark, time))) if time.starts_with(|sign: char| sign.is_ascii_digit()) => {
            format!("{mark} N s")
        }
        _ if part.starts_with('$') => "$N".to_owned(),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join(" · ")
}

fn without_value(line: &str) -> String {
    for (start, value) in [
        ("Conversation: ", "(its id)"),
        ("State: working for ", "N s"),
    ] {
        if line.starts_with(start) {
            return format!("{start}{value}");
        }
    }
    line.to_owned()
}

/// Takes the time out of `14:05 UTC`.
fn without_clock(line: &str) -> String {
    let Some((before, after)) = line.split_once(" UTC") else {
        return line.to_owned();
    };
    let time = before.len().saturating_sub("14:05".len());
    format!("{}HH:MM UTC{after}", &before[..time])
}

/// Wraps an entry; all of its lines but the first are indented.
pub(super) fn wrapped(entry: &str) -> String {
    let mut out = String::new();
    for line in entry.lines() {
        let mut rest = line;
        loop {
            let indent = if out.is_empty() { "" } else { "    " };
            let (now, later) = cut(rest, WIDTH - indent.len());
            out.push_str(format!("{indent}{now}").trim_end());
            out.push('\n');
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
    }
    out
}

/// Cuts a line at the last space before its width is used up.
fn cut(line: &str, width: usize) -> (&str, &str) {
    let Some((end, _)) = line.char_indices().nth(width) else {
        return (line, "");
    };
    let start = line.len() - line.trim_start().len();
    match line[start..end].rfind(' ') {
        Some(at) => (&line[..start + at], line[start + at..].trim_start()),
        None => (line, ""),
    }
}

#[test]
fn what_differs_from_day_to_day_is_taken_out() {
    let project = Path::new("/tmp/x");
    let check = |text: &str, expected: &str| assert_eq!(normalised(text, project), expected);
    check("✓ 1 min 4 s · 2 tools · $0.02", "✓ N s · 2 tools · $N");
    check(
        "⏳ 3 s · Bash: ls /tmp/x\n\n12 s",
        "⏳ N s · Bash: ls ~/invoices\n\n12 s",
    );
    check(
        "✅ Allowed by Olga, 14:05 UTC: Bash",
        "✅ Allowed by Olga, HH:MM UTC: Bash",
    );
    check("⏹ Stopped. It is.", "⏹ Stopped. It is.");
}

#[test]
fn lines_are_wrapped_at_spaces_and_indented() {
    let long = ["word"; 40].join(" ");
    let text = wrapped(&format!("a\n\n{long}"));
    assert!(text.starts_with("a\n\n    word word"));
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    assert_eq!(text.matches("word").count(), 40);
}
