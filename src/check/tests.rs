//! What `bridge check` promises.

mod logins;

use std::fs;

use std::env;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::{Duration, Instant};

use expect_test::expect;
use tempfile::TempDir;

use super::*;
use crate::claude::version::MINIMUM;
use crate::config::TokenNeed;
use crate::program::find_program;
use crate::store::Store;

const TOKEN: &str = "123456789:AAExampleExampleExampleExample_abc";

fn check_in(dir: &TempDir, environment: &[(&str, &str)]) -> (Outcome, String) {
    let options = LoadOptions {
        file: None,
        log_level: None,
        environment: environment
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        working_dir: dir.path().to_owned(),
        effective_uid: 1000,
        token: TokenNeed::Required,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = check(&options, &CheckRequest::default(), &mut out, &mut err).unwrap();
    let said = String::from_utf8([out, err].concat()).unwrap();
    (
        outcome,
        said.replace(&dir.path().display().to_string(), "DIR"),
    )
}

fn program(path: &Path, script: &str) {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Checks a file in a folder with a program that answers like this.
fn check_with(text: &str, script: &str) -> (Outcome, String) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bridge.toml"), text).unwrap();
    program(&dir.path().join("claude"), script);
    let path = format!("{}:/usr/bin:/bin", dir.path().display());
    check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", &path)])
}

const CURRENT: &str = "echo '2.1.332 (Claude Code)'";

#[test]
fn good_configuration_is_summed_up_without_its_secrets() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("bridge.toml"),
        "[claude]\nmodel = \"opus\"\n",
    )
    .unwrap();
    program(&dir.path().join("claude"), CURRENT);
    let path = dir.path().display().to_string();
    let (outcome, said) = check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", &path)]);
    assert_eq!(outcome, Outcome::Fine, "{said}");
    expect![[r#"
        the configuration is valid
          file           DIR/bridge.toml
          overridden by  TELEGRAM_BOT_TOKEN
          telegram       https://api.telegram.org (token set)
          claude         DIR/claude (2.1.332)
          permissions    default: Claude asks in the chat first, unless a rule allows it
          workspace      DIR
          owner          none yet; the bridge prints a code to claim it when it starts
          people         only the owner
          rooms          off; ended by tree
          data folder    DIR/data (created at the first start)
          log            info
    "#]]
    .assert_eq(&said);
}

#[test]
fn program_that_is_missing_is_said_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("claude"), "not executable").unwrap();
    let path = dir.path().display().to_string();
    let (outcome, said) = check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", &path)]);
    assert_eq!(outcome, Outcome::Failed);
    assert!(
        said.contains(
            "but the bridge would not work on this machine: 1 problem\n  claude.binary: claude is \
             not on PATH\n    install Claude Code"
        ),
        "{said}"
    );
}

#[test]
fn program_that_cannot_be_started_is_told() {
    let (outcome, said) = check_with("claude.binary = \"./broken\"", CURRENT);
    assert_eq!(outcome, Outcome::Failed);
    assert!(
        said.contains("DIR/broken is missing or not executable"),
        "{said}"
    );
    let dir = tempfile::tempdir().unwrap();
    program(&dir.path().join("claude"), "");
    fs::write(dir.path().join("claude"), "#!/nonexistent/node\n").unwrap();
    let path = dir.path().display().to_string();
    let (outcome, said) = check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", &path)]);
    assert_eq!(outcome, Outcome::Failed);
    assert!(
        said.contains("claude.binary: cannot start DIR/claude: No such file"),
        "{said}"
    );
}

#[test]
fn old_program_and_one_without_a_version_get_a_warning() {
    for (script, expected) in [
        (
            "echo '2.1.197 (Claude Code)'",
            format!(
                "warning: DIR/claude is version 2.1.197; the bridge needs {MINIMUM} or later to \
                 work reliably: run `claude update`"
            ),
        ),
        (
            "echo hello",
            "warning: `DIR/claude --version` prints no version".to_owned(),
        ),
    ] {
        let (outcome, said) = check_with("", script);
        assert_eq!(outcome, Outcome::Fine, "{said}");
        assert!(said.contains(&expected), "{said}");
    }
}

