//! `bridge check`: says what is in force, or everything that is wrong; contacts no network.
//!
//! `host` and `program` look for what would fail here although the configuration is valid.

mod homes;
mod host;
mod logins;
mod program;
mod room;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::user_registry::{Strangers, stored_owner};

use crate::cli::Outcome;
use crate::config::{Config, LoadOptions, Loaded, PermissionMode};
use crate::masked;
use crate::run::BridgeOptions;

use host::{Host, Known};
use room::Checked;

/// What is to be looked at.
#[derive(Debug, Clone, Default)]
pub struct CheckRequest {
    /// The chat whose room is to be shown.
    pub room: Option<ChatId>,
    /// The program that has the guard's roles.
    pub guard: PathBuf,
}

/// Loads the configuration, looks at what a start needs, and writes what comes of it: a summary to
/// `out`, and every problem to `err`.
///
/// # Errors
///
/// When `out` or `err` cannot be written.
pub fn check(
    options: &LoadOptions,
    request: &CheckRequest,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Outcome> {
    let loaded = match Config::load(options) {
        Ok(loaded) => loaded,
        Err(errors) => {
            writeln!(err, "{errors}")?;
            return Ok(Outcome::Misconfigured);
        }
    };
    let bridge = match BridgeOptions::from_config(&loaded) {
        Ok(bridge) => bridge,
        Err(error) => {
            writeln!(err, "cannot use the configuration: {error:#}")?;
            return Ok(Outcome::Misconfigured);
        }
    };
    let mut host = Host::look(&loaded, options);
    let rooms = host.rooms(&loaded, &bridge, &request.guard);
    out.write_all(summary(&loaded, &host, &rooms).as_bytes())?;
    if let Some(chat) = request.room {
        out.write_all(rooms.shown(chat, &bridge).as_bytes())?;
    }
    let findings = &host.findings;
    if findings.is_empty() {
        return Ok(Outcome::Fine);
    }
    let plural = if findings.len() == 1 { "" } else { "s" };
    writeln!(
        err,
        "but the bridge would not work on this machine: {} problem{plural}",
        findings.len()
    )?;
    for finding in findings {
        writeln!(err, "  {}: {}", finding.key, finding.what)?;
        writeln!(err, "    {}", finding.way_out)?;
    }
    Ok(Outcome::Failed)
}

/// Describes what is in force, without any secret.
fn summary(loaded: &Loaded, host: &Host, rooms: &Checked) -> String {
    let config = &loaded.config;
    let file = loaded.sources.file.as_deref().map_or_else(
        || "none; using the defaults".to_owned(),
        |path| path.display().to_string(),
    );
    let overrides = match loaded.sources.overrides.as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let mut text = String::from("the configuration is valid\n");
    for (label, value) in [
        ("file", file),
        ("overridden by", overrides),
        ("telegram", telegram_line(config)),
        ("claude", host.program.line(&config.claude.binary)),
        (
            "permissions",
            permissions_line(config.claude.permission_mode),
        ),
        ("workspace", config.workspace.dir.display().to_string()),
        ("owner", owner_line(config, &host.known)),
        ("people", people_line(config)),
        ("rooms", rooms.line()),
        ("data folder", data_line(&config.storage.dir, &host.known)),
        ("log", config.log.level.clone()),
    ] {
        // Writing to a String cannot fail.
        writeln!(text, "  {label:<14} {value}").ok();
    }
    for warning in loaded.warnings.iter().chain(&host.warnings) {
        writeln!(text, "warning: {warning}").ok();
    }
    text
}

fn telegram_line(config: &Config) -> String {
    let token = match &config.telegram.token {
        Some(_) => "token set",
        None => "no token",
    };
    format!("{} ({token})", masked::address(&config.telegram.api_url))
}

fn permissions_line(mode: PermissionMode) -> String {
    let meaning = match mode {
        PermissionMode::Default => "Claude asks in the chat first, unless a rule allows it",
        PermissionMode::AcceptEdits => {
            "Claude edits files without asking, and asks about \
                                        everything else"
        }
        PermissionMode::Plan => "Claude reads and plans, and changes nothing until you agree",
        PermissionMode::DontAsk => "Claude never asks; what no rule allows is denied",
        PermissionMode::BypassPermissions => "Claude runs everything without asking",
    };
    format!("{mode}: {meaning}")
}

fn owner_line(config: &Config, known: &Known) -> String {
    match (config.single_user.chat_id, &config.single_user.chat_id_file) {
        (Some(chat), _) => return format!("chat {chat}"),
        (None, Some(path)) if path.exists() => return format!("from {}", path.display()),
        (None, _) => {}
    }
    match known {
        Known::Users(users) => match stored_owner(users.clone()) {
            Some(owner) => format!("chat {}, who claimed the bridge", owner.user),
            None if config.multi_user.enabled => {
                "none; administrators manage the bridge".to_owned()
            }
            None => "none yet; the bridge prints a code to claim it when it starts".to_owned(),
        },
        Known::Running => "known only to the running bridge".to_owned(),
        Known::Unreadable => "unknown: the data folder cannot be read".to_owned(),
    }
}

fn people_line(config: &Config) -> String {
    let many = &config.multi_user;
    if !many.enabled {
        return "only the owner".to_owned();
    }
    let strangers = match many.strangers {
        Strangers::Ask => "administrators decide about strangers",
        Strangers::Open => "strangers are let in",
        Strangers::Refuse => "strangers are turned away",
    };
    let owner = config.single_user.chat_id.map(|chat| UserId(chat.0));
    let named: BTreeSet<_> = many.admin_users.iter().copied().chain(owner).collect();
    let admins = named.difference(&many.denied_users).count();
    format!(
        "shared: {} allowed, {} denied, administrators in the configuration: {admins}; {strangers}",
        many.allowed_users.len(),
        many.denied_users.len(),
    )
}

fn data_line(dir: &Path, known: &Known) -> String {
    let state = match known {
        Known::Running => "in use by a running bridge",
        Known::Users(_) | Known::Unreadable if dir.is_dir() => "exists",
        Known::Users(_) | Known::Unreadable => "created at the first start",
    };
    format!("{} ({state})", dir.display())
}

#[cfg(test)]
mod tests;
