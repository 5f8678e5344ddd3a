//! What is said about background work.

use std::time::Duration;

use bridge_texts::Say;

use crate::agent_event::Task;
use crate::clock::UnixSeconds;
use crate::session::texts::requests::time_of_day;
use crate::timer::Timer;

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

/// Returns a timer as it is shown when it is gone.
pub(in crate::session) fn timer(say: Say, timer: &Timer) -> String {
    let what = super::shortened(say, &timer.set.what, SHOWN);
    match timer.set.rhythm.as_str() {
        "" => say.timer_once(what, time_of_day(timer.set.at)),
        rhythm => say.timer(what, super::shortened(say, rhythm, SHOWN)),
    }
}

/// Returns all timers with the time until they come; `None` if there are none.
pub(in crate::session) fn timers(say: Say, timers: &[Timer], now: UnixSeconds) -> Option<String> {
    let line = |timer: &Timer| {
        let left = Duration::from_secs(timer.set.at.0.saturating_sub(now.0));
        say.timer_next(self::timer(say, timer), super::in_words(say, left))
    };
    let shown: Vec<_> = timers.iter().map(line).collect();
    (!shown.is_empty()).then(|| say.timers(lines(&shown)))
}
