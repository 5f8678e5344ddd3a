//! A login of the host that ends soon is named, and nothing of it is shown.

use std::fs;

use bridge_actors::clock::unix_now;

use super::*;

const DAY: u64 = 24 * 60 * 60;

/// Returns the warnings about a login that ends in so many days.
fn warnings(file: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bridge.toml"), "").unwrap();
    program(&dir.path().join("claude"), CURRENT);
    fs::create_dir(dir.path().join(".claude")).unwrap();
    fs::write(dir.path().join(".claude/.credentials.json"), file).unwrap();
    let path = format!("{}:/usr/bin:/bin", dir.path().display());
    let home = dir.path().display().to_string();
    let own = [
        ("TELEGRAM_BOT_TOKEN", TOKEN),
        ("PATH", path.as_str()),
        ("HOME", home.as_str()),
    ];
    let (_, said) = check_in(&dir, &[&own[..], variables].concat());
    assert!(!said.contains("a-secret"), "{said}");
    let about = said.lines().filter(|line| line.contains("Claude's login"));
    about.map(str::to_owned).collect()
}

fn ending_in(days: u64) -> String {
    let at = (unix_now().0 + days * DAY) * 1000;
    format!(r#"{{"claudeAiOauth":{{"refreshToken":"a-secret","refreshTokenExpiresAt":{at}}}}}"#)
}

#[test]
fn a_login_of_the_host_that_ends_soon_is_named() {
    assert_eq!(warnings(&ending_in(30), &[]), [""; 0]);
    let [soon] = &warnings(&ending_in(8), &[])[..] else {
        panic!("one warning");
    };
    assert!(soon.contains("or up to 3 days earlier"), "{soon}");
    assert!(soon.contains("send /login to the bot"), "{soon}");
    for days in [0, 2] {
        let any = warnings(&ending_in(days), &[]);
        assert!(any[0].contains("may have ended"), "{any:?}");
    }
}

#[test]
fn a_login_that_is_not_used_or_cannot_be_read_is_not_named() {
    let key = [("ANTHROPIC_API_KEY", "not-a-key")];
    assert_eq!(warnings(&ending_in(0), &key), [""; 0]);
    for odd in [
        "",
        "{}",
        r#"{"claudeAiOauth":{"refreshTokenExpiresAt":"soon"}}"#,
    ] {
        assert_eq!(warnings(odd, &[]), [""; 0], "{odd}");
    }
}
