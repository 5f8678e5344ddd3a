//! Trouble on request: which calls go wrong, and how.

use std::time::Duration;

/// What happens to a matching call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// 429 with `parameters.retry_after` in seconds; nothing is done.
    TooManyRequests { retry_after: u64 },
    /// 403 with this description; nothing is done.
    Forbidden(String),
    /// 400 with this description; nothing is done.
    BadRequest(String),
    /// This 5xx status with a JSON body; nothing is done.
    ServerError(u16),
    /// The call waits this long, then is served as usual.
    Hang(Duration),
    /// A download comes at no more than so many bytes a second; any other call is served as usual.
    Slow(u32),
    /// The connection closes without an answer; nothing is done.
    DropBefore,
    /// The work is done, then the connection closes without an answer.
    DropAfterWork,
    /// 502 with an HTML page, as a proxy sends it; nothing is done.
    Html502,
    /// The work is done, then 200 with a body that is not JSON.
    InvalidJson,
    /// 409, as if another program polled with the same token.
    Conflict,
}

/// Which calls a fault hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    method: Option<String>,
    chat_id: Option<i64>,
    skip: usize,
    times: usize,
}

impl Matcher {
    /// Matches the next call, whatever it is.
    pub fn any() -> Self {
        Self {
            method: None,
            chat_id: None,
            skip: 0,
            times: 1,
        }
    }

    /// Matches the next call of this method; upper and lower case are the same.
    pub fn method(name: &str) -> Self {
        Self {
            method: Some(name.to_owned()),
            ..Self::any()
        }
    }

    /// Restricts the match to calls with this `chat_id`.
    pub fn in_chat(self, chat_id: i64) -> Self {
        Self {
            chat_id: Some(chat_id),
            ..self
        }
    }

    /// Lets the first `calls` matching calls pass.
    pub fn skip(self, calls: usize) -> Self {
        Self {
            skip: calls,
            ..self
        }
    }

    /// Hits this many matching calls; one if not said.
    pub fn times(self, calls: usize) -> Self {
        Self {
            times: calls,
            ..self
        }
    }

    /// Hits every matching call until the faults are cleared.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    fn fits(&self, method: &str, chat_id: Option<i64>) -> bool {
        let method_fits = self
            .method
            .as_ref()
            .is_none_or(|m| m.eq_ignore_ascii_case(method));
        method_fits && (self.chat_id.is_none() || self.chat_id == chat_id)
    }
}

/// A trouble and the calls it hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub when: Matcher,
    pub what: Trouble,
}

/// The faults still to happen, first matching one first.
#[derive(Debug, Default)]
pub(crate) struct FaultList {
    waiting: Vec<Fault>,
}

impl FaultList {
    /// Adds a fault behind the waiting ones.
    pub(crate) fn push(&mut self, fault: Fault) {
        self.waiting.push(fault);
    }

    /// Returns how many have not happened as often as they may.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Takes the trouble due for this call and uses up one of its `times`.
    pub(crate) fn take(&mut self, method: &str, chat_id: Option<i64>) -> Option<Trouble> {
        for position in 0..self.waiting.len() {
            let fault = &mut self.waiting[position];
            if !fault.when.fits(method, chat_id) {
                continue;
            }
            if fault.when.skip > 0 {
                fault.when.skip -= 1;
                continue;
            }
            let trouble = fault.what.clone();
            fault.when.times = fault.when.times.saturating_sub(1);
            if fault.when.times == 0 {
                self.waiting.remove(position);
            }
            return Some(trouble);
        }
        None
    }
}
