//! Pure: what the supervisor says to people.

use std::time::Duration;

use bridge_texts::Say;

/// What is said when an instruction is not carried out.
#[derive(Debug)]
pub(super) struct NotDone {
    /// To whoever wrote.
    pub(super) text: String,
    /// As the answer to a press.
    pub(super) press: String,
}

/// Said once, when the chat begins to rest.
pub(super) fn parked(say: Say, left: Duration) -> String {
    say.rest_begins(minutes(left))
}

/// Said of whatever comes while the chat rests.
pub(super) fn turned_away(say: Say, left: Duration) -> NotDone {
    NotDone {
        text: say.rest_turned_away(minutes(left)),
        press: say.toast_rests(minutes(left)),
    }
}

/// Said of a prompt that was open when the chat began to rest.
pub(super) fn parked_prompt(say: Say, has_begun: bool, doing: Option<&str>) -> String {
    let what = match (doing, has_begun) {
        (Some(doing), _) => say.rest_doing(doing),
        (None, true) => say.offer_partly(),
        (None, false) => say.rest_had_not_begun(),
    };
    format!("{} {what}\n\n{}", say.rest_was_open(), say.offer_question())
}

pub(super) fn too_many_messages(say: Say) -> NotDone {
    NotDone {
        text: say.too_many_messages(),
        press: say.toast_too_many_messages(),
    }
}

/// Said of whatever comes while all that a chat has is deleted.
pub(super) fn being_deleted(say: Say) -> NotDone {
    NotDone {
        text: say.erasing_not_taken(),
        press: say.toast_erasing(),
    }
}

/// Said of what the router let in before it heard of the lockdown, or after a failed end of it.
pub(super) fn locked_down(say: Say) -> NotDone {
    NotDone {
        text: say.runs_when_unlocked(),
        press: say.toast_locked_down(),
    }
}

pub(super) fn store_failed(say: Say) -> NotDone {
    NotDone {
        text: say.store_failed(),
        press: say.toast_store_failed(),
    }
}

fn minutes(left: Duration) -> usize {
    left.as_secs().div_ceil(60) as usize
}
