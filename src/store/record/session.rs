//! The record of a session.

use std::path::PathBuf;

use bridge_actors::chat_settings::{Choices, Detail, Drafts, Rich, Trust};
use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{ChatId, ConversationId, MessageId, PromptId, UserId};
use bridge_actors::login_end::LoginEnd;
use bridge_actors::ports::{Memory, SessionRecord, TurnCard};
use bridge_actors::rating::Ratings;
use bridge_actors::timer::{Lasts, SetTimer, Timer};
use serde::{Deserialize, Serialize};

use super::{RecordError, VERSION, decode, encode};

#[derive(Serialize, Deserialize)]
struct StoredSession {
    v: u32,
    #[serde(default)]
    conversation: Option<String>,
    folder: PathBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cards: Vec<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turn_card: Option<StoredTurnCard>,
    /// Missing where it is the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<u8>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    drafts: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effort: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_trusted: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    rich: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    up: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    down: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told_of_voice: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_told_of_home: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login_page: Option<i64>,
    /// Missing where the end is far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told_of_login: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    in_background: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    timers: Vec<StoredTimer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    works_for: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answered: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    passed_over: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_nearly_full: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredTimer {
    id: String,
    what: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    rhythm: String,
    at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repeats: Option<String>,
    /// Whether it comes back with its conversation.
    lasts: bool,
    #[serde(default, skip_serializing_if = "is_no_time")]
    late: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conversation: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredTurnCard {
    message: i64,
    prompt: String,
    text: String,
}

/// Writes the record of a session.
pub fn encode_session(record: &SessionRecord) -> Result<Vec<u8>, RecordError> {
    encode(&StoredSession {
        v: VERSION,
        conversation: record.conversation.as_ref().map(|id| id.0.clone()),
        folder: record.folder.clone(),
        home: record.home.map(|chat| chat.0),
        cards: record
            .messages_with_buttons
            .iter()
            .map(|message| message.0)
            .collect(),
        turn_card: record.turn_card.as_ref().map(|card| StoredTurnCard {
            message: card.message.0,
            prompt: card.prompt.0.clone(),
            text: card.text.clone(),
        }),
        detail: match record.detail {
            Detail::Answer => Some(0),
            Detail::Card => None,
            Detail::Log => Some(2),
        },
        drafts: record.drafts == Drafts::On,
        rich: record.rich == Rich::On,
        model: record.choices.model.clone(),
        effort: record.choices.effort.clone(),
        mode: record.choices.mode.clone(),
        is_trusted: record.trust == Trust::Trusted,
        up: record.ratings.up,
        down: record.ratings.down,
        told_of_voice: record.told_of_voice.map(|at| at.0),
        is_told_of_home: record.is_told_of_home,
        login_page: record.login_page.map(|message| message.0),
        told_of_login: match record.told_of_login {
            LoginEnd::Far => None,
            LoginEnd::Soon => Some(1),
            LoginEnd::AnyTime => Some(2),
        },
        in_background: record.in_background.clone(),
        timers: record.timers.iter().map(stored_timer).collect(),
        works_for: record.works_for.map(|user| user.0),
        answered: (record.memory.answered.as_ref()).map(|id| id.0.clone()),
        passed_over: record.memory.passed_over.clone(),
        is_nearly_full: record.memory.is_nearly_full,
    })
}

/// Reads the record of a session.
pub fn decode_session(bytes: &[u8]) -> Result<SessionRecord, RecordError> {
    let stored: StoredSession = decode(bytes)?;
    Ok(SessionRecord {
        conversation: stored.conversation.map(ConversationId),
        folder: stored.folder,
        home: stored.home.map(ChatId),
        messages_with_buttons: stored.cards.into_iter().map(MessageId).collect(),
        turn_card: stored.turn_card.map(|card| TurnCard {
            message: MessageId(card.message),
            prompt: PromptId(card.prompt),
            text: card.text,
        }),
        detail: match stored.detail {
            Some(0) => Detail::Answer,
            Some(2) => Detail::Log,
            Some(_) | None => Detail::Card,
        },
        drafts: match stored.drafts {
            true => Drafts::On,
            false => Drafts::Off,
        },
        rich: match stored.rich {
            true => Rich::On,
            false => Rich::Off,
        },
        choices: Choices {
            model: stored.model,
            effort: stored.effort,
            mode: stored.mode,
        },
        trust: match stored.is_trusted {
            true => Trust::Trusted,
            false => Trust::Untrusted,
        },
        ratings: Ratings {
            up: stored.up,
            down: stored.down,
        },
        told_of_voice: stored.told_of_voice.map(UnixSeconds),
        is_told_of_home: stored.is_told_of_home,
        login_page: stored.login_page.map(MessageId),
        told_of_login: match stored.told_of_login {
            Some(1) => LoginEnd::Soon,
            Some(2) => LoginEnd::AnyTime,
            Some(_) | None => LoginEnd::Far,
        },
        in_background: stored.in_background,
        timers: stored.timers.into_iter().map(timer).collect(),
        works_for: stored.works_for.map(UserId),
        memory: Memory {
            answered: stored.answered.map(PromptId),
            passed_over: stored.passed_over,
            is_nearly_full: stored.is_nearly_full,
        },
    })
}

fn stored_timer(timer: &Timer) -> StoredTimer {
    let set = &timer.set;
    StoredTimer {
        id: set.id.clone(),
        what: set.what.clone(),
        rhythm: set.rhythm.clone(),
        at: set.at.0,
        repeats: set.repeats.clone(),
        lasts: set.lasts == Lasts::Conversation,
        late: timer.late,
        conversation: timer.conversation.as_ref().map(|id| id.0.clone()),
    }
}

fn timer(stored: StoredTimer) -> Timer {
    Timer {
        set: SetTimer {
            id: stored.id,
            what: stored.what,
            rhythm: stored.rhythm,
            at: UnixSeconds(stored.at),
            repeats: stored.repeats,
            lasts: match stored.lasts {
                true => Lasts::Conversation,
                false => Lasts::Process,
            },
        },
        late: stored.late,
        conversation: stored.conversation.map(ConversationId),
    }
}

fn is_no_time(time: &u64) -> bool {
    *time == 0
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}
