//! `bridge check`: says what is in force, or everything that is wrong; contacts nothing.

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use bridge_actors::ids::UserId;
use bridge_actors::user_registry::Strangers;

use crate::cli::Outcome;
use crate::config::{Config, LoadOptions, Loaded, PermissionMode};

#[cfg(test)]
mod tests;

/// Loads the configuration and writes what comes of it: a summary to `out`, or every problem to
/// `err`.
pub fn check(
    options: &LoadOptions,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Outcome> {
    match Config::load(options) {
        Ok(loaded) => {
            let path = options
                .environment
                .iter()
                .find(|(name, _)| name == "PATH")
                .map(|(_, value)| value);
            out.write_all(summary(&loaded, path).as_bytes())?;
            Ok(Outcome::Fine)
        }
        Err(errors) => {
            writeln!(err, "{errors}")?;
            Ok(Outcome::Misconfigured)
        }
    }
}

/// Describes what is in force, without any secret.
fn summary(loaded: &Loaded, search_path: Option<&OsString>) -> String {
    let config = &loaded.config;
    let file = loaded.sources.file.as_deref().map_or_else(
        || "none, the defaults hold".to_owned(),
        |path| path.display().to_string(),
    );
    let overrides = match loaded.sources.overrides.as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let mut text = String::from("the configuration can be used\n");
    for (label, value) in [
        ("file", file),
        ("overridden by", overrides),
        ("telegram", telegram_line(config)),
        ("claude", claude_line(config, search_path)),
        (
            "permissions",
            permissions_line(config.claude.permission_mode),
        ),
        ("workspace", config.workspace.dir.display().to_string()),
        ("owner", owner_line(config)),
        ("people", people_line(config)),
        ("data folder", data_line(&config.storage.dir)),
        ("log", config.log.level.clone()),
    ] {
        // Writing to a String cannot fail.
        writeln!(text, "  {label:<14} {value}").ok();
    }
    for warning in &loaded.warnings {
        writeln!(text, "warning: {warning}").ok();
    }
    text
}

fn telegram_line(config: &Config) -> String {
    let token = match &config.telegram.token {
        Some(_) => "a token is set",
        None => "no token",
    };
    format!("{} ({token})", config.telegram.api_url)
}

fn claude_line(config: &Config, search_path: Option<&OsString>) -> String {
    let binary = &config.claude.binary;
    match find_program(binary, search_path.map(OsString::as_os_str)) {
        Some(path) => path.display().to_string(),
        None => format!(
            "{} is not found: install Claude Code, or set claude.binary to its path",
            binary.display()
        ),
    }
}

fn permissions_line(mode: PermissionMode) -> String {
    let meaning = match mode {
        PermissionMode::Default => "what is not allowed by a rule does not run",
        PermissionMode::AcceptEdits => "file edits run unasked",
        PermissionMode::Plan => "reads and plans, changes nothing",
        PermissionMode::DontAsk => "what is not allowed by a rule is denied",
        PermissionMode::BypassPermissions => "everything runs unasked",
    };
    format!("{mode}: {meaning}")
}

fn owner_line(config: &Config) -> String {
    match (config.single_user.chat_id, &config.single_user.chat_id_file) {
        (Some(chat), _) => format!("chat {chat}"),
        (None, Some(path)) if path.exists() => format!("as {} says", path.display()),
        (None, _) => {
            "not in the configuration; the data folder knows whether somebody has claimed the bridge"
                .to_owned()
        }
    }
}

fn people_line(config: &Config) -> String {
    let many = &config.multi_user;
    if !many.enabled {
        return "one, the owner".to_owned();
    }
    let strangers = match many.strangers {
        Strangers::Ask => "the administrators are asked about strangers",
        Strangers::Open => "strangers come in",
        Strangers::Refuse => "strangers are turned away",
    };
    let owner = config.single_user.chat_id.map(|chat| UserId(chat.0));
    let named: BTreeSet<_> = many.admin_users.iter().copied().chain(owner).collect();
    let admins = named.difference(&many.denied_users).count();
    let mut line = format!(
        "many: {} listed, {} denied, administrators named here: {admins}; {strangers}",
        many.allowed_users.len(),
        many.denied_users.len(),
    );
    if many.strangers == Strangers::Ask && admins == 0 {
        line.push_str(
            ". The bridge starts only if the data folder knows an administrator: otherwise add \
             one to multi_user.admin_users, or set multi_user.strangers to \"refuse\" or \"open\"",
        );
    }
    line
}

fn data_line(dir: &Path) -> String {
    let state = if dir.is_dir() {
        "exists"
    } else {
        "is made at the first start"
    };
    format!("{} ({state})", dir.display())
}

/// Finds an executable file the way the system does: a path as it is, a name on the search path.
pub fn find_program(program: &Path, search_path: Option<&OsStr>) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return is_executable(program).then(|| program.to_owned());
    }
    env::split_paths(search_path?)
        .map(|folder| folder.join(program))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
