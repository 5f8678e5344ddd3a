//! Finds the configuration, lays the environment over it, and reports everything wrong at once.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use config::{Environment, FileFormat, Format, Map, Value, ValueKind};

use super::keys::{self, KEYS};
use super::problem::{ConfigErrors, Problem, without_tokens};
use super::values::{checked, is_token, leaves};
use super::{Config, Secret};

/// The variable that older setups use for the token.
const PLAIN_TOKEN: &str = "TELEGRAM_BOT_TOKEN";

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The file that was named; `None` to look at the usual places.
    pub file: Option<PathBuf>,
    /// The environment: names and values.
    pub environment: Vec<(String, String)>,
    /// The folder that the bridge was started in, absolute.
    pub working_dir: PathBuf,
}

/// A valid configuration and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// What they were read from, in the order in which the later beats the earlier.
    pub sources: Vec<Source>,
}

/// Something that settings were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A variable of the environment, by name.
    Variable(String),
}

/// Loads the configuration.
///
/// # Errors
///
/// With every problem there is, each with its origin, key and way out; none of them shows a token.
pub fn load(options: &LoadOptions) -> Result<Loaded, ConfigErrors> {
    let mut problems = misspelt_variables(options);
    let file = find_file(options, &mut problems);
    let mut tree = file
        .as_deref()
        .map(|path| read_file(path, &mut problems))
        .unwrap_or_default();
    let mut sources: Vec<_> = file.clone().map(Source::File).into_iter().collect();
    sources.extend(overlay_environment(options, &mut tree, &mut problems));
    let values = check_all(&tree, &mut problems);
    let base = file
        .as_deref()
        .and_then(Path::parent)
        .unwrap_or(&options.working_dir);
    let base = options.working_dir.join(base);
    let config = to_config(values, &mut problems);
    let config = config.map(|config| settle(config, &base, &mut problems));
    match config {
        Some(config) if problems.is_empty() => Ok(Loaded { config, sources }),
        Some(_) | None => Err(ConfigErrors(problems)),
    }
}

fn find_file(options: &LoadOptions, problems: &mut Vec<Problem>) -> Option<PathBuf> {
    if let Some(named) = &options.file {
        let path = options.working_dir.join(named);
        if !path.is_file() {
            problems.push(Problem {
                origin: path.display().to_string(),
                key: None,
                text: "there is no such file; name another one with --config".to_owned(),
            });
            return None;
        }
        return Some(path);
    }
    let variable = |name: &str| {
        let found = options.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| PathBuf::from(value))
    };
    let home = variable("XDG_CONFIG_HOME").or(variable("HOME").map(|home| home.join(".config")));
    let candidates = [
        Some(options.working_dir.join("bridge.toml")),
        home.map(|home| home.join("bridge/bridge.toml")),
    ];
    candidates.into_iter().flatten().find(|path| path.is_file())
}

fn read_file(path: &Path, problems: &mut Vec<Problem>) -> HashMap<String, Value> {
    let origin = path.display().to_string();
    let mut refuse = |text: String| {
        problems.push(Problem {
            origin: origin.clone(),
            key: None,
            text: without_tokens(&text),
        });
        HashMap::new()
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return refuse(format!("cannot read it: {error}")),
    };
    match FileFormat::Toml.parse(Some(&origin), &text) {
        Ok(tree) => tree,
        // The text of a syntax error quotes the line, which may hold the token.
        Err(error) => refuse(
            format!("this is not valid TOML: {error}")
                .trim_end()
                .to_owned(),
        ),
    }
}

/// Lays `BRIDGE__SECTION__KEY` over the tree; returns the variables that were used.
fn overlay_environment(
    options: &LoadOptions,
    tree: &mut HashMap<String, Value>,
    problems: &mut Vec<Problem>,
) -> Vec<Source> {
    let mut used = Vec::new();
    let has_token = |tree: &HashMap<String, Value>| {
        leaves(tree).iter().any(|(name, value)| {
            let is_token = name == "telegram.token" || name == "telegram.token_file";
            is_token && !matches!(&value.kind, ValueKind::String(text) if text.is_empty())
        })
    };
    let mut overrides = Map::new();
    for (name, value) in &options.environment {
        if name.starts_with("BRIDGE__") {
            overrides.insert(name.clone(), value.clone());
            used.push(Source::Variable(name.clone()));
        }
        if name == PLAIN_TOKEN && !value.is_empty() && !has_token(tree) {
            overrides
                .entry("BRIDGE__TELEGRAM__TOKEN".to_owned())
                .or_insert(value.clone());
            used.push(Source::Variable(name.clone()));
        }
    }
    let environment = Environment::with_prefix("BRIDGE")
        .prefix_separator("__")
        .separator("__");
    let environment = environment.source(Some(overrides));
    match config::Config::builder().add_source(environment).build() {
        Ok(layer) => merge(tree, layer.cache),
        Err(error) => problems.push(Problem {
            origin: "the environment".to_owned(),
            key: None,
            text: without_tokens(&error.to_string()),
        }),
    }
    used
}

fn merge(tree: &mut HashMap<String, Value>, layer: Value) {
    let ValueKind::Table(layer) = layer.kind else {
        return;
    };
    for (name, value) in layer {
        match (
            tree.get_mut(&name).map(|known| &mut known.kind),
            &value.kind,
        ) {
            (Some(ValueKind::Table(inner)), ValueKind::Table(_)) => merge(inner, value),
            _ => {
                tree.insert(name, value);
            }
        }
    }
}

