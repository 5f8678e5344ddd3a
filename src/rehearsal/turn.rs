//! One turn of the rehearsal: performs the steps of a prompt, in between obeys interrupts.

mod hook;
mod sending;

use std::process;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::getpid;
use serde_json::{Value, json};

use super::answer;
use super::input::{Decision, Inbox, Input};
use super::requests;
use super::script::{Command, Step};
use super::speaker::{Speaker, fresh_id};
use super::tool::Tool;

/// How often a running tool is looked at.
const TOOL_LOOK_INTERVAL: Duration = Duration::from_millis(1);

/// What a turn works with and leaves behind.
#[derive(Debug)]
pub(super) struct RehearsedTurn<'a> {
    /// Where lines go.
    pub(super) speaker: &'a Speaker,
    /// Where inputs come from.
    pub(super) inbox: &'a mut Inbox,
    /// The text of the prompt.
    pub(super) prompt: &'a str,
    /// The how-many-th message of the conversation the prompt is.
    pub(super) count: usize,
    /// Whether interrupts are obeyed.
    pub(super) temper: Temper,
    /// What is to happen after the turn.
    pub(super) after: After,
}

/// Whether interrupts are obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Temper {
    /// They are.
    Obedient,
    /// They are not.
    Stubborn,
}

/// What is to happen after a turn.
#[derive(Debug, Default)]
pub(super) struct After {
    /// A turn that nobody asks for, so much later.
    pub(super) background: Option<Duration>,
    /// Whether the process goes on.
    pub(super) next: Next,
    /// What the turn cost.
    pub(super) cents: u32,
}

/// Whether the process goes on after a turn.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It waits for the next prompt.
    #[default]
    Stay,
    /// SIGINT or a directive makes it exit.
    Leave,
}

/// How the steps of a turn ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The last block said; a command says nothing but this.
    Answered(String),
    /// As [`Outcome::Answered`], but the API has failed.
    ApiError { status: u16, text: String },
    /// Interrupted; the reason is the wire's.
    Aborted(&'static str),
}

/// Why a wait ended.
enum Woken {
    TimePassed,
    Interrupted,
    InputEnded,
    Answer { id: String, decision: Decision },
}

