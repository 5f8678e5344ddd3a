//! Link targets: how they are shown, and which ones Telegram accepts.

/// Longer addresses are printed, which keeps a request with many links small.
const MAX_URL_BYTES: usize = 2048;

/// A link or image that is open.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) destination: String,
    /// Where its text starts.
    pub(super) start: usize,
    pub(super) look: TargetLook,
}

/// How a link target is shown.
#[derive(Debug)]
pub(super) enum TargetLook {
    /// By an entity over the text.
    Linked,
    /// In brackets after the text.
    Printed,
    /// Not at all: an outer link has the text, or Telegram finds the address by itself.
    Hidden,
}

/// Tells whether a link target can be an entity.
///
/// Telegram answers 400 to an address without scheme, or whose host has no dot, such as
/// `localhost`, and the whole message is lost; doubtful addresses are therefore not accepted here.
pub(super) fn is_linkable(target: &str) -> bool {
    let is_clean = |c: char| !c.is_whitespace() && !c.is_control();
    if target.len() > MAX_URL_BYTES || !target.chars().all(is_clean) {
        return false;
    }
    let Some((scheme, rest)) = target.split_once(':') else {
        return false;
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest
            .strip_prefix("//")
            .is_some_and(|rest| is_web_host(authority(rest))),
        "tg" => rest
            .strip_prefix("//")
            .is_some_and(|rest| is_tg_host(authority(rest))),
        "mailto" => authority(rest)
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && is_dotted_name(host)),
        _ => false,
    }
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn is_web_host(authority: &str) -> bool {
    match authority.split_once(':') {
        Some((host, port)) => is_dotted_name(host) && port.parse().is_ok_and(|port: u16| port > 0),
        None => is_dotted_name(authority),
    }
}

fn is_tg_host(authority: &str) -> bool {
    !authority.is_empty() && authority.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_dotted_name(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    host.contains('.') && host.split('.').all(is_label)
}
