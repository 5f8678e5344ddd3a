//! Pure: a tool's input to the one text that says what it is about to touch.

use serde_json::Value;

use crate::claude::mcp::TOOL_RULE;

/// Returns what a tool is used on, whole: a person decides by this text.
///
/// Tools that Claude brings along are known by the argument that matters. For any other tool no
/// argument may be left out, so its target is the whole input as JSON.
pub(super) fn of(tool: &str, input: &Value) -> String {
    let known = match tool {
        "Bash" => text(input, "command"),
        "Read" | "Write" | "Edit" | "MultiEdit" => text(input, "file_path"),
        "NotebookEdit" => text(input, "notebook_path"),
        "LS" => text(input, "path"),
        "Glob" | "Grep" => pattern(input),
        "WebFetch" => text(input, "url"),
        "WebSearch" => text(input, "query"),
        "Task" | "Agent" => text(input, "description"),
        "Skill" => text(input, "skill"),
        "ExitPlanMode" => text(input, "plan"),
        "AskUserQuestion" => questions(input),
        TOOL_RULE => paths(input),
        _ => None,
    };
    known.unwrap_or_else(|| whole(input))
}

fn text(input: &Value, key: &str) -> Option<String> {
    input.get(key)?.as_str().map(str::to_owned)
}

fn pattern(input: &Value) -> Option<String> {
    let pattern = text(input, "pattern")?;
    Some(match text(input, "path") {
        Some(path) => format!("{pattern} in {path}"),
        None => pattern,
    })
}

fn paths(input: &Value) -> Option<String> {
    let paths = input.get("paths")?.as_array()?;
    let paths: Option<Vec<&str>> = paths.iter().map(Value::as_str).collect();
    Some(paths?.join(", "))
}

/// Each question on a line of its own, with its choices.
fn questions(input: &Value) -> Option<String> {
    let questions = input.get("questions")?.as_array()?;
    let lines: Option<Vec<String>> = questions.iter().map(question).collect();
    Some(lines?.join("\n"))
}

fn question(question: &Value) -> Option<String> {
    let asked = text(question, "question")?;
    let options = question.get("options").and_then(Value::as_array);
    let labels: Vec<String> = (options.into_iter().flatten())
        .filter_map(|option| text(option, "label"))
        .collect();
    Some(match labels.is_empty() {
        true => asked,
        false => format!("{asked} ({})", labels.join(" / ")),
    })
}

fn whole(input: &Value) -> String {
    match input {
        Value::Null => String::new(),
        Value::Object(map) if map.is_empty() => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => input.to_string(),
    }
}
