//! Where settings are found, and which place beats which.

use super::*;

#[test]
fn file_asked_for_beats_the_one_in_the_working_folder() {
    let mut bench = Bench::with_file("[claude]\nmodel = \"here\"")
        .file("other/my.toml", "[claude]\nmodel = \"asked for\"");
    assert_eq!(bench.load().config.claude.model, "here");
    bench.options.file = Some("other/my.toml".into());
    assert_eq!(bench.load().config.claude.model, "asked for");
}

#[test]
fn user_folder_is_looked_at_last() {
    let bench = Bench::new()
        .file("xdg/bridge/bridge.toml", "[claude]\nmodel = \"xdg\"")
        .file(
            "home/.config/bridge/bridge.toml",
            "[claude]\nmodel = \"home\"",
        );
    let home = bench.path("home");
    let bench = bench.var("HOME", home);
    assert_eq!(bench.load().config.claude.model, "home");
    let xdg = bench.path("xdg");
    let bench = bench.var("XDG_CONFIG_HOME", xdg);
    assert_eq!(bench.load().config.claude.model, "xdg");
    let bench = bench.file("bridge.toml", "");
    assert_eq!(bench.load().config.claude.model, "");
}

#[test]
fn variables_override_the_file_and_are_named_never_shown() {
    let bench = Bench::with_file("[claude]\nmodel = \"opus\"\nmax_live = 3")
        .var("BRIDGE__CLAUDE__MODEL", "haiku")
        .var("BRIDGE__LIMITS__QUEUED_PROMPTS", "4")
        .var("TELEGRAM_BOT_TOKEN", TOKEN);
    let loaded = bench.load();
    assert_eq!(loaded.config.claude.model, "haiku");
    assert_eq!(loaded.config.claude.max_live, 3);
    assert_eq!(loaded.config.limits.queued_prompts, 4);
    assert_eq!(
        loaded.sources.overrides,
        [
            "TELEGRAM_BOT_TOKEN",
            "BRIDGE__CLAUDE__MODEL",
            "BRIDGE__LIMITS__QUEUED_PROMPTS"
        ]
    );
    assert!(!format!("{loaded:?}").contains(TOKEN));
}

#[test]
fn lists_in_variables_are_json_or_divided_by_commas() {
    for (text, expected) in [
        ("Read, Write", vec!["Read", "Write"]),
        ("-100123", vec!["-100123"]),
        ("", vec![]),
        (r#"["Bash(a, b)", "Read"]"#, vec!["Bash(a, b)", "Read"]),
    ] {
        let bench = Bench::new().var("BRIDGE__CLAUDE__ALLOWED_TOOLS", text);
        assert_eq!(bench.load().config.claude.allowed_tools, expected, "{text}");
    }
}

#[test]
fn text_that_looks_like_a_number_stays_text() {
    let bench = Bench::new().var("BRIDGE__CLAUDE__MODEL", "5");
    assert_eq!(bench.load().config.claude.model, "5");
}

#[test]
fn token_of_the_prefixed_variable_beats_the_common_one_and_both_beat_the_file() {
    let numbered = |number: u8| format!("{number}{TOKEN}");
    let token = |bench: &Bench| bench.load().config.telegram.token.unwrap();
    let bench = Bench::with_file(&format!("telegram.token = \"{}\"", numbered(1)));
    assert_eq!(token(&bench), Secret::new(numbered(1)));
    let bench = bench.var("TELEGRAM_BOT_TOKEN", numbered(2));
    assert_eq!(token(&bench), Secret::new(numbered(2)));
    let bench = bench.var("BRIDGE__TELEGRAM__TOKEN", numbered(3));
    assert_eq!(token(&bench), Secret::new(numbered(3)));
}

#[test]
fn token_file_is_read_and_a_variable_beats_it() {
    let bench =
        Bench::with_file("telegram.token_file = \"token\"").file("token", &format!("{TOKEN}\n"));
    private(&bench.path("token"));
    assert_eq!(bench.load().config.telegram.token, Some(Secret::new(TOKEN)));
    let bench = bench.var("TELEGRAM_BOT_TOKEN", format!("9{TOKEN}"));
    assert_eq!(
        bench.load().config.telegram.token,
        Some(Secret::new(format!("9{TOKEN}")))
    );
}

#[test]
fn a_section_that_variables_make_is_that_of_the_first_of_them_every_time() {
    let names = ["B", "A", "C", "D", "E"];
    for section in ["NOWHERE", "USERS__X"] {
        let variable = |name: &str| format!("BRIDGE__{section}__{name}");
        let bench =
            (names.iter()).fold(Bench::new(), |bench, name| bench.var(&variable(name), "1"));
        for _ in 0..20 {
            let told = bench.problems();
            assert!(told.contains(&format!("{}: ", variable("A"))), "{told}");
        }
    }
}

#[test]
fn log_level_of_the_command_line_beats_everything() {
    let mut bench = Bench::with_file("log.level = \"warn\"").var("BRIDGE__LOG__LEVEL", "error");
    bench.options.log_level = Some("trace".to_owned());
    assert_eq!(bench.load().config.log.level, "trace");
}

#[test]
fn a_warning_shows_no_token_wherever_it_was_written() {
    for address in ["http://bots.example/bot", "http://u:", "http://"] {
        let bench = Bench::with_file(&format!(
            "[telegram]\ntoken = \"{TOKEN}\"\napi_url = \"{address}{TOKEN}x/\""
        ));
        let warnings = match Config::load(&bench.options) {
            Ok(loaded) => loaded.warnings.join("\n"),
            Err(errors) => errors.to_string(),
        };
        assert!(!warnings.contains(&TOKEN[..TOKEN.len() - 1]), "{warnings}");
    }
}

#[test]
fn doubtful_settings_load_with_a_warning() {
    let bench = Bench::with_file(&format!(
        "[telegram]\ntoken = \"{TOKEN}\"\napi_url = \"http://bots.example/\"\n\
         [claude]\npermission_mode = \"bypassPermissions\"\n\
         [single_user]\nchat_id = 1\nchat_id_file = \"chat_id\""
    ));
    set_mode(&bench.path("bridge.toml"), 0o644);
    let warnings = bench.load().warnings.join("\n");
    for expected in [
        "holds the bot token and other users can open it",
        "telegram.api_url http://bots.example is not encrypted",
        "bypassPermissions: Claude runs every command without asking",
        "single_user.chat_id_file is ignored",
    ] {
        assert!(
            warnings.contains(expected),
            "{expected:?} is missing in\n{warnings}"
        );
    }
}

#[test]
fn loopback_address_needs_no_encryption() {
    for url in [
        "http://127.0.0.1:8081",
        "http://localhost:1/",
        "http://[::1]:9",
    ] {
        let bench = Bench::new().var("BRIDGE__TELEGRAM__API_URL", url);
        assert_eq!(bench.load().warnings, [""; 0], "{url}");
    }
}

pub(super) fn private(path: &Path) {
    set_mode(path, 0o600);
}

pub(super) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
