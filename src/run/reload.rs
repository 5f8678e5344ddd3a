//! Reads the configuration anew while the bridge runs.

use std::convert::Infallible;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix::prelude::*;
use anyhow::Context as _;
use bridge_actors::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use bridge_actors::clock::unix_now;
use bridge_actors::purse::Purse;
use bridge_actors::router::Reload;
use bridge_actors::session::settings::SettingsBook;
use bridge_actors::session_supervisor::Reconfigure;
use bridge_actors::user_registry::SetRules;
use tokio::sync::{Notify, oneshot};
use tracing::{error, info, warn};

use super::BridgeOptions;
use super::people::Owner;
use super::service::Service;
use crate::claude::command_line::AgentOptions;
use crate::claude::process::ClaudeLauncher;
use crate::config::{Config, LoadOptions, Loaded};
use crate::isolation::Isolation;
use crate::room::Rooms;

/// How long a reload waits for files and folders: longer than a disk that wakes up takes.
const READ_LIMIT: Duration = Duration::from_secs(30);

/// Where the configuration came from, and what it said.
#[derive(Debug)]
pub struct ConfigSource {
    /// How to read it again.
    pub options: LoadOptions,
    /// What holds now.
    pub loaded: Loaded,
}

/// Who is told of another configuration.
pub(super) struct Reloader {
    pub(super) source: Option<ConfigSource>,
    pub(super) owner: Owner,
    pub(super) router: Recipient<Reload>,
    pub(super) launcher: Arc<ClaudeLauncher>,
    pub(super) rooms: Rooms,
    pub(super) isolation: Isolation,
    pub(super) audit: Recipient<AuditEntry>,
    /// Counts the changes of what all agents are started with.
    pub(super) epoch: u64,
    pub(super) purse: Arc<Purse>,
}

/// A configuration as it is written now, and what follows from it.
struct Read {
    loaded: Loaded,
    options: BridgeOptions,
}

impl Reloader {
    /// Returns how to ask for a reload, and what does it; that never ends.
    pub(super) fn serve(
        mut self,
        service: &Service,
    ) -> (Arc<Notify>, impl Future<Output = Infallible>) {
        let asked = Arc::new(Notify::new());
        let is_asked = Arc::clone(&asked);
        let serving = async move {
            loop {
                is_asked.notified().await;
                service.reloading();
                self.reload().await;
                service.reloaded();
            }
        };
        (asked, serving)
    }

    /// Lets the configuration hold as it is written now. One that cannot hold is told in the log
    /// and changes nothing.
    async fn reload(&mut self) {
        let Some(source) = self.source.take() else {
            info!("nothing to reload: this bridge runs without a configuration file");
            return;
        };
        let (loaded, outcome) = match self.try_reload(&source).await {
            Ok(loaded) => {
                info!("the configuration is reloaded; changes apply from the next turn");
                (loaded, AuditOutcome::Done)
            }
            Err(problem) => {
                error!("the configuration is not reloaded; the running one stays: {problem:#}");
                (source.loaded, AuditOutcome::Refused("invalid"))
            }
        };
        let options = source.options;
        self.source = Some(ConfigSource { options, loaded });
        let entry = AuditEntry {
            at: unix_now(),
            by: AuditActor::Host,
            action: AuditAction::Reload,
            target: None,
            subject: None,
            outcome,
        };
        if let Err(error) = self.audit.try_send(entry) {
            warn!(%error, "the audit log does not accept a line");
        }
    }

