//! `bridge check`: what the configuration says and everything wrong with it; contacts nobody.

use std::env;
use std::path::{Path, PathBuf};

use crate::config::{Config, ConfigErrors, Loaded, Source};

/// Returns the report on a configuration.
pub fn report(outcome: &Result<Loaded, ConfigErrors>) -> String {
    match outcome {
        Ok(loaded) => summary(loaded),
        Err(errors) => {
            let count = errors.0.len();
            let things = if count == 1 {
                "one thing is"
            } else {
                "these things are"
            };
            format!("{things} wrong with the configuration:\n\n{errors}\n")
        }
    }
}

fn summary(loaded: &Loaded) -> String {
    let config = &loaded.config;
    let mut lines = vec!["The configuration is fine.".to_owned(), String::new()];
    lines.push(format!("read from: {}", sources(&loaded.sources)));
    lines.push(format!("telegram: {}", config.telegram.api_url));
    lines.push(format!("owner: {}", owner(config)));
    lines.push(format!("claude: {}", claude(config)));
    lines.push(format!(
        "permission mode: {}",
        config.claude.permission_mode
    ));
    lines.push(format!("agents at once: {}", config.claude.max_live));
    lines.push(format!("works in: {}", folder(&config.workspace.dir)));
    lines.push(format!(
        "keeps its data in: {}",
        config.storage.dir.display()
    ));
    lines.join("\n") + "\n"
}

fn sources(sources: &[Source]) -> String {
    let names = sources.iter().map(|source| match source {
        Source::File(path) => path.display().to_string(),
        Source::Variable(name) => format!("{name} (environment)"),
    });
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        "defaults only".to_owned()
    } else {
        names.join(", ")
    }
}

fn owner(config: &Config) -> String {
    let file = &config.single_user.chat_id_file;
    match config.single_user.chat_id {
        0 if file.is_file() => format!("as {} says", file.display()),
        0 => "whoever claimed the bridge, or sends the code that `bridge run` prints".to_owned(),
        id => id.to_string(),
    }
}

fn claude(config: &Config) -> String {
    let binary = &config.claude.binary;
    match find_program(binary) {
        Some(path) => path.display().to_string(),
        None => format!(
            "{binary} is not found; install Claude Code (npm install -g @anthropic-ai/claude-code) \
             or set claude.binary"
        ),
    }
}

fn folder(path: &Path) -> String {
    let note = if path.is_dir() {
        ""
    } else {
        " (will be created)"
    };
    format!("{}{note}", path.display())
}

/// Finds a program as the system would: by path, or by name in PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        let path = PathBuf::from(name);
        return path.is_file().then_some(path);
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}