impl RehearsedTurn<'_> {
    /// Performs the steps; the first one that does not end well is the last.
    pub(super) fn perform(&mut self, steps: Vec<Step>) -> Outcome {
        let mut last = String::new();
        for step in steps {
            match self.step(step) {
                Outcome::Answered(text) if text.is_empty() => {}
                Outcome::Answered(text) => last = text,
                outcome @ (Outcome::ApiError { .. } | Outcome::Aborted(_)) => return outcome,
            }
        }
        Outcome::Answered(last)
    }

    fn step(&mut self, step: Step) -> Outcome {
        match step {
            Step::Reply => self.say(&answer::reply(self.prompt, self.count)),
            Step::Say(text) => self.say(&text),
            Step::Slow { pieces, pause } => self.slow(pieces, pause),
            Step::Long(length) => self.say(&answer::long(length)),
            Step::Bash(command) => self.bash(&command),
            Step::Ask { tool, target } => self.ask(&tool, &target),
            Step::Send { paths, caption } => self.send(&paths, &caption),
            Step::Crash(code) => process::exit(code),
            Step::Kill => {
                kill(getpid(), Signal::SIGKILL).ok();
                self.silence()
            }
            Step::Silence => self.silence(),
            Step::Garbage => self.garbage(),
            Step::BigLine(size) => self.big_line(size),
            Step::Background(delay) => {
                self.after.background = Some(delay);
                self.say("started something in the background")
            }
            Step::ApiError { status, text } => self.api_error(status, &text),
            Step::Stubborn => {
                self.temper = Temper::Stubborn;
                Outcome::Answered(String::new())
            }
            Step::Exit => {
                self.after.next = Next::Leave;
                self.say("leaving after this")
            }
            Step::Spend(cents) => {
                self.after.cents += cents;
                Outcome::Answered(String::new())
            }
            Step::Command(command) => self.command(command),
        }
    }

    fn say(&mut self, text: &str) -> Outcome {
        let text = answer::with_notice(text);
        let id = fresh_message();
        self.speaker.text_begins(&id);
        for line in text.split_inclusive('\n') {
            self.speaker.text_delta(&id, line);
        }
        self.speaker.text_ends(&id, &text, Value::Null);
        Outcome::Answered(text)
    }

    fn slow(&mut self, pieces: usize, pause: Duration) -> Outcome {
        let id = fresh_message();
        self.speaker.text_begins(&id);
        let mut text = String::new();
        for index in 0..pieces {
            if let Woken::Interrupted = self.wait(Some(pause)) {
                self.speaker.text_ends(&id, &text, json!({"aborted": true}));
                return self.abort("aborted_streaming");
            }
            let piece = answer::piece(index);
            self.speaker.text_delta(&id, &piece);
            text.push_str(&piece);
        }
        let notice = format!("\n\n{}", answer::NOTICE);
        self.speaker.text_delta(&id, &notice);
        text.push_str(&notice);
        self.speaker.text_ends(&id, &text, Value::Null);
        Outcome::Answered(text)
    }

    fn bash(&mut self, command: &str) -> Outcome {
        let tool_use = self.announce("Bash", command);
        if let Some(outcome) = self.wait_to_run(("Bash", command), &tool_use) {
            return outcome;
        }
        let mut tool = match Tool::start(command) {
            Ok(tool) => tool,
            Err(error) => return self.say(&format!("cannot run bash: {error}")),
        };
        while !tool.has_ended() {
            if let Woken::Interrupted = self.wait(Some(TOOL_LOOK_INTERVAL)) {
                tool.kill();
                self.speaker
                    .tool_result(&tool_use, "interrupted", json!({"is_error": true}));
                return self.abort("aborted_tools");
            }
        }
        let (output, status) = tool.finish();
        self.speaker
            .tool_result(&tool_use, &output, json!({"is_error": false}));
        self.say(&answer::tool_output(command, &output, &status))
    }

    fn ask(&mut self, tool: &str, target: &str) -> Outcome {
        let tool_use = self.announce(tool, target);
        if let Some(outcome) = self.wait_to_run((tool, target), &tool_use) {
            return outcome;
        }
        let request = fresh_id();
        self.speaker.state("requires_action");
        self.speaker.bare_line(&json!({
            "type": "control_request", "request_id": request,
            "request": {
                "subtype": "can_use_tool", "tool_name": tool, "display_name": tool,
                "input": tool_input(tool, target), "description": target,
                "permission_suggestions": suggestions(tool, target), "tool_use_id": tool_use,
            },
        }));
        let decision = loop {
            match self.wait(None) {
                Woken::Answer { id, decision } if id == request => break decision,
                Woken::Answer { .. } | Woken::TimePassed => {}
                Woken::InputEnded => {
                    let message = "Permission stream closed before response received".to_owned();
                    break Decision::Deny { message };
                }
                Woken::Interrupted => {
                    let cancel = json!({"type": "control_cancel_request", "request_id": request});
                    self.speaker.bare_line(&cancel);
                    self.speaker
                        .tool_result(&tool_use, "rejected", json!({"is_error": true}));
                    return self.abort("aborted_tools");
                }
            }
        };
        self.speaker.state("running");
        match decision {
            Decision::Allow { input, updates } => {
                self.speaker
                    .tool_result(&tool_use, "(nothing was run)", Value::Null);
                let mut said = format!("{tool} `{target}` was allowed; a rehearsal runs nothing");
                if input != tool_input(tool, target) {
                    said.push_str(&format!("; its input is now `{input}`"));
                }
                if !updates.is_null() {
                    said.push_str(&format!("; and from now on `{updates}`"));
                }
                self.say(&said)
            }
            Decision::Deny { message } => {
                self.speaker
                    .tool_result(&tool_use, &message, json!({"is_error": true}));
                self.say(&format!("{tool} `{target}` was denied: {message}"))
            }
            Decision::Result(_) | Decision::GoOn => {
                self.say("this was no answer to a permission request")
            }
        }
    }

    fn announce(&mut self, tool: &str, target: &str) -> String {
        let id = format!("toolu_{}", fresh_id());
        let input = tool_input(tool, target);
        let block = json!({"type": "tool_use", "id": id, "name": tool, "input": input});
        self.speaker.assistant(&fresh_message(), block, Value::Null);
        id
    }

    fn silence(&mut self) -> Outcome {
        loop {
            if let Woken::Interrupted = self.wait(None) {
                return self.abort("aborted_streaming");
            }
        }
    }

    fn garbage(&mut self) -> Outcome {
        self.speaker.raw(b"this is no JSON\n[1,2]\n{\"type\":\n\n");
        self.speaker
            .raw(b"{\"type\":\"assistant\",\"message\":{\"content\":\"\xff\xfe\"}}\n");
        self.speaker
            .line(json!({"type": "never_seen", "payload": {"deep": [1, 2, 3]}}));
        self.speaker
            .line(json!({"type": "system", "subtype": "never_seen"}));
        self.speaker
            .line(json!({"type": "assistant", "message": 7}));
        self.say("some of my lines were garbage")
    }

    fn big_line(&mut self, size: usize) -> Outcome {
        self.speaker
            .tool_result("toolu_big", &"x".repeat(size), Value::Null);
        self.say(&format!("one line of mine held {size} bytes"))
    }

    fn api_error(&mut self, status: u16, text: &str) -> Outcome {
        let text = answer::with_notice(text);
        let block = json!({"type": "text", "text": text});
        self.speaker
            .assistant(&fresh_message(), block, json!({"error": "server_error"}));
        Outcome::ApiError { status, text }
    }

    fn command(&mut self, command: Command) -> Outcome {
        let text = match command {
            Command::Compact => {
                self.speaker.line(json!({
                    "type": "system", "subtype": "compact_boundary",
                    "compact_metadata": {"trigger": "manual", "pre_tokens": 0, "post_tokens": 0},
                }));
                "The conversation was compacted.".to_owned()
            }
            Command::Context => format!("The context holds {} messages.", self.count),
            Command::Cost => "Total cost: $0.00".to_owned(),
        };
        Outcome::Answered(answer::with_notice(&text))
    }

    fn abort(&mut self, reason: &'static str) -> Outcome {
        self.speaker.interrupted();
        Outcome::Aborted(reason)
    }

    /// Waits for `limit` or for something that concerns the turn; the rest is kept for later.
    fn wait(&mut self, limit: Option<Duration>) -> Woken {
        let started = Instant::now();
        loop {
            let rest = limit.map(|limit| limit.saturating_sub(started.elapsed()));
            match self.inbox.arrival(rest) {
                None => return Woken::TimePassed,
                Some(Input::Answer { id, decision }) => return Woken::Answer { id, decision },
                Some(Input::Interrupted) if self.temper == Temper::Obedient => {
                    self.after.next = Next::Leave;
                    return Woken::Interrupted;
                }
                Some(Input::Request { id, subtype, .. }) if subtype == "interrupt" => {
                    if self.temper == Temper::Obedient {
                        self.speaker
                            .control_success(&id, json!({"still_queued": []}));
                        return Woken::Interrupted;
                    }
                }
                Some(Input::Request {
                    id,
                    subtype,
                    question,
                    hook: _,
                }) => requests::answer(self.speaker, &id, (&subtype, &question)),
                Some(Input::Interrupted) => {}
                Some(input @ Input::End) => {
                    self.inbox.postpone(input);
                    if limit.is_none() {
                        return Woken::InputEnded;
                    }
                }
                Some(input) => self.inbox.postpone(input),
            }
        }
    }
}

fn tool_input(tool: &str, target: &str) -> Value {
    if let Ok(input @ Value::Object(_)) = serde_json::from_str(target) {
        return input;
    }
    match tool {
        "Bash" => json!({"command": target, "description": format!("Run {target}")}),
        "Read" | "Write" | "Edit" => json!({"file_path": target}),
        _ => json!({"target": target}),
    }
}

fn fresh_message() -> String {
    format!("msg_{}", fresh_id())
}

/// Offers what the real program offers: a rule, and a mode that allows far more.
fn suggestions(tool: &str, target: &str) -> Value {
    match tool {
        "Bash" => json!([
            {
                "type": "addRules", "behavior": "allow", "destination": "localSettings",
                "rules": [{"toolName": tool, "ruleContent": target}],
            },
            {"type": "setMode", "mode": "acceptEdits", "destination": "session"},
        ]),
        _ => json!([]),
    }
}
