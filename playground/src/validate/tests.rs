//! The validator accepts a sample of every method and rejects every mutation of it.

use std::sync::Arc;

use expect_test::expect;
use serde_json::{Map, Value, json};

use super::check_call;
use crate::params::{Params, Part};
use crate::schema::{Fields, Kind, Method, SCHEMA};

fn check(method: &Method, values: &Map<String, Value>) -> Result<(), String> {
    let mut params = Params {
        values: values.clone(),
        ..Params::default()
    };
    if values
        .values()
        .any(|value| value.to_string().contains("attach://part"))
    {
        params.files.insert("part".to_owned(), part());
    }
    check_call(method, &mut params)
}

fn part() -> Part {
    Part {
        file_name: "a.txt".into(),
        mime_type: "text/plain".into(),
        bytes: Arc::from(*b"a"),
    }
}

/// Objects have all their fields down to this depth, and the required ones below it.
const FULL_DEPTH: usize = 2;

fn sample(kind: &Kind, depth: usize) -> Value {
    match kind {
        Kind::Integer => json!(1),
        Kind::Float => json!(1.5),
        Kind::Boolean => json!(true),
        Kind::Text => json!("x"),
        Kind::File => json!("attach://part"),
        Kind::Constant(text) => json!(text),
        Kind::List(item) => json!([sample(item, depth)]),
        Kind::Named(name) => match SCHEMA.union(name) {
            // RichText is recursive; its plain string ends the recursion.
            Some(members) if members.contains(&Kind::Text) => json!("x"),
            Some(members) => sample(&members[0], depth),
            None => {
                let only = if depth < FULL_DEPTH {
                    Only::All
                } else {
                    Only::Required
                };
                let fields = SCHEMA.object(name).unwrap();
                Value::Object(sample_fields(fields, only, depth + 1))
            }
        },
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Only {
    Required,
    All,
}

fn sample_fields(fields: &Fields, only: Only, depth: usize) -> Map<String, Value> {
    let wanted = fields
        .iter()
        .filter(|(_, field)| field.required || only == Only::All);
    wanted
        .map(|(name, field)| (name.clone(), sample(&field.kinds[0], depth)))
        .collect()
}

/// Every way to spoil one place of a value: a wrong type anywhere, an unknown field in any object.
fn mutations(value: &Value) -> Vec<Value> {
    let mut out = vec![json!([null])];
    match value {
        Value::Object(fields) => {
            let mut extended = fields.clone();
            extended.insert("zzz".to_owned(), json!(1));
            out.push(Value::Object(extended));
            for (name, inner) in fields {
                out.extend(mutations(inner).into_iter().map(|spoilt| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), spoilt);
                    Value::Object(fields)
                }));
            }
        }
        Value::Array(items) => {
            for inner in items {
                out.extend(mutations(inner).into_iter().map(|spoilt| json!([spoilt])));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    out
}

#[test]
fn all_185_methods_accept_their_sample() {
    let mut n_methods = 0;
    for method in SCHEMA.methods() {
        n_methods += 1;
        for only in [Only::Required, Only::All] {
            let values = sample_fields(&method.fields, only, 0);
            assert_eq!(check(method, &values), Ok(()), "{} {values:?}", method.name);
        }
    }
    assert_eq!(n_methods, 185);
}

#[test]
fn every_mutation_of_every_sample_is_rejected() {
    let mut n_mutants = 0;
    for method in SCHEMA.methods() {
        let values = sample_fields(&method.fields, Only::All, 0);
        for name in method
            .fields
            .iter()
            .filter(|(_, field)| field.required)
            .map(|(name, _)| name)
        {
            let mut lacking = values.clone();
            lacking.remove(name);
            assert!(
                check(method, &lacking).is_err(),
                "{} without {name}",
                method.name
            );
        }
        for spoilt in mutations(&Value::Object(values)).into_iter().skip(1) {
            let Value::Object(spoilt) = spoilt else {
                panic!("a mutant of an object is one")
            };
            n_mutants += 1;
            assert!(
                check(method, &spoilt).is_err(),
                "{} {spoilt:?}",
                method.name
            );
        }
    }
    assert!(n_mutants > 4_000, "only {n_mutants} mutants");
}

#[test]
fn text_parameters_get_the_type_the_schema_names() {
    let texts = [
        ("chat_id", "42"),
        ("text", "12"),
        ("disable_notification", "true"),
        ("entities", r#"[{"type":"bold","offset":0,"length":2}]"#),
    ];
    let mut params = Params::default();
    params
        .texts
        .extend(texts.map(|(name, text)| (name.to_owned(), text.to_owned())));
    check_call(SCHEMA.method("SENDMESSAGE").unwrap(), &mut params).unwrap();
    expect![[r#"{"chat_id":42,"disable_notification":true,"entities":[{"length":2,"offset":0,"type":"bold"}],"text":"12"}"#]]
        .assert_eq(&Value::Object(params.values).to_string());
}

#[test]
fn complaints_name_the_place() {
    let complain = |method: &str, values: Value| {
        let values = values.as_object().unwrap().clone();
        check(SCHEMA.method(method).unwrap(), &values).unwrap_err()
    };
    let complaints = [
        complain("sendMessage", json!({ "chat_id": 1 })),
        complain(
            "sendMessage",
            json!({ "chat_id": 1, "text": "a", "txt": "b" }),
        ),
        complain(
            "sendMessage",
            json!({ "chat_id": 1, "text": "a", "reply_markup":
            { "inline_keyboard": [[{ "text": "a", "callback_dat": "b" }]] } }),
        ),
        complain(
            "setMessageReaction",
            json!({ "chat_id": 1, "message_id": 2,
            "reaction": [{ "type": "emoji" }] }),
        ),
        complain("setMyCommands", json!({ "commands": [{ "command": "a" }] })),
        complain(
            "sendDocument",
            json!({ "chat_id": 1, "document": "attach://nothing" }),
        ),
    ];
    expect![[r#"
        message text is empty
        unknown parameter "txt" in sendMessage
        reply_markup: expected InlineKeyboardMarkup or ReplyKeyboardMarkup or ReplyKeyboardRemove or ForceReply, got {"inline_keyboard":[[{"callback_dat":"b","text":"a"}]]} (InlineKeyboardMarkup.inline_keyboard: [0] [0] unknown field "callback_dat" in InlineKeyboardButton)
        reaction: [0] missing field "emoji" in ReactionTypeEmoji
        commands: [0] missing field "description" in BotCommand
        attach://nothing has no uploaded part"#]].assert_eq(&complaints.join("\n"));
}
