//! Files that Claude sends: what is copied, asked, posted, and what Claude is told.

use expect_test::expect;

use super::approvals::check_in_turn;

#[test]
fn files_are_copied_then_posted_and_claude_hears_when_they_arrived() {
    check_in_turn(
        "offers 3 a.png b.png c.pdf + look\ncopied 3 a.png b.png c.pdf\nlanded 1\nlanded 2",
        expect![[r#"
            > offers 3 a.png b.png c.pdf + look
              take 3 in 7: a.png b.png c.pdf []
            > copied 3 a.png b.png c.pdf
              answer @1 to #1: Album a.png (Photo copy-of-a.png "look"), b.png (Photo copy-of-b.png "")
              answer @2 to #1: Album c.pdf (Document copy-of-c.pdf "")
            > landed 1
            > landed 2
              write result 3 Done: Delivered to the chat: a.png, b.png.
            Delivered to the chat: c.pdf.
        "#]],
    );
}

#[test]
fn what_telegram_refuses_claude_cannot_claim() {
    check_in_turn(
        "offers 3 a.png b.png\ncopied 3 a.png b.png\nlanded 1 b.png\n\
         offers 4 c.png\ncopied 4 c.png\nunlanded 2 c.png\n\
         offers 5 d.png\ncopied 5 d.png\nlost 3 blocked",
        expect![[r#"
            > offers 3 a.png b.png
              take 3 in 7: a.png b.png []
            > copied 3 a.png b.png
              answer @1 to #1: Album a.png (Photo copy-of-a.png ""), b.png (Photo copy-of-b.png "")
            > landed 1 b.png
              write result 3 Failed: Delivered to the chat: a.png.
            Telegram refused b.png: the file is too big. The person was told.
            > offers 4 c.png
              take 4 in 7: c.png []
            > copied 4 c.png
              answer @2 to #1: Album c.png (Photo copy-of-c.png "")
            > unlanded 2 c.png
              write result 4 Failed: Telegram refused c.png: the file is too big. The person was told.
            > offers 5 d.png
              take 5 in 7: d.png []
            > copied 5 d.png
              answer @3 to #1: Album d.png (Photo copy-of-d.png "")
            > lost 3 blocked
              write result 5 Failed: Not delivered: d.png. The chat cannot be written to: blocked.
        "#]],
    );
}

#[test]
fn what_cannot_be_sent_is_told_with_the_way_out() {
    check_in_turn(
        "offers 3 a.png b.png\nno_file 3 a.png b.png",
        expect![[r#"
        > offers 3 a.png b.png
          take 3 in 7: a.png b.png []
        > no_file 3 a.png b.png
          write result 3 Failed: Nothing was sent:
        - a.png: there is no such file; check the path
        - b.png: there is no such file; check the path
    "#]],
    );
}

#[test]
fn a_person_is_asked_about_what_lies_outside() {
    check_in_turn(
        "offers 3 /x/secret\noutside 3 /x/secret\nanswer y n1 7\ncopied 3 secret\nlanded 2",
        expect![[r#"
            > offers 3 /x/secret
              take 3 in 7: /x/secret []
            > outside 3 /x/secret
              answer @1 to #1: live "🔐 Claude wants to send you files from outside its folder:\nReply to deny with a reason. Denied automatically in 30 min."  "/x/secret" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer y n1 7
              journal p2 closed
              toast "✅ Allowed."
              audit User(UserId(7)) allow_tool send_file sha256:d1
              edit @1: live "✅ Allowed by Ada, 14:05 UTC: send_file"  "/x/secret" []
              take 3 in 7: /x/secret [/x/secret]
            > copied 3 secret
              answer @2 to #1: Album secret (Document copy-of-secret "")
            > landed 2
              write result 3 Done: Delivered to the chat: secret.
        "#]],
    );
    check_in_turn(
        "offers 3 /x/secret\noutside 3 /x/secret\nanswer n n1 7",
        expect![[r#"
            > offers 3 /x/secret
              take 3 in 7: /x/secret []
            > outside 3 /x/secret
              answer @1 to #1: live "🔐 Claude wants to send you files from outside its folder:\nReply to deny with a reason. Denied automatically in 30 min."  "/x/secret" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > answer n n1 7
              journal p2 closed
              toast "✕ Denied."
              audit User(UserId(7)) deny_tool send_file sha256:d1
              edit @1: live "✕ Denied by Ada, 14:05 UTC: send_file"  "/x/secret" []
              write result 3 Failed: Nothing was sent. The user denied this.
        "#]],
    );
}

#[test]
fn whoever_does_not_answer_denies() {
    check_in_turn(
        "offers 3 /x/secret\noutside 3 /x/secret\n+1800\ncancels 3",
        expect![[r#"
            > offers 3 /x/secret
              take 3 in 7: /x/secret []
            > outside 3 /x/secret
              answer @1 to #1: live "🔐 Claude wants to send you files from outside its folder:\nReply to deny with a reason. Denied automatically in 30 min."  "/x/secret" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > +1800
              audit Bridge deny_tool send_file sha256:d1
              edit @1: live "⌛ Nobody answered within 30 min, so denied: send_file"  "/x/secret" []
              write result 3 Failed: Nothing was sent. Nobody answered within 30 min. Do not ask again at once: go on without it, or end your turn and say what you need.
            > cancels 3
        "#]],
    );
}

#[test]
fn a_call_that_is_taken_back_sends_nothing_more() {
    check_in_turn(
        "offers 3 a.png\ncancels 3\ncopied 3 a.png\n\
         offers 4 /x/secret\noutside 4 /x/secret\ncancels 4\n\
         offers 5 b.png\ncopied 5 b.png\ncancels 5\nlanded 2",
        expect![[r#"
            > offers 3 a.png
              take 3 in 7: a.png []
            > cancels 3
            > copied 3 a.png
              release copy-of-a.png
            > offers 4 /x/secret
              take 4 in 7: /x/secret []
            > outside 4 /x/secret
              answer @1 to #1: live "🔐 Claude wants to send you files from outside its folder:\nReply to deny with a reason. Denied automatically in 30 min."  "/x/secret" ["✅ Allow=a1.y.n1", "✕ Deny=a1.n.n1"]
            > cancels 4
              edit @1: live "✕ Claude no longer asks; nothing was allowed: send_file"  "/x/secret" []
            > offers 5 b.png
              take 5 in 7: b.png []
            > copied 5 b.png
              answer @2 to #1: Album b.png (Photo copy-of-b.png "")
            > cancels 5
            > landed 2
        "#]],
    );
}

#[test]
fn an_agent_that_waits_for_files_is_not_silent_and_is_told_when_nobody_knows() {
    check_in_turn(
        "offers 3 a.png\n+59\ncopied 3 a.png\n+119\n+1\nlanded 1\noffers 4 b.png\n+60\ncopied 4 b.png",
        expect![[r#"
            > offers 3 a.png
              take 3 in 7: a.png []
            > +59
              typing ×14
            > copied 3 a.png
              answer @1 to #1: Album a.png (Photo copy-of-a.png "")
            > +119
              typing ×26
            > +1
              write result 3 Failed: Not confirmed: a.png. Telegram has not answered yet. The bridge keeps trying by itself, so do not send this again, and do not say that it has arrived: it may arrive later.
            > landed 1
            > offers 4 b.png
              take 4 in 7: b.png []
            > +60
              typing ×14
              write result 4 Failed: Nothing was sent: the files could not be read in time. Check that their folder answers, then try again.
            > copied 4 b.png
              release copy-of-b.png
        "#]],
    );
}

#[test]
fn a_dead_agent_leaves_what_is_posted_and_releases_the_rest() {
    check_in_turn(
        "offers 3 a.png\noffers 4 b.png\ncopied 3 a.png\nexit signal 9\ncopied 4 b.png\nlanded 1",
        expect![[r#"
            > offers 3 a.png
              take 3 in 7: a.png []
            > offers 4 b.png
              take 4 in 7: b.png []
            > copied 3 a.png
              answer @1 to #1: Album a.png (Photo copy-of-a.png "")
            > exit signal 9
              journal p1 interrupted n1 7 pays ? with @2
              forget agent
              answer @2 to #1: choice "⚠ Claude ended in the middle of this (signal 9). Part of it may be done.\n\nNothing repeats unless you say so."
              slot released
            > copied 4 b.png
              release copy-of-b.png
            > landed 1
        "#]],
    );
}

#[test]
fn large_files_are_no_album() {
    check_in_turn(
        "offers 3 big.pdf big2.pdf\ncopied 3 big.pdf big2.pdf",
        expect![[r#"
            > offers 3 big.pdf big2.pdf
              take 3 in 7: big.pdf big2.pdf []
            > copied 3 big.pdf big2.pdf
              answer @1 to #1: Apart big.pdf (Document copy-of-big.pdf ""), big2.pdf (Document copy-of-big2.pdf "")
        "#]],
    );
}

#[test]
fn too_many_calls_at_once_are_told_to_wait() {
    let many: String = (1..=9).map(|call| format!("offers {call} a\n")).collect();
    check_in_turn(
        &many,
        expect![[r#"
        > offers 1 a
          take 1 in 7: a []
        > offers 2 a
          take 2 in 7: a []
        > offers 3 a
          take 3 in 7: a []
        > offers 4 a
          take 4 in 7: a []
        > offers 5 a
          take 5 in 7: a []
        > offers 6 a
          take 6 in 7: a []
        > offers 7 a
          take 7 in 7: a []
        > offers 8 a
          take 8 in 7: a []
        > offers 9 a
          write result 9 Failed: Nothing was sent: too many calls of send_file wait already. Wait for their results first.
    "#]],
    );
}
