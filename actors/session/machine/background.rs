//! What an agent does in the background: kept track of, shown, stopped.

use crate::ids::{MessageId, PostId};
use crate::outbox::{Body, Button, Rank, Sound};
use crate::ports::AgentInput;
use crate::session::Press;
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::tasks::{MAX_TASKS, Task, TaskList, parse_task_button};
use crate::session::texts;

use super::{Machine, Phase};

impl Machine {
    pub(super) fn on_task_started(&mut self, task: Task) {
        if let Phase::Live(live) = &mut self.phase
            && live.tasks.len() < MAX_TASKS
            && live.tasks.iter().all(|known| known.id != task.id)
        {
            live.tasks.push(task);
        }
    }

    pub(super) fn on_task_ended(&mut self, id: &str) {
        if let Phase::Live(live) = &mut self.phase {
            live.tasks.retain(|task| task.id != id);
        }
    }

    pub(super) fn on_tasks_asked(&mut self, message: MessageId, step: &mut Step<'_>) {
        let tasks = match &self.phase {
            Phase::Live(live) => live.tasks.clone(),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => Vec::new(),
        };
        if tasks.is_empty() {
            step.reply(message, texts::no_tasks());
            return;
        }
        if let Some(older) = self.task_list.take() {
            self.show_tasks(older.post, texts::newer_tasks(), Vec::new(), step);
        }
        let mut list = TaskList {
            nonce: step.nonce(),
            post: PostId::NONE,
            n_shown: tasks.len(),
            tasks,
        };
        let (open, rows) = list.still_among(&list.tasks);
        let body = Body::Live {
            text: texts::tasks(&open),
            code: None,
            rows,
        };
        let tone = (Rank::Answer, Sound::Silent);
        list.post = step.send(body, Some(message), tone);
        self.task_list = Some(list);
    }

    /// Keeps the last list of tasks true: found by looking, so that no way through the machine
    /// leaves a button for what runs no more.
    pub(super) fn renew_task_list(&mut self, step: &mut Step<'_>) {
        let Some(mut list) = self.task_list.take() else {
            return;
        };
        let running: &[Task] = match &self.phase {
            Phase::Live(live) => &live.tasks,
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => &[],
        };
        let (open, rows) = list.still_among(running);
        if open.len() != list.n_shown {
            list.n_shown = open.len();
            self.show_tasks(list.post, texts::tasks_left(&open), rows, step);
        }
        self.task_list = (list.n_shown > 0).then_some(list);
    }

    fn show_tasks(&self, id: PostId, text: String, rows: Vec<Vec<Button>>, step: &mut Step<'_>) {
        let body = Body::Live {
            text,
            code: None,
            rows,
        };
        step.edit_body(id, body, Rank::Notice);
    }

    /// Stops a task; the agent says when it has ended.
    pub(super) fn on_task_pressed(&mut self, press: Press, step: &mut Step<'_>) {
        let task = parse_task_button(&press.data).and_then(|(place, nonce)| {
            let list = self.task_list.as_ref().filter(|list| list.nonce == nonce)?;
            list.tasks.get(place).map(|task| task.id.clone())
        });
        let runs = |id: &String| match &self.phase {
            Phase::Live(live) => live.tasks.iter().any(|task| task.id == *id),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => false,
        };
        let text = match task.filter(runs) {
            Some(task) => {
                step.push(Effect::Write(AgentInput::StopTask(task)));
                texts::task_stopping()
            }
            None => texts::task_is_over(),
        };
        step.toast(press.callback, text);
    }
}
