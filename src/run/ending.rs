//! What wakes a running bridge: reasons to end, and the wish to read the configuration anew.

use std::fmt;
use std::fs::File;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use crate::telegram::poller::PollEnd;

/// Waits for reasons to end and for SIGHUP.
#[derive(Debug)]
pub struct Ending {
    /// Whether the bridge was started from a terminal that can go away.
    has_terminal: bool,
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
    faults: mpsc::UnboundedReceiver<String>,
    report: mpsc::UnboundedSender<String>,
}

/// Tells the bridge that it has to end.
#[derive(Debug, Clone)]
pub struct EndReporter(mpsc::UnboundedSender<String>);

/// What a bridge is woken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// To end.
    End(EndReason),
    /// To read the configuration anew.
    Reload,
}

/// Why a bridge ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// Somebody said so.
    Signal(&'static str),
    /// Telegram does not know the token.
    TokenRefused,
    /// A part that everything depends on is gone.
    Broken(&'static str),
    /// The store cannot keep what it is given.
    StoreFailed(String),
}

impl Ending {
    /// Starts to listen for signals; from here on they do not end the process by themselves.
    ///
    /// # Errors
    ///
    /// When the system refuses a signal handler.
    pub fn listen() -> Result<Self> {
        let (report, faults) = mpsc::unbounded_channel();
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            has_terminal: is_terminal_there(),
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
            quit: listen(SignalKind::quit())?,
            faults,
            report,
        })
    }

    /// Returns a handle by which other threads end the bridge.
    pub fn reporter(&self) -> EndReporter {
        EndReporter(self.report.clone())
    }

    /// Waits for the next thing to do.
    ///
    /// SIGHUP asks for the configuration to be read anew. It also comes when the terminal is
    /// closed in which the bridge runs, and then it means what it always meant.
    pub async fn wake(&mut self) -> Wake {
        let reason = tokio::select! {
            _ = self.interrupt.recv() => EndReason::Signal("SIGINT"),
            _ = self.terminate.recv() => EndReason::Signal("SIGTERM"),
            _ = self.quit.recv() => EndReason::Signal("SIGQUIT"),
            _ = self.hangup.recv() => match self.has_terminal && !is_terminal_there() {
                true => EndReason::Signal("SIGHUP"),
                false => return Wake::Reload,
            },
            fault = self.faults.recv() => EndReason::StoreFailed(fault.unwrap_or_default()),
        };
        Wake::End(reason)
    }

    /// Waits for the next reason to end.
    pub async fn wait(&mut self) -> EndReason {
        loop {
            if let Wake::End(reason) = self.wake().await {
                return reason;
            }
        }
    }
}

/// Returns whether this process has a terminal: opening it fails without one, and as soon as it
/// is gone.
fn is_terminal_there() -> bool {
    File::open("/dev/tty").is_ok()
}

impl EndReporter {
    /// Says that the store failed for good.
    pub fn store_failed(&self, fault: String) {
        // A bridge that listens no more has ended already.
        self.0.send(fault).ok();
    }
}

impl EndReason {
    /// Returns what the end of the poll means for the bridge; `None` when the poller broke.
    pub fn from_poll(end: Option<PollEnd>) -> Self {
        match end {
            None => EndReason::Broken("the poller failed"),
            Some(PollEnd::Stopped) => EndReason::Broken("the poller stopped unexpectedly"),
            Some(PollEnd::RouterGone) => EndReason::Broken("the router failed"),
            Some(PollEnd::TokenRefused) => EndReason::TokenRefused,
            Some(PollEnd::StoreFailed) => {
                EndReason::StoreFailed("received updates cannot be stored".to_owned())
            }
        }
    }

    /// Returns how long running turns may go on; `usual` is for an orderly stop.
    ///
    /// What a broken bridge says may not arrive, so its turns are not waited for.
    pub fn grace(&self, usual: Duration) -> Duration {
        match self {
            EndReason::Signal(_) => usual,
            EndReason::TokenRefused | EndReason::Broken(_) | EndReason::StoreFailed(_) => {
                Duration::ZERO
            }
        }
    }

    /// Returns an error for every reason but a signal.
    pub fn into_result(self) -> Result<()> {
        match self {
            EndReason::Signal(_) => Ok(()),
            EndReason::TokenRefused | EndReason::Broken(_) | EndReason::StoreFailed(_) => {
                bail!("{self}")
            }
        }
    }
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EndReason::Signal(what) | EndReason::Broken(what) => f.write_str(what),
            EndReason::TokenRefused => f.write_str(
                "telegram does not accept the bot token; get a valid one from @BotFather and set \
                 telegram.token",
            ),
            EndReason::StoreFailed(fault) => write!(f, "the store failed: {fault}"),
        }
    }
}
