//! Pure: written values to typed ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::money::{MicroDollars, micro_dollars};
use bridge_actors::user_registry::Strangers;
use serde::{Deserialize, Deserializer, de::Error};

use super::UserOverrides;
use super::secret::Secret;
use super::tree::parse_chat;
use crate::claude::guard::Level;
use crate::isolation::Holding;

/// No duration of the configuration makes sense beyond a week.
const MAX_DURATION: Duration = Duration::from_hours(7 * 24);

/// Nobody keeps files for more than ten years.
const MAX_AGE: Duration = Duration::from_hours(3650 * 24);

/// What an agent may do unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PermissionMode {
    /// Claude asks before it does something that changes anything.
    #[default]
    Default,
    /// File edits run unasked.
    AcceptEdits,
    /// Claude reads and plans, and changes nothing.
    Plan,
    /// What is not allowed by a rule is denied without a question.
    DontAsk,
    /// Everything runs unasked.
    BypassPermissions,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl PermissionMode {
    const ALL: [Self; 5] = [
        Self::Default,
        Self::AcceptEdits,
        Self::Plan,
        Self::DontAsk,
        Self::BypassPermissions,
    ];

    /// Returns the word that the configuration and Claude's command line use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::AcceptEdits => "acceptEdits",
            Self::Plan => "plan",
            Self::DontAsk => "dontAsk",
            Self::BypassPermissions => "bypassPermissions",
        }
    }
}

impl fmt::Display for PermissionMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A megabyte as Telegram counts: its limit of 20 MB is so many bytes, 20 times.
pub(super) const MEGABYTE: u64 = 1024 * 1024;

/// The largest size that makes sense.
const MAX_SIZE: u64 = 1000 * 1024 * MEGABYTE;

/// Reads `"500KB"`, `"20MB"`, `"1GB"`: a whole number above zero and its unit.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let bytes_per_unit = match unit {
        "KB" => 1024,
        "MB" => MEGABYTE,
        "GB" => 1024 * MEGABYTE,
        _ => return None,
    };
    let size = number.checked_mul(bytes_per_unit)?;
    (1..=MAX_SIZE).contains(&size).then_some(size)
}

pub(super) fn size<'de, D: Deserializer<'de>>(source: D) -> Result<u64, D::Error> {
    let text = String::deserialize(source)?;
    parse_size(&text).ok_or_else(|| D::Error::custom("not a size"))
}

/// The same, and `""` for none.
pub(super) fn size_or_none<'de, D: Deserializer<'de>>(source: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(source)?;
    match (text.as_str(), parse_size(&text)) {
        ("", _) => Ok(None),
        (_, Some(size)) => Ok(Some(size)),
        (_, None) => Err(D::Error::custom("not a size")),
    }
}

/// Reads an amount of US dollars in millionths; none at all is no limit.
pub(super) fn dollars<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<MicroDollars>, D::Error> {
    let dollars = f64::deserialize(source)?;
    if dollars == 0.0 {
        return Ok(None);
    }
    let amount = micro_dollars(dollars).filter(|_| (0.01..=1_000_000.0).contains(&dollars));
    amount
        .map(Some)
        .ok_or_else(|| D::Error::custom("not an amount"))
}

/// Reads a number of turns; none at all is no limit.
pub(super) fn turns<'de, D: Deserializer<'de>>(source: D) -> Result<Option<u64>, D::Error> {
    match u64::deserialize(source)? {
        0 => Ok(None),
        turns @ 1..=100_000 => Ok(Some(turns)),
        _ => Err(D::Error::custom("not a number of turns")),
    }
}

/// Reads `"250ms"`, `"50s"`, `"15m"`, `"1h"`: a whole number above zero and its unit, at most a
/// week.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    parse_duration_up_to(text, MAX_DURATION)
}

