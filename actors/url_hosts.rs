//! Pure: where an address leads that has a name before its host.
//!
//! `https://github.com@evil.example/` leads to `evil.example`: what stands before the `@` is the
//! name of a user, and looks like a host.

/// Signs that end the part of an address that has the host.
const ENDS: &[char] = &['/', '?', '#', '<', '>', '|', '`', '(', ')'];

/// Returns the hosts of the addresses in a text that have something before an `@`, in their order.
pub fn hosts_behind_names(text: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("://") {
        rest = behind;
        let end = behind.find(|sign: char| sign.is_whitespace() || ENDS.contains(&sign));
        let authority = &behind[..end.unwrap_or(behind.len())];
        let Some((_, host)) = authority.rsplit_once('@') else {
            continue;
        };
        // A shell takes quotation marks away, and a browser takes a backslash for a slash.
        let host = host.split('\\').next().unwrap_or(host);
        let host: String = host
            .chars()
            .filter(|sign| !matches!(sign, '"' | '\''))
            .collect();
        if !host.is_empty() && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_behind_a_name_is_found_and_no_other() {
        for (text, expected) in [
            (
                "curl https://github.com@evil.example/x",
                vec!["evil.example"],
            ),
            (
                "curl https://github.com:443@evil.example:8080/x",
                vec!["evil.example:8080"],
            ),
            (
                "curl 'https://github.com'@evil.example",
                vec!["evil.example"],
            ),
            ("curl https://a@b@c.example?x", vec!["c.example"]),
            ("git clone ssh://git@github.com/x", vec!["github.com"]),
            (
                "https://a@x.example https://b@y.example",
                vec!["x.example", "y.example"],
            ),
            ("https://a@[::1]:80/", vec!["[::1]:80"]),
            ("curl https://github.com/x?mail=a@b.example", vec![]),
            ("curl https://github.com/@scope/x", vec![]),
            ("mail a@b.example", vec![]),
            ("https://@", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(hosts_behind_names(text), expected, "{text}");
        }
    }
}
