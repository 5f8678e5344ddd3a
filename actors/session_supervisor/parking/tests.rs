//! What becomes of what is open.

use std::cell::Cell;

use bridge_texts::Language;
use expect_test::{Expect, expect};

use super::*;
use crate::ids::{ChatId, ConversationId, MessageId, PostId};
use crate::instruction::Role;
use crate::outbox::Body;
use crate::ports::HostUptime;
use crate::session::{Command, CommandKind, Instruct};

fn prompt(by: i64, id: &str, stage: Stage) -> Open {
    Open::Prompt(OpenPrompt {
        prompt: Prompt::new(
            PromptId(id.to_owned()),
            UserId(by),
            MessageId(1),
            id.to_owned(),
        ),
        stage,
        host: HostUptime::Unbroken,
        replays: 0,
    })
}

fn stop(by: i64, id: &str) -> Open {
    Open::Instruction(Instruct::Command(Command {
        id: PromptId(id.to_owned()),
        by: UserId(by),
        role: Role::User,
        message: MessageId(2),
        kind: CommandKind::Stop,
    }))
}

fn everything() -> Vec<Open> {
    let conversation = ConversationId("c".to_owned());
    let interrupted = Stage::Interrupted {
        nonce: "n0".to_owned(),
        doing: None,
    };
    let doing = Some("Bash: make".to_owned());
    vec![
        prompt(1, "offered before", interrupted),
        prompt(1, "accepted", Stage::Accepted),
        prompt(2, "started", Stage::Started { conversation }),
        prompt(1, "begun", Stage::Begun { doing: None }),
        prompt(2, "doing", Stage::Begun { doing }),
        stop(1, "stop"),
        stop(2, "another stop"),
    ]
}

fn check(entry: &JournalEntry, expected: Expect) {
    let mut told = String::new();
    for (id, stage) in &entry.stages {
        told.push_str(&format!("{}: {stage:?}\n", id.0));
    }
    for id in &entry.closed {
        told.push_str(&format!("{}: closed\n", id.0));
    }
    for post in &entry.posts {
        let PostAction::Send {
            body: Body::Plain(text) | Body::Choice { text, .. },
            ..
        } = &post.action
        else {
            panic!("a message: {post:?}");
        };
        told.push_str(&format!("says {text:?}\n"));
    }
    expected.assert_eq(&told);
}

#[test]
fn nothing_of_a_session_that_is_given_up_runs_again_by_itself() {
    let (posts, nonces) = (Cell::new(0), Cell::new(0));
    let next = |count: &Cell<u64>| {
        count.set(count.get() + 1);
        count.get()
    };
    let names = NewNames {
        post: &|| PostId(next(&posts)),
        nonce: &|| format!("n{}", next(&nonces)),
    };
    let entry = give_up(
        SessionKey::of_chat(ChatId(1)),
        everything(),
        &names,
        Language::English.say(),
    );
    check(
        &entry,
        expect![[r#"
            accepted: Interrupted { nonce: "n1", doing: None }
            started: Interrupted { nonce: "n2", doing: None }
            begun: Interrupted { nonce: "n3", doing: None }
            doing: Interrupted { nonce: "n4", doing: Some("Bash: make") }
            stop: closed
            another stop: closed
            says "⚠ This was unfinished when the chat's session failed. It had not started, as far as the bridge knows.\n\nNothing repeats unless you say so."
            says "⚠ This was unfinished when the chat's session failed. It had not started, as far as the bridge knows.\n\nNothing repeats unless you say so."
            says "⚠ This was unfinished when the chat's session failed. Part of it may be done.\n\nNothing repeats unless you say so."
            says "⚠ This was unfinished when the chat's session failed. Claude's last step, perhaps unfinished: Bash: make\n\nNothing repeats unless you say so."
            says "2 commands or button presses were not carried out. Send them again if you still want them."
        "#]],
    );
}

#[test]
fn what_a_removed_person_has_open_is_closed() {
    check(
        &left_by(UserId(2), &everything()),
        expect![[r#"
        started: closed
        doing: closed
        another stop: closed
    "#]],
    );
}
