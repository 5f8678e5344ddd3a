//! What is said in a piece of work, for tests that look at each text where it is said.

use std::cell::RefCell;

/// A message that was made into a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its name in the catalogue.
    pub key: &'static str,
    /// What became of it.
    pub text: String,
}

thread_local! {
    static SAID: RefCell<Option<Vec<Said>>> = const { RefCell::new(None) };
}

/// Does a piece of work on this thread, and returns what was said in it as well.
pub fn record<T>(work: impl FnOnce() -> T) -> (T, Vec<Said>) {
    SAID.set(Some(Vec::new()));
    let done = work();
    (done, SAID.take().unwrap_or_default())
}

/// Notes that a message was made into a text.
pub(crate) fn note(key: &'static str, text: &str) {
    SAID.with_borrow_mut(|said| {
        if let Some(said) = said {
            let text = text.to_owned();
            said.push(Said { key, text });
        }
    });
}
