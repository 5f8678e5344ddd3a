//! Where a test can break the bridge by what an agent has said.

use crate::agent_event::AgentEvent;
use crate::fault_point;
use crate::ports::JournalEntry;

/// Lets a test break the bridge where an agent has said something.
pub(super) fn pass_fault_point(event: &AgentEvent) {
    match event {
        AgentEvent::Ready { .. } => fault_point!("agent.ready"),
        AgentEvent::PromptTaken(_) => fault_point!("agent.taken"),
        AgentEvent::TurnStarted { .. } => fault_point!("agent.turn_started"),
        AgentEvent::AttemptStarted => fault_point!("agent.attempt"),
        AgentEvent::TextDelta(_) => fault_point!("agent.delta"),
        AgentEvent::ToolStarted { .. } => fault_point!("agent.tool"),
        AgentEvent::ToolWaits { .. } => fault_point!("agent.tool_waits"),
        AgentEvent::PermissionAsked(_) => fault_point!("agent.permission"),
        AgentEvent::Said { .. } => fault_point!("agent.said"),
        AgentEvent::TurnEnded(_) => fault_point!("agent.turn_ended"),
        AgentEvent::Activity(_)
        | AgentEvent::PermissionWithdrawn { .. }
        | AgentEvent::FilesOffered(_)
        | AgentEvent::FilesWithdrawn { .. }
        | AgentEvent::TaskStarted(_)
        | AgentEvent::TaskEnded { .. }
        | AgentEvent::Retrying { .. }
        | AgentEvent::ConversationUnknown
        | AgentEvent::ConversationTaken
        | AgentEvent::Heartbeat
        | AgentEvent::News(_)
        | AgentEvent::Found { .. }
        | AgentEvent::Exited(_) => {}
    }
}

/// Lets a test break the bridge where the end of a turn is about to be written down, with what it
/// cost.
pub(super) fn pass_end_of_turn(entry: &JournalEntry) {
    if !entry.charges.is_empty() {
        fault_point!("session.closes");
    }
}
