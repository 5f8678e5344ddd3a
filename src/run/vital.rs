//! Notices the end of an actor that everything depends on.
//!
//! actix ends an actor that panics without telling anybody. A bridge without its outbox would look
//! alive and be deaf, so the end of a vital actor is the end of the bridge: a service manager
//! starts it anew. Sessions are no vital actors; their supervisor rebuilds them.

use std::fmt;
use std::time::Duration;

use actix::prelude::*;

/// How often the actors are looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// The actors that must live as long as the bridge.
#[derive(Default)]
pub(super) struct Vital {
    actors: Vec<Watched>,
}

struct Watched {
    complaint: &'static str,
    is_alive: Box<dyn Fn() -> bool>,
}

impl Vital {
    /// Adds an actor; `complaint` says that it is gone.
    pub(super) fn add<A>(&mut self, complaint: &'static str, actor: &Addr<A>)
    where
        A: Actor<Context = Context<A>>,
    {
        let actor = actor.clone();
        let is_alive = Box::new(move || actor.connected());
        self.actors.push(Watched {
            complaint,
            is_alive,
        });
    }

    /// Waits until one of them is gone and returns its complaint.
    pub(super) async fn first_gone(&self) -> &'static str {
        loop {
            let gone = self.actors.iter().find(|actor| !(actor.is_alive)());
            if let Some(actor) = gone {
                return actor.complaint;
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }
}

impl fmt::Debug for Vital {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.actors.iter().map(|actor| actor.complaint);
        f.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fragile;

    impl Actor for Fragile {
        type Context = Context<Self>;
    }

    #[derive(Message)]
    #[rtype(result = "()")]
    struct Break;

    impl Handler<Break> for Fragile {
        type Result = ();

        fn handle(&mut self, Break: Break, _ctx: &mut Self::Context) {
            panic!("told to");
        }
    }

    #[actix::test]
    async fn an_actor_that_panics_is_noticed_by_name() {
        let (healthy, broken) = (Fragile.start(), Fragile.start());
        let mut vital = Vital::default();
        vital.add("the healthy one is gone", &healthy);
        vital.add("the broken one is gone", &broken);
        let early = tokio::time::timeout(INTERVAL * 2, vital.first_gone()).await;
        assert!(early.is_err(), "all live");
        broken.try_send(Break).unwrap();
        let gone = tokio::time::timeout(Duration::from_secs(20), vital.first_gone()).await;
        assert_eq!(gone.unwrap(), "the broken one is gone");
    }
}
