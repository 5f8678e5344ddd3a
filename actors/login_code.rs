//! Pure: the words by which somebody ends a login: a code and the state that it belongs to, joined
//! by a `#`, as the page of the login shows them.

use std::fmt;

/// How long each half is at least: the real ones have 43 characters, and what is shorter may be
/// meant for Claude.
const SHORTEST: usize = 20;

/// How long the whole is at most.
const LONGEST: usize = 2_000;

/// A code that ends a login. It is a secret: it is written nowhere, and no `Debug` shows it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LoginCode(String);

impl LoginCode {
    /// Returns the code that a text is, and is nothing else.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let (code, state) = text.split_once('#')?;
        let is_half = |half: &str| {
            let is_sign = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
            half.len() >= SHORTEST && half.chars().all(is_sign)
        };
        let is_code = text.len() <= LONGEST && is_half(code) && is_half(state);
        is_code.then(|| Self(text.to_owned()))
    }

    /// Tells whether a text may be a part of a code, or the address that holds it: one word that is
    /// as long as half of one.
    pub fn may_be_part_of_one(text: &str) -> bool {
        let text = text.trim();
        // A text that was formatted has signs before some of its own.
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "_-#\\".contains(sign);
        let is_address = text.starts_with("https://") && text.contains("code=");
        let is_word = !text.contains(char::is_whitespace);
        text.len() >= SHORTEST && is_word && (is_address || text.chars().all(is_sign))
    }

    /// Tells whether it is one that was not kept over a restart.
    pub fn is_lost(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the code and its state.
    pub fn halves(&self) -> (&str, &str) {
        self.0.split_once('#').unwrap_or_default()
    }
}

impl fmt::Debug for LoginCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LoginCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_by_its_form_and_is_never_shown() {
        let half = "aB3_".repeat(8);
        let code = LoginCode::of(&format!(" {half}#{half}\n")).expect("a code");
        assert_eq!(code.halves(), (half.as_str(), half.as_str()));
        assert_eq!(format!("{code:?}"), "LoginCode(…)");
        for text in [
            "",
            "#",
            "fix issue #12",
            "abc#def",
            &half,
            &format!("{half}#short"),
            &format!("{half}#{half}#{half}"),
            &format!("see {half}#{half}"),
            &format!("{half}#{}", "x".repeat(3_000)),
        ] {
            assert_eq!(LoginCode::of(text), None, "{text}");
        }
        for part in [
            half.as_str(),
            &format!("{half}#short"),
            "https://platform.claude.com/oauth/code/callback?code=ab&state=cd",
        ] {
            assert!(LoginCode::may_be_part_of_one(part), "{part}");
        }
        for text in [
            "",
            "#",
            "continue",
            "fix issue #12",
            "https://a.example/page/of/mine",
        ] {
            assert!(!LoginCode::may_be_part_of_one(text), "{text}");
        }
        assert!(LoginCode::default().is_lost());
        assert_eq!(LoginCode::default().halves(), ("", ""));
    }
}
