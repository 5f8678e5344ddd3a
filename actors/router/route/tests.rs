//! Where updates go, with the texts that people read.

use expect_test::{Expect, expect};

use super::*;
use crate::ids::{ChatId, PromptId, SessionKey, UpdateId, UserId};
use crate::router::{Addressed, Person, Pointing};

fn inbound(content: InboundContent) -> Inbound {
    Inbound {
        update: UpdateId(1),
        key: SessionKey::of_chat(ChatId(7)),
        chat_kind: ChatKind::Private,
        sender: Sender::Person(Person {
            user: UserId(7),
            username: None,
            first_name: "Ada".into(),
            language: None,
        }),
        addressed: Addressed::ToUs,
        content,
    }
}

fn text(text: &str) -> InboundContent {
    InboundContent::Text {
        message: MessageId(40),
        prompt: PromptId("p".into()),
        text: text.into(),
        pointing: Pointing::None,
    }
}

fn button() -> InboundContent {
    InboundContent::Button {
        callback: CallbackId("press".into()),
        message: None,
        data: "v1.allow.forged".into(),
        prompt: PromptId("press".into()),
    }
}

fn check(content: InboundContent, access: Access, expected: Expect) {
    let told = match route(inbound(content), access, Some("our_bot")) {
        Route::Deliver(instructions) => instructions
            .iter()
            .map(|instruction| format!("{instruction:?}\n"))
            .collect(),
        Route::Answer {
            reply_to: None,
            text,
            ..
        } => format!("{text}\n"),
        Route::Answer {
            reply_to: Some(message),
            text,
            ..
        } => format!("to {}: {text}\n", message.0),
        Route::AnswerPress { text, .. } => format!("press: {text:?}\n"),
        Route::Ignore(reason) => format!("{reason:?}\n"),
    };
    expected.assert_eq(&told);
}

