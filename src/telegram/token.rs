//! The bot token: checked once, never printed.

use std::fmt;

/// The token of a bot, of the shape `123456:letters-and-digits`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    bot_id: i64,
    text: String,
}

/// The text is not a bot token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bot token is malformed: copy it from @BotFather, it looks like 123456:ABC-def")]
pub struct InvalidToken;

impl Token {
    /// Reads a token; white space around it is ignored.
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        let text = text.trim();
        let (id, secret) = text.split_once(':').ok_or(InvalidToken)?;
        let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_secret = !secret.is_empty()
            && secret
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if !is_number || !is_secret {
            return Err(InvalidToken);
        }
        let bot_id = id.parse().map_err(|_| InvalidToken)?;
        Ok(Self {
            bot_id,
            text: text.to_owned(),
        })
    }

    /// Returns the numeric id of the bot, which is the public half of the token.
    pub fn bot_id(&self) -> i64 {
        self.bot_id
    }

    /// Returns the secret itself.
    pub(super) fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_prints_as_redacted_and_knows_its_bot() {
        let token = Token::parse(" 123456:ABC-def_9 \n").unwrap();
        assert_eq!(token.bot_id(), 123_456);
        assert_eq!(token.expose(), "123456:ABC-def_9");
        assert_eq!(format!("{token:?}"), "[redacted]");
    }

    #[test]
    fn what_is_not_a_token_is_refused() {
        let wrong = [
            "",
            ":",
            "123",
            "123:",
            ":abc",
            "12a:abc",
            "+1:abc",
            "1:a b",
            "1:a/b",
            "1:a:b",
            "99999999999999999999:abc",
        ];
        for text in wrong {
            assert_eq!(Token::parse(text), Err(InvalidToken), "{text:?}");
        }
    }
}
