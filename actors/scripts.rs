//! Pure: words that mix letters which look alike.
//!
//! A Latin `a` and a Cyrillic `а` are the same on a screen. Nobody writes letters of two scripts
//! into one word but to deceive, unless the scripts are written together, so such words are
//! pointed out: all that Unicode's report 39 calls less than highly restrictive.

use unicode_script::{Script, ScriptExtension, UnicodeScript};

/// Scripts that are written together, Latin among them; their letters do not look alike.
const WRITTEN_TOGETHER: [Script; 6] = [
    Script::Latin,
    Script::Han,
    Script::Hiragana,
    Script::Katakana,
    Script::Hangul,
    Script::Bopomofo,
];

/// Returns the words that have letters of more than one script, in order.
pub fn mixed_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_ascii() && is_mixed(word))
}

fn is_mixed(word: &str) -> bool {
    ScriptExtension::for_str(word).is_empty() && !word.chars().all(is_written_together)
}

fn is_written_together(letter: char) -> bool {
    let scripts = letter.script_extension();
    let has = |script: &Script| scripts.contains_script(*script);
    scripts.is_common() || scripts.is_inherited() || WRITTEN_TOGETHER.iter().any(has)
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
    fn they_are_found_whatever_the_script() {
        for (script, word) in [
            ("Armenian", "hell\u{585}"),
            ("Cherokee", "\u{13aa}oogle"),
            ("Lisu", "\u{a4ee}pple"),
            ("Coptic", "r\u{2c9f}\u{2c9f}t"),
            ("Georgian", "\u{10fd}yz"),
            ("Hebrew", "\u{5d5}ist"),
            ("Greek and Cyrillic", "\u{3bf}\u{43e}"),
        ] {
            assert_eq!(mixed(word), [word], "{script}");
        }
    }

    #[test]
    fn whole_words_of_each_script_are_nothing_to_point_out() {
        for text in [
            "git commit -m \"исправил ошибку\" файл.txt",
            "μέγεθος 10 µm π=3 größer Đặng x86 é\u{301}",
            "日本語abc カタカナとひらがな한국어 USB接続 5月",
            "שלום عربى हिन्दी ไทย ქართული հայերեն",
            "",
        ] {
            assert_eq!(mixed(text), [""; 0]);
        }
    }
}
