//! What Claude says of work that may outlast its turn.

use bridge_actors::agent_event::{AgentEvent, News, Task};
use bridge_actors::visible::visible_line;

use crate::claude::wire::SystemLine;

/// Kinds of task that print nothing: other agents.
const WITHOUT_OUTPUT: [&str; 3] = ["local_agent", "remote_agent", "in_process_teammate"];

pub(super) fn on_started(line: SystemLine) -> AgentEvent {
    match line.task_id {
        Some(id) => AgentEvent::TaskStarted(Task {
            id,
            description: visible_line(line.description.trim()),
            outlasts_turn: line.is_backgrounded,
            has_output: has_output(&line.task_type),
        }),
        None => AgentEvent::Heartbeat,
    }
}

/// The list is whole: what is missing has ended.
pub(super) fn on_changed(line: SystemLine) -> AgentEvent {
    let tasks = line.tasks.into_iter().map(|task| Task {
        id: task.task_id,
        description: visible_line(task.description.trim()),
        outlasts_turn: true,
        has_output: has_output(&task.task_type),
    });
    AgentEvent::News(News::InBackground(tasks.collect()))
}

/// Whatever its status, a task that is told of has ended.
pub(super) fn on_ended(line: SystemLine) -> AgentEvent {
    match line.task_id {
        Some(task) => AgentEvent::TaskEnded { task },
        None => AgentEvent::Heartbeat,
    }
}

fn has_output(kind: &str) -> bool {
    !WITHOUT_OUTPUT.contains(&kind)
}
