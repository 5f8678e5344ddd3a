//! Files that come in several messages or without words.

use expect_test::expect;

use super::support::check;

#[test]
fn an_album_is_one_prompt_with_the_words_below_any_of_its_pictures() {
    check(
        "album\nalbum compare these\nalbum\n+0.9\n+0.1\nfetched p1\ngranted",
        expect![[r#"
            > album
            > album compare these
            > album
            > +0.9
            > +0.1
              journal p1 accepted p2 closed p3 closed
              react 👀 #1
              fetch p1 photo1 photo2 photo3
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: compare these
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)]
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)]
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg sees /inbox/photo.jpg sees /inbox/photo.jpg
        "#]],
    );
}

#[test]
fn words_that_follow_a_file_are_about_it() {
    check(
        "album\n+1.5\nprompt what is this?\nfetched p1\ngranted",
        expect![[r#"
            > album
            > +1.5
            > prompt what is this?
              journal p1 accepted p2 closed
              react 👀 #1
              fetch p1 photo1
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: what is this?
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
}

#[test]
fn files_without_words_are_asked_about_once_and_wait() {
    check(
        "album\nalbum\n+2\n+7200\nprompt sort them\nfetched p1\ngranted",
        expect![[r#"
            > album
            > album
            > +2
              answer @1 to #1: "What should I do with these 2 files? Write it as your next message, or send /stop to drop them."
            > +7200
            > prompt sort them
              journal p1 accepted p3 closed p2 closed
              react 👀 #1
              fetch p1 photo1 photo2
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: sort them
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)]
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg sees /inbox/photo.jpg
        "#]],
    );
    check(
        "album\n+2\nalbum\n+9\n/stop\nprompt x",
        expect![[r#"
        > album
        > +2
          answer @1 to #1: "What should I do with this file? Write it as your next message, or send /stop to drop the file."
        > album
        > +9
        > /stop
          journal p3 closed p1 closed p2 closed with @2
          answer @2 to #3: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
        > prompt x
          react 👀 #4
          slot wanted
    "#]],
    );
}

#[test]
fn a_command_is_no_word_about_a_file() {
    check(
        "album\nprompt /compact\nprompt look",
        expect![[r#"
        > album
        > prompt /compact
          react 👀 #2
          slot wanted
        > prompt look
          journal p1 accepted p3 closed
          react 👀 #1
          notice @1 to #1 silent: "Queued: 1 message runs first."
          fetch p1 photo1
    "#]],
    );
}

#[test]
fn what_answers_claude_is_no_word_about_a_file() {
    check(
        "prompt x\ngranted\nready\nquestions Which? a / b\nalbum\n+2\nprompt the first\nprompt and that file is mine",
        expect![[r#"
            > questions Which? a / b
              journal p1 begun
              answer @1 to #1: live "❓ Which?\n• a\n• b\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["a=a1.o0.n1", "b=a1.o1.n1", "✕ Skip=a1.n.n1"]
            > album
            > +2
              answer @2 to #2: "What should I do with this file? Write it as your next message, or send /stop to drop the file."
            > prompt the first
              journal p3 closed
              react 👌 #3
              audit User(UserId(7)) allow_tool AskUserQuestion
              edit @1: live "✓ Answered by message, 14:05 UTC: Which?\n→ the first" []
              write answer r1 <questions> [("Which?", "the first")]
            > prompt and that file is mine
              journal p2 accepted p4 closed
              react 👀 #2
              notice @3 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 photo2
        "#]],
    );
}

#[test]
fn files_without_words_wait_over_a_restart() {
    check(
        "resumed file x, file x\n+2\nprompt these are mine",
        expect![[r#"
            > resumed file x, file x
            > +2
              answer @1 to #1: "What should I do with these 2 files? Write it as your next message, or send /stop to drop them."
            > prompt these are mine
              journal p1 accepted p3 closed p2 closed
              react 👀 #1
              fetch p1 photo1 photo2
        "#]],
    );
}

#[test]
fn an_edit_exchanges_the_one_file_of_an_album_that_it_is_about() {
    // While it is held, and while it waits for its files.
    check(
        "album\nalbum compare\nexchange 2 contrast\n+1\nexchange 1 sort\nfetched p1x",
        expect![[r#"
            > album
            > album compare
            > exchange 2 contrast
              journal p2x accepted p2 closed
              notice @1 to #2 silent: "✎ The new version runs instead."
            > +1
              journal p1 accepted p2x closed
              react 👀 #1
              fetch p1 photo1 photo2b
            > exchange 1 sort
              journal p1x accepted p1 closed
              notice @2 to #1 silent: "✎ The new version runs instead."
              fetch p1x photo1b photo2b
            > fetched p1x
              slot wanted
        "#]],
    );
    check(
        "album\nalbum compare\nalbum\n+1\nfetched p1\ngranted\nexchange 2 compare",
        expect![[r#"
            > album
            > album compare
            > album
            > +1
              journal p1 accepted p2 closed p3 closed
              react 👀 #1
              fetch p1 photo1 photo2 photo3
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: compare
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)]
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)]
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg sees /inbox/photo.jpg sees /inbox/photo.jpg
            > exchange 2 compare
              journal p2x closed
              notice @1 to #2 silent: "Claude is already working on the earlier version. Send the change as a new message and press “Send now”, or send /stop."
        "#]],
    );
}

#[test]
fn the_file_of_the_message_that_is_answered_comes_along_once() {
    check(
        "about_photo what is this?\nfetched p1\ngranted",
        expect![[r#"
            > about_photo what is this?
              react 👀 #1
              fetch p1 photo0
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: what is this?
            [The message that is replied to has a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
    check(
        "about_photo what is this?\nfetched p1 without the answered\ngranted",
        expect![[r#"
            > about_photo what is this?
              react 👀 #1
              fetch p1 photo0
            > fetched p1 without the answered
              notice @1 to #1 silent: "The file you replied to is larger than 20 MB, more than Telegram lets bots download, so Claude works without it."
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: what is this?
            [The message that is replied to has a photo, which could not be fetched: it is too large]
        "#]],
    );
}
