//! Pure: what an MCP server asks of the wire to what a person fills in.
//!
//! MCP allows a flat object of plain values. Whatever is anything else is not asked: half a form is
//! not what a server needs, and to guess what it means would put words into somebody's mouth.

use bridge_actors::form::{
    Field, FieldKind, FieldValue, Form, FormOption, Page, TextFormat, Wants,
};
use bridge_actors::permission_request::{Ask, Json, Origin, PermissionRequest, Picks};
use bridge_actors::visible::{visible, visible_line};
use reqwest::Url;
use serde_json::{Map, Value};

use crate::claude::wire::ControlRequestBody;

/// More values than this nobody fills in one after the other, and more choices than these do not
/// fit below a message.
const MAX_FIELDS: usize = 20;
const MAX_OPTIONS: usize = 30;

/// The longest address of a page behind a button, in bytes; Telegram refuses longer ones, and the
/// message with them.
const MAX_LINK: usize = 2_000;

/// Returns what a server asks.
pub(super) fn of(id: String, body: &ControlRequestBody) -> PermissionRequest {
    let message = body.message.as_str().unwrap_or_default();
    let wants = match body.mode.as_str() {
        "url" => Wants::Page(page(&body.url)),
        "form" | "" => {
            let fields = fields(&body.requested_schema, &body.property_order);
            fields.map_or(Wants::Unreadable, Wants::Fields)
        }
        _ => Wants::Unreadable,
    };
    PermissionRequest {
        id,
        tool: visible_line(&body.mcp_server_name),
        from: Origin::Claude,
        ask: Ask::Form(Form {
            server: visible_line(&body.mcp_server_name),
            message: visible(message.trim()),
            wants,
        }),
        input: Json("{}".to_owned()),
        for_call: None,
    }
}

/// Only an address that leads where it looks like leading gets a button: encrypted, to a host that
/// has a name, without the name of a user before it.
pub(super) fn page(address: &str) -> Page {
    let url = Url::parse(address.trim()).ok();
    let host = url
        .as_ref()
        .and_then(|url| url.host_str().map(str::to_owned));
    let link = url.filter(|url| {
        let has_name = url
            .domain()
            .is_some_and(|name| name.trim_matches('.').contains('.'));
        let is_plain = url.username().is_empty() && url.password().is_none();
        url.scheme() == "https" && has_name && is_plain && url.as_str().len() <= MAX_LINK
    });
    Page {
        shown: visible_line(address.trim()),
        host: visible_line(&host.unwrap_or_default()),
        link: link.map(String::from),
    }
}

/// Returns the fields of a schema in their order; `None` if one of them cannot be asked for.
fn fields(schema: &Value, order: &[String]) -> Option<Vec<Field>> {
    let nothing = Map::new();
    let schema = match schema.is_null() {
        true => &nothing,
        false => schema.as_object()?,
    };
    if schema.get("type").is_some_and(|kind| kind != "object") {
        return None;
    }
    let properties = match schema.get("properties") {
        None => &nothing,
        Some(properties) => properties.as_object()?,
    };
    let required: Vec<&str> = match schema.get("required") {
        None => Vec::new(),
        Some(required) => (required.as_array()?.iter())
            .map(Value::as_str)
            .collect::<Option<_>>()?,
    };
    if properties.len() > MAX_FIELDS || !required.iter().all(|key| properties.contains_key(*key)) {
        return None;
    }
    let mut keys: Vec<&String> = Vec::with_capacity(properties.len());
    for key in order.iter().chain(properties.keys()) {
        if properties.contains_key(key) && !keys.contains(&key) {
            keys.push(key);
        }
    }
    let fields = keys.into_iter().map(|key| {
        let is_required = required.contains(&key.as_str());
        field(key, properties.get(key)?.as_object()?, is_required)
    });
    fields.collect()
}

fn field(key: &str, schema: &Map<String, Value>, is_required: bool) -> Option<Field> {
    let text = |name: &str| schema.get(name).and_then(Value::as_str).unwrap_or_default();
    let title = match text("title").trim() {
        "" => key,
        title => title,
    };
    let kind = kind(schema)?;
    let mut field = Field {
        key: key.to_owned(),
        title: visible_line(title),
        about: visible_line(text("description").trim()),
        kind,
        is_required,
        default: None,
    };
    field.default = schema.get("default").and_then(|it| default(&field, it));
    Some(field)
}

