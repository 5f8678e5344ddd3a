//! Pure: people to JSON and back, in the shape of the older bridge's file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context as _, Result, bail, ensure};
use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::ChatId;
use bridge_actors::ports::{Admitter, Standing, UserRecord};
use bridge_actors::router::{parse_user_id, plain_name};
use bridge_actors::user_registry::BadTarget;
use chrono::{DateTime, NaiveDateTime};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::table::state;
use crate::audit::date_of;

/// The longest name that is taken, in characters; Telegram's are at most 64.
const MAX_NAME: usize = 256;

/// The last second that is written with a year of four digits.
const MAX_DATE: i64 = 253_402_300_799;

/// What a file holds: users by chat id or one after the other.
enum File {
    ById(Vec<(String, Value)>),
    Listed(Vec<Value>),
}

#[derive(Debug, Serialize)]
struct Exported<'a> {
    chat_id: i64,
    username: Option<&'a str>,
    first_name: &'a str,
    created_at: String,
    is_active: bool,
    is_admin: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<String>,
    state: &'static str,
}

/// What the older bridge writes, and what ours adds.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with chat_id, first_name and so on")]
struct Written {
    chat_id: i64,
    username: Option<String>,
    first_name: Option<String>,
    created_at: Option<Value>,
    is_active: Option<bool>,
    is_admin: Option<bool>,
    language: Option<String>,
    last_seen: Option<Value>,
    state: Option<String>,
}

/// Returns whom an export tells of: whoever waits asks again at the other bridge, and of those
/// who were removed nothing is passed on.
pub(super) fn exported(records: &[UserRecord]) -> impl Iterator<Item = &UserRecord> {
    records.iter().filter(|record| match record.standing {
        Standing::Active | Standing::Declined | Standing::Deactivated => true,
        Standing::Waiting(_) | Standing::Removed => false,
    })
}

/// Writes people in the shape of the older bridge's file, in the order of their ids.
pub(super) fn export(records: &[UserRecord]) -> Result<String> {
    let by_id: BTreeMap<i64, Exported<'_>> = exported(records)
        .map(|record| {
            let exported = Exported {
                chat_id: record.user.0,
                username: record.username.as_deref(),
                first_name: &record.first_name,
                created_at: date_of(record.created_at),
                is_active: record.is_active(),
                is_admin: record.is_admin,
                language: record.language.as_deref(),
                last_seen: record.last_seen.map(date_of),
                state: state(&record.standing),
            };
            (record.user.0, exported)
        })
        .collect();
    Ok(serde_json::to_string_pretty(&by_id)? + "\n")
}

/// Reads people: an object by chat id, or a list. One that cannot be taken refuses all.
pub(super) fn parse_entries(text: &str, now: UnixSeconds) -> Result<Vec<UserRecord>> {
    let mut seen = BTreeSet::new();
    let mut records = Vec::new();
    let mut take = |name: &str, record: Result<UserRecord>| -> Result<()> {
        let record = record.with_context(|| format!("user {name}"))?;
        let is_new = seen.insert(record.user);
        ensure!(is_new, "user {name}: the id {} appears twice", record.user);
        records.push(record);
        Ok(())
    };
    match serde_json::from_str(text)? {
        File::ById(entries) => {
            for (key, entry) in entries {
                let record = parse_entry(entry, now).and_then(|record| {
                    let is_its_own = key == record.user.to_string();
                    let id = record.user;
                    ensure!(is_its_own, "its chat_id is {id}; the two must match");
                    Ok(record)
                });
                take(&format!("{key:?}"), record)?;
            }
        }
        File::Listed(entries) => {
            for (at, entry) in entries.into_iter().enumerate() {
                take(&format!("number {}", at + 1), parse_entry(entry, now))?;
            }
        }
    }
    Ok(records)
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(FileVisitor)
    }
}

/// Keeps every entry: of two with the same key a map would lose one in silence.
struct FileVisitor;

impl<'de> Visitor<'de> for FileVisitor {
    type Value = File;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("users by chat id, or a list of users")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<File, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(File::ById(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<File, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(File::Listed(entries))
    }
}

fn parse_entry(entry: Value, now: UnixSeconds) -> Result<UserRecord> {
    let written: Written = serde_json::from_value(entry)?;
    let user = match parse_user_id(&written.chat_id.to_string()) {
        Ok(user) => user,
        Err(BadTarget::Group) => bail!("{} is the id of a group", written.chat_id),
        Err(_) => bail!("nobody can have the id {}", written.chat_id),
    };
    let created_at = match &written.created_at {
        None | Some(Value::Null) => now,
        Some(date) => parse_date(date).context("created_at")?,
    };
    let last_seen = match &written.last_seen {
        None | Some(Value::Null) => None,
        Some(date) => Some(parse_date(date).context("last_seen")?),
    };
    let username = written.username.unwrap_or_default();
    let username = short(username.trim_start_matches('@'))?;
    Ok(UserRecord {
        user,
        chat: ChatId(user.0),
        username: (!username.is_empty()).then_some(username),
        first_name: short(&written.first_name.unwrap_or_default())?,
        language: written.language.as_deref().map(short).transpose()?,
        created_at,
        last_seen,
        standing: match (written.is_active, written.state.as_deref()) {
            (Some(true) | None, _) => Standing::Active,
            (Some(false), Some("declined")) => Standing::Declined,
            (Some(false), _) => Standing::Deactivated,
        },
        admitted_by: Some(Admitter::Host),
        is_admin: written.is_admin.unwrap_or(false),
    })
}

fn short(text: &str) -> Result<String> {
    let length = text.chars().count();
    ensure!(
        length <= MAX_NAME,
        "a name has {length} characters; the limit is {MAX_NAME}"
    );
    Ok(text.to_owned())
}

/// Reads a date as older bridges wrote it: RFC 3339, the same without an offset (then it is UTC),
/// or seconds since 1970.
fn parse_date(written: &Value) -> Result<UnixSeconds> {
    let seconds = match written {
        Value::Number(number) => number
            .as_f64()
            .filter(|seconds| seconds.is_finite())
            .map(|seconds| seconds as i64),
        Value::String(text) => DateTime::parse_from_rfc3339(text)
            .map(|date| date.timestamp())
            .or_else(|_| {
                let text = text.replace(' ', "T");
                let naive = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f");
                naive.map(|date| date.and_utc().timestamp())
            })
            .ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let possible = seconds.filter(|seconds| *seconds <= MAX_DATE);
    let seconds = possible.and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(UnixSeconds).with_context(|| {
        let written = plain_name(&written.to_string());
        format!("{written} is not a date such as \"2026-01-31T12:00:00Z\"")
    })
}
