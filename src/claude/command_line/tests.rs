//! What the command of an agent promises.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bridge_actors::chat_settings::{AgentSettings, HostSettings, Trust};
use bridge_actors::home_use::FullHome;
use bridge_actors::ids::{ChatId, ConversationId, Generation, SessionKey};
use bridge_actors::ports::{Conversation, LaunchOrder};
use bridge_texts::Language;
use expect_test::expect;
use proptest::prelude::*;

use super::{AgentCommand, AgentOptions, TranscriberOptions, command_line, transcriber_command};

const TOKEN: &str = "123456:SECRET";

fn order(conversation: Conversation) -> LaunchOrder {
    LaunchOrder {
        key: SessionKey::of_chat(ChatId(42)),
        room: SessionKey::of_chat(ChatId(42)),
        generation: Generation(1),
        conversation,
        folder: PathBuf::from("/srv/site"),
        trust: Trust::Untrusted,
        settings: AgentSettings::default(),
        full_home: FullHome::Refused,
        language: Language::English,
        logs_in: false,
    }
}

fn new_order() -> LaunchOrder {
    order(Conversation::New(ConversationId("u-1".to_owned())))
}

fn options() -> AgentOptions {
    AgentOptions {
        program: vec!["claude".into()],
        marker: "/srv/data".to_owned(),
        ..AgentOptions::default()
    }
}

