//! What the stand-in answers when it is asked about itself: what is true of it.

use serde_json::{Value, json};

use super::speaker::Speaker;

/// How large its context would be, in tokens.
const LIMIT: u64 = 200_000;

/// How many tokens of it are taken by what is always there.
const TAKEN: u64 = 3_000;

/// Answers a request of the bridge.
pub(super) fn answer(speaker: &Speaker, id: &str, (subtype, question): (&str, &str)) {
    match subtype {
        "initialize" => speaker.initialized(id),
        "get_workspace_diff" | "rewind_files" | "rewind_conversation" => {
            speaker.control_error(
                id,
                "this is the stand-in for Claude, which looks at no files",
            );
        }
        "claude_authenticate" | "claude_oauth_callback" => {
            speaker.control_error(id, "this is the stand-in for Claude, which needs no login");
        }
        subtype => speaker.control_success(id, answer_to(subtype, question)),
    }
}

fn answer_to(subtype: &str, question: &str) -> Value {
    match subtype {
        "interrupt" => json!({ "still_queued": [] }),
        "get_context_usage" => json!({
            "categories": [
                { "name": "System prompt", "tokens": TAKEN, "kind": "used" },
                { "name": "Free space", "tokens": LIMIT - TAKEN, "kind": "free" },
            ],
            "totalTokens": TAKEN,
            "maxTokens": LIMIT,
        }),
        "get_usage" => json!({ "session": { "total_cost_usd": 0.0 }, "rate_limits": null }),
        "list_permission_rules" => json!({ "state": { "rules": [] } }),
        "get_settings" => json!({ "errors": [] }),
        "mcp_status" => json!({ "mcpServers": [] }),
        "side_question" => json!({ "response": format!("You asked beside the work: {question}") }),
        _ => json!({}),
    }
}
