//! The one timer of an actor: it rings when the actor next has something to do, or before.
//!
//! An actor that armed a timer for each deadline would have as many as it had deadlines. And
//! actix's own handles are no way to take a timer back: it is removed some time later and may ring
//! until then, and when a context begins anew its numbers do too, so that a handle of before takes
//! back what has its number now. A timer of this kind is gone with the [`Alarm`] that armed it.

use actix::fut::wrap_future;
use actix::prelude::*;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::clock::{self, Time};

/// The timer of an actor, if one is armed.
#[derive(Debug, Default)]
pub(crate) struct Alarm {
    armed: Option<Armed>,
}

#[derive(Debug)]
struct Armed {
    at: Time,
    /// The timer waits for this to be dropped, or for its time.
    _timer: oneshot::Sender<()>,
}

impl Alarm {
    /// Sees to it that the actor is called at a moment, or before it: it then arms the alarm anew.
    pub(crate) fn arm<A>(
        actor: &mut A,
        at: Time,
        ctx: &mut Context<A>,
        alarm_of: fn(&mut A) -> &mut Alarm,
        on_ring: impl FnOnce(&mut A, &mut Context<A>) + 'static,
    ) where
        A: Actor<Context = Context<A>>,
    {
        let armed = &mut alarm_of(actor).armed;
        if !is_needed(armed.as_ref().map(|armed| armed.at), at) {
            return;
        }
        let (timer, dropped) = oneshot::channel();
        // One that is dropped in the moment in which it would ring does not ring.
        let waited = wrap_future::<_, A>(timeout(at.since(clock::now()), dropped));
        ctx.spawn(waited.map(move |waited, actor, ctx| {
            if waited.is_err() {
                alarm_of(actor).armed = None;
                on_ring(actor, ctx);
            }
        }));
        *armed = Some(Armed { at, _timer: timer });
    }
}

/// Tells whether a timer for a moment has to take the place of the armed one.
///
/// One that rings too early stays: whoever is called asks again, and while things come and go a
/// timer for each of them would be made and taken back.
pub(crate) fn is_needed(armed: Option<Time>, at: Time) -> bool {
    armed.is_none_or(|armed| at < armed)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    /// Notes when it is called, and holds a token in each of its timers.
    #[derive(Default)]
    struct Sleeper {
        alarm: Alarm,
        rang_at: Vec<u64>,
        token: Arc<()>,
    }

    impl Sleeper {
        fn arm(&mut self, after: u64, ctx: &mut Context<Self>) {
            let token = Arc::clone(&self.token);
            let at = clock::now() + Duration::from_millis(after);
            let on_ring = move |sleeper: &mut Self, _: &mut Context<Self>| {
                drop(token);
                let now = clock::now().0;
                sleeper
                    .rang_at
                    .push(u64::try_from(now.as_millis()).unwrap());
            };
            Alarm::arm(self, at, ctx, |sleeper| &mut sleeper.alarm, on_ring);
        }
    }

    impl Actor for Sleeper {
        type Context = Context<Self>;
    }

    #[derive(Message)]
    #[rtype(result = "()")]
    struct Arm(u64);

    /// Returns when it rang, since `began`, and how many timers there are.
    #[derive(Message)]
    #[rtype(result = "(Vec<u64>, usize)")]
    struct Look;

    impl Handler<Arm> for Sleeper {
        type Result = ();

        fn handle(&mut self, Arm(after): Arm, ctx: &mut Self::Context) {
            self.arm(after, ctx);
        }
    }

    impl Handler<Look> for Sleeper {
        type Result = MessageResult<Look>;

        fn handle(&mut self, Look: Look, _: &mut Self::Context) -> Self::Result {
            MessageResult((self.rang_at.clone(), Arc::strong_count(&self.token) - 1))
        }
    }

    fn sleeper() -> (Addr<Sleeper>, u64) {
        tokio::time::pause();
        let now = u64::try_from(clock::now().0.as_millis()).unwrap();
        (Sleeper::default().start(), now)
    }

    async fn pass(millis: u64) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }

    #[actix::test]
    async fn an_earlier_moment_takes_the_place_of_a_later_one_and_it_rings_once() {
        let (sleeper, began) = sleeper();
        for after in [900_000, 400, 700] {
            sleeper.send(Arm(after)).await.unwrap();
        }
        pass(2_000_000).await;
        let (rang_at, n_timers) = sleeper.send(Look).await.unwrap();
        assert_eq!((rang_at.len(), n_timers), (1, 0));
        assert!((400..=402).contains(&(rang_at[0] - began)));
        sleeper.send(Arm(50)).await.unwrap();
        pass(60).await;
        assert_eq!(sleeper.send(Look).await.unwrap().0.len(), 2, "and again");
    }

    #[actix::test]
    async fn ten_thousand_moments_leave_a_handful_of_timers() {
        let (sleeper, _) = sleeper();
        for step in 0..10_000_u64 {
            sleeper.send(Arm(10_000 - step)).await.unwrap();
            if step % 100 == 0 {
                pass(1).await;
                let (_, n_timers) = sleeper.send(Look).await.unwrap();
                assert!(n_timers <= 2, "{n_timers} timers after {step} moments");
            }
        }
    }
}
