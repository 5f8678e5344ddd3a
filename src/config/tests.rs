//! Tests of the configuration: what is in it, and what is said when it is wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use expect_test::{Expect, expect};

use super::*;

const TOKEN: &str = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefgh";

struct Place(tempfile::TempDir);

impl Place {
    fn new(toml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("bridge.toml"), toml).unwrap();
        Self(folder)
    }

    fn load(&self, environment: &[(&str, &str)]) -> Result<Loaded, ConfigErrors> {
        load(&LoadOptions {
            file: None,
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            working_dir: self.0.path().to_owned(),
        })
    }
}

fn check_errors(toml: &str, environment: &[(&str, &str)], expected: Expect) {
    let place = Place::new(toml);
    let errors = place.load(environment).unwrap_err().to_string();
    let folder = place.0.path().display().to_string();
    assert!(
        !errors.contains("ABCDEFGHIJ"),
        "the token is shown: {errors}"
    );
    expected.assert_eq(&errors.replace(&folder, "DIR"));
}

fn with_token(toml: &str) -> Config {
    Place::new(toml)
        .load(&[("TELEGRAM_BOT_TOKEN", TOKEN)])
        .unwrap()
        .config
}

#[test]
fn the_file_of_the_project_holds_every_key_with_its_default() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("bridge.toml"));
    let text = text.unwrap();
    let from_file = with_token(&text);
    let mut defaults = with_token("");
    defaults.workspace.dir = from_file.workspace.dir.clone();
    defaults.storage.dir = from_file.storage.dir.clone();
    assert_eq!(from_file, defaults);
    for key in KEYS {
        let (_, name) = key.name.split_once('.').unwrap();
        let line = format!("\n{name} = {}\n", key.default);
        assert!(text.contains(&line), "bridge.toml lacks {line:?}");
    }
    let lines = text
        .lines()
        .filter(|line| line.contains(" = ") && !line.starts_with('#'));
    assert_eq!(
        lines.count(),
        KEYS.len(),
        "bridge.toml has a key that is not in the table"
    );
}

#[test]
fn the_environment_beats_the_file() {
    let place = Place::new("[claude]\nmax_live = 2\nmodel = \"opus\"");
    let environment = [
        ("BRIDGE__CLAUDE__MAX_LIVE", "5"),
        ("BRIDGE__TELEGRAM__TOKEN", TOKEN),
        (
            "BRIDGE__CLAUDE__ALLOWED_TOOLS",
            r#"["Edit", "Bash(git log, *)"]"#,
        ),
        ("BRIDGE__CLAUDE__DISALLOWED_TOOLS", "WebFetch, WebSearch"),
        ("HOME", "/home/olga"),
    ];
    let loaded = place.load(&environment).unwrap();
    let claude = loaded.config.claude;
    assert_eq!((claude.max_live, claude.model.as_str()), (5, "opus"));
    assert_eq!(claude.allowed_tools, ["Edit", "Bash(git log, *)"]);
    assert_eq!(claude.disallowed_tools, ["WebFetch", "WebSearch"]);
    assert_eq!(loaded.sources.len(), 5, "{:?}", loaded.sources);
}

#[test]
fn a_token_in_the_file_beats_the_plain_variable() {
    let place = Place::new("telegram.token = \"1:file\"");
    let loaded = place.load(&[("TELEGRAM_BOT_TOKEN", TOKEN)]).unwrap();
    assert_eq!(loaded.config.telegram.token.expose(), "1:file");
}

#[test]
fn paths_start_at_the_files_folder() {
    let place = Place::new("workspace.dir = \"src\"\nclaude.binary = \"bin/claude\"");
    let config = place.load(&[("TELEGRAM_BOT_TOKEN", TOKEN)]).unwrap().config;
    assert_eq!(config.workspace.dir, place.0.path().join("src"));
    assert_eq!(
        config.claude.binary,
        place.0.path().join("bin/claude").display().to_string()
    );
    assert_eq!(with_token("").claude.binary, "claude");
}

