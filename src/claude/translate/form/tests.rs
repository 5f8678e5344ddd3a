//! What an MCP server may ask, what comes of it, and what is never asked.

use serde_json::json;

use super::*;
use crate::claude::translate::Translator;
use bridge_actors::agent_event::AgentEvent;

fn asked(request: &Value) -> Form {
    let line = json!({ "type": "control_request", "request_id": "r", "request": request });
    let translated = Translator::default().on_line(line.to_string().as_bytes());
    assert!(translated.replies.is_empty());
    let Some(AgentEvent::PermissionAsked(request)) = translated.events.into_iter().next() else {
        panic!("nobody is asked");
    };
    let Ask::Form(form) = request.ask else {
        panic!("not a form");
    };
    form
}

fn form(properties: &Value, order: &[&str]) -> Wants {
    asked(&json!({
        "subtype": "elicitation",
        "mcp_server_name": "files",
        "message": "Who?",
        "mode": "form",
        "requested_schema": { "type": "object", "properties": properties, "required": ["a"] },
        "property_order": order,
    }))
    .wants
}

/// Returns the one field of a form.
fn field(schema: &Value) -> Field {
    match form(&json!({ "a": schema }), &["a"]) {
        Wants::Fields(fields) => fields.into_iter().next().expect("a field"),
        other @ (Wants::Page(_) | Wants::Unreadable) => panic!("not a field: {other:?}"),
    }
}

fn page_of(address: &str) -> Page {
    let wants = asked(&json!({
        "subtype": "elicitation", "mcp_server_name": "files", "message": "Sign in",
        "mode": "url", "url": address,
    }))
    .wants;
    match wants {
        Wants::Page(page) => page,
        other @ (Wants::Fields(_) | Wants::Unreadable) => panic!("not a page: {other:?}"),
    }
}

#[test]
fn fields_come_in_their_order_and_those_that_are_not_in_it_behind() {
    let properties = json!({
        "a": { "type": "string" }, "b": { "type": "boolean" }, "c": { "type": "number" },
    });
    let Wants::Fields(fields) = form(&properties, &["c", "a", "gone", "a"]) else {
        panic!("not fields");
    };
    let keys: Vec<_> = fields
        .iter()
        .map(|it| (it.key.as_str(), it.is_required))
        .collect();
    assert_eq!(keys, [("c", false), ("a", true), ("b", false)]);
}

#[test]
fn every_kind_of_value_of_mcp_is_read() {
    let text = field(&json!({
        "type": "string", "title": "Mail", "description": "Yours", "minLength": 3, "maxLength": 9,
        "format": "email", "pattern": "^x", "default": "a@b.example",
    }));
    assert_eq!(
        (text.title.as_str(), text.about.as_str()),
        ("Mail", "Yours")
    );
    let expected = FieldKind::Text {
        at_least: Some(3),
        at_most: Some(9),
        format: TextFormat::Email,
        pattern: Some("^x".to_owned()),
    };
    assert_eq!(text.kind, expected);
    assert_eq!(text.default, None, "what is too long is no proposal");
    let number = field(&json!({ "type": "integer", "minimum": 1, "maximum": 9.5, "default": 3 }));
    let expected = FieldKind::Number {
        is_whole: true,
        at_least: Some("1".to_owned()),
        at_most: Some("9.5".to_owned()),
    };
    assert_eq!(number.kind, expected);
    assert_eq!(number.default, Some(FieldValue::Number("3".to_owned())));
    let truth = field(&json!({ "type": "boolean", "default": false }));
    assert_eq!(truth.default, Some(FieldValue::Truth(false)));
}

#[test]
fn choices_are_read_in_each_of_their_forms() {
    let labels = |schema: &Value| {
        let field = field(schema);
        let FieldKind::Choice { options, picks, .. } = &field.kind else {
            panic!("not a choice: {field:?}");
        };
        let labels = options.iter().map(|it| format!("{}={}", it.key, it.label));
        (
            labels.collect::<Vec<_>>().join(" "),
            *picks,
            field.default.clone(),
        )
    };
    let red = Some(FieldValue::Text("r".to_owned()));
    let one = |default| ("r=Red g=Green".to_owned(), Picks::One, default);
    assert_eq!(
        labels(
            &json!({ "type": "string", "enum": ["r", "g"], "enumNames": ["Red", "Green"], "default": "r" })
        ),
        one(red)
    );
    let titled = json!([{ "const": "r", "title": "Red" }, { "const": "g", "title": "Green" }]);
    assert_eq!(
        labels(&json!({ "type": "string", "oneOf": titled, "default": "x" })),
        one(None)
    );
    let many = labels(&json!({
        "type": "array", "items": { "anyOf": titled }, "minItems": 1, "default": ["g"],
    }));
    let green = Some(FieldValue::Several(vec!["g".to_owned()]));
    assert_eq!(many, ("r=Red g=Green".to_owned(), Picks::Many, green));
    let plain = labels(&json!({ "type": "array", "items": { "type": "string", "enum": ["r"] } }));
    assert_eq!(plain, ("r=r".to_owned(), Picks::Many, None));
}

