//! The bounded record of calls, of their answers and of what was wrong with them.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use serde_json::{Map, Value};

/// One call of the bot.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method as Telegram writes it, or as received when it is unknown.
    pub method: String,
    /// The checked parameters; uploaded bytes are left out.
    pub params: Map<String, Value>,
    /// The numeric `chat_id` parameter.
    pub chat_id: Option<i64>,
    /// The message that the call created, or the one it names.
    pub message_id: Option<i64>,
    pub arrived_at: Instant,
    /// `None` while the call waits, and for ever if the caller went away.
    pub answer: Option<Answer>,
    number: u64,
}

/// How a call was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub at: Instant,
    /// The HTTP status; 0 if the connection was closed without an answer.
    pub status: u16,
    /// The `description` of a refusal.
    pub description: Option<String>,
}

/// A call that a correct bot never makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub method: String,
    pub description: String,
}

/// Keeps the last calls and violations, at most `capacity` of each.
#[derive(Debug)]
pub(crate) struct Recorder {
    capacity: usize,
    calls: VecDeque<Call>,
    violations: VecDeque<Violation>,
    handed_out: HashMap<i64, Instant>,
    handed_out_order: VecDeque<i64>,
    next_number: u64,
}

impl Recorder {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            calls: VecDeque::new(),
            violations: VecDeque::new(),
            handed_out: HashMap::new(),
            handed_out_order: VecDeque::new(),
            next_number: 0,
        }
    }

    pub(crate) fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    pub(crate) fn violations(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter()
    }

    pub(crate) fn handed_out_at(&self, update_id: i64) -> Option<Instant> {
        self.handed_out.get(&update_id).copied()
    }

    /// Records an arrival and returns the number to finish it with.
    pub(crate) fn begin(
        &mut self,
        method: &str,
        params: &Map<String, Value>,
        arrived_at: Instant,
    ) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.calls.push_back(Call {
            method: method.to_owned(),
            params: params.clone(),
            chat_id: params.get("chat_id").and_then(Value::as_i64),
            message_id: params.get("message_id").and_then(Value::as_i64),
            arrived_at,
            answer: None,
            number,
        });
        shorten(&mut self.calls, self.capacity);
        number
    }

    pub(crate) fn finish(&mut self, number: u64, message_id: Option<i64>, answer: Answer) {
        let Some(call) = self
            .calls
            .iter_mut()
            .rev()
            .find(|call| call.number == number)
        else {
            return;
        };
        call.message_id = call.message_id.or(message_id);
        call.answer = Some(answer);
    }

    pub(crate) fn violate(&mut self, method: &str, description: &str) {
        self.violations.push_back(Violation {
            method: method.to_owned(),
            description: description.to_owned(),
        });
        shorten(&mut self.violations, self.capacity);
    }

    /// Notes the first time each of these updates left in an answer.
    pub(crate) fn hand_out(&mut self, update_ids: impl Iterator<Item = i64>, at: Instant) {
        for update_id in update_ids {
            if self.handed_out.contains_key(&update_id) {
                continue;
            }
            self.handed_out.insert(update_id, at);
            self.handed_out_order.push_back(update_id);
            if self.handed_out_order.len() > self.capacity
                && let Some(oldest) = self.handed_out_order.pop_front()
            {
                self.handed_out.remove(&oldest);
            }
        }
    }
}

fn shorten<T>(list: &mut VecDeque<T>, capacity: usize) {
    while list.len() > capacity {
        list.pop_front();
    }
}
