//! The life of one agent, from its start to the report of its end.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bridge_actors::agent_event::{AgentEvent, AgentExit, ExitStatus, StartFault};
use bridge_actors::enquiry::Enquiry;
use bridge_actors::ports::AgentInput;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Child;
use tokio::sync::{mpsc, watch};
use tokio::task::{self, JoinError, JoinHandle};
use tracing::{debug, error, warn};

use super::GuardSignal;
use super::pictures::with_pictures;
use super::pump::{self, MAX_QUEUED_LINES, Outgoing, Reports};
use super::start::{LaunchPlan, refine_status};
use crate::claude::guard::{AgentEnd, Containment};
use crate::claude::translate::{Translator, follow_links};
use crate::claude::{leftovers, mentions, wire};

/// How long the guard may take to end its tree before it is ended itself.
const GUARD_TIME_LIMIT: Duration = Duration::from_secs(3);

/// What connects an agent with its session.
pub(super) struct Connections {
    /// What it is to be told.
    pub(super) inputs: mpsc::Receiver<AgentInput>,
    /// Signals, which overtake inputs; closed when the session drops its handle.
    pub(super) signals: mpsc::UnboundedReceiver<GuardSignal>,
    /// What it says.
    pub(super) reports: Reports,
}

/// Runs one agent; its last act is the only report of [`AgentEvent::Exited`].
pub(super) async fn run(plan: LaunchPlan, mut connections: Connections) {
    let reports = connections.reports.clone();
    let plan = Arc::new(plan);
    let exit = match start(&plan, &mut connections.signals).await {
        Ok(child) => serve(&plan, child, connections).await,
        Err(status) => AgentExit {
            status,
            stderr: String::new(),
        },
    };
    reports.send(AgentEvent::Exited(exit)).await;
}

/// Starts the agent unless it is to end before its folder has answered.
pub(super) async fn start(
    plan: &Arc<LaunchPlan>,
    signals: &mut mpsc::UnboundedReceiver<GuardSignal>,
) -> Result<Child, ExitStatus> {
    let plan_to_prepare = Arc::clone(plan);
    let prepared = task::spawn_blocking(move || plan_to_prepare.prepare());
    let prepared = tokio::select! {
        biased;
        prepared = prepared => prepared,
        () = told_to_end(signals) => return Err(ExitStatus::Signal(Signal::SIGKILL as i32)),
    };
    let prepared = prepared.unwrap_or_else(|error| {
        Err(StartFault::Broken {
            error: error.to_string(),
        })
    });
    let started = prepared.and_then(|view| plan.start(view.as_ref()));
    started.map_err(ExitStatus::NotStarted)
}

/// Waits until the agent is to end; nothing is there that an interrupt could reach.
async fn told_to_end(signals: &mut mpsc::UnboundedReceiver<GuardSignal>) {
    while let Some(GuardSignal::Interrupt) = signals.recv().await {}
}

async fn serve(
    plan: &Arc<LaunchPlan>,
    mut child: Child,
    mut connections: Connections,
) -> AgentExit {
    let stdin = child.stdin.take().expect("stdin is piped");
    let stdout = child.stdout.take().expect("stdout is piped");
    let stderr = child.stderr.take().expect("stderr is piped");
    let (lines, queued_lines) = mpsc::channel(MAX_QUEUED_LINES);
    let (over, is_over) = watch::channel(false);
    let reports = connections.reports;
    let writer = task::spawn(pump::write_lines(stdin, queued_lines));
    let folder: Arc<Path> = plan.folder().into();
    let feeder = Feeder {
        lines: lines.clone(),
        neutralise: move |text: &str| mentions::neutralise(text, &folder),
    };
    let feeder = task::spawn(feeder.feed(connections.inputs));
    let translator = Translator::in_folder(plan.folder(), follow_links, plan.language.say());
    let translator = translator.started_with(&plan.allowed, &plan.mode);
    let output = pump::read_output(stdout, is_over.clone(), lines, reports.clone(), translator);
    let output = task::spawn(output);
    let watch = (plan.bound_home()).map(|home| task::spawn(home.report(reports.clone())));
    let errors = task::spawn(pump::read_stderr(stderr, is_over, reports));

    let status = wait(&mut child, &mut connections.signals, plan.containment).await;
    over.send_replace(true);
    feeder.abort();
    writer.abort();
    watch.inspect(JoinHandle::abort);
    let status = finished(status, plan).await;
    let plain = join(output).await.unwrap_or_default();
    let stderr = join(errors).await.unwrap_or_default();
    let stderr = if stderr.is_empty() { plain } else { stderr };
    AgentExit {
        status: refine_status(status, &stderr),
        stderr,
    }
}

