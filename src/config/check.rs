//! Checks what types cannot say: ranges, files, and what is possible together.

mod folders;
mod isolation;
mod people;
mod voice;

pub(crate) use folders::rooms;

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use super::layers::BOT_TOKEN_VARIABLE;
use super::load::TokenNeed;
use super::problem::Problem;
use super::secret::Secret;
use super::secret::scrub;
use super::tree::{Ground, Tree};
use super::values::PermissionMode;
use super::{Config, keys};
use crate::masked;

/// Telegram cuts a longer poll to this.
const MAX_POLL: Duration = Duration::from_secs(50);
/// The highest sensible number of agents or waiting prompts.
const MAX_COUNT: usize = 1000;
/// The bits of a file's mode that let others in.
const OTHERS: u32 = 0o077;

/// What the machine contributes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Host<'a> {
    pub(super) environment: &'a [(OsString, OsString)],
    pub(super) effective_uid: u32,
    pub(super) token: TokenNeed,
}

/// Reports every problem, fills in the token from its file, and returns the warnings.
pub(super) fn check(
    config: &mut Config,
    tree: &Tree,
    ground: &Ground<'_>,
    host: &Host<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<String> {
    let mut checker = Checker {
        tree,
        ground,
        host,
        problems,
        warnings: Vec::new(),
    };
    checker.token(config);
    checker.telegram(config);
    checker.claude(config);
    checker.permission_mode(config);
    checker.folders(config);
    checker.left_behind(config);
    checker.private_paths(config);
    checker.owner_and_limits(config);
    checker.people(config);
    checker.isolation(config);
    checker.voice(config);
    checker.log(config);
    // What was written wrongly may hold the token wherever it stands.
    let warnings = checker.warnings.iter();
    warnings.map(|warning| scrub(warning)).collect()
}

struct Checker<'a> {
    tree: &'a Tree,
    ground: &'a Ground<'a>,
    host: &'a Host<'a>,
    problems: &'a mut Vec<Problem>,
    warnings: Vec<String>,
}

