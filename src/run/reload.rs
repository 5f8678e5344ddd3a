//! Reads the configuration anew while the bridge runs.

use std::sync::Arc;

use actix::prelude::*;
use bridge_actors::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use bridge_actors::clock::unix_now;
use bridge_actors::router::{Reload, Router};
use bridge_actors::session_supervisor::Reconfigure;
use bridge_actors::user_registry::SetRules;
use tracing::{error, info, warn};

use super::BridgeOptions;
use super::people::Owner;
use crate::claude::process::ClaudeLauncher;
use crate::config::{Config, LoadOptions, Loaded};

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
    pub(super) router: Addr<Router>,
    pub(super) launcher: Arc<ClaudeLauncher>,
    pub(super) audit: Recipient<AuditEntry>,
    /// Counts the changes of what all agents are started with.
    pub(super) epoch: u64,
}

impl Reloader {
    /// Lets the configuration hold as it is written now. One that cannot hold is told in the log
    /// and changes nothing.
    pub(super) async fn reload(&mut self) {
        let Some(source) = &self.source else {
            info!("this bridge runs without a configuration file, so there is nothing to reload");
            return;
        };
        let outcome = match self.try_reload(source).await {
            Ok((loaded, epoch)) => {
                info!("the configuration is reloaded; it holds from the next turn on");
                self.epoch = epoch;
                if let Some(source) = &mut self.source {
                    source.loaded = loaded;
                }
                AuditOutcome::Done
            }
            Err(problem) => {
                error!("the configuration is not reloaded, the old one holds: {problem:#}");
                AuditOutcome::Refused("invalid")
            }
        };
        let entry = AuditEntry {
            at: unix_now(),
            by: AuditActor::Host,
            action: AuditAction::Reload,
            target: None,
            subject: None,
            outcome,
        };
        if let Err(error) = self.audit.try_send(entry) {
            warn!(%error, "the audit log does not take a line");
        }
    }

    async fn try_reload(&self, source: &ConfigSource) -> anyhow::Result<(Loaded, u64)> {
        let loaded = Config::load(&source.options)?;
        let mut options = BridgeOptions::from_config(&loaded)?;
        for warning in &loaded.warnings {
            warn!("{warning}");
        }
        for key in needs_restart(&source.loaded.config, &loaded.config) {
            warn!("{key} has changed; that holds after a restart of the bridge");
        }
        // Whether there are many people holds until the restart, and so does their owner.
        let was_shared = source.loaded.config.multi_user.enabled;
        anyhow::ensure!(
            was_shared == loaded.config.multi_user.enabled,
            "multi_user.enabled has changed: restart the bridge"
        );
        self.owner.settle_in(&mut options.book, &options.people);
        let before = self.launcher.replace_options(options.agents.clone());
        // Other options for all agents end those that are idle; the count tells the sessions.
        let has_changed = before != options.agents;
        let epoch = self.epoch + u64::from(has_changed);
        options.book.epoch = epoch;
        let order = Reload {
            rules: SetRules {
                rules: Arc::new(self.owner.rules(&options.people)),
                messages_per_minute: options.people.messages_per_minute,
            },
            settings: Reconfigure {
                book: Arc::new(options.book),
                max_live: options.max_live,
            },
        };
        let held = self.router.send(order).await;
        if !matches!(held, Ok(Ok(()))) {
            self.launcher.replace_options(before);
        }
        held??;
        Ok((loaded, epoch))
    }
}

/// Names what holds only after a restart and has changed.
fn needs_restart(before: &Config, after: &Config) -> Vec<&'static str> {
    let changed = [
        ("[telegram]", before.telegram != after.telegram),
        ("[single_user]", before.single_user != after.single_user),
        ("[storage]", before.storage != after.storage),
        ("[log]", before.log != after.log),
    ];
    (changed.into_iter())
        .filter(|(_, has_changed)| *has_changed)
        .map(|(section, _)| section)
        .collect()
}
