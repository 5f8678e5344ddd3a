//! The long poll: updates in order to the router, each confirmed only after it is there.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix::Recipient;
use bridge_actors::clock;
use bridge_actors::fault_point;
use bridge_actors::ids::UpdateMark;
use bridge_actors::ports::UpdateLog;
use bridge_actors::router::{Inbound, RouteBatch};
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use serde_json::Value;
use tokio::time::{sleep, timeout};
use tracing::{debug, error, info, warn};

use super::api::{ALLOWED_UPDATES, GetUpdatesRaw};
use super::bot_identity::BotIdentity;
use super::connection::{PollConnection, Telegram};
use super::errors::{CallError, is_token_refused};
use super::inbound::{read_update, update_id};
use super::poll_policy::{Advice, Connection, Notice, PollOutcome, PollPolicy};
use super::update_mark::mark_of;

/// How many updates a poll takes at most; Telegram's own limit.
const BATCH: u8 = 100;
/// How much later than promised an answer may come before the connection counts as dead.
const STALL_GRACE: Duration = Duration::from_secs(10);
/// How long a stop waits for a batch that the router is just taking over.
const HANDOVER_GRACE: Duration = Duration::from_secs(5);
/// How long the last confirmation of a stop may take.
const FAREWELL_LIMIT: Duration = Duration::from_secs(3);

/// Why polling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollEnd {
    /// It was asked to.
    Stopped,
    /// Telegram does not know the token.
    TokenRefused,
    /// The router takes nothing any more.
    RouterGone,
    /// What was received cannot be kept.
    StoreFailed,
}

/// What a poller needs from others.
#[expect(missing_debug_implementations, reason = "ports have nothing to show")]
pub struct PollPorts {
    /// Takes the updates.
    pub router: Recipient<RouteBatch>,
    /// Remembers which were dealt with.
    pub updates: Arc<dyn UpdateLog>,
}

/// Polls until `stop` completes, and hands every batch to the router.
///
/// `us` comes from [`identify`](super::bot_identity::identify).
/// A batch that the router has not answered for, or that is not on disk, is not confirmed:
/// Telegram delivers it again.
pub async fn poll(
    telegram: Telegram,
    us: BotIdentity,
    ports: PollPorts,
    stop: impl Future<Output = ()>,
) -> PollEnd {
    let poller = Poller::new(telegram, us, ports, STALL_GRACE);
    poller.run(stop).await
}

/// How long to wait after a webhook was removed: another program may set it again and again.
const WEBHOOK_PAUSE: Duration = Duration::from_secs(1);

struct Poller {
    telegram: Telegram,
    us: BotIdentity,
    ports: PollPorts,
    connection: Option<PollConnection>,
    stall_limit: Duration,
    policy: PollPolicy,
    offset: Offset,
    n_ignored: u64,
}

/// Where the next poll begins: after the last update of the batch that was handed over last.
///
/// Never the largest id seen: ids can restart at a smaller number, and a larger offset would make
/// Telegram deliver the same updates for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offset {
    /// Where Telegram stands.
    Unknown,
    /// Handed over, but Telegram does not know yet.
    Unconfirmed(i64),
    /// A poll with it was answered.
    Confirmed(i64),
}

enum Polled {
    Batch(Vec<Value>),
    Trouble(PollOutcome, String),
    WebhookSet,
    TokenRefused,
}

impl Poller {
    fn new(telegram: Telegram, us: BotIdentity, ports: PollPorts, stall_grace: Duration) -> Self {
        Self {
            stall_limit: telegram.poll_timeout() + stall_grace,
            telegram,
            us,
            ports,
            connection: None,
            policy: PollPolicy::default(),
            offset: Offset::Unknown,
            n_ignored: 0,
        }
    }

