//! From whom a session takes over what is open.

use crate::ids::PromptId;

/// Who left what a session takes over from the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakeOver {
    /// An earlier run of the bridge.
    EarlierRun,
    /// Another session of this run.
    OtherSession,
    /// A session of this run or an earlier one, which a lockdown ended.
    Lockdown,
    /// A value of this session that broke, and its agent with it. What it left may come from the
    /// mailbox too, which outlived the fault.
    BrokenValue {
        /// What it may have broken on.
        suspects: Vec<PromptId>,
    },
}

impl TakeOver {
    /// Tells whether whoever left it did not break on it.
    pub(in crate::session) fn is_at_rest(&self) -> bool {
        match self {
            Self::EarlierRun | Self::OtherSession | Self::Lockdown => true,
            Self::BrokenValue { .. } => false,
        }
    }

    /// Returns what is not tried again.
    pub(in crate::session) fn suspects(&self) -> &[PromptId] {
        match self {
            Self::EarlierRun | Self::OtherSession | Self::Lockdown => &[],
            Self::BrokenValue { suspects } => suspects,
        }
    }
}