/// Reports `BRIDGE_…` variables that miss the second underscore: they would be ignored silently.
fn misspelt_variables(options: &LoadOptions) -> Vec<Problem> {
    let names = options.environment.iter().map(|(name, _)| name);
    let misspelt =
        names.filter(|name| name.starts_with("BRIDGE_") && !name.starts_with("BRIDGE__"));
    let problems = misspelt.map(|name| Problem {
        origin: "the environment".to_owned(),
        key: Some(name.clone()),
        text: "write BRIDGE__SECTION__KEY, with two underscores each time".to_owned(),
    });
    problems.collect()
}

/// Checks every value and fills in the defaults.
fn check_all(
    tree: &HashMap<String, Value>,
    problems: &mut Vec<Problem>,
) -> HashMap<&'static str, ValueKind> {
    let mut values: HashMap<_, _> = KEYS.iter().map(|key| (key.name, default_of(key))).collect();
    for (name, value) in leaves(tree) {
        let origin = value.origin().unwrap_or("the configuration").to_owned();
        let outcome = match keys::find(&name) {
            Some(key) => checked(key, &value).map(|value| values.insert(key.name, value)),
            None if is_empty_section(&name, &value) => continue,
            None => Err(format!("unknown key; {}", keys::advice(&name))),
        };
        if let Err(text) = outcome {
            problems.push(Problem {
                origin,
                key: Some(name),
                text,
            });
        }
    }
    values
}

fn is_empty_section(name: &str, value: &Value) -> bool {
    let prefix = format!("{name}.");
    let is_section = KEYS.iter().any(|key| key.name.starts_with(&prefix));
    is_section && matches!(&value.kind, ValueKind::Table(inner) if inner.is_empty())
}

fn default_of(key: &keys::Key) -> ValueKind {
    let text = format!("value = {}", key.default);
    let parsed = FileFormat::Toml.parse(None, &text).ok();
    let value = parsed.and_then(|mut table| table.remove("value"));
    value.map_or(ValueKind::Nil, |value| value.kind)
}

fn to_config(
    values: HashMap<&'static str, ValueKind>,
    problems: &mut Vec<Problem>,
) -> Option<Config> {
    let mut builder = config::Config::builder();
    for (name, value) in values {
        match builder.set_override(name, Value::new(None, value)) {
            Ok(next) => builder = next,
            Err(_) => return None,
        }
    }
    let deserialized = builder
        .build()
        .map_err(|error| error.to_string())
        .and_then(|tree| serde_path_to_error::deserialize(tree).map_err(|e| e.to_string()));
    deserialized
        .map_err(|text| {
            let origin = "the configuration".to_owned();
            problems.push(Problem {
                origin,
                key: None,
                text: without_tokens(&text),
            });
        })
        .ok()
}

/// Makes paths absolute, reads the token file and checks what concerns several keys.
fn settle(mut config: Config, base: &Path, problems: &mut Vec<Problem>) -> Config {
    let is_token_known_to_be_wrong = problems.iter().any(|problem| {
        problem
            .key
            .as_deref()
            .is_none_or(|key| key == "telegram.token")
    });
    let mut refuse = |key: &str, text: String| {
        let origin = "the configuration".to_owned();
        problems.push(Problem {
            origin,
            key: Some(key.to_owned()),
            text,
        });
    };
    config.workspace.dir = base.join(&config.workspace.dir);
    config.storage.dir = base.join(&config.storage.dir);
    if config.claude.binary.contains('/') {
        config.claude.binary = base.join(&config.claude.binary).display().to_string();
    }
    if !config.single_user.chat_id_file.as_os_str().is_empty() {
        config.single_user.chat_id_file = base.join(&config.single_user.chat_id_file);
    }
    if config.single_user.chat_id < 0 {
        let text = "expected the id of a person, which is positive; a group cannot own the bridge";
        refuse("single_user.chat_id", text.to_owned());
    }
    if !config.telegram.token_file.is_empty() {
        let path = base.join(&config.telegram.token_file);
        if !config.telegram.token.expose().is_empty() {
            let text = "set telegram.token or telegram.token_file, not both";
            refuse("telegram.token_file", text.to_owned());
        } else {
            match read_token(&path) {
                Ok(token) => config.telegram.token = token,
                Err(text) => refuse("telegram.token_file", text),
            }
        }
        config.telegram.token_file = path.display().to_string();
    } else if config.telegram.token.expose().is_empty() && !is_token_known_to_be_wrong {
        let text = "set it to your bot's token from @BotFather, here, in telegram.token_file, or \
                    as TELEGRAM_BOT_TOKEN in the environment; to look around without a bot, run \
                    `bridge try`";
        refuse("telegram.token", text.to_owned());
    }
    config
}

/// Reads a token from a file that nobody else may read.
fn read_token(path: &Path) -> Result<Secret, String> {
    let shown = path.display();
    let metadata = fs::metadata(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    if metadata.mode() & 0o077 != 0 {
        return Err(format!(
            "{shown} can be read by others; run `chmod 600` on it"
        ));
    }
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let token = text.trim();
    if !is_token(token) {
        return Err(format!("{shown} holds no bot token like 123456:ABC-DEF"));
    }
    Ok(Secret::new(token.to_owned()))
}
