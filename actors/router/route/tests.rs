//! Where updates go, with the texts that people read.

mod arrivals;
mod captions;
mod said;
mod turned_away;

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
        context: String::new(),
        goes_on: None,
        pointing: Pointing::None,
        reply_to: None,
        files: Vec::new(),
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
            Prompt(Prompt { id: PromptId("p"), author: UserId(7), message: MessageId(40), text: " fix it\n", context: "", goes_on: None, further: [], files: [], follows: None })
        "#]],
    );
    check(
        text("/compact"),
        granted,
        expect![[r#"
            Prompt(Prompt { id: PromptId("p"), author: UserId(7), message: MessageId(40), text: "/compact", context: "", goes_on: None, further: [], files: [], follows: None })
        "#]],
    );
    check(
        text("/new"),
        granted,
        expect![[r#"
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: NewConversation { prompt: None, context: "", goes_on: None, files: [] } })
        "#]],
    );
    check(
        text("/new fix it"),
        granted,
        expect![[r#"
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: NewConversation { prompt: Some("fix it"), context: "", goes_on: None, files: [] } })
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
            Hi! I'm Claude Code on the bridge's computer. Write what you want done. When I need a permission, I ask here. /help has the rest.
        "#]],
    );
    check(
        text("/start CODE"),
        Access::Claimed,
        expect![[r#"
            This bot is yours now. I answer to nobody else.

            Hi! I'm Claude Code on the bridge's computer. Write what you want done. When I need a permission, I ask here. /help has the rest.
        "#]],
    );
    check(
        text("/help"),
        Access::Granted(Role::User),
        expect![[r#"
            Write what you want done. When Claude needs a permission, it asks here.

            While it works
            /stop – stop it; send it again to force it
            /status – what is going on
            /tasks – what runs in the background
            /files – the files that were sent here
            /diff – what has changed in the folder
            /rewind – go back to before one of your messages
            /btw QUESTION – a quick question beside the work
            !TEXT – stop it and do this instead

            This chat
            /new – new conversation
            /sessions – earlier conversations: go on with one, send it, delete it
            /export – this conversation as a file
            /model, /effort, /mode – which model, how hard it thinks, what it may do without asking
            /context – how full the conversation is
            /usage – how much of the limits is used
            /permissions – what runs without asking
            /mcp – MCP servers and how they do
            /login – log Claude in
            /verbose – how much of the work you see
            /draft – live typing instead of a progress message
            /rich – real tables and headings in answers

            You
            /whoami – your number and role
            /delete_my_data – delete what you have here
            /help – this list

            Any other command with / goes to Claude.
        "#]],
    );
    check(
        text("/help"),
        Access::Granted(Role::Admin),
        expect![[r#"
            Write what you want done. When Claude needs a permission, it asks here.

            While it works
            /stop – stop it; send it again to force it
            /status – what is going on
            /tasks – what runs in the background
            /files – the files that were sent here
            /diff – what has changed in the folder
            /rewind – go back to before one of your messages
            /btw QUESTION – a quick question beside the work
            !TEXT – stop it and do this instead

            This chat
            /new – new conversation
            /sessions – earlier conversations: go on with one, send it, delete it
            /export – this conversation as a file
            /model, /effort, /mode – which model, how hard it thinks, what it may do without asking
            /context – how full the conversation is
            /usage – how much of the limits is used
            /permissions – what runs without asking
            /mcp – MCP servers and how they do
            /login – log Claude in
            /verbose – how much of the work you see
            /draft – live typing instead of a progress message
            /rich – real tables and headings in answers

            You
            /whoami – your number and role
            /delete_my_data – delete what you have here
            /help – this list

            For administrators
            /trust – let this folder's own hooks and MCP servers run; /trust off takes that back
            /users – who uses this bridge
            /add_user NUMBER NAME – let somebody in
            /remove_user NUMBER – keep somebody out; what they left is kept or deleted
            /deactivate, /activate NUMBER – keep somebody out for now, or let them in again
            /promote, /demote NUMBER – make somebody an administrator, or a user again
            /allow_group – let me work in the group where you send it
            Instead of the number you can reply to a message, forward one, or send a contact.
            /lockdown – end every agent and accept nothing until /unlock

            Any other command with / goes to Claude.
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
            This bot is private. To get in, give the person who runs it your number: 7
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::Unclaimed),
        expect![[r#"
            Nobody has claimed this bot yet. Is it yours? Send /start and the code that the bridge showed when it started, like this: /start CODE. Your number is 7.
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::WrongCode),
        expect![[r#"
            Wrong code. Compare it with the one that the bridge showed when it started.
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::Locked),
        expect![[r#"
            Too many wrong codes. Restart the bridge: it then shows a new one.
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::StoreFailed),
        expect![[r#"
            I cannot check who may use this bot right now, so I let nobody in. Try again later. The log of the bridge says what is wrong.
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::Barred),
        expect![[r#"
            You cannot use this bot. If that is a mistake, ask the person who runs it.
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::CrowdedOut),
        expect![[r#"
            Too many people are waiting to be let in, so I cannot ask for you now. Try again later, or give an administrator your number: 7
        "#]],
    );
    check(
        text("hi"),
        refused(Refusal::TooFast { per_minute: 30 }),
        expect![[r#"
            Not taken: you can send 30 messages a minute. Wait a little, then send this one and those after it again.
        "#]],
    );
    check(
        text("/status"),
        refused(Refusal::TooManyCommands { per_minute: 60 }),
        expect![[r#"
            Not taken: you can send 60 commands a minute. Wait a little, then send it again. /stop always works.
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
            to 40: I cannot read a sticker yet. If it matters, write it as text.
        "#]],
    );
}

#[test]
fn an_edit_that_makes_a_message_a_command_is_that_command() {
    let edited = InboundContent::Edited {
        message: MessageId(40),
        prompt: PromptId("p".into()),
        text: "/new".into(),
        markdown: "/new".into(),
        pointing: Pointing::None,
        reply_to: None,
        context: String::new(),
        files: Vec::new(),
    };
    check(
        edited,
        Access::Granted(Role::User),
        expect![[r#"
            Command(Command { id: PromptId("p"), by: UserId(7), role: User, message: MessageId(40), kind: NewConversation { prompt: None, context: "", goes_on: None, files: [] } })
        "#]],
    );
}

#[test]
fn every_press_is_answered_and_a_stranger_learns_nothing_by_it() {
    check(
        button(),
        Access::Granted(Role::User),
        expect![[r#"
            press: Some("This button no longer works.")
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
        Some(Refusal::TooManyCommands { per_minute: 60 }),
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
