//! What `bridge check` promises.

use std::fs;

use expect_test::expect;
use tempfile::TempDir;

use super::*;
use crate::config::TokenNeed;

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
    let outcome = check(&options, &mut out, &mut err).unwrap();
    let said = String::from_utf8([out, err].concat()).unwrap();
    (
        outcome,
        said.replace(&dir.path().display().to_string(), "DIR"),
    )
}

fn program(path: &Path) {
    fs::write(path, "#!/bin/sh\n").unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn good_configuration_is_summed_up_without_its_secrets() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("bridge.toml"),
        "[claude]\nmodel = \"opus\"\n",
    )
    .unwrap();
    program(&dir.path().join("claude"));
    let path = dir.path().display().to_string();
    let (outcome, said) = check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", &path)]);
    assert_eq!(outcome, Outcome::Fine);
    expect![[r#"
        the configuration can be used
          file           DIR/bridge.toml
          overridden by  TELEGRAM_BOT_TOKEN
          telegram       https://api.telegram.org (a token is set)
          claude         DIR/claude
          permissions    default: what is not allowed by a rule does not run
          workspace      DIR
          owner          not in the configuration; the data folder knows whether somebody has claimed the bridge
          people         one, the owner
          data folder    DIR/data (is made at the first start)
          log            info
    "#]].assert_eq(&said);
}

#[test]
fn program_that_is_missing_is_said_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("claude"), "not executable").unwrap();
    let path = dir.path().display().to_string();
    let (outcome, said) = check_in(&dir, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("PATH", &path)]);
    assert_eq!(outcome, Outcome::Fine);
    assert!(
        said.contains("claude is not found: install Claude Code, or set claude.binary"),
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
    program(&claude);
    let search = env::join_paths([Path::new("/nonexistent"), dir.path()]).unwrap();
    assert_eq!(
        find_program(Path::new("claude"), Some(&search)),
        Some(claude.clone())
    );
    assert_eq!(find_program(&claude, None), Some(claude));
    assert_eq!(find_program(Path::new("claude"), None), None);
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
    let asks_nobody = "many: 0 listed, 1 denied, administrators named here: 0; the administrators \
                       are asked about strangers. The bridge starts only if";
    for (text, expected) in [
        (
            "multi_user.admin_users = [1, 2]\nmulti_user.denied_users = [2]\n",
            "many: 0 listed, 1 denied, administrators named here: 1; the administrators are asked \
             about strangers",
        ),
        (
            "single_user.chat_id = 5\nmulti_user.allowed_users = [1, 2]\n\
             multi_user.strangers = \"refuse\"\n",
            "many: 2 listed, 0 denied, administrators named here: 1; strangers are turned away",
        ),
        (
            "single_user.chat_id = 5\nmulti_user.denied_users = [5]\n",
            asks_nobody,
        ),
    ] {
        let line = people(&format!("{shared}{text}"));
        assert!(line.starts_with(expected), "{line}");
        assert_eq!(line.contains("starts only if"), expected == asks_nobody);
    }
}
