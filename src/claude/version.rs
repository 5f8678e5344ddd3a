//! Pure: which versions of Claude Code keep the bridge's promises.

use std::fmt;
use std::str::FromStr;

/// The oldest version with which every promise holds.
///
/// 2.1.314 acknowledges a prompt whatever it contains, 2.1.318 runs nothing after a stop, and
/// 2.1.327 loses no stored message when one is sent again under its id after a kill.
pub const MINIMUM: Version = Version([2, 1, 327]);

/// The oldest version whose sum of costs goes on when a conversation is resumed.
pub(super) const SUMS_CONVERSATIONS: Version = Version([2, 1, 277]);

/// The newest version that the tests have run.
pub const NEWEST_TRIED: Version = Version([2, 1, 332]);

/// A version of Claude Code, such as 2.1.332.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 3]);

/// What a version means for the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// Below [`MINIMUM`]: it runs, but not all promises hold.
    TooOld,
    /// At least [`MINIMUM`].
    Supported,
}

impl Version {
    /// Finds the version in what `claude --version` prints: `2.1.332 (Claude Code)`.
    pub fn find_in(output: &str) -> Option<Self> {
        output.split_whitespace().find_map(|word| word.parse().ok())
    }

    /// Returns what this version means for the bridge.
    pub fn support(self) -> Support {
        if self < MINIMUM {
            Support::TooOld
        } else {
            Support::Supported
        }
    }
}

/// The text is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a version such as {MINIMUM}")]
pub struct NotAVersion;

impl FromStr for Version {
    type Err = NotAVersion;

    /// Parses three numbers; what follows them after `-` or `+` is left out.
    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let core = text.split(['-', '+']).next().unwrap_or_default();
        let core = core.strip_prefix('v').unwrap_or(core);
        let numbers: Result<Vec<u32>, _> = core.split('.').map(str::parse).collect();
        let numbers = numbers.map_err(|_| NotAVersion)?;
        Ok(Self(numbers.try_into().map_err(|_| NotAVersion)?))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_what_the_program_prints() {
        check("2.1.332 (Claude Code)\n", Some(Version([2, 1, 332])));
        check("warning: x\nv2.2.0-beta.1", Some(Version([2, 2, 0])));
        for text in ["", "claude", "2.1", "2.1.x", "2.1.3.4", "99999999999.1.1"] {
            check(text, None);
        }
    }

    #[test]
    fn versions_compare_by_their_numbers() {
        assert!(Version([2, 1, 99]) < MINIMUM && Version([2, 2, 0]) > NEWEST_TRIED);
        assert_eq!(Version([2, 1, 326]).support(), Support::TooOld);
        assert_eq!(MINIMUM.support(), Support::Supported);
        assert_eq!(NEWEST_TRIED.support(), Support::Supported);
    }

    #[test]
    fn a_version_reads_as_it_is_written() {
        assert_eq!("2.1.327".parse(), Ok(MINIMUM));
        assert_eq!(MINIMUM.to_string(), "2.1.327");
        assert_eq!(NotAVersion.to_string(), "not a version such as 2.1.327");
    }

    fn check(output: &str, expected: Option<Version>) {
        assert_eq!(Version::find_in(output), expected, "{output}");
    }
}
