//! Pure: checks what was written against the known keys and gives it types.

use std::path::Path;

use bridge_actors::ids::ChatId;
use config::{Map, Value, ValueKind};
use serde_path_to_error::Segment;

use super::Config;
use super::file::ConfigFile;
use super::keys::{self, Key, Kind};
use super::layers::join;
use super::problem::Problem;
use super::secret::scrub;

/// A longer found value is cut in a message.
const MAX_SHOWN_CHARS: usize = 60;

/// What stands behind the merged values, for messages and for relative paths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    /// The file, when there is one.
    pub(super) file: Option<&'a ConfigFile>,
    /// Where the bridge was started.
    pub(super) working_dir: &'a Path,
    /// The user's home, for `~/`.
    pub(super) home: Option<&'a Path>,
}

/// The merged values by section and name; only known keys with values of the right kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    values: Map<String, Map<String, Value>>,
}

impl Tree {
    /// Keeps what can be used; everything else becomes a problem.
    pub(super) fn check(
        written: Map<String, Value>,
        ground: &Ground<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut tree = Self::default();
        let mut written: Vec<_> = written.into_iter().collect();
        written.sort_by(|left, right| left.0.cmp(&right.0));
        for (section, value) in written {
            if !keys::sections().contains(&section.as_str()) {
                problems.push(unknown_section(&section, &value, ground));
                continue;
            }
            let origin = ground.origin_of(value.origin(), &section, "");
            let Ok(entries) = value.clone().into_table() else {
                let what = format!("expected a section, found {}", describe(&value, None));
                let way_out = format!("write [{section}] and put its keys below it");
                problems.push(Problem::new(origin, &section, what, way_out));
                continue;
            };
            if section == keys::USERS {
                tree.check_chats(entries, ground, problems);
            } else {
                tree.check_entries(&section, entries, ground, problems);
            }
        }
        tree
    }

    fn check_entries(
        &mut self,
        section: &str,
        entries: Map<String, Value>,
        ground: &Ground<'_>,
        problems: &mut Vec<Problem>,
    ) {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        for (name, value) in entries {
            match check_entry(section, &name, value, ground) {
                Ok(value) => self.insert(section, name, value),
                Err(problem) => problems.push(problem),
            }
        }
    }

    /// Checks the tables below `[users]`, one for each chat.
    fn check_chats(
        &mut self,
        chats: Map<String, Value>,
        ground: &Ground<'_>,
        problems: &mut Vec<Problem>,
    ) {
        let mut chats: Vec<_> = chats.into_iter().collect();
        chats.sort_by(|left, right| left.0.cmp(&right.0));
        for (chat, value) in chats {
            let section = format!("{}.{chat}", keys::USERS);
            let origin = ground.origin_of_section(&value, &section);
            if parse_chat(&chat).is_none() {
                let what = format!("{chat:?} is not the id of a person or group");
                let way_out = "write [users.ID] with the numeric id in plain digits; /whoami \
                               shows people theirs, and the id of a group starts with a minus";
                problems.push(Problem::new(origin, section, what, way_out));
                continue;
            }
            match value.clone().into_table() {
                Ok(entries) => self.check_entries(&section, entries, ground, problems),
                Err(_) => {
                    let what = format!("expected a section, found {}", describe(&value, None));
                    let way_out = format!("write [{section}] and put its keys below it");
                    problems.push(Problem::new(origin, section, what, way_out));
                }
            }
        }
    }

    fn insert(&mut self, section: &str, name: String, value: Value) {
        self.values
            .entry(section.to_owned())
            .or_default()
            .insert(name, value);
    }

    /// Returns whether a key is set to something that can be used.
    pub(super) fn has(&self, section: &str, name: &str) -> bool {
        let entries = self.values.get(section);
        entries.is_some_and(|entries| entries.contains_key(name))
    }

    /// Returns the variable or option that sets a key; `None` when the file does, or nobody.
    pub(super) fn override_of(&self, section: &str, name: &str) -> Option<&str> {
        self.values.get(section)?.get(name)?.origin()
    }

    /// Gives every value its type. A value that has none is reported and left out, and the rest is
    /// tried again, so that no problem hides another.
    pub(super) fn into_config(self, ground: &Ground<'_>, problems: &mut Vec<Problem>) -> Config {
        let mut found = Vec::new();
        let config = self.typed(ground, &mut found);
        // They were found in any order.
        found.sort_by(|left, right| left.key().cmp(right.key()));
        problems.extend(found);
        config
    }

