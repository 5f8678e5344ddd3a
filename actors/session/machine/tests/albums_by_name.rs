//! Albums, told by their names: which file belongs to which, and which were said to the bot.

use expect_test::expect;

use super::support::check;

#[test]
fn two_albums_of_a_moment_are_two_prompts_and_a_late_file_belongs_to_its_own() {
    check(
        "album_of a first\nalbum_of a\n+0.5\nalbum_of b second\n+0.3\nalbum_of a\nalbum_of b\n+0.9\n+0.1\n+0.1",
        expect![[r#"
            > album_of a first
            > album_of a
            > +0.5
            > album_of b second
            > +0.3
            > album_of a
            > album_of b
            > +0.9
            > +0.1
              journal p1 accepted p3 accepted p2 closed p4 closed p5 closed
              react 👀 #1
              react 👀 #3
              fetch p1 photo1 photo2 photo4
              fetch p3 photo3 photo5
            > +0.1
        "#]],
    );
}

#[test]
fn an_album_does_not_wait_for_another_one() {
    check(
        "album_of a first\n+0.9\nalbum_of b second\n+0.1\n+0.8\n+0.1",
        expect![[r#"
            > album_of a first
            > +0.9
            > album_of b second
            > +0.1
              journal p1 accepted
              react 👀 #1
              fetch p1 photo1
            > +0.8
            > +0.1
              journal p2 accepted
              react 👀 #2
              fetch p2 photo2
        "#]],
    );
}

#[test]
fn words_behind_an_album_that_has_some_are_a_prompt_of_their_own() {
    check(
        "album_of a first\nprompt second\nalbum_of a\nfetched p1",
        expect![[r#"
            > album_of a first
            > prompt second
              journal p1 accepted
              react 👀 #1
              react 👀 #2
              fetch p1 photo1
            > album_of a
              journal p1 accepted p3 closed
              fetch p1 photo1 photo3
            > fetched p1
              slot wanted
        "#]],
    );
}

#[test]
fn a_file_that_comes_when_claude_has_its_album_is_asked_about() {
    check(
        "album_of a first\n+1\nfetched p1\ngranted\nalbum_of a\n+2",
        expect![[r#"
            > album_of a first
            > +1
              journal p1 accepted
              react 👀 #1
              fetch p1 photo1
            > fetched p1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: first
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
            > album_of a
            > +2
              typing
              answer @1 to #2: "What should I do with this file? Write it as your next message, or send /stop to drop the file."
        "#]],
    );
}

#[test]
fn albums_without_words_are_asked_about_once_and_words_are_about_all_of_them() {
    check(
        "album_of a\nalbum_of a\n+1\nalbum_of b\n+1.5\n+0.5\nprompt sort them",
        expect![[r#"
            > album_of a
            > album_of a
            > +1
            > album_of b
            > +1.5
            > +0.5
              answer @1 to #1: "What should I do with these 3 files? Write it as your next message, or send /stop to drop them."
            > prompt sort them
              journal p1 accepted p4 closed p2 closed p3 closed
              react 👀 #1
              fetch p1 photo1 photo2 photo3
        "#]],
    );
}

#[test]
fn a_file_that_is_said_to_a_group_runs_with_the_album_that_names_the_bot_in_any_order() {
    check(
        "overheard a\noverheard a\n+0.4\nalbum_of a look\noverheard a\n+1",
        expect![[r#"
            > overheard a
            > overheard a
            > +0.4
            > album_of a look
            > overheard a
            > +1
              journal p1 accepted p2 closed p3 closed p4 closed
              react 👀 #1
              fetch p1 photo1 photo2 photo3 photo4
        "#]],
    );
    check(
        "resumed overheard a, overheard a\n+6\nalbum_of a look\n+1",
        expect![[r#"
            > resumed overheard a, overheard a
            > +6
            > album_of a look
            > +1
              journal p1 accepted p2 closed p3 closed
              react 👀 #1
              fetch p1 photo1 photo2 photo3
        "#]],
    );
    check(
        "resumed album_of a look\noverheard a\n+1",
        expect![[r#"
        > resumed album_of a look
          notice @1 silent: "↻ The bridge restarted. Your waiting message runs now."
        > overheard a
        > +1
          journal p1 accepted p2 closed
          react 👀 #1
          fetch p1 photo1 photo2
    "#]],
    );
}

#[test]
fn an_album_that_never_names_the_bot_is_forgotten_in_silence() {
    check(
        "overheard a secret\noverheard b\n+0.1\nprompt x\n+9.8\n+0.1\nalbum_of c z\n+1",
        expect![[r#"
            > overheard a secret
            > overheard b
            > +0.1
            > prompt x
              react 👀 #3
              slot wanted
            > +9.8
            > +0.1
              journal p1 closed p2 closed
            > album_of c z
            > +1
              journal p4 accepted
              react 👀 #4
              notice @1 to #4 silent: "Queued: 1 message runs first."
              fetch p4 photo4
        "#]],
    );
}

#[test]
fn who_stops_is_not_told_of_what_was_said_to_the_group() {
    check(
        "overheard a\n/stop",
        expect![[r#"
        > overheard a
        > /stop
          journal p2 closed p1 closed
          notice @1 to #2: "Nothing is running."
    "#]],
    );
    check(
        "overheard a\nshutdown\noverheard a",
        expect![[r#"
        > overheard a
        > shutdown
          finish
        > overheard a
    "#]],
    );
    check(
        "rebuilt overheard a\n+10",
        expect![[r#"
        > rebuilt overheard a
          notice @1 silent: "⚠ A fault inside the bridge restarted this chat's session. The conversation continues."
        > +10
          journal p1 closed
    "#]],
    );
}

#[test]
fn an_album_that_comes_while_the_bridge_ends_is_told_once() {
    check(
        "prompt x\ngranted\nready\nshutdown 30\nalbum_of a look\nalbum_of a",
        expect![[r#"
            > shutdown 30
            > album_of a look
              react 👀 #2
              answer @1 to #2: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
            > album_of a
        "#]],
    );
}
