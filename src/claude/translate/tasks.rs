//! What Claude says of work that may outlast its turn.

use bridge_actors::agent_event::AgentEvent;
use bridge_actors::agent_event::Task;
use bridge_actors::visible::visible_line;

use crate::claude::wire::SystemLine;

pub(super) fn on_started(line: SystemLine) -> AgentEvent {
    match line.task_id {
        Some(id) => AgentEvent::TaskStarted(Task {
            id,
            description: visible_line(line.description.trim()),
        }),
        None => AgentEvent::Heartbeat,
    }
}

/// Whatever its status, a task that is told of has ended.
pub(super) fn on_ended(line: SystemLine) -> AgentEvent {
    match line.task_id {
        Some(task) => AgentEvent::TaskEnded { task },
        None => AgentEvent::Heartbeat,
    }
}
