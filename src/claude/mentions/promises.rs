//! What must hold for mentions in whatever people write. Tests and the fuzzer feed it.

use std::path::{Path, PathBuf};

use super::{MAX_LOOKUPS, neutralise_with};

pub(super) const FOLDER: &str = "/srv/proj";

/// A world in which everything exists, `link` leads out, and `loop` leads to the folder.
pub(super) fn resolve(path: &Path) -> Option<PathBuf> {
    let mut real = PathBuf::new();
    for part in path {
        match part.to_str()? {
            ".." => {
                real.pop();
            }
            "link" => real = "/srv/out".into(),
            "loop" => real = FOLDER.into(),
            _ => real.push(part),
        }
    }
    Some(real)
}

#[cfg(test)]
pub(super) fn made_inert(text: &str) -> String {
    looked_up(text).0
}

/// Returns a text made inert, and whether all that it mentions was looked at for it.
fn looked_up(text: &str) -> (String, bool) {
    let mut n_lookups = 0;
    let count = |path: &Path| {
        n_lookups += 1;
        resolve(path)
    };
    let inert = neutralise_with(text, FOLDER.as_ref(), FOLDER.as_ref(), count);
    (inert, n_lookups < MAX_LOOKUPS)
}

/// Nothing that the CLI reads in a text that was made inert is outside of the folder, and the reader
/// sees the same text.
pub(in crate::claude) fn check_inert(text: &str) {
    let (inert, has_seen_all) = looked_up(text);
    for path in read_by_the_cli(&inert) {
        let opened = opened(&path);
        let is_inside = opened.starts_with(FOLDER) && !path.starts_with('~');
        assert!(is_inside, "{path:?} opens {opened:?} in {inert:?}");
    }
    assert_eq!(inert.replace("@ ", "@"), text.replace("@ ", "@"));
    let (again, sees_all) = looked_up(&inert);
    assert_eq!(again.replace("@ ", "@"), text.replace("@ ", "@"));
    // What is not looked at is inert unseen: each time that may be something else.
    if has_seen_all && sees_all {
        assert_eq!(again, inert);
    }
}

/// What `trim()` of JavaScript takes off and `\s` of its patterns matches: white space and line
/// ends of ECMA-262, sections 12.2 and 12.3, which are the space separators of Unicode and these.
pub(super) fn is_js_space(char: char) -> bool {
    matches!(
        char,
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202f}'
                | '\u{205f}'
                | '\u{3000}'
                | '\u{feff}'
    )
}

/// The mentions that the CLI finds, as measured: what it opens, before dots are taken out.
fn read_by_the_cli(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text[..at].chars().next_back();
        if !before.is_none_or(|char| is_js_space(char) || "。、？！".contains(char)) {
            continue;
        }
        let rest = &text[at + 1..];
        let unquoted = rest.split(is_js_space).next().unwrap_or_default();
        let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let trimmed = unquoted.trim_end_matches(|char| !is_word(char));
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let paths = [
            Some(trimmed),
            Some(unquoted),
            quoted.map(|(path, _)| path.trim_matches(is_js_space)),
        ];
        // What begins with a quotation mark is a quoted mention or none at all: `@""/link` is not
        // read, whatever is there.
        let is_read = |path: &&str| !path.starts_with('"');
        for path in paths.into_iter().flatten().filter(is_read) {
            found.push(path.split('#').next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// Where the CLI ends up: dots are taken out of the text of the path, then links are followed.
fn opened(path: &str) -> PathBuf {
    let mut lexical = PathBuf::from(FOLDER);
    if let Some(absolute) = path.strip_prefix('/') {
        lexical = PathBuf::from("/").join(absolute.trim_start_matches('/'));
        lexical = lexical.components().collect();
    } else {
        lexical.push(path);
    }
    let mut plain = PathBuf::new();
    for part in &lexical {
        match part.to_str().unwrap_or_default() {
            ".." => drop(plain.pop()),
            _ => plain.push(part),
        }
    }
    resolve(&plain).expect("everything is there")
}
