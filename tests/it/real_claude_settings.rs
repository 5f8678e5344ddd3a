//! Promise: what the real Claude Code says of its settings is what the person is told.

use std::process::Command;

use crate::support::bridge::{OWNER, World};
use crate::support::messages_api::RequestKind;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    a_model_is_chosen_in_any_case_and_before_the_first_turn,
    a_plan_that_is_carried_out_with_edits_changes_the_mode_that_is_marked,
    a_worktree_that_claude_enters_is_named,
);

fn a_model_is_chosen_in_any_case_and_before_the_first_turn(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("/model HAIKU", "Model: haiku");
    world.say_and_see("say small", "small");
    let asks_for = |word: &str| {
        let requests = claude.api.requests();
        let mut main = requests
            .iter()
            .filter(|request| request.kind == RequestKind::Main);
        main.next_back()
            .is_some_and(|request| request.contains(word))
    };
    assert!(asks_for("claude-haiku"));
    world.say_and_see("/model Sonnet[1m]", "sonnet[1m]");
    world.say_and_see("say large", "large");
    assert!(asks_for("claude-sonnet"));
    // Nothing is said against a model that is the one that was asked for.
    let said = world.bot_texts(OWNER);
    assert!(
        !said.iter().any(|text| text.contains("but Claude uses")),
        "{said:?}"
    );
    world.assert_no_violations();
}

fn a_plan_that_is_carried_out_with_edits_changes_the_mode_that_is_marked(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("/mode plan", "only plan");
    world.say_and_see("say warm", "warm");
    let marked = |text: &str| {
        let picker = world.say_and_see("/mode", "without asking?");
        let buttons = picker.buttons.iter().flatten();
        let marked: Vec<_> = buttons.filter(|it| it.label.starts_with('●')).collect();
        assert_eq!(marked.len(), 1, "{:?}", picker.buttons);
        assert!(marked[0].label.contains(text), "{:?}", marked[0].label);
    };
    marked("only plan");
    let post = world.say_and_see(
        "plan ;; write made.txt words ;; say all done",
        "carry out this plan.",
    );
    world.press(&post, "✅ Approve, and allow all edits");
    world.see_after(OWNER, post.message_id, "all done");
    marked("edit files");
    world.assert_no_violations();
}

fn a_worktree_that_claude_enters_is_named(claude: &RealClaude) {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=n", "-c", "user.email=e"])
            .args(arguments);
        let status = git.current_dir(claude.project()).status();
        assert!(status.is_ok_and(|status| status.success()), "{arguments:?}");
    };
    git(&["init", "-q", "."]);
    git(&["commit", "-qm", "first", "--allow-empty"]);
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["EnterWorktree"]"#);
    let _bridge = world.start();
    world.say_and_see("say warm", "warm");
    let status = world.say_and_see("/status", "Folder");
    assert!(!status.text.contains("works in"), "{}", status.text);
    world.say_and_see(
        r#"tool EnterWorktree {"name":"side"} ;; say entered"#,
        "entered",
    );
    world.say_and_see("say and on", "and on");
    let status = world.say_and_see("/status", "works in");
    assert!(status.text.contains("side now."), "{}", status.text);
}
