//! Who may come in and what they have of their own, as the configuration says it.

use expect_test::{Expect, expect};

use super::*;

fn refused(text: &str, expected: &Expect) {
    expected.assert_eq(&Bench::with_file(text).problems());
}

fn warnings(text: &str) -> Vec<String> {
    let bench = Bench::with_file(text);
    let dir = bench.dir.path().display().to_string();
    let warnings = bench.load().warnings.into_iter();
    warnings.map(|line| line.replace(&dir, "DIR")).collect()
}

fn ids(list: &[i64]) -> BTreeSet<UserId> {
    list.iter().copied().map(UserId).collect()
}

#[test]
fn many_people_and_what_they_have_of_their_own_arrive() {
    let bench = Bench::with_file(
        r#"
        workspace.per_user = false
        [multi_user]
        enabled = true
        allowed_users = [1, 2, 2]
        denied_users = [4503599627370495]
        admin_users = [3]
        strangers = "refuse"
        [users.123]
        dir = "site"
        model = "opus"
        effort = "high"
        permission_mode = "plan"
        append_system_prompt = "Answer in German."
        allowed_tools = ["Read"]
        disallowed_tools = ["Bash"]
        [users.-1001234567890]
        model = "haiku"
        [users."-7"]
        model = ""
        [limits]
        messages_per_minute = 1000
        "#,
    );
    fs::create_dir(bench.path("site")).unwrap();
    let config = bench.load().config;
    assert!(!config.workspace.per_user);
    assert_eq!(config.limits.messages_per_minute, 1000);
    let many = MultiUser {
        enabled: true,
        allowed_users: ids(&[1, 2]),
        denied_users: ids(&[4_503_599_627_370_495]),
        admin_users: ids(&[3]),
        strangers: Strangers::Refuse,
    };
    assert_eq!(config.multi_user, many);
    let own = UserOverrides {
        dir: Some(bench.path("site")),
        model: Some("opus".into()),
        effort: Some("high".into()),
        permission_mode: Some(PermissionMode::Plan),
        append_system_prompt: Some("Answer in German.".into()),
        allowed_tools: Some(vec!["Read".into()]),
        disallowed_tools: Some(vec!["Bash".into()]),
        read: Vec::new(),
        write: Vec::new(),
        cost_per_day: None,
        turns_per_day: None,
    };
    assert_eq!(config.users.get(&ChatId(123)), Some(&own));
    let group = config.users.get(&ChatId(-1_001_234_567_890)).unwrap();
    assert_eq!(group.model.as_deref(), Some("haiku"));
    // An empty text is a choice: Claude's own default in place of everybody's.
    let other = config.users.get(&ChatId(-7)).unwrap();
    assert_eq!(other.model.as_deref(), Some(""));
}

#[test]
fn variables_set_what_a_file_can() {
    let bench = Bench::with_file("[users.123]\nmodel = \"opus\"\neffort = \"low\"\n")
        .var("BRIDGE__MULTI_USER__ENABLED", " true ")
        .var("BRIDGE__MULTI_USER__ADMIN_USERS", "[1, 2]")
        .var("BRIDGE__MULTI_USER__DENIED_USERS", "3,4")
        .var("BRIDGE__MULTI_USER__ALLOWED_USERS", "")
        .var("BRIDGE__USERS__123__MODEL", "haiku")
        .var("BRIDGE__USERS__5__ALLOWED_TOOLS", "Read, Bash(git status)");
    let config = bench.load().config;
    assert!(config.multi_user.enabled);
    assert_eq!(config.multi_user.admin_users, ids(&[1, 2]));
    assert_eq!(config.multi_user.denied_users, ids(&[3, 4]));
    assert_eq!(config.multi_user.allowed_users, ids(&[]));
    let own = config.users.get(&ChatId(123)).unwrap();
    assert_eq!(own.model.as_deref(), Some("haiku"));
    assert_eq!(own.effort.as_deref(), Some("low"));
    let other = config.users.get(&ChatId(5)).unwrap();
    let tools = ["Read".to_owned(), "Bash(git status)".to_owned()];
    assert_eq!(other.allowed_tools.as_deref(), Some(&tools[..]));
}

