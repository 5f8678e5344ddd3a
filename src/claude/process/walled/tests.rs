//! A room that holds the bridge's own files and other people's rooms, as the owner's may.

use std::os::unix::fs::MetadataExt as _;

use super::*;

const ROOM: u32 = 254_321;

#[test]
fn what_lies_in_a_room_and_is_not_its_own_is_covered_and_not_given_away() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().canonicalize().unwrap().join(name);
    for folder in ["data/chats/7/inbox", "2002"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    for file in ["bridge.toml", "2002/secret", "own"] {
        fs::write(at(file), "").unwrap();
    }
    let private = vec![at("data"), at("bridge.toml")];
    let plan = RoomPlan {
        bound: None,
        view: Some(View {
            covers: private.clone(),
            ..View::new(Level::Strict)
        }),
        paths: RoomPaths {
            home: at("data/chats/7/home"),
            inbox: at("data/chats/7/inbox"),
        },
        host_config: None,
        neighbours: Neighbours {
            root: Some(at("")),
            chosen: Vec::new(),
        },
        private,
        conversation: Conversation::New(bridge_actors::ids::ConversationId("c".to_owned())),
        uids: Some(Arc::new(|_, _| Ok(ROOM))),
        logs_in: false,
        first_uid: ROOM,
        network: NetworkLimit::Open,
        marker: String::new(),
    };
    let login = [("ANTHROPIC_API_KEY".into(), "key".into())];
    let view = plan.prepare(&at(""), OsStr::new("sh"), &login).unwrap();
    let covers = view.unwrap().covers;
    for name in ["data", "bridge.toml", "2002"] {
        assert!(covers.contains(&at(name)), "{name}: {covers:?}");
    }
    if !may_choose_users() {
        return;
    }
    let owner = |name: &str| fs::metadata(at(name)).unwrap().uid();
    for name in ["", "own", "data/chats/7/home/.claude", "data/chats/7/inbox"] {
        assert_eq!(owner(name), ROOM, "{name}");
    }
    for name in ["data", "data/chats/7", "bridge.toml", "2002", "2002/secret"] {
        assert_eq!(owner(name), 0, "{name}");
    }
}

/// A root bridge copies it as root.
#[test]
fn a_conversation_that_comes_belongs_to_the_room_wherever_it_was_cut_off() {
    if !may_choose_users() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().canonicalize().unwrap().join(name);
    for folder in ["w", "inbox", "host/projects/-w", "home/.claude/projects"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    fs::write(at("host/projects/-w/c.jsonl"), "one").unwrap();
    let plan = RoomPlan {
        bound: None,
        view: Some(View::new(Level::Strict)),
        paths: RoomPaths {
            home: at("home"),
            inbox: at("inbox"),
        },
        host_config: Some(at("host")),
        neighbours: Neighbours::default(),
        private: Vec::new(),
        conversation: Conversation::Resume(bridge_actors::ids::ConversationId("c".to_owned())),
        uids: Some(Arc::new(|_, _| Ok(ROOM))),
        logs_in: false,
        first_uid: ROOM,
        network: NetworkLimit::Open,
        marker: String::new(),
    };
    let login = [("ANTHROPIC_API_KEY".into(), "key".into())];
    let came = at("home/.claude/projects/-w/c.jsonl");
    ownership::give(&at("home"), ROOM).unwrap();
    let prepare = || plan.prepare(&at("w"), OsStr::new("sh"), &login).unwrap();
    prepare();
    assert_eq!(fs::metadata(&came).unwrap().uid(), ROOM);
    // What the agent was given once is left alone.
    fs::write(at("home/roots"), "").unwrap();
    prepare();
    assert_eq!(fs::metadata(at("home/roots")).unwrap().uid(), 0);
    // It was cut off behind the copy.
    ownership::take_back(&at("home/.claude"), 0).unwrap();
    std::os::unix::fs::chown(&came, Some(0), Some(0)).unwrap();
    prepare();
    assert_eq!(fs::metadata(&came).unwrap().uid(), ROOM);
}

#[test]
fn certificates_that_the_host_trusts_are_seen_and_nothing_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let one = folder.path().join("company.pem");
    fs::write(&one, "").unwrap();
    let both = format!("{}:/nowhere/at/all", folder.path().display());
    let environment: Vec<(OsString, OsString)> = [
        ("NODE_EXTRA_CA_CERTS", one.display().to_string()),
        ("SSL_CERT_DIR", both),
        ("SSL_CERT_FILE", "relative.pem".to_owned()),
        ("TMPDIR", folder.path().display().to_string()),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into();
    let seen: Vec<_> = certificates(&environment).collect();
    assert_eq!(seen, [one.as_path(), folder.path()]);
}
