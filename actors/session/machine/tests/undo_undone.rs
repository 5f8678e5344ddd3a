//! Undoing an undo: what cannot be kept is told before it is lost, and what is kept comes back.

use expect_test::expect;

use super::support::{check, check_group};

/// A press of *Files*, up to the files being kept.
const KEPT: &str = "button z1.f.p9 7 500\ngranted\nready\nfound p1 back /w/a.rs\nspared p1 taken\n";

#[test]
fn what_cannot_be_kept_is_told_with_the_question_and_the_answer_says_anyway() {
    check(
        "button z1.u.p9 7 500\ngranted\nready\nfound p1 back /w/a.rs /w/b.rs /w/c /w/d /w/e\nspared p1 weighed /w/a.rs /w/b.rs /w/c /w/d /w/e",
        expect![[r#"
            > button z1.u.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs /w/b.rs /w/c /w/d /w/e
              spare 7 p1: Weigh { paths: ["/w/a.rs", "/w/b.rs", "/w/c", "/w/d", "/w/e"] }
            > spared p1 weighed /w/a.rs /w/b.rs /w/c /w/d /w/e
              journal p1 closed
              edit #500: choice "Undo? 5 files become what they were before your message. What was changed in them later is lost too, whoever did it. What commands did stays.\n/w/a.rs\n/w/b.rs\n/w/c\n/w/d\n/w/e\n\n5 files could not be put back afterwards; nor can what Claude forgets be brought back:\n/w/a.rs: larger than 10 MB\n/w/b.rs: too much is kept here already\n/w/c: not in the folder of this chat\n/w/d: no plain file\n/w/e: no rights"
              slot idle
        "#]],
    );
}

#[test]
fn nothing_is_undone_that_could_not_be_put_back_before_somebody_has_seen_that() {
    check(
        "button z1.f.p9 7 500\ngranted\nready\nfound p1 back /w/a.rs\nspared p1 weighed /w/a.rs\n\
         button z1.g.p9 7 500\nfound p2 back /w/a.rs\nspared p2 taken\nfound p2 done\nspared p2 gone",
        expect![[r#"
            > button z1.f.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > spared p1 weighed /w/a.rs
              journal p1 closed
              edit #500: choice "Undo? 1 file becomes what it was before your message. What was changed in it later is lost too, whoever did it. What commands did stays.\n/w/a.rs\n\n1 file could not be put back afterwards; nor can what Claude forgets be brought back:\n/w/a.rs: larger than 10 MB"
              slot idle
            > button z1.g.p9 7 500
              toast "One moment."
              write ask p2 LookBack { prompt: PromptId("p9") }
            > found p2 back /w/a.rs
              spare 7 p2: Take { paths: ["/w/a.rs"], all: false }
            > spared p2 taken
              write ask p2 RestoreFiles { prompt: PromptId("p9") }
            > found p2 done
              spare 7 p2: Seal
            > spared p2 gone
              journal p2 closed with @2
              edit #500: "↩ The files are as they were before your message. Claude still knows what it did."
              slot idle
        "#]],
    );
}

#[test]
fn nothing_is_undone_where_the_disk_fails_or_does_not_answer() {
    check(
        "button z1.f.p9 7 500\ngranted\nready\nfound p1 back /w/a.rs\nspared p1 failed\n\
         button z1.b.p9 7 500\nlast_prompts p2\nfound p2 back /w/a.rs\n+61\nspared p2 taken",
        expect![[r#"
            > button z1.f.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > spared p1 failed
              journal p1 closed with @1
              answer @1 to #500 silent: "Nothing was undone: no such disk."
              slot idle
            > button z1.b.p9 7 500
              toast "One moment."
              read prompts of c1 for p2
            > last_prompts p2
              write ask p2 LookBack { prompt: PromptId("p9") }
            > found p2 back /w/a.rs
              spare 7 p2: Take { paths: ["/w/a.rs"], all: true }
            > +61
              journal p2 closed with @2
              answer @2 to #500 silent: "Nothing was undone: the disk does not answer."
              slot idle
            > spared p2 taken
              slot idle
        "#]],
    );
}

#[test]
fn what_the_disk_does_not_note_is_told() {
    check(
        &format!(
            "{KEPT}found p1 done\nspared p1 failed\n\
             button z1.f.p9 7 500\nfound p2 back /w/a.rs\nspared p2 taken\nfound p2 done\n+61"
        ),
        expect![[r#"
            > button z1.f.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > spared p1 taken
              write ask p1 RestoreFiles { prompt: PromptId("p9") }
            > found p1 done
              spare 7 p1: Seal
            > spared p1 failed
              journal p1 closed with @1 @2
              answer @1 silent: "What was undone cannot be put back: the disk did not keep it."
              edit #500: "↩ The files are as they were before your message. Claude still knows what it did."
              slot idle
            > button z1.f.p9 7 500
              toast "One moment."
              write ask p2 LookBack { prompt: PromptId("p9") }
            > found p2 back /w/a.rs
              spare 7 p2: Take { paths: ["/w/a.rs"], all: true }
            > spared p2 taken
              write ask p2 RestoreFiles { prompt: PromptId("p9") }
            > found p2 done
              spare 7 p2: Seal
            > +61
              journal p2 closed with @3 @4
              answer @3 silent: "What was undone cannot be put back: the disk did not keep it."
              edit #500: "↩ The files are as they were before your message. Claude still knows what it did."
              slot idle
        "#]],
    );
}

#[test]
fn what_was_undone_in_part_can_be_put_back() {
    check(
        &format!("{KEPT}found p1 no one file is closed\nspared p1 sealed 1"),
        expect![[r#"
            > button z1.f.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > spared p1 taken
              write ask p1 RestoreFiles { prompt: PromptId("p9") }
            > found p1 no one file is closed
              spare 7 p1: Seal
            > spared p1 sealed 1
              journal p1 closed with @1 @2
              answer @1 silent: choice "For an hour the changes to 1 file can be put back."
              answer @2 to #500 silent: "Not undone: one file is closed. Claude can undo only what its own tools changed in this conversation."
              slot idle
        "#]],
    );
}

#[test]
fn an_agent_that_dies_while_it_undoes_leaves_what_can_be_put_back() {
    check(
        &format!("{KEPT}exit signal 9\nspared p1 sealed 2"),
        expect![[r#"
            > button z1.f.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > spared p1 taken
              write ask p1 RestoreFiles { prompt: PromptId("p9") }
            > exit signal 9
              forget agent
              spare 7 p1: Seal
              slot released
            > spared p1 sealed 2
              journal p1 closed with @1 @2
              answer @1 silent: choice "For an hour the changes to 2 files can be put back."
              answer @2 to #500 silent: "Claude ended before it answered this. Send the command again."
        "#]],
    );
}

#[test]
fn an_agent_that_says_nothing_while_it_undoes_leaves_what_can_be_put_back() {
    check(
        &format!("{KEPT}+61\nspared p1 sealed 1\nfound p1 done"),
        expect![[r#"
            > button z1.f.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > spared p1 taken
              write ask p1 RestoreFiles { prompt: PromptId("p9") }
            > +61
              spare 7 p1: Seal
            > spared p1 sealed 1
              journal p1 closed with @1 @2
              answer @1 silent: choice "For an hour the changes to 1 file can be put back."
              answer @2 to #500 silent: "Claude has not answered this in time. Send the command again, or look at /status."
              slot idle
            > found p1 done
              slot idle
        "#]],
    );
}

#[test]
fn an_agent_that_dies_while_the_room_keeps_files_is_followed_by_another() {
    check(
        "button z1.f.p9 7 500\ngranted\nready\nfound p1 back /w/a.rs\nexit signal 9\nspared p1 taken\ngranted\nready",
        expect![[r#"
            > button z1.f.p9 7 500
              toast "One moment."
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 LookBack { prompt: PromptId("p9") }
            > found p1 back /w/a.rs
              spare 7 p1: Take { paths: ["/w/a.rs"], all: true }
            > exit signal 9
              forget agent
              slot released
            > spared p1 taken
              slot wanted
            > granted
              launch g2 new c2
            > ready
              write ask p1 RestoreFiles { prompt: PromptId("p9") }
        "#]],
    );
}

#[test]
fn changes_are_put_back_without_an_agent_and_then_are_kept_no_longer() {
    check(
        "button z1.r.p8 7 500\nspared p1 put_back /w/a.rs /w/b.rs?",
        expect![[r#"
            > button z1.r.p8 7 500
              toast "One moment."
              spare 7 p1: PutBack { kept_in: PromptId("p8") }
            > spared p1 put_back /w/a.rs /w/b.rs?
              journal p1 closed with @1
              edit #500: "↪ The changes are back in 1 file:\n/w/a.rs\n\n1 file was changed after the undo and stays as it is:\n/w/b.rs"
              spare 7 p1: Remove { kept_in: PromptId("p8") }
        "#]],
    );
}

#[test]
fn what_the_disk_does_not_let_back_can_be_tried_again() {
    check(
        "button z1.r.p8 7 500\nspared p1 put_back /w/a.rs! /w/b.rs\nbutton z1.r.p8 7 500\nspared p2 failed\n\
         button z1.r.p8 7 500\n+61\nspared p3 put_back /w/a.rs",
        expect![[r#"
            > button z1.r.p8 7 500
              toast "One moment."
              spare 7 p1: PutBack { kept_in: PromptId("p8") }
            > spared p1 put_back /w/a.rs! /w/b.rs
              journal p1 closed with @1
              answer @1 to #500 silent: "↪ The changes are back in 1 file:\n/w/b.rs\n\nThe disk does not let me. Press the button once more when it does:\n/w/a.rs: no room"
            > button z1.r.p8 7 500
              toast "One moment."
              spare 7 p2: PutBack { kept_in: PromptId("p8") }
            > spared p2 failed
              journal p2 closed with @2
              answer @2 to #500 silent: "Nothing was put back.\n\nThe disk does not let me. Press the button once more when it does:\nno such disk"
            > button z1.r.p8 7 500
              toast "One moment."
              spare 7 p3: PutBack { kept_in: PromptId("p8") }
            > +61
              journal p3 closed with @3
              answer @3 to #500 silent: "The disk does not answer, so nobody knows what is back. Press the button once more."
            > spared p3 put_back /w/a.rs
        "#]],
    );
}

#[test]
fn after_the_hour_a_press_says_so() {
    check(
        "button z1.r.p8 7 500\nspared p1 gone",
        expect![[r#"
        > button z1.r.p8 7 500
          toast "One moment."
          spare 7 p1: PutBack { kept_in: PromptId("p8") }
        > spared p1 gone
          journal p1 closed with @1
          edit #500: "These changes are no longer kept: they were put back, or the hour is over."
    "#]],
    );
}

#[test]
fn a_message_waits_until_the_changes_are_back() {
    check(
        "prompt hi\ngranted\nready\nanswered ok\nidle\nbutton z1.r.p8 7 500\nprompt on\nspared p2 put_back /w/a.rs",
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
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > button z1.r.p8 7 500
              toast "One moment."
              spare 7 p2: PutBack { kept_in: PromptId("p8") }
            > prompt on
              react 👀 #3
            > spared p2 put_back /w/a.rs
              journal p3 started in c1 p2 closed with @2
              edit #500: "↪ The changes are back in 1 file:\n/w/a.rs"
              spare 7 p2: Remove { kept_in: PromptId("p8") }
              slot busy
              write text p3: on
        "#]],
    );
}

#[test]
fn in_a_group_only_an_administrator_puts_changes_back() {
    check_group(
        "button z1.r.p8 8 500",
        expect![[r#"
        > button z1.r.p8 8 500
          journal p1 closed
          toast "In a group, only an administrator can undo."
    "#]],
    );
}
