//! The lines of stream-json, both ways. Unknown kinds are kept, not errors.

mod answers;
mod conversation;
mod enquiries;
mod hooks;
mod mend;
mod output;
mod requests;
#[cfg(test)]
mod tests;
mod timers;
mod usage;

use bridge_actors::chat_settings::Setting;
use bridge_actors::form::{FieldValue, FormAnswer};
use bridge_actors::permission_request::Json;
use bridge_actors::ports::{AgentInput, PermissionDecision, PromptForm, Unasked};
use bridge_actors::sent_file::PictureFormat;
use serde_json::{Map, Value, json};

use super::mcp;

pub(super) use self::answers::{ControlResponse, ControlResponseBody, SettingsError};
pub(super) use self::conversation::{CompactMetadata, ResetLine};
pub(super) use self::enquiries::{Asked, asked_of};
pub(super) use self::output::{
    AssistantLine, Content, OutputLine, RateLimitInfo, RateLimitWindow, ResultLine, StreamEvent,
    StreamLine, SystemLine, Usage, UserLine,
};
pub(super) use self::requests::{ControlRequest, ControlRequestBody};
pub(super) use self::timers::{Job, LifecycleLine, ToolOutcome};

/// Marks our handshake, so that its answer is told apart from every other one.
pub(super) const INITIALIZE_REQUEST: &str = "bridge-initialize";

/// Marks our interrupts. They may share one id: nobody waits for the answer of a certain one.
const INTERRUPT_REQUEST: &str = "bridge-interrupt";

/// Marks our changes of settings; what is changed and to what follows, so that each has a name of
/// its own and the answer says what it is about.
const SETTING_REQUEST: &str = "bridge-set-";

/// Marks the question which settings hold.
pub(super) const SETTINGS_REQUEST: &str = "bridge-settings";

/// Marks requests whose answers say nothing that is needed.
const OTHER_REQUEST: &str = "bridge-other";

/// Returns the line that opens the handshake, without newline.
pub fn initialize_line() -> String {
    json!({
        "type": "control_request",
        "request_id": INITIALIZE_REQUEST,
        "request": {
            "subtype": "initialize",
            "sdkMcpServers": [mcp::SERVER],
            "hooks": hooks::wanted(),
        },
    })
    .to_string()
}

/// Returns the line that asks which settings files are passed over, without newline.
pub(super) fn settings_line() -> String {
    control_request(SETTINGS_REQUEST, "get_settings")
}

/// Returns the line for an input, without newline; `None` for [`AgentInput::Close`], which is the
/// end of the stream. The text of a prompt must have been made safe already.
pub fn input_line(input: &AgentInput) -> Option<String> {
    input_line_with(input, &[])
}

/// The same for a prompt whose pictures hold this.
pub(super) fn input_line_with(input: &AgentInput, pictures: &[PictureData]) -> Option<String> {
    match input {
        AgentInput::Close => None,
        AgentInput::Interrupt => Some(control_request(INTERRUPT_REQUEST, "interrupt")),
        AgentInput::Prompt { id, text, form, .. } => {
            Some(user_line(&id.0, (text, *form), pictures))
        }
        AgentInput::Set { setting, value } => Some(setting_line(*setting, value)),
        AgentInput::StopTask(task) => Some(request_line(
            OTHER_REQUEST,
            &json!({ "subtype": "stop_task", "task_id": task }),
        )),
        AgentInput::Enquire { asked_in, enquiry } => Some(enquiries::line(asked_in, enquiry)),
        AgentInput::ToolResult { call, result } => {
            Some(mcp_line(&call.request, &mcp::call_answer(call, result)))
        }
        AgentInput::LetRun { request } => Some(success_line(request, hooks::go_on())),
        AgentInput::Permission { request, decision } => {
            Some(success_line(request, decision_value(decision)))
        }
        AgentInput::Form { request, answer } => Some(success_line(request, form_value(answer))),
    }
}

/// What a server is told.
fn form_value(answer: &FormAnswer) -> Value {
    match answer {
        FormAnswer::Filled(values) => {
            let values = values.iter();
            let content: Map<String, Value> = values
                .map(|(key, value)| (key.clone(), field_value(value)))
                .collect();
            json!({ "action": "accept", "content": content })
        }
        FormAnswer::Visited => json!({ "action": "accept" }),
        FormAnswer::Declined => json!({ "action": "decline" }),
        FormAnswer::Cancelled => json!({ "action": "cancel" }),
    }
}

fn field_value(value: &FieldValue) -> Value {
    match value {
        FieldValue::Text(text) => json!(text),
        FieldValue::Number(number) => serde_json::from_str(number).unwrap_or_default(),
        FieldValue::Truth(truth) => json!(truth),
        FieldValue::Several(keys) => json!(keys),
    }
}

