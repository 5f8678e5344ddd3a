//! Pure: the bridge's own MCP server, which Claude reaches over the control channel.
//!
//! There is no process and no port: a JSON-RPC message comes in a control request, and its answer
//! goes out in the response.

use bridge_actors::agent_event::AgentEvent;
use bridge_actors::file_offer::{
    FileOffer, FileWish, MAX_CAPTION, MAX_FILES, SEND_FILE, ToolCall, ToolFate, ToolResult,
};
use bridge_actors::permission_request::Json;
use bridge_actors::session::to_claude::files::{
    AS_ABOUT, CAPTION_ABOUT, CHAT, PATHS_ABOUT, SEND_FILE_ABOUT, argument_unknown, as_malformed,
    caption_malformed, paths_malformed,
};
use serde_json::{Map, Value, json};

/// The name under which Claude knows the server.
pub(super) const SERVER: &str = "bridge";

/// The name of the tool as Claude writes it in rules.
pub(super) const TOOL_RULE: &str = "mcp__bridge__send_file";

/// The version of MCP that is answered with where Claude names none.
const PROTOCOL_VERSION: &str = "2025-11-25";

const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const INVALID_REQUEST: i32 = -32600;

/// What a message to the server comes to.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    /// The JSON-RPC message to answer with now.
    Now(Value),
    /// The session answers.
    Later(FileOffer),
    /// A call is taken back; a notification is answered with this.
    Withdrawn(AgentEvent, Value),
}

/// Answers a message that came in the control request of this name.
pub(super) fn answer(request: &str, message: &Value) -> Answer {
    let Some(method) = message.get("method").and_then(Value::as_str) else {
        let id = message.get("id").unwrap_or(&Value::Null);
        return Answer::Now(error(id, INVALID_REQUEST, "the message names no method"));
    };
    let parameters = message.get("params").unwrap_or(&Value::Null);
    let Some(id) = message.get("id") else {
        return notified(method, parameters);
    };
    match method {
        "initialize" => Answer::Now(result(id, initialized(parameters))),
        "ping" => Answer::Now(result(id, json!({}))),
        "tools/list" => Answer::Now(result(id, json!({ "tools": [tool()] }))),
        "tools/call" => call(request, id, parameters),
        method => {
            let why = format!("the bridge has no method {method}");
            Answer::Now(error(id, METHOD_NOT_FOUND, &why))
        }
    }
}

/// Returns the answer to a call.
pub(super) fn call_answer(call: &ToolCall, outcome: &ToolResult) -> Value {
    let id: Value = serde_json::from_str(&call.id.0).unwrap_or_default();
    result(&id, tool_result(&outcome.text, outcome.fate))
}

/// What is answered to a notification, of which MCP wants no answer and the control channel does.
fn notified(method: &str, parameters: &Value) -> Answer {
    let nothing = json!({ "jsonrpc": "2.0", "result": {} });
    match (method, parameters.get("requestId")) {
        ("notifications/cancelled", Some(id)) => {
            let id = Json(id.to_string());
            Answer::Withdrawn(AgentEvent::FilesWithdrawn { id }, nothing)
        }
        _ => Answer::Now(nothing),
    }
}

fn initialized(parameters: &Value) -> Value {
    let version = parameters.get("protocolVersion").and_then(Value::as_str);
    json!({
        "protocolVersion": version.unwrap_or(PROTOCOL_VERSION),
        "capabilities": { "tools": {} },
        "serverInfo": { "name": SERVER, "version": env!("CARGO_PKG_VERSION") },
        "instructions": CHAT,
    })
}

/// Without the mark that it is always loaded, Claude would have to search for the tool first.
fn tool() -> Value {
    json!({
        "name": SEND_FILE,
        "description": SEND_FILE_ABOUT,
        "inputSchema": {
            "type": "object",
            "properties": {
                "paths": {
                    "type": "array",
                    "items": { "type": "string" },
                    "minItems": 1,
                    "maxItems": MAX_FILES,
                    "description": PATHS_ABOUT,
                },
                "caption": {
                    "type": "string",
                    "maxLength": MAX_CAPTION,
                    "description": CAPTION_ABOUT,
                },
                "as": {
                    "type": "string",
                    "enum": ["photo", "document"],
                    "description": AS_ABOUT,
                },
            },
            "required": ["paths"],
            "additionalProperties": false,
        },
        "_meta": { "anthropic/alwaysLoad": true },
    })
}

fn call(request: &str, id: &Value, parameters: &Value) -> Answer {
    let name = parameters.get("name").and_then(Value::as_str);
    if name != Some(SEND_FILE) {
        let why = format!(
            "the bridge has no tool {}",
            name.unwrap_or("without a name")
        );
        return Answer::Now(error(id, INVALID_PARAMS, &why));
    }
    let nothing = Map::new();
    let arguments = parameters.get("arguments").and_then(Value::as_object);
    match offered(arguments.unwrap_or(&nothing)) {
        Ok((paths, caption, wish)) => Answer::Later(FileOffer {
            call: ToolCall {
                request: request.to_owned(),
                id: Json(id.to_string()),
            },
            paths,
            caption,
            wish,
        }),
        Err(why) => Answer::Now(result(id, tool_result(&why, ToolFate::Failed))),
    }
}

/// Reads the arguments; an error names the way out.
fn offered(arguments: &Map<String, Value>) -> Result<(Vec<String>, String, FileWish), String> {
    let is_known = |name: &str| ["paths", "caption", "as"].contains(&name);
    if let Some(name) = arguments.keys().find(|name| !is_known(name)) {
        return Err(argument_unknown(name));
    }
    let paths = arguments.get("paths").and_then(Value::as_array);
    let paths = paths.map_or(&[][..], Vec::as_slice).iter();
    let paths: Option<Vec<String>> = paths.map(path).collect();
    let paths = paths.filter(|paths| (1..=MAX_FILES).contains(&paths.len()));
    let caption = match arguments.get("caption") {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) if text.encode_utf16().count() <= MAX_CAPTION => text.trim(),
        Some(_) => return Err(caption_malformed()),
    };
    let wish = match arguments.get("as") {
        None | Some(Value::Null) => FileWish::Fitting,
        Some(wish) if wish == "photo" => FileWish::Fitting,
        Some(wish) if wish == "document" => FileWish::Document,
        Some(_) => return Err(as_malformed()),
    };
    Ok((paths.ok_or_else(paths_malformed)?, caption.to_owned(), wish))
}

fn path(path: &Value) -> Option<String> {
    let path = path.as_str()?;
    (!path.trim().is_empty()).then(|| path.to_owned())
}

fn tool_result(text: &str, fate: ToolFate) -> Value {
    json!({
        "content": [{ "type": "text", "text": text }],
        "isError": fate == ToolFate::Failed,
    })
}

fn result(id: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

fn error(id: &Value, code: i32, message: &str) -> Value {
    let error = json!({ "code": code, "message": message });
    json!({ "jsonrpc": "2.0", "id": id, "error": error })
}

#[cfg(test)]
mod tests;
