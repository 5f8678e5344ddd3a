//! What is said to somebody who speaks while a turn runs.

pub(in crate::session) fn queued(place: usize) -> String {
    match place {
        1 => "Queued: it runs when the current work is done.".to_owned(),
        2 => "Queued: one other message runs first.".to_owned(),
        n => format!("Queued: {} other messages run first.", n - 1),
    }
}

pub(in crate::session) fn begun() -> String {
    "▶ Claude has it.".to_owned()
}

pub(in crate::session) fn runs_not() -> String {
    "✕ It does not run.".to_owned()
}

/// What becomes of the message of a prompt that waited over a restart.
pub(in crate::session) fn waits_no_longer() -> String {
    "This waits no longer.".to_owned()
}

pub(in crate::session) fn removed() -> String {
    "✕ Removed.".to_owned()
}

pub(in crate::session) fn sent_now() -> String {
    "▶ Claude gets it with its next step.".to_owned()
}

pub(in crate::session) fn not_now() -> String {
    "This cannot be taken in now; it runs when the current work is done.".to_owned()
}

pub(in crate::session) fn replaced() -> String {
    "✎ The new text runs instead.".to_owned()
}

pub(in crate::session) fn replaced_too_late() -> String {
    "Claude works on it as you first sent it. /stop ends that; or write what is different, and send \
     it now."
        .to_owned()
}

pub(in crate::session) fn edit_of_the_past() -> String {
    "That was worked on as you first sent it. To tell Claude the new text, send it as a new \
     message."
        .to_owned()
}
