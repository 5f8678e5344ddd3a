//! Promise: somebody logs Claude in from their phone, and nobody but Claude Code sees their code.
//!
//! A login that succeeds needs Anthropic's hosts. The program is kept from them: its proxy is a
//! listener of the test that hangs up on everybody, and notes whom it was to call.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use bridge::claude::guard::Containment;
use playground::Post;

use crate::support::agent_tree::BRIDGE;
use crate::support::bridge::{OWNER, World, file_contains};
use crate::support::real_claude::{RealClaude, for_each_version, report_skipped};

for_each_version!(
    a_code_goes_to_claude_alone_and_what_came_of_it_is_told,
    a_login_that_is_cancelled_changes_nothing,
    a_room_without_a_login_can_be_given_one,
);

const ANNA: i64 = 2002;

const CODE: &str = "acode-0123456789-0123456789-0123456789";

/// Whom the program wanted to call.
type Called = Arc<Mutex<String>>;

/// Starts a proxy that calls nobody.
fn proxy(world: &mut World) -> Called {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    world.env("HTTPS_PROXY", &format!("http://{address}"));
    let called = Called::default();
    let notes = Arc::clone(&called);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut start = [0; 256];
            let length = stream.read(&mut start).unwrap_or_default();
            let start = String::from_utf8_lossy(&start[..length]).into_owned();
            notes.lock().unwrap().push_str(&start);
        }
    });
    called
}

/// Returns the page behind the button of a login.
fn page_of(post: &Post) -> String {
    let mut buttons = post.buttons.iter().flatten();
    let page = buttons.find_map(|button| button.url.clone());
    page.expect("a button with a page")
}

/// Returns what the page would show for this login.
fn code_for(page: &str) -> String {
    let (_, state) = page.split_once("&state=").expect("a state");
    let state = state.split('&').next().unwrap_or_default();
    format!("{CODE}#{state}")
}

/// Tells whether a file below a folder holds the code.
fn is_kept_below(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut paths = entries.map(|entry| entry.path());
    paths.any(|path| match path.is_symlink() {
        true => false,
        false if path.is_dir() => is_kept_below(&path),
        false => file_contains(&path, CODE.as_bytes()),
    })
}

fn a_code_goes_to_claude_alone_and_what_came_of_it_is_told(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    let called = proxy(&mut world);
    let bridge = world.start();
    let post = world.say_and_see("/login", "Open the page of claude.com");
    let page = page_of(&post);
    assert!(page.starts_with("https://claude.com/"), "{page}");
    let said = world.playground.say(OWNER, &code_for(&page));
    let failed = world.see_after(OWNER, said.message_id, "✕ The login failed: ");
    assert!(failed.text.contains("roxy"), "{}", failed.text);
    assert!(!failed.text.contains(CODE), "{}", failed.text);
    world.see_edited(&post, "The code was handed to Claude Code");
    let called = called.lock().unwrap().clone();
    assert!(
        called.contains("CONNECT platform.claude.com:443"),
        "{called}"
    );
    world.wait("the end of the message with the code", |view| {
        let post = view.post(OWNER, said.message_id);
        post.is_none().then_some(())
    });
    // What comes later is told, deleted, and no prompt either.
    let late = world.playground.say(OWNER, &code_for(&page));
    world.see_after(OWNER, late.message_id, "Claude has not seen it");
    world.say_and_see("say on", "on");
    let requests = claude.api.requests();
    assert!(
        requests.iter().all(|it| !it.contains(CODE)),
        "the model saw the code"
    );
    let output = bridge.stop();
    assert!(!output.contains(CODE), "the log has the code");
    assert!(!is_kept_below(&world.path("data")), "the code is on disk");
    world.assert_no_violations();
}

fn a_login_that_is_cancelled_changes_nothing(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    let called = proxy(&mut world);
    let _bridge = world.start();
    let post = world.say_and_see("/login", "Open the page of claude.com");
    world.press(&post, "✕ Cancel");
    world.see_edited(&post, "✕ Cancelled");
    world.say_and_see("say on", "on");
    let called = called.lock().unwrap().clone();
    assert!(!called.contains("platform.claude.com"), "{called}");
    world.assert_no_violations();
}

fn a_room_without_a_login_can_be_given_one(claude: &RealClaude) {
    let containments = [Containment::Namespace, Containment::UserNamespace];
    if !containments.iter().any(|it| it.works(BRIDGE.as_ref())) {
        report_skipped("no namespaces here");
        return;
    }
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    world.set("claude.isolation", r#""strict""#);
    world.unset_env("ANTHROPIC_API_KEY");
    let called = proxy(&mut world);
    let _bridge = world.start();
    let said = world.playground.say(ANNA, "say hi");
    world.see_after(
        ANNA,
        said.message_id,
        "If this is a private chat, /login gives it one",
    );
    let said = world.playground.say(ANNA, "/login");
    let post = world.see_after(ANNA, said.message_id, "Open the page of claude.com");
    let said = world.playground.say(ANNA, &code_for(&page_of(&post)));
    world.see_after(ANNA, said.message_id, "✕ The login failed: ");
    let called = called.lock().unwrap().clone();
    assert!(
        called.contains("CONNECT platform.claude.com:443"),
        "{called}"
    );
    world.assert_no_violations();
}
