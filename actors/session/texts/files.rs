//! What is said about files that people send.

use bridge_texts::Say;

use crate::sent_file::FetchFault;

/// How many of one unit make the next one, as Telegram counts.
const KILO: u64 = 1024;

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

/// Returns a size in the largest unit that it fills, such as `20 MB`; a small one to a tenth.
pub(super) fn size(bytes: u64) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB"];
    let (mut unit, mut one) = (0, 1);
    while bytes / one >= KILO && unit + 1 < units.len() {
        one *= KILO;
        unit += 1;
    }
    let (whole, tenth) = (bytes / one, bytes % one * 10 / one);
    match (whole, tenth) {
        (1..10, 1..) => format!("{whole}.{tenth} {}", units[unit]),
        (_, _) => format!("{whole} {}", units[unit]),
    }
}