#[test]
fn prompts_and_commands_about_them_go_to_the_session() {
    let granted = Access::Granted(Role::User);
    check(
        text(" fix it\n"),
        granted,
        expect![[r#"
            Prompt(Prompt { id: PromptId("p"), author: UserId(7), message: MessageId(40), text: " fix it\n" })
        "#]],
    );
    check(
        text("/compact"),
        granted,
        expect![[r#"
            Prompt(Prompt { id: PromptId("p"), author: UserId(7), message: MessageId(40), text: "/compact" })
        "#]],
    );
    check(
        text("/new"),
        granted,
        expect![[r#"
        NewConversation { message: MessageId(40) }
    "#]],
    );
    check(
        text("/new fix it"),
        granted,
        expect![[r#"
            NewConversation { message: MessageId(40) }
            Prompt(Prompt { id: PromptId("p"), author: UserId(7), message: MessageId(40), text: "fix it" })
        "#]],
    );
    check(
        text("/stop"),
        granted,
        expect![[r#"
        Stop { message: MessageId(40) }
    "#]],
    );
    check(
        text("/status"),
        granted,
        expect![[r#"
        Status { message: MessageId(40) }
    "#]],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "people read these words")]
fn start_and_help_say_what_to_do() {
    check(
        text("/start"),
        Access::Granted(Role::User),
        expect![[r#"
            Hello! I pass your messages on to Claude Code on its computer and bring back what it says.

            Just write what you want done.

            /new – start a new conversation
            /stop – stop what Claude is doing
            /status – show what is going on
            /user_info – show your number and your role
            /help – show this list
        "#]],
    );
    check(
        text("/start CODE"),
        Access::Claimed,
        expect![[r#"
            This bot is yours now: I answer to nobody else.

            Hello! I pass your messages on to Claude Code on its computer and bring back what it says.

            Just write what you want done.

            /new – start a new conversation
            /stop – stop what Claude is doing
            /status – show what is going on
            /user_info – show your number and your role
            /help – show this list
        "#]],
    );
    check(
        text("/help"),
        Access::Granted(Role::User),
        expect![[r#"
            Write what you want done, and Claude Code works on it.

            /new – start a new conversation
            /stop – stop what Claude is doing
            /status – show what is going on
            /user_info – show your number and your role
            /help – show this list

            Other commands that begin with / are passed on to Claude.
        "#]],
    );
    check(
        text("/help"),
        Access::Granted(Role::Admin),
        expect![[r#"
            Write what you want done, and Claude Code works on it.

            /new – start a new conversation
            /stop – stop what Claude is doing
            /status – show what is going on
            /user_info – show your number and your role
            /help – show this list

            For administrators:
            /users – show who uses this bridge
            /add_user NUMBER NAME – let somebody in
            /remove_user NUMBER – take somebody out and forget them
            /activate, /deactivate NUMBER – let somebody in again, or keep them out for now
            /promote, /demote NUMBER – make somebody an administrator, or a user again
            /allow_group – let me work in the group where you send it
            A reply to somebody's message, a forwarded message or a contact can stand for the number.

            Other commands that begin with / are passed on to Claude.
        "#]],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "people read these words")]
fn refused_people_read_one_plain_sentence_or_nothing() {
    let refused = |refusal| Access::Refused(Some(refusal));
    check(
        text("hi"),
        refused(Refusal::Stranger),
        expect![[r#"
        Sorry, this bot is private. If its owner is to let you in, tell them your number: 7.
    "#]],
    );
    check(
        text("hi"),
        refused(Refusal::Unclaimed),
        expect![[r#"
        This bot has no owner yet. If it is yours, send /start and the code that it shows on your computer, like this: /start CODE. Otherwise ask the owner to do so. Your number is 7.
    "#]],
    );
    check(
        text("hi"),
        refused(Refusal::WrongCode),
        expect![[r#"
        This code is not right. Please compare it with the one on your computer.
    "#]],
    );
    check(
        text("hi"),
        refused(Refusal::Locked),
        expect![[r#"
        There were too many wrong codes, so I take no more. Restart the bridge on your computer: it then shows a new code.
    "#]],
    );
    check(
        text("hi"),
        refused(Refusal::StoreFailed),
        expect![[r#"
        Sorry, I cannot check who may come in at the moment, so I let nobody in. Please try again later; on your computer, the log of the bridge says what is wrong.
    "#]],
    );
    check(
        text("hi"),
        refused(Refusal::Barred),
        expect![[r#"
            Sorry, you cannot use this bot: an administrator keeps you out. If that is a mistake, ask them.
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::CrowdedOut),
        expect![[r#"
            Sorry, so many people wait to be let in that I cannot ask for one more. Please try again later, or tell an administrator your number: 7.
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::TooFast { per_minute: 30 }),
        expect![[r#"
            That was more than 30 messages in a minute. This one and those that follow at once are not worked on; please wait a little and send it again.
        "#]],
    );
    check(
        text("hi"),
        Access::Refused(None),
        expect![[r#"
        RefusedSilently
    "#]],
    );
}

#[test]
fn what_cannot_be_worked_on_is_said() {
    let sticker = InboundContent::Unsupported {
        message: MessageId(40),
        kind: "a sticker",
    };
    check(
        sticker,
        Access::Granted(Role::User),
        expect![[r#"
        to 40: I cannot read a sticker yet; please write it as text.
    "#]],
    );
    let edited = InboundContent::Edited {
        message: MessageId(40),
        text: "/new".into(),
    };
    check(
        edited,
        Access::Granted(Role::User),
        expect![[r#"
        to 40: I do not see edits: what you sent first still counts. To tell Claude the new text, send it as a new message.
    "#]],
    );
}

#[test]
fn every_press_is_answered_and_a_stranger_learns_nothing_by_it() {
    check(
        button(),
        Access::Granted(Role::User),
        expect![[r#"
        press: Some("This button is no longer in use.")
    "#]],
    );
    let refused = Access::Refused(Some(Refusal::Stranger));
    check(
        button(),
        refused,
        expect![[r#"
        press: None
    "#]],
    );
    check(
        button(),
        Access::Refused(None),
        expect![[r#"
        press: None
    "#]],
    );
}

#[test]
fn nothing_of_a_refused_person_reaches_a_session() {
    let refusals = [
        None,
        Some(Refusal::Stranger),
        Some(Refusal::Unclaimed),
        Some(Refusal::WrongCode),
        Some(Refusal::Locked),
        Some(Refusal::StoreFailed),
        Some(Refusal::Barred),
        Some(Refusal::CrowdedOut),
        Some(Refusal::TooFast { per_minute: 30 }),
    ];
    let texts = [
        "hi", "/new x", "/stop", "/status", "/start", "/help", "/users",
    ];
    for refusal in refusals {
        for content in texts.map(text).into_iter().chain([button()]) {
            let route = route(inbound(content), Access::Refused(refusal), None);
            assert!(!matches!(route, Route::Deliver(_)), "{route:?}");
        }
    }
}

#[test]
fn only_a_start_command_carries_a_code() {
    let request = |content| to_arrival(&inbound(content), Some("our_bot")).request;
    let start = |code: Option<&str>| Request::Start {
        code: code.map(str::to_owned),
    };
    assert_eq!(request(text("/start AB9A9A9H")), start(Some("AB9A9A9H")));
    assert_eq!(request(text("/start")), start(None));
    for content in [text("/help AB9A9A9H"), text("AB9A9A9H")] {
        assert_eq!(request(content), Request::Work);
    }
    let edited = InboundContent::Edited {
        message: MessageId(40),
        text: "/start AB9A9A9H".into(),
    };
    assert_eq!(request(edited), Request::Work);
    let press = Request::Press {
        message: None,
        data: "v1.allow.forged".into(),
    };
    assert_eq!(request(button()), press);
}

fn in_group(addressed: Addressed, content: InboundContent) -> Request {
    let inbound = Inbound {
        chat_kind: ChatKind::Group,
        addressed,
        ..inbound(content)
    };
    to_arrival(&inbound, Some("our_bot")).request
}

#[test]
fn in_a_group_only_what_is_meant_for_us_is_work() {
    let (us, all) = (Addressed::ToUs, Addressed::ToAll);
    assert_eq!(in_group(us, text("fix it")), Request::Work);
    assert_eq!(in_group(us, text("/status")), Request::Work);
    assert_eq!(in_group(us, text("/stop")), Request::Stop);
    assert_eq!(in_group(us, text("/compact@our_bot")), Request::Work);
    // A bare word reaches every bot of the group.
    assert_eq!(in_group(us, text("/compact")), Request::Overheard);
    assert_eq!(in_group(us, text("/ban @eve")), Request::Overheard);
    assert_eq!(in_group(us, text("/help@other_bot")), Request::Work);
    for said in ["hi all", "/status", "/stop", "/allow_group"] {
        assert_eq!(in_group(all, text(said)), Request::Overheard, "{said}");
    }
    let press = in_group(all, button());
    assert!(matches!(press, Request::Press { .. }), "{press:?}");
    assert_eq!(in_group(all, InboundContent::Joined), Request::Joined);
}

#[test]
fn without_a_registry_nobody_comes_in_and_only_a_person_in_private_is_told() {
    for (kind, refusal) in [
        (ChatKind::Private, Some(Refusal::StoreFailed)),
        (ChatKind::Group, None),
        (ChatKind::Channel, None),
    ] {
        let mut arrival = to_arrival(&inbound(text("hi")), None);
        arrival.chat_kind = kind;
        let ruling = ruling_without_registry(&arrival);
        assert_eq!(ruling, Ruling::of(Access::Refused(refusal)));
        arrival.sender = Sender::Nobody;
        let ruling = ruling_without_registry(&arrival);
        assert_eq!(ruling, Ruling::of(Access::Refused(None)));
    }
}
