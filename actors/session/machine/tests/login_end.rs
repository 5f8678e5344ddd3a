//! The end of Claude's login is told before it comes, once for each time that it is nearer.

use expect_test::{Expect, expect};

use super::support::Player;

/// A first turn.
const TURN: &str = "prompt x\ngranted\nready\ninit c1\nanswered hello\nidle\n";

/// Plays lines; shows those that say something of the login.
fn check(script: &str, expected: Expect) {
    let played = Player::new(None).play(script);
    let is_about = |line: &&str| {
        let line = line.trim();
        (line.starts_with("> ") && line.contains("login_ends")) || line.contains("login ")
    };
    let shown = played.lines().filter(is_about);
    expected.assert_eq(&shown.map(|line| format!("{line}\n")).collect::<String>());
}

#[test]
fn an_end_that_comes_nearer_is_told_twice() {
    check(
        &format!(
            "{TURN}login_ends 720\n/status\nlogin_ends 200\nlogin_ends 200\n/status\nlogin_ends 70\n\
         login_ends 20\nlogin_ends 0\n/status"
        ),
        expect![[r#"
            > login_ends 720
              notice @2 to #2: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude's login ends in 30 days, or up to 3 days earlier.\nClaude Code: 2.1.330"
            > login_ends 200
              answer @3 silent: "🔑 Claude's login on the bridge's computer ends in 9 days, or up to 3 days earlier. Whoever owns or manages the bridge renews it with /login, in their private chat with me."
            > login_ends 200
              notice @4 to #3: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude's login ends in 9 days, or up to 3 days earlier.\nClaude Code: 2.1.330"
            > login_ends 70
              answer @5 silent: "🔑 Claude's login on the bridge's computer may end at any time now. Whoever owns or manages the bridge renews it with /login, in their private chat with me."
            > login_ends 20
            > login_ends 0
              notice @6 to #4: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude's login may end at any time now.\nClaude Code: 2.1.330"
        "#]],
    );
}

#[test]
fn a_new_login_is_told_of_again() {
    check(
        &format!(
            "{TURN}login_ends 20\nlogin_ends 720\nlogin_ends 200\nexit code 0\nprompt y\ngranted\nready\n\
         init c1\nlogin_ends 200\n/status"
        ),
        expect![[r#"
            > login_ends 20
              answer @2 silent: "🔑 Claude's login on the bridge's computer may end at any time now. Whoever owns or manages the bridge renews it with /login, in their private chat with me."
            > login_ends 720
            > login_ends 200
              answer @3 silent: "🔑 Claude's login on the bridge's computer ends in 9 days, or up to 3 days earlier. Whoever owns or manages the bridge renews it with /login, in their private chat with me."
            > login_ends 200
              notice @4 to #3: "State: working for 0 s\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude's login ends in 9 days, or up to 3 days earlier.\nClaude Code: 2.1.330"
        "#]],
    );
}

#[test]
fn in_a_room_its_person_can_begin_another_one() {
    check(
        &format!("configure walled\n{TURN}login_ends 20\n/status"),
        expect![[r#"
            > login_ends 20
              answer @2 silent: "🔑 Claude's login may end at any time now. /login begins a new one."
              notice @3 to #2: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\n🔒 Own room (strict): Claude sees this chat's files and nothing of other people's.\nClaude's login may end at any time now.\nClaude Code: 2.1.330"
        "#]],
    );
}
