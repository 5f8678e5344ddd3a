//! Performs the routes: asks the registry once a batch, then hands on one update after the other.

mod edited;
mod lockdown;
mod open;
mod places;

use std::cell::RefCell;
use std::future::Future;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::oneshot;
use tracing::{debug, error, warn};

use super::edits::traces;
use super::order_effects::{Occasion, OrderEffect, effects_of};
use super::route::{
    IgnoreReason, Route, route, route_untaken, ruling_without_registry, to_arrival,
};
use super::secrets::deletion_of_refused;
use super::slash_command::parse;
use super::{Erase, Inbound, Introduce, NotResumed, Reload, ResumeOpen, RouteBatch, RouterPorts};
use crate::fault_point;
use crate::ids::{MessageId, SessionKey};
use crate::outbox::{Body, Post, PostAction, Rank, Sign, Sound};
use crate::ports::Acceptance;
use crate::session::{Instruct, TakeOver};
use crate::session_supervisor::Deliver;
use crate::user_registry::{
    Access, Arrival, Authorise, Due, OnceSynced, Order, RulesRefused, Ruling,
};

/// How long the registry, the supervisor or the outbox may take to accept something.
const DOOR_DEADLINE: Duration = Duration::from_secs(10);

/// How often the registry is asked what has become due.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Owns nothing but the order: updates leave in the order in which they came.
pub struct Router {
    ports: Rc<RouterPorts>,
    /// The bot's own name without the `@`, once it is known.
    bot_username: Rc<RefCell<Option<Arc<str>>>>,
    /// Resolves when the latest batch is done.
    latest_batch: Option<oneshot::Receiver<()>>,
}

impl Router {
    /// Returns a router with these ports.
    pub fn new(ports: RouterPorts) -> Self {
        Self {
            ports: Rc::new(ports),
            bot_username: Rc::default(),
            latest_batch: None,
        }
    }

    /// Does `work` when everything that came before is done.
    ///
    /// Batches that overlap form a chain. The actor's own futures run in no promised order.
    fn chain<T: 'static>(
        &mut self,
        work: impl Future<Output = T> + 'static,
    ) -> ResponseActFuture<Self, T> {
        let (done, is_done) = oneshot::channel();
        let previous = self.latest_batch.replace(is_done);
        let chained = async move {
            if let Some(previous) = previous {
                previous.await.ok();
            }
            let result = work.await;
            done.send(()).ok();
            result
        };
        Box::pin(chained.into_actor(self))
    }

    fn sweep(&mut self, ctx: &mut Context<Self>) {
        let ports = Rc::clone(&self.ports);
        let sweep = self.chain(async move { ports.sweep().await });
        ctx.spawn(sweep);
    }
}

/// Whether an instruction is written down before it is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Record {
    Journal,
    /// It is one of too many that stop something: a crash may lose it.
    None,
}

impl Record {
    fn of(access: Access) -> Self {
        match access {
            Access::Unrecorded(_) => Self::None,
            Access::Granted(_) | Access::Claimed | Access::Settled | Access::Refused(_) => {
                Self::Journal
            }
        }
    }
}

impl Actor for Router {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.run_interval(SWEEP_INTERVAL, Self::sweep);
    }
}

impl Handler<RouteBatch> for Router {
    // Bound to the actor: when the router dies, the poller must not take the batch as routed.
    type Result = ResponseActFuture<Self, ()>;

    fn handle(&mut self, RouteBatch(batch): RouteBatch, _: &mut Self::Context) -> Self::Result {
        let ports = Rc::clone(&self.ports);
        let name = Rc::clone(&self.bot_username);
        self.chain(async move {
            let name = name.borrow().clone();
            ports.route_batch(batch, name.as_deref()).await;
        })
    }
}

impl Handler<ResumeOpen> for Router {
    type Result = ResponseActFuture<Self, Result<(), NotResumed>>;

    fn handle(&mut self, ResumeOpen: ResumeOpen, _: &mut Self::Context) -> Self::Result {
        let ports = Rc::clone(&self.ports);
        self.chain(async move { ports.resume_open(&TakeOver::EarlierRun).await })
    }
}

impl Handler<Introduce> for Router {
    type Result = ();

    fn handle(&mut self, Introduce(name): Introduce, _: &mut Self::Context) {
        *self.bot_username.borrow_mut() = Some(name.into());
    }
}