#[test]
fn what_is_no_form_of_mcp_is_never_guessed() {
    let many: Vec<String> = (0..31).map(|place| place.to_string()).collect();
    for schema in [
        json!({ "type": "object", "properties": {} }),
        json!({ "type": "array", "items": { "type": "object" } }),
        json!({ "type": "array", "items": { "type": "string" } }),
        json!({ "type": ["string", "null"] }),
        json!({ "type": "string", "format": "password" }),
        json!({ "type": "string", "enum": [1, 2] }),
        json!({ "type": "string", "enum": [] }),
        json!({ "type": "string", "enum": many }),
        json!({ "type": "integer", "enum": [1, 2] }),
        json!({ "type": "number", "exclusiveMinimum": 1 }),
        json!({ "type": "number", "minimum": "1" }),
        json!({ "type": "array", "items": { "enum": ["r"] }, "minItems": 2 }),
        json!({ "enum": ["r"] }),
        json!("string"),
    ] {
        assert_eq!(
            form(&json!({ "a": schema }), &[]),
            Wants::Unreadable,
            "{schema}"
        );
    }
    let request = |schema: Value, mode: &str| {
        asked(&json!({ "subtype": "elicitation", "mode": mode, "requested_schema": schema })).wants
    };
    assert_eq!(
        request(json!({ "type": "array" }), "form"),
        Wants::Unreadable
    );
    assert_eq!(request(json!([]), "form"), Wants::Unreadable);
    assert_eq!(
        request(json!({ "required": ["gone"] }), "form"),
        Wants::Unreadable
    );
    assert_eq!(request(json!({}), "smoke signals"), Wants::Unreadable);
    assert_eq!(
        request(json!({ "type": "object" }), "form"),
        Wants::Fields(Vec::new())
    );
}

#[test]
fn only_an_address_that_leads_where_it_looks_like_leading_has_a_button() {
    let page = page_of("https://a.example/x?y=1");
    assert_eq!(page.host, "a.example");
    assert_eq!(page.link.as_deref(), Some("https://a.example/x?y=1"));
    for (address, host) in [
        ("http://a.example/x", "a.example"),
        ("http://localhost:3000/", "localhost"),
        ("https://localhost/", "localhost"),
        ("https://10.0.0.1/", "10.0.0.1"),
        ("https://github.com@evil.example/x", "evil.example"),
        ("javascript:alert(1)", ""),
        ("not an address", ""),
        ("", ""),
    ] {
        let page = page_of(address);
        assert_eq!((page.host.as_str(), page.link), (host, None), "{address}");
    }
    assert_eq!(
        page_of(&format!("https://a.example/{}", "x".repeat(3_000))).link,
        None
    );
    assert_eq!(
        page_of("https://аpple.example/").host,
        "xn--pple-43d.example"
    );
}

#[test]
fn what_hides_is_shown() {
    let form = asked(&json!({
        "subtype": "elicitation", "mode": "form", "mcp_server_name": "fi\u{202e}les\nbridge",
        "message": "a\u{200b}b", "requested_schema": { "properties": {
            "a": { "type": "string", "title": "\u{202e}t", "enum": ["\u{200b}"] },
        }},
    }));
    assert_eq!(form.server, "fi⟦U+202E⟧les⏎bridge");
    assert_eq!(form.message, "a⟦U+200B⟧b");
    let Wants::Fields(fields) = form.wants else {
        panic!("not fields");
    };
    assert_eq!(fields[0].title, "⟦U+202E⟧t");
    let FieldKind::Choice { options, .. } = &fields[0].kind else {
        panic!("not a choice");
    };
    assert_eq!(options[0].label, "⟦U+200B⟧");
}
