//! Starts a child whose every end is noticed, a panic included.
//!
//! actix's own `Supervisor` never sees a panic: the task ends, the mailbox closes, nobody is told.
//! A watched child is polled inside `catch_unwind`. When it panics, its value is rebuilt at once
//! (which drops what the broken one held, its agent above all), and after a pause it goes on with
//! the same address and the same mailbox: only the message that broke it is lost.

use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{self, Poll};
use std::time::Duration;

use actix::dev::ContextFut;
use actix::prelude::*;
use tokio::time::Sleep;

use crate::clock;
use crate::session_supervisor::restart_limit::{AfterFault, Jitter, RestartLimit, RestartPolicy};

/// What became of a watched child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It panicked, was rebuilt, and goes on after the pause.
    Rebuilt { pause: Duration },
    /// It panicked too often and is gone.
    GaveUp,
    /// It stopped by itself.
    Ended,
}

/// Starts `child` and reports its fate to `on_fate`, which is called from the child's task.
#[expect(
    clippy::disallowed_methods,
    reason = "a watched child is owned by its watch"
)]
pub fn start_watched<A>(
    child: A,
    mailbox_capacity: usize,
    policy: RestartPolicy,
    on_fate: impl FnMut(Fate) + 'static,
) -> Addr<A>
where
    A: Actor<Context = Context<A>> + Supervised + Unpin,
{
    let mut ctx = Context::new();
    ctx.set_mailbox_capacity(mailbox_capacity);
    let address = ctx.address();
    actix::spawn(Watched {
        child: Some(ctx.into_future(child)),
        limit: RestartLimit::new(policy),
        pause: None,
        on_fate: Box::new(on_fate),
    });
    address
}

struct Watched<A>
where
    A: Actor<Context = Context<A>> + Supervised + Unpin,
{
    child: Option<ContextFut<A, Context<A>>>,
    limit: RestartLimit,
    pause: Option<Pin<Box<Sleep>>>,
    on_fate: Box<dyn FnMut(Fate)>,
}

impl<A> Future for Watched<A>
where
    A: Actor<Context = Context<A>> + Supervised + Unpin,
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            if let Some(pause) = &mut this.pause {
                task::ready!(pause.as_mut().poll(cx));
                this.pause = None;
            }
            let Some(child) = &mut this.child else {
                return Poll::Ready(());
            };
            match catch_unwind(AssertUnwindSafe(|| Pin::new(child).poll(cx))) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(())) => {
                    this.child = None;
                    (this.on_fate)(Fate::Ended);
                    return Poll::Ready(());
                }
                Err(_panic) => this.on_panic(),
            }
        }
    }
}

impl<A> Watched<A>
where
    A: Actor<Context = Context<A>> + Supervised + Unpin,
{
    fn on_panic(&mut self) {
        match self.limit.on_fault(clock::now(), random_jitter()) {
            AfterFault::RestartAfter(pause) if self.rebuild() => {
                self.pause = Some(Box::pin(tokio::time::sleep(pause)));
                (self.on_fate)(Fate::Rebuilt { pause });
            }
            AfterFault::RestartAfter(_) | AfterFault::GiveUp => {
                self.bury();
                (self.on_fate)(Fate::GaveUp);
            }
        }
    }

    /// Replaces the broken value; tells whether that worked.
    fn rebuild(&mut self) -> bool {
        let Some(child) = &mut self.child else {
            return false;
        };
        catch_unwind(AssertUnwindSafe(|| child.restart())).unwrap_or(false)
    }

    /// Drops the broken child without letting it run again: `ContextFut` polls a child that is
    /// not terminated once more when it is dropped, and a second panic there would abort.
    fn bury(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        child.ctx().terminate();
        let buried = catch_unwind(AssertUnwindSafe(move || drop(child)));
        if buried.is_err() {
            tracing::error!("an abandoned session panicked again while it was dropped");
        }
    }
}

/// Draws a fraction from the process's hash seed: enough to spread restarts apart.
fn random_jitter() -> Jitter {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    Jitter(bits as f64 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests;
