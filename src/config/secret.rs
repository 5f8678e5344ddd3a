//! A text that must not be shown, and the net that keeps tokens out of messages.

use std::fmt;

use serde::Deserialize;

/// A secret text; its `Debug` output shows only that there is one.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Shorter runs of token characters after a colon are not taken for a bot token.
const MIN_TOKEN_CHARS: usize = 20;

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the secret itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Says whether the text has the shape of a bot token: digits, a colon, at least 20 characters
    /// of `A-Z a-z 0-9 _ -`.
    pub fn has_token_shape(&self) -> bool {
        self.0.split_once(':').is_some_and(|(id, rest)| {
            !id.is_empty()
                && id.bytes().all(|byte| byte.is_ascii_digit())
                && rest.len() >= MIN_TOKEN_CHARS
                && rest.bytes().all(is_token_byte)
        })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Replaces everything with the shape of a bot token.
pub fn scrub(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = (&rest[..colon], &rest[colon + 1..]);
        let n_digits = n_digits_before(before);
        let n_secret = n_token_bytes(after);
        if n_digits > 0 && n_secret >= MIN_TOKEN_CHARS {
            clean.push_str(&before[..colon - n_digits]);
            clean.push_str(REDACTED);
            rest = &after[n_secret + n_glued(after, n_secret)..];
        } else {
            clean.push_str(&rest[..=colon]);
            rest = after;
        }
    }
    clean.push_str(rest);
    clean
}

/// Returns how far tokens go on behind the first one: what ends in digits can be the beginning of
/// another one.
fn n_glued(text: &str, end: usize) -> usize {
    let mut at = end;
    while n_digits_before(&text[..at]) > 0 {
        match text[at..].strip_prefix(':').map(n_token_bytes) {
            Some(n_secret) if n_secret >= MIN_TOKEN_CHARS => at += 1 + n_secret,
            Some(_) | None => break,
        }
    }
    at - end
}

fn n_digits_before(text: &str) -> usize {
    text.bytes().rev().take_while(u8::is_ascii_digit).count()
}

fn n_token_bytes(text: &str) -> usize {
    text.bytes().take_while(|byte| is_token_byte(*byte)).count()
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}
