//! What an agent does in the background: kept track of, shown, stopped.

use super::Chat;
use super::tasks::{MAX_TASKS, TaskList};
use crate::agent_event::Task;
use crate::ids::{Generation, MessageId, PostId};
use crate::outbox::{Body, Button, Rank, Sound};
use crate::ports::AgentInput;
use crate::session::Press;
use crate::session::step::Step;
use crate::session::texts;

/// The tasks of an agent, and the last message with tasks to stop.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    of: Option<Generation>,
    running: Vec<Task>,
    list: Option<TaskList>,
}

impl Chat {
    /// Takes in that an agent began something that can be stopped by itself.
    pub(in crate::session) fn on_task_started(
        &mut self,
        agent: Generation,
        task: Task,
        step: &mut Step<'_>,
    ) {
        let tasks = &mut self.tasks;
        tasks.of = Some(agent);
        if tasks.running.iter().all(|known| known.id != task.id) {
            tasks.running.push(task);
            tasks.running.truncate(MAX_TASKS);
            self.note_background(step);
        }
    }

    /// Takes in that it ended.
    pub(in crate::session) fn on_task_ended(&mut self, id: &str, step: &mut Step<'_>) {
        self.tasks.running.retain(|task| task.id != id);
        self.note_background(step);
    }

    /// Tells whether something is done that can be stopped by itself.
    pub(in crate::session) fn has_tasks(&self) -> bool {
        !self.tasks.running.is_empty()
    }

    /// Returns what the running task of this name is, as it is shown.
    pub(in crate::session) fn task_named(&self, id: &str) -> Option<&str> {
        let mut tasks = self.tasks.running.iter();
        let task = tasks.find(|task| task.id == id);
        task.map(|task| task.description.as_str())
    }

    /// Takes in all that an agent does in the background. What belongs to its turn goes on.
    pub(in crate::session) fn on_background(
        &mut self,
        agent: Generation,
        background: Vec<Task>,
        step: &mut Step<'_>,
    ) {
        let tasks = &mut self.tasks;
        tasks.of = Some(agent);
        let is_listed = |task: &Task| background.iter().any(|it| it.id == task.id);
        (tasks.running).retain(|task| !task.outlasts_turn && !is_listed(task));
        tasks.running.splice(0..0, background);
        tasks.running.truncate(MAX_TASKS);
        self.note_background(step);
    }

    /// Tells whether an agent does something in the background for which it has to live.
    pub(in crate::session) fn has_background(&self) -> bool {
        self.has_lasting_tasks() || self.passing_timers().next().is_some()
    }

    /// Tells whether something runs in the background that goes on beside and after turns.
    pub(in crate::session) fn has_lasting_tasks(&self) -> bool {
        self.tasks.running.iter().any(|task| task.outlasts_turn)
    }

    /// Stores what is done in the background: whatever ends the agent ends that too, and then the
    /// person is told what it was.
    pub(super) fn note_background(&mut self, step: &mut Step<'_>) {
        let background = self.tasks.running.iter().filter(|task| task.outlasts_turn);
        let shown = background.map(|task| texts::task(step.say(), task));
        let timers = self.passing_timers();
        let timers = timers.map(|timer| texts::timer(step.say(), timer));
        self.store_background(shown.chain(timers).collect(), step);
    }

    /// Forgets what has ended with the agent that did it; returns it as it is shown.
    fn end_background(&mut self, step: &mut Step<'_>) -> Vec<String> {
        let timers = self.end_passing_timers(step);
        let mut ended = self.store_background(Vec::new(), step);
        let new = timers.into_iter().filter(|timer| !ended.contains(timer));
        let new: Vec<_> = new.collect();
        ended.extend(new);
        ended
    }

    /// Forgets what is done in the background and the timers: nothing is said of their end.
    pub(in crate::session) fn forget_background(&mut self) {
        self.tasks.running.clear();
        self.record.in_background.clear();
        self.record.timers.clear();
    }

    fn store_background(&mut self, shown: Vec<String>, step: &mut Step<'_>) -> Vec<String> {
        if self.record.in_background == shown {
            return Vec::new();
        }
        let before = std::mem::replace(&mut self.record.in_background, shown);
        self.store(step);
        before
    }

    /// Shows what is done in the background.
    pub(in crate::session) fn on_tasks_asked(&mut self, message: MessageId, step: &mut Step<'_>) {
        let tasks = self.tasks.running.clone();
        let timers = texts::timers(step.say(), &self.record.timers, step.calendar());
        if tasks.is_empty() {
            step.reply(message, timers.unwrap_or_else(|| step.say().tasks_none()));
            return;
        }
        if let Some(older) = self.tasks.list.take() {
            show_tasks(older.post, step.say().tasks_newer_list(), Vec::new(), step);
        }
        let mut list = TaskList {
            nonce: step.nonce(),
            post: PostId::NONE,
            n_shown: tasks.len(),
            tasks,
        };
        let (open, rows) = list.still_among(&list.tasks, step.say());
        let body = Body::Live {
            text: [Some(texts::tasks(step.say(), &open)), timers]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n\n"),
            code: None,
            rows,
        };
        let tone = (Rank::Answer, Sound::Silent);
        list.post = step.send(body, Some(message), tone);
        self.tasks.list = Some(list);
    }

    /// Keeps the last list of tasks true: found by looking, so that no way through the machine
    /// leaves a button for what runs no more.
    pub(in crate::session) fn renew_task_list(
        &mut self,
        agent: Option<Generation>,
        step: &mut Step<'_>,
    ) {
        let is_gone = match self.tasks.of {
            Some(_) => self.tasks.of != agent,
            None => agent.is_none(),
        };
        let mut ended = Vec::new();
        if is_gone {
            self.tasks.of = None;
            self.tasks.running.clear();
            ended = self.end_background(step);
        }
        step.tell_end(Some(texts::lines(&ended).as_str()).filter(|lines| !lines.is_empty()));
        if agent.is_some() && self.has_timers() {
            self.tasks.of = agent;
            self.note_background(step);
        }
        let Some(mut list) = self.tasks.list.take() else {
            return;
        };
        let (open, rows) = list.still_among(&self.tasks.running, step.say());
        if open.len() != list.n_shown {
            list.n_shown = open.len();
            show_tasks(list.post, texts::tasks_left(step.say(), &open), rows, step);
        }
        self.tasks.list = (list.n_shown > 0).then_some(list);
    }

    /// Stops a task; the agent says when it has ended.
    pub(in crate::session) fn on_task_pressed(
        &mut self,
        press: Press,
        (place, nonce): (usize, &str),
        step: &mut Step<'_>,
    ) {
        let list = self.tasks.list.as_ref().filter(|list| list.nonce == nonce);
        let task = list.and_then(|list| list.tasks.get(place));
        let task = task.map(|task| task.id.clone());
        let runs = |id: &String| self.tasks.running.iter().any(|task| task.id == *id);
        let text = match task.filter(runs) {
            Some(task) => {
                step.write(AgentInput::StopTask(task));
                step.say().toast_task_stopping()
            }
            None => step.say().toast_task_over(),
        };
        step.toast(press.callback, text);
    }

    /// Returns what the buttons of the last list carry.
    #[cfg(test)]
    pub(in crate::session) fn task_list(&self) -> Option<&str> {
        self.tasks.list.as_ref().map(|list| list.nonce.as_str())
    }
}

fn show_tasks(id: PostId, text: String, rows: Vec<Vec<Button>>, step: &mut Step<'_>) {
    let body = Body::Live {
        text,
        code: None,
        rows,
    };
    step.edit_body(id, body, Rank::Notice);
}
