//! Notices the end of an actor that everything depends on.
//!
//! actix ends an actor that panics without telling anybody. A bridge without its outbox would look
//! alive and be deaf, so the end of a vital actor is the end of the bridge: a service manager
//! starts it anew. Sessions are no vital actors; their supervisor rebuilds them.

use std::future;

use actix::fut::wrap_future;
use actix::prelude::*;
use tokio::sync::watch;

/// The actors that must live as long as the bridge.
#[derive(Debug)]
pub(super) struct Vital {
    gone: watch::Sender<Option<&'static str>>,
}

impl Vital {
    /// Watches nobody yet.
    pub(super) fn new() -> Self {
        Self {
            gone: watch::Sender::new(None),
        }
    }

    /// Starts an actor and watches it; `complaint` says that it is gone.
    pub(super) fn start<A>(&self, complaint: &'static str, actor: A) -> Addr<A>
    where
        A: Actor<Context = Context<A>>,
    {
        A::create(|ctx| {
            self.watch(complaint, ctx);
            actor
        })
    }

    /// Watches the actor that will run in `ctx`; `complaint` says that it is gone.
    pub(super) fn watch<A>(&self, complaint: &'static str, ctx: &mut Context<A>)
    where
        A: Actor<Context = Context<A>>,
    {
        let last_word = LastWord {
            complaint,
            gone: self.gone.clone(),
        };
        // What an actor has spawned is dropped with it, however it ends.
        ctx.spawn(wrap_future(async move {
            let _last_word = last_word;
            future::pending::<()>().await;
        }));
    }

    /// Waits until one of them is gone and returns its complaint.
    pub(super) async fn first_gone(&self) -> &'static str {
        let mut gone = self.gone.subscribe();
        let complaint = gone.wait_for(Option::is_some).await;
        complaint
            .ok()
            .and_then(|complaint| *complaint)
            .unwrap_or("the bridge is gone")
    }
}

/// Says when it is dropped that its actor is gone.
struct LastWord {
    complaint: &'static str,
    gone: watch::Sender<Option<&'static str>>,
}

impl Drop for LastWord {
    fn drop(&mut self) {
        self.gone.send_if_modified(|gone| {
            let is_first = gone.is_none();
            gone.get_or_insert(self.complaint);
            is_first
        });
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    struct Fragile;

    impl Actor for Fragile {
        type Context = Context<Self>;
    }

    #[derive(Message)]
    #[rtype(result = "()")]
    enum Tell {
        Nothing,
        Break,
        Stop,
    }

    impl Handler<Tell> for Fragile {
        type Result = ();

        fn handle(&mut self, tell: Tell, ctx: &mut Self::Context) {
            match tell {
                Tell::Nothing => {}
                Tell::Break => panic!("told to"),
                Tell::Stop => ctx.stop(),
            }
        }
    }

    #[actix::test]
    async fn an_actor_that_panics_or_stops_is_noticed_by_name() {
        for end in [Tell::Break, Tell::Stop] {
            let vital = Vital::new();
            let healthy = vital.start("the healthy one is gone", Fragile);
            let broken = vital.start("the broken one is gone", Fragile);
            healthy.send(Tell::Nothing).await.unwrap();
            broken.send(Tell::Nothing).await.unwrap();
            assert_eq!(vital.first_gone().now_or_never(), None, "all live");
            broken.try_send(end).unwrap();
            assert_eq!(vital.first_gone().await, "the broken one is gone");
            assert!(healthy.connected());
        }
    }
}
