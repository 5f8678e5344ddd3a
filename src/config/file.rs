//! The configuration file: where it is looked for, what is in it, and on which line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use config::{ConfigError, Map, Source, Value, ValueKind};
use toml::de::{DeTable, DeValue};

use super::layers::{join, variable};
use super::problem::Problem;

/// A configuration file and what is in it; a layer like the variables above it.
#[derive(Clone)]
pub(super) struct ConfigFile {
    /// Where it is; absolute.
    pub(super) path: PathBuf,
    values: Map<String, Value>,
    /// The numbers, from 1, of the lines that hold a key or the head of a section, by dotted path.
    lines: BTreeMap<String, usize>,
}

impl fmt::Debug for ConfigFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Its values may hold the token.
        f.debug_struct("ConfigFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Source for ConfigFile {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.values.clone())
    }
}

impl ConfigFile {
    /// Returns the line that sets a key, or that of the section's head when `name` is empty.
    pub(super) fn line_of(&self, section: &str, name: &str) -> Option<usize> {
        let path = match name {
            "" => section.to_owned(),
            name => format!("{section}.{name}"),
        };
        self.lines.get(&path).copied()
    }

    /// Understands the text of a file. One with a syntax error counts as empty; the error is told
    /// without the line's content, which may hold a secret.
    pub(super) fn parse(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Self {
        let mut file = Self {
            path: path.to_owned(),
            values: Map::new(),
            lines: BTreeMap::new(),
        };
        match DeTable::parse(text) {
            Ok(table) => {
                file.note_lines("", table.get_ref(), text);
                file.values = entries(table.get_ref());
            }
            Err(error) => {
                let origin = match error.span() {
                    Some(span) => format!("{}:{}", path.display(), line_at(text, span.start)),
                    None => path.display().to_string(),
                };
                let what = format!("not valid TOML: {}", error.message().replace('\n', ", "));
                let way_out = "put text in quotes, lists in [ ], and each key on its own line";
                problems.push(Problem::new(origin, "", what, way_out));
            }
        }
        file
    }

    fn note_lines(&mut self, above: &str, table: &DeTable<'_>, text: &str) {
        for (key, value) in table {
            let path = match above {
                "" => key.get_ref().to_string(),
                above => format!("{above}.{}", key.get_ref()),
            };
            if let Some(below) = value.get_ref().as_table() {
                self.note_lines(&path, below, text);
            }
            self.lines.insert(path, line_at(text, key.span().start));
        }
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}

fn entries(table: &DeTable<'_>) -> Map<String, Value> {
    let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<_>)| {
        let key: &toml::de::DeString<'_> = key.get_ref();
        (key.to_string(), to_value(value.get_ref()))
    };
    table.iter().map(entry).collect()
}

fn to_value(value: &DeValue<'_>) -> Value {
    let kind = match value {
        DeValue::String(text) => ValueKind::String(text.to_string()),
        DeValue::Integer(number) => integer(number.as_str(), number.radix()),
        DeValue::Float(number) => (number.as_str().parse())
            .map_or_else(|_| ValueKind::String(number.to_string()), ValueKind::Float),
        DeValue::Boolean(value) => ValueKind::Boolean(*value),
        DeValue::Datetime(time) => ValueKind::String(time.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| to_value(item.get_ref()));
            ValueKind::Array(items.collect())
        }
        DeValue::Table(table) => ValueKind::Table(entries(table)),
    };
    Value::new(None, kind)
}

/// Returns a number; one that is too long for any key is kept as it is written, to be refused.
fn integer(digits: &str, radix: u32) -> ValueKind {
    let number = i64::from_str_radix(digits, radix);
    number.map_or_else(|_| ValueKind::String(digits.to_owned()), ValueKind::I64)
}

/// Returns where a file is looked for when none is asked for, the one that wins first:
/// `./bridge.toml`, then the one in the user's configuration folder.
pub(super) fn places(working_dir: &Path, environment: &[(OsString, OsString)]) -> Vec<PathBuf> {
    let mut places = vec![working_dir.join("bridge.toml")];
    places.extend(user_folder(environment).map(|folder| folder.join("bridge/bridge.toml")));
    places
}

/// Finds and reads the file: the one asked for, else the first that is in one of the places;
/// `None` when there is none.
pub(super) fn find_file(
    asked_for: Option<&Path>,
    working_dir: &Path,
    places: &[PathBuf],
    problems: &mut Vec<Problem>,
) -> Option<ConfigFile> {
    let path = match asked_for {
        Some(path) => join(working_dir, path),
        // A link that leads nowhere is a mistake to report, not a missing file.
        None => (places.iter().find(|path| path.symlink_metadata().is_ok())?).clone(),
    };
    match fs::read_to_string(&path) {
        Ok(text) => Some(ConfigFile::parse(&path, &text, problems)),
        Err(error) => {
            let what = format!("cannot read the file: {error}");
            let way_out = "name a readable file with --config";
            let origin = path.display().to_string();
            problems.push(Problem::new(origin, "", what, way_out));
            None
        }
    }
}

fn user_folder(environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let xdg = variable(environment, "XDG_CONFIG_HOME").map(PathBuf::from);
    // The XDG specification asks for relative values to be ignored.
    xdg.filter(|folder| folder.is_absolute())
        .or_else(|| Some(PathBuf::from(variable(environment, "HOME")?).join(".config")))
}
