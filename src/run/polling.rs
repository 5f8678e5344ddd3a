//! Starts to poll Telegram.

use std::sync::Arc;

use actix::prelude::*;
use bridge_actors::router::{Introduce, Router};
use futures_util::FutureExt as _;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::Actors;
use super::edges::Edges;
use crate::telegram::Telegram;
use crate::telegram::bot_identity::identify;
use crate::telegram::poller::{PollEnd, PollPorts, poll};

/// Starts to poll; ends when the returned sender is dropped.
pub(super) fn start_polling(
    edges: &Edges,
    actors: &Actors,
) -> (oneshot::Sender<()>, JoinHandle<PollEnd>) {
    let (stop_polling, stopped) = oneshot::channel::<()>();
    let stopped = async move { drop(stopped.await) };
    let ports = PollPorts {
        router: actors.router.clone().recipient(),
        updates: Arc::new(edges.store.clone()),
    };
    let telegram = edges.telegram.clone();
    let receiving = receive(telegram, actors.router.clone(), ports, stopped);
    (stop_polling, actix_rt::spawn(receiving))
}

/// Learns who the bot is, then polls.
async fn receive(
    telegram: Telegram,
    router: Addr<Router>,
    ports: PollPorts,
    stopped: impl Future<Output = ()>,
) -> PollEnd {
    let stopped = stopped.shared();
    let us = match identify(&telegram, stopped.clone()).await {
        Ok(us) => us,
        Err(end) => return end,
    };
    if let Some(name) = &us.username
        && router.send(Introduce(name.clone())).await.is_err()
    {
        return PollEnd::RouterGone;
    }
    poll(telegram, us, ports, stopped).await
}