impl Handler<Reload> for Router {
    type Result = ResponseActFuture<Self, Result<(), RulesRefused>>;

    fn handle(&mut self, reload: Reload, _: &mut Self::Context) -> Self::Result {
        let ports = Rc::clone(&self.ports);
        self.chain(async move { ports.reload(reload).await })
    }
}

impl RouterPorts {
    async fn route_batch(&self, batch: Vec<Inbound>, bot_username: Option<&str>) {
        let batch = batch.into_iter();
        let batch = batch.map(|inbound| parse(inbound, bot_username));
        let batch = self.settle_edits(batch);
        let arrivals = batch.iter().map(to_arrival).collect();
        let rulings = self.ask_registry(arrivals).await;
        fault_point!("router.ruled");
        for (parsed, ruling) in batch.into_iter().zip(rulings) {
            let (key, occasion) = (parsed.inbound.key, Occasion::of(&parsed.inbound));
            self.note_heard(key, &ruling);
            let traces = match &ruling.access {
                Access::Granted(_) | Access::Settled => traces(&parsed),
                Access::Unrecorded(_) | Access::Claimed | Access::Refused(_) => Vec::new(),
            };
            let secret = deletion_of_refused(&parsed, ruling.access);
            let record = Record::of(ruling.access);
            let route = route(parsed, ruling.access, self.language.say());
            self.perform(key, route, record).await;
            secret.into_iter().for_each(|sign| self.sign(sign));
            self.remember(&traces);
            self.carry_out(ruling.orders, Some(&occasion)).await;
        }
    }

    /// Returns one ruling per arrival, once the disk has what they rest on; no answer of the
    /// registry is a no.
    async fn ask_registry(&self, arrivals: Vec<Arrival>) -> Vec<Ruling> {
        if arrivals.is_empty() {
            return Vec::new();
        }
        let question = Authorise(arrivals.clone());
        let answer = self.registry.authorise.send(question);
        let answer = answer.timeout(DOOR_DEADLINE).await;
        let rulings = match answer {
            Ok(rulings) => {
                // Agents die now, however slow the disk is.
                self.carry_out(rulings.urgent(), None).await;
                Ok(self.once_synced(rulings).await)
            }
            Err(error) => Err(error),
        };
        match rulings {
            Ok(rulings) if rulings.len() == arrivals.len() => return rulings,
            Ok(rulings) => error!(
                asked = arrivals.len(),
                answered = rulings.len(),
                "the user registry did not answer for everyone, so nobody is let in"
            ),
            // The bridge ends, and the updates must not count as dealt with: they come again.
            Err(MailboxError::Closed) => {
                error!("the user registry is gone, so updates stay with telegram");
                std::future::pending::<()>().await;
            }
            Err(error) => {
                error!(%error, "the user registry does not answer, so nobody is let in");
            }
        }
        arrivals.iter().map(ruling_without_registry).collect()
    }

    /// Waits as long as the disk does. When the store has failed the bridge ends, and the updates
    /// must not count as dealt with: whether their changes landed is known after the next start.
    async fn once_synced<T>(&self, answer: OnceSynced<T>) -> T {
        match answer.wait().await {
            Ok(answer) => answer,
            Err(error) => {
                error!(%error, "cannot save a change of users or groups, so nobody is told about \
                                it");
                std::future::pending().await
            }
        }
    }

    async fn sweep(&self) {
        match self.registry.due.send(Due).timeout(DOOR_DEADLINE).await {
            Ok(orders) => {
                let orders = self.once_synced(orders).await;
                self.carry_out(orders, None).await;
            }
            Err(error) => warn!(%error, "cannot ask the user registry for due work"),
        }
    }

    async fn reload(&self, reload: Reload) -> Result<(), RulesRefused> {
        let Reload {
            rules,
            on_accepted,
            settings,
        } = reload;
        // Without a deadline: rules that were accepted late must not count as refused.
        let answer = self.registry.rules.send(rules).await;
        let orders = answer.map_err(|error| RulesRefused::NoAnswer(error.to_string()))??;
        on_accepted();
        self.carry_out(orders, None).await;
        // Without one here too: half of a configuration must not be told as all of it.
        if let Err(error) = self.sessions.reconfigure.send(settings).await {
            error!(%error, "cannot pass the new configuration to the sessions");
        }
        Ok(())
    }

