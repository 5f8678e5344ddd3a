//! What is refused, and with which words.

use expect_test::{Expect, expect};

use super::origins::set_mode;
use super::*;

fn check(bench: &Bench, expected: &Expect) {
    expected.assert_eq(&bench.problems());
}

#[test]
fn every_problem_is_told_at_once() {
    let bench = Bench::with_file(
        r#"
[telegram]
poll_timeout = "90s"
api_url = "ftp://x"
[claude]
modle = "opus"
permission_mode = "yolo"
start_timeout = "soon"
max_live = 0
extra_args = ["--ok", 5]
[workspace]
dir = "nowhere"
[single_user]
chat_id = -100123
[limits]
queued_prompts = -1
[logs]
level = "debug"
"#,
    )
    .var("BRIDGE__LOG__LEVEL", "inof");
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 12 problems
              DIR/bridge.toml:3: telegram.poll_timeout: found 90s; Telegram takes whole seconds, 50 at most
                allowed: whole seconds from "1s" to "50s"
              DIR/bridge.toml:4: telegram.api_url: found the text "ftp://x"
                allowed: an http:// or https:// address
              DIR/bridge.toml:6: claude.modle: there is no such key
                did you mean model?
              DIR/bridge.toml:7: claude.permission_mode: found the text "yolo"
                allowed: default, acceptEdits, plan, dontAsk, bypassPermissions
              DIR/bridge.toml:8: claude.start_timeout: found the text "soon"
                allowed: a duration such as "250ms", "50s", "15m" or "1h", at most "168h"
              DIR/bridge.toml:9: claude.max_live: found the number 0
                allowed: a whole number from 1 to 1000
              DIR/bridge.toml:10: claude.extra_args: found a list with the number 5
                allowed: a list of texts, such as ["--verbose"]
              DIR/bridge.toml:12: workspace.dir: there is no folder DIR/nowhere
                create it, or name another folder
              DIR/bridge.toml:14: single_user.chat_id: -100123 is the id of a group; everyone in it would own the bridge
                use the positive id of your private chat, or set 0 and claim the bridge with /start
              DIR/bridge.toml:16: limits.queued_prompts: found the number -1
                allowed: a whole number from 1 to 1000
              DIR/bridge.toml:17: logs: there is no such section
                did you mean [log]?
              BRIDGE__LOG__LEVEL: log.level: invalid log filter "inof": "inof" is not a level (off, error, warn, info, debug, trace)
                allowed: a tracing filter such as "info" or "warn,bridge=debug""#]],
    );
}

#[test]
fn wrong_types_are_told_with_what_was_found() {
    let bench = Bench::with_file(
        "telegram = 5\n[claude]\nmodel = 5\nmax_live = \"8\"\nallowed_tools = \"Read\"\n\
         idle_timeout = 15\nsilence_limit = true\n",
    );
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 6 problems
              DIR/bridge.toml:1: telegram: expected a section, found the number 5
                write [telegram] and put its keys below it
              DIR/bridge.toml:3: claude.model: found the number 5
                allowed: a model name, or "" for Claude's own default
              DIR/bridge.toml:4: claude.max_live: found the text "8"
                allowed: a whole number from 1 to 1000
              DIR/bridge.toml:5: claude.allowed_tools: found the text "Read"
                allowed: a list of texts, such as ["Read", "Bash(git status)"]
              DIR/bridge.toml:6: claude.idle_timeout: found the number 15
                allowed: a duration such as "250ms", "50s", "15m" or "1h", at most "168h"
              DIR/bridge.toml:7: claude.silence_limit: found true
                allowed: a duration such as "250ms", "50s", "15m" or "1h", at most "168h""#]],
    );
}

#[test]
fn slips_of_the_pen_get_a_suggestion() {
    let bench = Bench::with_file(
        "[cluade]\n[claude]\npermision_mode = \"plan\"\nallowed-tools = []\nqueued_prompts = 3\n\
         colour = 1\n[somewhere]\n",
    );
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 6 problems
              DIR/bridge.toml:1: cluade: there is no such section
                did you mean [claude]?
              DIR/bridge.toml:3: claude.permision_mode: there is no such key
                did you mean permission_mode?
              DIR/bridge.toml:4: claude.allowed-tools: there is no such key
                did you mean allowed_tools?
              DIR/bridge.toml:5: claude.queued_prompts: there is no such key
                did you mean queued_prompts in [limits]?
              DIR/bridge.toml:6: claude.colour: there is no such key
                the keys of [claude] are binary, extra_args, model, effort, permission_mode, append_system_prompt, allowed_tools, disallowed_tools, env_passthrough, isolation, containment, credentials, start_timeout, silence_limit, permission_timeout, idle_timeout, shutdown_grace, max_live
              DIR/bridge.toml:7: somewhere: there is no such section
                the sections are telegram, claude, workspace, single_user, multi_user, users, isolation, limits, files, voice, storage, log"#]],
    );
}

