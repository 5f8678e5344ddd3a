//! Going back to before one of the last messages: listed, shown, asked.

use expect_test::expect;

use super::support::{check, check_group};

/// A turn, and its end.
const TURN: &str = "prompt hi\ngranted\nready\nanswered ok\nidle\n";

#[test]
fn the_last_messages_are_listed_as_they_begin_with_nothing_hidden() {
    check(
        &format!(
            "{TURN}/rewind\nlast_prompts p2 b:say~_two a:first_words c: d:{}",
            "long_".repeat(30)
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
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > /rewind
              read prompts of c1 for p2
            > last_prompts p2 b:say~_two a:first_words c: d:long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_long_
              journal p2 closed with @2
              answer @2 to #2 silent: choice "Go back to before which message? Press its number, and you see what goes.\n1. say⟦U+202E⟧ two\n2. first words\n3. (without words)\n4. long long long long long long long long long long long long long long long long …"
              slot idle
        "#]],
    );
}

#[test]
fn a_press_shows_what_goes_and_which_files_change() {
    check(
        &format!(
            "{TURN}/rewind\nlast_prompts p2 b:two a:first\nbutton z1.w.a 7 500\nlast_prompts p3 b:two a:first\n\
             found p3 back /w/a.rs\nspared p3 weighed\nbutton z1.f.a 7 500\nfound p4 back /w/a.rs\n\
             spared p4 taken\nfound p4 done\nspared p4 sealed 1"
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
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > /rewind
              read prompts of c1 for p2
            > last_prompts p2 b:two a:first
              journal p2 closed with @2
              answer @2 to #2 silent: choice "Go back to before which message? Press its number, and you see what goes.\n1. two\n2. first"
              slot idle
            > button z1.w.a 7 500
              toast "One moment."
              read prompts of c1 for p3
            > last_prompts p3 b:two a:first
              write ask p3 LookBack { prompt: PromptId("a") }
            > found p3 back /w/a.rs
              spare 7 p3: Weigh { paths: ["/w/a.rs"] }
            > spared p3 weighed
              journal p3 closed
              edit #500: choice "Back to before “first”, and 1 later message.\n\nUndo? 1 file becomes what it was before your message. What was changed in it later is lost too, whoever did it. What commands did stays.\n/w/a.rs\n\nFor an hour the files can be put back as they are now. What Claude forgets cannot be brought back."
              slot idle
            > button z1.f.a 7 500
              toast "One moment."
              write ask p4 LookBack { prompt: PromptId("a") }
            > found p4 back /w/a.rs
              spare 7 p4: Take { paths: ["/w/a.rs"], all: true }
            > spared p4 taken
              write ask p4 RestoreFiles { prompt: PromptId("a") }
            > found p4 done
              spare 7 p4: Seal
            > spared p4 sealed 1
              journal p4 closed with @4 @5
              answer @4 silent: choice "For an hour the changes to 1 file can be put back."
              edit #500: "↩ The files are as they were before your message. Claude still knows what it did."
              slot idle
        "#]],
    );
}

#[test]
fn a_press_on_the_last_message_says_that_nothing_came_after_it() {
    check(
        &format!("{TURN}button z1.w.b 7 500\nlast_prompts p2 b:two a:first\nfound p2 back"),
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
            > button z1.w.b 7 500
              toast "One moment."
              read prompts of c1 for p2
            > last_prompts p2 b:two a:first
              write ask p2 LookBack { prompt: PromptId("b") }
            > found p2 back
              journal p2 closed
              edit #500: choice "Back to before “two”.\n\nUndo? The files are already what they were before your message. Claude can still forget your message and everything after it; that cannot be brought back."
              slot idle
        "#]],
    );
}

#[test]
fn where_nobody_knows_the_files_the_conversation_can_still_go_back() {
    check(
        &format!(
            "{TURN}button z1.w.a 7 500\nlast_prompts p2 b:two a:first\nfound p2 no no checkpoint"
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
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > button z1.w.a 7 500
              toast "One moment."
              read prompts of c1 for p2
            > last_prompts p2 b:two a:first
              write ask p2 LookBack { prompt: PromptId("a") }
            > found p2 no no checkpoint
              journal p2 closed
              edit #500: choice "Back to before “first”, and 1 later message.\n\nThe files cannot be taken back to there: no checkpoint. Claude can still forget this message and everything after it; that cannot be brought back."
              slot idle
        "#]],
    );
}

#[test]
fn an_old_list_and_a_disk_that_fails_are_told() {
    check(
        &format!(
            "{TURN}button z1.w.x 7 500\nlast_prompts p2 b:two\n/rewind\nno_prompts p3\n/rewind\n+61\nlast_prompts p4 b:two\n/rewind\nlast_prompts p5"
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
            > answered ok
              journal p1 closed with @1
              answer @1 to #1: md "ok"
              slot idle
            > idle
            > button z1.w.x 7 500
              toast "One moment."
              read prompts of c1 for p2
            > last_prompts p2 b:two
              journal p2 closed with @2
              edit #500: "Claude does not find this message among the last ten. Send /rewind again."
              slot idle
            > /rewind
              read prompts of c1 for p3
            > no_prompts p3
              journal p3 closed with @3
              answer @3 to #3 silent: "The conversation cannot be read: no such disk."
              slot idle
            > /rewind
              read prompts of c1 for p4
            > +61
              journal p4 closed with @4
              answer @4 to #4 silent: "The disk does not answer. Send /rewind again later."
              slot idle
            > last_prompts p4 b:two
              slot idle
            > /rewind
              read prompts of c1 for p5
            > last_prompts p5
              journal p5 closed with @5
              answer @5 to #5 silent: "There is no message to go back to yet."
              slot idle
        "#]],
    );
}

#[test]
fn before_the_first_message_there_is_nothing_to_go_back_to() {
    check(
        "/rewind\nbutton z1.w.x 7 500",
        expect![[r#"
        > /rewind
          journal p1 closed
          notice @1 to #1: "There is no message to go back to yet."
        > button z1.w.x 7 500
          journal p2 closed
          toast "There is no message to go back to yet."
    "#]],
    );
}

#[test]
fn in_a_group_only_an_administrator_goes_back() {
    check_group(
        "/rewind\nbutton z1.w.x 8 500",
        expect![[r#"
        > /rewind
          journal p1 closed
          notice @1 to #1: "In a group, only an administrator can undo."
        > button z1.w.x 8 500
          journal p2 closed
          toast "In a group, only an administrator can undo."
    "#]],
    );
}

#[test]
fn nothing_goes_back_while_claude_works() {
    check(
        "prompt hi\ngranted\nready\nbutton z1.w.x 7 500",
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
            > button z1.w.x 7 500
              journal p2 closed
              toast "Claude is working. Stop it first, or wait."
        "#]],
    );
}
