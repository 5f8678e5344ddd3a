//! What is said about background work.

use bridge_texts::Say;

use crate::agent_event::Task;

/// How much of a task is shown, in characters.
const SHOWN: usize = 80;

pub(in crate::session) fn tasks(say: Say, tasks: &[Task]) -> String {
    let shown: Vec<_> = tasks.iter().map(|shown| task(say, shown)).collect();
    say.tasks(lines(&shown))
}

/// Returns a task as it is shown.
pub(in crate::session) fn task(say: Say, task: &Task) -> String {
    super::shortened(say, &task.description, SHOWN)
}

/// Returns a line for each task that is shown.
pub(in crate::session) fn lines(shown: &[String]) -> String {
    let lines: Vec<_> = shown.iter().map(|task| format!("• {task}")).collect();
    lines.join("\n")
}

/// What becomes of the list when tasks of it have ended.
pub(in crate::session) fn tasks_left(say: Say, left: &[Task]) -> String {
    match left.is_empty() {
        true => say.tasks_ended(),
        false => tasks(say, left),
    }
}