/// The same, with days, `"14d"`.
pub(super) fn long_duration<'de, D: Deserializer<'de>>(source: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(source)?;
    let days = text.strip_suffix('d');
    let days = days.and_then(|days| parse_duration_up_to(&format!("{}h", days), MAX_AGE / 24));
    let age = days.map(|hours| hours * 24);
    age.or_else(|| parse_duration_up_to(&text, MAX_AGE))
        .ok_or_else(|| D::Error::custom("not a duration"))
}

fn parse_duration_up_to(text: &str, max: Duration) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let millis_per_unit: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let duration = Duration::from_millis(number.checked_mul(millis_per_unit)?);
    (!duration.is_zero() && duration <= max).then_some(duration)
}

pub(super) fn duration<'de, D: Deserializer<'de>>(source: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(source)?;
    parse_duration(&text).ok_or_else(|| D::Error::custom("not a duration"))
}

pub(super) fn optional_secret<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<Secret>, D::Error> {
    let text = String::deserialize(source)?;
    let text = text.trim();
    Ok((!text.is_empty()).then(|| Secret::new(text)))
}

pub(super) fn optional_path<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<PathBuf>, D::Error> {
    let text = String::deserialize(source)?;
    Ok((!text.is_empty()).then(|| PathBuf::from(text)))
}

pub(super) fn optional_chat<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<ChatId>, D::Error> {
    let number = i64::deserialize(source)?;
    Ok((number != 0).then_some(ChatId(number)))
}

pub(super) fn effort<'de, D: Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    let text = String::deserialize(source)?;
    match text.as_str() {
        "" | "low" | "medium" | "high" | "xhigh" | "max" => Ok(text),
        _ => Err(D::Error::custom("not an effort")),
    }
}

pub(super) fn permission_mode<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<PermissionMode, D::Error> {
    let text = String::deserialize(source)?;
    PermissionMode::ALL
        .into_iter()
        .find(|mode| mode.as_str() == text)
        .ok_or_else(|| D::Error::custom("not a permission mode"))
}

pub(super) fn strangers<'de, D: Deserializer<'de>>(source: D) -> Result<Strangers, D::Error> {
    match String::deserialize(source)?.as_str() {
        "ask" => Ok(Strangers::Ask),
        "open" => Ok(Strangers::Open),
        "refuse" => Ok(Strangers::Refuse),
        _ => Err(D::Error::custom("not a way to treat strangers")),
    }
}

pub(super) fn people<'de, D: Deserializer<'de>>(source: D) -> Result<BTreeSet<UserId>, D::Error> {
    let ids = Vec::<i64>::deserialize(source)?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// The tables of `[users]` by their chats; which names are ids was checked before.
pub(super) fn chats<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<BTreeMap<ChatId, UserOverrides>, D::Error> {
    let tables = BTreeMap::<String, UserOverrides>::deserialize(source)?;
    let by_chat = tables.into_iter().map(|(name, overrides)| {
        let chat = parse_chat(&name).ok_or_else(|| D::Error::custom("not a chat"))?;
        Ok((chat, overrides))
    });
    by_chat.collect()
}

pub(super) fn optional_effort<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<String>, D::Error> {
    effort(source).map(Some)
}

pub(super) fn optional_permission_mode<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<PermissionMode>, D::Error> {
    permission_mode(source).map(Some)
}

pub(super) fn isolation<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Level>, D::Error> {
    let text = String::deserialize(source)?;
    if text.is_empty() {
        return Ok(None);
    }
    let level = Level::named(&text).ok_or_else(|| D::Error::custom("not a level"))?;
    Ok(Some(level))
}

pub(super) fn containment<'de, D: Deserializer<'de>>(source: D) -> Result<Holding, D::Error> {
    match String::deserialize(source)?.as_str() {
        "namespace" => Ok(Holding::Strongest),
        "tree" => Ok(Holding::Tree),
        _ => Err(D::Error::custom("not a containment")),
    }
}

pub(super) fn log_format<'de, D: Deserializer<'de>>(source: D) -> Result<LogFormat, D::Error> {
    match String::deserialize(source)?.as_str() {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(D::Error::custom("not a log format")),
    }
}
