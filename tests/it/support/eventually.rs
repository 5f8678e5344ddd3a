//! Waiting for a fact that announces itself to nobody: the end of a foreign process, a new file.

use std::thread;
use std::time::{Duration, Instant};

const PAUSE_BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Looks until `look` finds something and returns it; panics after `limit`, naming `what`.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "{what} did not happen within {limit:?}"
        );
        thread::sleep(PAUSE_BETWEEN_LOOKS);
    }
}
