//! Pure: what is said about the home of a chat's agents.

use bridge_texts::Say;

use crate::home_use::HomeUse;
use crate::size::in_words as size;

/// Returns that it is nearly full.
pub(in crate::session) fn home_nearly_full(say: Say, home: HomeUse) -> String {
    say.home_nearly_full(size(home.used), size(home.limit))
}

/// Returns that it is full.
pub(in crate::session) fn home_full(say: Say, home: HomeUse) -> String {
    say.home_full(size(home.used), size(home.limit))
}

/// Returns why a message has not run, and what can be done.
pub(in crate::session) fn not_started_in_full_home(say: Say, home: HomeUse) -> String {
    say.home_full_not_run(size(home.used), size(home.limit))
}

/// Returns why Claude does not start for what is no message.
pub(in crate::session) fn home_full_to_ask(say: Say, home: HomeUse) -> String {
    say.start_home_full(size(home.used), size(home.limit))
}

/// Returns the line of the status.
pub(in crate::session) fn home_status(say: Say, home: HomeUse) -> String {
    say.status_home(size(home.used), size(home.limit))
}
