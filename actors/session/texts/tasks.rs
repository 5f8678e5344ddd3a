//! What is said about background work.

use crate::session::tasks::Task;

pub(in crate::session) fn tasks(tasks: &[Task]) -> String {
    let lines: Vec<_> = (tasks.iter())
        .map(|task| format!("• {}", super::shortened(&task.description, 80)))
        .collect();
    format!("Claude does this in the background:\n{}", lines.join("\n"))
}

/// What becomes of the list when tasks of it have ended.
pub(in crate::session) fn tasks_left(left: &[Task]) -> String {
    match left.is_empty() {
        true => "What was done in the background has ended.".to_owned(),
        false => tasks(left),
    }
}

pub(in crate::session) fn newer_tasks() -> String {
    "There is a newer list below.".to_owned()
}

pub(in crate::session) fn no_tasks() -> String {
    "Nothing is done in the background.".to_owned()
}

pub(in crate::session) fn task_stopping() -> String {
    "⏹ Stopping it.".to_owned()
}

pub(in crate::session) fn task_is_over() -> String {
    "It runs no more.".to_owned()
}
