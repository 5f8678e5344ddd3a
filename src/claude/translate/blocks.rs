//! Pure: the pieces of an answer, finished or on their way, to events.

use bridge_actors::agent_event::AgentEvent;
use bridge_actors::file_offer::SEND_FILE;
use serde_json::Value;

use super::target;
use crate::claude::mcp;
use crate::claude::wire::{Content, StreamEvent, StreamLine};

/// One block per line is what every version sends; more than one get ids of their own.
pub(super) fn on_block(line_id: &str, index: usize, block: Value) -> Option<AgentEvent> {
    match serde_json::from_value(block).ok()? {
        Content::Text { text } if text.is_empty() => None,
        Content::Text { text } => Some(AgentEvent::Said {
            message: match index {
                0 => line_id.to_owned(),
                _ => format!("{line_id}#{index}"),
            },
            text,
        }),
        Content::ToolUse { name, input } => Some(AgentEvent::ToolStarted {
            target: target::of(&name, &input),
            tool: match name.as_str() {
                mcp::TOOL_RULE => SEND_FILE.to_owned(),
                _ => name,
            },
        }),
        Content::Other => None,
    }
}

pub(super) fn on_stream_event(line: StreamLine) -> AgentEvent {
    if line.parent_tool_use_id.is_some() {
        return AgentEvent::Heartbeat;
    }
    match line.event {
        StreamEvent::MessageStart => AgentEvent::AttemptStarted,
        StreamEvent::TextDelta(text) => AgentEvent::TextDelta(text),
        StreamEvent::Other => AgentEvent::Heartbeat,
    }
}