#[test]
fn program_that_hangs_costs_five_seconds_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let script = "echo $$ > \"$HOME/pid\"; sleep 600 & sleep 600";
    program(&dir.path().join("claude"), script);
    let path = format!("{}:/usr/bin:/bin", dir.path().display());
    let home = dir.path().display().to_string();
    let variables = [
        ("TELEGRAM_BOT_TOKEN", TOKEN),
        ("PATH", &path),
        ("HOME", &home),
    ];
    let (outcome, said) = check_in(&dir, &variables);
    assert_eq!(outcome, Outcome::Fine, "{said}");
    assert!(
        said.contains("`DIR/claude --version` does not answer within 5 s"),
        "{said}"
    );
    let group = fs::read_to_string(dir.path().join("pid")).unwrap();
    // Whoever is killed takes a moment to be gone.
    let started = Instant::now();
    while living_in(group.trim()) > 0 {
        assert!(started.elapsed() < Duration::from_secs(20), "they live on");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Returns how many processes of a group live.
fn living_in(group: &str) -> usize {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let living = processes.filter(|process| {
        let stat = fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let fields: Vec<_> = after_name.split_whitespace().collect();
        fields.first() != Some(&"Z") && fields.get(2) == Some(&group)
    });
    living.count()
}

#[test]
fn program_sees_no_secret() {
    let script = "env | grep -q -e 123456789 -e BRIDGE__ && exit 1; echo 2.1.332";
    let (_, said) = check_with("", script);
    assert!(said.contains("DIR/claude (2.1.332)"), "{said}");
}

#[test]
fn shared_bridge_without_an_administrator_is_told_as_the_start_tells_it() {
    let text = "multi_user.enabled = true\n";
    let (outcome, said) = check_with(text, CURRENT);
    assert_eq!(outcome, Outcome::Failed);
    assert!(
        said.contains("  multi_user: strangers = \"ask\" needs an administrator"),
        "{said}"
    );
    for way_out in [
        "multi_user.admin_users = [7]\n",
        "multi_user.strangers = \"refuse\"\n",
    ] {
        let (outcome, said) = check_with(&format!("{text}{way_out}"), CURRENT);
        assert_eq!(outcome, Outcome::Fine, "{said}");
    }
}

#[test]
fn number_of_an_older_bridge_that_cannot_be_read_is_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("bridge.toml"),
        "single_user.chat_id_file = \"id\"\n",
    )
    .unwrap();
    fs::write(dir.path().join("id"), "my chat").unwrap();
    program(&dir.path().join("claude"), CURRENT);
    let path = dir.path().display().to_string();
    let (outcome, said) = check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", &path)]);
    assert_eq!(outcome, Outcome::Failed, "{said}");
    assert!(said.contains("DIR/id"), "{said}");
}

#[test]
fn data_folder_that_cannot_be_made_is_told() {
    let (outcome, said) = check_with("storage.dir = \"bridge.toml/data\"\n", CURRENT);
    assert_eq!(outcome, Outcome::Failed);
    assert!(
        said.contains(
            "storage.dir: the bridge cannot keep its data in DIR/bridge.toml/data: \
             DIR/bridge.toml is a file"
        ),
        "{said}"
    );
}

#[test]
fn store_that_is_in_use_or_damaged_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    program(&dir.path().join("claude"), CURRENT);
    let path = dir.path().display().to_string();
    let variables = [("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", path.as_str())];
    let data = dir.path().join("data");
    let store = Store::open(&data, Box::new(drop)).unwrap();
    let (outcome, said) = check_in(&dir, &variables);
    assert_eq!(outcome, Outcome::Fine, "{said}");
    assert!(
        said.contains("DIR/data (in use by a running bridge)"),
        "{said}"
    );
    drop(store);
    let (outcome, said) = check_in(&dir, &variables);
    assert_eq!(outcome, Outcome::Fine, "{said}");
    assert!(said.contains("DIR/data (exists)"), "{said}");
    fs::write(data.join("store/db"), "no store").unwrap();
    let (outcome, said) = check_in(&dir, &variables);
    assert_eq!(outcome, Outcome::Failed, "{said}");
    assert!(
        said.contains("storage.dir: the store in DIR/data/store is damaged"),
        "{said}"
    );
}

#[test]
fn bad_configuration_is_told_and_has_its_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let (outcome, said) = check_in(&dir, &[("BRIDGE__CLAUDE__MAX_LIVE", "0")]);
    assert_eq!(outcome, Outcome::Misconfigured);
    assert!(said.contains("no bot token is set"), "{said}");
    assert!(
        said.contains("claude.max_live: found the number 0"),
        "{said}"
    );
}

#[test]
fn checking_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN)]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn path_is_taken_as_it_is_and_a_name_is_looked_up() {
    let dir = tempfile::tempdir().unwrap();
    let claude = dir.path().join("claude");
    program(&claude, "");
    let search = env::join_paths([Path::new("/nonexistent"), dir.path()]).unwrap();
    assert_eq!(
        find_program(Path::new("claude"), Some(&search)),
        Some(claude.clone())
    );
    assert_eq!(find_program(&claude, None), Some(claude));
    assert!(
        find_program(Path::new("sh"), None).is_some(),
        "without a search path"
    );
}

/// Returns the line about people under a configuration.
fn people(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bridge.toml"), text).unwrap();
    let (_, said) = check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN)]);
    let line = said.lines().find(|line| line.starts_with("  people"));
    line.unwrap().trim_start_matches("  people").trim().into()
}

#[test]
fn people_are_counted_as_they_will_come_in() {
    let shared = "multi_user.enabled = true\n";
    for (text, expected) in [
        (
            "multi_user.admin_users = [1, 2]\nmulti_user.denied_users = [2]\n",
            "shared: 0 allowed, 1 denied, administrators in the configuration: 1; administrators \
             decide about strangers",
        ),
        (
            "single_user.chat_id = 5\nmulti_user.allowed_users = [1, 2]\n\
             multi_user.strangers = \"refuse\"\n",
            "shared: 2 allowed, 0 denied, administrators in the configuration: 1; strangers are \
             turned away",
        ),
        (
            "single_user.chat_id = 5\nmulti_user.denied_users = [5]\n",
            "shared: 0 allowed, 1 denied, administrators in the configuration: 0; administrators \
             decide about strangers",
        ),
    ] {
        let line = people(&format!("{shared}{text}"));
        assert_eq!(line, expected);
    }
}
