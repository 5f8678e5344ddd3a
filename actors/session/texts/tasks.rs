//! What is said about background work.

use std::time::Duration;

use bridge_texts::Say;

use crate::agent_event::Task;
use crate::clock::UnixSeconds;
use crate::enquiry::TaskOutput;
use crate::outbox::{Body, Folded};
use crate::session::texts::requests::time_of_day;
use crate::timer::Timer;
use crate::visible::visible;

/// How much of a task is shown, in characters.
const SHOWN: usize = 80;

/// What a task has printed comes as a file beyond so many characters, or lines.
const SHOWN_OUTPUT: (usize, usize) = (1_500, 30);

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

/// Returns what a task has printed: short as a block, long as a file.
pub(in crate::session) fn task_output(say: Say, what: &str, output: Option<TaskOutput>) -> Body {
    let Some(output) = output else {
        return Body::Plain(say.task_output_forgotten());
    };
    let text = visible(printed(&output.text).trim_end());
    if text.is_empty() {
        return Body::Plain(say.task_output_none());
    }
    let task = match what {
        "" => say.task_output_of_ended(),
        what => say.task_output_of(super::shortened(say, what, SHOWN)),
    };
    let head = match output.cut_from {
        Some(bytes) => say.task_output_cut(bytes.to_string(), task),
        None => say.task_output_head(task),
    };
    let (signs, lines) = SHOWN_OUTPUT;
    if text.chars().nth(signs).is_some() || text.lines().nth(lines).is_some() {
        return Body::Document {
            name: "output.txt".to_owned(),
            content: text + "\n",
            caption: head,
        };
    }
    let fence = fence_around(&text);
    Body::Folded(Folded {
        head,
        folded: String::new(),
        text: format!("{fence}\n{text}\n{fence}"),
    })
}

/// Returns a fence that is longer than every run of backticks in a text.
fn fence_around(text: &str) -> String {
    let runs = text.split(|sign| sign != '`');
    let longest = runs.map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// Returns what a terminal would show at the end: colours and movements left out, and of a line
/// that was written over the last version.
fn printed(output: &str) -> String {
    let plain = without_sequences(output);
    let lines = plain.split('\n').map(|line| {
        let line = line.trim_end_matches('\r');
        line.rsplit_once('\r').map_or(line, |(_, last)| last)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn without_sequences(output: &str) -> String {
    let mut plain = String::with_capacity(output.len());
    let mut signs = output.chars().peekable();
    while let Some(sign) = signs.next() {
        match (sign, signs.peek()) {
            // Ends with a letter or such.
            ('\u{1b}', Some('[')) => {
                signs.next();
                signs.find(|sign| ('@'..='~').contains(sign));
            }
            // Ends with a bell, or with another escape and a backslash.
            ('\u{1b}', Some(']')) => {
                let end = signs.find(|sign| matches!(sign, '\u{7}' | '\u{1b}'));
                if end == Some('\u{1b}') {
                    signs.next_if_eq(&'\\');
                }
            }
            (sign, _) => plain.push(sign),
        }
    }
    plain
}
