//! `/sessions` and `/export`: which conversations there are, going on with one, sending what was
//! said in it, deleting it.

use expect_test::expect;

use super::support::{check, check_group};

#[test]
fn conversations_are_listed_with_what_they_are_and_no_title_hides_anything() {
    check(
        "/sessions\npast p1 4",
        expect![[r#"
        > /sessions
          look up 7 p1: list "" 0 of 8
        > past p1 4
          journal p1 closed
          answer @1 to #1 silent: live "4 conversations in this folder. Press a number to open one."  "1. title 1\n📱 1 prompt, just now\n2. tax⟦U+202E⟧es\n💻 2 prompts, 3 min ago\n3. long long long long long long long long long long long long…\n📱 3 prompts or more, 7 min ago\n4. (no title)\n💻 4 prompts, 13 min ago" ["1=v1.o.0.c1", "2=v1.o.0.c2", "3=v1.o.0.c3", "4=v1.o.0.c4"]
    "#]],
    );
    check(
        "/sessions\npast p1 0",
        expect![[r#"
        > /sessions
          look up 7 p1: list "" 0 of 8
        > past p1 0
          journal p1 closed
          answer @1 to #1 silent: live "There are no conversations in this folder yet. What you write begins one." []
    "#]],
    );
    check(
        "/sessions  fix it\npast p1 0",
        expect![[r#"
        > /sessions  fix it
          look up 7 p1: list "fix it" 0 of 8
        > past p1 0
          journal p1 closed
          answer @1 to #1 silent: live "No conversation in this folder has “fix it” in its title. /sessions shows all." []
    "#]],
    );
}

#[test]
fn eight_are_a_page_and_a_press_turns_it_and_opens_one() {
    check(
        "/sessions tea\npast p1 10 0 5\nbutton v1.p.1.tea 7 500\npast p2 10 1\nbutton v1.o.1.c9 7 500\npast_one p3 c9\nbutton v1.o.1.c2 7 500\npast_none p4",
        expect![[r#"
            > /sessions tea
              look up 7 p1: list "tea" 0 of 8
            > past p1 10 0 5
              journal p1 closed
              answer @1 to #1 silent: live "10 conversations with “tea” in their titles. Press a number to open one.\nPage 1 of 2\n5 more are still being read. Send /sessions again in a moment."  "1. title 1\n📱 1 prompt, just now\n2. tax⟦U+202E⟧es\n💻 2 prompts, 3 min ago\n3. long long long long long long long long long long long long…\n📱 3 prompts or more, 7 min ago\n4. (no title)\n💻 4 prompts, 13 min ago\n5. title 5\n📱 5 prompts, 20 min ago\n6. title 6\n💻 6 prompts, 30 min ago\n7. title 7\n📱 7 prompts, 40 min ago\n8. title 8\n💻 8 prompts, 53 min ago" ["1=v1.o.0.c1", "2=v1.o.0.c2", "3=v1.o.0.c3", "4=v1.o.0.c4", "5=v1.o.0.c5", "6=v1.o.0.c6", "7=v1.o.0.c7", "8=v1.o.0.c8", "Older ›=v1.p.1.tea"]
            > button v1.p.1.tea 7 500
              toast ""
              look up 7 p2: list "tea" 1 of 8
            > past p2 10 1
              journal p2 closed
              edit #500: live "10 conversations with “tea” in their titles. Press a number to open one.\nPage 2 of 2"  "9. title 9\n📱 9 prompts, 1 h ago\n10. title 10\n💻 10 prompts, 1 h ago" ["9=v1.o.1.c9", "10=v1.o.1.c10", "‹ Newer=v1.p.0.tea"]
            > button v1.o.1.c9 7 500
              toast ""
              look up 7 p3: look c9
            > past_one p3 c9
              journal p3 closed
              edit #500: live "title 9\n📱 9 prompts, 1 h ago\n/work\nc9" ["▶ Resume=v1.r.c9", "Export=v1.e.c9", "Export as JSON=v1.j.c9", "Delete …=v1.d.1.c9", "‹ Back=v1.p.1."]
            > button v1.o.1.c2 7 500
              toast ""
              look up 7 p4: look c2
            > past_none p4
              journal p4 closed with @4
              edit #500: "This conversation is not here. /sessions shows which are."
        "#]],
    );
}

#[test]
fn the_conversation_of_the_chat_is_marked_and_not_deleted() {
    check(
        "prompt x\ngranted\nready\ninit c3\nanswered done\n/sessions\npast p2 3\nbutton v1.o.0.c3 7 500\npast_one p3 c3\nbutton v1.d.0.c3 7 500\nbutton v1.x.c3 7 500",
        expect![[r#"
            > init c3
              remember c3
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > /sessions
              look up 7 p2: list "" 0 of 8
            > past p2 3
              journal p2 closed
              answer @2 to #2 silent: live "3 conversations in this folder. Press a number to open one."  "1. title 1\n📱 1 prompt, just now\n2. tax⟦U+202E⟧es\n💻 2 prompts, 3 min ago\n3. long long long long long long long long long long long long…\n● 📱 3 prompts or more, 7 min ago" ["1=v1.o.0.c1", "2=v1.o.0.c2", "3=v1.o.0.c3"]
            > button v1.o.0.c3 7 500
              toast ""
              look up 7 p3: look c3
            > past_one p3 c3
              journal p3 closed
              edit #500: live "long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long⟦U+0020⟧\n● 📱 3 prompts or more, 7 min ago\n/work\nc3" ["Export=v1.e.c3", "Export as JSON=v1.j.c3", "‹ Back=v1.p.0."]
            > button v1.d.0.c3 7 500
              journal p4 closed
              toast "This chat continues this conversation. Send /new first."
            > button v1.x.c3 7 500
              journal p5 closed
              toast "This chat continues this conversation. Send /new first."
        "#]],
    );
}

#[test]
fn a_chat_goes_on_with_another_conversation_and_its_agent_ends_by_itself() {
    check(
        "prompt x\ngranted\nready\ninit c3\nanswered done\nidle\nbutton v1.r.c9 7 500\npast_free p2 c9\nexit code 0\nprompt y\ngranted",
        expect![[r#"
            > init c3
              remember c3
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > idle
            > button v1.r.c9 7 500
              toast "One moment."
              look up 7 p2: claim c9
            > past_free p2 c9
              remember c9
              journal p2 closed with @2
              write close
              edit #500: "✓ This chat goes on with “title 9”. Your next message is said in it."
            > exit code 0
              forget agent
              slot released
            > prompt y
              react 👀 #3
              slot wanted
            > granted
              journal p3 started in c9
              launch g2 resume c9
              slot busy
              write text p3: y
        "#]],
    );
}

/// The bridge died between the switch and the word that it was done.
#[test]
fn a_resume_that_comes_once_more_is_confirmed_and_ends_nothing() {
    check(
        "prompt x\ngranted\nready\ninit c9\nbutton v1.r.c9 7 500\npast_free p2 c9\nanswered done",
        expect![[r#"
            > init c9
              remember c9
            > button v1.r.c9 7 500
              toast "One moment."
              look up 7 p2: claim c9
            > past_free p2 c9
              journal p2 closed with @1
              edit #500: "✓ This chat goes on with “title 9”. Your next message is said in it."
            > answered done
              journal p1 closed with @2
              answer @2 to #1: md "done"
              slot idle
        "#]],
    );
}

#[test]
fn nobody_goes_on_with_another_conversation_in_the_middle_of_a_turn() {
    check(
        "prompt x\ngranted\nready\ninit c3\nbutton v1.r.c9 7 500\nanswered done\nbutton v1.r.c9 7 500\nprompt y\npast_free p3 c9",
        expect![[r#"
            > init c3
              remember c3
            > button v1.r.c9 7 500
              journal p2 closed
              toast "Not while Claude works or a message waits. Try again afterwards, or send /stop first."
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > button v1.r.c9 7 500
              toast "One moment."
              look up 7 p3: claim c9
            > prompt y
              journal p4 started in c1
              react 👀 #4
              slot busy
              write text p4: y
            > past_free p3 c9
              journal p3 closed with @2
              answer @2 silent: "Not while Claude works or a message waits. Try again afterwards, or send /stop first."
        "#]],
    );
}

#[test]
fn what_somebody_else_has_is_left_to_them() {
    check(
        "button v1.r.c9 7 500\npast_held p1\nbutton v1.r.c9 7 500\npast_held p2 77\nbutton v1.x.c9 7 500\npast_held p3 /dev/pts/3\nbutton v1.r.c9 7 500\npast_none p4",
        expect![[r#"
            > button v1.r.c9 7 500
              toast "One moment."
              look up 7 p1: claim c9
            > past_held p1
              journal p1 closed with @1
              answer @1 to #500 silent: "Another chat or topic has this conversation. Send /new there, then try again here."
            > button v1.r.c9 7 500
              toast "One moment."
              look up 7 p2: claim c9
            > past_held p2 77
              journal p2 closed with @2
              answer @2 to #500 silent: "Another program has this conversation open: process 77. End it, then try again here."
            > button v1.x.c9 7 500
              toast "One moment."
              look up 7 p3: delete c9
            > past_held p3 /dev/pts/3
              journal p3 closed with @3
              answer @3 to #500 silent: "This conversation is open in a terminal: /dev/pts/3, process 77. End Claude there with /exit, then try again here."
            > button v1.r.c9 7 500
              toast "One moment."
              look up 7 p4: claim c9
            > past_none p4
              journal p4 closed with @4
              edit #500: "This conversation is not here. /sessions shows which are."
        "#]],
    );
}

#[test]
fn a_conversation_comes_as_a_file_and_what_comes_late_is_released() {
    check(
        "button v1.e.c9 7 500\npast_sent p1 a.md\nbutton v1.j.c9 7 500\npast_too_long p2\nbutton v1.j.c9 7 500\n+60\npast_sent p3 b.json",
        expect![[r#"
            > button v1.e.c9 7 500
              toast "One moment."
              look up 7 p1: export c9 Markdown
            > past_sent p1 a.md
              journal p1 closed with @1
              answer @1 silent: Apart a.md (Document copy-of-a.md "")
            > button v1.j.c9 7 500
              toast "One moment."
              look up 7 p2: export c9 Json
            > past_too_long p2
              journal p2 closed with @2
              answer @2 to #500 silent: "This conversation is too long for a file of 50 MB, the most that Telegram takes from a bot."
            > button v1.j.c9 7 500
              toast "One moment."
              look up 7 p3: export c9 Json
            > +60
              journal p3 closed with @3
              answer @3 to #500 silent: "The disk with the conversations gave no answer within 1 min. Try again with /sessions."
            > past_sent p3 b.json
              release copy-of-b.json
        "#]],
    );
    check(
        "/export\nprompt x\ngranted\nready\ninit c3\nanswered done\n/export json\npast_fails p3",
        expect![[r#"
            > /export
              journal p1 closed with @1
              answer @1 to #1: "This chat has no conversation yet. /sessions shows earlier ones."
            > prompt x
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: x
            > ready
            > init c3
              remember c3
            > answered done
              journal p2 closed with @2
              answer @2 to #2: md "done"
              slot idle
            > /export json
              look up 7 p3: export c3 Json
            > past_fails p3
              journal p3 closed with @3
              answer @3 to #3 silent: "I could not get at the conversations: no such disk. Try again with /sessions."
        "#]],
    );
}

#[test]
fn a_conversation_is_deleted_after_a_question() {
    check(
        "button v1.d.2.c9 7 500\npast_one p1 c9\nbutton v1.x.c9 7 500\npast_deleted p2",
        expect![[r#"
            > button v1.d.2.c9 7 500
              toast ""
              look up 7 p1: look c9
            > past_one p1 c9
              journal p1 closed
              edit #500: live "Delete “title 9”? Claude cannot go on with it then. What stands in this chat stays." ["Delete it=v1.x.c9", "Keep it=v1.o.2.c9"]
            > button v1.x.c9 7 500
              toast "One moment."
              look up 7 p2: delete c9
            > past_deleted p2
              journal p2 closed with @2
              edit #500: "✓ The conversation is deleted."
        "#]],
    );
}

#[test]
fn in_a_group_only_administrators_delete_and_no_press_changes_a_message_of_others() {
    check_group(
        "/sessions\npast p1 2\nshown 1 600\nbutton v1.o.0.c2 7 600\npast_one p2 c2\nbutton v1.o.0.c2 7 500\npast_one p3 c2\nbutton v1.d.0.c2 7 600\nbutton v1.x.c2 7 600\nbutton v1.r.c2 7 500\npast_free p6 c2",
        expect![[r#"
            > /sessions
              look up -7 p1: list "" 0 of 8
            > past p1 2
              journal p1 closed
              answer @1 to #1 silent: live "2 conversations in this folder. Press a number to open one."  "1. title 1\n📱 1 prompt, just now\n2. tax⟦U+202E⟧es\n💻 2 prompts, 3 min ago" ["1=v1.o.0.c1", "2=v1.o.0.c2"]
            > shown 1 600
            > button v1.o.0.c2 7 600
              toast ""
              look up -7 p2: look c2
            > past_one p2 c2
              journal p2 closed
              edit #600: live "tax⟦U+202E⟧es\n💻 2 prompts, 3 min ago\n/work\nc2" ["▶ Resume=v1.r.c2", "Export=v1.e.c2", "Export as JSON=v1.j.c2", "‹ Back=v1.p.0."]
            > button v1.o.0.c2 7 500
              toast ""
              look up -7 p3: look c2
            > past_one p3 c2
              journal p3 closed
              answer @3 silent: live "tax⟦U+202E⟧es\n💻 2 prompts, 3 min ago\n/work\nc2" ["▶ Resume=v1.r.c2", "Export=v1.e.c2", "Export as JSON=v1.j.c2", "‹ Back=v1.p.0."]
            > button v1.d.0.c2 7 600
              journal p4 closed
              toast "In a group only an administrator can delete a conversation."
            > button v1.x.c2 7 600
              journal p5 closed
              toast "In a group only an administrator can delete a conversation."
            > button v1.r.c2 7 500
              toast "One moment."
              look up -7 p6: claim c2
            > past_free p6 c2
              remember c2
              journal p6 closed with @4
              answer @4 silent: "✓ This chat goes on with “tax⟦U+202E⟧es”. Your next message is said in it."
        "#]],
    );
}

#[test]
fn whoever_may_no_longer_come_in_gets_no_conversation() {
    check(
        "/sessions\nrevoke 7\npast p1 3",
        expect![[r#"
        > /sessions
          look up 7 p1: list "" 0 of 8
        > revoke 7
          journal p1 closed
        > past p1 3
    "#]],
    );
}
