//! What edited messages are, by what the journal remembers of them.

use std::collections::HashSet;

use tracing::error;

use crate::ids::Trace;
use crate::router::RouterPorts;
use crate::router::edits::{settled, traces};
use crate::router::slash_command::Parsed;

impl RouterPorts {
    /// Finds out what edited messages are, which the same batch may have brought.
    pub(super) fn settle_edits(&self, batch: impl Iterator<Item = Parsed>) -> Vec<Parsed> {
        let mut of_batch = HashSet::new();
        let mut settled_batch = Vec::new();
        for parsed in batch {
            let is_remembered =
                |trace: &Trace| of_batch.contains(trace) || self.journal.has_trace(trace);
            if let Some(parsed) = settled(parsed, is_remembered) {
                of_batch.extend(traces(&parsed));
                settled_batch.push(parsed);
            }
        }
        settled_batch
    }

    /// Remembers what messages were; a crash before that may let an edit act once more.
    pub(super) fn remember(&self, of_message: &[Trace]) {
        if of_message.is_empty() {
            return;
        }
        if let Err(error) = self.journal.note_traces(of_message) {
            error!(%error, "cannot note what a message was");
        }
    }
}