    async fn run(mut self, stop: impl Future<Output = ()>) -> PollEnd {
        let stop = pin!(stop.shared());
        loop {
            let polled = match select(pin!(self.poll_once()), stop.clone()).await {
                Either::Left((polled, _)) => polled,
                Either::Right(_) => break,
            };
            let grace = stop.clone().then(|()| sleep(HANDOVER_GRACE));
            let wait = match select(pin!(self.on_polled(polled)), pin!(grace)).await {
                Either::Left((Ok(wait), _)) => wait,
                Either::Left((Err(end), _)) => return end,
                Either::Right(_) => break,
            };
            if let Either::Right(_) = select(pin!(sleep(wait)), stop.clone()).await {
                break;
            }
        }
        self.say_farewell().await;
        PollEnd::Stopped
    }

    async fn poll_once(&mut self) -> Polled {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => match self.telegram.connect_poll() {
                Ok(connection) => connection,
                Err(error) => return Polled::Trouble(PollOutcome::Failed, error.to_string()),
            },
        };
        let payload = GetUpdatesRaw {
            offset: self.offset.value(),
            limit: BATCH,
            timeout: self.telegram.poll_timeout().as_secs(),
            allowed_updates: &ALLOWED_UPDATES,
        };
        let answer = timeout(self.stall_limit, connection.call(&payload)).await;
        self.connection = Some(connection);
        match answer {
            Ok(Ok(Value::Array(batch))) => Polled::Batch(batch),
            Ok(Ok(_)) => not_updates(),
            Ok(Err(error)) => trouble(error),
            Err(_) => Polled::Trouble(PollOutcome::Stalled, "a poll was not answered".to_owned()),
        }
    }

    /// Returns how long to wait before the next poll.
    async fn on_polled(&mut self, polled: Polled) -> Result<Duration, PollEnd> {
        let (outcome, reason) = match polled {
            Polled::TokenRefused => return Err(PollEnd::TokenRefused),
            Polled::Trouble(outcome, reason) => (outcome, reason),
            Polled::WebhookSet => match self.telegram.delete_webhook().await {
                Ok(_) => {
                    info!("removed a webhook that kept updates away");
                    return Ok(WEBHOOK_PAUSE);
                }
                Err(error) => (PollOutcome::Failed, error.to_string()),
            },
            Polled::Batch(batch) => {
                self.offset = self.offset.confirmed();
                if self.on_batch(batch).await? {
                    (PollOutcome::Answered, String::new())
                } else {
                    (PollOutcome::Failed, "updates without ids".to_owned())
                }
            }
        };
        let Advice {
            wait,
            connection,
            notice,
        } = self.policy.on_outcome(outcome, clock::now());
        if connection == Connection::Rebuild {
            self.connection = None;
        }
        if let Some(notice) = notice {
            log(notice, &reason);
        }
        Ok(wait)
    }

    /// Returns whether the next poll can begin behind this batch.
    async fn on_batch(&mut self, batch: Vec<Value>) -> Result<bool, PollEnd> {
        let Some(last) = batch.iter().rev().find_map(update_id) else {
            return Ok(batch.is_empty());
        };
        fault_point!("poll.received");
        let mut inbound = Vec::new();
        let mut taken = Vec::new();
        for raw in &batch {
            let Some(update) = update_id(raw) else {
                self.ignore("it has no id");
                continue;
            };
            let mark = mark_of(&self.us, update, raw);
            if self.ports.updates.knows(mark) || taken.contains(&mark) {
                debug!(update = update.0, "update was delivered before");
                continue;
            }
            taken.push(mark);
            match read_update(&self.us, raw) {
                Ok(update) => inbound.push(update),
                Err(reason) => self.ignore(&reason.to_string()),
            }
        }
        fault_point!("poll.parsed");
        let must_last = inbound.iter().any(Inbound::must_last);
        self.hand_over(inbound).await?;
        fault_point!("poll.routed");
        self.write_down(&taken, must_last).await?;
        self.offset = Offset::Unconfirmed(last.0.saturating_add(1));
        Ok(true)
    }

    /// Waits until the disk has what the batch came to, if that must not be lost: only then Telegram
    /// may forget it.
    async fn write_down(&self, updates: &[UpdateMark], must_last: bool) -> Result<(), PollEnd> {
        let written = self.ports.updates.remember(updates);
        let synced = match written {
            Ok(()) if !must_last => return Ok(()),
            Ok(()) => {
                fault_point!("poll.remembered");
                self.ports.updates.synced().await
            }
            Err(error) => Err(error),
        };
        synced.map_err(|error| {
            error!(%error, "cannot store updates, so they are not confirmed");
            PollEnd::StoreFailed
        })?;
        fault_point!("poll.synced");
        Ok(())
    }

    async fn hand_over(&self, updates: Vec<Inbound>) -> Result<(), PollEnd> {
        if updates.is_empty() {
            return Ok(());
        }
        if self
            .ports
            .router
            .send(RouteBatch(updates.clone()))
            .await
            .is_ok()
        {
            return Ok(());
        }
        // The router died of this batch. If it lives again, one update alone may be the cause:
        // the others are not to suffer, and the same batch is not to kill it for ever.
        for update in updates {
            if !self.ports.router.connected() {
                return Err(PollEnd::RouterGone);
            }
            let id = update.update.0;
            if self
                .ports
                .router
                .send(RouteBatch(vec![update]))
                .await
                .is_err()
                && self.ports.router.connected()
            {
                error!(update = id, "skipped an update on which the router fails");
            }
        }
        Ok(())
    }

    fn ignore(&mut self, reason: &str) {
        self.n_ignored += 1;
        debug!(reason, n_ignored = self.n_ignored, "update ignored");
    }

    /// Confirms the last batch, which the next poll would have done, so that a new start of the
    /// bridge does not see it again.
    async fn say_farewell(&self) {
        let Offset::Unconfirmed(offset) = self.offset else {
            return;
        };
        let payload = GetUpdatesRaw {
            offset: Some(offset),
            limit: 1,
            timeout: 0,
            allowed_updates: &ALLOWED_UPDATES,
        };
        match timeout(FAREWELL_LIMIT, self.telegram.call(&payload)).await {
            Ok(Ok(_)) => debug!("last updates confirmed"),
            Ok(Err(error)) => debug!(%error, "last updates not confirmed"),
            Err(_) => debug!("last updates not confirmed in time"),
        }
    }
}