impl Checker<'_> {
    fn refuse(
        &mut self,
        section: &str,
        name: &str,
        what: impl AsRef<str>,
        way_out: impl AsRef<str>,
    ) {
        let origin = self.tree.override_of(section, name);
        let origin = self.ground.origin_of(origin, section, name);
        let key = format!("{section}.{name}");
        self.problems.push(Problem::new(origin, key, what, way_out));
    }

    /// Refuses a value with the sentence of the table of keys.
    fn refuse_value(&mut self, section: &str, name: &str, what: impl AsRef<str>) {
        let allowed = keys::find(section, name).map_or("", |key| key.allowed);
        self.refuse(section, name, what, format!("allowed: {allowed}"));
    }

    fn token(&mut self, config: &mut Config) {
        let token_origin = self.tree.override_of("telegram", "token");
        let file_origin = self.tree.override_of("telegram", "token_file");
        match (&config.telegram.token, config.telegram.token_file.clone()) {
            (Some(_), Some(_)) if token_origin.is_some() == file_origin.is_some() => {
                let what = "telegram.token_file is also set";
                self.refuse("telegram", "token", what, "keep only one of them");
            }
            (Some(token), None) => {
                self.token_shape(&token.clone(), "token");
            }
            // The two come from different layers: the variable beats the file.
            (Some(token), Some(_)) if token_origin.is_some() => {
                self.token_shape(&token.clone(), "token");
            }
            (_, Some(path)) => {
                config.telegram.token = self.token_from(&path);
            }
            (None, None) => self.missing_token(),
        }
        self.readable_token(token_origin, config);
    }

    fn missing_token(&mut self) {
        let was_wrong = self.problems.iter().any(|problem| {
            problem.leaves_open("telegram", "token")
                || problem.leaves_open("telegram", "token_file")
        });
        match self.host.token {
            TokenNeed::Required if !was_wrong => self.refuse(
                "telegram",
                "token",
                "no bot token is set",
                format!(
                    "set telegram.token, telegram.token_file or the variable {BOT_TOKEN_VARIABLE}; \
                     @BotFather gives you a token"
                ),
            ),
            TokenNeed::Required | TokenNeed::Optional => {}
        }
    }

    fn token_shape(&mut self, token: &Secret, name: &str) {
        if !token.has_token_shape() {
            let what = "this does not look like a bot token";
            let way_out = "a token looks like 123456:ABC-def; copy it again from @BotFather";
            self.refuse("telegram", name, what, way_out);
        }
    }

    fn token_from(&mut self, path: &Path) -> Option<Secret> {
        let read = fs::metadata(path).and_then(|meta| Ok((meta, fs::read_to_string(path)?)));
        let (meta, text) = match read {
            Ok(read) => read,
            Err(error) => {
                let what = format!("cannot read {}: {error}", path.display());
                self.refuse(
                    "telegram",
                    "token_file",
                    what,
                    "name a file that holds only the token",
                );
                return None;
            }
        };
        if meta.permissions().mode() & OTHERS != 0 {
            let what = format!("other users of this machine can open {}", path.display());
            self.refuse(
                "telegram",
                "token_file",
                what,
                format!("run chmod 600 {}", path.display()),
            );
        }
        let token = Secret::new(text.trim());
        self.token_shape(&token, "token_file");
        Some(token)
    }

    /// Warns about a token in a configuration file that others can read.
    fn readable_token(&mut self, token_origin: Option<&str>, config: &Config) {
        let Some(file) = self.ground.file else { return };
        let in_file = token_origin.is_none()
            && config.telegram.token.is_some()
            && config.telegram.token_file.is_none();
        let mode = fs::metadata(&file.path).map_or(0, |meta| meta.permissions().mode());
        if in_file && mode & OTHERS != 0 {
            let path = file.path.display();
            self.warnings.push(format!(
                "{path} holds the bot token and other users can open it: run chmod 600 {path}"
            ));
        }
    }

    fn telegram(&mut self, config: &mut Config) {
        let url = config.telegram.api_url.trim_end_matches('/').to_owned();
        let host = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))
            .unwrap_or_default();
        if host.is_empty() || host.contains(char::is_whitespace) || host.contains('@') {
            self.refuse_value(
                "telegram",
                "api_url",
                format!("found the text {:?}", masked::address(&url)),
            );
        } else if url.starts_with("http://") && !is_loopback(host) {
            self.warnings.push(format!(
                "telegram.api_url {} is not encrypted: anyone on the network can read the bot \
                 token; use https://",
                masked::address(&url)
            ));
        }
        config.telegram.api_url = url;
        let poll = config.telegram.poll_timeout;
        if poll > MAX_POLL || poll.subsec_nanos() != 0 {
            let what = format!("found {poll:?}; Telegram takes whole seconds, 50 at most");
            self.refuse_value("telegram", "poll_timeout", what);
        }
    }

    fn claude(&mut self, config: &Config) {
        let claude = &config.claude;
        if claude.binary.as_os_str().is_empty() {
            self.refuse_value("claude", "binary", "the setting is empty");
        }
        if !(1..=MAX_COUNT).contains(&claude.max_live) {
            let what = format!("found the number {}", claude.max_live);
            self.refuse_value("claude", "max_live", what);
        }
        for name in &claude.env_passthrough {
            if name.is_empty() || name.contains(['=', '\0', ' ']) {
                let what = format!("{name:?} is not a variable name");
                self.refuse_value("claude", "env_passthrough", what);
            } else if name == BOT_TOKEN_VARIABLE || name.starts_with("BRIDGE__") {
                let what = format!("{name} would show Claude the bridge's own settings");
                let way_out = "remove it: Claude must not see the bot token or the bridge's \
                               settings";
                self.refuse("claude", "env_passthrough", what, way_out);
            }
        }
    }

    fn permission_mode(&mut self, config: &Config) {
        self.bypass("claude", config.claude.permission_mode, config);
    }

    /// Looks at a permission mode under which everything runs unasked.
    fn bypass(&mut self, section: &str, mode: PermissionMode, config: &Config) {
        if mode != PermissionMode::BypassPermissions {
            return;
        }
        let sandboxed = self
            .host
            .environment
            .iter()
            .any(|(name, value)| name == "IS_SANDBOX" && value == "1");
        let passed_on = config
            .claude
            .env_passthrough
            .iter()
            .any(|name| name == "IS_SANDBOX");
        if self.host.effective_uid == 0 && !(sandboxed && passed_on) {
            let what = "Claude refuses bypassPermissions when it runs as root";
            let way_out = "run the bridge as another user; in a sandbox, set IS_SANDBOX=1 and add \
                           \"IS_SANDBOX\" to claude.env_passthrough";
            self.refuse(section, "permission_mode", what, way_out);
        }
        self.warnings.push(format!(
            "{section}.permission_mode is bypassPermissions: Claude runs every command without \
             asking, even one that a message or a file tricks it into"
        ));
    }

    fn owner_and_limits(&mut self, config: &Config) {
        if let Some(chat) = config.single_user.chat_id.filter(|chat| chat.0 < 0) {
            let what = format!("{chat} is the id of a group; everyone in it would own the bridge");
            let way_out = "use the positive id of your private chat, or set 0 and claim \
                           the bridge with /start";
            self.refuse("single_user", "chat_id", what, way_out);
        }
        if config.single_user.chat_id.is_some() && config.single_user.chat_id_file.is_some() {
            self.warnings.push(
                "single_user.chat_id is set, so single_user.chat_id_file is ignored".to_owned(),
            );
        }
        if !(1..=MAX_COUNT).contains(&config.limits.queued_prompts) {
            let what = format!("found the number {}", config.limits.queued_prompts);
            self.refuse_value("limits", "queued_prompts", what);
        }
        let per_minute = config.limits.messages_per_minute;
        if !(1..=1000).contains(&per_minute) {
            let what = format!("found the number {per_minute}");
            self.refuse_value("limits", "messages_per_minute", what);
        }
    }

    fn log(&mut self, config: &Config) {
        if let Err(error) = crate::telemetry::parse_filter(&config.log.level) {
            self.refuse_value("log", "level", error.to_string());
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.split('/').next().unwrap_or_default();
    let bare = bare.rsplit_once(':').map_or(bare, |(name, _)| name);
    bare == "localhost" || bare == "[::1]" || bare.starts_with("127.")
}
