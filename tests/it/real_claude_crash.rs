//! Promise: a kill of the bridge at any point of a turn of the real Claude Code runs no tool twice,
//! asks the model nothing twice, and leaves one outcome.
//!
//! This guards what is not documented: that the CLI works on no message twice whose `uuid` its
//! conversation has, also across `--resume`. The points are those of `crash_points`, and further
//! passes of those that a turn with two tools passes more than once. The files that the tools make
//! and the calls that reach the model are counted, so nothing here trusts the bridge's word.

use std::fs;
use std::sync::Mutex;
use std::thread;

use playground::{Author, Post};

use crate::support::bridge::{OWNER, World};
use crate::support::messages_api::{Request, RequestKind};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    no_kill_runs_a_tool_twice,
    no_tool_runs_before_it_is_written_down_that_claude_has_begun,
    a_command_that_a_kill_met_does_not_run_again_unasked,
);

/// What becomes of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It ran once, to its end, and was answered.
    Answered,
    /// It is not run any further before the person says so.
    Offered,
    /// Either: what it would be told by may not be on disk when the kill comes, on ours or on
    /// Claude's side.
    Either,
}

use Outcome::{Answered, Either, Offered};

/// A point, the pass of it that kills, and what must have become of the prompt.
const POINTS: [(&str, usize, Outcome); 25] = [
    ("poll.synced", 1, Answered),
    ("session.launched", 1, Answered),
    ("agent.ready", 1, Either),
    ("session.synced", 1, Answered),
    ("session.written", 1, Either),
    ("agent.taken", 1, Either),
    ("agent.turn_started", 1, Either),
    ("agent.attempt", 1, Either),
    ("agent.delta", 1, Either),
    ("agent.said", 1, Either),
    ("agent.tool", 1, Either),
    ("agent.tool_waits", 1, Offered),
    ("agent.attempt", 2, Offered),
    ("agent.said", 2, Offered),
    ("agent.tool", 2, Offered),
    ("agent.tool_waits", 2, Offered),
    ("agent.permission", 1, Offered),
    ("agent.attempt", 3, Offered),
    ("agent.delta", 3, Offered),
    ("agent.said", 3, Offered),
    ("agent.turn_ended", 1, Offered),
    ("outbox.received", 1, Either),
    ("outbox.departs", 1, Either),
    ("outbox.synced", 1, Answered),
    ("outbox.landed", 1, Answered),
];

/// Each tool leaves a new file each time it runs.
const PROMPT: &str = "bash mktemp first.XXXXXX ;; bash mktemp second.XXXXXX ;; say all done";

/// How many model calls the prompt makes when nothing goes wrong.
const STEPS: usize = 3;

fn no_kill_runs_a_tool_twice(claude: &RealClaude) {
    let rest = Mutex::new(POINTS.iter());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some((point, pass, expected)) = { rest.lock().expect("no panic").next() }
                {
                    check(&claude.another(), point, *pass, *expected);
                }
            });
        }
    });
}

/// The agent lives on for a while that is long for it, and the bridge dies without a word of it.
fn no_tool_runs_before_it_is_written_down_that_claude_has_begun(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    // The first word of the model is looked at late; the next one is the end.
    let late = "agent.attempt=1*sleep(1000);agent.delta=1*return";
    world.env("FAILPOINTS", late);
    let mut bridge = world.start();
    world.playground.say(OWNER, PROMPT);
    bridge.wait();
    world.unset_env("FAILPOINTS");
    world.assert_nothing_left_within_two_seconds();
    assert_eq!(n_ran(claude, "first."), 0, "a tool ran unseen");
    let _bridge = world.start();
    let offer = offer(&world);
    world.press(&offer, "↻ Run again");
    world.wait("the answer", |view| {
        let mut posts = view.bot_posts(OWNER);
        posts
            .find(|post| is_answer(post) && !post.text.contains("mktemp"))
            .cloned()
    });
    assert_eq!(n_ran(claude, "first."), 1);
}

