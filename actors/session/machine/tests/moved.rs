//! A chat that gets another id.

use expect_test::expect;

use super::support::check_group;

#[test]
fn a_session_posts_under_the_new_id_of_its_chat_and_stores_itself_there() {
    check_group(
        "prompt_of 8 x\ngranted\nready\ninit c1\nmoved -100\nanswered ok\nidle\nexit code 0\n/new\nprompt_of 8 y\ngranted\nready\ninit c2",
        expect![[r#"
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > init c1
              remember c1
            > moved -100
              remember c1 from home -7
            > answered ok
              journal p1 closed with @1
              in -100 answer @1 to #1: md "ok"
              slot idle
            > idle
            > exit code 0
              forget agent
              slot released
            > /new
              remember no conversation from home -7
              journal p2 closed with @2
              in -100 answer @2 to #2: "New conversation. Your next message starts it."
            > prompt_of 8 y
              react 👀 #3
              slot wanted
            > granted
              journal p3 started in c2
              launch g2 new c2
              slot busy
              write text p3: y
            > ready
            > init c2
              remember c2 from home -7
        "#]],
    );
}

#[test]
fn a_chat_that_moves_twice_keeps_its_first_home() {
    check_group(
        "moved -100\nmoved -200\nprompt_of 8 x\ngranted\nready\ninit c1",
        expect![[r#"
            > moved -100
              remember no conversation from home -7
            > moved -200
              remember no conversation from home -7
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > init c1
              remember c1 from home -7
        "#]],
    );
}

#[test]
fn a_chat_that_moved_keeps_its_home_in_another_folder() {
    check_group(
        "moved -100\nconfigure folder /other\nprompt_of 8 x\ngranted",
        expect![[r#"
            > moved -100
              remember no conversation from home -7
            > configure folder /other
            > prompt_of 8 x
              react 👀 #1
              slot wanted
            > granted
              remember no conversation in /other from home -7
              journal p1 started in c1
              launch g1 new c1 in /other
              slot busy
              write text p1: x
        "#]],
    );
}

#[test]
fn a_request_of_a_chat_that_moved_is_closed_by_its_post_for_its_message_has_another_id() {
    check_group(
        "prompt_of 7 x\ngranted\nready\ninit c1\nasks Bash rm x\nshown 1 50\nmoved -100\nexit code 1",
        expect![[r#"
            > prompt_of 7 x
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: x
            > ready
            > init c1
              remember c1
            > asks Bash rm x
              journal p1 begun p1 does "Bash: rm x – not allowed yet, so it has not run"
              answer @1 to #1: live "🔐 Claude wants to run a command: Bash\nReply to deny with a reason. Denied automatically in 30 min." bash "rm x" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > shown 1 50
              remember c1 card #50
            > moved -100
              remember c1 from home -7 card #50
              remember c1 from home -7
            > exit code 1
              journal p1 interrupted n2 7 pays ? with @2
              forget agent
              in -100 answer @2 to #1: choice "⚠ Claude ended in the middle of this (exit code 1). Claude's last step, perhaps unfinished: Bash: rm x – not allowed yet, so it has not run\n\nNothing repeats unless you say so."
              slot released
              in -100 edit @1: live "✕ Claude no longer asks; nothing was allowed: Bash" bash "rm x" []
        "#]],
    );
}
