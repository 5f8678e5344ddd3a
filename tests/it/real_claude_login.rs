//! Promise: somebody logs Claude in from their phone, and nobody but Claude Code sees their code.
//!
//! The program is kept from Anthropic's hosts: its proxy is a listener of the test, which hangs up on
//! everybody and notes whom it was to call, or answers in their place (`login_hosts`).

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
use crate::support::login_hosts::{LoginHosts, RENEWAL, TOKEN};
use crate::support::real_claude::{RealClaude, for_each_version, report_skipped};

for_each_version!(
    a_code_goes_to_claude_alone_and_what_came_of_it_is_told,
    a_login_that_is_cancelled_changes_nothing,
    a_room_without_a_login_can_be_given_one,
    a_login_that_succeeds_is_used_and_its_end_is_known,
    the_login_of_a_room_is_its_own_and_its_end_is_told,
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
    // The mock of the models is on loopback itself.
    world.env("NO_PROXY", "127.0.0.1");
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

/// Tells whether a file below a folder holds a secret.
fn is_kept_below(folder: &Path, secret: &str) -> bool {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut paths = entries.map(|entry| entry.path());
    paths.any(|path| match path.is_symlink() {
        true => false,
        false if path.is_dir() => is_kept_below(&path, secret),
        false => file_contains(&path, secret.as_bytes()),
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
    world.say_and_see("say bonjour", "bonjour");
    let requests = claude.api.requests();
    assert!(
        requests.iter().all(|it| !it.contains(CODE)),
        "the model saw the code"
    );
    let output = bridge.stop();
    assert!(!output.contains(CODE), "the log has the code");
    assert!(
        !is_kept_below(&world.path("data"), CODE),
        "the code is on disk"
    );
    world.assert_no_violations();
}

fn a_login_that_is_cancelled_changes_nothing(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    let called = proxy(&mut world);
    let _bridge = world.start();
    let post = world.say_and_see("/login", "Open the page of claude.com");
    world.press(&post, "✕ Cancel");
    world.see_edited(&post, "✕ Cancelled");
    world.say_and_see("say bonjour", "bonjour");
    let called = called.lock().unwrap().clone();
    assert!(!called.contains("platform.claude.com"), "{called}");
    world.assert_no_violations();
}

/// Tells whether rooms can be built here.
fn has_rooms() -> bool {
    let containments = [Containment::Namespace, Containment::UserNamespace];
    containments.iter().any(|it| it.works(BRIDGE.as_ref()))
}

fn a_room_without_a_login_can_be_given_one(claude: &RealClaude) {
    if !has_rooms() {
        return report_skipped("no namespaces here");
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

/// Logs somebody in; returns where that began.
fn log_in(world: &World, who: i64) -> i64 {
    let said = world.playground.say(who, "/login");
    let post = world.see_after(who, said.message_id, "Open the page of claude.com");
    let said = world.playground.say(who, &code_for(&page_of(&post)));
    world.see_after(who, said.message_id, "✅ Claude is logged in");
    said.message_id
}

fn a_login_that_succeeds_is_used_and_its_end_is_known(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    world.set("claude.isolation", r#""off""#);
    world.unset_env("ANTHROPIC_API_KEY");
    let hosts = LoginHosts::start(&mut world, 8);
    let bridge = world.start();
    // Her agent lives before there is a login.
    let said = world.playground.say(ANNA, "say hi");
    world.see_after(ANNA, said.message_id, "Claude Code is not logged in");
    let begun = log_in(&world, OWNER);
    let exchanges = hosts.called().into_iter();
    let exchange = exchanges.filter(|it| it.what.ends_with("POST /v1/oauth/token"));
    let codes: Vec<_> = exchange.map(|it| it.body["code"].clone()).collect();
    assert_eq!(codes, [CODE]);
    world.say_and_see("say bonjour", "bonjour");
    world.see_after(OWNER, begun, "ends in 8 days, or up to 3 days earlier");
    world.say_and_see("/status", "Claude's login ends in 8 days");
    let said = world.playground.say(ANNA, "say further");
    world.see_after(ANNA, said.message_id, "further");
    let requests = claude.api.requests();
    let of = |words: &str| requests.iter().rfind(|it| it.prompt == words);
    for words in ["say bonjour", "say further"] {
        let login = of(words).expect("a request").login.as_deref();
        assert_eq!(login, Some(TOKEN), "{words}");
    }
    let output = bridge.stop();
    for secret in [CODE, TOKEN, RENEWAL] {
        assert!(!output.contains(secret), "the log has it");
        assert!(!is_kept_below(&world.path("data"), secret), "it is on disk");
    }
    assert!(is_kept_below(&claude.home().join(".claude"), RENEWAL));
    let audit = fs::read_to_string(world.path("data/audit.jsonl")).expect("an audit log");
    assert!(audit.contains("log_in"), "{audit}");
    world.assert_no_violations();
}

fn the_login_of_a_room_is_its_own_and_its_end_is_told(claude: &RealClaude) {
    if !has_rooms() {
        return report_skipped("no namespaces here");
    }
    let mut world = World::with_real_claude(claude);
    world.set("multi_user.enabled", true);
    world.set("multi_user.allowed_users", format!("[{ANNA}]"));
    world.set("claude.isolation", r#""strict""#);
    world.unset_env("ANTHROPIC_API_KEY");
    let _hosts = LoginHosts::start(&mut world, 2);
    let _bridge = world.start();
    let begun = log_in(&world, ANNA);
    let said = world.playground.say(ANNA, "say bonjour");
    world.see_after(ANNA, said.message_id, "bonjour");
    let told = world.see_after(ANNA, begun, "may end at any time now");
    assert!(
        told.text.contains("/login begins a new one"),
        "{}",
        told.text
    );
    // It is nobody else's.
    world.say_and_see("say hi", "no login for Claude");
    let host = claude.home().join(".claude");
    assert!(!host.exists() || !is_kept_below(&host, RENEWAL));
    let rooms = world.path("data/chats");
    assert!(is_kept_below(&rooms.join(ANNA.to_string()), RENEWAL));
    assert!(!is_kept_below(&rooms.join(OWNER.to_string()), RENEWAL));
    world.assert_no_violations();
}
