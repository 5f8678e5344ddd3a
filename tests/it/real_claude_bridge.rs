//! Promise: what the bridge says of itself holds with the real Claude Code program.
//!
//! The whole bridge with the real CLI, both supported versions; the model behind it is the mock,
//! which does what the prompt says.

use std::fs;

use crate::support::bridge::{LONG, OWNER, World};
use crate::support::eventually::eventually;
use crate::support::messages_api::RequestKind;
use crate::support::programs::{kill_claude, running};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    several_turns_run_in_one_process,
    a_tool_runs_and_one_that_is_not_allowed_is_denied,
    stop_works_in_a_stream_and_in_a_tool,
    a_kill_in_mid_turn_is_told_and_the_conversation_resumes,
    commands_that_claude_lists_are_passed_and_others_are_text,
    an_api_error_is_told_and_the_conversation_goes_on,
    files_outside_the_folder_are_not_read_for_a_mention,
    nothing_is_left_after_a_kill_of_the_bridge,
    an_update_that_comes_again_after_a_kill_runs_once,
    two_people_have_their_own_folders_models_and_conversations,
    what_a_chat_chooses_holds_from_the_next_turn_on_and_over_a_restart,
    a_folders_own_hooks_run_only_when_it_is_trusted,
);

fn several_turns_run_in_one_process(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say **first** answer", "first answer");
    world.say_and_see("say second answer", "second answer");
    world.say_and_see("say third answer", "third answer");
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
    assert_eq!(claude.api.prompts().len(), 3);
    bridge.stop();
    world.assert_no_violations();
}

fn a_tool_runs_and_one_that_is_not_allowed_is_denied(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash(touch allowed.txt)"]"#);
    let _bridge = world.start();
    world.say_and_see("bash touch allowed.txt ;; say touched", "touched");
    assert!(claude.project().join("allowed.txt").exists());
    let post = world.say_and_see("bash touch denied.txt ;; say gave up", "🔐 Claude wants to");
    assert!(post.text.contains("touch denied.txt"), "{}", post.text);
    world.press(&post, "✕ Deny");
    world.see_after(OWNER, post.message_id, "gave up");
    assert!(!claude.project().join("denied.txt").exists());
}

fn stop_works_in_a_stream_and_in_a_tool(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let bridge = world.start();
    world.say_and_see("say warm", "warm");
    let said = world.playground.say(OWNER, "slow 2000 100");
    claude.api.wait_for(2, LONG);
    world.playground.say(OWNER, "/stop");
    world.see_after(OWNER, said.message_id, "Stopped");

    let started = claude.project().join("started");
    let said = world
        .playground
        .say(OWNER, "bash touch started; exec sleep 1000");
    eventually("the start of the tool", LONG, || {
        started.exists().then_some(())
    });
    world.playground.say(OWNER, "/stop");
    world.see_after(OWNER, said.message_id, "Stopped");
    eventually("the end of the tool", LONG, || {
        running(&world, "sleep").is_empty().then_some(())
    });
    world.say_and_see("say still the same agent", "still the same agent");
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
}

fn a_kill_in_mid_turn_is_told_and_the_conversation_resumes(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let _bridge = world.start();
    world.say_and_see("say remember the word plum", "plum");
    claude.until_written_down(&world.conversation(), "the word plum", 2);
    let started = claude.project().join("started");
    let said = world
        .playground
        .say(OWNER, "bash touch started; exec sleep 1000");
    eventually("the start of the tool", LONG, || {
        started.exists().then_some(())
    });
    kill_claude(&world);
    let offer = world.see_after(OWNER, said.message_id, "Nothing repeats unless you say so");
    assert!(offer.text.contains("Bash: touch started"), "{}", offer.text);
    world.say_and_see("say after the kill", "after the kill");
    let requests = claude.api.requests();
    let last = requests.last().expect("there were requests");
    assert!(
        last.contains("remember the word plum"),
        "the conversation goes on"
    );
}

fn commands_that_claude_lists_are_passed_and_others_are_text(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("say hello", "hello");
    let before = claude.api.prompts().len();
    world.say_and_see("/context", "ontext");
    assert_eq!(
        claude.api.prompts().len(),
        before,
        "a command is not a prompt"
    );
    world.say_and_see("/frobnicate it", "/frobnicate it");
    world.say_and_see("/etc/hosts is broken", "/etc/hosts is broken");
}

fn an_api_error_is_told_and_the_conversation_goes_on(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    world.say_and_see("error 400", "400");
    world.say_and_see("say better", "better");
}

fn files_outside_the_folder_are_not_read_for_a_mention(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    let outside = world.path("outside.txt");
    fs::write(&outside, "the-secret-outside").expect("a file");
    fs::write(claude.project().join("inside.txt"), "the-plan-inside").expect("a file");
    world.say_and_see(&format!("say one @{}", outside.display()), "one");
    world.say_and_see("say two @inside.txt", "two");
    let requests = claude.api.requests();
    assert!(
        requests
            .iter()
            .all(|request| !request.contains("the-secret-outside"))
    );
    assert!(
        requests
            .iter()
            .any(|request| request.contains("the-plan-inside"))
    );
}

fn nothing_is_left_after_a_kill_of_the_bridge(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let bridge = world.start();
    let started = claude.project().join("started");
    world.playground.say(
        OWNER,
        "bash touch started; setsid nohup sleep 1000 & exec sleep 1000",
    );
    eventually("the start of the tool", LONG, || {
        started.exists().then_some(())
    });
    bridge.kill();
    world.assert_nothing_left_within_two_seconds();
}

