//! The bridge and its rooms: who gets which wall, what they are told, and what it changes.

use std::process::Command;

use bridge::claude::guard::Containment;
use playground::{AttachmentKind, Post, Upload};

use crate::support::agent_tree::BRIDGE;
use crate::support::bridge::{OWNER, World};

pub(super) const ANNA: i64 = 2002;
pub(super) const BEN: i64 = 3003;

/// Returns a bridge that many people share, with nothing written about walls.
pub(super) fn shared() -> World {
    let mut world = World::new();
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}, {BEN}]"));
    world.set("claude.isolation", r#""""#);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    // The rehearsal agent is the bridge's own program.
    world.set("isolation.read", format!("[{BRIDGE:?}]"));
    world.env("ANTHROPIC_API_KEY", "key");
    world.unset_env("REHEARSAL_LEDGER");
    for (person, name) in [(ANNA, "Anna"), (BEN, "Ben")] {
        world.playground.user(person, name);
    }
    world
}

pub(super) fn ask(world: &World, person: i64, text: &str, expected: &str) -> Post {
    let said = world.playground.say(person, text);
    world.see_after(person, said.message_id, expected)
}

/// Says whether this machine lets the tests make namespaces.
pub(super) fn has_namespaces() -> bool {
    let containments = [Containment::Namespace, Containment::UserNamespace];
    let has = containments.iter().any(|it| it.works(BRIDGE.as_ref()));
    if !has {
        use std::io::Write as _;
        writeln!(std::io::stderr(), "skipped: no namespaces here").ok();
    }
    has
}

#[test]
fn of_a_shared_bridge_everybody_but_the_owner_has_a_room_of_their_own() {
    if !has_namespaces() {
        return;
    }
    let world = shared();
    let _bridge = world.start();
    let secret = world.path("project").join(BEN.to_string()).join("secret");
    ask(
        &world,
        BEN,
        "rehearse: bash echo plum > secret; pwd",
        "project/3003",
    );
    assert!(secret.exists());
    let secret = secret.display();
    let toml = world.path("bridge.toml").display().to_string();
    let data = world.path("data").display().to_string();
    let script = format!(
        "rehearse: bash cat {secret} {toml} | wc -c; ls {data}; echo mine > own; cat own; \
         echo home=$HOME"
    );
    let said = ask(&world, ANNA, &script, "home=").text;
    assert!(said.contains("0\nchats\nmine\n"), "{said}");
    assert!(said.contains("/data/chats/2002/home"), "{said}");
    ask(&world, ANNA, "/status", "🔒 Own room (strict)");
    let script = format!("rehearse: bash cat {secret}");
    ask(&world, OWNER, &script, "plum");
    let status = ask(&world, OWNER, "/status", "Conversation").text;
    assert!(!status.contains('🔒'), "{status}");
}

#[test]
fn two_people_do_not_reach_each_other_through_files_that_claude_sends() {
    if !has_namespaces() {
        return;
    }
    let world = shared();
    let _bridge = world.start();
    ask(
        &world,
        BEN,
        "rehearse: bash echo plum > secret.txt; pwd",
        "project/3003",
    );
    let secret = world.path("project/3003/secret.txt").display().to_string();
    // Nobody is asked: what is not in the room is not there.
    ask(
        &world,
        ANNA,
        &format!("rehearse: send {secret} + x"),
        "no such file",
    );
    let script = format!("rehearse: bash ln -s {secret} link.txt; echo made");
    ask(&world, ANNA, &script, "made");
    ask(&world, ANNA, "rehearse: send link.txt + x", "no such file");
    let texts = world.bot_texts(ANNA).join("\n");
    assert!(!texts.contains("🔐") && !texts.contains("plum"), "{texts}");
}

#[test]
fn one_path_can_be_opened_for_one_person() {
    if !has_namespaces() {
        return;
    }
    let mut world = shared();
    let shared_folder = world.path("home");
    std::fs::write(shared_folder.join("read-me"), "open\n").expect("a file");
    let path = shared_folder.display().to_string();
    world.set("users.2002.read", format!("[{path:?}]"));
    let _bridge = world.start();
    let script = format!("rehearse: bash cat {path}/read-me; touch {path}/x; echo done");
    let said = ask(&world, ANNA, &script, "done").text;
    assert!(said.contains("open\n"), "{said}");
    assert!(!shared_folder.join("x").exists());
    let said = ask(&world, BEN, &script, "done").text;
    assert!(!said.contains("open\n"), "{said}");
}

#[test]
fn a_room_without_a_login_starts_no_agent_and_says_so() {
    if !has_namespaces() {
        return;
    }
    let mut world = shared();
    world.unset_env("ANTHROPIC_API_KEY");
    let _bridge = world.start();
    ask(&world, ANNA, "hello", "no login for Claude");
    world.see_after(OWNER, 0, "claude.credentials");
    let said = check(&mut world.command(), &[]);
    assert!(said.contains("claude.credentials"), "{said}");
    ask(&world, OWNER, "rehearse: say hi", "hi");
}

