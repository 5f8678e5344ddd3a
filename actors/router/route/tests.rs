//! Where updates go, with the texts that people read.

mod arrivals;
mod captions;
mod said;

use bridge_texts::Language;
use expect_test::{Expect, expect};

use super::*;
use crate::ids::{ChatId, DraftId, SessionKey, UpdateId};
use crate::router::slash_command::parse;
use crate::router::{Addressed, MediaKind, Person, Pointing};

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
        markdown: text.into(),
        pointing: Pointing::None,
        reply_to: None,
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

fn routed(inbound: Inbound, access: Access) -> Route {
    let parsed = parse(inbound, Some("our_bot"));
    route(parsed, access, Language::English.say())
}

fn check(content: InboundContent, access: Access, expected: Expect) {
    let told = match routed(inbound(content), access) {
        Route::Deliver(instruction) => format!("{instruction:?}\n"),
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
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: NewConversation { prompt: None } })
        "#]],
    );
    check(
        text("/new fix it"),
        granted,
        expect![[r#"
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: NewConversation { prompt: Some("fix it") } })
        "#]],
    );
    check(
        text("/stop"),
        granted,
        expect![[r#"
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: Stop })
        "#]],
    );
    check(
        text("/status"),
        granted,
        expect![[r#"
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: Status })
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
            /tasks – show what runs in the background, and stop it
            /model, /effort, /mode – choose model, effort and what runs unasked in this chat
            /verbose – choose how much of the work you see
            /draft on, /draft off – see the words in a draft of Telegram's own, or in a card
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
            /tasks – show what runs in the background, and stop it
            /model, /effort, /mode – choose model, effort and what runs unasked in this chat
            /verbose – choose how much of the work you see
            /draft on, /draft off – see the words in a draft of Telegram's own, or in a card
            /user_info – show your number and your role
            /help – show this list
            /trust, /trust off – let this folder's own hooks and MCP servers run, or no longer
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
            /tasks – show what runs in the background, and stop it
            /model, /effort, /mode – choose model, effort and what runs unasked in this chat
            /verbose – choose how much of the work you see
            /draft on, /draft off – see the words in a draft of Telegram's own, or in a card
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
            /tasks – show what runs in the background, and stop it
            /model, /effort, /mode – choose model, effort and what runs unasked in this chat
            /verbose – choose how much of the work you see
            /draft on, /draft off – see the words in a draft of Telegram's own, or in a card
            /user_info – show your number and your role
            /help – show this list

            For administrators:
            /trust, /trust off – let this folder's own hooks and MCP servers run, or no longer
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
        prompt: PromptId("p".into()),
        kind: MediaKind::Sticker,
        caption: None,
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
        prompt: PromptId("p".into()),
        text: "/new".into(),
    };
    check(
        edited,
        Access::Granted(Role::User),
        expect![[r#"
            Replace(Prompt { id: PromptId("p"), author: UserId(7), message: MessageId(40), text: "/new" })
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
            let route = routed(inbound(content), Access::Refused(refusal));
            assert!(!matches!(route, Route::Deliver(_)), "{route:?}");
        }
    }
}
