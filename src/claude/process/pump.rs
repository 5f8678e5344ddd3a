//! The three pumps of an agent: lines in, lines out, and what it says on stderr.

#[cfg(test)]
mod tests;

use std::mem;
use std::time::Duration;

use actix::Recipient;
use actix::dev::RecipientRequest;
use bridge_actors::agent_event::AgentEvent;
use bridge_actors::ids::Generation;
use bridge_actors::ports::AgentReport;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::ChildStdin;
use tokio::sync::{mpsc, watch};
use tokio::task;
use tracing::{debug, error, warn};

use super::lines::{Line, LineCutter, MAX_LINE, Tail};
use crate::claude::translate::{self, Translated, Translator};
use crate::claude::version::{MINIMUM, Support, Version};

/// How many lines may wait for the agent's input pipe.
pub(super) const MAX_QUEUED_LINES: usize = 64;

/// How much is read at once, in bytes: what a pipe holds.
const READ_SIZE: usize = 64 * 1024;

/// How long a pipe may stay silent after the guard has ended before it is given up: somebody who
/// may not be ended holds it.
const SILENCE_AFTER_END: Duration = Duration::from_secs(1);

/// The longest line of stderr that is looked at, in bytes.
const MAX_STDERR_LINE: usize = 64 * 1024;

/// Where an agent's reports go.
#[derive(Debug, Clone)]
pub(super) struct Reports {
    /// The agent they are from.
    pub(super) generation: Generation,
    /// The session.
    pub(super) recipient: Recipient<AgentReport>,
}

impl Reports {
    /// Delivers one event and waits until the session has taken it.
    pub(super) async fn send(&self, event: AgentEvent) {
        taken(self.request(vec![event])).await;
    }

    fn request(&self, events: Vec<AgentEvent>) -> RecipientRequest<AgentReport> {
        self.recipient.send(AgentReport {
            generation: self.generation,
            events,
        })
    }
}

async fn taken(request: RecipientRequest<AgentReport>) {
    if request.await.is_err() {
        debug!("session is gone, report dropped");
    }
}

/// Delivers what each read of a pipe brings as one report.
///
/// The next read goes on while the session takes a report, and a further report waits until it has:
/// at most two reads are in memory, so a slow session slows the agent.
struct Delivery {
    reports: Reports,
    under_way: Option<RecipientRequest<AgentReport>>,
}

impl Delivery {
    fn new(reports: Reports) -> Self {
        Self {
            reports,
            under_way: None,
        }
    }

    async fn send(&mut self, events: Vec<AgentEvent>) {
        if events.is_empty() {
            return;
        }
        self.finish().await;
        self.under_way = Some(self.reports.request(events));
    }

    /// Waits until the session has taken what was sent.
    async fn finish(&mut self) {
        if let Some(request) = self.under_way.take() {
            taken(request).await;
        }
    }
}

/// What goes to the agent's input.
#[derive(Debug)]
pub(super) enum Outgoing {
    /// One line without its end.
    Line(String),
    /// The end of the input.
    Close,
}

/// Writes whole lines until told to close or until the agent is gone.
pub(super) async fn write_lines(mut stdin: ChildStdin, mut lines: mpsc::Receiver<Outgoing>) {
    while let Some(Outgoing::Line(mut line)) = lines.recv().await {
        line.push('\n');
        if let Err(error) = stdin.write_all(line.as_bytes()).await {
            debug!(%error, "agent takes no more input");
            break;
        }
    }
    drop(stdin);
    // Whoever writes to an agent without input must not wait: its lines are taken and dropped.
    while lines.recv().await.is_some() {}
}

/// Reads the agent's output to its end; every event is reported, every reply written back. Returns
/// the last of what it wrote before it spoke the protocol: why it does not start may stand there.
pub(super) async fn read_output(
    mut stdout: impl AsyncRead + Unpin,
    mut is_over: watch::Receiver<bool>,
    replies: mpsc::Sender<Outgoing>,
    reports: Reports,
    translator: Translator,
) -> String {
    let mut output = Output {
        translator,
        replies,
        plain: Some(Tail::default()),
        events: Vec::new(),
    };
    let mut delivery = Delivery::new(reports);
    let mut cutter = LineCutter::new(MAX_LINE);
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let size = read(&mut stdout, &mut buffer, &mut is_over).await;
        let mut chunk = &buffer[..size];
        while !chunk.is_empty() {
            if let Some(line) = cutter.next_line(&mut chunk) {
                output.on_line(line, &mut is_over).await;
            }
        }
        if size == 0 {
            break;
        }
        delivery.send(mem::take(&mut output.events)).await;
    }
    if let Some(line) = cutter.rest() {
        output.on_line(line, &mut is_over).await;
    }
    delivery.send(output.events).await;
    delivery.finish().await;
    let lines = output.translator.unknown_lines();
    if lines > 0 {
        warn!(lines, "the agent sent lines that the bridge does not know");
    }
    output.plain.map(|tail| tail.to_text()).unwrap_or_default()
}

