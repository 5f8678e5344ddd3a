//! Promise: the real Claude Code program finds the bridge's tool, calls it unasked, and hears the truth.

use std::fs;

use crate::support::bridge::{OWNER, World};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    the_tool_is_listed_and_a_file_of_the_folder_is_sent_unasked,
    the_bridge_asks_about_a_file_outside_in_every_mode,
    a_stop_while_the_person_is_asked_takes_the_request_back,
);

const TOOL: &str = "mcp__bridge__send_file";

fn send(path: &str) -> String {
    format!("tool {TOOL} {{\"paths\":[\"{path}\"],\"caption\":\"here\"}} ;; say that was it")
}

/// Returns the names of the files that the bot has sent.
fn sent(world: &World) -> Vec<String> {
    world.playground.look(|view| {
        let files = view
            .bot_posts(OWNER)
            .filter_map(|post| post.attachment.as_ref());
        files.map(|file| file.file_name.clone()).collect()
    })
}

fn the_tool_is_listed_and_a_file_of_the_folder_is_sent_unasked(claude: &RealClaude) {
    for mode in ["default", "acceptEdits", "plan", "dontAsk"] {
        let mut world = World::with_real_claude(claude);
        world.set("claude.permission_mode", format!("{mode:?}"));
        let bridge = world.start();
        fs::write(claude.project().join("report.txt"), "all is well").expect("a file");
        world.say_and_see(&send("report.txt"), "that was it");
        assert_eq!(sent(&world), ["report.txt"], "{mode}");
        let texts = world.bot_texts(OWNER).join("\n");
        assert!(!texts.contains("🔐"), "{mode}: {texts}");
        let requests = claude.api.requests();
        let last = requests.last().expect("there were requests");
        for known in [
            "Sends files to the person",
            "Delivered to the chat: report.txt.",
        ] {
            assert!(last.contains(known), "{mode}: {known:?} is not in {last:?}");
        }
        bridge.stop();
        world.assert_no_violations();
    }
}

fn the_bridge_asks_about_a_file_outside_in_every_mode(claude: &RealClaude) {
    for mode in ["default", "dontAsk"] {
        let mut world = World::with_real_claude(claude);
        world.set("claude.permission_mode", format!("{mode:?}"));
        let _bridge = world.start();
        let outside = world.path("outside.txt");
        fs::write(&outside, "outside").expect("a file");
        let outside = outside
            .canonicalize()
            .expect("it is there")
            .display()
            .to_string();
        let asked = world.say_and_see(&send(&outside), "Claude wants to send you files");
        assert!(asked.text.contains(&outside), "{}", asked.text);
        world.press(&asked, "✕ Deny");
        world.see_after(OWNER, asked.message_id, "that was it");
        let last = claude.api.requests().pop().expect("there were requests");
        assert!(
            last.contains("Nothing was sent. The user denied this."),
            "{last:?}"
        );
        assert_eq!(sent(&world), [""; 0], "{mode}");
    }
}

fn a_stop_while_the_person_is_asked_takes_the_request_back(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    fs::write(world.path("outside.txt"), "outside").expect("a file");
    let outside = world.path("outside.txt").display().to_string();
    let asked = world.say_and_see(&send(&outside), "Claude wants to send you files");
    world.playground.say(OWNER, "/stop");
    world.see_edited(&asked, "no longer asks");
    world.see_after(OWNER, asked.message_id, "Stopped");
    world.say_and_see("say still there", "still there");
    assert_eq!(sent(&world), [""; 0]);
}