impl Offset {
    fn value(self) -> Option<i64> {
        match self {
            Offset::Unknown => None,
            Offset::Unconfirmed(offset) | Offset::Confirmed(offset) => Some(offset),
        }
    }

    fn confirmed(self) -> Self {
        match self {
            Offset::Unknown => Offset::Unknown,
            Offset::Unconfirmed(offset) | Offset::Confirmed(offset) => Offset::Confirmed(offset),
        }
    }
}

fn not_updates() -> Polled {
    let reason = "the answer to getUpdates is not a list".to_owned();
    Polled::Trouble(PollOutcome::Failed, reason)
}

fn trouble(error: CallError) -> Polled {
    if is_token_refused(&error) {
        return Polled::TokenRefused;
    }
    let reason = error.to_string();
    let outcome = match error {
        CallError::Refused {
            code: 409,
            description,
            ..
        } if description.to_lowercase().contains("webhook") => return Polled::WebhookSet,
        CallError::Refused { code: 409, .. } => PollOutcome::Conflict,
        CallError::Refused {
            retry_after: Some(after),
            ..
        }
        | CallError::Unreadable {
            retry_after: Some(after),
            ..
        } => PollOutcome::Throttled(after),
        CallError::Refused { .. }
        | CallError::Unreadable { .. }
        | CallError::NotSent(_)
        | CallError::NoAnswer(_) => PollOutcome::Failed,
    };
    Polled::Trouble(outcome, reason)
}

/// Tells the operator.
pub(super) fn log(notice: Notice, reason: &str) {
    match notice {
        Notice::OutageBegan => {
            warn!(
                reason,
                "cannot reach telegram; trying again until it answers"
            );
        }
        Notice::OutageOver { after } => {
            info!(seconds = after.as_secs(), "telegram answers again");
        }
        Notice::ConflictBegan => warn!(
            reason,
            "another program polls with this bot's token; stop it, or create another bot for this \
             bridge with @BotFather"
        ),
        Notice::ConflictOver { after } => info!(
            seconds = after.as_secs(),
            "the other program no longer polls with this bot's token"
        ),
    }
}

#[cfg(test)]
mod tests;
