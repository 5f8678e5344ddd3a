//! Pure: how an agent ended, in the exit code of its guard.
//!
//! The guard cannot die of its agent's signal: the kernel delivers none that the first process of a
//! namespace sends itself. So it says it as every shell does, by a code of 128 more than the signal.

use nix::sys::wait::WaitStatus;

/// What is added to the number of a signal.
const SIGNAL_BASE: i32 = 128;

/// The largest number of a signal on Linux.
const MAX_SIGNAL: i32 = 64;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentEnd {
    /// It exited with this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
}

impl AgentEnd {
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

    /// Returns the exit code of a guard whose agent ended like this.
    pub(super) fn to_code(self) -> u8 {
        match self {
            Self::Code(code) => code as u8,
            Self::Signal(signal) => (SIGNAL_BASE + signal) as u8,
        }
    }

    /// Reads the exit code of a guard; an agent's own code above 128 means a signal as well.
    pub(crate) fn of_code(code: i32) -> Self {
        match code - SIGNAL_BASE {
            signal @ 1..=MAX_SIGNAL => Self::Signal(signal),
            _ => Self::Code(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_survives_the_way_through_a_code() {
        for status in [
            AgentEnd::Code(0),
            AgentEnd::Code(128),
            AgentEnd::Code(255),
            AgentEnd::Signal(9),
            AgentEnd::Signal(64),
        ] {
            assert_eq!(AgentEnd::of_code(i32::from(status.to_code())), status);
        }
    }
}