    fn typed(mut self, ground: &Ground<'_>, problems: &mut Vec<Problem>) -> Config {
        loop {
            let path = match serde_path_to_error::deserialize(self.to_value()) {
                Ok(config) => return config,
                Err(error) => map_keys(error.path()),
            };
            let (section, name) = match path.as_slice() {
                [users, chat, name] if users == keys::USERS => (&format!("{users}.{chat}"), name),
                [section, name] | [section, name, _] => (section, name),
                _ => {
                    problems.push(not_understood(&path.join(".")));
                    return Config::default();
                }
            };
            let taken = self
                .values
                .get_mut(section)
                .and_then(|entries| entries.remove(name));
            match (taken, keys::find(section, name)) {
                (Some(value), Some(key)) => {
                    let origin = ground.origin_of(value.origin(), section, name);
                    problems.push(not_allowed(origin, section, key, &value));
                }
                (None, _) | (_, None) => {
                    problems.push(not_understood(&path.join(".")));
                    return Config::default();
                }
            }
        }
    }

    fn to_value(&self) -> Value {
        let table = |entries| Value::new(None, ValueKind::Table(entries));
        let mut sections = Map::new();
        let mut chats = Map::new();
        for (name, entries) in &self.values {
            let entries = table(entries.clone());
            match keys::chat_of(name) {
                Some(chat) => chats.insert(chat.to_owned(), entries),
                None => sections.insert(name.clone(), entries),
            };
        }
        sections.insert(keys::USERS.to_owned(), table(chats));
        table(sections)
    }
}

impl Ground<'_> {
    /// Names the place a value comes from: the variable, or the file with the line.
    pub(super) fn origin_of(&self, origin: Option<&str>, section: &str, name: &str) -> String {
        match (origin, self.file) {
            (Some(origin), _) => origin.to_owned(),
            (None, Some(file)) => match file.line_of(section, name) {
                Some(line) => format!("{}:{line}", file.path.display()),
                None => file.path.display().to_string(),
            },
            (None, None) => "the defaults".to_owned(),
        }
    }

    /// Names the place that a section comes from. Merging keeps the origin of values and not that of
    /// the sections around them, so it is that of the first of its entries by name.
    fn origin_of_section(&self, value: &Value, section: &str) -> String {
        let mut entries: Vec<_> = (value.clone().into_table())
            .unwrap_or_default()
            .into_iter()
            .collect();
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        let first = entries.iter().find_map(|(_, entry)| entry.origin());
        self.origin_of(value.origin().or(first), section, "")
    }

    /// Returns where relative paths start: in the folder of the file, and where there is none in
    /// the one that the bridge was started in.
    pub(super) fn folder(&self) -> &Path {
        let file_folder = self.file.and_then(|file| file.path.parent());
        file_folder.unwrap_or(self.working_dir)
    }

    /// Makes a written path absolute; one of a variable starts in the working folder. `None` for
    /// one in the home folder of nobody.
    fn absolute(&self, written: &str, origin: Option<&str>) -> Option<String> {
        let in_home = match written {
            "~" => Some(""),
            written => written.strip_prefix("~/"),
        };
        let (folder, path) = match (in_home, origin) {
            (Some(rest), _) => (self.home?, rest),
            (None, None) => (self.folder(), written),
            (None, Some(_)) => (self.working_dir, written),
        };
        Some(join(folder, Path::new(path)).display().to_string())
    }
}

fn check_entry(
    section: &str,
    name: &str,
    value: Value,
    ground: &Ground<'_>,
) -> Result<Value, Problem> {
    let origin = ground.origin_of(value.origin(), section, name);
    let Some(key) = keys::find(section, name) else {
        return Err(unknown_key(origin, section, name));
    };
    match (&value.kind, key.kind) {
        (ValueKind::String(text), Kind::Path) if is_program_name(key, text) || text.is_empty() => {
            Ok(value)
        }
        (ValueKind::String(text), Kind::Path) => {
            let Some(absolute) = ground.absolute(text, value.origin()) else {
                let what = format!("found {}, but HOME is not set", describe(&value, None));
                let path = format!("{section}.{name}");
                return Err(Problem::new(origin, path, what, "write the full path"));
            };
            let origin = value.origin().map(str::to_owned);
            Ok(Value::new(origin.as_ref(), ValueKind::String(absolute)))
        }
        (ValueKind::String(_), Kind::Text | Kind::Secret)
        | (ValueKind::I64(_), Kind::Integer | Kind::Dollars)
        | (ValueKind::Float(_), Kind::Dollars)
        | (ValueKind::Boolean(_), Kind::Boolean) => Ok(value),
        (ValueKind::Array(items), Kind::Integers)
            if items
                .iter()
                .all(|item| matches!(item.kind, ValueKind::I64(_))) =>
        {
            Ok(value)
        }
        (ValueKind::Array(items), Kind::Texts)
            if items
                .iter()
                .all(|item| matches!(item.kind, ValueKind::String(_))) =>
        {
            Ok(value)
        }
        (_, _) => Err(not_allowed(origin, section, key, &value)),
    }
}