#[test]
fn what_cannot_be_meant_is_told_with_its_place() {
    refused(
        "[workspace]\nper_user = \"yes\"\n[multi_user]\nenabled = 1\nallowed_users = [\"@anna\"]\n\
         denied_users = 5\nadmin_users = [1.5]\nstrangers = \"maybe\"\nallowed_user = []\n\
         [limits]\nmessages_per_minute = 0\n",
        &expect![[r#"
            cannot use the configuration: 8 problems
              DIR/bridge.toml:2: workspace.per_user: found the text "yes"
                allowed: true or false
              DIR/bridge.toml:4: multi_user.enabled: found the number 1
                allowed: true or false
              DIR/bridge.toml:5: multi_user.allowed_users: found a list with the text "@anna"
                allowed: a list of numeric user ids, such as [123456789]
              DIR/bridge.toml:6: multi_user.denied_users: found the number 5
                allowed: a list of numeric user ids, such as [123456789]
              DIR/bridge.toml:7: multi_user.admin_users: found a list with the number 1.5
                allowed: a list of numeric user ids, such as [123456789]
              DIR/bridge.toml:8: multi_user.strangers: found the text "maybe"
                allowed: ask, open, refuse
              DIR/bridge.toml:9: multi_user.allowed_user: there is no such key
                did you mean allowed_users?
              DIR/bridge.toml:11: limits.messages_per_minute: found the number 0
                allowed: a whole number from 1 to 1000"#]],
    );
    refused(
        "[users]\nmodel = \"opus\"\n[users.0]\nmodel = \"a\"\n[users.anna]\nmodel = \"a\"\n\
         [users.007]\nmodel = \"a\"\n[users.\"+5\"]\nmodel = \"a\"\n[users.\" 5\"]\nmodel = \"a\"\n\
         [users.9223372036854775808]\nmodel = \"a\"\n[users.5]\nmodle = \"a\"\n[users.6]\n\
         effort = \"huge\"\ndir = \"nowhere\"\nallowed_tools = \"Read\"\npermission_mode = \"x\"\n",
        &expect![[r#"
            cannot use the configuration: 12 problems
              DIR/bridge.toml:2: users.model: "model" is not the id of a person or group
                write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus
              DIR/bridge.toml:3: users.0: "0" is not the id of a person or group
                write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus
              DIR/bridge.toml:5: users.anna: "anna" is not the id of a person or group
                write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus
              DIR/bridge.toml:7: users.007: "007" is not the id of a person or group
                write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus
              DIR/bridge.toml:9: users.+5: "+5" is not the id of a person or group
                write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus
              DIR/bridge.toml:11: users. 5: " 5" is not the id of a person or group
                write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus
              DIR/bridge.toml:13: users.9223372036854775808: "9223372036854775808" is not the id of a person or group
                write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus
              DIR/bridge.toml:16: users.5.modle: there is no such key
                did you mean model?
              DIR/bridge.toml:18: users.6.effort: found the text "huge"
                allowed: low, medium, high, xhigh, max, or "" for Claude's own default
              DIR/bridge.toml:19: users.6.dir: there is no folder DIR/nowhere
                create it, or name another folder
              DIR/bridge.toml:20: users.6.allowed_tools: found the text "Read"
                allowed: a list of texts, such as ["Read", "Bash(git status)"]
              DIR/bridge.toml:21: users.6.permission_mode: found the text "x"
                allowed: default, acceptEdits, plan, dontAsk, bypassPermissions"#]],
    );
}

#[test]
fn ids_that_no_person_has_are_refused() {
    refused(
        "[multi_user]\nallowed_users = [-100123]\ndenied_users = [0]\n\
         admin_users = [4503599627370496]\n",
        &expect![[r#"
            cannot use the configuration: 3 problems
              DIR/bridge.toml:2: multi_user.allowed_users: -100123 is the id of a group, not of a person
                list the numeric ids of people; an administrator allows a group with /allow_group, and each person in it is still checked
              DIR/bridge.toml:3: multi_user.denied_users: nobody can have the id 0
                allowed: a list of numeric user ids, such as [123456789]
              DIR/bridge.toml:4: multi_user.admin_users: nobody can have the id 4503599627370496
                allowed: a list of numeric user ids, such as [123456789]"#]],
    );
    let bench = Bench::new()
        .var("BRIDGE__MULTI_USER__ADMIN_USERS", "1, +, anna")
        .var("BRIDGE__USERS__ANNA__MODEL", "opus")
        .var("BRIDGE__USERS__5__MODLE", "opus")
        .var("BRIDGE__USERS__7", "opus");
    expect![[r#"
        cannot use the configuration: 4 problems
          BRIDGE__MULTI_USER__ADMIN_USERS: multi_user.admin_users: found a list with the text "+"
            allowed: a list of numeric user ids, such as [123456789]
          BRIDGE__USERS__5__MODLE: users.5.modle: there is no such key
            did you mean model?
          BRIDGE__USERS__7: users.7: expected a section, found the text "opus"
            write [users.7] and put its keys below it
          BRIDGE__USERS__ANNA__MODEL: users.anna: "anna" is not the id of a person or group
            write [users.ID] with the numeric id in plain digits; /whoami shows people theirs, and the id of a group starts with a minus"#]].assert_eq(&bench.problems());
}

#[test]
fn a_folder_of_ones_own_stays_apart_from_the_bridges_files() {
    let bench = Bench::with_file(
        "[storage]\ndir = \"data\"\n[users.5]\ndir = \"data/inside\"\n[users.6]\ndir = \".\"\n\
         [users.7]\ndir = \"\"\n",
    );
    fs::create_dir_all(bench.path("data/inside")).unwrap();
    expect![[r#"
        cannot use the configuration: 2 problems
          DIR/bridge.toml:4: users.5.dir: DIR/data/inside is in storage.dir DIR/data, where the bridge keeps its own files
            name another folder
          DIR/bridge.toml:8: users.7.dir: the setting is empty
            allowed: the path of an existing folder"#]].assert_eq(&bench.problems());
}

#[test]
fn what_deserves_a_second_look_is_warned_of() {
    let found = warnings(
        "[workspace]\nper_user = false\n[multi_user]\nenabled = true\nallowed_users = [1]\n\
         denied_users = [1, 2]\nadmin_users = [2, 3]\nstrangers = \"open\"\n[users.1]\n\
         permission_mode = \"bypassPermissions\"\ndir = \"/\"\n[users.4]\ndir = \"/\"\n",
    );
    expect![[r#"
        1 is in both multi_user.allowed_users and multi_user.denied_users; denied_users wins, so they are kept out
        2 is in both multi_user.admin_users and multi_user.denied_users; denied_users wins, so they are kept out
        multi_user.strangers is "open": anyone who finds the bot can run commands on this machine as the user that runs the bridge
        workspace.per_user is false: everyone works in one folder and sees the others' files
        [users.1] has no effect: multi_user.denied_users keeps this person out
        users.1.permission_mode is bypassPermissions: Claude runs every command without asking, even one that a message or a file tricks it into
        [users.1] and [users.4] share a folder and see each other's files"#]].assert_eq(&found.join("\n"));
    let found = warnings("[multi_user]\ndenied_users = [1]\n[users.1]\nmodel = \"opus\"\n");
    expect!["multi_user.enabled is false, so the lists in [multi_user] have no effect"]
        .assert_eq(&found.join("\n"));
    assert_eq!(warnings("[users.1]\nmodel = \"opus\"\n"), [""; 0]);
}

#[test]
fn one_folder_by_two_names_is_one_folder() {
    let bench = Bench::with_file("[users.1]\ndir = \"site\"\n[users.2]\ndir = \"link\"\n");
    fs::create_dir(bench.path("site")).unwrap();
    std::os::unix::fs::symlink(bench.path("site"), bench.path("link")).unwrap();
    let warnings = bench.load().warnings;
    let shared = "[users.1] and [users.2] share a folder and see each other's files";
    assert_eq!(warnings, [shared]);
}

#[test]
fn a_person_has_limits_of_money_and_so_have_all_together() {
    let text = "[users.123]\ncost_per_day = 5.5\nturns_per_day = 100\n\
                [users.124]\ncost_per_day = 3\n[users.125]\ncost_per_day = 0\nturns_per_day = 0\n\
                [limits]\ncost_per_day = 20.0\n";
    let config = Bench::with_file(text).load().config;
    let own = |id| {
        let own = &config.users[&ChatId(id)];
        (own.cost_per_day, own.turns_per_day)
    };
    assert_eq!(own(123), (Some(5_500_000), Some(100)));
    assert_eq!(own(124), (Some(3_000_000), None));
    assert_eq!(own(125), (None, None));
    assert_eq!(config.limits.cost_per_day, Some(20_000_000));
    let bench = Bench::with_file("").var("BRIDGE__LIMITS__COST_PER_DAY", " 2.5 ");
    let config = bench.load().config;
    assert_eq!(config.limits.cost_per_day, Some(2_500_000));
}

#[test]
fn limits_of_money_that_make_no_sense_are_refused() {
    let bench = Bench::with_file(
        r#"
[limits]
cost_per_day = -1
[users.1]
cost_per_day = "5 dollars"
turns_per_day = -3
[users.2]
cost_per_day = 0.001
turn_per_day = 5
[users.-100]
cost_per_day = 5
"#,
    );
    expect![[r#"
        cannot use the configuration: 6 problems
          DIR/bridge.toml:3: limits.cost_per_day: found the number -1
            allowed: US dollars a day such as 5.0, from 0.01 to 1000000, or 0 for no limit
          DIR/bridge.toml:5: users.1.cost_per_day: found the text "5 dollars"
            allowed: US dollars a day such as 5.0, from 0.01 to 1000000, or 0 for no limit
          DIR/bridge.toml:6: users.1.turns_per_day: found the number -3
            allowed: a whole number from 1 to 100000, or 0 for no limit
          DIR/bridge.toml:8: users.2.cost_per_day: found the number 0.001
            allowed: US dollars a day such as 5.0, from 0.01 to 1000000, or 0 for no limit
          DIR/bridge.toml:9: users.2.turn_per_day: there is no such key
            did you mean turns_per_day?
          DIR/bridge.toml:11: users.-100.cost_per_day: -100 is the id of a group, and limits of money are a person's
            set it for each person in the group, or limits.cost_per_day for all"#]].assert_eq(&bench.problems());
}
