//! Checks a call against the schema: names, presence and types, deep into objects.

use serde_json::{Number, Value};

use crate::params::Params;
use crate::schema::{Fields, Kind, Method, SCHEMA};

#[cfg(test)]
mod tests;

/// Gives text parameters their types and checks everything against the schema.
///
/// Fails with a description of the first thing that is wrong.
pub(crate) fn check_call(method: &Method, params: &mut Params) -> Result<(), String> {
    for (name, text) in std::mem::take(&mut params.texts) {
        let field = method
            .fields
            .get(&name)
            .ok_or_else(|| unknown(&name, &method.name))?;
        params.values.insert(name, typed(&field.kinds, text));
    }
    check_attachments(method, params)?;
    for (name, value) in &params.values {
        let field = method
            .fields
            .get(name)
            .ok_or_else(|| unknown(name, &method.name))?;
        check_value(&field.kinds, value).map_err(|problem| format!("{name}: {problem}"))?;
    }
    for (name, field) in &method.fields {
        let present = params.values.contains_key(name) || params.files.contains_key(name);
        if field.required && !present {
            return Err(missing(name));
        }
    }
    Ok(())
}

fn unknown(name: &str, place: &str) -> String {
    format!("unknown parameter {name:?} in {place}")
}

/// Words the complaint as Telegram does where its wording is known.
fn missing(name: &str) -> String {
    match name {
        "text" => "message text is empty".to_owned(),
        "chat_id" => "chat_id is empty".to_owned(),
        other => format!("missing parameter {other:?}"),
    }
}

/// Turns text into the first kind that can hold it.
fn typed(kinds: &[Kind], text: String) -> Value {
    kinds
        .iter()
        .find_map(|kind| typed_as(kind, &text))
        .unwrap_or(Value::String(text))
}

fn typed_as(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Float => text
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(Value::Bool(true)),
            "false" | "0" | "no" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Text | Kind::Constant(_) => Some(Value::String(text.to_owned())),
        Kind::File => text
            .starts_with("attach://")
            .then(|| Value::String(text.to_owned())),
        Kind::List(_) | Kind::Named(_) => serde_json::from_str(text)
            .ok()
            .filter(|value: &Value| !value.is_string()),
    }
}

/// Every uploaded part is a parameter or is pointed at, and every pointer has its part.
fn check_attachments(method: &Method, params: &Params) -> Result<(), String> {
    let mut pointers = Vec::new();
    params
        .values
        .values()
        .for_each(|value| collect_pointers(value, &mut pointers));
    if let Some(pointer) = pointers
        .iter()
        .find(|pointer| !params.files.contains_key(**pointer))
    {
        return Err(format!("attach://{pointer} has no uploaded part"));
    }
    for name in params.files.keys() {
        let is_parameter = method
            .fields
            .get(name)
            .is_some_and(|f| f.kinds.contains(&Kind::File));
        if !is_parameter && !pointers.contains(&name.as_str()) {
            return Err(unknown(name, &method.name));
        }
    }
    Ok(())
}

fn collect_pointers<'a>(value: &'a Value, pointers: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => pointers.extend(text.strip_prefix("attach://")),
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_pointers(item, pointers)),
        Value::Object(fields) => fields
            .values()
            .for_each(|item| collect_pointers(item, pointers)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn check_value(kinds: &[Kind], value: &Value) -> Result<(), String> {
    if let [kind] = kinds {
        return check_kind(kind, value);
    }
    let problems: Vec<_> = kinds.iter().map(|kind| check_kind(kind, value)).collect();
    if problems.iter().any(Result::is_ok) {
        return Ok(());
    }
    let names: Vec<_> = kinds.iter().map(Kind::to_string).collect();
    let detail = problems
        .into_iter()
        .find_map(Result::err)
        .unwrap_or_default();
    Err(format!(
        "expected {}, got {} ({detail})",
        names.join(" or "),
        brief(value)
    ))
}

fn check_kind(kind: &Kind, value: &Value) -> Result<(), String> {
    let fits = match kind {
        Kind::Integer => value.is_i64() || value.is_u64(),
        Kind::Float => value.is_number(),
        Kind::Boolean => value.is_boolean(),
        Kind::Text => value.is_string(),
        Kind::File => value
            .as_str()
            .is_some_and(|text| text.starts_with("attach://")),
        Kind::Constant(text) => value.as_str() == Some(text),
        Kind::List(item) => return check_list(item, value),
        Kind::Named(name) => return check_named(name, value),
    };
    if fits {
        Ok(())
    } else {
        Err(format!("expected {kind}, got {}", brief(value)))
    }
}

fn check_list(item: &Kind, value: &Value) -> Result<(), String> {
    let Some(items) = value.as_array() else {
        return Err(format!("expected Array of {item}, got {}", brief(value)));
    };
    for (position, value) in items.iter().enumerate() {
        check_kind(item, value).map_err(|problem| format!("[{position}] {problem}"))?;
    }
    Ok(())
}

fn check_named(name: &str, value: &Value) -> Result<(), String> {
    // The schema lists its objects alone; the documentation says that a text or a list is one too.
    if name == "RichText" && value.is_string() {
        return Ok(());
    }
    if name == "RichText" && value.is_array() {
        return check_list(&Kind::Named(name.to_owned()), value);
    }
    if let Some(members) = SCHEMA.union(name) {
        return check_union(name, members, value);
    }
    let fields = SCHEMA
        .object(name)
        .ok_or_else(|| format!("no type {name} in the schema"))?;
    check_object(name, fields, value)
}

/// Accepts any member; the complaint is that of the member whose constant matches.
fn check_union(name: &str, members: &[Kind], value: &Value) -> Result<(), String> {
    let mut complaint = format!("expected {name}, got {}", brief(value));
    for member in members {
        match check_kind(member, value) {
            Ok(()) => return Ok(()),
            Err(problem) if claims(member, value) => complaint = problem,
            Err(_) => {}
        }
    }
    Err(complaint)
}

fn claims(member: &Kind, value: &Value) -> bool {
    let Kind::Named(name) = member else {
        return false;
    };
    let Some(fields) = SCHEMA.object(name) else {
        return false;
    };
    fields
        .iter()
        .any(|(field_name, field)| match field.kinds.as_slice() {
            [Kind::Constant(text)] => value[field_name].as_str() == Some(text),
            _ => false,
        })
}

fn check_object(name: &str, fields: &Fields, value: &Value) -> Result<(), String> {
    let Some(object) = value.as_object() else {
        return Err(format!("expected {name}, got {}", brief(value)));
    };
    for (key, value) in object {
        let field = fields
            .get(key)
            .ok_or_else(|| format!("unknown field {key:?} in {name}"))?;
        check_value(&field.kinds, value).map_err(|problem| format!("{name}.{key}: {problem}"))?;
    }
    let absent = fields
        .iter()
        .find(|(key, field)| field.required && !object.contains_key(*key));
    match absent {
        Some((key, _)) => Err(format!("missing field {key:?} in {name}")),
        None => Ok(()),
    }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
