//! Pure: checks one value against what its key may hold.

use std::collections::HashMap;

use config::{Value, ValueKind};

use super::duration;
use super::keys::{Key, Kind};

/// A value in the type that the configuration has for its key, or what is wrong with it.
pub(super) fn checked(key: &Key, value: &Value) -> Result<ValueKind, String> {
    match key.kind {
        Kind::Text => text(value).map(ValueKind::String),
        Kind::Token => token(value),
        Kind::Url => url(value),
        Kind::Name => name(value),
        Kind::Word(words) => word(value, words),
        Kind::Texts => texts(value),
        Kind::Duration(least, most) => bounded_duration(value, least, most),
        Kind::Number(least, most) => number(value, least, most),
    }
}

fn text(value: &Value) -> Result<String, String> {
    if let ValueKind::String(text) = &value.kind {
        return Ok(text.clone());
    }
    Err(format!(
        "expected text in quotes, found {}",
        describe(&value.kind)
    ))
}

/// Tells whether a text has the shape of a bot token.
pub(super) fn is_token(text: &str) -> bool {
    let Some((id, secret)) = text.split_once(':') else {
        return false;
    };
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_secret = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    is_id && !secret.is_empty() && secret.bytes().all(is_secret)
}

fn token(value: &Value) -> Result<ValueKind, String> {
    let text = text(value).map_err(|_| "expected a bot token in quotes".to_owned())?;
    if text.is_empty() || is_token(text.trim()) {
        return Ok(ValueKind::String(text.trim().to_owned()));
    }
    Err("this is no bot token; @BotFather gives one like 123456:ABC-DEF".to_owned())
}

fn url(value: &Value) -> Result<ValueKind, String> {
    let text = text(value)?;
    let has_scheme = ["http://", "https://"].iter().any(|scheme| {
        text.strip_prefix(scheme)
            .is_some_and(|host| !host.is_empty())
    });
    if has_scheme {
        return Ok(ValueKind::String(text.trim_end_matches('/').to_owned()));
    }
    Err(format!(
        "expected an address like https://api.telegram.org, found {text:?}"
    ))
}

fn name(value: &Value) -> Result<ValueKind, String> {
    let text = text(value)?;
    if text.trim().is_empty() {
        return Err("it must not be empty; remove the key for its default".to_owned());
    }
    Ok(ValueKind::String(text))
}

fn word(value: &Value, words: &[&str]) -> Result<ValueKind, String> {
    let text = text(value)?;
    if words.contains(&text.as_str()) {
        return Ok(ValueKind::String(text));
    }
    Err(format!(
        "expected one of {}, found {text:?}",
        words.join(", ")
    ))
}

/// A list; from the environment also as text: a TOML list, or items between commas.
fn texts(value: &Value) -> Result<ValueKind, String> {
    let items = if let ValueKind::Array(items) = &value.kind {
        items.iter().map(text).collect::<Result<Vec<_>, _>>()?
    } else if let (ValueKind::String(list), true) = (&value.kind, is_from_environment(value)) {
        split_list(list)
    } else {
        let found = describe(&value.kind);
        return Err(format!(
            "expected a list of texts like [\"a\", \"b\"], found {found}"
        ));
    };
    let items = items
        .into_iter()
        .map(|item| Value::new(None, ValueKind::String(item)));
    Ok(ValueKind::Array(items.collect()))
}

fn split_list(list: &str) -> Vec<String> {
    if let Ok(items) = serde_json::from_str::<Vec<String>>(list) {
        return items;
    }
    let items = list
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    items.map(str::to_owned).collect()
}

fn bounded_duration(
    value: &Value,
    least: std::time::Duration,
    most: std::time::Duration,
) -> Result<ValueKind, String> {
    let ValueKind::String(text) = &value.kind else {
        let found = describe(&value.kind);
        return Err(format!("expected {}, found {found}", duration::ALLOWED));
    };
    match duration::parse(text) {
        Some(time) if (least..=most).contains(&time) => Ok(ValueKind::String(text.clone())),
        Some(_) => Err(format!("expected {least:?} to {most:?}, found {text:?}")),
        None => Err(format!("expected {}, found {text:?}", duration::ALLOWED)),
    }
}

fn number(value: &Value, least: i64, most: i64) -> Result<ValueKind, String> {
    let number = if let ValueKind::I64(number) = &value.kind {
        Some(*number)
    } else if let (ValueKind::String(text), true) = (&value.kind, is_from_environment(value)) {
        text.trim().parse().ok()
    } else {
        None
    };
    match number {
        Some(number) if (least..=most).contains(&number) => Ok(ValueKind::I64(number)),
        Some(number) => Err(format!("expected {least} to {most}, found {number}")),
        None => Err(format!(
            "expected a whole number, found {}",
            describe(&value.kind)
        )),
    }
}

/// The origin that the `config` crate gives to what comes from the environment.
fn is_from_environment(value: &Value) -> bool {
    value.origin() == Some("the environment")
}

fn describe(kind: &ValueKind) -> String {
    match kind {
        ValueKind::Nil => "nothing".to_owned(),
        ValueKind::Boolean(value) => value.to_string(),
        ValueKind::I64(value) => value.to_string(),
        ValueKind::I128(value) => value.to_string(),
        ValueKind::U64(value) => value.to_string(),
        ValueKind::U128(value) => value.to_string(),
        ValueKind::Float(value) => value.to_string(),
        ValueKind::String(text) => format!("{text:?}"),
        ValueKind::Table(_) => "a section".to_owned(),
        ValueKind::Array(_) => "a list".to_owned(),
    }
}

/// Lists all leaves of a tree with their full names.
pub(super) fn leaves(tree: &HashMap<String, Value>) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    collect("", tree, &mut found);
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

fn collect(prefix: &str, tree: &HashMap<String, Value>, found: &mut Vec<(String, Value)>) {
    for (name, value) in tree {
        let name = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        if let ValueKind::Table(inner) = &value.kind
            && !inner.is_empty()
        {
            collect(&name, inner, found);
        } else {
            found.push((name, value.clone()));
        }
    }
}
