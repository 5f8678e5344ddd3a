//! Markdown that nests deeper than anybody writes.

/// The most containers that one line may open.
const MAX_MARKERS: usize = 100;

/// Tells whether a line opens so many quotations and items that parsing would take too long.
///
/// The parser compares each line with every open container. Levels that are reached by indenting
/// are paid for in text, but markers on one line are cheap to write: forty thousand characters
/// keep the parser busy for a second.
pub(super) fn is_too_deep(markdown: &str) -> bool {
    markdown.lines().any(|line| n_markers(line) > MAX_MARKERS)
}

fn n_markers(line: &str) -> usize {
    let mut n_markers = 0;
    for word in line.split_whitespace() {
        let n_quotes = word.bytes().take_while(|&byte| byte == b'>').count();
        let rest = &word[n_quotes..];
        n_markers += n_quotes;
        if is_item_marker(rest) {
            n_markers += 1;
        } else if !rest.is_empty() {
            break;
        }
    }
    n_markers
}

fn is_item_marker(word: &str) -> bool {
    let number = word.strip_suffix(['.', ')']);
    matches!(word, "-" | "*" | "+")
        || number.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