fn an_update_that_comes_again_after_a_kill_runs_once(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    let update = serde_json::json!({"update_id": 79, "message": {
        "message_id": 972, "date": 1, "chat": {"id": OWNER, "type": "private"},
        "from": {"id": OWNER, "is_bot": false, "first_name": "Olga"},
        "text": "say executed once"}});
    world.playground.inject(update.clone());
    world.see_after(OWNER, 0, "executed once");
    claude.until_written_down(&world.conversation(), "executed once", 2);
    bridge.kill();
    world.playground.inject(update);
    let _bridge = world.start();
    world.say_and_see("say and on", "and on");
    assert_eq!(claude.api.prompts(), ["say executed once", "say and on"]);
}

fn two_people_have_their_own_folders_models_and_conversations(claude: &RealClaude) {
    const ANNA: i64 = 2002;
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    world.set("users.2002.model", "\"claude-for-anna\"");
    world.set("users.2002.allowed_tools", "[\"Bash\"]");
    world.set(
        "users.2002.append_system_prompt",
        "\"Call everybody Annabel.\"",
    );
    let bridge = world.start();
    world.say_and_see("say the word of olga is plum", "plum");
    let said = world
        .playground
        .say(ANNA, "bash pwd > where ;; say the word of anna is pear");
    world.see_after(ANNA, said.message_id, "pear");
    let folder = claude.project().join(ANNA.to_string());
    let written = fs::read_to_string(folder.join("where")).expect("the tool ran in the folder");
    let real = folder.canonicalize().expect("the folder is there");
    assert_eq!(written.trim(), real.display().to_string());
    // What runs unasked for one has to be allowed by the other.
    let denied = world.say_and_see("bash touch here ;; say gave up", "🔐 Claude wants to");
    world.press(&denied, "✕ Deny");
    world.see_after(OWNER, denied.message_id, "gave up");

    let mut requests = claude.api.requests();
    requests.retain(|request| request.kind == RequestKind::Main);
    let of_anna = |word: &str| requests.iter().filter(|it| it.contains(word)).count();
    assert!(of_anna("Call everybody Annabel.") > 0);
    for request in &requests {
        let (is_annas, is_olgas) = (
            request.contains("of anna is"),
            request.contains("of olga is"),
        );
        assert!(!(is_annas && is_olgas), "two conversations have met");
        assert_eq!(is_annas, request.contains("claude-for-anna"));
        assert_eq!(is_annas, request.contains("Call everybody Annabel."));
    }

    // A removed person's turn ends, and the owner's conversation goes on.
    world
        .playground
        .say(ANNA, "bash touch begun; exec sleep 1000");
    eventually("the start of the tool", LONG, || {
        folder.join("begun").exists().then_some(())
    });
    let before = world.processes_of_agents().len();
    world.say_and_see("/remove_user 2002", "was removed");
    eventually(
        "the end of her tool",
        std::time::Duration::from_secs(1),
        || (world.processes_of_agents().len() < before).then_some(()),
    );
    world.say_and_see("say which word was mine", "which word");
    assert!(
        claude
            .api
            .requests()
            .last()
            .expect("one")
            .contains("of olga is")
    );
    bridge.stop();
    world.assert_no_violations();
}

fn what_a_chat_chooses_holds_from_the_next_turn_on_and_over_a_restart(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let bridge = world.start();
    world.say_and_see("say warm", "warm");
    world.say_and_see("/effort low", "Effort: low");
    let picker = world.say_and_see("/model", "Which model");
    let labels: Vec<_> = picker
        .buttons
        .iter()
        .flatten()
        .map(|it| it.label.clone())
        .collect();
    let haiku = labels.iter().find(|label| label.contains("Haiku"));
    world.press(
        &picker,
        haiku.unwrap_or_else(|| panic!("no Haiku in {labels:?}")),
    );
    world.see_edited(&picker, "Model: ");
    world.say_and_see("/mode acceptEdits", "edit files without asking");
    world.say_and_see("write two.txt words ;; say it is written", "it is written");
    assert!(
        claude.project().join("two.txt").exists(),
        "nobody was asked"
    );
    let used = |word: &str| {
        let requests = claude.api.requests();
        let mut main = requests
            .iter()
            .filter(|request| request.kind == RequestKind::Main);
        main.next_back()
            .is_some_and(|request| request.contains(word))
    };
    assert!(used("haiku"));
    assert_eq!(bridge.output().matches("agent is started").count(), 1);
    bridge.stop();
    let _bridge = world.start();
    world.say_and_see(
        "write three.txt words ;; say written again",
        "written again",
    );
    assert!(
        claude.project().join("three.txt").exists(),
        "nobody was asked"
    );
    assert!(used("haiku"));
}

fn a_folders_own_hooks_run_only_when_it_is_trusted(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let settings = claude.project().join(".claude");
    fs::create_dir_all(&settings).expect("a folder");
    let hook = r#"{"hooks":{"UserPromptSubmit":[{"hooks":[{"type":"command","command":"touch hook-ran"}]}]}}"#;
    fs::write(settings.join("settings.json"), hook).expect("written");
    let ran = claude.project().join("hook-ran");
    let bridge = world.start();
    world.say_and_see("say first", "first");
    assert!(!ran.exists());
    world.say_and_see("/trust", "Trusted. ");
    world.say_and_see("say second", "second");
    eventually("the hook", LONG, || ran.exists().then_some(()));
    // It holds over a restart, until it is taken back.
    bridge.stop();
    fs::remove_file(&ran).expect("it was there");
    let _bridge = world.start();
    world.say_and_see("say third", "third");
    eventually("the hook", LONG, || ran.exists().then_some(()));
    fs::remove_file(&ran).expect("it was there");
    world.say_and_see("/trust off", "Not trusted. ");
    world.say_and_see("say fourth", "fourth");
    assert!(!ran.exists());
}