    async fn try_reload(&mut self, source: &ConfigSource) -> anyhow::Result<Loaded> {
        let Read {
            loaded,
            mut options,
        } = read(source.options.clone()).await?;
        // Whether there are many people holds until the restart, and so does their owner.
        let was_shared = source.loaded.config.multi_user.enabled;
        anyhow::ensure!(
            was_shared == loaded.config.multi_user.enabled,
            "multi_user.enabled has changed: restart the bridge"
        );
        self.owner.settle_in(&mut options.book, &options.people);
        (self.isolation).settle_in(&mut options.book, self.owner.chat());
        let before = self.launcher.options();
        let agents = until_restart(&before, options.agents);
        self.check_walls(&agents, &options.book).await?;
        // Other options for all agents end those that are idle; the count tells the sessions.
        let epoch = self.epoch + u64::from(agents != before);
        options.book.epoch = epoch;
        let (launcher, rooms) = (Arc::clone(&self.launcher), self.rooms.clone());
        let (purse, budgets) = (Arc::clone(&self.purse), options.budgets);
        let order = Reload {
            rules: SetRules {
                rules: Arc::new(self.owner.rules(&options.people)),
                messages_per_minute: options.people.messages_per_minute,
            },
            on_accepted: Box::new(move || {
                rooms.add_private_paths(&agents.private_paths);
                launcher.replace_options(agents);
                purse.limit(budgets);
            }),
            settings: Reconfigure {
                book: Arc::new(options.book),
                max_live: options.max_live,
            },
        };
        self.router.send(order).await??;
        self.epoch = epoch;
        for warning in &loaded.warnings {
            warn!("{warning}");
        }
        for key in needs_restart(&source.loaded.config, &loaded.config) {
            warn!("{key} has changed; restart the bridge to apply it");
        }
        Ok(loaded)
    }
}

impl Reloader {
    /// The walls were tried with what rooms were opened for when the bridge started.
    async fn check_walls(&self, agents: &AgentOptions, book: &SettingsBook) -> anyhow::Result<()> {
        let (isolation, agents, book) = (self.isolation.clone(), agents.clone(), book.clone());
        let look = on_own_thread(move || isolation.left_open_by(&agents, &book)).await?;
        match look {
            None => Ok(()),
            Some(open) => anyhow::bail!("the walls around agents would not hold: {open}"),
        }
    }
}

/// Reads the configuration.
async fn read(options: LoadOptions) -> anyhow::Result<Read> {
    let read = move || -> anyhow::Result<Read> {
        let loaded = Config::load(&options)?;
        let options = BridgeOptions::from_config(&loaded)?;
        Ok(Read { loaded, options })
    };
    on_own_thread(read).await?
}

/// Looks at files and folders on a thread of its own. A folder that hangs keeps nobody waiting, not
/// the next reload either, and the thread does not keep the bridge from ending.
async fn on_own_thread<T: Send + 'static>(
    look: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
    let (tell, told) = oneshot::channel();
    let looker = thread::Builder::new().name("reload".to_owned());
    looker
        .spawn(move || tell.send(look()).ok())
        .context("cannot start a thread")?;
    let told = tokio::time::timeout(READ_LIMIT, told).await;
    let told = told.map_err(|_| anyhow::anyhow!("it could not be read within {READ_LIMIT:?}"))?;
    told.context("reading it failed")
}

/// Returns what agents are started with until the bridge is started anew: its store stays where it
/// is, and so does all that was kept from them.
fn until_restart(held: &AgentOptions, written: AgentOptions) -> AgentOptions {
    let mut private_paths = written.private_paths;
    for path in &held.private_paths {
        if !private_paths.contains(path) {
            private_paths.push(path.clone());
        }
    }
    AgentOptions {
        private_paths,
        marker: held.marker.clone(),
        ..written
    }
}

/// Names what holds only after a restart and has changed.
fn needs_restart(before: &Config, after: &Config) -> Vec<&'static str> {
    let changed = [
        ("[telegram]", before.telegram != after.telegram),
        ("[single_user]", before.single_user != after.single_user),
        ("limits.max_file_size", {
            before.limits.max_file_size != after.limits.max_file_size
        }),
        ("limits.files_per_chat", {
            before.limits.files_per_chat != after.limits.files_per_chat
        }),
        ("claude.isolation", {
            before.claude.isolation != after.claude.isolation
        }),
        ("claude.containment", {
            before.claude.containment != after.claude.containment
        }),
        ("[files]", before.files != after.files),
        ("[storage]", before.storage != after.storage),
        ("[log]", before.log != after.log),
    ];
    (changed.into_iter())
        .filter(|(_, has_changed)| *has_changed)
        .map(|(section, _)| section)
        .collect()
}

#[cfg(test)]
mod tests;
