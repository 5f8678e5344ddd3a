//! Promise: an administrator opens one path for one person as `docs/opening-a-path.md` tells it.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use bridge::claude::guard::Containment;
use expect_test::expect_file;
use nix::sys::signal::Signal;
use serde_json::json;

use crate::support::agent_tree::BRIDGE;
use crate::support::bridge::{Bridge, LONG, World};
use crate::support::eventually::eventually;
use crate::support::messages_api::Reply;
use crate::support::real_claude::{RealClaude, for_each_version, report_skipped};

for_each_version!(one_path_is_opened_for_one_person_as_the_page_tells_it);

const ANNA: (i64, &str) = (2002, "Anna");
const BEN: (i64, &str) = (3003, "Ben");

/// Begin and end of what the page quotes.
const OPEN: &str = "```text\n";
const CLOSE: &str = "```\n";

/// What is asked, the command with `PLANS` for the folder, and what Claude makes of it.
const LESSONS: [(&str, &str, &str); 4] = [
    (
        "What do the plans for May say?",
        "cat PLANS/may.md",
        "There is no such file here.",
    ),
    (
        "Look again, please.",
        "cat PLANS/may.md",
        "Now it is there. It says: sow the beans.",
    ),
    (
        "Add: water them.",
        "echo 'water them' >> PLANS/may.md",
        "I cannot: this folder is read-only for me.",
    ),
    (
        "And the plans for May?",
        "cat PLANS/may.md",
        "I find no such file.",
    ),
];

fn one_path_is_opened_for_one_person_as_the_page_tells_it(claude: &RealClaude) {
    let containments = [Containment::Namespace, Containment::UserNamespace];
    if !containments.iter().any(|it| it.works(BRIDGE.as_ref())) {
        report_skipped("no namespaces here");
        return;
    }
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set(
        "multi_user.allowed_users",
        format!("[{}, {}]", ANNA.0, BEN.0),
    );
    world.set("claude.isolation", "\"strict\"");
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let plans = world.path("home/plans");
    fs::create_dir(&plans).unwrap();
    fs::write(plans.join("may.md"), "sow the beans\n").unwrap();
    // It is the room that refuses, whoever the agent is.
    fs::set_permissions(plans.join("may.md"), Permissions::from_mode(0o666)).unwrap();
    let plans = plans.display().to_string();
    for (phrase, command, answer) in LESSONS {
        let command = command.replace("PLANS", &plans);
        let input = json!({"command": command, "description": "Look"});
        let calls = Reply::says("").and_calls("Bash", input);
        claude.api.teach(phrase, [calls, Reply::says(answer)]);
    }
    let talk = |world: &World, (id, name): (i64, &str), lesson: usize, found: &str| {
        let (text, _, answer) = LESSONS[lesson];
        let said = world.playground.say(id, text);
        let post = world.see_after(id, said.message_id, answer);
        let result = claude.api.requests().pop().unwrap().tool_result.unwrap();
        assert!(result.contains(found), "{found}: {result}");
        format!("{name}: {text}\nClaude: {}\n", post.text)
    };

    let bridge = world.start();
    let before = talk(&world, ANNA, 0, "No such file");
    world.set("users.2002.read", format!("[{plans:?}]"));
    let mut opened =
        "$ $EDITOR bridge.toml\n  [users.2002]\n  read = [\"/srv/plans\"]\n".to_owned();
    opened += &room_of_anna(&world, claude);
    reload(&world, &bridge);
    opened += "$ kill -HUP $(pidof bridge)\n";
    let mut after = talk(&world, ANNA, 1, "sow the beans");
    after += &talk(&world, ANNA, 2, "Read-only file system");
    let others = talk(&world, BEN, 3, "No such file");
    check_page([before, opened, after, others]);
}

/// Shows what `bridge check` says of what the room sees, but for what each machine has otherwise.
fn room_of_anna(world: &World, claude: &RealClaude) -> String {
    let mut command = world.command();
    let output = command.args(["check", "--room", "2002"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let shown = ["level", "works in", "home", "inbox", "also"];
    let lines = said.lines().skip_while(|line| !line.starts_with("room of"));
    let mut text = "$ bridge check --room 2002\n  …\n".to_owned();
    for line in lines.filter(|line| {
        line.starts_with("room of") || shown.iter().any(|it| line.trim().starts_with(it))
    }) {
        // Writing to a String cannot fail.
        writeln!(text, "  {line}").ok();
    }
    let folder = |path: &Path| path.canonicalize().unwrap().display().to_string();
    text.replace(
        &world.path("home/plans").display().to_string(),
        "/srv/plans",
    )
    .replace(&folder(claude.project()), "~/work")
    .replace(&claude.project().display().to_string(), "~/work")
    .replace(&folder(&world.path("")), "~/bridge")
}

fn reload(world: &World, bridge: &Bridge) {
    const RELOADED: &str = "is reloaded";
    // Making the command writes the file.
    drop(world.command());
    let before = bridge.output().matches(RELOADED).count();
    bridge.signal(Signal::SIGHUP);
    eventually(RELOADED, LONG, || {
        (bridge.output().matches(RELOADED).count() > before).then_some(())
    });
}

/// Compares the page with what happened; `UPDATE_EXPECT=1` renews what it quotes.
fn check_page(chapters: [String; 4]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/opening-a-path.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut parts = page.split(OPEN);
    let mut renewed = parts.next().unwrap_or_default().to_owned();
    for (part, chapter) in parts.zip(&chapters) {
        let (_, rest) = part.split_once(CLOSE).expect("what is opened is closed");
        renewed += &format!("{OPEN}{chapter}{CLOSE}{rest}");
    }
    expect_file![path].assert_eq(&renewed);
}
