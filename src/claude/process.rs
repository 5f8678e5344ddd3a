//! Starts agents below a guard, pumps their lines and ends their whole tree when told or dropped.

#[cfg(feature = "fuzzing")]
pub(super) mod fuzzing;
mod lines;
mod pump;
mod run;
mod start;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

use actix::Recipient;
use bridge_actors::ids::SessionKey;
use bridge_actors::ports::{Agent, AgentInput, AgentLauncher, AgentReport, LaunchOrder};
use tokio::runtime::{self, Handle};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tracing::warn;

use crate::claude::command_line::{AgentOptions, command_line};
use crate::claude::guard::Containment;

/// How many inputs may wait for an agent to read them; one that reads nothing for so long is ended.
const MAX_QUEUED_INPUTS: usize = 1024;

/// Starts Claude processes.
///
/// All of them are started and served by one thread of its own that lives as long as the bridge:
/// the kernel ties a parent-death signal to the thread that made the child, and an actor's thread
/// must never wait for a pipe.
pub struct ClaudeLauncher {
    options: RwLock<AgentOptions>,
    containment: Containment,
    guard: PathBuf,
    environment: Vec<(OsString, OsString)>,
    /// Where the files lie that a chat sent.
    inboxes: Option<InboxOf>,
    agents: Handle,
}

/// Returns where the files lie that a chat sent.
pub type InboxOf = Arc<dyn Fn(SessionKey) -> PathBuf + Send + Sync>;

impl fmt::Debug for ClaudeLauncher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bridge's environment may hold the token.
        f.debug_struct("ClaudeLauncher").finish_non_exhaustive()
    }
}

impl ClaudeLauncher {
    /// Makes a launcher and its thread; agents get their environment from the bridge's own.
    ///
    /// `guard` is the program that has the guard's roles.
    ///
    /// The thread outlives the launcher, so a process needs only one.
    ///
    /// # Errors
    ///
    /// When the system refuses a thread or an event queue.
    pub fn new(
        options: AgentOptions,
        containment: Containment,
        guard: PathBuf,
    ) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let agents = runtime.handle().clone();
        thread::Builder::new()
            .name("agents".to_owned())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
        let environment = std::env::vars_os().collect();
        Ok(Self {
            options: RwLock::new(options),
            containment,
            guard,
            environment,
            inboxes: None,
            agents,
        })
    }

    /// Returns what agents are started with now.
    pub fn options(&self) -> AgentOptions {
        let held = self.options.read().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    /// Replaces what agents are started with from now on.
    pub fn replace_options(&self, options: AgentOptions) {
        *self.options.write().unwrap_or_else(PoisonError::into_inner) = options;
    }

    /// Lets each agent read the files that its chat sent.
    pub fn with_inboxes(mut self, inboxes: InboxOf) -> Self {
        self.inboxes = Some(inboxes);
        self
    }

    /// Replaces the environment from which that of an agent is chosen.
    pub fn with_environment(mut self, environment: Vec<(OsString, OsString)>) -> Self {
        self.environment = environment;
        self
    }
}

impl AgentLauncher for ClaudeLauncher {
    fn launch(&self, order: LaunchOrder, reports: Recipient<AgentReport>) -> Box<dyn Agent> {
        let options = self.options.read().unwrap_or_else(PoisonError::into_inner);
        let (inputs, queued_inputs) = mpsc::channel(MAX_QUEUED_INPUTS);
        let (signals, queued_signals) = mpsc::unbounded_channel();
        let inbox = self.inboxes.as_ref().map(|of| of(order.room));
        let plan = start::LaunchPlan {
            command: command_line(&options, &order, inbox.as_deref(), self.environment.clone()),
            inbox,
            containment: self.containment,
            view: None,
            guard: self.guard.clone(),
            mark: uuid::Uuid::new_v4().to_string(),
            language: order.language,
        };
        let connections = run::Connections {
            inputs: queued_inputs,
            signals: queued_signals,
            reports: pump::Reports {
                generation: order.generation,
                recipient: reports,
            },
        };
        self.agents.spawn(run::run(plan, connections));
        Box::new(ClaudeAgent { inputs, signals })
    }
}

/// Handles SIGCHLD, which whoever started the bridge may have ignored: the kernel would then keep
/// the end of a child to itself, here and, since that is inherited, in every guard.
///
/// Must be called inside a runtime, and before the first guard is started.
///
/// # Errors
///
/// When the system refuses a handler.
pub fn hear_of_children() -> io::Result<()> {
    signal(SignalKind::child()).map(drop)
}

/// What a running agent can be sent past its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GuardSignal {
    Interrupt,
    Kill,
}

/// The handle of one agent. Dropping it closes both channels, which ends the agent.
#[derive(Debug)]
struct ClaudeAgent {
    inputs: mpsc::Sender<AgentInput>,
    signals: mpsc::UnboundedSender<GuardSignal>,
}

impl Agent for ClaudeAgent {
    fn write(&self, input: AgentInput) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.inputs.try_send(input) {
            warn!(
                limit = MAX_QUEUED_INPUTS,
                "the agent does not read its input and is ended"
            );
            self.kill();
        }
    }

    fn signal_interrupt(&self) {
        self.signals.send(GuardSignal::Interrupt).ok();
    }

    fn kill(&self) {
        self.signals.send(GuardSignal::Kill).ok();
    }
}
