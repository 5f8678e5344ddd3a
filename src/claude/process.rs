//! Starts agents below a guard, pumps their lines and ends their whole tree when told or dropped.

mod archive;
mod errand;
#[cfg(feature = "fuzzing")]
pub(super) mod fuzzing;
mod home_watch;
mod lines;
mod pictures;
mod pump;
mod run;
mod start;
mod tool_room;
mod transcribe;
mod walled;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

use actix::Recipient;
use bridge_actors::chat_settings::{HostSettings, Wall};
use bridge_actors::ids::{ChatId, SessionKey};
use bridge_actors::ports::{
    Agent, AgentInput, AgentLauncher, AgentReport, ArchiveDone, ArchiveOrder, Conversation,
    LaunchOrder, PromptsRead, ReadPrompts,
};
use tokio::runtime::{self, Handle};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tracing::warn;

use crate::claude::command_line::{AgentCommand, AgentOptions, command_line};
use crate::claude::groups::Groups;
use crate::claude::guard::Containment;
use crate::claude::last_prompts::last_prompts;
use crate::claude::room_view::{CONFIG, RoomPaths, environment as environment_of, level_of, view};
use archive::Keeper;
use home_watch::{BoundHome, HomeWatch};
use start::Room;
use walled::RoomPlan;

pub use archive::{HolderOf, OutgoingOf};
pub use errand::ErrandEnd;
pub use home_watch::OnFull;

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
    /// What bounds the memory of rooms, where something can.
    groups: Option<Groups>,
    guard: PathBuf,
    environment: Vec<(OsString, OsString)>,
    /// Where the files lie that a chat sent.
    inboxes: Option<InboxOf>,
    /// Where agents behind a wall have their homes.
    homes: Option<HomeOf>,
    /// How full these are.
    home_watch: Arc<HomeWatch>,
    /// Whose ids they have, where the bridge may choose.
    uids: Option<UidOf>,
    /// What stands around whose agents.
    walls: Option<WallOf>,
    archive: Arc<Keeper>,
    agents: Handle,
}

/// Returns where the files lie that a chat sent.
pub type InboxOf = Arc<dyn Fn(SessionKey) -> PathBuf + Send + Sync>;

/// Returns the home of an agent behind a wall.
pub type HomeOf = Arc<dyn Fn(SessionKey) -> PathBuf + Send + Sync>;

/// Returns what stands around the agents of a chat.
pub type WallOf = Arc<dyn Fn(ChatId) -> Wall + Send + Sync>;

pub use walled::UidOf;

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
            homes: None,
            home_watch: Arc::default(),
            uids: None,
            walls: None,
            archive: Arc::default(),
            groups: None,
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

    /// Gives each agent behind a wall a home, and where the bridge may choose, a user.
    pub fn with_homes(mut self, homes: HomeOf, uids: UidOf) -> Self {
        self.homes = Some(homes);
        self.uids = Some(uids);
        self
    }

    /// Tells of homes that become full from now on.
    pub fn tell_of_full_homes(&self, on_full: OnFull) {
        self.home_watch.tell(on_full);
    }

    /// Tells what stands around the agents of a chat, and so around what works for it.
    pub fn with_walls(mut self, walls: WallOf) -> Self {
        self.walls = Some(walls);
        self
    }

    /// Tells who has which conversation, and where files are put that are to be sent.
    pub fn with_archive(mut self, holder_of: HolderOf, outgoing: OutgoingOf) -> Self {
        self.archive = Arc::new(Keeper::with_others(holder_of, outgoing));
        self
    }

    /// Bounds the memory of what is behind a wall.
    pub fn with_groups(mut self, groups: Option<Groups>) -> Self {
        self.groups = groups;
        self
    }

    /// Returns the room of an agent and its command there.
    fn room(
        &self,
        mut options: AgentOptions,
        order: &mut LaunchOrder,
        inbox: Option<&Path>,
    ) -> (AgentCommand, Room) {
        let environment = self.environment.clone();
        let (Some(homes), Some(inbox)) = (&self.homes, inbox) else {
            return (
                command_line(&options, order, inbox, environment),
                Room::None,
            );
        };
        let paths = RoomPaths {
            home: homes(order.room),
            inbox: inbox.to_owned(),
        };
        let level = level_of(order.settings.wall);
        let private_paths = options.private_paths.clone();
        if level.is_some() {
            // An agent could write what counts as the host's settings here.
            order.settings.host_settings = HostSettings::LeftOut;
            // It reads its own home, which lies in the data folder; the wall covers the rest.
            options
                .private_paths
                .retain(|path| !paths.home.starts_with(path));
        }
        let mut command = command_line(&options, order, Some(inbox), environment);
        let host_config = host_config(&command.env);
        let view = level.map(|level| {
            command.env = environment_of(level, &options.rooms, &paths.home, command.env.clone());
            view(
                level,
                &options.rooms,
                order.key.chat,
                &paths,
                &private_paths,
            )
        });
        let bound = options.rooms.home_limit.filter(|_| view.is_some());
        let bound = bound.map(|limit| BoundHome {
            key: order.room,
            home: paths.home.clone(),
            limit,
            full: order.full_home,
            watch: Arc::clone(&self.home_watch),
        });
        let room = RoomPlan {
            bound,
            view,
            paths,
            host_config,
            neighbours: options.rooms.neighbours,
            private: private_paths,
            conversation: order.conversation.clone(),
            logs_in: order.logs_in,
            uids: self.uids.clone(),
            first_uid: options.rooms.first_uid,
            network: options.rooms.network.clone(),
            marker: options.marker.clone(),
        };
        (command, Room::Agent(Box::new(room)))
    }

    /// Replaces the environment from which that of an agent is chosen.
    pub fn with_environment(mut self, environment: Vec<(OsString, OsString)>) -> Self {
        self.environment = environment;
        self
    }
}