/// A command of a person may run lines of its own before the model is asked, and no hook is asked
/// about them.
fn a_command_that_a_kill_met_does_not_run_again_unasked(claude: &RealClaude) {
    for point in [
        "session.written",
        "agent.taken",
        "agent.turn_started",
        "agent.attempt",
    ] {
        let claude = &claude.another();
        let commands = claude.home().join(".claude/commands");
        fs::create_dir_all(&commands).expect("created");
        let command = "---\nallowed-tools: Bash\n---\nsay all done !`mktemp first.XXXXXX`\n";
        fs::write(commands.join("both.md"), command).expect("written");
        let mut world = World::with_real_claude(claude);
        world.set("claude.allowed_tools", r#"["Bash"]"#);
        world.env("FAILPOINTS", &format!("{point}=1*return"));
        let mut bridge = world.start();
        world.playground.say(OWNER, "/both");
        bridge.wait();
        world.unset_env("FAILPOINTS");
        world.assert_nothing_left_within_two_seconds();
        let ran = n_ran(claude, "first.");
        let _bridge = world.start();
        offer(&world);
        world.say_and_see("say and on", "and on");
        assert_eq!(n_ran(claude, "first."), ran, "{point}: it ran again");
    }
}

fn check(claude: &RealClaude, point: &str, pass: usize, expected: Outcome) {
    let name = format!("{point}, pass {pass}");
    let mut world = World::with_real_claude(claude);
    let allowed = match point {
        "agent.permission" => r#"["Bash(mktemp first.XXXXXX)"]"#,
        _ => r#"["Bash"]"#,
    };
    world.set("claude.allowed_tools", allowed);
    let skipped = pass - 1;
    world.env("FAILPOINTS", &format!("{point}={skipped}*off->1*return"));
    let mut bridge = world.start();
    world.playground.say(OWNER, PROMPT);
    bridge.wait();
    world.unset_env("FAILPOINTS");
    // Until then it may still call the model.
    world.assert_nothing_left_within_two_seconds();
    let before = calls(claude).len();
    let _bridge = world.start();
    world.wait(&format!("an outcome after {name}"), |view| {
        let mut posts = view.bot_posts(OWNER);
        posts
            .find(|post| is_answer(post) || is_offer(post))
            .cloned()
    });
    world.say_and_see("say and on", "and on");
    let is_offered = check_posts(&world, &name, expected);
    check_calls(claude, &name, before, is_offered);
    check_executions(claude, &name, is_offered);
}

/// Looks at what the person has seen and tells whether it is an offer.
fn check_posts(world: &World, name: &str, expected: Outcome) -> bool {
    let mut posts = world.playground.chat(OWNER);
    posts.retain(|post| post.author == Author::Bot);
    let (mut answers, mut repeats, mut offers) = (0, 0, 0);
    for post in &posts {
        match post {
            post if is_offer(post) => offers += 1,
            post if is_answer(post) && post.text.starts_with('↻') => repeats += 1,
            post if is_answer(post) => answers += 1,
            _ => {}
        }
    }
    // What is repeated may have arrived before the kill, and says so.
    let is_answered = offers == 0 && answers <= 1 && repeats <= 1 && answers + repeats > 0;
    let is_offered = offers == 1 && answers + repeats == 0;
    let is_right = match expected {
        Answered => is_answered,
        Offered => is_offered,
        Either => is_answered || is_offered,
    };
    assert!(is_right, "{name}: expected {expected:?}, found {posts:#?}");
    is_offered
}

/// Only the first call may come twice: when the bridge died before it had a word of the answer.
fn check_calls(claude: &RealClaude, name: &str, before: usize, is_offered: bool) {
    let calls = calls(claude);
    let n_calls = |step: usize| calls.iter().filter(|call| call.step == step).count();
    for step in 1..STEPS {
        assert!(n_calls(step) <= 1, "{name}: {calls:?}");
    }
    assert!(n_calls(0) <= 2, "{name}: {calls:?}");
    if is_offered {
        assert_eq!(calls.len(), before, "{name}: asked on: {calls:?}");
    } else {
        assert_eq!(n_calls(STEPS - 1), 1, "{name}: {calls:?}");
    }
}

fn check_executions(claude: &RealClaude, name: &str, is_offered: bool) {
    for tool in ["first.", "second."] {
        let ran = n_ran(claude, tool);
        assert!(ran <= 1, "{name}: {tool} ran {ran} times");
        assert!(is_offered || ran == 1, "{name}: {tool} never ran");
    }
}

/// Returns how often a tool ran: each time leaves a file.
fn n_ran(claude: &RealClaude, tool: &str) -> usize {
    let files = fs::read_dir(claude.project()).expect("the folder is there");
    let files = files.flatten().map(|file| file.file_name());
    files
        .filter(|file| file.to_string_lossy().starts_with(tool))
        .count()
}

/// Returns the calls to the model for the prompt.
fn calls(claude: &RealClaude) -> Vec<Request> {
    let mut requests = claude.api.requests();
    requests.retain(|request| request.kind == RequestKind::Main && request.prompt == PROMPT);
    requests
}

/// Tells an answer from a card, which may show the same words and has no sound.
fn is_answer(post: &Post) -> bool {
    post.text.contains("all done") && !post.silent
}

/// Waits for the offer to run a prompt again.
fn offer(world: &World) -> Post {
    world.wait("an offer", |view| {
        view.bot_posts(OWNER).find(|post| is_offer(post)).cloned()
    })
}

fn is_offer(post: &Post) -> bool {
    post.text.contains("Nothing repeats unless you say so.")
}
