//! Pure: tells what is not there from what nobody can tell.
//!
//! Whoever takes a disk that fails for an empty one leaves open what a wall should close.

use std::io;

/// Returns what was found, `None` where nothing is there.
///
/// # Errors
///
/// When nobody can tell: the way there is closed, a link leads in a circle, a disk fails.
pub(crate) fn if_there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match found {
        Err(error) if matches!(error.kind(), NotADirectory | NotFound) => Ok(None),
        found => found.map(Some),
    }
}
