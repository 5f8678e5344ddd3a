//! The rehearsal agent: a stand-in that speaks Claude Code's stream-json, for `bridge try` and tests.
//!
//! `bridge rehearse ARGUMENTS OF CLAUDE` behaves on its stdin, stdout and stderr as Claude Code
//! 2.1.332 was recorded to, needs no account and no network, and says in every answer what it is.
//! Conversations are kept in `$CLAUDE_CONFIG_DIR/rehearsal` or `$HOME/.claude-rehearsal`; a message
//! whose uuid its conversation has taken is not run again. Messages that arrive during a turn get
//! turns of their own, in order.
//!
//! Ordinary text gets a friendly answer. A text that begins with `rehearse:` is a script of
//! directives, separated by ` ;; `:
//!
//! | directive | what happens |
//! |---|---|
//! | `say TEXT` | says TEXT |
//! | `slow N MS` | says N pieces, MS milliseconds apart |
//! | `long N` | says Markdown of N characters |
//! | `bash CMD` | runs CMD with bash, in a session of its own, and quotes the output |
//! | `ask TOOL TARGET` | asks for permission, runs nothing, reports the decision; a target that is a JSON object is the whole input |
//! | `send PATH, PATH + CAPTION` | sends files with the tool of the bridge, and says what it was told |
//! | `crash CODE` | exits with CODE in the middle of the turn |
//! | `kill` | dies of SIGKILL in the middle of the turn |
//! | `silence` | says nothing more until interrupted |
//! | `garbage` | writes what is no JSON, no UTF-8 or no known message, then answers |
//! | `bigline N` | writes one line with N bytes of content, then answers |
//! | `background MS` | answers; MS milliseconds after the turn begins another one unasked |
//! | `apierror STATUS TEXT` | ends the turn with an error of the API |
//! | `stubborn` | ignores interrupts and SIGINT for the rest of the turn |
//! | `exit` | answers, then exits |
//! | `spend CENTS` | says in the end that the turn cost so much, and nothing more before it |
//!
//! Faults at the start come from the variable `REHEARSAL_START`: `fail:TEXT` writes TEXT to stderr
//! and exits with 1, `hang` does nothing for ever, `slow:MS` begins late. With `REHEARSAL_LEDGER`
//! set to a file, every executed prompt appends a line of JSON to it: `at_us`, `uuid`,
//! `conversation`, `text`. A result carries the time from prompt to result as
//! `rehearsal_duration_us`.

mod answer;
mod input;
mod options;
mod requests;
mod script;
mod speaker;
mod tool;
mod transcript;
mod turn;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use answer::NOTICE;
use input::{Inbox, Input, Prompt};
use options::{Opening, Options, Replay};
use script::Step;
use speaker::{ResultLine, Speaker, fresh_id};
use transcript::Transcript;
use turn::{After, Next, Outcome, RehearsedTurn, Temper};

/// Runs the rehearsal with Claude's arguments until its input ends or a directive ends it.
///
/// The caller must not have started a thread: signals are blocked per thread.
pub fn rehearse_main(args: impl Iterator<Item = OsString>) -> ExitCode {
    let mut args = args.peekable();
    if args.next_if(|arg| arg == tool::STAGE).is_some() {
        return tool::stage_main(args);
    }
    let mut inbox = match Inbox::open() {
        Ok(inbox) => inbox,
        Err(error) => return complain(&format!("cannot read input: {error}")),
    };
    if let Some(code) = stumble() {
        return code;
    }
    let options = options::parse(args);
    let transcript = match open(&options) {
        Ok(transcript) => transcript,
        Err(reason) => return complain(&reason),
    };
    let speaker = Speaker::new(transcript.id(), &options);
    let mut rehearsal = Rehearsal {
        speaker,
        transcript,
        replay: options.replay,
        due: None,
        exit_code: 0,
    };
    rehearsal.run(&mut inbox)
}

fn complain(text: &str) -> ExitCode {
    writeln!(io::stderr(), "{text}").ok();
    ExitCode::FAILURE
}

/// Has the accident at the start that the environment asks for.
fn stumble() -> Option<ExitCode> {
    let fault = std::env::var("REHEARSAL_START").ok()?;
    if let Some(text) = fault.strip_prefix("fail:") {
        return Some(complain(text));
    }
    if let Some(millis) = fault.strip_prefix("slow:") {
        thread::sleep(Duration::from_millis(millis.parse().ok()?));
        return None;
    }
    if fault != "hang" {
        return None;
    }
    loop {
        thread::park();
    }
}

/// Opens the conversation that the arguments name, or refuses as the real CLI does.
fn open(options: &Options) -> Result<Transcript, String> {
    let folder = transcript::folder();
    match &options.conversation {
        None => Ok(Transcript::fresh(&folder, &fresh_id())),
        Some(Opening::New(id)) if uuid::Uuid::parse_str(id).is_err() => {
            Err("Error: Invalid session ID. Must be a valid UUID.".to_owned())
        }
        Some(Opening::New(id)) => match Transcript::find(&folder, id) {
            None => Ok(Transcript::fresh(&folder, id)),
            Some(_) => Err(format!("Error: Session ID {id} is already in use.")),
        },
        Some(Opening::Resume(id)) => Transcript::find(&folder, id).ok_or_else(|| {
            let reason = format!("No conversation found with session ID: {id}");
            Speaker::new(id, options).result(ResultLine {
                subtype: "error_during_execution",
                special: json!({"is_error": true, "errors": [reason]}),
                messages: &[],
                origin: None,
                duration: Duration::ZERO,
                cents: 0,
                num_turns: 0,
            });
            reason
        }),
    }
}