/// Turns inputs into lines.
struct Feeder<N> {
    lines: mpsc::Sender<Outgoing>,
    /// Makes mentions inert; looks into the agent's folder, which may not answer.
    neutralise: N,
}

impl<N: Fn(&str) -> String + Clone + Send + 'static> Feeder<N> {
    /// Waits where the agent does not read, and closes its input at the end.
    async fn feed(self, mut inputs: mpsc::Receiver<AgentInput>) {
        let mut outgoing = Outgoing::Line(wire::initialize_line());
        while self.lines.send(outgoing).await.is_ok() {
            let Some(input) = inputs.recv().await else {
                return;
            };
            let prepared = match self.made_safe(input).await {
                Ok(input) => with_pictures(input).await,
                Err(error) => Err(error),
            };
            let (input, pictures) = match prepared {
                Ok(prepared) => prepared,
                Err(error) => {
                    error!(%error, "cannot prepare a message, so the agent gets no more input");
                    return;
                }
            };
            outgoing = match wire::input_line_with(&input, &pictures) {
                Some(line) => Outgoing::Line(line),
                None => Outgoing::Close,
            };
        }
    }

    /// Makes mentions inert beside this thread, which serves the agents of all chats.
    async fn made_safe(&self, input: AgentInput) -> Result<AgentInput, JoinError> {
        match input {
            AgentInput::Prompt {
                id,
                text,
                form,
                pictures,
            } if mentions::may_mention(&text) => {
                let neutralise = self.neutralise.clone();
                let text = task::spawn_blocking(move || neutralise(&text)).await?;
                Ok(AgentInput::Prompt {
                    id,
                    text,
                    form,
                    pictures,
                })
            }
            AgentInput::Enquire {
                asked_in,
                enquiry: Enquiry::Aside(question),
            } if mentions::may_mention(&question) => {
                let neutralise = self.neutralise.clone();
                let question = task::spawn_blocking(move || neutralise(&question)).await?;
                let enquiry = Enquiry::Aside(question);
                Ok(AgentInput::Enquire { asked_in, enquiry })
            }
            AgentInput::Prompt { .. }
            | AgentInput::Interrupt
            | AgentInput::Set { .. }
            | AgentInput::StopTask(_)
            | AgentInput::LetRun { .. }
            | AgentInput::Enquire { .. }
            | AgentInput::Permission { .. }
            | AgentInput::Form { .. }
            | AgentInput::ToolResult { .. }
            | AgentInput::Close => Ok(input),
        }
    }
}

/// Waits for the guard's end and passes signals on to it.
pub(super) async fn wait(
    child: &mut Child,
    signals: &mut mpsc::UnboundedReceiver<GuardSignal>,
    containment: Containment,
) -> std::io::Result<std::process::ExitStatus> {
    loop {
        tokio::select! {
            biased;
            status = child.wait() => return status,
            signal = signals.recv() => match signal {
                Some(GuardSignal::Interrupt) => send_signal(child, Signal::SIGINT),
                Some(GuardSignal::Kill) | None => break,
            },
        }
    }
    match containment {
        // The kernel ends what the guard guards together with it. A softer signal would be lost on
        // the first process of a namespace until it has said that it waits for one.
        Containment::Namespace => {
            send_signal(child, Signal::SIGKILL);
            return child.wait().await;
        }
        Containment::UserNamespace | Containment::Tree => send_signal(child, Signal::SIGTERM),
    }
    if let Ok(status) = tokio::time::timeout(GUARD_TIME_LIMIT, child.wait()).await {
        return status;
    }
    warn!("the guard does not end and is killed");
    send_signal(child, Signal::SIGKILL);
    child.wait().await
}

