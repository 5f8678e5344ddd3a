//! Files that come with a prompt: they are fetched before it runs.

use expect_test::expect;

use super::support::check;

#[test]
fn a_prompt_runs_when_its_file_is_here() {
    check(
        "photo what is this?\nfetched p1\ngranted\nready",
        expect![[r#"
            > photo what is this?
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
            > ready
        "#]],
    );
}

#[test]
fn an_agent_is_not_started_before_the_file_is_here() {
    check(
        "photo look\n+100\n/status\nfetched p1",
        expect![[r#"
        > photo look
          react 👀 #1
          fetch p1 photo1
        > +100
        > /status
          journal p2 closed
          notice @1 to #2: "State: downloading a file from Telegram\nWaiting messages: 1\nConversation: none yet. Your next message starts one.\nFolder: /project"
        > fetched p1
          slot wanted
    "#]],
    );
}

#[test]
fn a_photo_without_words_is_a_prompt() {
    check(
        "photo\nfetched p1\ngranted",
        expect![[r#"
        > photo
          react 👀 #1
          fetch p1 photo1
        > fetched p1
          slot wanted
        > granted
          journal p1 started in c1
          launch g1 new c1
          slot busy
          write text p1: [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
    "#]],
    );
}

#[test]
fn what_is_no_picture_or_too_large_for_one_is_a_path() {
    check(
        "photo read\nfetched p1 not a picture\ngranted",
        expect![[r#"
        > photo read
          react 👀 #1
          fetch p1 photo1
        > fetched p1 not a picture
          slot wanted
        > granted
          journal p1 started in c1
          launch g1 new c1
          slot busy
          write text p1: read
        [The user sent a photo: /inbox/photo.jpg (70000 bytes)]
    "#]],
    );
    check(
        "photo read\nfetched p1 huge\ngranted",
        expect![[r#"
        > photo read
          react 👀 #1
          fetch p1 photo1
        > fetched p1 huge
          slot wanted
        > granted
          journal p1 started in c1
          launch g1 new c1
          slot busy
          write text p1: read
        [The user sent a photo: /inbox/photo.jpg (7000000 bytes)]
    "#]],
    );
}

#[test]
fn the_order_of_prompts_stays_whatever_comes_first() {
    check(
        "prompt x\ngranted\nready\nphoto look\nprompt after\nanswered done\nfetched p2\nanswered done",
        expect![[r#"
            > photo look
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 photo2
            > prompt after
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > answered done
              journal p1 closed with @3
              answer @3 to #1: md "done"
              slot idle
            > fetched p2
              journal p2 started in c1
              slot busy
              write text p2: look
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
              edit @1: live "▶ Claude has it." []
            > answered done
              journal p3 started in c1 p2 closed with @4
              answer @4 to #2: md "done"
              slot busy
              write text p3: after
              edit @2: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn a_file_that_cannot_be_had_now_can_be_tried_again() {
    check(
        "photo look\nfetched p1 unreachable\npress r n1 7\nfetched p2\ngranted",
        expect![[r#"
            > photo look
              react 👀 #1
              fetch p1 photo1
            > fetched p1 unreachable
              journal p1 not begun n1 with @1
              answer @1 to #1: choice "I could not download the file from Telegram. Your message did not run."
            > press r n1 7
              journal p2 accepted p1 closed with @2
              edit #2: "↻ Trying again. Your message: look"
              toast "↻ Trying again."
              fetch p2 photo1
            > fetched p2
              slot wanted
            > granted
              journal p2 started in c1
              launch g1 new c1
              slot busy
              write text p2: look
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
        "#]],
    );
    check(
        "photo look\nfetched p1 unreachable\npress d n1 7",
        expect![[r#"
            > photo look
              react 👀 #1
              fetch p1 photo1
            > fetched p1 unreachable
              journal p1 not begun n1 with @1
              answer @1 to #1: choice "I could not download the file from Telegram. Your message did not run."
            > press d n1 7
              journal p2 closed p1 closed with @2
              edit #2: "✕ Discarded. Your message: look"
              toast "✕ Discarded."
        "#]],
    );
    check(
        "photo\nfetched p1 unreachable\npress r n1 7",
        expect![[r#"
        > photo
          react 👀 #1
          fetch p1 photo1
        > fetched p1 unreachable
          journal p1 not begun n1 with @1
          answer @1 to #1: choice "I could not download the file from Telegram. Your message did not run."
        > press r n1 7
          journal p2 accepted p1 closed with @2
          edit #2: "↻ Trying again."
          toast "↻ Trying again."
          fetch p2 photo1
    "#]],
    );
}

#[test]
fn a_file_that_is_too_large_is_told_once() {
    check(
        "photo look\nfetched p1 too large\n/status",
        expect![[r#"
        > photo look
          react 👀 #1
          fetch p1 photo1
        > fetched p1 too large
          journal p1 closed with @1
          answer @1 to #1: "This file is too large: I take files up to 20 MB. Your message did not run. Send a smaller file."
        > /status
          journal p2 closed
          notice @2 to #2: "State: idle, no agent running\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project"
    "#]],
    );
}

#[test]
fn the_next_prompt_runs_when_a_file_cannot_be_had() {
    check(
        "prompt x\ngranted\nready\nphoto look\nprompt after\nanswered done\nfetched p2 unreachable",
        expect![[r#"
            > photo look
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 photo2
            > prompt after
              react 👀 #3
              notice @2 to #3 silent: live "Queued: 1 message runs first." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > answered done
              journal p1 closed with @3
              answer @3 to #1: md "done"
              slot idle
            > fetched p2 unreachable
              journal p2 not begun n1 p3 started in c1 with @4
              answer @4 to #2: choice "I could not download the file from Telegram. Your message did not run."
              slot busy
              write text p3: after
              edit @1: live "✕ Not run." []
              edit @2: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn files_of_what_was_left_open_are_fetched_again() {
    check(
        "resumed not_begun x\npress r n0 7",
        expect![[r#"
        > resumed not_begun x
        > press r n0 7
          journal p2 accepted p1 closed with @1
          edit #2: "↻ Trying again. Your message: x"
          toast "↻ Trying again."
          slot wanted
    "#]],
    );
}

#[test]
fn what_is_dropped_is_not_waited_for() {
    check(
        "photo look\n/stop\nfetched p1",
        expect![[r#"
        > photo look
          react 👀 #1
          fetch p1 photo1
        > /stop
          journal p2 closed p1 closed with @1
          answer @1 to #2: "⏹ Nothing had started yet. 1 waiting message was dropped. It will not run."
        > fetched p1
    "#]],
    );
    check(
        "photo look\n/new\nfetched p1 unreachable",
        expect![[r#"
        > photo look
          react 👀 #1
          fetch p1 photo1
        > /new
          journal p2 closed p1 closed with @1
          answer @1 to #2: "New conversation. Your next message starts it. 1 waiting message was dropped. It will not run."
        > fetched p1 unreachable
    "#]],
    );
}

#[test]
fn a_running_turn_takes_a_photo_in_once_it_is_here() {
    check(
        "prompt x\ngranted\nready\nphoto see\nwish n 2 7\nfetched p2\nwish n 2 7",
        expect![[r#"
            > photo see
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 photo2
            > wish n 2 7
              journal p3 closed
              toast "I am still downloading the file."
            > fetched p2
            > wish n 2 7
              journal p2 started in c1 p4 closed
              write text p2: see
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
              toast "▶ Claude gets it with its next step."
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn a_file_is_no_answer_to_a_question() {
    check(
        "prompt x\ngranted\nready\nquestions Which? a / b\nphoto this one",
        expect![[r#"
            > questions Which? a / b
              journal p1 begun
              answer @1 to #1: live "❓ Which?\n• a\n• b\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["a=a1.o0.n1", "b=a1.o1.n1", "✕ Skip=a1.n.n1"]
            > photo this one
              react 👀 #2
              notice @2 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 photo2
        "#]],
    );
}

#[test]
fn a_changed_caption_keeps_the_file() {
    check(
        "prompt x\ngranted\nready\nphoto look\nedit_caption 2 look again\nfetched p2\nfetched p2x\nanswered done",
        expect![[r#"
            > photo look
              react 👀 #2
              notice @1 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
              fetch p2 photo2
            > edit_caption 2 look again
              journal p2x accepted p2 closed
              notice @2 to #2 silent: "✎ The new version runs instead."
              fetch p2x photo2
            > fetched p2
            > fetched p2x
            > answered done
              journal p2x started in c1 p1 closed with @3
              answer @3 to #1: md "done"
              slot busy
              write text p2x: look again
            [The user sent a photo: /inbox/photo.jpg (70000 bytes)] sees /inbox/photo.jpg
              edit @1: live "▶ Claude has it." []
        "#]],
    );
}

#[test]
fn a_bridge_that_stops_fetches_nothing_more() {
    check(
        "prompt x\ngranted\nready\nshutdown 30\nphoto look",
        expect![[r#"
            > shutdown 30
            > photo look
              react 👀 #2
              answer @1 to #2: "⏸ The bridge is stopping. This message has not run. It runs when the bridge is back."
        "#]],
    );
}