#[test]
fn settings_of_later_versions_are_told_apart_from_slips() {
    let bench = Bench::with_file(
        "[claude]\npermission_timeout = \"30m\"\n[limits]\n\
         max_file_size = \"20MB\"\n[http]\nlisten = \"\"\n",
    );
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 1 problem
              DIR/bridge.toml:5: http: not available in this version of the bridge
                remove it"#]],
    );
}

#[test]
fn variables_that_cannot_work_are_told() {
    let bench = Bench::new()
        .var("BRIDGE_TELEGRAM__TOKEN", "x")
        .var("BRIDGE_CLAUDE_MAX_LIVE", "x")
        .var("BRIDGE__CLAUDE", "x")
        .var("BRIDGE__CLAUDE__MAX_LIVE", "many")
        .var("BRIDGE__CLAUDE__MODLE", "x")
        .var("BRIDGE__HTTP__LISTEN", "x")
        .var("BRIDGE_SERVICE_HOST", "of somebody else");
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 6 problems
              BRIDGE_CLAUDE_MAX_LIVE: this looks like a setting of the bridge, but is not one
                did you mean BRIDGE__CLAUDE__MAX_LIVE?
              BRIDGE_TELEGRAM__TOKEN: this looks like a setting of the bridge, but is not one
                did you mean BRIDGE__TELEGRAM__TOKEN?
              BRIDGE__CLAUDE: this looks like a setting of the bridge, but is not one
                write BRIDGE__SECTION__KEY with double underscores, or unset it
              BRIDGE__CLAUDE__MAX_LIVE: claude.max_live: found the text "many"
                allowed: a whole number from 1 to 1000
              BRIDGE__CLAUDE__MODLE: claude.modle: there is no such key
                did you mean model?
              BRIDGE__HTTP__LISTEN: http: not available in this version of the bridge
                remove it"#]],
    );
}

#[test]
fn syntax_error_is_told_with_its_line_and_without_its_text() {
    let mut bench = Bench::with_file(&format!("[telegram]\ntoken = {TOKEN}\n"))
        .var("BRIDGE__CLAUDE__MAX_LIVE", "0");
    bench.options.token = TokenNeed::Required;
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 2 problems
              DIR/bridge.toml:2: not valid TOML: invalid time, expected minute
                put text in quotes, lists in [ ], and each key on its own line
              BRIDGE__CLAUDE__MAX_LIVE: claude.max_live: found the number 0
                allowed: a whole number from 1 to 1000"#]],
    );
}

#[test]
fn missing_token_is_told_with_the_ways_to_set_it() {
    let mut bench = Bench::with_file("[telegram]\ntoken = \"\"");
    bench.options.token = TokenNeed::Required;
    check(
        &bench,
        &expect![[r#"
        cannot use the configuration: 1 problem
          DIR/bridge.toml:2: telegram.token: no bot token is set
            set telegram.token, telegram.token_file or the variable TELEGRAM_BOT_TOKEN; @BotFather gives you a token"#]],
    );
}

#[test]
fn token_of_the_wrong_kind_is_told_once() {
    let mut bench = Bench::with_file("[telegram]\ntoken = 12");
    bench.options.token = TokenNeed::Required;
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 1 problem
              DIR/bridge.toml:2: telegram.token: found a value that is not text
                allowed: a bot token from @BotFather"#]],
    );
    let bench = Bench::new().var("TELEGRAM_BOT_TOKEN", "my secret");
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 1 problem
              TELEGRAM_BOT_TOKEN: telegram.token: this does not look like a bot token
                a token looks like 123456:ABC-def; copy it again from @BotFather"#]],
    );
}

#[test]
fn token_that_was_meant_is_not_said_to_be_missing() {
    for (text, problem) in [
        (
            "telegram = 5",
            "telegram: expected a section, found the number 5",
        ),
        ("[telegram]\ntokne = \"x\"", "did you mean token?"),
        ("[telegram]\ntokenfile = \"x\"", "did you mean token_file?"),
        (
            "[telegram]\ntoken_file = 5",
            "telegram.token_file: found the number 5",
        ),
        ("[telegarm]\ntoken = \"x\"", "did you mean [telegram]?"),
        (
            "[claude]\ntoken = \"x\"",
            "did you mean token in [telegram]?",
        ),
    ] {
        let mut bench = Bench::with_file(text);
        bench.options.token = TokenNeed::Required;
        let told = bench.problems();
        assert!(
            told.contains("1 problem\n") && told.contains(problem),
            "{told}"
        );
    }
    let mut bench = Bench::new().var("BRIDGE_TELEGRAM_TOKEN", "x");
    bench.options.token = TokenNeed::Required;
    assert!(
        bench.problems().contains("1 problem\n"),
        "{}",
        bench.problems()
    );
}

