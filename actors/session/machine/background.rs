//! What an agent does in the background: kept track of, shown, stopped.

use crate::ids::MessageId;
use crate::outbox::{Body, Rank, Sign, Sound};
use crate::ports::AgentInput;
use crate::session::Press;
use crate::session::effect::Effect;
use crate::session::tasks::{self, MAX_TASKS, Task, TaskList, parse_task_button};
use crate::session::texts;

use super::{Fresh, Machine, Phase};

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

    pub(super) fn on_tasks_asked(
        &mut self,
        message: MessageId,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let tasks = match &self.phase {
            Phase::Live(live) => live.tasks.clone(),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => Vec::new(),
        };
        if tasks.is_empty() {
            self.reply(message, texts::no_tasks(), fresh, out);
            return;
        }
        let nonce = (fresh.nonce)();
        let body = Body::Live {
            text: texts::tasks(&tasks),
            code: None,
            rows: tasks::rows(&tasks, &nonce),
        };
        self.send(
            body,
            Some(message),
            (Rank::Answer, Sound::Silent),
            fresh,
            out,
        );
        self.task_list = Some(TaskList {
            nonce,
            tasks: tasks.into_iter().map(|task| task.id).collect(),
        });
    }

    /// Stops a task; the agent says when it has ended.
    pub(super) fn on_task_pressed(&mut self, press: Press, out: &mut Vec<Effect>) {
        let task = parse_task_button(&press.data).and_then(|(place, nonce)| {
            let list = self.task_list.as_ref().filter(|list| list.nonce == nonce)?;
            list.tasks.get(place).cloned()
        });
        let runs = |id: &String| match &self.phase {
            Phase::Live(live) => live.tasks.iter().any(|task| task.id == *id),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => false,
        };
        let text = match task.filter(runs) {
            Some(task) => {
                out.push(Effect::Write(AgentInput::StopTask(task)));
                texts::task_stopping()
            }
            None => texts::task_is_over(),
        };
        out.push(Effect::Sign(Sign::AnswerCallback {
            callback: press.callback,
            text: Some(text),
        }));
    }
}
