//! What a turn changed: shown below its answer, looked at, undone.

use expect_test::expect;

use super::support::{check, check_group};

/// A turn that has changed files, and its end.
pub(super) const TURN: &str = "prompt hi\ngranted\nready\ntool Edit a.rs\nanswered ok\nidle\n";

#[test]
fn a_turn_that_changed_files_says_which_and_can_be_undone() {
    check(
        &format!("{TURN}found p1 back /w/a.rs /w/b.rs\nbutton z1.c.p1 7 500"),
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
            > tool Edit a.rs
              journal p1 does "Edit: a.rs"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write ask p1 LookBack { prompt: PromptId("p1") }
              slot idle
            > idle
            > found p1 back /w/a.rs /w/b.rs
              notice @2 silent: choice "✎ 2 files changed: +2 −2 lines\na.rs, b.rs"
              slot idle
            > button z1.c.p1 7 500
              toast "One moment."
              write ask p2 Changes
        "#]],
    );
}

#[test]
fn nothing_is_said_of_a_turn_that_changed_nothing_in_the_end() {
    check(
        &format!("{TURN}found p1 back\n/status"),
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
        > tool Edit a.rs
          journal p1 does "Edit: a.rs"
        > answered ok
          journal p1 closed with @1
          answer @1 to #1: md "ok"
          write ask p1 LookBack { prompt: PromptId("p1") }
          slot idle
        > idle
        > found p1 back
          slot idle
        > /status
          journal p2 closed
          notice @2 to #2: "State: ready\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
    "#]],
    );
}

#[test]
fn nothing_is_said_where_claude_keeps_no_copies() {
    check(
        &format!("{TURN}found p1 no No file checkpoint found"),
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
            > tool Edit a.rs
              journal p1 does "Edit: a.rs"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write ask p1 LookBack { prompt: PromptId("p1") }
              slot idle
            > idle
            > found p1 no No file checkpoint found
              slot idle
        "#]],
    );
}

#[test]
fn nothing_is_said_where_claude_does_not_answer() {
    check(
        &format!("{TURN}+61\nprompt on"),
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
        > tool Edit a.rs
          journal p1 does "Edit: a.rs"
        > answered ok
          journal p1 closed with @1
          answer @1 to #1: md "ok"
          write ask p1 LookBack { prompt: PromptId("p1") }
          slot idle
        > idle
        > +61
          slot idle
        > prompt on
          journal p2 started in c1
          react 👀 #2
          slot busy
          write text p2: on
    "#]],
    );
}

#[test]
fn nothing_is_said_where_the_agent_ends() {
    check(
        &format!("{TURN}exit signal 9\nprompt on"),
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
        > tool Edit a.rs
          journal p1 does "Edit: a.rs"
        > answered ok
          journal p1 closed with @1
          answer @1 to #1: md "ok"
          write ask p1 LookBack { prompt: PromptId("p1") }
          slot idle
        > idle
        > exit signal 9
          forget agent
          slot released
        > prompt on
          react 👀 #2
          slot wanted
    "#]],
    );
}

#[test]
fn what_goes_is_shown_before_it_goes() {
    check(
        &format!(
            "{TURN}found p1 back /w/a.rs\nbutton z1.u.p1 7 500\nfound p2 back /w/a.rs\nspared p2 weighed\nbutton z1.f.p1 7 500\nfound p3 back /w/a.rs\nspared p3 taken\nfound p3 done\nspared p3 sealed 1"
        ),
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
            > tool Edit a.rs
              journal p1 does "Edit: a.rs"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write ask p1 LookBack { prompt: PromptId("p1") }
              slot idle
            > idle
            > found p1 back /w/a.rs
              notice @2 silent: choice "✎ 1 file changed: +1 −2 lines\na.rs"
              slot idle
            > button z1.u.p1 7 500
              toast "One moment."
              write ask p2 LookBack { prompt: PromptId("p1") }
            > found p2 back /w/a.rs
              spare 7 p2: Weigh { paths: ["/w/a.rs"] }
            > spared p2 weighed
              journal p2 closed
              edit #500: choice "Undo? 1 file becomes what it was before your message. What was changed in it later is lost too, whoever did it. What commands did stays.\n/w/a.rs\n\nFor an hour the files can be put back as they are now. What Claude forgets cannot be brought back."
              slot idle
            > button z1.f.p1 7 500
              toast "One moment."
              write ask p3 LookBack { prompt: PromptId("p1") }
            > found p3 back /w/a.rs
              spare 7 p3: Take { paths: ["/w/a.rs"], all: true }
            > spared p3 taken
              write ask p3 RestoreFiles { prompt: PromptId("p1") }
            > found p3 done
              spare 7 p3: Seal
            > spared p3 sealed 1
              journal p3 closed with @4 @5
              answer @4 silent: choice "For an hour the changes to 1 file can be put back."
              edit #500: "↩ The files are as they were before your message. Claude still knows what it did."
              slot idle
        "#]],
    );
}

