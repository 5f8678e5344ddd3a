//! Hands an agent its login by a descriptor, so that what it starts does not inherit it.
//!
//! Claude reads such a descriptor to its end when it starts. Of its memory this says nothing: a
//! program that attaches to Claude finds the login there.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};

use nix::unistd::{pipe, write};

/// The variables that log Claude in, and those that name a descriptor instead.
const BY_DESCRIPTOR: [(&str, &str); 2] = [
    ("ANTHROPIC_API_KEY", "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR"),
    (
        "CLAUDE_CODE_OAUTH_TOKEN",
        "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
    ),
];

/// How long a login may be: a pipe takes that much at once, though nobody reads yet.
const MAX_LOGIN: usize = 4096;

/// The environment of an agent, and what it names.
pub(super) struct Handed {
    /// The variables.
    pub(super) environment: Vec<(OsString, OsString)>,
    /// Descriptors that the agent inherits; they have to live until it is started.
    pub(super) open: Vec<OwnedFd>,
}

/// Takes the logins out of an environment.
///
/// # Errors
///
/// When a login is no login, or the system has no descriptor left.
pub(super) fn hand_over(environment: Vec<(OsString, OsString)>) -> io::Result<Handed> {
    let mut handed = Handed {
        environment,
        open: Vec::new(),
    };
    for (by_value, by_descriptor) in BY_DESCRIPTOR {
        let mut all = handed.environment.iter();
        let Some(at) = all.position(|(name, _)| name == by_value) else {
            continue;
        };
        let (_, login) = handed.environment.remove(at);
        if login.is_empty() {
            continue;
        }
        let descriptor = holding(&login)?;
        let number = descriptor.as_raw_fd().to_string();
        handed
            .environment
            .push((by_descriptor.into(), number.into()));
        handed.open.push(descriptor);
    }
    Ok(handed)
}

/// Returns a pipe's end that gives a login once.
fn holding(login: &OsStr) -> io::Result<OwnedFd> {
    let bytes = login.as_encoded_bytes();
    if bytes.len() > MAX_LOGIN {
        return Err(io::Error::other("the login for Claude is too long"));
    }
    let (out, into) = pipe()?;
    write(&into, bytes)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_login_is_read_once_and_is_in_no_variable() {
        let named = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        let environment = vec![
            named("ANTHROPIC_API_KEY", "key"),
            named("PATH", "/bin"),
            named("CLAUDE_CODE_OAUTH_TOKEN", ""),
        ];
        let handed = hand_over(environment).unwrap();
        let names: Vec<_> = handed.environment.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["PATH", "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR"]);
        let number = handed.open[0].as_raw_fd().to_string();
        assert_eq!(handed.environment[1].1, OsStr::new(&number));
        let mut read = String::new();
        let mut file = std::fs::File::from(handed.open.into_iter().next().unwrap());
        file.read_to_string(&mut read).unwrap();
        assert_eq!(read, "key");
        let long = named("ANTHROPIC_API_KEY", &"k".repeat(MAX_LOGIN + 1));
        assert!(hand_over(vec![long]).is_err());
    }
}
