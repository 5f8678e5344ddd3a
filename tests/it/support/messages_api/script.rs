//! Pure: the text of a prompt to the steps that it asks for.

use std::time::Duration;

use serde_json::{Value, json};

/// What one model call does. The first words of a line in a prompt choose it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// `say TEXT`: says the text. Any line that is no step is said as `echo: LINE`.
    Say(String),
    /// `slow N MS`: says N words, one every MS milliseconds.
    Slow { words: usize, gap: Duration },
    /// `stall MS`: says `before the stall`, and goes on after MS milliseconds.
    Stall(Duration),
    /// `quiet MS`: sends nothing at all for MS milliseconds, and says `after the quiet` then.
    Quiet(Duration),
    /// `full N`: says `full`, and counts N tokens as read.
    Full(u64),
    /// `long N`: says N characters of Markdown.
    Long(usize),
    /// `bash CMD`, `bashbg CMD`, `write PATH CONTENT`, `read PATH`, `ask`, `plan`, `agent PROMPT`
    /// and `tool NAME JSON`: calls a tool. `\n` in CONTENT is a newline.
    Tool { name: String, input: Value },
    /// `together TOOL ++ TOOL`: calls several tools in one answer.
    Together(Vec<(String, Value)>),
    /// `error STATUS [TIMES]`: refuses the call; always, or TIMES times.
    Error { status: u16, times: u32 },
    /// `limit SECONDS`: refuses the call, as a subscription does that is used up; after so long it
    /// says `recovered`.
    Limit { seconds: u64 },
    /// `cut [TIMES]`: starts an answer and hangs up in it; always, or TIMES times.
    Cut { times: u32 },
    /// `refuse`: declines to answer, also when the program asks once more, in words of its own.
    Refuse,
    /// What a test taught; no word of a prompt asks for it.
    Taught(Reply),
}

/// What the model says and does in one call, as a test teaches it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(super) words: String,
    pub(super) calls: Vec<(String, Value)>,
    /// Whether nothing follows the words, not even their end.
    pub(super) is_stuck: bool,
}

/// What is said and done about prompts that contain a phrase, call by call.
#[derive(Debug, Clone)]
pub(super) struct Lesson {
    pub(super) phrase: String,
    pub(super) replies: Vec<Reply>,
}

impl Reply {
    /// Returns a call in which the model says this, and ends its turn unless it also calls a tool.
    pub(crate) fn says(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            calls: Vec::new(),
            is_stuck: false,
        }
    }

    /// Returns a call in which the model says this and gets no further until it is interrupted.
    pub(crate) fn gets_stuck_after(words: &str) -> Self {
        Self {
            is_stuck: true,
            ..Self::says(words)
        }
    }

    /// Lets the model call a tool after its words.
    pub(crate) fn and_calls(mut self, tool: &str, input: Value) -> Self {
        self.calls.push((tool.to_owned(), input));
        self
    }
}

/// Returns the steps for a prompt: what the first lesson that is about it says, or its own words.
pub(super) fn steps_for(prompt: &str, lessons: &[Lesson]) -> Vec<Step> {
    let mut lessons = lessons.iter();
    match lessons.find(|lesson| prompt.contains(&lesson.phrase)) {
        Some(lesson) => lesson.replies.iter().cloned().map(Step::Taught).collect(),
        None => steps(prompt),
    }
}

/// Returns the steps that a prompt asks for, in order.
pub(super) fn steps(prompt: &str) -> Vec<Step> {
    prompt
        .split('\n')
        .flat_map(|line| line.split(" ;; "))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| step(line).unwrap_or_else(|| Step::Say(format!("echo: {line}"))))
        .collect()
}

/// Begins what the program itself writes after an answer that was declined.
const ASKED_ONCE_MORE: &str = "Your response above was stopped by a safety classifier";

fn step(line: &str) -> Option<Step> {
    if line.starts_with(ASKED_ONCE_MORE) {
        return Some(Step::Refuse);
    }
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    Some(match word {
        "say" => Step::Say(rest.to_owned()),
        "slow" => {
            let (words, gap) = rest.split_once(' ')?;
            Step::Slow {
                words: words.parse().ok()?,
                gap: milliseconds(gap)?,
            }
        }
        "stall" => Step::Stall(milliseconds(rest)?),
        "quiet" => Step::Quiet(milliseconds(rest)?),
        "full" => Step::Full(rest.parse().ok()?),
        "long" => Step::Long(rest.parse().ok()?),
        "error" => {
            let (status, times) = rest.split_once(' ').unwrap_or((rest, ""));
            Step::Error {
                status: status.parse().ok()?,
                times: times_or_always(times)?,
            }
        }
        "limit" => Step::Limit {
            seconds: rest.parse().ok()?,
        },
        "refuse" if rest.is_empty() => Step::Refuse,
        "cut" => Step::Cut {
            times: times_or_always(rest)?,
        },
        "together" => Step::Together(rest.split(" ++ ").map(tool_call).collect::<Option<_>>()?),
        _ => {
            let (name, input) = tool_call(line)?;
            Step::Tool { name, input }
        }
    })
}

fn tool_call(call: &str) -> Option<(String, Value)> {
    let (word, rest) = call.split_once(' ').unwrap_or((call, ""));
    let (name, input) = match word {
        "bash" => ("Bash", json!({"command": rest, "description": "Run it"})),
        "bashbg" => (
            "Bash",
            json!({"command": rest, "description": "Run it", "run_in_background": true}),
        ),
        "write" => {
            let (path, content) = rest.split_once(' ')?;
            let content = content.replace("\\n", "\n");
            ("Write", json!({"file_path": path, "content": content}))
        }
        "read" if rest.starts_with('/') => ("Read", json!({"file_path": rest})),
        "ask" if rest.is_empty() => ("AskUserQuestion", questions()),
        "plan" if rest.is_empty() => (
            "ExitPlanMode",
            json!({"plan": "# Plan\n\n1. Do the first thing\n2. Do the second thing\n"}),
        ),
        "agent" => (
            "Agent",
            json!({"description": "A part of it", "prompt": rest, "subagent_type": "general-purpose"}),
        ),
        "tool" => {
            let (name, input) = rest.split_once(' ')?;
            (name, serde_json::from_str(input).ok()?)
        }
        _ => return None,
    };
    Some((name.to_owned(), input))
}

fn questions() -> Value {
    json!({"questions": [
        {
            "question": "Which database should we use?",
            "header": "Database",
            "multiSelect": false,
            "options": [
                {"label": "SQLite", "description": "One file, no server"},
                {"label": "PostgreSQL", "description": "A server"},
            ],
        },
        {
            "question": "Which extras do you want?",
            "header": "Extras",
            "multiSelect": true,
            "options": [
                {"label": "Metrics", "description": "Numbers to watch"},
                {"label": "Docs", "description": "A book"},
            ],
        },
    ]})
}

fn milliseconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_millis)
}

fn times_or_always(text: &str) -> Option<u32> {
    if text.is_empty() {
        return Some(u32::MAX);
    }
    text.parse().ok()
}
