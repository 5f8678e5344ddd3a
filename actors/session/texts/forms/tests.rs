//! What a server asks promises, whatever the server is called and says.

use super::*;
use crate::form::FormOption;
use crate::outbox::Button;
use crate::permission_request::Ask;
use crate::session::texts::requests::tests::asked;
use crate::session::texts::{asks, whole_request};

fn field(title: &str, about: &str, kind: FieldKind) -> Field {
    Field {
        key: "k".to_owned(),
        title: title.to_owned(),
        about: about.to_owned(),
        kind,
        is_required: true,
        default: None,
    }
}

fn choice(labels: &[String]) -> FieldKind {
    let option = |label: &String| FormOption {
        key: label.clone(),
        label: label.clone(),
    };
    FieldKind::Choice {
        options: labels.iter().map(option).collect(),
        picks: Picks::One,
        at_least: 1,
        at_most: 1,
    }
}

/// Returns the message that asks, its buttons, and the file before it.
fn shown(server: &str, message: &str, wants: Wants) -> (String, Vec<Button>, Option<String>) {
    let asked = asked(Ask::Form(Form {
        server: server.to_owned(),
        message: message.to_owned(),
        wants,
    }));
    let Body::Live { text, rows, .. } = asks(Say::default(), &asked, Duration::from_secs(1_800))
    else {
        panic!("not a message with buttons");
    };
    let file = match whole_request(Say::default(), &asked) {
        Some(Body::Document { content, .. }) => Some(content),
        _ => None,
    };
    (text, rows.into_iter().flatten().collect(), file)
}

#[test]
fn however_much_a_server_says_the_message_fits_and_begins_with_who_asks() {
    let long = "👍".repeat(5_000);
    let labels: Vec<String> = (0..30).map(|place| format!("{place} {long}")).collect();
    let wants = Wants::Fields(vec![field(&long, &long, choice(&labels))]);
    let (text, buttons, file) = shown(&long, &long, wants);
    assert!(text.encode_utf16().count() < 4_096, "{}", text.len());
    assert!(text.starts_with("🧩 The MCP server “👍"), "{text}");
    assert!(buttons.iter().all(|it| it.label.chars().count() <= 60));
    assert!(buttons[0].label.starts_with("1. 0 👍"), "{:?}", buttons[0]);
    let file = file.expect("a file with all of it");
    assert!(labels.iter().all(|label| file.contains(label)));
}

#[test]
fn what_fits_needs_no_file() {
    let wants = Wants::Fields(vec![field("Name", "As on the door", FieldKind::Truth)]);
    let (text, buttons, file) = shown("files", "Who?", wants);
    assert!(
        text.contains("Who?\n\nName\nAs on the door\nGive yes or no."),
        "{text}"
    );
    let labels: Vec<_> = buttons.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["Yes", "No", "✕ Decline"]);
    assert_eq!(file, None);
}

#[test]
fn what_looks_like_something_else_is_named() {
    let message = "Look at https://github.com@evil.example/x, раypal";
    let (text, ..) = shown("files", message, Wants::Fields(Vec::new()));
    assert!(text.contains("leads to: evil.example"), "{text}");
    assert!(
        text.contains("mix letters of several scripts: раypal"),
        "{text}"
    );
}

#[test]
fn an_address_is_shown_as_code_and_only_a_plain_one_has_a_button() {
    let page = |link: Option<&str>| {
        Wants::Page(Page {
            shown: "https://a.example/x".to_owned(),
            host: "a.example".to_owned(),
            link: link.map(str::to_owned),
        })
    };
    let (text, buttons, _) = shown("files", "Sign in", page(Some("https://a.example/x")));
    assert!(text.contains("open a page of a.example"), "{text}");
    assert_eq!(buttons[0].page(), Some("https://a.example/x"));
    let (_, buttons, _) = shown("files", "Sign in", page(None));
    assert!(buttons.iter().all(|button| button.page().is_none()));
}

#[test]
fn what_is_wanted_is_said_in_a_plain_sentence() {
    let text = |at_least, at_most, format, pattern: Option<&str>| FieldKind::Text {
        at_least,
        at_most,
        format,
        pattern: pattern.map(str::to_owned),
    };
    let number = |is_whole, at_least: Option<&str>, at_most: Option<&str>| FieldKind::Number {
        is_whole,
        at_least: at_least.map(str::to_owned),
        at_most: at_most.map(str::to_owned),
    };
    for (kind, expected) in [
        (text(None, None, TextFormat::Any, None), "any text"),
        (
            text(Some(2), Some(9), TextFormat::Any, None),
            "any text (2 to 9 characters)",
        ),
        (
            text(Some(2), None, TextFormat::Email, None),
            "an email address such as name@example.org (at least 2 characters)",
        ),
        (
            text(Some(0), Some(9), TextFormat::Any, Some("^x$")),
            "any text that matches ^x$ (at most 9 characters)",
        ),
        (
            number(true, Some("1"), Some("9")),
            "a whole number from 1 to 9",
        ),
        (number(false, Some("1"), None), "a number from 1"),
        (number(false, None, Some("9")), "a number up to 9"),
    ] {
        let field = field("T", "", kind);
        assert_eq!(wanted(Say::default(), &field), expected);
    }
}
