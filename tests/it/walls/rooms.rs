//! The bridge and its rooms: who gets which wall, what they are told, and what it changes.

use std::process::Command;

use bridge::claude::guard::Containment;
use playground::{AttachmentKind, Post, Upload};

use crate::support::agent_tree::BRIDGE;
use crate::support::bridge::{Bridge, OWNER, World};

const ANNA: i64 = 2002;
const BEN: i64 = 3003;

/// Returns a bridge that many people share, with nothing written about walls.
fn shared() -> World {
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

fn ask(world: &World, person: i64, text: &str, expected: &str) -> Post {
    let said = world.playground.say(person, text);
    world.see_after(person, said.message_id, expected)
}

/// Says whether this machine lets the tests make namespaces.
fn has_namespaces() -> bool {
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

/// Returns a bridge on a kernel that lets nobody make a namespace, as the administrators of some
/// systems have it: this one, or one that is played.
fn without_namespaces(world: &World, role: &[&str]) -> Command {
    let line = "echo 0 > /proc/sys/user/max_user_namespaces; \
                exec setpriv --bounding-set=-all --inh-caps=-all -- \"$@\"";
    if !has_namespaces() {
        let mut bridge = world.command();
        bridge.args(role);
        return bridge;
    }
    played(world, role, &["--user", "--map-root-user"], line)
}

/// Returns a bridge in a container that may make namespaces and shows a part of `/proc` alone.
fn in_a_container(world: &World, role: &[&str]) -> Command {
    let line = "mount -t tmpfs -o ro none /proc/sys && exec \"$@\"";
    played(world, role, &["--user", "--map-root-user", "--mount"], line)
}

/// Returns a bridge behind what `unshare` does and a shell that has begun with a line.
fn played(world: &World, role: &[&str], unshared: &[&str], line: &str) -> Command {
    let bridge = world.command();
    let mut command = Command::new("unshare");
    command.args(unshared).args(["sh", "-c", line, "sh"]);
    command
        .arg(bridge.get_program())
        .args(bridge.get_args())
        .args(role);
    command.env_clear();
    for (name, value) in bridge.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    if let Some(folder) = bridge.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

/// Says whether such a kernel can be played here, or is what this is.
fn refuses_namespaces(world: &World) -> bool {
    let played = without_namespaces(world, &["--version"]).output();
    let is_played = played.is_ok_and(|output| output.status.success());
    if !is_played {
        use std::io::Write as _;
        writeln!(
            std::io::stderr(),
            "skipped: a kernel without namespaces cannot be played"
        )
        .ok();
    }
    is_played
}

#[test]
fn where_namespaces_are_refused_landlock_is_the_wall_and_administrators_are_told() {
    let world = shared();
    if !refuses_namespaces(&world) {
        return;
    }
    let said = check(&mut without_namespaces(&world, &["check"]), &[]);
    if !said.contains("landlock, the owner") {
        // Neither, then: that is promised below.
        assert!(said.contains("refused, the owner"), "{said}");
        return;
    }
    let _bridge = Bridge::spawn(without_namespaces(&world, &["run"]));
    ask(
        &world,
        BEN,
        "rehearse: bash echo plum > secret; pwd",
        "project/3003",
    );
    let secret = world.path("project/3003/secret").display().to_string();
    let said = ask(
        &world,
        ANNA,
        &format!("rehearse: bash cat {secret} 2>&1; echo done"),
        "done",
    );
    assert!(said.text.contains("Permission denied"), "{}", said.text);
    ask(&world, ANNA, "/status", "🔒 Own room (landlock)");
    world.see_after(OWNER, 0, "walled by Landlock alone");
}

#[test]
fn where_a_container_masks_proc_landlock_is_the_wall_and_the_way_out_is_named() {
    let world = shared();
    let played = in_a_container(&world, &["--version"]).output();
    if !played.is_ok_and(|output| output.status.success()) {
        use std::io::Write as _;
        writeln!(std::io::stderr(), "skipped: a container cannot be played").ok();
        return;
    }
    let said = check(&mut in_a_container(&world, &["check"]), &[]);
    assert!(said.contains("systempaths=unconfined"), "{said}");
    let _bridge = Bridge::spawn(in_a_container(&world, &["run"]));
    let told = world.see_after(OWNER, 0, "systempaths=unconfined").text;
    assert!(told.contains("cannot mount /proc"), "{told}");
    let level = match said.contains("landlock, the owner") {
        true => "🔒 Own room (landlock)",
        false => "🔒 No room",
    };
    ask(&world, ANNA, "/status", level);
}

#[test]
fn where_no_wall_holds_only_the_owner_is_served_and_learns_what_to_write() {
    let mut world = shared();
    if !refuses_namespaces(&world) {
        return;
    }
    // Landlock cannot hide what lies in a folder that is open: here the data does.
    let folder = world.path("").display().to_string();
    world.set("users.3003.dir", format!("{folder:?}"));
    let bridge = Bridge::spawn(without_namespaces(&world, &["run"]));
    ask(&world, ANNA, "rehearse: say hi", "serves only its owner");
    ask(&world, ANNA, "/status", "🔒 No room");
    ask(&world, OWNER, "rehearse: say hi", "hi");
    let told = world.see_after(OWNER, 0, "only the owner is served").text;
    assert!(told.contains("claude.isolation"), "{told}");
    assert!(
        told.contains("bridge.toml") || told.contains("data"),
        "{told}"
    );
    bridge.stop();
    // The same is not told again.
    let _bridge = Bridge::spawn(without_namespaces(&world, &["run"]));
    ask(&world, OWNER, "rehearse: say again", "again");
    let texts = world.bot_texts(OWNER);
    let told = texts
        .iter()
        .filter(|it| it.contains("only the owner is served"));
    assert_eq!(told.count(), 1, "{texts:#?}");
}

#[test]
fn a_level_that_is_written_and_does_not_hold_ends_the_start() {
    let mut world = shared();
    world.set("claude.isolation", r#""strict""#);
    if !refuses_namespaces(&world) {
        return;
    }
    let output = without_namespaces(&world, &["run"]).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("claude.isolation is \"strict\""), "{said}");
}

fn check(command: &mut Command, further: &[&str]) -> String {
    let has_role = command.get_args().any(|argument| argument == "check");
    command.args((!has_role).then_some("check")).args(further);
    let output = command.output().expect("runs");
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}
