//! Which settings hold for which chat.

use super::*;

const ROOT: &str = "/folders";

type Change<'a, T> = &'a dyn Fn(&mut T);

fn agent(model: &str) -> AgentSettings {
    AgentSettings {
        host_settings: HostSettings::LeftOut,
        wall: Wall::Strict,
        model: model.to_owned(),
        effort: "high".to_owned(),
        permission_mode: "plan".to_owned(),
        append_system_prompt: "Be kind.".to_owned(),
        allowed_tools: vec!["Read".to_owned()],
        disallowed_tools: vec!["Bash".to_owned()],
    }
}

fn book(folders: Folders, own: OwnSettings) -> SettingsBook {
    SettingsBook {
        policy: Policy::default(),
        folders,
        agent: agent("sonnet"),
        own: HashMap::from([(ChatId(7), own)]),
        epoch: 3,
    }
}

fn per_chat(owner: Option<i64>) -> Folders {
    Folders::PerChat {
        root: PathBuf::from(ROOT),
        owner: owner.map(ChatId),
    }
}

fn folder_of(book: &SettingsBook, chat: i64) -> String {
    let folder = book.of(ChatId(chat)).folder;
    folder.to_str().expect("UTF-8").to_owned()
}

/// What chat 7 goes by when it has `own`; chat 8 must go by what holds for all.
fn agent_with(own: OwnSettings) -> AgentSettings {
    let book = book(per_chat(None), own);
    assert_eq!(book.of(ChatId(8)).agent, agent("sonnet"));
    book.of(ChatId(7)).agent
}

#[test]
fn a_chat_without_settings_of_its_own_goes_by_those_of_all() {
    let book = book(per_chat(None), OwnSettings::default());
    for chat in [7, 8] {
        let expected = SessionSettings {
            policy: Policy::default(),
            folder: PathBuf::from(format!("/folders/{chat}")),
            agent: agent("sonnet"),
            epoch: 3,
        };
        assert_eq!(book.of(ChatId(chat)), expected);
    }
}

/// Chat 7 goes by the common settings but for the changed key.
fn check_own(change: Change<'_, OwnSettings>, expected_change: Change<'_, AgentSettings>) {
    let (mut own, mut expected) = (OwnSettings::default(), agent("sonnet"));
    change(&mut own);
    expected_change(&mut expected);
    assert_eq!(agent_with(own), expected);
}

#[test]
fn each_text_of_a_chats_own_stands_over_the_common_one_alone() {
    check_own(
        &|own| {
            own.model = Some("own".into());
        },
        &|all| {
            all.model = "own".into();
        },
    );
    check_own(
        &|own| {
            own.effort = Some("own".into());
        },
        &|all| {
            all.effort = "own".into();
        },
    );
    check_own(
        &|own| {
            own.permission_mode = Some("own".into());
        },
        &|all| {
            all.permission_mode = "own".into();
        },
    );
    check_own(
        &|own| {
            own.append_system_prompt = Some("own".into());
        },
        &|all| {
            all.append_system_prompt = "own".into();
        },
    );
}

#[test]
fn each_list_of_rules_of_a_chats_own_stands_over_the_common_one_alone() {
    let one = || vec!["own".to_owned()];
    check_own(
        &|own| {
            own.allowed_tools = Some(one());
        },
        &|all| {
            all.allowed_tools = one();
        },
    );
    check_own(
        &|own| {
            own.disallowed_tools = Some(one());
        },
        &|all| {
            all.disallowed_tools = one();
        },
    );
}

#[test]
fn an_own_key_that_is_empty_takes_the_common_one_away() {
    let own = OwnSettings {
        model: Some(String::new()),
        allowed_tools: Some(Vec::new()),
        ..OwnSettings::default()
    };
    let expected = AgentSettings {
        model: String::new(),
        allowed_tools: Vec::new(),
        ..agent("sonnet")
    };
    assert_eq!(agent_with(own), expected);
}

#[test]
fn a_shared_folder_is_everybodys() {
    let book = book(Folders::Shared(PathBuf::from(ROOT)), OwnSettings::default());
    for chat in [7, 8, -100] {
        assert_eq!(folder_of(&book, chat), ROOT);
    }
}

#[test]
fn each_chat_has_a_folder_named_by_its_id_and_a_group_by_its_negative_one() {
    let book = book(per_chat(None), OwnSettings::default());
    assert_eq!(folder_of(&book, 7), "/folders/7");
    assert_eq!(folder_of(&book, 8), "/folders/8");
    assert_eq!(folder_of(&book, -100), "/folders/-100");
}

#[test]
fn the_owner_stays_in_the_root_and_nobody_else_is_there() {
    let book = book(per_chat(Some(8)), OwnSettings::default());
    assert_eq!(folder_of(&book, 8), ROOT);
    assert_eq!(folder_of(&book, 7), "/folders/7");
    assert_eq!(folder_of(&book, -8), "/folders/-8");
}

#[test]
fn a_folder_of_its_own_wins_over_every_rule() {
    let own = || OwnSettings {
        folder: Some(PathBuf::from("/elsewhere")),
        ..OwnSettings::default()
    };
    let shared = Folders::Shared(PathBuf::from(ROOT));
    for folders in [shared, per_chat(None), per_chat(Some(7))] {
        assert_eq!(folder_of(&book(folders, own()), 7), "/elsewhere");
    }
}

#[test]
fn the_settings_of_the_hosts_user_hold_where_it_is_said_and_nowhere_else() {
    let model = OwnSettings {
        model: Some("opus".to_owned()),
        ..OwnSettings::default()
    };
    let mut book = book(per_chat(None), model);
    book.keep_host_settings(ChatId(7));
    book.keep_host_settings(ChatId(9));
    let of = |chat| book.of(ChatId(chat)).agent;
    assert_eq!(of(7).host_settings, HostSettings::Kept);
    assert_eq!(of(7).model, "opus");
    assert_eq!(of(8).host_settings, HostSettings::LeftOut);
    assert_eq!(of(9).host_settings, HostSettings::Kept);
}

#[test]
fn a_wall_of_its_own_holds_for_one_chat_alone() {
    let own = OwnSettings {
        wall: Some(Wall::Off),
        ..OwnSettings::default()
    };
    let book = book(per_chat(None), own);
    assert_eq!(book.of(ChatId(7)).agent.wall, Wall::Off);
    assert_eq!(book.of(ChatId(8)).agent.wall, Wall::Strict);
}