#[test]
fn claude_can_forget_where_no_file_would_change() {
    check(
        &format!(
            "{TURN}found p1 back /w/a.rs\nbutton z1.u.p1 7 500\nfound p2 back\nbutton z1.t.p1 7 500\nlast_prompts p3 p1:hi\nfound p3 done\nexit code 0"
        ),
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
            > tool Edit a.rs
              journal p1 does "Edit: a.rs"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write ask p1 LookBack { prompt: PromptId("p1") }
              slot idle
            > idle
            > found p1 back /w/a.rs
              notice @2 silent: choice "✎ 1 file changed: +1 −2 lines\na.rs"
              slot idle
            > button z1.u.p1 7 500
              toast "One moment."
              write ask p2 LookBack { prompt: PromptId("p1") }
            > found p2 back
              journal p2 closed
              edit #500: choice "Undo? The files are already what they were before your message. Claude can still forget your message and everything after it; that cannot be brought back."
              slot idle
            > button z1.t.p1 7 500
              toast "One moment."
              read prompts of c1 for p3
            > last_prompts p3 p1:hi
              write ask p3 Forget { prompt: PromptId("p1"), last: None }
            > found p3 done
              write close
            > exit code 0
              journal p3 closed with @4
              forget agent
              edit #500: "↩ Claude has forgotten your message and everything after it. The files stay as they are."
              slot released
        "#]],
    );
}

#[test]
fn what_cannot_be_undone_is_told() {
    check(
        &format!(
            "{TURN}found p1 back /w/a.rs\nbutton z1.b.p1 7 500\nlast_prompts p2 p1:hi\nfound p2 back\nspared p2 taken\nfound p2 done\nspared p2 gone\nfound p2 no target not found\nbutton z1.t.p1 7 500\nlast_prompts p3 p1:hi\nfound p3 no target not found"
        ),
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
            > tool Edit a.rs
              journal p1 does "Edit: a.rs"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write ask p1 LookBack { prompt: PromptId("p1") }
              slot idle
            > idle
            > found p1 back /w/a.rs
              notice @2 silent: choice "✎ 1 file changed: +1 −2 lines\na.rs"
              slot idle
            > button z1.b.p1 7 500
              toast "One moment."
              read prompts of c1 for p2
            > last_prompts p2 p1:hi
              write ask p2 LookBack { prompt: PromptId("p1") }
            > found p2 back
              spare 7 p2: Take { paths: [], all: true }
            > spared p2 taken
              write ask p2 RestoreFiles { prompt: PromptId("p1") }
            > found p2 done
              spare 7 p2: Seal
            > spared p2 gone
              write ask p2 Forget { prompt: PromptId("p1"), last: None }
            > found p2 no target not found
              journal p2 closed with @3
              answer @3 to #500 silent: "↩ The files are as they were before your message. Claude still knows what it did: target not found."
              slot idle
            > button z1.t.p1 7 500
              toast "One moment."
              read prompts of c1 for p3
            > last_prompts p3 p1:hi
              write ask p3 Forget { prompt: PromptId("p1"), last: None }
            > found p3 no target not found
              journal p3 closed with @4
              answer @4 to #500 silent: "Claude does not find your message in the conversation as it is now, so there is nothing to forget: target not found."
              slot idle
        "#]],
    );
}

#[test]
fn a_look_that_fails_and_a_no_are_told() {
    check(
        "button z1.u.p9 7 500\ngranted\nready\nfound p1 no none\nbutton z1.k.p9 7 500",
        expect![[r#"
            > button z1.u.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 no none
              journal p1 closed with @1
              answer @1 to #500 silent: "Not undone: none. Claude can undo only what its own tools changed in this conversation."
              slot idle
            > button z1.k.p9 7 500
              journal p2 closed with @2
              edit #500: "Nothing was undone."
              toast ""
        "#]],
    );
}

#[test]
fn nothing_is_undone_while_claude_works_or_by_just_anybody_in_a_group() {
    check(
        "prompt hi\ngranted\nready\nbutton z1.f.p1 7 500",
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
            > button z1.f.p1 7 500
              journal p2 closed
              toast "Claude is working. Stop it first, or wait."
        "#]],
    );
    check_group(
        "button z1.f.p1 8 500",
        expect![[r#"
        > button z1.f.p1 8 500
          journal p1 closed
          toast "In a group, only an administrator can undo."
    "#]],
    );
}
