//! What undoing waits for, and what waits for it.

use expect_test::expect;

use super::support::check;
use super::undo::TURN;

#[test]
fn what_claude_forgot_is_told_only_where_it_was_kept() {
    check(
        &format!(
            "{TURN}found p1 back /w/a.rs\nbutton z1.b.p1 7 500\nlast_prompts p2 p1:hi\nfound p2 back\nspared p2 taken\nfound p2 done\nspared p2 gone\nfound p2 done\nexit signal 9"
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
            > found p2 done
              write close
            > exit signal 9
              journal p2 closed with @3
              forget agent
              answer @3 to #500 silent: "Claude was ended before it could write down that it is to forget your message. Press Undo once more."
              slot released
        "#]],
    );
}

#[test]
fn a_message_waits_until_the_files_are_what_they_were() {
    check(
        "button z1.f.p1 7 500\nprompt differently\ngranted\nready\nfound p1 back /w/a.rs\nspared p1 taken\nfound p1 done\nspared p1 sealed 1",
        expect![[r#"
            > button z1.f.p1 7 500
              toast "One moment."
              slot wanted
            > prompt differently
              react 👀 #2
              notice @1 to #2 silent: "Queued: runs when the current work is done."
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p1") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > spared p1 taken
              write ask p1 RestoreFiles { prompt: PromptId("p1") }
            > found p1 done
              spare 7 p1: Seal
            > spared p1 sealed 1
              journal p2 started in c1 p1 closed with @2 @3
              answer @2 silent: choice "For an hour the changes to 1 file can be put back."
              edit #500: "↩ The files are as they were before your message. Claude still knows what it did."
              slot busy
              write text p2: differently
        "#]],
    );
}

#[test]
fn a_message_waits_until_claude_has_forgotten() {
    check(
        &format!(
            "{TURN}found p1 back\nbutton z1.b.p1 7 500\nprompt on\nlast_prompts p2 p4:later p1:hi\nfound p2 back\nspared p2 taken\nfound p2 done\nspared p2 gone\nfound p2 done\nexit code 0\ngranted"
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
            > found p1 back
              slot idle
            > button z1.b.p1 7 500
              toast "One moment."
              read prompts of c1 for p2
            > prompt on
              react 👀 #3
            > last_prompts p2 p4:later p1:hi
              write ask p2 LookBack { prompt: PromptId("p1") }
            > found p2 back
              spare 7 p2: Take { paths: [], all: true }
            > spared p2 taken
              write ask p2 RestoreFiles { prompt: PromptId("p1") }
            > found p2 done
              spare 7 p2: Seal
            > spared p2 gone
              write ask p2 Forget { prompt: PromptId("p1"), last: Some(PromptId("p4")) }
            > found p2 done
              write close
            > exit code 0
              journal p2 closed with @2
              forget agent
              edit #500: "↩ The files are as they were before your message, and Claude has forgotten it and everything after it."
              slot released
              slot wanted
            > granted
              journal p3 started in c2
              launch g2 new c2
              slot busy
              write text p3: on
        "#]],
    );
}

#[test]
fn an_undo_between_the_answer_and_its_last_word_is_taken_and_waits() {
    let answered = "prompt hi\ngranted\nready\nrunning\ntool Edit a.rs\nanswered ok\n";
    let found = "found p2 back /w/a.rs\nspared p2 taken";
    check(
        &format!("{answered}button z1.f.p1 7 500\nidle\n{found}"),
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
            > running
            > tool Edit a.rs
              journal p1 does "Edit: a.rs"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write ask p1 LookBack { prompt: PromptId("p1") }
            > button z1.f.p1 7 500
              toast "One moment."
            > idle
              slot idle
              write ask p2 LookBack { prompt: PromptId("p1") }
            > found p2 back /w/a.rs
              spare 7 p2: Take { paths: ["/w/a.rs"], all: true }
            > spared p2 taken
              write ask p2 RestoreFiles { prompt: PromptId("p1") }
        "#]],
    );
    check(
        &format!("{answered}+2\nbutton z1.f.p1 7 500"),
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
            > running
            > tool Edit a.rs
              journal p1 does "Edit: a.rs"
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              write ask p1 LookBack { prompt: PromptId("p1") }
            > +2
            > button z1.f.p1 7 500
              journal p2 closed
              toast "Claude is working. Stop it first, or wait."
        "#]],
    );
}
