//! Pure: the body of a request to what a test asks about.

use std::fmt;

use serde_json::Value;

/// One request that reached the mock.
#[derive(Clone)]
pub(crate) struct Request {
    /// Who asked: the conversation, or the program for itself.
    pub(crate) kind: RequestKind,
    /// The text of the last message that a person wrote, without the program's additions.
    pub(crate) prompt: String,
    /// How many answers were given since the prompt.
    pub(crate) step: usize,
    /// The result of the last tool call since the prompt.
    pub(crate) tool_result: Option<String>,
    /// Messages that the person sent while the prompt was worked on.
    pub(crate) folded: Vec<String>,
    /// What the request logs in with.
    pub(crate) login: Option<String>,
    strings: Vec<String>,
}

/// Who a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// A model call of a conversation or of one of its sub-agents: it offers tools.
    Main,
    /// A model call that shortens the conversation.
    Summary,
    /// A model call of the program for itself: a title, a probe of the quota.
    Side,
    /// A count of tokens.
    TokenCount,
    /// Anything that is not a model call.
    Other,
}

impl Request {
    /// Reads the request to `path` with this body.
    pub(super) fn read(path: &str, body: &Value) -> Self {
        let messages = body["messages"].as_array().map_or(&[][..], Vec::as_slice);
        let (prompt, after) = last_prompt(messages);
        let mut strings = Vec::new();
        collect_strings(body, &mut strings);
        Self {
            kind: kind(path, body, &prompt),
            prompt,
            step: after.iter().filter(|m| m["role"] == "assistant").count(),
            tool_result: after.iter().flat_map(blocks).filter_map(tool_result).last(),
            folded: after.iter().flat_map(folded_texts).collect(),
            login: None,
            strings,
        }
    }

    /// Says whether `needle` is in any text of the request: messages, system prompt, tools.
    pub(crate) fn contains(&self, needle: &str) -> bool {
        self.strings.iter().any(|string| string.contains(needle))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} step {}", self.kind, self.prompt, self.step)
    }
}

fn kind(path: &str, body: &Value, prompt: &str) -> RequestKind {
    let offers_tools = body["tools"].as_array().is_some_and(|t| !t.is_empty());
    match path {
        "/v1/messages/count_tokens" => RequestKind::TokenCount,
        "/v1/messages" if prompt.contains("create a detailed summary") => RequestKind::Summary,
        "/v1/messages" if offers_tools => RequestKind::Main,
        "/v1/messages" => RequestKind::Side,
        _ => RequestKind::Other,
    }
}

/// Returns the last prompt of a person and the messages after it.
///
/// A user message with a tool result is not a prompt, unless a prompt was joined to the result of
/// an interrupted call. Nor is the program's word that a task has ended in the background, which
/// some versions write as a user: the prompt that began the task has the next step too.
fn last_prompt(messages: &[Value]) -> (String, &[Value]) {
    for (index, message) in messages.iter().enumerate().rev() {
        if message["role"] != "user" {
            continue;
        }
        let texts = own_texts(message);
        let Some(last) = texts.last() else { continue };
        if last.starts_with("<task-notification>") {
            continue;
        }
        let has_result = blocks(message).any(|block| block["type"] == "tool_result");
        let was_interrupted = texts.iter().any(|text| is_interruption(text));
        if !has_result || (was_interrupted && !is_interruption(last)) {
            return (last.clone(), &messages[index + 1..]);
        }
    }
    (String::new(), &[])
}

fn is_interruption(text: &str) -> bool {
    text.starts_with("[Request interrupted by user")
}

/// Returns the texts of a message without the reminders that the program adds, and without where it
/// has put a picture.
fn own_texts(message: &Value) -> Vec<String> {
    texts(message)
        .into_iter()
        .map(without_reminders)
        .filter(|text| !text.is_empty() && !text.starts_with("[Image: source: "))
        .collect()
}

fn texts(message: &Value) -> Vec<&str> {
    if let Some(text) = message["content"].as_str() {
        return vec![text];
    }
    blocks(message)
        .filter_map(|block| block["text"].as_str())
        .collect()
}

fn without_reminders(text: &str) -> String {
    const OPEN: &str = "<system-reminder>";
    const CLOSE: &str = "</system-reminder>";
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, reminder)) = rest.split_once(OPEN) {
        kept.push_str(before);
        rest = reminder.split_once(CLOSE).map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

fn blocks(message: &Value) -> impl Iterator<Item = &Value> {
    message["content"].as_array().into_iter().flatten()
}

fn tool_result(block: &Value) -> Option<String> {
    if block["type"] != "tool_result" {
        return None;
    }
    Some(texts(block).concat())
}

/// Returns what a person wrote into a running turn: the program wraps it in a sentence of its own.
fn folded_texts(message: &Value) -> Vec<String> {
    const WRAPPER: &str = "The user sent a new message while you were working:\n";
    texts(message)
        .iter()
        .flat_map(|text| text.split(WRAPPER).skip(1))
        .filter_map(|folded| folded.split("\n\n").next())
        .map(|folded| folded.trim().to_owned())
        .collect()
}

fn collect_strings(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::String(string) => strings.push(string.clone()),
        Value::Array(values) => values.iter().for_each(|v| collect_strings(v, strings)),
        Value::Object(fields) => fields.values().for_each(|v| collect_strings(v, strings)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
