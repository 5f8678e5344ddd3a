//! Performs the routes: asks the registry once a batch, then hands on one update after the other.

use std::rc::Rc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::oneshot;
use tracing::{debug, error};

use super::route::{
    IgnoreReason, Route, access_without_registry, route, route_untaken, to_arrival,
};
use super::{Inbound, RouteBatch};
use crate::ids::{MessageId, SessionKey};
use crate::outbox::{Body, Post, PostAction, PostIds, Rank, Sign, Sound};
use crate::session::Instruct;
use crate::session_supervisor::Deliver;
use crate::user_registry::{Access, Arrival, Authorise};

/// How long the registry, the supervisor or the outbox may take to accept something.
const DOOR_DEADLINE: Duration = Duration::from_secs(10);

/// Owns nothing but the order: updates leave in the order in which they came.
pub struct Router {
    doors: Rc<RouterDoors>,
    /// Resolves when the latest batch is done.
    latest_batch: Option<oneshot::Receiver<()>>,
}

/// Where the router's words go.
pub struct RouterDoors {
    /// Says who may come in.
    pub registry: Recipient<Authorise>,
    /// Takes what is for a session.
    pub supervisor: Recipient<Deliver>,
    /// Takes what is to be posted.
    pub outbox: Recipient<Post>,
    /// Takes passing signs.
    pub signs: Recipient<Sign>,
    /// The bot's own name without the `@`, once it is known.
    pub bot_username: Option<String>,
    /// Names the router's posts.
    pub post_ids: PostIds,
}

impl Router {
    /// Returns a router with these doors.
    pub fn new(doors: RouterDoors) -> Self {
        Self {
            doors: Rc::new(doors),
            latest_batch: None,
        }
    }
}

impl Actor for Router {
    type Context = Context<Self>;
}

impl Handler<RouteBatch> for Router {
    // Bound to the actor: when the router dies, the poller must not take the batch as routed.
    type Result = ResponseActFuture<Self, ()>;

    fn handle(&mut self, RouteBatch(batch): RouteBatch, _: &mut Self::Context) -> Self::Result {
        // Batches that overlap form a chain. The actor's own futures run in no promised order.
        let (done, is_done) = oneshot::channel();
        let previous = self.latest_batch.replace(is_done);
        let doors = Rc::clone(&self.doors);
        let routing = async move {
            if let Some(previous) = previous {
                previous.await.ok();
            }
            doors.route_batch(batch).await;
            done.send(()).ok();
        };
        Box::pin(routing.into_actor(self))
    }
}

impl RouterDoors {
    async fn route_batch(&self, batch: Vec<Inbound>) {
        let bot_username = self.bot_username.as_deref();
        let arrivals = (batch.iter())
            .map(|inbound| to_arrival(inbound, bot_username))
            .collect();
        let accesses = self.ask_registry(arrivals).await;
        for (inbound, access) in batch.into_iter().zip(accesses) {
            let key = inbound.key;
            self.perform(key, route(inbound, access, bot_username))
                .await;
        }
    }

    /// Returns one access per arrival; no answer of the registry is a no.
    async fn ask_registry(&self, arrivals: Vec<Arrival>) -> Vec<Access> {
        if arrivals.is_empty() {
            return Vec::new();
        }
        let question = Authorise(arrivals.clone());
        match self.registry.send(question).timeout(DOOR_DEADLINE).await {
            Ok(accesses) if accesses.len() == arrivals.len() => return accesses,
            Ok(accesses) => error!(
                asked = arrivals.len(),
                answered = accesses.len(),
                "the user registry does not answer for everybody: nobody is let in"
            ),
            Err(error) => {
                error!(%error, "the user registry does not answer: nobody is let in");
            }
        }
        arrivals.iter().map(access_without_registry).collect()
    }

    async fn perform(&self, key: SessionKey, route: Route) {
        match route {
            Route::Deliver(instructions) => {
                for instruction in instructions {
                    self.deliver(key, instruction).await;
                }
            }
            Route::Answer {
                reply_to,
                text,
                rank,
            } => self.answer(key, reply_to, text, rank).await,
            Route::AnswerPress { callback, text } => {
                let sign = Sign::AnswerCallback { callback, text };
                if let Err(error) = self.signs.try_send(sign) {
                    debug!(%key, %error, "press stays without an answer");
                }
            }
            Route::Ignore(IgnoreReason::RefusedSilently) => {
                debug!(%key, "refused in silence");
            }
        }
    }

    async fn deliver(&self, key: SessionKey, instruction: Instruct) {
        let untaken = route_untaken(&instruction);
        let order = Deliver { key, instruction };
        let handover = self.supervisor.send(order).timeout(DOOR_DEADLINE).await;
        if let Err(error) = handover {
            error!(%key, %error, "nobody takes an instruction over");
            // Boxed because it leads back here; it delivers nothing itself.
            Box::pin(self.perform(key, untaken)).await;
        }
    }

    async fn answer(&self, key: SessionKey, reply_to: Option<MessageId>, text: String, rank: Rank) {
        let action = PostAction::Send {
            id: self.post_ids.next(),
            body: Body::Plain(text),
            reply_to,
            sound: Sound::Ring,
        };
        let post = Post { key, action, rank };
        if let Err(error) = self.outbox.send(post).timeout(DOOR_DEADLINE).await {
            error!(%key, %error, "the outbox does not take an answer");
        }
    }
}

#[cfg(test)]
mod tests;
