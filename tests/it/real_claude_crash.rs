//! Promise: a kill of the bridge at any point of a turn of the real Claude Code runs no tool twice
//! and leaves one outcome.
//!
//! This guards what is not documented: that the CLI works on no message twice whose `uuid` its
//! conversation has, also across `--resume`. Ten points on each supported version.

use std::fs;

use playground::Post;

use crate::support::bridge::{OWNER, World};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(no_kill_runs_a_tool_twice);

const POINTS: [&str; 10] = [
    "session.launched",
    "agent.ready",
    "session.synced",
    "session.written",
    "agent.taken",
    "agent.turn_started",
    "agent.attempt",
    "agent.tool",
    "agent.said",
    "agent.turn_ended",
];

fn no_kill_runs_a_tool_twice(claude: &RealClaude) {
    for point in POINTS {
        let mut world = World::with_real_claude(claude);
        world.set("claude.allowed_tools", r#"["Bash"]"#);
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        let prompt = format!("bash echo ran >> {point}.txt ;; say done at {point}.");
        world.playground.say(OWNER, &prompt);
        bridge.wait();
        world.unset_env("FAILPOINTS");
        let calls_before = claude.api.prompts().len();
        let _bridge = world.start();
        let is_answer = |post: &Post| post.text.contains(&format!("done at {point}."));
        let is_offer = |post: &Post| post.text.contains("What should become of it?");
        world.wait(&format!("an outcome after {point}"), |view| {
            let mut posts = view.bot_posts(OWNER);
            posts
                .find(|post| is_answer(post) || is_offer(post))
                .cloned()
        });
        world.say_and_see("say and on", "and on");
        let all = world.playground.chat(OWNER);
        let answers = all
            .iter()
            .filter(|post| is_answer(post) && post.author == playground::Author::Bot)
            .count();
        let offers = all.iter().filter(|post| is_offer(post)).count();
        assert_eq!(
            answers + offers,
            1,
            "{point}: {answers} answers, {offers} offers"
        );
        let ran = fs::read_to_string(claude.project().join(format!("{point}.txt")));
        let ran = ran.unwrap_or_default().lines().count();
        assert!(ran <= 1, "{point}: the tool ran {ran} times");
        assert!(
            answers == 0 || ran == 1,
            "{point}: answered, and the tool never ran"
        );
        if offers == 1 {
            let calls = claude.api.prompts().len() - calls_before;
            assert_eq!(calls, 1, "{point}: only the next message reached the model");
        }
    }
}