    async fn carry_out(&self, orders: Vec<Order>, occasion: Option<&Occasion>) {
        let words = (&self.post_ids, self.language.say());
        for order in orders {
            for effect in effects_of(order, occasion, words) {
                if self.perform_effect(effect).await.is_break() {
                    return;
                }
            }
        }
    }

    /// Returns whether what follows it still holds.
    async fn perform_effect(&self, effect: OrderEffect) -> ControlFlow<()> {
        let done = match effect {
            OrderEffect::Post(post) => {
                self.post(post).await;
                return ControlFlow::Continue(());
            }
            OrderEffect::Sign(sign) => {
                self.sign(sign);
                return ControlFlow::Continue(());
            }
            OrderEffect::SetMenu(menu) => {
                self.menus.try_send(menu).map_err(|_| MailboxError::Closed)
            }
            OrderEffect::Revoke(revoke) => {
                self.sessions
                    .revoke
                    .send(revoke)
                    .timeout(DOOR_DEADLINE)
                    .await
            }
            OrderEffect::MoveChat(chats) => {
                let moved = self.sessions.move_chat.send(chats);
                moved.timeout(DOOR_DEADLINE).await
            }
            OrderEffect::EndChat(chat) => {
                let ended = self.sessions.end_chat.send(chat);
                ended.timeout(DOOR_DEADLINE).await
            }
            OrderEffect::LockDown => self.lock_down().await,
            OrderEffect::Erase(erasure) => {
                let begun = self.eraser.send(Erase(erasure));
                begun.timeout(DOOR_DEADLINE).await
            }
            OrderEffect::Unlock(told_in) => return self.unlock(told_in).await,
        };
        if let Err(error) = done {
            error!(?effect, %error, "cannot carry out an order of the user registry");
        }
        ControlFlow::Continue(())
    }

    async fn perform(&self, key: SessionKey, route: Route, record: Record) {
        match route {
            Route::Deliver(instruction) if record == Record::None => {
                self.deliver(key, instruction).await;
            }
            Route::Deliver(instruction) => match self.journal.accept(key, &instruction) {
                Ok(Acceptance::New) => {
                    fault_point!("router.accepted");
                    self.deliver(key, instruction).await;
                }
                Ok(Acceptance::Known) => debug!(%key, "an instruction came again"),
                Err(error) => {
                    error!(%key, %error, "cannot write an instruction to the journal");
                    if instruction.is_silent() {
                        return;
                    }
                    let text = self.language.say().not_written_down();
                    self.answer(key, instruction.message(), text, Rank::Answer)
                        .await;
                }
            },
            Route::Answer {
                reply_to,
                text,
                rank,
            } => self.answer(key, reply_to, text, rank).await,
            Route::AnswerPress { callback, text } => {
                self.sign(Sign::AnswerCallback { callback, text });
            }
            Route::Ignore(IgnoreReason::RefusedSilently) => {
                debug!(%key, "refused in silence");
            }
            Route::Ignore(IgnoreReason::Settled | IgnoreReason::Silent) => {}
        }
    }

    async fn deliver(&self, key: SessionKey, instruction: Instruct) {
        let untaken = route_untaken(&instruction, self.language.say());
        let order = Deliver { key, instruction };
        let handover = self.sessions.deliver.send(order).timeout(DOOR_DEADLINE);
        fault_point!("router.delivered");
        if let Err(error) = handover.await {
            error!(%key, %error, "no session accepts an instruction");
            // Boxed because it leads back here; it delivers nothing itself.
            Box::pin(self.perform(key, untaken, Record::None)).await;
        }
    }

    async fn answer(&self, key: SessionKey, reply_to: Option<MessageId>, text: String, rank: Rank) {
        let action = PostAction::Send {
            id: self.post_ids.next(),
            body: Body::Plain(text),
            reply_to,
            sound: Sound::Ring,
        };
        self.post(Post { key, action, rank }).await;
    }

    async fn post(&self, post: Post) {
        let key = post.key;
        if let Err(error) = self.outbox.send(post).timeout(DOOR_DEADLINE).await {
            error!(%key, %error, "the outbox does not accept an answer");
        }
    }

    fn sign(&self, sign: Sign) {
        if let Err(error) = self.signs.try_send(sign) {
            debug!(%error, "a press stays without an answer, or a message is not deleted");
        }
    }
}

#[cfg(test)]
mod tests;