fn kind(schema: &Map<String, Value>) -> Option<FieldKind> {
    // What is bound by more than is known here would be asked for wrongly.
    let is_plain = ![
        "const",
        "not",
        "allOf",
        "if",
        "multipleOf",
        "exclusiveMinimum",
        "exclusiveMaximum",
    ]
    .iter()
    .any(|name| schema.contains_key(*name));
    let kind = schema
        .get("type")
        .and_then(Value::as_str)
        .filter(|_| is_plain)?;
    let number = |name: &str| match schema.get(name) {
        None => Some(None),
        Some(bound) => bound.as_f64().map(|_| Some(bound.to_string())),
    };
    let pattern = schema.get("pattern");
    if pattern.is_some_and(|it| !it.is_string() || kind != "string") {
        return None;
    }
    Some(match kind {
        "string" => match options(schema)? {
            Some(options) => FieldKind::Choice {
                options,
                picks: Picks::One,
                at_least: 1,
                at_most: 1,
            },
            None => FieldKind::Text {
                at_least: count(schema, "minLength")?,
                at_most: count(schema, "maxLength")?,
                format: match schema.get("format") {
                    None => TextFormat::Any,
                    Some(format) => format_of(format.as_str()?)?,
                },
                pattern: pattern.map(|it| visible_line(it.as_str().unwrap_or_default())),
            },
        },
        "number" | "integer" if !schema.contains_key("enum") => FieldKind::Number {
            is_whole: kind == "integer",
            at_least: number("minimum")?,
            at_most: number("maximum")?,
        },
        "boolean" if !schema.contains_key("enum") => FieldKind::Truth,
        "array" => several(schema)?,
        _ => return None,
    })
}

/// Reads choices of which several may be chosen.
fn several(schema: &Map<String, Value>) -> Option<FieldKind> {
    let options = options(schema.get("items")?.as_object()?)??;
    let all = options.len() as u64;
    let at_most = count(schema, "maxItems")?.unwrap_or(all).min(all);
    let at_most = usize::try_from(at_most).ok()?;
    let at_least = usize::try_from(count(schema, "minItems")?.unwrap_or(0)).ok()?;
    (at_least <= at_most).then_some(FieldKind::Choice {
        options,
        picks: Picks::Many,
        at_least,
        at_most,
    })
}

fn count(schema: &Map<String, Value>, name: &str) -> Option<Option<u64>> {
    match schema.get(name) {
        None => Some(None),
        Some(count) => count.as_u64().map(Some),
    }
}

fn format_of(format: &str) -> Option<TextFormat> {
    Some(match format {
        "email" => TextFormat::Email,
        "uri" => TextFormat::Uri,
        "date" => TextFormat::Date,
        "date-time" => TextFormat::DateTime,
        _ => return None,
    })
}

/// Returns the choices: `Some(None)` if there are none, `None` if they cannot be read.
fn options(schema: &Map<String, Value>) -> Option<Option<Vec<FormOption>>> {
    let named = schema.get("oneOf").or_else(|| schema.get("anyOf"));
    let options: Vec<FormOption> = match (named, schema.get("enum")) {
        (None, None) => return Some(None),
        (Some(named), _) => (named.as_array()?.iter())
            .map(|option| {
                let key = option.get("const")?.as_str()?;
                let title = option.get("title").and_then(Value::as_str);
                Some(option_of(key, title))
            })
            .collect::<Option<_>>()?,
        (None, Some(keys)) => {
            let names = schema.get("enumNames").and_then(Value::as_array);
            let keys = keys.as_array()?.iter().enumerate();
            keys.map(|(place, key)| {
                let name = names.and_then(|names| names.get(place)?.as_str());
                Some(option_of(key.as_str()?, name))
            })
            .collect::<Option<_>>()?
        }
    };
    let is_askable = (1..=MAX_OPTIONS).contains(&options.len());
    is_askable.then_some(Some(options))
}

/// A button needs something to stand on it.
fn option_of(key: &str, title: Option<&str>) -> FormOption {
    let title = title.filter(|title| !title.trim().is_empty());
    let label = match title.unwrap_or(key) {
        label if label.trim().is_empty() => "“”",
        label => label,
    };
    FormOption {
        key: key.to_owned(),
        label: visible_line(label),
    }
}

/// Returns what the server proposes, if it is something that a person could say.
fn default(field: &Field, value: &Value) -> Option<FieldValue> {
    match (&field.kind, value) {
        (FieldKind::Choice { options, picks, .. }, value) => {
            let place = |key: &Value| {
                let key = key.as_str()?;
                options.iter().position(|option| option.key == key)
            };
            match picks {
                Picks::One => field.picked(place(value)?),
                Picks::Many => {
                    let places: Option<Vec<_>> = value.as_array()?.iter().map(place).collect();
                    field.ticked(&places?)
                }
            }
        }
        (FieldKind::Truth, Value::Bool(truth)) => Some(FieldValue::Truth(*truth)),
        (FieldKind::Text { .. }, Value::String(text)) => field.read(text),
        (FieldKind::Number { .. }, Value::Number(number)) => field.read(&number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
