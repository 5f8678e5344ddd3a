//! `/login`: a page, a code that nobody else sees, and what came of it.

use expect_test::expect;

use super::support::{Player, check, record};
use crate::ids::MessageId;
use crate::ports::SessionRecord;

const IDLE: &str = "prompt hi\ngranted\nready\nanswered done\nidle";

#[test]
fn a_page_is_shown_the_code_is_handed_on_and_the_agent_begins_anew() {
    check(
        "/login admin\ngranted\nready\nfound p1 page https://a.example\n/code admin\nfound p2 done\nexit code 0",
        expect![[r#"
            > /login admin
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LogIn
            > found p1 page https://a.example
              journal p1 closed
              answer @1 to #1 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > /code admin
              delete #2
              edit @1: live "🔑 The code was handed to Claude Code." []
              write ask p2 LoginCode(LoginCode(…))
            > found p2 done
              journal p2 closed with @2
              answer @2 to #2 silent: "✅ Claude is logged in. It begins anew with that login. If whoever runs the bridge has set a token or a key for Claude, that still counts instead."
              audit User(UserId(7)) log_in host
              write close
            > exit code 0
              forget agent
              slot released
        "#]],
    );
}

#[test]
fn a_code_that_is_refused_ends_the_login_with_claudes_reason() {
    check(
        "/login admin\ngranted\nready\nfound p1 page https://a.example\n/code admin\nfound p2 no it is too old\n/code admin",
        expect![[r#"
            > /login admin
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LogIn
            > found p1 page https://a.example
              journal p1 closed
              answer @1 to #1 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > /code admin
              delete #2
              edit @1: live "🔑 The code was handed to Claude Code." []
              write ask p2 LoginCode(LoginCode(…))
            > found p2 no it is too old
              journal p2 closed with @2
              answer @2 to #2 silent: "✕ The login failed: it is too old. /login begins again."
              audit User(UserId(7)) log_in host
              slot idle
            > /code admin
              journal p3 closed
              delete #3
              notice @3 to #3: "That looks like a code for a login, and none waits for it here. Claude has not seen it. /login begins one."
        "#]],
    );
}

#[test]
fn a_login_is_cancelled_once() {
    check(
        "/login admin\ngranted\nready\nfound p1 page https://a.example\nbutton l1.x 7\nbutton l1.x 7 900",
        expect![[r#"
            > /login admin
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LogIn
            > found p1 page https://a.example
              journal p1 closed
              answer @1 to #1 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > button l1.x 7
              journal p2 closed
              edit @1: live "✕ Cancelled. Claude's login is what it was." []
              write close
              toast ""
            > button l1.x 7 900
              journal p3 closed with @2
              edit #900: "🔑 This login is over. /login begins a new one."
              toast ""
        "#]],
    );
}

#[test]
fn a_login_is_over_in_time_or_with_its_agent() {
    check(
        "/login admin\ngranted\nready\nfound p1 page https://a.example\n+600",
        expect![[r#"
            > /login admin
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LogIn
            > found p1 page https://a.example
              journal p1 closed
              answer @1 to #1 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > +600
              edit @1: live "⌛ No code came within 10 minutes. /login begins again." []
              slot idle
        "#]],
    );
    check(
        "/login admin\ngranted\nready\nfound p1 page https://a.example\nexit code 1 boom\n/code admin",
        expect![[r#"
            > /login admin
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LogIn
            > found p1 page https://a.example
              journal p1 closed
              answer @1 to #1 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > exit code 1 boom
              forget agent
              edit @1: live "🔑 This login is over. /login begins a new one." []
              slot released
            > /code admin
              journal p2 closed
              delete #2
              notice @2 to #2: "That looks like a code for a login, and none waits for it here. Claude has not seen it. /login begins one."
        "#]],
    );
}

#[test]
fn the_login_of_the_host_is_no_business_of_everybody() {
    check(
        "/login",
        expect![[r#"
        > /login
          journal p1 closed
          notice @1 to #1: "Claude uses the login of the bridge's computer here, for everybody. Only an administrator can change it."
    "#]],
    );
}

#[test]
fn work_goes_on_beside_a_login() {
    check(
        &format!("{IDLE}\n/login admin\nfound p2 page https://a.example\nprompt more\n/code admin"),
        expect![[r#"
            > prompt hi
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hi
            > ready
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > idle
            > /login admin
              write ask p2 LogIn
            > found p2 page https://a.example
              journal p2 closed
              answer @2 to #2 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > prompt more
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: more
            > /code admin
              delete #4
              edit @2: live "🔑 The code was handed to Claude Code." []
              write ask p4 LoginCode(LoginCode(…))
        "#]],
    );
}

#[test]
fn whoever_is_no_administrator_any_more_ends_no_login_of_the_host() {
    check(
        "/login admin\ngranted\nready\nfound p1 page https://a.example\n/code\n/code admin",
        expect![[r#"
            > /login admin
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LogIn
            > found p1 page https://a.example
              journal p1 closed
              answer @1 to #1 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > /code
              journal p2 closed
              delete #2
              edit @1: live "🔑 This login is over. /login begins a new one." []
              notice @2 to #2: "Claude uses the login of the bridge's computer here, for everybody. Only an administrator can change it."
            > /code admin
              journal p3 closed
              delete #3
              notice @3 to #3: "That looks like a code for a login, and none waits for it here. Claude has not seen it. /login begins one."
        "#]],
    );
}

#[test]
fn a_prompt_runs_beside_a_login_also_where_the_slot_is_wanted() {
    check(
        "/login admin\ngranted\nready\nfound p1 page https://a.example\nyield\nprompt hello",
        expect![[r#"
            > /login admin
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LogIn
            > found p1 page https://a.example
              journal p1 closed
              answer @1 to #1 silent: live "Open the page of a.example, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.\n\nThe code goes to Claude Code alone; I delete your message with it." ["🔑 Open the login page=https://a.example", "✕ Cancel=l1.x"]
            > yield
            > prompt hello
              journal p2 started in c1
              react 👀 #2
              slot busy
              write text p2: hello
        "#]],
    );
}

const PAGE: &str = "/login admin\ngranted\nready\nfound p1 page https://a.example";

/// Plays what follows a page that is shown; returns what is said and done from then on.
fn after_the_page(script: &str) -> String {
    let played = Player::new(None).play(&format!("{PAGE}\n{script}"));
    let (_, after) = played.split_once("✕ Cancel=l1.x\"]\n").expect("a page");
    after.to_owned()
}

#[test]
fn a_code_that_claude_has_is_neither_cancelled_nor_timed_out() {
    expect![[r#"
        > +599
        > /code admin
          delete #2
          edit @1: live "🔑 The code was handed to Claude Code." []
          write ask p2 LoginCode(LoginCode(…))
        > button l1.x 7
          journal p3 closed
          toast "Claude Code has the code already. What came of it is said here in a moment."
        > +1
        > found p2 done
          journal p2 closed with @2
          answer @2 to #2 silent: "✅ Claude is logged in. It begins anew with that login. If whoever runs the bridge has set a token or a key for Claude, that still counts instead."
          audit User(UserId(7)) log_in host
          write close
    "#]].assert_eq(&after_the_page("+599\n/code admin\nbutton l1.x 7\n+1\nfound p2 done"));
}

#[test]
fn of_a_code_that_is_not_answered_nobody_says_that_it_did_nothing() {
    expect![[r#"
        > /code admin
          delete #2
          edit @1: live "🔑 The code was handed to Claude Code." []
          write ask p2 LoginCode(LoginCode(…))
        > +60
          journal p2 closed with @2
          answer @2 to #2 silent: "It is not known what came of this code: Claude may be logged in with it. Send a message: Claude's answer shows whether it is. /login begins again."
          write close
    "#]].assert_eq(&after_the_page("/code admin\n+60"));
    expect![[r#"
        > /code admin
          delete #2
          edit @1: live "🔑 The code was handed to Claude Code." []
          write ask p2 LoginCode(LoginCode(…))
        > exit code 1 boom
          journal p2 closed with @2
          forget agent
          answer @2 to #2 silent: "It is not known what came of this code: Claude may be logged in with it. Send a message: Claude's answer shows whether it is. /login begins again."
          slot released
    "#]].assert_eq(&after_the_page("/code admin\nexit code 1 boom"));
}

#[test]
fn a_code_of_an_earlier_run_may_have_worked() {
    check(
        "/lostcode admin",
        expect![[r#"
        > /lostcode admin
          journal p1 closed
          delete #1
          notice @1 to #1: "It is not known what came of this code: Claude may be logged in with it. Send a message: Claude's answer shows whether it is. /login begins again."
    "#]],
    );
}

#[test]
fn the_page_of_a_login_has_no_buttons_when_the_session_ends() {
    expect![[r#"
        > shutdown
          write close
        > exit code 0
          forget agent
          edit @1: live "🔑 This login is over. /login begins a new one." []
          slot released
          finish
    "#]]
    .assert_eq(&after_the_page("shutdown\nexit code 0"));
    expect![[r#"
        > lockdown
          kill
        > exit code 0
          forget agent
          edit @1: live "🔑 This login is over. /login begins a new one." []
          slot released
          finish
    "#]]
    .assert_eq(&after_the_page("lockdown\nexit code 0"));
    expect![[r#"
        > revoke 7
          edit @1: live "🔑 This login is over. /login begins a new one." []
          kill
    "#]]
    .assert_eq(&after_the_page("revoke 7"));
}

#[test]
fn the_page_of_a_login_is_known_to_the_next_run() {
    expect![[r#"
        > shown 1 50
          remember no conversation login page #50
    "#]]
    .assert_eq(&after_the_page("shown 1 50"));
    let mut player = Player::new(None);
    player.restart_with(SessionRecord {
        login_page: Some(MessageId(50)),
        ..record(None)
    });
    expect![[r#"
        > resumed doing clean up
          journal p1 interrupted n1 7 pays ? with @1 @2
          remember no conversation
          edit #50: "🔑 This login is over. /login begins a new one."
          answer @2 to #1: choice "⚠ The bridge restarted while Claude worked on this. Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
    "#]].assert_eq(&player.play("resumed doing clean up"));
}

#[test]
fn a_code_goes_to_no_agent_that_does_not_know_its_login() {
    expect![[r#"
        > /trust admin /x
          remember no conversation trusted
          journal p2 closed with @2
          audit User(UserId(7)) trust_folder /project
          answer @2 to #2: "Trusted. From the next message on, the hooks, subagents, settings and MCP servers in /project run without asking, also after every change to them. /trust off takes that back."
        > /code admin
          journal p3 closed
          delete #3
          edit @1: live "🔑 This login is over. /login begins a new one." []
          notice @3 to #3: "That looks like a code for a login, and none waits for it here. Claude has not seen it. /login begins one."
    "#]].assert_eq(&after_the_page("/trust admin /x\n/code admin"));
}

#[test]
fn a_part_of_a_code_is_no_prompt_while_its_login_waits() {
    let half = "c".repeat(43);
    expect![[r#"
        > prompt ccccccccccccccccccccccccccccccccccccccccccc
          journal p2 closed
          delete #2
          notice @2 to #2: "That looks like a part of the code. Copy all of it, with the # and what stands behind it, and send it here. Claude has not seen this."
        > prompt go on
          journal p3 started in c1
          react 👀 #3
          slot busy
          write text p3: go on
    "#]].assert_eq(&after_the_page(&format!("prompt {half}\nprompt go on")));
}
