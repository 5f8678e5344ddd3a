//! What is said about files that people send.

use bridge_texts::Say;

use crate::sent_file::FetchFault;
use crate::size::in_words as size;

/// Returns why a message does not run whose file cannot be had.
pub(in crate::session) fn not_fetched(say: Say, fault: &FetchFault) -> String {
    match fault {
        FetchFault::TooLarge { limit } => say.file_too_large(size(*limit)),
        FetchFault::TooLargeForTelegram => say.file_too_large_for_telegram(),
        FetchFault::InboxFull { limit } => say.file_inbox_full(size(*limit)),
        FetchFault::Gone => say.file_gone(),
        FetchFault::Unreachable => say.file_unreachable(),
        FetchFault::Unwritten { reason } => say.file_unwritten(reason),
    }
}

/// Returns why a message runs without the file of the message that it answers.
pub(in crate::session) fn runs_without(say: Say, fault: &FetchFault) -> String {
    match fault {
        FetchFault::TooLarge { limit } => say.answered_file_too_large(size(*limit)),
        FetchFault::TooLargeForTelegram => say.answered_file_too_large_for_telegram(),
        FetchFault::InboxFull { limit } => say.answered_file_inbox_full(size(*limit)),
        FetchFault::Gone => say.answered_file_gone(),
        FetchFault::Unreachable => say.answered_file_unreachable(),
        FetchFault::Unwritten { reason } => say.answered_file_unwritten(reason),
    }
}
