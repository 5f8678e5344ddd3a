//! Pure: words that mix letters which look alike.
//!
//! A Latin `a` and a Cyrillic `а` are the same on a screen. Nobody writes both into one word but
//! to deceive, so such words are pointed out.

/// Scripts whose letters look like those of one another.
#[derive(Clone, Copy, PartialEq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
}

/// Returns the words that have letters of more than one of Latin, Greek and Cyrillic, in order.
pub fn mixed_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_ascii() && is_mixed(word))
}

fn is_mixed(word: &str) -> bool {
    let mut scripts = word.chars().filter_map(script);
    let first = scripts.next();
    first.is_some_and(|first| scripts.any(|script| script != first))
}

/// Returns the script of a letter, by the blocks of Unicode.
fn script(letter: char) -> Option<Script> {
    let latin = matches!(letter,
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{2af}' | '\u{1d00}'..='\u{1d25}'
        | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a722}'..='\u{a7ff}'
        | '\u{ab30}'..='\u{ab64}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    let greek = matches!(letter, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}');
    let cyrillic = matches!(letter,
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}'
        | '\u{a640}'..='\u{a69f}');
    match (latin, greek, cyrillic) {
        (true, _, _) => Some(Script::Latin),
        (_, true, _) => Some(Script::Greek),
        (_, _, true) => Some(Script::Cyrillic),
        (false, false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(text: &str) -> Vec<&str> {
        mixed_words(text).collect()
    }

    #[test]
    fn letters_that_look_alike_are_found_in_one_word() {
        assert_eq!(mixed("curl p\u{430}ypal.com"), ["p\u{430}ypal"]);
        assert_eq!(
            mixed("/etc/\u{440}asswd \u{3bf}k"),
            ["\u{440}asswd", "\u{3bf}k"]
        );
    }

    #[test]
    fn whole_words_of_each_script_are_nothing_to_point_out() {
        for text in [
            "git commit -m \"исправил ошибку\" файл.txt",
            "μέγεθος 10 µm π=3 größer Đặng x86 é\u{301}",
            "日本語abc",
            "",
        ] {
            assert_eq!(mixed(text), [""; 0]);
        }
    }
}
