//! Tells systemd how the bridge is; without systemd nothing happens.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::task::JoinHandle;
use tracing::warn;

/// The word to the service manager, and the signs of life it asked for.
#[derive(Debug)]
pub(super) struct Service {
    signs_of_life: Option<JoinHandle<()>>,
}

impl Service {
    /// Says that the bridge is ready, and gives a sign of life from now on if one is wanted.
    ///
    /// The signs come from the thread on which all actors live: when it hangs, they end, and the
    /// service manager starts the bridge anew. Telegram's being away does not end them.
    pub(super) fn ready() -> Self {
        tell(&[NotifyState::Ready]);
        // Half of what is allowed, as systemd advises.
        let signs_of_life = sd_notify::watchdog_enabled().map(|limit| {
            let interval = (limit / 2).max(Duration::from_millis(1));
            actix_rt::spawn(async move {
                loop {
                    tell(&[NotifyState::Watchdog]);
                    tokio::time::sleep(interval).await;
                }
            })
        });
        Self { signs_of_life }
    }

    /// Says that the configuration is being read anew; [`Self::reloaded`] ends that.
    pub(super) fn reloading(&self) {
        match NotifyState::monotonic_usec_now() {
            Ok(now) => tell(&[NotifyState::Reloading, now]),
            Err(error) => warn!(%error, "cannot tell the service manager about a reload"),
        }
    }

    /// Says that a reload is over, whatever came of it.
    pub(super) fn reloaded(&self) {
        tell(&[NotifyState::Ready]);
    }

    /// Says that the bridge stops.
    pub(super) fn stopping(&self) {
        tell(&[NotifyState::Stopping]);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(signs_of_life) = &self.signs_of_life {
            signs_of_life.abort();
        }
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        warn!(%error, "cannot report to the service manager");
    }
}
