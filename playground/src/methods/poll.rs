//! The long poll behind `getUpdates`.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::Refusal;
use crate::params::Params;
use crate::shared::Shared;
use crate::updates::MAX_BATCH;
use crate::world::World;

/// Telegram clips longer waits to this.
const MAX_WAIT: Duration = Duration::from_secs(50);

/// The refusal of a poll that another one replaced.
pub(crate) fn conflict() -> Refusal {
    Refusal::new(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance \
         is running",
    )
}

/// Confirms by offset, then answers at once or as soon as an update comes.
pub(crate) async fn get_updates(shared: &Shared, params: &Params) -> Result<Value, Refusal> {
    let limit = params
        .int("limit")
        .and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.unwrap_or(MAX_BATCH).clamp(1, MAX_BATCH);
    let wait = params
        .int("timeout")
        .and_then(|seconds| u64::try_from(seconds).ok());
    let deadline = Instant::now() + Duration::from_secs(wait.unwrap_or(0)).min(MAX_WAIT);
    let mut pulse = shared.subscribe();
    let poll = shared.change(|world| start(world, params));
    loop {
        pulse.borrow_and_update();
        if !shared.read().updates.is_current_poll(poll) {
            return Err(conflict());
        }
        if let Some(batch) = shared.take_batch(limit) {
            return Ok(Value::Array(batch));
        }
        match timeout_at(deadline, pulse.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Ok(Value::Array(Vec::new())),
        }
    }
}

fn start(world: &mut World, params: &Params) -> u64 {
    if params.values.contains_key("allowed_updates") {
        let kinds = params
            .list("allowed_updates")
            .iter()
            .filter_map(Value::as_str);
        world
            .updates
            .remember_filter(kinds.map(str::to_owned).collect());
    }
    if let Some(offset) = params.int("offset") {
        world.updates.confirm(offset);
    }
    world.updates.start_poll()
}

impl Shared {
    /// Notes the waiting updates as handed out and returns them; `None` without any.
    fn take_batch(&self, limit: usize) -> Option<Vec<Value>> {
        let batch = self.read().updates.batch(limit);
        if batch.is_empty() {
            return None;
        }
        let now = std::time::Instant::now();
        let ids = batch.iter().map(|(id, _)| *id);
        self.change(|world| world.recorder.hand_out(ids, now));
        Some(batch.into_iter().map(|(_, update)| update).collect())
    }
}
