//! `/files`: what lies in the inbox, sent again, cleared.

use expect_test::expect;

use super::support::{check, check_group};

#[test]
fn files_are_listed_with_what_they_are_and_no_name_hides_anything() {
    check(
        "/files\nlisted p1 3",
        expect![[r#"
        > /files
          inbox 7 p1: list, needed []
        > listed p1 3
          journal p1 closed
          answer @1 to #1 silent: live "3 files in this chat: 14 MB of 1 GB. Press a number to get that file again."  "1. photo-1.jpg\npicture, 2.4 MB, just now\n2. in⟦U+202E⟧voice.pdf\ndocument, 4.9 MB, 3 min ago\n3. longlonglonglonglonglonglong…glonglong.tar.gz\narchive, 7.4 MB, 7 min ago" ["1=f1.s.id1", "2=f1.s.id2", "3=f1.s.id3", "Clear …=f1.c."]
    "#]],
    );
    check(
        "/files\nlisted p1 0",
        expect![[r#"
        > /files
          inbox 7 p1: list, needed []
        > listed p1 0
          journal p1 closed
          answer @1 to #1 silent: live "There are no files in this chat. What you send me shows up here." []
    "#]],
    );
}

#[test]
fn eight_files_are_a_page_and_a_press_turns_it() {
    check(
        "/files\nlisted p1 17\ninbox p.1 7 500\nlisted p2 17\ninbox p.9 7 500\nlisted p3 17",
        expect![[r#"
            > /files
              inbox 7 p1: list, needed []
            > listed p1 17
              journal p1 closed
              answer @1 to #1 silent: live "17 files in this chat: 379 MB of 1 GB. Press a number to get that file again.\nPage 1 of 3"  "1. photo-1.jpg\npicture, 2.4 MB, just now\n2. in⟦U+202E⟧voice.pdf\ndocument, 4.9 MB, 3 min ago\n3. longlonglonglonglonglonglong…glonglong.tar.gz\narchive, 7.4 MB, 7 min ago\n4. photo-4.jpg\npicture, 9.9 MB, 13 min ago\n5. photo-5.jpg\npicture, 12 MB, 20 min ago\n6. photo-6.jpg\npicture, 14 MB, 30 min ago\n7. photo-7.jpg\npicture, 17 MB, 40 min ago\n8. photo-8.jpg\npicture, 19 MB, 53 min ago" ["1=f1.s.id1", "2=f1.s.id2", "3=f1.s.id3", "4=f1.s.id4", "5=f1.s.id5", "6=f1.s.id6", "7=f1.s.id7", "8=f1.s.id8", "Older ›=f1.p.1", "Clear …=f1.c."]
            > inbox p.1 7 500
              toast ""
              inbox 7 p2: list, needed []
            > listed p2 17
              journal p2 closed
              edit #500: live "17 files in this chat: 379 MB of 1 GB. Press a number to get that file again.\nPage 2 of 3"  "9. photo-9.jpg\npicture, 22 MB, 1 h ago\n10. photo-10.jpg\npicture, 24 MB, 1 h ago\n11. photo-11.jpg\npicture, 27 MB, 1 h ago\n12. photo-12.jpg\npicture, 29 MB, 2 h ago\n13. photo-13.jpg\npicture, 32 MB, 2 h ago\n14. photo-14.jpg\npicture, 34 MB, 2 h ago\n15. photo-15.jpg\npicture, 37 MB, 3 h ago\n16. photo-16.jpg\npicture, 39 MB, 3 h ago" ["9=f1.s.id9", "10=f1.s.id10", "11=f1.s.id11", "12=f1.s.id12", "13=f1.s.id13", "14=f1.s.id14", "15=f1.s.id15", "16=f1.s.id16", "‹ Newer=f1.p.0", "Older ›=f1.p.2", "Clear …=f1.c."]
            > inbox p.9 7 500
              toast ""
              inbox 7 p3: list, needed []
            > listed p3 17
              journal p3 closed
              edit #500: live "17 files in this chat: 379 MB of 1 GB. Press a number to get that file again.\nPage 3 of 3"  "17. photo-17.jpg\npicture, 42 MB, 4 h ago" ["17=f1.s.id17", "‹ Newer=f1.p.1", "Clear …=f1.c."]
        "#]],
    );
}

#[test]
fn a_press_sends_a_file_again_also_after_a_restart() {
    check(
        "inbox s.id2 7 500\nsent_again p1 a.png",
        expect![[r#"
            > inbox s.id2 7 500
              toast "One moment."
              inbox 7 p1: copy id2
            > sent_again p1 a.png
              journal p1 closed with @1
              answer @1 silent: Apart a.png (Photo copy-of-a.png "")
        "#]],
    );
    check(
        "inbox s.id2 7 500\nvanished p1\ninbox s.id2 7 500\nno_inbox p2",
        expect![[r#"
            > inbox s.id2 7 500
              toast "One moment."
              inbox 7 p1: copy id2
            > vanished p1
              journal p1 closed with @1
              answer @1 to #500 silent: "This file is no longer here. /files shows what is."
            > inbox s.id2 7 500
              toast "One moment."
              inbox 7 p2: copy id2
            > no_inbox p2
              journal p2 closed with @2
              answer @2 to #500 silent: "I could not get at this chat's files: no such disk. Try again with /files."
        "#]],
    );
}

#[test]
fn a_list_never_waits_behind_a_turn_and_stays_open_until_it_is_posted() {
    check(
        "prompt x\ngranted\nready\nattempt\n/files\nlisted p2 1",
        expect![[r#"
            > attempt
              journal p1 begun
            > /files
              inbox 7 p2: list, needed []
            > listed p2 1
              journal p2 closed
              answer @1 to #2 silent: live "1 file in this chat: 2.4 MB of 1 GB. Press its number to get it again."  "1. photo-1.jpg\npicture, 2.4 MB, just now" ["1=f1.s.id1", "Clear …=f1.c."]
        "#]],
    );
}

#[test]
fn clearing_is_asked_about_and_leaves_what_a_prompt_needs() {
    check(
        "photo x\n/files\nlisted p2 3 needed\ninbox c. 7 500\nlisted p3 3 needed\ninbox y.50700 7 500\ncleared p4 2",
        expect![[r#"
            > photo x
              react 👀 #1
              fetch p1 photo1
            > /files
              inbox 7 p2: list, needed [photo1]
            > listed p2 3 needed
              journal p2 closed
              answer @1 to #2 silent: live "3 files in this chat: 14 MB of 1 GB. Press a number to get that file again."  "1. photo-1.jpg\npicture, 2.4 MB, just now\n2. in⟦U+202E⟧voice.pdf\ndocument, 4.9 MB, 3 min ago\n3. longlonglonglonglonglonglong…glonglong.tar.gz\narchive, 7.4 MB, 7 min ago" ["1=f1.s.id1", "2=f1.s.id2", "3=f1.s.id3", "Clear …=f1.c."]
            > inbox c. 7 500
              toast ""
              inbox 7 p3: list, needed [photo1]
            > listed p3 3 needed
              journal p3 closed
              edit #500: live "Clear 2 files (12 MB)? Claude can no longer read them then. What stands in this chat stays.\n1 file (2.4 MB) stays: a message that runs or waits needs it." ["Clear 2 files=f1.y.50700", "Keep them=f1.p.0"]
            > inbox y.50700 7 500
              toast "One moment."
              inbox 7 p4: clear until 50700, needed [photo1]
            > cleared p4 2
              journal p4 closed with @3
              edit #500: "✓ Cleared 2 files (8.5 MB)."
        "#]],
    );
    check(
        "inbox c. 7 500\nlisted p1 1 needed\ninbox y.5 7 500\ncleared p2 0",
        expect![[r#"
            > inbox c. 7 500
              toast ""
              inbox 7 p1: list, needed []
            > listed p1 1 needed
              journal p1 closed
              edit #500: live "There is nothing to clear now.\n1 file (2.4 MB) stays: a message that runs or waits needs it." ["Keep them=f1.p.0"]
            > inbox y.5 7 500
              toast "One moment."
              inbox 7 p2: clear until 5, needed []
            > cleared p2 0
              journal p2 closed with @2
              edit #500: "✓ These files are gone."
        "#]],
    );
    check(
        "inbox y.5 7 500\ncleared p1 ",
        expect![[r#"
        > inbox y.5 7 500
          toast "One moment."
          inbox 7 p1: clear until 5, needed []
        > cleared p1
          journal p1 closed with @1
          edit #500: "✓ These files are gone.\n1 file stays: a message that runs or waits needs it."
    "#]],
    );
}

#[test]
fn in_a_group_only_administrators_clear_and_no_press_changes_a_message_of_others() {
    check_group(
        "/files\nlisted p1 9\nshown 1 600\ninbox p.1 7 600\nlisted p2 9\ninbox p.0 7 500\nlisted p3 9\ninbox c. 7 600\ninbox y.5 7 600",
        expect![[r#"
            > /files
              inbox -7 p1: list, needed []
            > listed p1 9
              journal p1 closed
              answer @1 to #1 silent: live "9 files in this chat: 111 MB of 1 GB. Press a number to get that file again.\nPage 1 of 2"  "1. photo-1.jpg\npicture, 2.4 MB, just now\n2. in⟦U+202E⟧voice.pdf\ndocument, 4.9 MB, 3 min ago\n3. longlonglonglonglonglonglong…glonglong.tar.gz\narchive, 7.4 MB, 7 min ago\n4. photo-4.jpg\npicture, 9.9 MB, 13 min ago\n5. photo-5.jpg\npicture, 12 MB, 20 min ago\n6. photo-6.jpg\npicture, 14 MB, 30 min ago\n7. photo-7.jpg\npicture, 17 MB, 40 min ago\n8. photo-8.jpg\npicture, 19 MB, 53 min ago" ["1=f1.s.id1", "2=f1.s.id2", "3=f1.s.id3", "4=f1.s.id4", "5=f1.s.id5", "6=f1.s.id6", "7=f1.s.id7", "8=f1.s.id8", "Older ›=f1.p.1"]
            > shown 1 600
            > inbox p.1 7 600
              toast ""
              inbox -7 p2: list, needed []
            > listed p2 9
              journal p2 closed
              edit #600: live "9 files in this chat: 111 MB of 1 GB. Press a number to get that file again.\nPage 2 of 2"  "9. photo-9.jpg\npicture, 22 MB, 1 h ago" ["9=f1.s.id9", "‹ Newer=f1.p.0"]
            > inbox p.0 7 500
              toast ""
              inbox -7 p3: list, needed []
            > listed p3 9
              journal p3 closed
              answer @3 silent: live "9 files in this chat: 111 MB of 1 GB. Press a number to get that file again.\nPage 1 of 2"  "1. photo-1.jpg\npicture, 2.4 MB, just now\n2. in⟦U+202E⟧voice.pdf\ndocument, 4.9 MB, 3 min ago\n3. longlonglonglonglonglonglong…glonglong.tar.gz\narchive, 7.4 MB, 7 min ago\n4. photo-4.jpg\npicture, 9.9 MB, 13 min ago\n5. photo-5.jpg\npicture, 12 MB, 20 min ago\n6. photo-6.jpg\npicture, 14 MB, 30 min ago\n7. photo-7.jpg\npicture, 17 MB, 40 min ago\n8. photo-8.jpg\npicture, 19 MB, 53 min ago" ["1=f1.s.id1", "2=f1.s.id2", "3=f1.s.id3", "4=f1.s.id4", "5=f1.s.id5", "6=f1.s.id6", "7=f1.s.id7", "8=f1.s.id8", "Older ›=f1.p.1"]
            > inbox c. 7 600
              journal p4 closed
              toast "In a group only an administrator can clear files."
            > inbox y.5 7 600
              journal p5 closed
              toast "In a group only an administrator can clear files."
        "#]],
    );
    check_group(
        "/files admin\nlisted p1 1\ninbox c. admin9 500\nlisted p2 1",
        expect![[r#"
            > /files admin
              inbox -7 p1: list, needed []
            > listed p1 1
              journal p1 closed
              answer @1 to #1 silent: live "1 file in this chat: 2.4 MB of 1 GB. Press its number to get it again."  "1. photo-1.jpg\npicture, 2.4 MB, just now" ["1=f1.s.id1", "Clear …=f1.c."]
            > inbox c. admin9 500
              toast ""
              inbox -7 p2: list, needed []
            > listed p2 1
              journal p2 closed
              edit #500: live "Clear 1 file (2.4 MB)? Claude can no longer read it then. What stands in this chat stays." ["Clear 1 file=f1.y.50700", "Keep them=f1.p.0"]
        "#]],
    );
}

#[test]
fn a_disk_that_does_not_answer_is_told_and_what_it_copied_late_is_released() {
    check(
        "/files\ninbox s.id1 7 500\n+60\nsent_again p2 a.png\nlisted p1 1",
        expect![[r#"
            > /files
              inbox 7 p1: list, needed []
            > inbox s.id1 7 500
              toast "One moment."
              inbox 7 p2: copy id1
            > +60
              journal p1 closed p2 closed with @1 @2
              answer @1 to #1 silent: "The disk with this chat's files gave no answer within 1 min. Try again with /files."
              answer @2 to #500 silent: "The disk with this chat's files gave no answer within 1 min. Try again with /files."
            > sent_again p2 a.png
              release copy-of-a.png
            > listed p1 1
        "#]],
    );
}

#[test]
fn whoever_may_no_longer_come_in_gets_no_list() {
    check(
        "/files\nrevoke 7\nlisted p1 3",
        expect![[r#"
        > /files
          inbox 7 p1: list, needed []
        > revoke 7
          journal p1 closed
        > listed p1 3
    "#]],
    );
}