impl ClaudeLauncher {
    /// Returns the folders in which Claude may have the conversations of a chat, that of its agents
    /// first.
    fn configs(&self, order: &ReadPrompts) -> Vec<PathBuf> {
        let home = self.homes.as_ref().map(|of| of(order.room));
        let home = home.filter(|_| level_of(order.wall).is_some());
        let home = home.map(|home| home.join(CONFIG));
        (home.into_iter().chain(host_config(&self.environment))).collect()
    }
}

impl AgentLauncher for ClaudeLauncher {
    fn read_prompts(&self, order: ReadPrompts, answers: Recipient<PromptsRead>) {
        let configs = self.configs(&order);
        let reading = move || {
            let mut outcome = Ok(Vec::new());
            for config in configs {
                outcome = last_prompts(&order.conversation.0, &config);
                if outcome.as_ref().is_ok_and(|prompts| !prompts.is_empty()) {
                    break;
                }
            }
            let outcome = outcome.map_err(|error| error.to_string());
            let asked_in = order.asked_in;
            if answers.try_send(PromptsRead { asked_in, outcome }).is_err() {
                warn!("a session does not take the prompts that it asked for");
            }
        };
        drop(self.agents.spawn_blocking(reading));
    }

    fn launch(&self, order: LaunchOrder, reports: Recipient<AgentReport>) -> Box<dyn Agent> {
        let options = self.options();
        let mut order = order;
        let (inputs, queued_inputs) = mpsc::channel(MAX_QUEUED_INPUTS);
        let (signals, queued_signals) = mpsc::unbounded_channel();
        let inbox = self.inboxes.as_ref().map(|of| of(order.room));
        let (Conversation::New(id) | Conversation::Resume(id)) = &order.conversation;
        let has = self.archive.enter(id, order.key);
        let (command, room) = self.room(options, &mut order, inbox.as_deref());
        let plan = start::LaunchPlan {
            command,
            inbox,
            room,
            wall: order.settings.wall,
            groups: self.groups.clone(),
            has: Some(has),
            containment: self.containment,
            guard: self.guard.clone(),
            mark: uuid::Uuid::new_v4().to_string(),
            language: order.language,
            allowed: order.settings.allowed_tools,
            mode: order.settings.permission_mode,
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

    fn look_up(&self, order: ArchiveOrder, answers: Recipient<ArchiveDone>) {
        self.look_up_order(order, answers);
    }
}

/// Returns where Claude keeps its own files by this environment.
fn host_config(environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let named = |name: &str| {
        let found = environment.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| PathBuf::from(value))
    };
    named("CLAUDE_CONFIG_DIR").or_else(|| Some(named("HOME")?.join(CONFIG)))
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