#[test]
fn token_and_token_file_in_one_place_are_refused() {
    let bench = Bench::with_file(&format!(
        "[telegram]\ntoken = \"{TOKEN}\"\ntoken_file = \"token\""
    ));
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 1 problem
              DIR/bridge.toml:2: telegram.token: telegram.token_file is also set
                keep only one of them"#]],
    );
}

#[test]
fn token_file_that_others_can_open_is_refused() {
    let bench = Bench::with_file("[telegram]\ntoken_file = \"token\"").file("token", "not a token");
    set_mode(&bench.path("token"), 0o640);
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 2 problems
              DIR/bridge.toml:2: telegram.token_file: other users of this machine can open DIR/token
                run chmod 600 DIR/token
              DIR/bridge.toml:2: telegram.token_file: this does not look like a bot token
                a token looks like 123456:ABC-def; copy it again from @BotFather"#]],
    );
    fs::remove_file(bench.path("token")).unwrap();
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 1 problem
              DIR/bridge.toml:2: telegram.token_file: cannot read DIR/token: No such file or directory (os error 2)
                name a file that holds only the token"#]],
    );
}

#[test]
fn bypassing_permissions_as_root_is_refused_outside_a_sandbox() {
    let mut bench = Bench::with_file("[claude]\npermission_mode = \"bypassPermissions\"");
    bench.options.effective_uid = 0;
    check(
        &bench,
        &expect![[r#"
        cannot use the configuration: 1 problem
          DIR/bridge.toml:2: claude.permission_mode: Claude refuses bypassPermissions when it runs as root
            run the bridge as another user; in a sandbox, set IS_SANDBOX=1 and add "IS_SANDBOX" to claude.env_passthrough"#]],
    );
    let bench = bench
        .var("IS_SANDBOX", "1")
        .var("BRIDGE__CLAUDE__ENV_PASSTHROUGH", "IS_SANDBOX");
    assert_eq!(
        bench.load().config.claude.permission_mode,
        PermissionMode::BypassPermissions
    );
}

#[test]
fn settings_of_the_bridge_are_never_passed_to_the_agent() {
    let bench = Bench::with_file(
        "[claude]\nenv_passthrough = [\"TELEGRAM_BOT_TOKEN\", \"BRIDGE__TELEGRAM__TOKEN\", \
         \"A=B\"]",
    );
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 3 problems
              DIR/bridge.toml:2: claude.env_passthrough: TELEGRAM_BOT_TOKEN would show Claude the bridge's own settings
                remove it: Claude must not see the bot token or the bridge's settings
              DIR/bridge.toml:2: claude.env_passthrough: BRIDGE__TELEGRAM__TOKEN would show Claude the bridge's own settings
                remove it: Claude must not see the bot token or the bridge's settings
              DIR/bridge.toml:2: claude.env_passthrough: "A=B" is not a variable name
                allowed: a list of variable names, such as ["HTTPS_PROXY"]"#]],
    );
}

#[test]
fn file_that_is_missing_is_told_when_it_was_asked_for() {
    let mut bench = Bench::new();
    bench.options.file = Some("none.toml".into());
    bench.options.token = TokenNeed::Required;
    check(
        &bench,
        &expect![[r#"
        cannot use the configuration: 1 problem
          DIR/none.toml: cannot read the file: No such file or directory (os error 2)
            name a readable file with --config"#]],
    );
}

#[test]
fn poll_is_whole_seconds_and_data_folder_is_a_folder() {
    let bench = Bench::with_file(
        "telegram.poll_timeout = \"1500ms\"\nstorage.dir = \"bridge.toml\"\n\
         single_user.chat_id_file = \".\"\nclaude.binary = \"\"",
    );
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 4 problems
              DIR/bridge.toml:1: telegram.poll_timeout: found 1.5s; Telegram takes whole seconds, 50 at most
                allowed: whole seconds from "1s" to "50s"
              DIR/bridge.toml:2: storage.dir: DIR/bridge.toml is a file
                name a folder; the bridge creates it if it is missing
              DIR/bridge.toml:3: single_user.chat_id_file: DIR is a folder, not a file
                allowed: the path of a file, or "" for none
              DIR/bridge.toml:4: claude.binary: the setting is empty
                allowed: a program name or a path"#]],
    );
}

#[test]
fn a_password_in_the_address_of_the_bot_api_is_not_repeated() {
    for url in [
        "https://user:pa55@bots.example",
        "user:pa55@bots.example",
        "ftp://user:pa55@bots.example/bot1:pa55",
    ] {
        let bench = Bench::with_file(&format!("[telegram]\napi_url = \"{url}\"\n"));
        let problems = bench.problems();
        assert!(
            problems.contains("telegram.api_url: found the text"),
            "{problems}"
        );
        assert!(!problems.contains("pa55"), "{problems}");
    }
}