/// Reads the id of a chat from the name of its section: plain digits, a minus before a group.
pub(super) fn parse_chat(name: &str) -> Option<ChatId> {
    let digits = name.strip_prefix('-').unwrap_or(name);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    is_plain.then(|| name.parse().ok().map(ChatId)).flatten()
}

/// A program without a slash is looked up on `PATH`, so it is not a relative path.
fn is_program_name(key: &Key, text: &str) -> bool {
    key.name == "binary" && !text.contains('/')
}

fn unknown_section(section: &str, value: &Value, ground: &Ground<'_>) -> Problem {
    let origin = ground.origin_of_section(value, section);
    if keys::is_later(section, "") {
        return not_yet(origin, section);
    }
    let sections = keys::sections();
    let what = "there is no such section";
    match keys::near_miss(section, &sections) {
        Some(near) => {
            let way_out = format!("did you mean [{near}]?");
            Problem::new(origin, section, what, way_out).meant_for(near)
        }
        None => {
            let way_out = format!("the sections are {}", sections.join(", "));
            Problem::new(origin, section, what, way_out)
        }
    }
}

fn unknown_key(origin: String, section: &str, name: &str) -> Problem {
    let path = format!("{section}.{name}");
    if keys::is_later(section, name) {
        return not_yet(origin, &path);
    }
    let names = keys::names_in(section);
    let elsewhere = || keys::KEYS.iter().find(|key| key.name == name);
    let problem = |way_out| Problem::new(origin, path, "there is no such key", way_out);
    match (keys::near_miss(name, &names), elsewhere()) {
        (Some(near), _) => {
            problem(format!("did you mean {near}?")).meant_for(&format!("{section}.{near}"))
        }
        (None, Some(key)) => problem(format!("did you mean {name} in [{}]?", key.section))
            .meant_for(&format!("{}.{name}", key.section)),
        (None, None) => problem(format!("the keys of [{section}] are {}", names.join(", "))),
    }
}

fn not_yet(origin: String, path: &str) -> Problem {
    let what = "not available in this version of the bridge";
    Problem::new(origin, path, what, "remove it")
}

fn not_allowed(origin: String, section: &str, key: &Key, value: &Value) -> Problem {
    let path = format!("{section}.{}", key.name);
    let what = format!("found {}", describe(value, Some(key.kind)));
    Problem::new(origin, path, what, format!("allowed: {}", key.allowed))
}

/// The table of keys and `Config` disagree, which a test rules out.
fn not_understood(path: &str) -> Problem {
    Problem::new(
        "the configuration",
        path,
        "cannot be understood",
        "compare it with bridge.toml",
    )
}

/// Returns the first keys of a path, three for a chat's own; deeper parts are inside one value.
fn map_keys(path: &serde_path_to_error::Path) -> Vec<String> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            Segment::Seq { .. } | Segment::Enum { .. } | Segment::Unknown => None,
        })
        .take(3)
        .collect()
}

/// Names a value for a message, without showing a secret.
fn describe(value: &Value, kind: Option<Kind>) -> String {
    let shown = match &value.kind {
        ValueKind::Nil => "nothing".to_owned(),
        ValueKind::Boolean(found) => format!("{found}"),
        ValueKind::I64(found) => format!("the number {found}"),
        ValueKind::I128(found) => format!("the number {found}"),
        ValueKind::U64(found) => format!("the number {found}"),
        ValueKind::U128(found) => format!("the number {found}"),
        ValueKind::Float(found) => format!("the number {found}"),
        ValueKind::String(found) => {
            // A cut token would no longer look like one.
            let found = scrub(found);
            let cut: String = found.chars().take(MAX_SHOWN_CHARS).collect();
            let dots = if cut.len() < found.len() { "…" } else { "" };
            format!("the text {cut:?}{dots}")
        }
        ValueKind::Table(_) => "a section".to_owned(),
        ValueKind::Array(items) => items
            .iter()
            .find(|item| match kind {
                Some(Kind::Integers) => !matches!(item.kind, ValueKind::I64(_)),
                _ => !matches!(item.kind, ValueKind::String(_)),
            })
            .map_or_else(
                || "a list".to_owned(),
                |item| format!("a list with {}", describe(item, kind)),
            ),
    };
    match kind {
        Some(Kind::Secret) => "a value that is not text".to_owned(),
        Some(Kind::Text | Kind::Path | Kind::Integer | Kind::Dollars)
        | Some(Kind::Texts | Kind::Boolean | Kind::Integers)
        | None => shown,
    }
}
