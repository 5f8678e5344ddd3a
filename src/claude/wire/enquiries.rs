//! What the agent is asked about itself: a control request whose name says what it asks, and for whom.

use bridge_actors::enquiry::Enquiry;
use bridge_actors::ids::PromptId;
use serde_json::{Value, json};

use super::request_line;

/// Marks our enquiries; what is asked and in which instruction follows, so that the answer says what
/// it is about.
const ENQUIRY: &str = "bridge-ask-";

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Context,
    Usage,
    Rules,
    Changes,
    Servers,
    Order,
    Aside,
    LookBack,
    Recalled,
    Restored,
    Forgotten,
    LoginPage,
    LoginCode,
    TaskOutput,
}

impl Asked {
    const ALL: [(Self, &'static str); 14] = [
        (Self::Context, "context"),
        (Self::Usage, "usage"),
        (Self::Rules, "rules"),
        (Self::Changes, "changes"),
        (Self::Servers, "servers"),
        (Self::Order, "order"),
        (Self::Aside, "aside"),
        (Self::LookBack, "back"),
        (Self::Recalled, "recall"),
        (Self::Restored, "restore"),
        (Self::Forgotten, "forget"),
        (Self::TaskOutput, "output"),
        (Self::LoginPage, "login"),
        (Self::LoginCode, "code"),
    ];

    fn word(self) -> &'static str {
        let known = Self::ALL.iter().find(|(it, _)| *it == self);
        known.map_or("", |(_, word)| word)
    }
}

/// Returns the line that asks, without newline.
pub(super) fn line(asked_in: &PromptId, enquiry: &Enquiry) -> String {
    let (asked, request) = request_of(enquiry);
    let id = format!("{ENQUIRY}{}={}", asked.word(), asked_in.0);
    request_line(&id, &request)
}

fn request_of(enquiry: &Enquiry) -> (Asked, Value) {
    match enquiry {
        Enquiry::Context => (Asked::Context, json!({ "subtype": "get_context_usage" })),
        // Without a look at all transcripts of the host.
        Enquiry::Usage => (
            Asked::Usage,
            json!({ "subtype": "get_usage", "skip_behaviors": true }),
        ),
        Enquiry::Rules => (Asked::Rules, json!({ "subtype": "list_permission_rules" })),
        Enquiry::Changes => (Asked::Changes, json!({ "subtype": "get_workspace_diff" })),
        Enquiry::Servers => (Asked::Servers, json!({ "subtype": "mcp_status" })),
        Enquiry::Reconnect { server } => (
            Asked::Order,
            json!({ "subtype": "mcp_reconnect", "serverName": server }),
        ),
        Enquiry::Switch { server, on } => (
            Asked::Order,
            json!({ "subtype": "mcp_toggle", "serverName": server, "enabled": on }),
        ),
        Enquiry::LookBack { prompt } => (
            Asked::LookBack,
            json!({ "subtype": "rewind_files", "user_message_id": prompt.0, "dry_run": true }),
        ),
        // Each message that began a turn has a point to go back to, kept in the conversation.
        Enquiry::Recall { prompt } => (
            Asked::Recalled,
            json!({ "subtype": "rewind_files", "user_message_id": prompt.0, "dry_run": true }),
        ),
        Enquiry::RestoreFiles { prompt } => (
            Asked::Restored,
            json!({ "subtype": "rewind_files", "user_message_id": prompt.0 }),
        ),
        Enquiry::Forget { prompt, last } => (Asked::Forgotten, forget(prompt, last.as_ref())),
        Enquiry::TaskOutput { task, what: _ } => (
            Asked::TaskOutput,
            json!({ "subtype": "get_task_output", "task_id": task }),
        ),
        Enquiry::LogIn => (
            Asked::LoginPage,
            json!({ "subtype": "claude_authenticate", "loginWithClaudeAi": true }),
        ),
        Enquiry::LoginCode(code) => {
            let (code, state) = code.halves();
            (
                Asked::LoginCode,
                json!({
                    "subtype": "claude_oauth_callback",
                    "authorizationCode": code,
                    "state": state,
                }),
            )
        }
        Enquiry::Aside(question) => (
            Asked::Aside,
            json!({ "subtype": "side_question", "question": question }),
        ),
    }
}

fn forget(prompt: &PromptId, last: Option<&PromptId>) -> Value {
    let mut order = json!({ "subtype": "rewind_conversation", "target_message_uuid": prompt.0 });
    if let Some(last) = last {
        order["last_seen_user_message_uuid"] = Value::from(last.0.as_str());
    }
    order
}

/// Returns what an answer is about and in which instruction that was asked, by its name; `None` if it
/// answers no enquiry.
pub(crate) fn asked_of(request: &str) -> Option<(Asked, PromptId)> {
    let (word, asked_in) = request.strip_prefix(ENQUIRY)?.split_once('=')?;
    let (asked, _) = Asked::ALL.iter().find(|(_, it)| *it == word)?;
    Some((*asked, PromptId(asked_in.to_owned())))
}