#[test]
fn the_login_of_rooms_reaches_them_and_not_the_owner() {
    if !has_namespaces() {
        return;
    }
    let mut world = shared();
    world.unset_env("ANTHROPIC_API_KEY");
    world.env("ROOM_KEY", "sk-ant-api03-room");
    world.set("claude.credentials", r#""env:ROOM_KEY""#);
    let _bridge = world.start();
    let script = "rehearse: bash echo \"key=$ANTHROPIC_API_KEY$ROOM_KEY.\"; \
                  cat <&\"$CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR\"";
    ask(&world, ANNA, script, "key=.\nsk-ant-api03-room");
    ask(&world, OWNER, script, "key=.");
}

#[test]
fn what_listens_to_a_walled_chat_sees_the_recording_and_what_its_arguments_name() {
    if !has_namespaces() {
        return;
    }
    let mut world = shared();
    std::fs::write(world.path("home/model"), "model\n").expect("a file");
    let model = world.path("home/model").display().to_string();
    let toml = world.path("bridge.toml").display().to_string();
    let inbox = world.path("data/chats/2002/inbox").display().to_string();
    let script = "cat $0 $1; cat $2 2>/dev/null; ls $3 2>/dev/null; touch $1.x made; ls; \
                  case $HOME in */listening/*) echo own home;; esac";
    // What is the bridge's stays so, even if an argument names it.
    let argv = format!("['sh', '-c', '{script}', '{{file}}', '{model}', '{toml}', '{inbox}']");
    world.set("voice.transcribe", argv);
    let _bridge = world.start();
    let voice = Upload {
        kind: AttachmentKind::Voice,
        ..Upload::document("voice.ogg", "audio/ogg", "tea\n")
    };
    let said = world.playground.send_file(ANNA, voice);
    let heard = world
        .see_after(ANNA, said.message_id, "🎙 I heard:\ntea")
        .text;
    let expected = "tea\nmodel\nmade\nrecording.ogg\nown home";
    assert!(heard.contains(expected), "{heard}");
    assert!(!world.path("home/model.x").exists());
}

#[test]
fn what_a_person_left_is_shown_and_deleted_at_the_host() {
    if !has_namespaces() {
        return;
    }
    let world = shared();
    let rooms = |arguments: &[&str]| {
        let mut command = world.command();
        let output = command.arg("rooms").args(arguments).output().expect("runs");
        let said = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&said).into_owned()
    };
    let bridge = world.start();
    ask(
        &world,
        ANNA,
        "rehearse: bash echo plum > $HOME/mine; echo done",
        "done",
    );
    ask(
        &world,
        BEN,
        "rehearse: bash echo pear > $HOME/mine; echo done",
        "done",
    );
    let busy = rooms(&["delete", "2002", "--yes"]);
    assert!(busy.contains("a bridge is running"), "{busy}");
    bridge.stop();
    let list = rooms(&["list"]);
    assert!(list.contains("2002  ") && list.contains("3003  "), "{list}");
    let home = |person: i64| world.path("data/chats").join(person.to_string());
    let asked = rooms(&["delete", "2002"]);
    assert!(asked.contains("add --yes"), "{asked}");
    assert!(home(ANNA).join("home/mine").exists());
    let said = rooms(&["delete", "2002", "--yes"]);
    assert!(said.contains("deleted the room of chat 2002"), "{said}");
    assert!(said.contains("project/2002"), "{said}");
    assert!(!home(ANNA).exists() && home(BEN).join("home/mine").exists());
    let log = std::fs::read_to_string(world.path("data/audit.jsonl")).expect("a log");
    let deletion = |outcome: &str| {
        let mut lines = log.lines().filter(|line| line.contains("delete_room"));
        lines.any(|line| line.contains(outcome) && line.contains("2002"))
    };
    assert!(deletion("begun") && deletion("done"), "{log}");
    let none = rooms(&["delete", "2002", "--yes"]);
    assert!(none.contains("no room of chat 2002"), "{none}");
    let _bridge = world.start();
    ask(&world, ANNA, "rehearse: bash ls $HOME; echo anew", "anew");
}

#[test]
fn check_shows_what_a_room_sees() {
    let mut world = shared();
    world.set("users.2002.read", r#"["/srv"]"#);
    let said = check(&mut world.command(), &["--room", "2002"]);
    assert!(said.contains("room of chat 2002"), "{said}");
    if has_namespaces() {
        for line in [
            "level          strict",
            "also reads     /srv",
            "never sees",
            "memory         ",
        ] {
            assert!(said.contains(line), "{line}: {said}");
        }
    }
}

pub(super) fn check(command: &mut Command, further: &[&str]) -> String {
    let has_role = command.get_args().any(|argument| argument == "check");
    command.args((!has_role).then_some("check")).args(further);
    let output = command.output().expect("runs");
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}
