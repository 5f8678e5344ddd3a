//! Reads what an MCP server asks in a script.

use super::agent::request;
use crate::agent_event::AgentEvent;
use crate::form::{Field, FieldKind, FieldValue, Form, FormOption, Page, TextFormat, Wants};
use crate::permission_request::{Ask, Picks};

/// Reads `form MESSAGE: FIELD; FIELD` with a field such as `name text`, `age whole 1 9`,
/// `sure truth`, `colour one red blue`, `tags many red blue`; a `~` before it leaves it to the
/// person, a `= VALUE` behind it is proposed. `form MESSAGE` asks for a yes,
/// `form MESSAGE: unreadable` for what nobody can read, and `form MESSAGE: page ADDRESS` for a page.
pub(super) fn form(text: &str) -> AgentEvent {
    let (message, wants) = text.split_once(": ").unwrap_or((text, ""));
    let wants = match wants.split_once(' ').unwrap_or((wants, "")) {
        ("", _) => Wants::Fields(Vec::new()),
        ("unreadable", _) => Wants::Unreadable,
        ("page", address) => Wants::Page(Page {
            shown: address.to_owned(),
            host: "a.example".to_owned(),
            link: address.starts_with("https").then(|| address.to_owned()),
        }),
        _ => Wants::Fields(wants.split("; ").map(field).collect()),
    };
    let form = Form {
        server: "files".to_owned(),
        message: message.to_owned(),
        wants,
    };
    request("r1", "files", Ask::Form(form), "form")
}

fn field(text: &str) -> Field {
    let (text, default) = text.split_once(" = ").unwrap_or((text, ""));
    let required = text.strip_prefix('~');
    let (name, kind) = required.unwrap_or(text).split_once(' ').expect("a kind");
    let words: Vec<&str> = kind.split(' ').collect();
    let option = |key: &&str| FormOption {
        key: (*key).to_owned(),
        label: key.to_uppercase(),
    };
    let kind = match words.as_slice() {
        ["text"] => FieldKind::Text {
            at_least: None,
            at_most: None,
            format: TextFormat::Any,
            pattern: None,
        },
        ["whole", at_least, at_most] => FieldKind::Number {
            is_whole: true,
            at_least: Some((*at_least).to_owned()),
            at_most: Some((*at_most).to_owned()),
        },
        ["truth"] => FieldKind::Truth,
        ["one", keys @ ..] => FieldKind::Choice {
            options: keys.iter().map(option).collect(),
            picks: Picks::One,
            at_least: 1,
            at_most: 1,
        },
        ["many", keys @ ..] => FieldKind::Choice {
            options: keys.iter().map(option).collect(),
            picks: Picks::Many,
            at_least: 1,
            at_most: keys.len(),
        },
        _ => panic!("not a field: {text}"),
    };
    Field {
        key: name.to_owned(),
        title: name.to_owned(),
        about: String::new(),
        kind,
        is_required: required.is_none(),
        default: (!default.is_empty()).then(|| FieldValue::Text(default.to_owned())),
    }
}
