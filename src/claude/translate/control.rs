//! What the CLI asks of the bridge: permissions, what MCP servers ask people, and messages to the
//! bridge's own MCP server.

use bridge_actors::agent_event::AgentEvent;
use bridge_actors::permission_request::Json;
use bridge_actors::ports::{AgentInput, PermissionDecision, Unasked};
use serde_json::Value;

use super::{Translated, Translator, form, request};
use crate::claude::mcp::{self, Answer};
use crate::claude::wire::{ControlRequest, input_line, mcp_line, unsupported_line};

/// What Claude is told of a request that the bridge cannot read.
const UNREADABLE: &str = "The bridge cannot read this request whole, so the user was not asked and \
    it is denied. Try it with a simpler input: no number beyond 1e308, no deep nesting.";

impl Translator {
    pub(super) fn on_control_request(&self, line: ControlRequest) -> Translated {
        let mut request = line.request;
        if request.subtype == "mcp_message" && request.server_name == mcp::SERVER {
            return on_mcp_message(&line.request_id, &request.message);
        }
        if request.is_before_a_tool() {
            return tool_waits(line.request_id);
        }
        if request.subtype == "elicitation" {
            let asked = form::of(line.request_id, &request);
            return Translated::of(AgentEvent::PermissionAsked(Box::new(asked)));
        }
        let tool = request.tool_name.take();
        let Some(tool) = tool.filter(|_| request.subtype == "can_use_tool") else {
            return Translated {
                events: vec![AgentEvent::Heartbeat],
                replies: vec![unsupported_line(&line.request_id, &request.subtype)],
            };
        };
        if tool == mcp::TOOL_RULE {
            return on_own_tool(line.request_id, &request.input);
        }
        let known = (self.plan.as_str(), &self.ground, self.say);
        let request = request::of(line.request_id, tool, request, known);
        Translated::of(AgentEvent::PermissionAsked(Box::new(request)))
    }
}

fn tool_waits(request: String) -> Translated {
    Translated::of(AgentEvent::ToolWaits { request })
}

/// The bridge asks itself about what its tool sends from elsewhere, so nobody is asked twice. Plan
/// mode asks although a rule allows the tool.
fn on_own_tool(request: String, input: &Value) -> Translated {
    let decision = PermissionDecision::Allow {
        input: Json(input.to_string()),
        rules: Vec::new(),
        unasked: Unasked::Nothing,
    };
    let reply = input_line(&AgentInput::Permission { request, decision });
    Translated {
        events: vec![AgentEvent::Heartbeat],
        replies: reply.into_iter().collect(),
    }
}

fn on_mcp_message(request: &str, message: &Value) -> Translated {
    let (event, reply) = match mcp::answer(request, message) {
        Answer::Later(offer) => return Translated::of(AgentEvent::FilesOffered(Box::new(offer))),
        Answer::Now(reply) => (AgentEvent::Heartbeat, reply),
        Answer::Withdrawn(event, reply) => (event, reply),
    };
    Translated {
        events: vec![event],
        replies: vec![mcp_line(request, &reply)],
    }
}

/// Nobody can be asked about a request that cannot be shown whole.
pub(super) fn on_broken_request(line: ControlRequest) -> Translated {
    // What the tool was given does not matter here; whether it may run is asked for itself.
    if line.request.is_before_a_tool() {
        return tool_waits(line.request_id);
    }
    tracing::warn!("denied a request of the agent that the bridge cannot read");
    let reply = match line.request.subtype.as_str() {
        "can_use_tool" => input_line(&AgentInput::Permission {
            request: line.request_id,
            decision: PermissionDecision::Deny {
                message: UNREADABLE.to_owned(),
            },
        }),
        subtype => Some(unsupported_line(&line.request_id, subtype)),
    };
    Translated {
        events: vec![AgentEvent::Heartbeat],
        replies: reply.into_iter().collect(),
    }
}
