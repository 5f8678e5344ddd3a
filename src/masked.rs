//! Addresses as they may be shown: without what is secret in them.

/// Stands in the place of a secret.
const MASK: &str = "…";

/// What a bot's token comes behind in an address of the Bot API, for calls and for files.
const BEFORE_TOKEN: &str = "/bot";

/// Returns an address without the name and password before its host, and without a bot's token.
///
/// The text need not be an address: what is typed wrongly holds secrets too. So everything up to
/// the last `@` counts as a password, whatever is in it.
pub(crate) fn address(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + "://".len());
    let (scheme, rest) = text.split_at(start);
    let shown = match rest.rfind('@') {
        Some(at) => format!("{scheme}{MASK}{}", &rest[at..]),
        None => text.to_owned(),
    };
    without_token(&shown)
}

fn without_token(text: &str) -> String {
    let mut parts = text.split(BEFORE_TOKEN);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(BEFORE_TOKEN);
        let (token, rest) = part.split_at(part.find(['/', '?', '#']).unwrap_or(part.len()));
        shown.push_str(if token.contains(':') { MASK } else { token });
        shown.push_str(rest);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_secrets_stays_as_it_is() {
        for text in [
            "https://api.telegram.org",
            "http://127.0.0.1:8081/telegram",
            "http://[::1]:8081",
            "https://example.com/bots/1?x=y#z",
            "https://example.com/bottle",
            "api.telegram.org",
            "",
        ] {
            assert_eq!(address(text), text);
        }
    }

    #[test]
    fn no_password_and_no_token_is_left_in_an_address() {
        for (text, shown) in [
            ("http://user:pa55@host", "http://…@host"),
            ("https://user:pa55@host:8081/x", "https://…@host:8081/x"),
            ("https://pa55@host", "https://…@host"),
            ("socks5h://user:pa55@host:1080", "socks5h://…@host:1080"),
            ("http://user:p@a55@host", "http://…@host"),
            ("http://user:p/a55@host", "http://…@host"),
            ("http://user:p#a55?@host/", "http://…@host/"),
            ("http:/user:pa55@host", "…@host"),
            ("user:pa55@host", "…@host"),
            ("@host", "…@host"),
            ("https://h/bot12:pa55", "https://h/bot…"),
            ("https://h/bot12:pa55/getMe", "https://h/bot…/getMe"),
            (
                "https://h/file/bot12:pa55/a.jpg",
                "https://h/file/bot…/a.jpg",
            ),
            ("https://u:pa55@h/bot12:pa55?x", "https://…@h/bot…?x"),
        ] {
            assert_eq!(address(text), shown);
            assert!(!shown.contains("a55"), "{shown}");
        }
    }
}
