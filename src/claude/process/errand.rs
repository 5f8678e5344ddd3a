//! One run of a program that is no agent, below the same guard: what it prints, and how it ended.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bridge_actors::agent_event::{ExitStatus, StartFault};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::{mpsc, oneshot};
use tokio::{task, time};
use tracing::debug;

use super::lines::Tail;
use super::run;
use super::start::{LaunchPlan, refine_status};

/// How long a pipe is read on after the guard has ended: somebody who may not be ended holds it.
const SILENCE_AFTER_END: Duration = Duration::from_secs(1);

/// What a run may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ErrandLimits {
    /// How long.
    pub(super) time: Duration,
    /// How much output, in bytes.
    pub(super) output: usize,
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub enum ErrandEnd {
    /// With success; what it printed.
    Done(Vec<u8>),
    /// It could not be started.
    NotStarted(StartFault),
    /// Without success.
    Failed {
        /// Its exit code; 128 and the number of the signal that ended it.
        code: i32,
        /// The last line that it wrote to stderr; may be empty.
        said: String,
    },
    /// It took too long.
    TimedOut,
    /// It printed too much.
    TooMuch,
    /// Nobody wants it any more.
    Stopped,
}

/// Why a run is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    TimedOut,
    TooMuch,
    Stopped,
}

/// Runs a program to its end; nothing of it is left when this returns.
pub(super) async fn run(
    plan: LaunchPlan,
    limits: ErrandLimits,
    mut stop: oneshot::Receiver<()>,
) -> ErrandEnd {
    let plan = Arc::new(plan);
    // Dropped, it ends the program.
    let (holds_it, mut signals) = mpsc::unbounded_channel();
    let mut holds_it = Some(holds_it);
    let mut deadline = Box::pin(time::sleep(limits.time));
    // A folder may not answer.
    let started = tokio::select! {
        biased;
        _ = &mut stop => return ErrandEnd::Stopped,
        started = run::start(&plan, &mut signals) => started,
        () = &mut deadline => return ErrandEnd::TimedOut,
    };
    let mut child = match started {
        Ok(child) => child,
        Err(ExitStatus::NotStarted(fault)) => return ErrandEnd::NotStarted(fault),
        Err(ExitStatus::Code(_) | ExitStatus::Signal(_)) => return ErrandEnd::Stopped,
    };
    // It has nothing to read.
    drop(child.stdin.take());
    let stdout = child.stdout.take().expect("stdout is piped");
    let stderr = child.stderr.take().expect("stderr is piped");
    let errors = task::spawn(last_words(stderr));
    let mut reading = task::spawn(read(stdout, limits.output));
    let mut output = None;
    let mut cut = None;
    let mut waiting = Box::pin(run::wait(&mut child, &mut signals, plan.containment));
    let status = loop {
        let goes_on = holds_it.is_some();
        let why = tokio::select! {
            biased;
            status = &mut waiting => break status,
            read = &mut reading, if output.is_none() => {
                let read = read.unwrap_or_else(|error| Err(io::Error::other(error)));
                let is_too_much = matches!(&read, Ok(Output::TooMuch));
                output = Some(read);
                match is_too_much {
                    true => Cut::TooMuch,
                    false => continue,
                }
            }
            () = &mut deadline, if goes_on => Cut::TimedOut,
            _ = &mut stop, if goes_on => Cut::Stopped,
        };
        cut = cut.or(Some(why));
        holds_it = None;
    };
    drop(waiting);
    let status = run::finished(status, &plan).await;
    let said = soon(errors).await.unwrap_or_default();
    let output = match output {
        Some(output) => Some(output),
        None => soon(reading).await,
    };
    debug!(?status, %said, ?cut, "an errand ended");
    match (cut, output) {
        (Some(Cut::TimedOut), _) => ErrandEnd::TimedOut,
        (Some(Cut::Stopped), _) => ErrandEnd::Stopped,
        (Some(Cut::TooMuch), _) | (None, Some(Ok(Output::TooMuch))) => ErrandEnd::TooMuch,
        (None, output) => end(refine_status(status, &said), said, output),
    }
}

fn end(status: ExitStatus, said: String, output: Option<io::Result<Output>>) -> ErrandEnd {
    const SIGNALLED: i32 = 128;
    match (status, output) {
        (ExitStatus::NotStarted(fault), _) => ErrandEnd::NotStarted(fault),
        (ExitStatus::Code(0), Some(Ok(Output::Whole(bytes)))) => ErrandEnd::Done(bytes),
        (ExitStatus::Code(code), _) => {
            let said = said.lines().next_back().unwrap_or_default().to_owned();
            ErrandEnd::Failed { code, said }
        }
        (ExitStatus::Signal(signal), _) => ErrandEnd::Failed {
            code: SIGNALLED + signal,
            said: String::new(),
        },
    }
}

/// What was printed.
#[derive(Debug)]
enum Output {
    Whole(Vec<u8>),
    TooMuch,
}

async fn read(pipe: impl AsyncRead + Unpin, limit: usize) -> io::Result<Output> {
    let mut bytes = Vec::new();
    let mut pipe = pipe.take(limit as u64 + 1);
    pipe.read_to_end(&mut bytes).await?;
    Ok(match bytes.len() > limit {
        true => Output::TooMuch,
        false => Output::Whole(bytes),
    })
}

async fn last_words(mut pipe: impl AsyncRead + Unpin) -> String {
    let mut tail = Tail::default();
    let mut buffer = vec![0; 4096];
    while let Ok(size @ 1..) = pipe.read(&mut buffer).await {
        tail.push(&buffer[..size]);
    }
    tail.to_text()
}

/// Waits for what was read, but not for ever: whoever holds the pipe may outlive all else.
async fn soon<T>(mut task: task::JoinHandle<T>) -> Option<T> {
    let ended = time::timeout(SILENCE_AFTER_END, &mut task).await;
    if ended.is_err() {
        task.abort();
    }
    ended.ok()?.ok()
}
