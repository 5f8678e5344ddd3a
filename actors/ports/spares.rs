//! What is asked of the room about spares: copies of the files that an undo changes back, from which
//! its changes can be undone for an hour.

use std::path::PathBuf;

use actix::prelude::*;

use crate::clock::UnixSeconds;
use crate::ids::{PromptId, SessionKey};

/// What to do about spares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpareOrder {
    /// Whose room they lie in.
    pub key: SessionKey,
    /// The folder that the session works in.
    pub folder: PathBuf,
    /// The instruction that waits for it.
    pub asked_in: PromptId,
    /// When it is given.
    pub at: UnixSeconds,
    /// What is to be done.
    pub deed: SpareDeed,
}

/// What is to be done about spares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpareDeed {
    /// Say which of these files cannot be kept.
    Weigh {
        /// Where they lie, as the agent says it.
        paths: Vec<String>,
    },
    /// Keep these files for an hour under the name of the instruction, or what was kept under it
    /// before.
    Take {
        /// Where they lie, as the agent says it.
        paths: Vec<String>,
        /// Whether all are kept or none.
        all: bool,
    },
    /// Note what the undo has left in the place of the files that were kept in this instruction.
    Seal,
    /// Put back what was kept in another instruction, but for what has been changed since.
    PutBack {
        /// That instruction, which anybody may have made up.
        kept_in: PromptId,
    },
    /// Remove what was kept in another instruction; nobody is told.
    Remove {
        /// That instruction.
        kept_in: PromptId,
    },
}

/// What became of an order about spares; sent by the room edge to the session.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct SparesDone {
    /// The instruction that waits for it.
    pub asked_in: PromptId,
    /// What became of it.
    pub outcome: SparesOutcome,
}

/// What became of an order about spares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SparesOutcome {
    /// These cannot be kept, maybe none. Nothing is.
    Weighed(Vec<Unspared>),
    /// The files are kept, as far as they can be.
    Taken,
    /// It is noted what the undo has left.
    Sealed {
        /// How many of the files that are kept it has changed.
        changed: usize,
    },
    /// The files are as they were before the undo, as far as it says.
    PutBack(PutBack),
    /// Nothing is kept under that name, or no longer.
    Gone,
    /// The disk does not let it; as the system says it.
    Failed(String),
}

/// A file that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unspared {
    /// Where it lies, as the agent says it.
    pub path: String,
    /// Why.
    pub why: SpareFault,
}

/// Why a file cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpareFault {
    /// It is too big.
    TooBig,
    /// Too much is kept already.
    TooMuch,
    /// It lies outside of the session's folder, or is the bridge's own.
    Elsewhere,
    /// It is a link, a folder, a device, a pipe or a socket.
    NoPlainFile,
    /// The disk does not let it; as the system says it.
    Unreadable(String),
}

/// What came of putting files back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PutBack {
    /// The files that are as they were before the undo, with their paths.
    pub back: Vec<String>,
    /// Those that were changed since the undo, and are left alone.
    pub changed: Vec<String>,
    /// Those that the disk does not let, and what the system says.
    pub failed: Vec<(String, String)>,
}