/// What the lines of one read came to.
struct Output {
    translator: Translator,
    replies: mpsc::Sender<Outgoing>,
    events: Vec<AgentEvent>,
    /// What came before the first line of the protocol, while none has.
    plain: Option<Tail>,
}

impl Output {
    async fn on_line(&mut self, line: Line, is_over: &mut watch::Receiver<bool>) {
        let Line::Whole(line) = line else {
            warn!(
                limit = MAX_LINE,
                "skipped a line of the agent that is too long"
            );
            self.events.push(AgentEvent::Heartbeat);
            return;
        };
        self.note_plain(&line);
        let known = self.translator.version();
        let translated = if Translator::looks_at_a_folder(&line) {
            self.translate_beside(line, is_over).await
        } else {
            self.translator.on_line(&line)
        };
        if let (None, Some(version)) = (known, self.translator.version()) {
            warn_of_age(version);
        }
        for reply in translated.replies {
            // Waiting here could wait for ever: the agent may read only once its output is read.
            if self.replies.try_send(Outgoing::Line(reply)).is_err() {
                warn!("the agent does not read replies, so one is dropped");
            }
        }
        self.events.extend(translated.events);
    }

    fn note_plain(&mut self, line: &[u8]) {
        if line.trim_ascii_start().starts_with(b"{") {
            self.plain = None;
        }
        if let Some(tail) = &mut self.plain {
            tail.push(line);
            tail.push(b"\n");
        }
    }

    /// Translates a line beside this thread, which serves the agents of all chats: the folder of
    /// this one may not answer. What an agent asked that is over is not waited for.
    async fn translate_beside(
        &mut self,
        line: Vec<u8>,
        is_over: &mut watch::Receiver<bool>,
    ) -> Translated {
        let mut translator = mem::take(&mut self.translator);
        let looking = task::spawn_blocking(move || {
            let translated = translator.on_line(&line);
            (translator, translated)
        });
        tokio::select! {
            biased;
            looked = looking => match looked {
                Ok((translator, translated)) => {
                    self.translator = translator;
                    translated
                }
                Err(error) => {
                    error!(%error, "cannot translate a line of the agent");
                    Translated::default()
                }
            },
            _ = is_over.wait_for(|is_over| *is_over) => Translated::default(),
        }
    }
}

fn warn_of_age(version: Version) {
    match version.support() {
        Support::Supported => debug!(%version, "the agent's version"),
        Support::TooOld => warn!(
            %version,
            minimum = %MINIMUM,
            "this Claude Code is too old for the bridge to work reliably; run `claude update`"
        ),
    }
}

/// Reads stderr to its end and returns the last 2 KiB as text.
pub(super) async fn read_stderr(
    mut stderr: impl AsyncRead + Unpin,
    mut is_over: watch::Receiver<bool>,
    reports: Reports,
) -> String {
    let mut delivery = Delivery::new(reports);
    let mut tail = Tail::default();
    let mut cutter = LineCutter::new(MAX_STDERR_LINE);
    let mut buffer = vec![0; 4096];
    loop {
        let size = read(&mut stderr, &mut buffer, &mut is_over).await;
        let mut chunk = &buffer[..size];
        let mut events = Vec::new();
        tail.push(chunk);
        while !chunk.is_empty() {
            if let Some(Line::Whole(line)) = cutter.next_line(&mut chunk) {
                events.extend(on_stderr_line(&line));
            }
        }
        delivery.send(events).await;
        if size == 0 {
            break;
        }
    }
    if let Some(Line::Whole(line)) = cutter.rest() {
        delivery.send(Vec::from_iter(on_stderr_line(&line))).await;
    }
    delivery.finish().await;
    tail.to_text()
}

fn on_stderr_line(line: &[u8]) -> Option<AgentEvent> {
    let line = String::from_utf8_lossy(line);
    debug!(%line, "agent wrote to stderr");
    translate::on_stderr_line(&line)
}

/// Reads what there is; 0 is the end, a failure and a silence after the guard's end included.
async fn read(
    pipe: &mut (impl AsyncRead + Unpin),
    buffer: &mut [u8],
    is_over: &mut watch::Receiver<bool>,
) -> usize {
    let silence = async {
        if is_over.wait_for(|is_over| *is_over).await.is_ok() {
            tokio::time::sleep(SILENCE_AFTER_END).await;
        }
    };
    tokio::select! {
        biased;
        size = pipe.read(buffer) => size.unwrap_or(0),
        () = silence => 0,
    }
}
