//! What reaches the rehearsal: lines on stdin and signals, in one queue.

use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::process;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};
use serde_json::{Value, json};

/// The exit code of a process that obeys SIGTERM, as Claude's is.
const TERMINATED: i32 = 143;

/// One thing that reached us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A user message.
    Prompt(Prompt),
    /// A request that is answered at once.
    Request {
        id: String,
        subtype: String,
        /// What is asked beside the conversation; empty in every other request.
        question: String,
        /// What a handshake names the hook that is asked before each tool; `None` in every other
        /// request.
        hook: Option<String>,
    },
    /// The answer to a request of ours.
    Answer { id: String, decision: Decision },
    /// Something that ends the real CLI.
    Broken(String),
    /// SIGINT.
    Interrupted,
    /// The end of stdin.
    End,
}

/// A user message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Its id, if it has one.
    pub(super) uuid: Option<String>,
    /// Its text blocks, joined.
    pub(super) text: String,
}

/// What was decided about a permission request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// It may run with this input; with it come changes to what runs unasked.
    Allow { input: Value, updates: Value },
    /// It may not; the message is for the model.
    Deny { message: String },
    /// A tool of the bridge came to this.
    Result(Value),
    /// Whoever waits goes on.
    GoOn,
}

/// The queue of what reached us.
#[derive(Debug)]
pub(super) struct Inbox {
    arrivals: Receiver<Input>,
    postponed: VecDeque<Input>,
    hook: Option<String>,
}

impl Inbox {
    /// Starts the threads that fill the queue.
    ///
    /// Must be called while the process has no other thread: signals are blocked per thread.
    pub(super) fn open() -> io::Result<Self> {
        let signals = SigSet::from_iter([Signal::SIGINT, Signal::SIGTERM]);
        signals.thread_block()?;
        let (sender, arrivals) = mpsc::channel();
        let lines = sender.clone();
        thread::Builder::new().spawn(move || read_lines(&lines))?;
        thread::Builder::new().spawn(move || wait_for_signals(signals, &sender))?;
        Ok(Self {
            arrivals,
            postponed: VecDeque::new(),
            hook: None,
        })
    }

    /// Waits for the next input; `None` when `limit` has passed.
    pub(super) fn next(&mut self, limit: Option<Duration>) -> Option<Input> {
        self.postponed.pop_front().or_else(|| self.arrival(limit))
    }

    /// Waits for the next input that was not postponed.
    pub(super) fn arrival(&mut self, limit: Option<Duration>) -> Option<Input> {
        let input = self.wait(limit);
        if let Some(Input::Request {
            hook: Some(hook), ..
        }) = &input
        {
            self.hook = Some(hook.clone());
        }
        input
    }

    /// Returns the name of the hook that is asked before each tool, if there is one.
    pub(super) fn hook(&self) -> Option<&str> {
        self.hook.as_deref()
    }

    fn wait(&mut self, limit: Option<Duration>) -> Option<Input> {
        let Some(limit) = limit else {
            return Some(self.arrivals.recv().unwrap_or(Input::End));
        };
        match self.arrivals.recv_timeout(limit) {
            Ok(input) => Some(input),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Input::End),
        }
    }

    /// Keeps an input for [`Inbox::next`].
    pub(super) fn postpone(&mut self, input: Input) {
        self.postponed.push_back(input);
    }
}

fn read_lines(inputs: &Sender<Input>) {
    for line in io::stdin().lock().split(b'\n') {
        let Ok(line) = line else { break };
        if parse(&line).is_some_and(|input| inputs.send(input).is_err()) {
            return;
        }
    }
    inputs.send(Input::End).ok();
}

fn wait_for_signals(signals: SigSet, inputs: &Sender<Input>) {
    while let Ok(signal) = signals.wait() {
        if signal == Signal::SIGTERM {
            process::exit(TERMINATED);
        }
        inputs.send(Input::Interrupted).ok();
    }
}

/// Reads one line; `None` for what the real CLI ignores.
pub(super) fn parse(line: &[u8]) -> Option<Input> {
    if line.trim_ascii().is_empty() {
        return None;
    }
    let Ok(value) = serde_json::from_slice::<Value>(line) else {
        return Some(Input::Broken(
            "Error parsing streaming input line".to_owned(),
        ));
    };
    match value["type"].as_str()? {
        "user" => Some(parse_prompt(&value)),
        "control_request" => Some(Input::Request {
            id: text_of(&value["request_id"]),
            subtype: text_of(&value["request"]["subtype"]),
            question: text_of(&value["request"]["question"]),
            hook: value["request"]["hooks"]["PreToolUse"][0]["hookCallbackIds"][0]
                .as_str()
                .map(str::to_owned),
        }),
        "control_response" => Some(parse_answer(&value["response"])),
        _ => None,
    }
}

fn parse_prompt(value: &Value) -> Input {
    let message = &value["message"];
    if message["role"] != "user" {
        return Input::Broken("Error: Expected message role 'user'".to_owned());
    }
    let content = &message["content"];
    let blocks = content.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut texts: Vec<&str> = blocks.iter().filter_map(|b| b["text"].as_str()).collect();
    texts.extend(content.as_str());
    let text = texts.join("\n");
    Input::Prompt(Prompt {
        uuid: value["uuid"].as_str().map(str::to_owned),
        text,
    })
}

fn parse_answer(response: &Value) -> Input {
    let answer = &response["response"];
    let decision = if answer["mcp_response"].is_object() {
        Decision::Result(answer["mcp_response"].clone())
    } else if response["subtype"] == "success" && answer["behavior"] == "allow" {
        Decision::Allow {
            input: answer["updatedInput"].clone(),
            updates: answer["updatedPermissions"].clone(),
        }
    } else if response["subtype"] == "success" && *answer == json!({}) {
        Decision::GoOn
    } else {
        let message = answer["message"].as_str().or(response["error"].as_str());
        Decision::Deny {
            message: message.unwrap_or("no reason given").to_owned(),
        }
    };
    Input::Answer {
        id: text_of(&response["request_id"]),
        decision,
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn lines_are_understood_as_the_real_cli_does() {
        check(
            r#"{"type":"user","message":{"role":"user","content":"hi"},"uuid":"u"}"#,
            expect![[r#"Some(Prompt(Prompt { uuid: Some("u"), text: "hi" }))"#]],
        );
        check(
            r#"{"type":"user","message":{"role":"user","content":[{"type":"text","text":"a"},{"type":"image"}]}}"#,
            expect![[r#"Some(Prompt(Prompt { uuid: None, text: "a" }))"#]],
        );
        check(
            r#"{"type":"control_request","request_id":"r","request":{"subtype":"interrupt"}}"#,
            expect![[
                r#"Some(Request { id: "r", subtype: "interrupt", question: "", hook: None })"#
            ]],
        );
        check(
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"r","response":{"behavior":"deny","message":"no"}}}"#,
            expect![[r#"Some(Answer { id: "r", decision: Deny { message: "no" } })"#]],
        );
        check("  ", expect!["None"]);
        check(r#"{"type":"keep_alive"}"#, expect!["None"]);
        check("[1]", expect!["None"]);
        check(
            "{",
            expect![[r#"Some(Broken("Error parsing streaming input line"))"#]],
        );
    }

    fn check(line: &str, expected: Expect) {
        expected.assert_eq(&format!("{:?}", parse(line.as_bytes())));
    }
}
