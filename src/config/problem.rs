//! What is wrong with a configuration, in words that never show a token.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands: a file or a variable.
    pub origin: String,
    /// The key, where there is one.
    pub key: Option<String>,
    /// What is wrong and what to do.
    pub text: String,
}

/// Everything that is wrong; at least one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<Problem>);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self
            .key
            .as_ref()
            .map(|key| format!("{key}: "))
            .unwrap_or_default();
        let line = format!("{}: {key}{}", self.origin, self.text);
        f.write_str(&without_tokens(&line))
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// The shortest secret half of a token that is hidden; real ones have 35 characters.
const SECRET_LENGTH: usize = 16;

/// Replaces everything that looks like a bot token.
pub(super) fn without_tokens(text: &str) -> String {
    let is_secret = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = (&rest[..colon], &rest[colon + 1..]);
        let secret = after.find(|c| !is_secret(c)).unwrap_or(after.len());
        let id = before.trim_end_matches(|c: char| c.is_ascii_digit());
        if id.len() < before.len() && secret >= SECRET_LENGTH {
            shown.push_str(id);
            shown.push_str("[token]");
            rest = &after[secret..];
        } else {
            shown.push_str(&rest[..=colon]);
            rest = after;
        }
    }
    shown.push_str(rest);
    shown
}