/// The CLI wants the input back in any case. Rules hold in memory, until the agent ends.
fn decision_value(decision: &PermissionDecision) -> Value {
    match decision {
        PermissionDecision::Deny { message } => {
            json!({ "behavior": "deny", "message": message })
        }
        PermissionDecision::Answer { input, answers } => {
            let mut input = value(input);
            let answers: Map<String, Value> = (answers.iter())
                .map(|(question, answer)| (question.clone(), json!(answer)))
                .collect();
            if let Value::Object(input) = &mut input {
                input.insert("answers".to_owned(), Value::Object(answers));
            }
            json!({ "behavior": "allow", "updatedInput": input })
        }
        PermissionDecision::Allow {
            input,
            rules,
            unasked,
        } => {
            let mut updates = Vec::new();
            if !rules.is_empty() {
                let rules: Vec<Value> = rules.iter().map(value).collect();
                updates.push(json!({
                    "type": "addRules",
                    "rules": rules,
                    "behavior": "allow",
                    "destination": "session",
                }));
            }
            if *unasked == Unasked::Edits {
                updates.push(json!({
                    "type": "setMode",
                    "mode": "acceptEdits",
                    "destination": "session",
                }));
            }
            let mut answer = json!({ "behavior": "allow", "updatedInput": value(input) });
            if !updates.is_empty() {
                answer["updatedPermissions"] = json!(updates);
            }
            answer
        }
    }
}

/// JSON of ours that came from the CLI reads back; anything else would be no input at all.
fn value(json: &Json) -> Value {
    serde_json::from_str(&json.0).unwrap_or_default()
}

/// Returns the answer to a request that carries a message to the bridge's MCP server, without
/// newline.
pub(super) fn mcp_line(request: &str, message: &Value) -> String {
    success_line(request, json!({ "mcp_response": message }))
}

/// Returns the answer to a request that the bridge does not serve, without newline.
pub(super) fn unsupported_line(request: &str, subtype: &str) -> String {
    json!({
        "type": "control_response",
        "response": {
            "subtype": "error",
            "request_id": request,
            "error": format!("the bridge does not serve {subtype} requests"),
        },
    })
    .to_string()
}

/// A picture as it is shown to Claude.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureData {
    /// What it is.
    pub format: PictureFormat,
    /// Its bytes in base64.
    pub base64: String,
}

impl PictureData {
    fn block(&self) -> Value {
        let media_type = match self.format {
            PictureFormat::Jpeg => "image/jpeg",
            PictureFormat::Png => "image/png",
            PictureFormat::Gif => "image/gif",
            PictureFormat::WebP => "image/webp",
        };
        let data = &self.base64;
        json!({
            "type": "image",
            "source": { "type": "base64", "media_type": media_type, "data": data },
        })
    }
}

/// A text alone is passed as it is: only so can it be a command.
fn user_line(id: &str, (text, form): (&str, PromptForm), pictures: &[PictureData]) -> String {
    let text = match form {
        PromptForm::Command => text.to_owned(),
        PromptForm::Text => text_that_is_no_command(text),
    };
    let content = match pictures {
        [] => json!(text),
        pictures => {
            let blocks = pictures.iter().map(PictureData::block);
            let text = json!({ "type": "text", "text": text });
            Value::Array(blocks.chain([text]).collect())
        }
    };
    json!({
        "type": "user",
        "uuid": id,
        "parent_tool_use_id": null,
        "session_id": "",
        "message": { "role": "user", "content": content },
    })
    .to_string()
}

/// Keeps a text from being taken for a command.
///
/// Only a slash in the very first place makes a command; 2.1.197 then swallows a word that it
/// does not know. A space in front suffices in every version measured, and the model sees the
/// text otherwise unchanged.
fn text_that_is_no_command(text: &str) -> String {
    if text.starts_with('/') {
        format!(" {text}")
    } else {
        text.to_owned()
    }
}

fn control_request(id: &str, subtype: &str) -> String {
    json!({
        "type": "control_request",
        "request_id": id,
        "request": { "subtype": subtype },
    })
    .to_string()
}

fn setting_line(setting: Setting, value: &str) -> String {
    let request = match setting {
        Setting::Model => {
            let model = (!value.is_empty()).then_some(value);
            json!({ "subtype": "set_model", "model": model })
        }
        Setting::Effort => {
            json!({ "subtype": "apply_flag_settings", "settings": { "effortLevel": value } })
        }
        Setting::Mode => json!({ "subtype": "set_permission_mode", "mode": value }),
    };
    let id = format!("{SETTING_REQUEST}{}={value}", setting_word(setting));
    request_line(&id, &request)
}

fn request_line(id: &str, request: &Value) -> String {
    json!({
        "type": "control_request",
        "request_id": id,
        "request": request,
    })
    .to_string()
}

fn setting_word(setting: Setting) -> &'static str {
    match setting {
        Setting::Model => "model",
        Setting::Effort => "effort",
        Setting::Mode => "mode",
    }
}

/// Returns what a request has set, and to what, by its name; `None` if it has set nothing.
pub(super) fn setting_of(request: &str) -> Option<(Setting, &str)> {
    let (word, value) = request.strip_prefix(SETTING_REQUEST)?.split_once('=')?;
    let all = [Setting::Model, Setting::Effort, Setting::Mode];
    let setting = all.into_iter().find(|it| setting_word(*it) == word)?;
    Some((setting, value))
}

fn success_line(request: &str, response: Value) -> String {
    json!({
        "type": "control_response",
        "response": { "subtype": "success", "request_id": request, "response": response },
    })
    .to_string()
}
