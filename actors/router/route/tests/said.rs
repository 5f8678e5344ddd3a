//! What of a message reaches Claude, and in which shape.

use super::*;

#[test]
fn a_reply_brings_what_it_answers_and_says_to_which_message_of_ours() {
    let reply = |said: &str| InboundContent::Text {
        message: MessageId(40),
        prompt: PromptId("p".into()),
        text: said.into(),
        markdown: said.into(),
        context: "In reply to your message:\n> that?".into(),
        goes_on: None,
        pointing: Pointing::None,
        reply_to: Some(MessageId(30)),
        files: Vec::new(),
    };
    let granted = |said| routed(inbound(reply(said)), Access::Granted(Role::User));
    let context = "In reply to your message:\n> that?";
    for said in ["not that", "! not that", "/review it"] {
        let Route::Deliver(Instruct::Reply { to, prompt }) = granted(said) else {
            panic!("it is delivered as a reply");
        };
        assert_eq!(to, MessageId(30));
        assert_eq!(
            (prompt.text.as_str(), prompt.context.as_str()),
            (said, context)
        );
    }
    let Route::Deliver(Instruct::Command(new)) = granted("/new not that") else {
        panic!("it is delivered as a command");
    };
    let (prompt, context) = (Some("not that".to_owned()), context.to_owned());
    assert_eq!(
        new.kind,
        CommandKind::NewConversation {
            prompt,
            context,
            goes_on: None,
            files: Vec::new(),
        }
    );
    let Route::Deliver(Instruct::Command(stop)) = granted("/stop") else {
        panic!("it is delivered as a command");
    };
    assert_eq!(stop.kind, CommandKind::Stop);
}

#[test]
fn claude_is_told_the_markdown_and_a_command_is_known_by_what_was_typed() {
    let said = |typed: &str, marked: &str| InboundContent::Text {
        message: MessageId(40),
        prompt: PromptId("p".into()),
        text: typed.into(),
        markdown: marked.into(),
        context: String::new(),
        goes_on: None,
        pointing: Pointing::None,
        reply_to: None,
        files: Vec::new(),
    };
    let granted = |typed, marked| {
        let route = routed(inbound(said(typed, marked)), Access::Granted(Role::User));
        let Route::Deliver(instruction) = route else {
            panic!("{route:?}");
        };
        instruction
    };
    let Instruct::Prompt(prompt) = granted("run ls", "run `ls`") else {
        panic!("it is a prompt");
    };
    assert_eq!(prompt.text, "run `ls`");
    let kind_of = |instruction| {
        let Instruct::Command(command) = instruction else {
            panic!("{instruction:?} is no command");
        };
        command.kind
    };
    let new = kind_of(granted("/new run ls", "/new run `ls`"));
    let prompt = Some("run `ls`".to_owned());
    assert_eq!(
        new,
        CommandKind::NewConversation {
            prompt,
            context: String::new(),
            goes_on: None,
            files: Vec::new(),
        }
    );
    let chosen = kind_of(granted("/model opus", "/model `opus`"));
    assert!(matches!(chosen, CommandKind::Choose { value: Some(value), .. } if value == "opus"));
}
