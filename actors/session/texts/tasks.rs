//! What is said about background work.

use bridge_texts::Say;

use crate::agent_event::Task;

pub(in crate::session) fn tasks(say: Say, tasks: &[Task]) -> String {
    let lines: Vec<_> = (tasks.iter())
        .map(|task| format!("• {}", super::shortened(say, &task.description, 80)))
        .collect();
    say.tasks(lines.join("\n"))
}

/// What becomes of the list when tasks of it have ended.
pub(in crate::session) fn tasks_left(say: Say, left: &[Task]) -> String {
    match left.is_empty() {
        true => say.tasks_ended(),
        false => tasks(say, left),
    }
}