#[test]
fn a_token_file_is_read_if_nobody_else_can() {
    let place = Place::new("telegram.token_file = \"token\"");
    let path = place.0.path().join("token");
    fs::write(&path, format!("{TOKEN}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(
        place.load(&[]).unwrap().config.telegram.token.expose(),
        TOKEN
    );
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = place.load(&[]).unwrap_err().to_string();
    assert!(error.contains("chmod 600"), "{error}");
}

#[test]
fn a_token_is_never_printed() {
    let config = with_token("");
    assert!(!format!("{config:?}").contains("ABCDEFGHIJ"));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    check_errors(
        r#"
        [telegram]
        poll_timeout = "2m"
        api_url = "telegram"
        tokn = "x"

        [claude]
        max_live = 0
        model = 5
        permission_mode = "yolo"
        permission_timeout = "30m"
        idle_timeout = "soon"
        allowed_tools = "Edit"

        [single_user]
        chat_id = -100500

        [multi_user]
        enabled = true

        [colours]
        background = "blue"
        "#,
        &[
            ("BRIDGE_CLAUDE__MODEL", "opus"),
            ("BRIDGE__LIMITS__QUEUED_PROMPTS", "many"),
        ],
        expect![[r#"
            the environment: BRIDGE_CLAUDE__MODEL: write BRIDGE__SECTION__KEY, with two underscores each time
            DIR/bridge.toml: claude.allowed_tools: expected a list of texts like ["a", "b"], found "Edit"
            DIR/bridge.toml: claude.idle_timeout: expected a duration like "250ms", "50s", "15m" or "2h", found "soon"
            DIR/bridge.toml: claude.max_live: expected 1 to 1000, found 0
            DIR/bridge.toml: claude.model: expected text in quotes, found 5
            DIR/bridge.toml: claude.permission_mode: expected one of default, acceptEdits, plan, dontAsk, bypassPermissions, found "yolo"
            DIR/bridge.toml: claude.permission_timeout: unknown key; it is not available in this version; remove it
            DIR/bridge.toml: colours.background: unknown key; see the project's bridge.toml for all keys
            the environment: limits.queued_prompts: expected a whole number, found "many"
            DIR/bridge.toml: multi_user.enabled: unknown key; it is not available in this version; remove it
            DIR/bridge.toml: telegram.api_url: expected an address like https://api.telegram.org, found "telegram"
            DIR/bridge.toml: telegram.poll_timeout: expected 1s to 50s, found "2m"
            DIR/bridge.toml: telegram.tokn: unknown key; did you mean telegram.token?
            the configuration: single_user.chat_id: expected the id of a person, which is positive; a group cannot own the bridge
            the configuration: telegram.token: set it to your bot's token from @BotFather, here, in telegram.token_file, or as TELEGRAM_BOT_TOKEN in the environment; to look around without a bot, run `bridge try`"#]],
    );
}

#[test]
fn a_syntax_error_does_not_show_the_token() {
    check_errors(
        &format!("[telegram]\ntoken = \"{TOKEN}\" oops"),
        &[],
        expect![[r#"
            DIR/bridge.toml: this is not valid TOML: TOML parse error at line 2, column 54
              |
            2 | token = "[token]" oops
              |                                                      ^
            unexpected key or value, expected newline, `#`"#]],
    );
}

#[test]
fn a_token_of_the_wrong_shape_or_place_is_refused_unseen() {
    check_errors(
        &format!("telegram.token = \"x{TOKEN}\""),
        &[],
        expect![
            "DIR/bridge.toml: telegram.token: this is no bot token; @BotFather gives one like 123456:ABC-DEF"
        ],
    );
    check_errors(
        &format!("[claude]\nmax_live = \"{TOKEN}\""),
        &[],
        expect![[r#"
            DIR/bridge.toml: claude.max_live: expected a whole number, found "[token]"
            the configuration: telegram.token: set it to your bot's token from @BotFather, here, in telegram.token_file, or as TELEGRAM_BOT_TOKEN in the environment; to look around without a bot, run `bridge try`"#]],
    );
}

#[test]
fn a_missing_token_names_the_ways_to_give_one() {
    check_errors(
        "",
        &[],
        expect![
            "the configuration: telegram.token: set it to your bot's token from @BotFather, here, in telegram.token_file, or as TELEGRAM_BOT_TOKEN in the environment; to look around without a bot, run `bridge try`"
        ],
    );
}

#[test]
fn a_named_file_that_is_missing_is_an_error() {
    let options = LoadOptions {
        file: Some("elsewhere.toml".into()),
        environment: vec![("TELEGRAM_BOT_TOKEN".to_owned(), TOKEN.to_owned())],
        working_dir: "/nowhere".into(),
    };
    expect!["/nowhere/elsewhere.toml: there is no such file; name another one with --config"]
        .assert_eq(&load(&options).unwrap_err().to_string());
}

#[test]
fn durations_are_read_as_people_write_them() {
    for (text, milliseconds) in [
        ("250ms", 250),
        ("50s", 50_000),
        ("15m", 900_000),
        ("2h", 7_200_000),
        (" 1 min ", 60_000),
    ] {
        assert_eq!(
            duration::parse(text),
            Some(Duration::from_millis(milliseconds)),
            "{text}"
        );
    }
    for text in [
        "",
        "5",
        "s",
        "-5s",
        "1.5s",
        "5 days",
        "99999999999999999999s",
    ] {
        assert_eq!(duration::parse(text), None, "{text}");
    }
}