/// The state between two turns.
#[derive(Debug)]
struct Rehearsal {
    speaker: Speaker,
    transcript: Transcript,
    replay: Replay,
    /// When the next turn begins that nobody asked for.
    due: Option<Instant>,
    /// What the last result makes of the exit.
    exit_code: u8,
}

impl Rehearsal {
    fn run(&mut self, inbox: &mut Inbox) -> ExitCode {
        loop {
            let limit = self
                .due
                .map(|due| due.saturating_duration_since(Instant::now()));
            let next = match inbox.next(limit) {
                None => self.background_turn(inbox),
                Some(Input::Prompt(prompt)) => self.prompt_turn(inbox, prompt),
                Some(Input::Request {
                    id,
                    subtype,
                    question,
                    hook: _,
                }) => {
                    requests::answer(&self.speaker, &id, (&subtype, &question));
                    Next::Stay
                }
                Some(Input::Answer { .. }) => Next::Stay,
                Some(Input::Broken(reason)) => return complain(&reason),
                Some(Input::End) if self.due.is_some() => {
                    thread::sleep(limit.unwrap_or_default());
                    self.background_turn(inbox);
                    Next::Leave
                }
                Some(Input::Interrupted | Input::End) => Next::Leave,
            };
            if next == Next::Leave {
                return ExitCode::from(self.exit_code);
            }
        }
    }

    fn prompt_turn(&mut self, inbox: &mut Inbox, prompt: Prompt) -> Next {
        let started = Instant::now();
        let message = prompt.uuid.clone().unwrap_or_else(fresh_id);
        let is_known = self.transcript.has_seen(&message);
        if is_known {
            self.replay(&message, &prompt.text);
            self.rest();
            return Next::Stay;
        }
        self.transcript.take(&message).ok();
        transcript::note_in_ledger(&message, self.transcript.id(), &prompt.text).ok();
        if prompt.uuid.is_some() {
            self.speaker.lifecycle(&message, "queued");
            self.speaker.lifecycle(&message, "started");
        }
        let next = self.turn(inbox, &prompt.text, std::slice::from_ref(&message), started);
        if prompt.uuid.is_some() {
            self.speaker.lifecycle(&message, "completed");
        }
        self.rest();
        next
    }

    fn background_turn(&mut self, inbox: &mut Inbox) -> Next {
        self.due = None;
        let tasks = json!({"type": "system", "subtype": "background_tasks_changed", "tasks": []});
        self.speaker.line(tasks);
        let text = "rehearse: say what ran in the background has ended";
        let next = self.turn(inbox, text, &[], Instant::now());
        self.rest();
        next
    }

    /// Announces the end of all work, unless some goes on in the background.
    fn rest(&self) {
        if self.due.is_none() {
            self.speaker.state("idle");
        }
    }

    fn replay(&self, message: &str, text: &str) {
        if self.replay == Replay::Echoed {
            self.speaker.replay(message, text);
        }
    }

    fn turn(
        &mut self,
        inbox: &mut Inbox,
        text: &str,
        messages: &[String],
        started: Instant,
    ) -> Next {
        self.speaker.state("running");
        self.speaker.init();
        let steps = script::parse(text);
        let is_command = steps.iter().any(|step| matches!(step, Step::Command(_)));
        if !is_command {
            self.speaker.requesting(messages);
        }
        for message in messages {
            self.replay(message, text);
        }
        let mut turn = RehearsedTurn {
            speaker: &self.speaker,
            inbox,
            prompt: text,
            count: self.transcript.count(),
            temper: Temper::Obedient,
            after: After::default(),
        };
        let outcome = turn.perform(steps);
        let After {
            background,
            next,
            cents,
        } = turn.after;
        if let Some(delay) = background {
            self.due = Some(Instant::now() + delay);
        }
        let (subtype, special, exit_code) = wording(outcome);
        // An interrupted turn is an error, but SIGINT is a wish that the process has fulfilled.
        let is_aborted = subtype != "success";
        self.exit_code = if is_aborted && next == Next::Leave {
            0
        } else {
            exit_code
        };
        self.speaker.result(ResultLine {
            subtype,
            special,
            messages,
            origin: messages
                .is_empty()
                .then(|| json!({"kind": "task-notification"})),
            duration: started.elapsed(),
            num_turns: u32::from(!is_command),
            cents,
        });
        next
    }
}

/// Returns how an outcome reads on the wire: subtype, special fields, exit code.
fn wording(outcome: Outcome) -> (&'static str, Value, u8) {
    match outcome {
        Outcome::Answered(text) => {
            let special = json!({"is_error": false, "api_error_status": null, "result": text,
                                 "stop_reason": "end_turn", "terminal_reason": "completed"});
            ("success", special, 0)
        }
        Outcome::ApiError { status, text } => {
            let special = json!({"is_error": true, "api_error_status": status, "result": text,
                                 "terminal_reason": "api_error"});
            ("success", special, 1)
        }
        Outcome::Aborted(reason) => {
            let errors = ["[ede_diagnostic] interrupted in a rehearsal"];
            let special = json!({"is_error": true, "errors": errors, "terminal_reason": reason});
            ("error_during_execution", special, 1)
        }
    }
}
