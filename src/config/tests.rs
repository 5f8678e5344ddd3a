//! What loading a configuration promises.

mod folders;
mod origins;
mod people;
mod refusals;
mod voice;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const TOKEN: &str = "123456789:AAExampleExampleExampleExample_abc";

/// A working folder with what is written there, and the variables of the process.
struct Bench {
    dir: TempDir,
    options: LoadOptions,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = LoadOptions {
            file: None,
            log_level: None,
            environment: Vec::new(),
            working_dir: dir.path().to_owned(),
            effective_uid: 1000,
            token: TokenNeed::Optional,
        };
        Self { dir, options }
    }

    fn with_file(text: &str) -> Self {
        Self::new().file("bridge.toml", text)
    }

    fn file(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn var(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.options.environment.push((name.into(), value.into()));
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn load(&self) -> Loaded {
        Config::load(&self.options).unwrap()
    }

    /// Returns every problem as text, with the working folder as `DIR`.
    fn problems(&self) -> String {
        let errors = Config::load(&self.options).unwrap_err();
        errors
            .to_string()
            .replace(&self.dir.path().display().to_string(), "DIR")
    }
}

#[test]
fn bridge_toml_loads_unchanged_and_says_the_defaults() {
    let bench = Bench::with_file(include_str!("../../bridge.toml"));
    let loaded = bench.load();
    assert_eq!(loaded.config, Config::default().rooted_at(bench.dir.path()));
    assert_eq!(loaded.sources.file, Some(bench.path("bridge.toml")));
    assert_eq!(loaded.warnings, [""; 0]);
}

#[test]
fn without_a_file_the_defaults_hold() {
    let bench = Bench::new();
    let loaded = bench.load();
    assert_eq!(loaded.config, Config::default().rooted_at(bench.dir.path()));
    assert_eq!(loaded.sources.file, None);
    assert_eq!(loaded.sources.overrides, [""; 0]);
}

/// Returns `bridge.toml` with the example of a chat's own settings in force.
fn bridge_toml_with_the_example() -> String {
    let mut is_example = false;
    let lines = include_str!("../../bridge.toml").lines().map(|line| {
        is_example = (is_example || line.starts_with("# [users.")) && line.starts_with("# ");
        match line.strip_prefix("# ").filter(|_| is_example) {
            Some(example) => format!("{example}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

#[test]
fn bridge_toml_has_exactly_the_known_keys_each_with_a_comment() {
    let mut found = Vec::new();
    let mut section = "";
    let mut previous = "";
    let text = bridge_toml_with_the_example();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix('[') {
            section = head.trim_end_matches(']');
            section = section.strip_suffix(".123456789").unwrap_or(section);
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            // A chat's own keys are those of [claude] and [workspace], and told there.
            assert!(
                previous.starts_with("# ") || section == keys::USERS,
                "{section}.{name} has no comment"
            );
            found.push((section, name));
        }
        previous = line;
    }
    let known: Vec<_> = keys::KEYS
        .iter()
        .map(|key| (key.section, key.name))
        .collect();
    assert_eq!(found, known);
}

#[test]
fn known_keys_are_exactly_the_fields_of_the_configuration() {
    let printed = format!("{:#?}", Config::default());
    let overrides = format!("{:#?}", UserOverrides::default());
    let mut section = "";
    let mut fields = Vec::new();
    for line in printed.lines() {
        let name = line.trim_start().split(':').next().unwrap_or_default();
        match line.len() - line.trim_start().len() {
            4 if line.ends_with('{') => section = name,
            8 if line.contains(": ") => fields.push((section, name)),
            _ => {}
        }
    }
    let own = overrides.lines().filter(|line| line.contains(": "));
    let own = own.map(|line| line.trim_start().split(':').next().unwrap_or_default());
    let own: Vec<_> = own.map(|name| (keys::USERS, name)).collect();
    let at = fields
        .iter()
        .position(|(section, _)| *section == "isolation");
    fields.splice(at.unwrap()..at.unwrap(), own);
    let known: Vec<_> = keys::KEYS
        .iter()
        .map(|key| (key.section, key.name))
        .collect();
    assert_eq!(fields, known);
}

#[test]
fn line_of_every_key_is_found() {
    let text = bridge_toml_with_the_example();
    let file = file::ConfigFile::parse(Path::new("bridge.toml"), &text, &mut Vec::new());
    for key in keys::KEYS {
        let section = match key.section {
            keys::USERS => "users.123456789",
            section => section,
        };
        let line = file.line_of(section, key.name).unwrap();
        let written = text.lines().nth(line - 1).unwrap();
        assert!(
            written.starts_with(&format!("{} = ", key.name)),
            "{written}"
        );
    }
}

#[test]
fn all_values_of_a_full_file_arrive() {
    let bench = Bench::with_file(&format!(
        r#"
        telegram.token = "{TOKEN}"
        telegram.poll_timeout = "5s"
        [claude]
        binary = "/opt/claude"
        extra_args = ["--verbose"]
        model = "opus"
        effort = "high"
        permission_mode = "acceptEdits"
        allowed_tools = ["Bash(git log:*, x)"]
        silence_limit = "250ms"
        idle_timeout = "1h"
        max_live = 2
        [single_user]
        chat_id = 42
        [log]
        level = "warn,bridge=trace"
        format = "json"
        "#
    ));
    let config = bench.load().config;
    assert_eq!(config.telegram.token, Some(Secret::new(TOKEN)));
    assert_eq!(config.telegram.poll_timeout, Duration::from_secs(5));
    assert_eq!(config.claude.binary, Path::new("/opt/claude"));
    assert_eq!(config.claude.extra_args, ["--verbose"]);
    assert_eq!(config.claude.model, "opus");
    assert_eq!(config.claude.effort, "high");
    assert_eq!(config.claude.permission_mode, PermissionMode::AcceptEdits);
    assert_eq!(config.claude.allowed_tools, ["Bash(git log:*, x)"]);
    assert_eq!(config.claude.silence_limit, Duration::from_millis(250));
    assert_eq!(config.claude.idle_timeout, Duration::from_hours(1));
    assert_eq!(config.claude.max_live, 2);
    assert_eq!(config.single_user.chat_id, Some(ChatId(42)));
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn walls_and_logins_are_read_and_what_cannot_hold_is_refused() {
    let bench = Bench::with_file(&format!(
        "telegram.token = \"{TOKEN}\"\nclaude.isolation = \"strict\"\n\
         claude.credentials = \"env:KEY\"\nisolation.read = [\"/usr\"]\n\
         users.7.write = [\"/usr\"]"
    ));
    let config = bench.var("KEY", "sk-ant-x\n").load().config;
    assert_eq!(config.claude.isolation, Some(Level::Strict));
    assert_eq!(
        config.claude.credentials.login,
        Some(Secret::new("sk-ant-x"))
    );
    assert_eq!(config.isolation.read, [Path::new("/usr")]);
    assert_eq!(config.isolation.memory, Some(4 << 30));
    assert_eq!(config.users[&ChatId(7)].write, [Path::new("/usr")]);
    let shown = format!("{config:?}");
    assert!(!shown.contains("sk-ant-x"), "{shown}");

    let bench = Bench::with_file(&format!(
        "telegram.token = \"{TOKEN}\"\nclaude.isolation = \"strict\"\n\
         claude.containment = \"tree\"\nclaude.credentials = \"sk-ant-oat-secret\"\n\
         isolation.read = [\"docs\"]\nisolation.first_uid = 3\n\
         isolation.memory = \"10MB\"\n\
         isolation.connect = [0]"
    ));
    let problems = bench.problems();
    for part in [
        "claude.containment: claude.isolation \"strict\" needs a namespace",
        "claude.credentials: this names neither a variable nor a file",
        "isolation.read: docs does not start with /",
        "isolation.first_uid: found the number 3",
        "isolation.connect: found [0]",
        "isolation.memory: found 10485760 bytes",
    ] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    assert!(!problems.contains("oat-secret"), "{problems}");
}

/// Not only the first agent finds it out.
#[test]
fn an_api_that_no_relay_can_lead_to_is_refused() {
    let text = format!("telegram.token = \"{TOKEN}\"\nisolation.network = \"none\"");
    for (name, value) in [
        ("ANTHROPIC_BASE_URL", "no address"),
        ("ANTHROPIC_BASE_URL", "http://10.0.0.7"),
        ("CLAUDE_CODE_USE_BEDROCK", "1"),
    ] {
        let problems = Bench::with_file(&text).var(name, value).problems();
        let is_named = problems.contains("isolation.network: ") && problems.contains(name);
        assert!(is_named, "{problems}");
    }
    let bench = Bench::with_file(&text).var("ANTHROPIC_BASE_URL", "http://127.0.0.1:80");
    bench.load();
}

#[test]
fn secret_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", Secret::new(TOKEN)), "[redacted]");
}

#[test]
fn tokens_are_scrubbed_wherever_they_stand() {
    let text = format!("at 10:30 <{TOKEN}> and bot{TOKEN}/getMe: 5:short");
    assert_eq!(
        scrub(&text),
        "at 10:30 <[redacted]> and bot[redacted]/getMe: 5:short"
    );
}

#[test]
fn tokens_are_scrubbed_whatever_is_glued_to_them() {
    for before in ["1:aaaaaaaaaaaaaaaaaaaaaaa", TOKEN, "9", "5:", "x-:_"] {
        let glued = format!("{before}{TOKEN}{TOKEN} {TOKEN}:{TOKEN}");
        let clean = scrub(&glued);
        assert!(!clean.contains("AAEx"), "{glued} becomes {clean}");
    }
}

proptest! {
    #[test]
    fn any_text_as_a_file_is_refused_or_loaded_never_a_panic(text in "\\PC{0,200}") {
        Config::load(&Bench::with_file(&text).options).ok();
    }

    #[test]
    fn token_never_shows_in_a_problem(
        before in "[a-z\\[\\]=\"\n ]{0,20}", after in "[a-z\\[\\]=\" \n]{0,20}",
    ) {
        let bench = Bench::with_file(&format!("{before}token = {TOKEN}{after}\nx=1"))
            .var("TELEGRAM_BOT_TOKEN", format!("{TOKEN} {TOKEN}"))
            .var("BRIDGE__LOG__LEVEL", TOKEN);
        prop_assert!(!bench.problems().contains(&TOKEN[12..]));
    }

    #[test]
    fn token_under_the_wrong_key_never_shows(padding in "[a-z ]{0,60}") {
        let bench = Bench::new()
            .var("BRIDGE__CLAUDE__PERMISSION_MODE", format!("{padding}{TOKEN}"))
            .var("BRIDGE__CLAUDE__MAX_LIVE", TOKEN)
            .var("BRIDGE__TELEGRAM__API_URL", TOKEN)
            .var("BRIDGE__WORKSPACE__DIR", TOKEN)
            .var("BRIDGE__CLAUDE__ENV_PASSTHROUGH", format!("={TOKEN}"));
        prop_assert!(!bench.problems().contains("AAEx"));
    }

    #[test]
    fn scrubbing_changes_nothing_else(text in "[^:]{0,80}") {
        prop_assert_eq!(scrub(&text), text);
    }

    #[test]
    fn durations_are_read_or_refused_never_a_panic(text in "[0-9]{0,25}[a-z]{0,3}") {
        let read = values::parse_duration(&text);
        prop_assert!(read.is_none_or(|duration| !duration.is_zero()));
    }
}
