//! Where relative paths start, and what is said of folders.

use expect_test::{Expect, expect};

use super::*;

/// Returns a bench whose file lies in `etc`, below the folder where the bridge is started.
fn with_file_elsewhere(text: &str) -> Bench {
    let mut bench = Bench::new().file("etc/my.toml", text);
    bench.options.file = Some("etc/my.toml".into());
    bench
}

fn make_store(bench: &Bench, data: &str) {
    fs::create_dir_all(bench.path(data).join("store")).unwrap();
}

/// Returns the warnings, with the working folder as `DIR`.
fn warnings(bench: &Bench) -> String {
    let dir = bench.dir.path().display().to_string();
    bench.load().warnings.join("\n").replace(&dir, "DIR")
}

fn check(bench: &Bench, expected: &Expect) {
    expected.assert_eq(&bench.problems());
}

#[test]
fn all_paths_of_a_file_and_the_defaults_start_at_its_folder() {
    let text = "[telegram]\ntoken_file = \"token\"\n[single_user]\nchat_id_file = \"id\"\n\
                [claude]\nbinary = \"./claude\"\n[users.7]\ndir = \"seven\"\n";
    let bench = with_file_elsewhere(text).file("etc/token", TOKEN);
    let bench = bench.file("etc/seven/keep", "");
    origins::private(&bench.path("etc/token"));
    let config = bench.load().config;
    assert_eq!(config.workspace.dir, bench.path("etc"));
    assert_eq!(config.storage.dir, bench.path("etc/data"));
    assert_eq!(config.telegram.token_file, Some(bench.path("etc/token")));
    assert_eq!(config.single_user.chat_id_file, Some(bench.path("etc/id")));
    assert_eq!(config.claude.binary, bench.path("etc/claude"));
    let own = config.users[&ChatId(7)].dir.clone();
    assert_eq!(own, Some(bench.path("etc/seven")));
}

#[test]
fn without_a_file_the_defaults_start_where_the_bridge_is_started() {
    let bench = Bench::new();
    let config = bench.load().config;
    assert_eq!(config.workspace.dir, bench.dir.path());
    assert_eq!(config.storage.dir, bench.path("data"));
}

#[test]
fn paths_of_variables_start_where_the_bridge_is_started() {
    let bench = with_file_elsewhere("[workspace]\ndir = \"../etc\"");
    assert_eq!(bench.load().config.workspace.dir, bench.path("etc/../etc"));
    let bench = bench.var("BRIDGE__WORKSPACE__DIR", "etc");
    let bench = bench.var("BRIDGE__STORAGE__DIR", "mine");
    let config = bench.load().config;
    assert_eq!(config.workspace.dir, bench.path("etc"));
    assert_eq!(config.storage.dir, bench.path("mine"));
}

#[test]
fn tilde_is_the_home_folder() {
    let bench = Bench::with_file("[storage]\ndir = \"~/bridge-data\"\n[workspace]\ndir = \"~\"");
    let home = bench.dir.path().to_owned();
    let bench = bench.var("HOME", home);
    let config = bench.load().config;
    assert_eq!(config.storage.dir, bench.path("bridge-data"));
    assert_eq!(config.workspace.dir, bench.dir.path());
}

#[test]
fn tilde_without_a_home_and_empty_folders_are_refused() {
    let bench = Bench::with_file(
        "[storage]\ndir = \"\"\n[workspace]\ndir = \"\"\n[claude]\nbinary = \"~/claude\"",
    );
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 3 problems
              DIR/bridge.toml:2: storage.dir: the setting is empty
                allowed: the path of a folder
              DIR/bridge.toml:4: workspace.dir: the setting is empty
                allowed: the path of an existing folder
              DIR/bridge.toml:6: claude.binary: found the text "~/claude", but HOME is not set
                write the full path"#]],
    );
}

#[test]
fn store_where_the_bridge_is_started_is_not_passed_over_in_silence() {
    let bench = with_file_elsewhere("");
    make_store(&bench, "data");
    check(
        &bench,
        &expect![[r#"
            cannot use the configuration: 1 problem
              DIR/etc/my.toml: storage.dir: not set, so the data folder would be DIR/etc/data; it has no store, but DIR/data, where the bridge was started, has one
                to keep that store, move DIR/data to DIR/etc/data, or set storage.dir = "DIR/data"; to start afresh, set storage.dir = "DIR/etc/data""#]],
    );
    // Either way out is one.
    let named = bench.file("etc/my.toml", "[storage]\ndir = \"../data\"");
    assert!(!warnings(&named).contains("store"), "{}", warnings(&named));
    let moved = with_file_elsewhere("");
    make_store(&moved, "etc/data");
    assert!(!warnings(&moved).contains("store"), "{}", warnings(&moved));
}

#[test]
fn second_store_where_the_bridge_is_started_gets_a_warning() {
    let bench = with_file_elsewhere("");
    make_store(&bench, "data");
    make_store(&bench, "etc/data");
    expect![[r#"
        Claude works in DIR/etc, the folder of the configuration file, not in DIR, where the bridge was started: to change that, set workspace.dir
        the bridge uses the data folder DIR/etc/data and ignores the store in DIR/data, where it was started: set storage.dir to use that store, or remove it"#]].assert_eq(&warnings(&bench));
}

#[test]
fn folders_of_people_where_the_bridge_is_started_are_not_left_behind() {
    let shared = "[multi_user]\nenabled = true\nadmin_users = [7]\n";
    let is_told = |text: &str, rooms: [&str; 2]| {
        let bench = rooms.iter().fold(with_file_elsewhere(text), |bench, room| {
            bench.file(&format!("{room}/notes"), "")
        });
        let warnings = warnings(&bench);
        warnings.contains(
            "people's folders go in DIR/etc, which has none yet; those where the \
                           bridge was started, such as DIR/7, are ignored",
        )
    };
    assert!(is_told(shared, ["7", "other"]));
    assert!(!is_told("", ["7", "other"]));
    assert!(!is_told(
        &format!("{shared}[workspace]\ndir = \"..\"\n"),
        ["7", "other"]
    ));
    assert!(!is_told(shared, ["7", "etc/8"]));
}

#[test]
fn own_files_further_down_in_the_workspace_get_a_warning() {
    let load = |storage: &str| {
        let text = format!("[single_user]\nchat_id_file = \"id\"\n[storage]\ndir = \"{storage}\"");
        let bench = Bench::with_file(&text);
        let dir = bench.dir.path().display().to_string();
        bench.load().warnings.join("\n").replace(&dir, "DIR")
    };
    assert_eq!(
        load("var/lib/data"),
        "storage.dir is inside DIR/var, which Claude can move or delete when edits run without \
         asking: put it outside DIR, or directly in it"
    );
    assert_eq!(load("data"), "");
    assert_eq!(load("/var/lib/bridge"), "");
}
