//! What is written above the file: the variables and options that override it.

use std::ffi::OsString;
use std::fmt;
use std::path::{Component, Path, PathBuf};

use config::{ConfigError, Map, Source, Value, ValueKind};

use super::keys::{self, Key, Kind};
use super::problem::Problem;

/// The variable that many bots use for their token.
pub(super) const BOT_TOKEN_VARIABLE: &str = "TELEGRAM_BOT_TOKEN";

const PREFIX: &str = "BRIDGE__";

/// Values that come from one variable or option; their origin is its name.
#[derive(Clone)]
pub(super) struct Override {
    /// The variable or option.
    pub(super) origin: String,
    /// The table it goes to.
    pub(super) section: String,
    /// The key in that table.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
}

impl fmt::Debug for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text may be the token.
        f.debug_struct("Override")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl Source for Override {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let kind = keys::find(&self.section, &self.name).map(|key| key.kind);
        let value = Value::new(Some(&self.origin), value_of(&self.text, kind));
        let table = |name: &str, value| {
            let entries = Map::from([(name.to_owned(), value)]);
            Value::new(Some(&self.origin), ValueKind::Table(entries))
        };
        let section = table(&self.name, value);
        Ok(match keys::chat_of(&self.section) {
            Some(chat) => Map::from([(keys::USERS.to_owned(), table(chat, section))]),
            None => Map::from([(self.section.clone(), section)]),
        })
    }
}

/// Gives a variable's text the kind that its key takes; what does not fit stays text, and is
/// refused with every other wrong value.
fn value_of(text: &str, kind: Option<Kind>) -> ValueKind {
    match kind {
        Some(Kind::Integer) => text
            .trim()
            .parse()
            .map_or_else(|_| ValueKind::String(text.to_owned()), ValueKind::I64),
        Some(Kind::Dollars) => text
            .trim()
            .parse()
            .map_or_else(|_| ValueKind::String(text.to_owned()), ValueKind::Float),
        Some(Kind::Texts) => ValueKind::Array(
            list_of(text)
                .into_iter()
                .map(|item| Value::new(None, ValueKind::String(item)))
                .collect(),
        ),
        Some(Kind::Boolean) => match text.trim() {
            "true" => ValueKind::Boolean(true),
            "false" => ValueKind::Boolean(false),
            _ => ValueKind::String(text.to_owned()),
        },
        Some(Kind::Integers) => ValueKind::Array(
            integers_of(text)
                .into_iter()
                .map(|item| Value::new(None, item))
                .collect(),
        ),
        Some(Kind::Text | Kind::Secret | Kind::Path) | None => ValueKind::String(text.to_owned()),
    }
}

/// Reads `["a", "b"]` as JSON, else a list divided by commas; empty text is the empty list.
fn list_of(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    })
}

/// Reads numbers with or without brackets; what is none stays text.
fn integers_of(text: &str) -> Vec<ValueKind> {
    let bare = text.trim();
    let inner = bare.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let items = inner.unwrap_or(bare).split(',').map(str::trim);
    let value = |item: &str| {
        item.parse()
            .map_or_else(|_| ValueKind::String(item.to_owned()), ValueKind::I64)
    };
    items.filter(|item| !item.is_empty()).map(value).collect()
}

/// Returns the value of a variable, `None` when it is missing or empty.
pub(super) fn variable<'a>(
    environment: &'a [(OsString, OsString)],
    name: &str,
) -> Option<&'a OsString> {
    environment
        .iter()
        .find(|(key, value)| key == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// Reads the variables that override the file, lowest first, and reports those that look like one
/// but cannot work.
pub(super) fn overrides(
    environment: &[(OsString, OsString)],
    problems: &mut Vec<Problem>,
) -> Vec<Override> {
    let mut found = Vec::new();
    if let Some(token) = variable(environment, BOT_TOKEN_VARIABLE) {
        found.push(Override {
            origin: BOT_TOKEN_VARIABLE.to_owned(),
            section: "telegram".to_owned(),
            name: "token".to_owned(),
            text: token.to_string_lossy().into_owned(),
        });
    }
    let mut variables: Vec<_> = environment.iter().collect();
    variables.sort();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| is_ours(name)) else {
            continue;
        };
        match (parse_variable(name), value.to_str()) {
            (Ok((section, key)), Some(text)) => found.push(Override {
                origin: name.to_owned(),
                section,
                name: key,
                text: text.to_owned(),
            }),
            (Ok(_), None) => problems.push(Problem::new(
                name,
                "",
                "the value is not UTF-8 text",
                "set it to plain text, or unset it",
            )),
            (Err(problem), _) => problems.push(problem),
        }
    }
    found
}

/// Says whether a variable is a setting of the bridge or is meant to be one.
///
/// Others may begin with `BRIDGE_` too: Kubernetes sets `BRIDGE_SERVICE_HOST` for a service of
/// that name.
fn is_ours(name: &str) -> bool {
    name.strip_prefix("BRIDGE_").is_some_and(|rest| {
        rest.contains("__") || rest.starts_with('_') || suggest_key(name).is_some()
    })
}

/// Splits `BRIDGE__SECTION__KEY` and `BRIDGE__USERS__ID__KEY`.
fn parse_variable(name: &str) -> Result<(String, String), Problem> {
    let path = name.strip_prefix(PREFIX).map(|rest| {
        rest.split("__")
            .map(str::to_lowercase)
            .collect::<Vec<String>>()
    });
    match path.as_deref() {
        Some([users, chat, key]) if users == keys::USERS && !chat.is_empty() => {
            Ok((format!("{users}.{chat}"), key.clone()))
        }
        Some([section, key]) if !section.is_empty() && !key.is_empty() => {
            Ok((section.clone(), key.clone()))
        }
        Some(_) | None => {
            let what = "this looks like a setting of the bridge, but is not one";
            let Some(key) = suggest_key(name) else {
                let way_out = "write BRIDGE__SECTION__KEY with double underscores, or unset it";
                return Err(Problem::new(name, "", what, way_out));
            };
            let way_out = format!("did you mean {}?", variable_of(key));
            let path = format!("{}.{}", key.section, key.name);
            Err(Problem::new(name, "", what, way_out).meant_for(&path))
        }
    }
}

/// Finds the setting whose variable differs only in the number of underscores.
fn suggest_key(name: &str) -> Option<&'static Key> {
    let bare = |text: &str| text.replace('_', "").to_lowercase();
    let mut keys = keys::KEYS.iter();
    keys.find(|key| bare(&variable_of(key)) == bare(name))
}

fn variable_of(key: &Key) -> String {
    format!("{PREFIX}{}__{}", key.section, key.name).to_uppercase()
}

/// Joins a folder and a path, and drops the `.` parts.
pub(super) fn join(folder: &Path, path: &Path) -> PathBuf {
    folder
        .join(path)
        .components()
        .filter(|part| !matches!(part, Component::CurDir))
        .collect()
}
