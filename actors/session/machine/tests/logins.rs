//! `/login`: a page, a code that nobody else sees, and what came of it.

use expect_test::expect;

use super::support::check;

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
              write ask p2 LoginCode(LoginCode(…))
            > found p2 done
              journal p2 closed with @2
              edit @1: live "🔑 The code was taken." []
              answer @2 to #2 silent: "✅ Claude is logged in. It begins anew with that login. If whoever runs the bridge has set a token or a key for Claude, that still counts instead."
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
              write ask p2 LoginCode(LoginCode(…))
            > found p2 no it is too old
              journal p2 closed with @2
              edit @1: live "🔑 This login is over. /login begins a new one." []
              answer @2 to #2 silent: "✕ The login failed: it is too old. /login begins again."
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