/// Signals the guard. Its pid cannot be somebody else's: it is reaped by the wait alone, and after
/// that the child has no id.
fn send_signal(child: &Child, signal: Signal) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(Err(errno)) = pid.map(|pid| kill(Pid::from_raw(pid), signal)) {
        debug!(error = errno.desc(), "guard cannot be signalled");
    }
}

/// Says how an agent ended, once nothing of it is left.
pub(super) async fn finished(
    status: std::io::Result<std::process::ExitStatus>,
    plan: &LaunchPlan,
) -> ExitStatus {
    let status = match status {
        Ok(status) => status,
        Err(error) => {
            error!(%error, "cannot tell how the agent ended");
            return ExitStatus::Signal(Signal::SIGKILL as i32);
        }
    };
    let Some(signal) = status.signal() else {
        return match AgentEnd::of_code(status.code().unwrap_or_default()) {
            AgentEnd::Code(code) => ExitStatus::Code(code),
            AgentEnd::Signal(signal) => ExitStatus::Signal(signal),
        };
    };
    match plan.containment {
        Containment::Namespace => debug!(signal, "guard was ended, and its namespace with it"),
        // Its namespace ends with it a moment later, which nobody else reports.
        Containment::UserNamespace | Containment::Tree => sweep(plan).await,
    }
    ExitStatus::Signal(signal)
}

/// Ends what a guard left that was ended before it could.
async fn sweep(plan: &LaunchPlan) {
    let marks = plan.marks();
    let swept = task::spawn_blocking(move || leftovers::end_marked(&marks)).await;
    if let Ok(killed @ 1..) = swept {
        warn!(
            killed,
            "the guard was killed before its agent; ended what was left"
        );
    }
}

async fn join<T>(task: JoinHandle<T>) -> Option<T> {
    match task.await {
        Ok(value) => Some(value),
        Err(error) => {
            error!(%error, "reading from or writing to an agent failed");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::channel;

    use bridge_actors::ids::PromptId;
    use bridge_actors::ports::PromptForm;

    use super::*;

    /// How long the folder is silent at most, so that a broken test ends.
    const SILENCE: Duration = Duration::from_secs(10);

    #[actix::test]
    async fn a_folder_that_does_not_answer_holds_its_own_agent_alone() {
        let (answer, silence) = channel::<()>();
        let silence = Arc::new(Mutex::new(silence));
        let mut held = feed(move |text| {
            silence.lock().unwrap().recv_timeout(SILENCE).ok();
            text.to_owned()
        });
        let mut other = feed(str::to_owned);
        assert!(line(&mut held).await.contains("initialize"));
        assert!(line(&mut other).await.contains("initialize"));
        assert!(line(&mut other).await.contains("see @file"));
        assert!(held.try_recv().is_err(), "its folder has not answered");
        answer.send(()).unwrap();
        assert!(line(&mut held).await.contains("see @file"));
    }

    fn feed(
        neutralise: impl Fn(&str) -> String + Clone + Send + 'static,
    ) -> mpsc::Receiver<Outgoing> {
        let (lines, fed) = mpsc::channel(9);
        let (inputs, queued) = mpsc::channel(9);
        let prompt = AgentInput::Prompt {
            id: PromptId("p1".to_owned()),
            text: "see @file".to_owned(),
            form: PromptForm::Text,
            pictures: Vec::new(),
        };
        inputs.try_send(prompt).unwrap();
        actix::spawn(Feeder { lines, neutralise }.feed(queued));
        fed
    }

    async fn line(fed: &mut mpsc::Receiver<Outgoing>) -> String {
        match fed.recv().await {
            Some(Outgoing::Line(line)) => line,
            end @ (Some(Outgoing::Close) | None) => panic!("{end:?}"),
        }
    }
}
