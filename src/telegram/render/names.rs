//! Names of files that Telegram would take for web addresses.

use super::as_written::is_bracket_or_stop;

/// Endings of files that are top-level domains too: Telegram makes a link of `setup.py`, to a site
/// in Paraguay that nobody meant.
const ENDINGS: [&str; 15] = [
    "py", "rs", "md", "sh", "pl", "cc", "so", "ml", "mk", "ps", "st", "tf", "bz", "zip", "mov",
];

/// Divides a text into its parts and tells which are names of files.
pub(super) fn split(text: &str) -> Vec<(&str, bool)> {
    if !text.contains('.') {
        return vec![(text, false)];
    }
    let mut parts = Vec::new();
    let mut plain_start = 0;
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let name = word.trim_end().trim_matches(is_bracket_or_stop);
        if is_name(name) {
            let start = at + offset_of(word, name);
            if start > plain_start {
                parts.push((&text[plain_start..start], false));
            }
            plain_start = start + name.len();
            parts.push((name, true));
        }
        at += word.len();
    }
    if plain_start < text.len() {
        parts.push((&text[plain_start..], false));
    }
    parts
}

fn is_name(word: &str) -> bool {
    let is_part =
        |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.' | '/' | '~' | '+');
    let Some((stem, ending)) = word.rsplit_once('.') else {
        return false;
    };
    !stem.is_empty()
        && !stem.ends_with('/')
        && !stem.starts_with("www.")
        && ENDINGS.contains(&ending)
        && word.chars().all(is_part)
}

fn offset_of(word: &str, part: &str) -> usize {
    word.find(part).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_found_and_addresses_are_not() {
        let names = |text| {
            let parts = split(text);
            assert_eq!(parts.iter().map(|part| part.0).collect::<String>(), text);
            let names = parts.into_iter().filter(|part| part.1);
            names.map(|part| part.0).collect::<Vec<_>>()
        };
        assert_eq!(
            names("see setup.py, (README.md) and src/lib.rs."),
            ["setup.py", "README.md", "src/lib.rs"]
        );
        assert!(names("https://a.io/setup.py www.a.rs a@b.py e.g. 3.14 .sh x.txt").is_empty());
        assert_eq!(names("run.sh"), ["run.sh"]);
    }
}