fn environment(variables: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    (variables.iter())
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn argv(command: &AgentCommand) -> String {
    (command.argv.iter())
        .map(|argument| format!("{}\n", argument.to_str().unwrap()))
        .collect()
}

fn env(command: &AgentCommand) -> String {
    (command.env.iter())
        .map(|(name, value)| format!("{}={}\n", name.display(), value.display()))
        .collect()
}

#[test]
fn plain_options_give_the_protocol_and_the_confinement() {
    let command = command_line(&options(), &new_order(), None, []);
    expect![[r#"
        claude
        -p
        --input-format
        stream-json
        --output-format
        stream-json
        --verbose
        --include-partial-messages
        --replay-user-messages
        --permission-prompt-tool
        stdio
        --session-id
        u-1
        --allowedTools=mcp__bridge__send_file
        --setting-sources=user
        --strict-mcp-config
        --add-dir=/srv/site
        --settings={"permissions":{"deny":[]},"useAutoModeDuringPlan":false}
    "#]]
    .assert_eq(&argv(&command));
    assert_eq!(command.folder, PathBuf::from("/srv/site"));
}

#[test]
fn every_option_has_its_place_and_extra_arguments_come_last() {
    let options = AgentOptions {
        program: vec!["bridge".into(), "rehearse".into()],
        extra_args: vec!["--max-turns".to_owned(), "5".to_owned()],
        private_paths: vec![
            PathBuf::from("/srv/data"),
            PathBuf::from("/srv/b \"c\"[1](.toml"),
        ],
        ..options()
    };
    let settings = AgentSettings {
        model: "opus".to_owned(),
        effort: "high".to_owned(),
        permission_mode: "plan".to_owned(),
        append_system_prompt: "- be short".to_owned(),
        allowed_tools: vec!["Read".to_owned(), "Bash(git *)".to_owned()],
        disallowed_tools: vec!["WebFetch".to_owned()],
        ..AgentSettings::default()
    };
    let resume = LaunchOrder {
        settings,
        ..order(Conversation::Resume(ConversationId("u-2".to_owned())))
    };
    let command = command_line(&options, &resume, None, []);
    let text = argv(&command);
    let (_, ours) = text.split_once("stdio\n").unwrap();
    expect![[r#"
        --resume=u-2
        --model=opus
        --effort=high
        --permission-mode=plan
        --append-system-prompt=- be short
        --allowedTools=Read,Bash(git *),mcp__bridge__send_file
        --disallowedTools=WebFetch
        --setting-sources=user
        --strict-mcp-config
        --add-dir=/srv/site
        --settings={"permissions":{"deny":["Read(//srv/data)","Read(//srv/data/**)","Edit(//srv/data)","Edit(//srv/data/**)","Read(//srv/b \"c\"?1??.toml)","Read(//srv/b \"c\"?1??.toml/**)","Edit(//srv/b \"c\"?1??.toml)","Edit(//srv/b \"c\"?1??.toml/**)"]},"useAutoModeDuringPlan":false}
        --max-turns
        5
    "#]]
    .assert_eq(ours);
    assert!(text.starts_with("bridge\nrehearse\n-p\n"));
}

#[test]
fn agent_sees_the_listed_variables_and_ours_only() {
    let options = AgentOptions {
        env_passthrough: vec![
            "AWS_PROFILE".to_owned(),
            "BRIDGE__TELEGRAM__TOKEN".to_owned(),
        ],
        ..options()
    };
    let variables = environment(&[
        ("HOME", "/home/user"),
        ("PATH", "/bin"),
        ("LC_ALL", "C"),
        ("https_proxy", "http://127.0.0.1:1"),
        ("ANTHROPIC_API_KEY", "sk-fake"),
        ("CLAUDE_CONFIG_DIR", "/c"),
        ("CLAUDE_CODE_OAUTH_TOKEN", "oauth"),
        ("AWS_PROFILE", "p"),
        ("AWS_SECRET_ACCESS_KEY", "no"),
        ("CLAUDECODE", "1"),
        ("CLAUDE_CODE_SESSION_ID", "outer"),
        ("CLAUDE_BRIDGE_HOME", "another bridge"),
        ("DISABLE_AUTOUPDATER", "0"),
        ("TELEGRAM_BOT_TOKEN", TOKEN),
        ("BRIDGE__TELEGRAM__TOKEN", TOKEN),
        ("LD_PRELOAD", "no"),
    ]);
    expect![[r#"
        ANTHROPIC_API_KEY=sk-fake
        AWS_PROFILE=p
        CLAUDE_BRIDGE_HOME=/srv/data
        CLAUDE_BRIDGE_SESSION=42
        CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD=1
        CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS=1
        CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING=true
        CLAUDE_CODE_OAUTH_TOKEN=oauth
        CLAUDE_CONFIG_DIR=/c
        DISABLE_AUTOUPDATER=1
        HOME=/home/user
        LC_ALL=C
        PATH=/bin
        https_proxy=http://127.0.0.1:1
    "#]]
    .assert_eq(&env(&command_line(&options, &new_order(), None, variables)));
}

#[test]
fn variables_of_the_bridge_stay_hidden_in_any_spelling() {
    for name in [
        "TELEGRAM_BOT_TOKEN",
        "telegram_bot_token",
        "BRIDGE__X",
        "bridge__telegram__token",
    ] {
        let options = AgentOptions {
            env_passthrough: vec![name.to_owned()],
            ..options()
        };
        let command = command_line(&options, &new_order(), None, environment(&[(name, TOKEN)]));
        assert!(!env(&command).contains(TOKEN), "{name} passed");
    }
}

/// Names that are likely to be listed, near misses of them, and noise.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "(HOME|PATH|LANG|TERM|XDG_[A-Z]{0,3}|LC_[A-Z]{0,3}|ANTHROPIC_[A-Z]{0,3})[A-Z_]{0,2}",
        "(BRIDGE_{1,2}[A-Z]{0,4}|bridge__[a-z]{1,3}|TELEGRAM_BOT_TOKEN|Telegram_Bot_Token)",
        "(CLAUDE|CLAUDECODE|CLAUDE_CODE_[A-Z]{0,4}|AWS_[A-Z]{0,4}|[A-Za-z_]{1,8})",
    ]
}

/// The allow-list, told a second time and otherwise.
fn may_pass(name: &str, passthrough: &[String]) -> bool {
    let is_base = matches!(
        name,
        "HOME" | "PATH" | "LANG" | "TERM" | "SHELL" | "USER" | "LOGNAME" | "TMPDIR" | "TZ"
    ) || ["XDG_", "LC_", "ANTHROPIC_"]
        .iter()
        .any(|start| name.starts_with(start));
    let lower = name.to_lowercase();
    let is_ours = lower == "telegram_bot_token" || lower.starts_with("bridge__");
    (is_base || passthrough.contains(&name.to_owned())) && !is_ours
}

proptest! {
    #[test]
    fn token_passes_only_in_a_variable_that_is_listed_by_name(
        names in proptest::collection::btree_set(name(), 0..20),
        passthrough in proptest::collection::vec(name(), 0..5),
    ) {
        let options = AgentOptions { env_passthrough: passthrough.clone(), ..options() };
        let variables = (names.iter()).map(|name| (name.into(), format!("x{TOKEN}y").into()));
        let command = command_line(&options, &new_order(), None, variables);
        for (name, value) in &command.env {
            let name = name.to_str().unwrap();
            let holds_token = value.to_str().unwrap().contains(TOKEN);
            prop_assert!(!holds_token || may_pass(name, &passthrough), "{} passed", name);
        }
        for name in names.iter().filter(|name| may_pass(name, &passthrough)) {
            let is_there = command.env.iter().any(|(other, _)| other == name.as_str());
            prop_assert!(is_there, "{} is missing", name);
        }
        prop_assert!(!argv(&command).contains(TOKEN));
    }
}

#[test]
fn whose_settings_hold_depends_on_whose_chat_it_is_and_on_trust_in_the_folder() {
    let table = [
        (Trust::Untrusted, HostSettings::Kept, Some("user")),
        (Trust::Untrusted, HostSettings::LeftOut, Some("")),
        (Trust::Trusted, HostSettings::Kept, None),
        (Trust::Trusted, HostSettings::LeftOut, Some("project,local")),
    ];
    for (trust, host_settings, expected) in table {
        let settings = AgentSettings {
            host_settings,
            ..AgentSettings::default()
        };
        let order = LaunchOrder {
            trust,
            settings,
            ..new_order()
        };
        let text = argv(&command_line(&options(), &order, None, []));
        let sources = text
            .lines()
            .find_map(|line| line.strip_prefix("--setting-sources="));
        assert_eq!(sources, expected, "{trust:?} {host_settings:?}");
        let is_confined = text.contains("--strict-mcp-config\n--add-dir=/srv/site\n");
        assert_eq!(is_confined, trust == Trust::Untrusted);
        assert!(
            text.contains("--settings={"),
            "the private paths stay private"
        );
    }
}

#[test]
fn of_the_data_folder_an_agent_may_read_the_inbox_of_its_chat_alone() {
    let options = AgentOptions {
        private_paths: vec![PathBuf::from("/d"), PathBuf::from("/d.toml")],
        ..options()
    };
    let inbox = Path::new("/d/c/-4");
    let text = argv(&command_line(&options, &new_order(), Some(inbox), []));
    assert!(text.contains("--add-dir=/d/c/-4\n"), "{text}");
    let (_, settings) = text.split_once("--settings=").unwrap();
    let settings: serde_json::Value = serde_json::from_str(settings).unwrap();
    let rules = settings["permissions"]["deny"].as_array().unwrap();
    let rules: Vec<_> = rules.iter().map(|rule| rule.as_str().unwrap()).collect();
    let beside = [
        "Read(//d/[0-9a-bd-z_.-]*)".to_owned(),
        "Read(//d/c?*)".to_owned(),
        "Read(//d/c/[0-9a-z_.]*)".to_owned(),
        "Read(//d/c/-[0-35-9a-z_.-]*)".to_owned(),
        "Read(//d/c/-)".to_owned(),
        "Read(//d/c/-4?*/**)".to_owned(),
        "Edit(//d)".to_owned(),
        "Edit(//d/**)".to_owned(),
        "Read(//d.toml)".to_owned(),
    ];
    for rule in &beside {
        assert!(rules.contains(&rule.as_str()), "{rule} in {rules:#?}");
    }
    let open = ["Read(//d)", "Read(//d/**)", "Read(//d/c)", "Read(//d/c/-4)"];
    assert!(!rules.iter().any(|rule| open.contains(rule)), "{rules:#?}");
}

proptest! {
    #[test]
    fn every_other_name_is_beside(name in "[a-z0-9_.-]{1,6}", other in "[a-z0-9_.-]{1,8}") {
        prop_assume!(!name.starts_with('.') && name != other);
        let matched = super::names_but(&name).iter().any(|pattern| matches(pattern, &other));
        prop_assert!(matched, "{other} beside {name}");
        let own = super::names_but(&name).iter().any(|pattern| matches(pattern, &name));
        prop_assert!(!own, "{name}");
    }
}

/// Matches as the patterns of rules are meant: `[…]` is one of these, `?` one sign, `*` any rest.
fn matches(pattern: &str, name: &str) -> bool {
    let mut name = name.chars();
    let mut pattern = pattern.chars();
    while let Some(sign) = pattern.next() {
        match sign {
            '*' => return true,
            '?' if name.next().is_none() => return false,
            '?' => {}
            '[' => {
                let class: String = pattern.by_ref().take_while(|it| *it != ']').collect();
                let is_in = |it: char| is_of_class(it, &class);
                if !name.next().is_some_and(is_in) {
                    return false;
                }
            }
            sign if name.next() != Some(sign) => return false,
            _ => {}
        }
    }
    name.next().is_none()
}

fn is_of_class(sign: char, class: &str) -> bool {
    let mut signs = class.chars().peekable();
    while let Some(first) = signs.next() {
        let last = match signs.next_if_eq(&'-') {
            // A dash at the end is itself.
            Some(dash) if signs.peek().is_none() => {
                if sign == dash {
                    return true;
                }
                first
            }
            Some(_) => signs.next().unwrap_or(first),
            None => first,
        };
        if (first..=last).contains(&sign) {
            return true;
        }
    }
    false
}

#[test]
fn a_transcriber_gets_the_file_as_one_argument_and_nothing_of_claude_or_the_bridge() {
    let argv_of = |argv: &[&str]| AgentOptions {
        transcriber: Some(TranscriberOptions {
            argv: argv.iter().map(|it| (*it).to_owned()).collect(),
            timeout: Duration::from_secs(1),
        }),
        ..options()
    };
    let key = SessionKey::of_chat(ChatId(42));
    let file = Path::new("/data/chats/42/inbox/a b; rm.ogg");
    let variables = environment(&[
        ("PATH", "/bin"),
        ("ANTHROPIC_API_KEY", "sk-1"),
        ("CLAUDE_CODE_OAUTH_TOKEN", "sk-2"),
        ("TELEGRAM_BOT_TOKEN", TOKEN),
        ("BRIDGE__TELEGRAM__TOKEN", TOKEN),
    ]);
    let options = argv_of(&["whisper", "--in={file}", "-nt"]);
    let command = transcriber_command(&options, key, file, variables);
    assert_eq!(
        argv(&command),
        "whisper\n--in=/data/chats/42/inbox/a b; rm.ogg\n-nt\n"
    );
    assert_eq!(command.folder, Path::new("/data/chats/42/inbox"));
    expect![[r#"
        CLAUDE_BRIDGE_HOME=/srv/data
        CLAUDE_BRIDGE_SESSION=42
        DISABLE_AUTOUPDATER=1
        PATH=/bin
    "#]]
    .assert_eq(&env(&command));
}
