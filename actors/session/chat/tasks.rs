//! Pure: what an agent does in the background, and the buttons to stop it by and to see what it prints.

use bridge_texts::Say;

use crate::agent_event::Task;
use crate::ids::PostId;
use crate::outbox::Button;
use crate::session::buttons::{MAX_DATA_BYTES, Meaning};

/// How many tasks of one agent are kept track of; the CLI runs a handful.
pub const MAX_TASKS: usize = 32;

/// How much of a task stands on its button, in characters.
const LABEL_SHOWN: usize = 40;

/// A message with tasks to stop. A chat has one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskList {
    /// What its buttons carry.
    pub nonce: String,
    /// The post.
    pub post: PostId,
    /// The tasks that it began with; a button names the place of one.
    pub tasks: Vec<Task>,
    /// How many of them it shows.
    pub n_shown: usize,
}

impl TaskList {
    /// Returns those of its tasks that are among these, with their buttons.
    pub fn still_among(&self, running: &[Task], say: Say) -> (Vec<Task>, Vec<Vec<Button>>) {
        let runs = |task: &Task| running.iter().any(|it| it.id == task.id);
        let open = self.tasks.iter().enumerate().filter(|(_, task)| runs(task));
        let button = |(place, task): (usize, &Task)| {
            let what: String = task.description.chars().take(LABEL_SHOWN).collect();
            let button = Button {
                label: format!("⏹ {what}"),
                data: Meaning::Task(place, &self.nonce).data(),
            };
            let output = Button {
                label: say.button_task_output(),
                data: Meaning::TaskOutput(&task.id).data(),
            };
            let has_output = task.has_output && output.data.len() <= MAX_DATA_BYTES;
            let output = has_output.then_some(output);
            (task.clone(), [button].into_iter().chain(output).collect())
        };
        open.map(button).unzip()
    }
}
