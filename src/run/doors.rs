//! What every session gets from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix::Addr;
use bridge_actors::ids::{ConversationId, Generation};
use bridge_actors::outbox::{Outbox, PostIds};
use bridge_actors::session::SessionDoors;

use super::BridgeOptions;
use crate::claude::process::ClaudeLauncher;
use crate::store::Store;

pub(super) fn session_doors(
    options: &BridgeOptions,
    store: &Arc<Store>,
    launcher: ClaudeLauncher,
    outbox: &Addr<Outbox>,
    post_ids: &PostIds,
) -> SessionDoors {
    let generations = AtomicU64::new(1);
    SessionDoors {
        policy: options.policy,
        folder: options.workspace.clone(),
        launcher: Arc::new(launcher),
        store: store.clone(),
        outbox: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        post_ids: post_ids.clone(),
        conversation_ids: Arc::new(|| ConversationId(uuid::Uuid::new_v4().to_string())),
        generations: Arc::new(move || Generation(generations.fetch_add(1, Ordering::Relaxed))),
    }
}
