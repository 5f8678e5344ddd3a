//! Pure: what became of a call, from the status and the words of its answer.

use std::time::Duration;

use bridge_actors::ids::ChatId;
use bridge_actors::outbox::{PostError, Rejection};
use serde::Deserialize;
use serde_json::Value;

/// How long to wait when Telegram asks for patience without saying how much.
const UNSPECIFIED_WAIT: Duration = Duration::from_secs(5);

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No connection came about: Telegram has not seen the call.
    #[error("{0}")]
    NotSent(String),
    /// The call was on its way, and no whole answer came back.
    #[error("{0}")]
    NoAnswer(String),
    /// Something answered, but not in the words of the Bot API.
    #[error("the answer (http status {status}) is not from telegram")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header.
        retry_after: Option<Duration>,
    },
    /// Telegram said no.
    #[error("{description} (error {code})")]
    Refused {
        /// `error_code`, or the HTTP status when it is missing.
        code: u16,
        /// `description`.
        description: String,
        /// `parameters.retry_after`.
        retry_after: Option<Duration>,
        /// `parameters.migrate_to_chat_id`.
        migrate_to: Option<ChatId>,
    },
}

/// What a repeat of a call would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnRepeat {
    /// A repeat would make a second message.
    MakesAnother,
    /// A repeat changes nothing: edits, reactions, "typing…".
    ChangesNothing,
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: Value,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// Reads the answer to a call; `retry_after` is the header of that name, in seconds.
pub fn read_answer(status: u16, retry_after: Option<u64>, body: &[u8]) -> Result<Value, CallError> {
    let header = retry_after.map(Duration::from_secs);
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Err(CallError::Unreadable {
            status,
            retry_after: header,
        });
    };
    if answer.ok {
        return Ok(answer.result);
    }
    let parameters = answer.parameters;
    Err(CallError::Refused {
        code: answer.error_code.unwrap_or(status),
        description: answer.description,
        retry_after: parameters.retry_after.map(Duration::from_secs).or(header),
        migrate_to: parameters.migrate_to_chat_id.map(ChatId),
    })
}

/// Tells what a failed call leaves undone: nothing, if what was asked for is the case already or it is
/// too late to matter.
///
/// A call whose answer was lost on the way, that timed out, or that a gateway gave up on (502,
/// 504) may have been carried out. For a call that creates a message that is
/// [`PostError::FateUnknown`]; a repeatable one is as good as not delivered. Every other 5xx comes
/// from the Bot API itself and says that it failed.
pub fn judge(error: CallError, on_repeat: OnRepeat) -> Result<(), PostError> {
    Err(match error {
        CallError::NotSent(text) => PostError::NotDelivered(text),
        CallError::NoAnswer(text) => lost(text, on_repeat),
        CallError::Unreadable {
            status,
            retry_after,
        } => unreadable(status, retry_after, on_repeat),
        CallError::Refused {
            retry_after: Some(after),
            ..
        } => PostError::RetryAfter { after },
        CallError::Refused {
            migrate_to: Some(to),
            ..
        } => PostError::Migrated { to },
        CallError::Refused {
            code, description, ..
        } => return refused(code, description, on_repeat),
    })
}

/// Tells whether Telegram does not know the token.
pub fn is_token_refused(error: &CallError) -> bool {
    match error {
        CallError::Refused {
            code, description, ..
        } => refuses_token(*code, &description.to_lowercase()),
        CallError::NotSent(_) | CallError::NoAnswer(_) | CallError::Unreadable { .. } => false,
    }
}

fn lost(text: String, on_repeat: OnRepeat) -> PostError {
    match on_repeat {
        OnRepeat::MakesAnother => PostError::FateUnknown(text),
        OnRepeat::ChangesNothing => PostError::NotDelivered(text),
    }
}

fn unreadable(status: u16, retry_after: Option<Duration>, on_repeat: OnRepeat) -> PostError {
    let text = format!("the answer (http status {status}) is not from telegram");
    match status {
        429 => PostError::RetryAfter {
            after: retry_after.unwrap_or(UNSPECIFIED_WAIT),
        },
        413 => PostError::Rejected(Rejection::FileTooBig),
        200..=299 | 502 | 504 => lost(text, on_repeat),
        _ => PostError::NotDelivered(text),
    }
}

fn refused(code: u16, description: String, on_repeat: OnRepeat) -> Result<(), PostError> {
    let words = description.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if says(NOTHING_TO_DO) {
        return Ok(());
    }
    Err(if says(TOO_LONG) {
        PostError::TooLong(description)
    } else if says(NO_FILES) {
        PostError::Rejected(Rejection::Telegram(description))
    } else if code == 400 && words.contains("entit") {
        PostError::MarkupRefused(description)
    } else if refuses_token(code, &words) {
        PostError::TokenRefused
    } else if says(MESSAGE_GONE) {
        PostError::MessageGone(description)
    } else if says(TOPIC_GONE) {
        PostError::TopicGone(description)
    } else if code == 403 || says(CHAT_GONE) {
        PostError::ChatGone(description)
    } else {
        match code {
            429 => PostError::RetryAfter {
                after: UNSPECIFIED_WAIT,
            },
            413 => PostError::Rejected(Rejection::FileTooBig),
            502 | 504 => lost(description, on_repeat),
            500..=599 => PostError::NotDelivered(description),
            _ => PostError::Rejected(Rejection::Telegram(description)),
        }
    })
}

/// A token of the wrong shape is "Not Found", a revoked one "Unauthorized". A longer text of the
/// same code, such as "Not Found: method not found", is about something else.
fn refuses_token(code: u16, words: &str) -> bool {
    match code {
        401 => true,
        404 => words.trim() == "not found",
        _ => false,
    }
}

/// "Query is too old" is about a button pressed long ago: nobody waits for its answer.
const NOTHING_TO_DO: &[&str] = &["message is not modified", "query is too old"];

const TOO_LONG: &[&str] = &[
    "message is too long",
    "message_too_long",
    "text is too long",
    "caption is too long",
];

/// A group that takes no files takes words.
const NO_FILES: &[&str] = &["rights to send documents", "rights to send photos"];

const MESSAGE_GONE: &[&str] = &[
    "message to edit not found",
    "message can't be edited",
    "message to react not found",
    "message_id_invalid",
];

/// A topic that is closed or deleted.
const TOPIC_GONE: &[&str] = &["message thread not found", "topic_closed", "topic_deleted"];

const CHAT_GONE: &[&str] = &[
    "chat not found",
    "bot was kicked",
    "bot is not a member",
    "user is deactivated",
    "group chat was deactivated",
    "bot was blocked",
    "have no rights to send",
    "not enough rights to send",
    "chat_write_forbidden",
];

#[cfg(test)]
mod tests;
