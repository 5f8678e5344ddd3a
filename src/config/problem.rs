//! What is wrong with a configuration, told so that it can be put right.

use std::fmt;

use super::secret::scrub;

/// One thing that is wrong.
///
/// Its texts hold no bot token: the constructor replaces whatever looks like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    origin: String,
    key: String,
    what: String,
    way_out: String,
    /// The section or key that was probably meant, when another one was written.
    meant: Option<String>,
}

impl Problem {
    /// Describes a problem.
    ///
    /// `origin` is the file with its line, the variable or the option; `key` is `section.name`,
    /// or empty when the problem is not about one key.
    pub fn new(
        origin: impl Into<String>,
        key: impl Into<String>,
        what: impl AsRef<str>,
        way_out: impl AsRef<str>,
    ) -> Self {
        Self {
            origin: scrub(&origin.into()),
            key: scrub(&key.into()),
            what: scrub(what.as_ref()),
            way_out: scrub(way_out.as_ref()),
            meant: None,
        }
    }

    /// Names the section or the `section.name` that was probably meant.
    pub(super) fn meant_for(self, path: &str) -> Self {
        let meant = Some(path.to_owned());
        Self { meant, ..self }
    }

    /// Returns whether what this is about leaves it open what a key was to be.
    pub(super) fn leaves_open(&self, section: &str, name: &str) -> bool {
        let is_it = |path: &str| {
            let below = path.strip_prefix(section);
            below.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.') == Some(name))
        };
        is_it(&self.key) || self.meant.as_deref().is_some_and(is_it)
    }

    /// Returns where it was written: the file with the line, the variable or the option.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the key the problem is about.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the line of the file, when the origin names one.
    fn line(&self) -> Option<usize> {
        self.origin.rsplit_once(':')?.1.parse().ok()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}", self.what)?;
        if !self.way_out.is_empty() {
            write!(f, "\n    {}", self.way_out)?;
        }
        Ok(())
    }
}

/// Every problem of a configuration: those of the file by line, then all others; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    problems: Vec<Problem>,
}

impl ConfigErrors {
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        debug_assert!(!problems.is_empty(), "an error without a problem");
        problems.sort_by_key(|problem| problem.line().unwrap_or(usize::MAX));
        Self { problems }
    }

    /// Returns the problems.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.problems.len() == 1 { "" } else { "s" };
        write!(
            f,
            "cannot use the configuration: {} problem{plural}",
            self.problems.len()
        )?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
