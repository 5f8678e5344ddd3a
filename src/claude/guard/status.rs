//! How an agent ended, on its way from stage to stage.

use std::process::ExitCode;

use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, raise};
use nix::sys::wait::WaitStatus;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// It exited with this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
}

impl Status {
    /// Returns the end that a wait reports, if it reports one.
    pub(super) fn of(wait: WaitStatus) -> Option<Self> {
        if let WaitStatus::Exited(_, code) = wait {
            return Some(Self::Code(code));
        }
        if let WaitStatus::Signaled(_, signal, _) = wait {
            return Some(Self::Signal(signal as i32));
        }
        None
    }

    /// Returns the text that [`Status::parse`] reads back.
    pub(super) fn to_text(self) -> String {
        match self {
            Self::Code(code) => format!("code {code}"),
            Self::Signal(signal) => format!("signal {signal}"),
        }
    }

    /// Reads what [`Status::to_text`] wrote; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (kind, number) = text.split_once(' ')?;
        let number = number.parse().ok()?;
        match kind {
            "code" => Some(Self::Code(number)),
            "signal" => Some(Self::Signal(number)),
            _ => None,
        }
    }

    /// Ends this process the same way; returns only where a code is the only way.
    pub(super) fn mirror(self) -> ExitCode {
        match self {
            Self::Code(code) => ExitCode::from(code as u8),
            Self::Signal(number) => {
                if let Ok(signal) = Signal::try_from(number) {
                    die_of(signal);
                }
                // A signal that this program ignores, as Rust's runtime does with SIGPIPE.
                ExitCode::from(number.wrapping_add(128) as u8)
            }
        }
    }
}

fn die_of(signal: Signal) {
    // The core dump of interest is the agent's, not the guard's.
    prctl::set_dumpable(false).ok();
    SigSet::empty().thread_set_mask().ok();
    // Rust's runtime handles SIGSEGV and SIGBUS once, by restoring the default; the second is deadly.
    raise(signal).ok();
    raise(signal).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_survives_the_way_through_text() {
        for status in [Status::Code(0), Status::Code(143), Status::Signal(9)] {
            assert_eq!(Status::parse(&status.to_text()), Some(status));
        }
        assert_eq!(Status::parse(""), None);
        assert_eq!(Status::parse("code x"), None);
    }
}
