//! Pure: a rich message, in words for Claude.
//!
//! It goes by what a block has rather than by its type, so that a type that does not exist yet
//! loses its looks and not its words.

use serde_json::Value;

/// How much of a rich message is told, in characters: Telegram's longest.
const MAX_TEXT: usize = 32_768;

/// What a block can hold that has no words of its own.
const FILES: [(&str, &str); 7] = [
    ("photo", "a photo"),
    ("video", "a video"),
    ("animation", "an animation"),
    ("audio", "an audio file"),
    ("voice_note", "a voice message"),
    ("document", "a file"),
    ("location", "a map"),
];

/// Returns the words of a rich message; `None` if it has none.
pub(super) fn rich_text(message: &Value) -> Option<String> {
    let text = blocks(message);
    let mut told: String = text.chars().take(MAX_TEXT).collect();
    if told.len() < text.len() {
        told.push_str("\n[…]");
    }
    (!told.trim().is_empty()).then_some(told)
}

fn blocks(of: &Value) -> String {
    let blocks = of.get("blocks").and_then(Value::as_array);
    let blocks = blocks.into_iter().flatten().map(block);
    let blocks: Vec<_> = blocks.filter(|block| !block.trim().is_empty()).collect();
    blocks.join("\n\n")
}

fn block(block: &Value) -> String {
    let mut parts = Vec::new();
    let kind = block
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let language = block.get("language").and_then(Value::as_str);
    let language = language.filter(|name| name.chars().all(char::is_alphanumeric));
    let language = language.unwrap_or_default();
    parts.extend(inline_of(block, "summary"));
    parts.extend(inline_of(block, "text").map(|text| {
        match (kind.starts_with("pre"), kind.contains("heading")) {
            (true, _) => fence(language, &text),
            (_, true) => format!("## {text}"),
            (false, false) => text,
        }
    }));
    parts.extend(inline_of(block, "expression"));
    parts.extend(list_of(block, "cells").map(row));
    parts.extend(list_of(block, "items").map(item));
    parts.extend(list_of(block, "buttons").map(|button| format!("[{}]", inline(button))));
    let files = FILES.iter().filter(|(name, _)| block.get(name).is_some());
    parts.extend(files.map(|(_, what)| format!("[{what}]")));
    parts.push(blocks(block));
    parts.extend(inline_of(block, "credit").map(|credit| format!("— {credit}")));
    parts.extend(inline_of(block, "caption"));
    parts.retain(|part| !part.is_empty());
    let text = parts.join("\n");
    match kind.contains("quot") {
        true => prefixed(&text, "> "),
        false => text,
    }
}

fn item(item: &Value) -> String {
    let label = item.get("label").and_then(Value::as_str).unwrap_or("-");
    let is = |name| item.get(name).and_then(Value::as_bool) == Some(true);
    let mark = match (is("has_checkbox"), is("is_checked")) {
        (false, _) => "",
        (true, true) => " [x]",
        (true, false) => " [ ]",
    };
    let inside = prefixed(&blocks(item), "  ");
    format!("{label}{mark} {}", inside.trim_start())
}

fn row(row: &Value) -> String {
    let cells = row.as_array().into_iter().flatten().map(inline);
    cells.collect::<Vec<_>>().join(" | ")
}

/// Returns the words of a text, which is a string, a list, or something around a text.
fn inline(text: &Value) -> String {
    match text {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(inline).collect(),
        Value::Object(around) => {
            let inner = ["text", "expression", "alternative_text", "button"];
            let inner = inner.iter().find_map(|name| around.get(*name));
            let words = inner.map_or(String::new(), inline);
            let kind = around.get("type").and_then(Value::as_str);
            match (kind, around.get("url").and_then(Value::as_str)) {
                (Some("code"), _) => format!("`{words}`"),
                (_, Some(url)) if url != words => format!("{words} ({url})"),
                (_, _) => words,
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

fn inline_of(block: &Value, name: &str) -> Option<String> {
    block.get(name).map(inline)
}

fn list_of<'a>(block: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    block
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Returns code between fences that are longer than those in it.
fn fence(language: &str, code: &str) -> String {
    let runs = code.split(|sign| sign != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}{language}\n{code}\n{fence}")
}

fn prefixed(text: &str, prefix: &str) -> String {
    let lines = text.lines().map(|line| format!("{prefix}{line}"));
    lines.collect::<Vec<_>>().join("\n")
}
