//! What rooms are open for, and what their agents find in the environment.

use super::*;

const HOME: &str = "/data/chats/7/home";

#[test]
fn a_path_that_is_opened_for_one_room_is_open_in_no_other() {
    let options = RoomOptions {
        read: vec!["/srv/docs".into()],
        own: BTreeMap::from([(
            ChatId(7),
            OwnPaths {
                read: vec!["/srv/seven".into()],
                write: vec!["/srv/out".into()],
            },
        )]),
        ..RoomOptions::default()
    };
    let of = |chat| {
        view(
            Level::Strict,
            &options,
            ChatId(chat),
            &paths(),
            &["/data".into()],
        )
    };
    let paths = |list: &[&str]| list.iter().map(PathBuf::from).collect::<Vec<_>>();
    assert_eq!(of(7).read, paths(&["/srv/docs", "/srv/seven"]));
    assert_eq!(of(7).write, paths(&["/srv/out"]));
    assert_eq!(of(8).read, paths(&["/srv/docs"]));
    assert!(of(8).write.is_empty());
    assert_eq!(of(8).covers, paths(&["/data"]));
}

#[test]
fn the_hosts_home_and_its_sockets_are_not_named_in_a_room() {
    let host = [
        ("HOME", "/home/u"),
        ("CLAUDE_CONFIG_DIR", "/home/u/.claude"),
        ("XDG_RUNTIME_DIR", "/run/user/1"),
        ("SSH_AUTH_SOCK", "/run/ssh"),
        ("PATH", "/usr/bin"),
    ];
    let shown = shown(Level::Strict, None, &host);
    assert_eq!(
        shown,
        "CLAUDE_CODE_TMPDIR=/tmp\nCLAUDE_CONFIG_DIR=/data/chats/7/home/.claude\n\
         HOME=/data/chats/7/home\nPATH=/usr/bin\nTMPDIR=/tmp"
    );
    let landlock = self::shown(Level::Landlock, None, &host);
    assert!(
        landlock.contains("\nTMPDIR=/data/chats/7/home/tmp"),
        "{landlock}"
    );
}

#[test]
fn the_login_of_rooms_takes_the_place_of_the_hosts() {
    let host = [("ANTHROPIC_API_KEY", "of-the-host")];
    let token = shown(Level::Strict, Some("sk-ant-oat01-x"), &host);
    assert!(
        token.contains("CLAUDE_CODE_OAUTH_TOKEN=sk-ant-oat01-x"),
        "{token}"
    );
    assert!(!token.contains("of-the-host"), "{token}");
    let key = shown(Level::Strict, Some("sk-ant-api03-x"), &host);
    assert!(key.contains("ANTHROPIC_API_KEY=sk-ant-api03-x"), "{key}");
    assert!(shown(Level::Strict, None, &host).contains("of-the-host"));
}

#[test]
fn a_room_is_logged_in_by_a_token_a_key_or_a_service() {
    let logs_in = |name: &str, value: &str| logs_in(&variables(&[(name, value)]));
    assert!(logs_in("ANTHROPIC_API_KEY", "k"));
    assert!(logs_in("CLAUDE_CODE_USE_BEDROCK", "1"));
    assert!(!logs_in("ANTHROPIC_API_KEY", ""));
    assert!(!logs_in("ANTHROPIC_BASE_URL", "https://x"));
}

fn paths() -> RoomPaths {
    RoomPaths {
        home: HOME.into(),
        inbox: "/data/chats/7/inbox".into(),
    }
}

fn shown(level: Level, login: Option<&str>, host: &[(&str, &str)]) -> String {
    let options = RoomOptions {
        login: login.map(str::to_owned),
        ..RoomOptions::default()
    };
    let all = environment(level, &options, Path::new(HOME), variables(host));
    let lines = all
        .iter()
        .map(|(name, value)| format!("{}={}", name.display(), value.display()));
    lines.collect::<Vec<_>>().join("\n")
}

fn variables(list: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    list.iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}
