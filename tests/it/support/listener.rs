//! A session that only listens: keeps the reports of agents for a test to look at.

use std::time::Duration;

use actix::prelude::*;
use bridge_actors::agent_event::{AgentEvent, AgentExit};
use bridge_actors::ids::Generation;
use bridge_actors::ports::AgentReport;
use tokio::sync::mpsc;

use super::agent_tree::PATIENCE;

/// What has been reported.
pub(crate) struct Reports {
    queue: mpsc::UnboundedReceiver<(Generation, AgentEvent)>,
}

/// Starts a listener that takes `pause` over every report.
pub(crate) fn listener(pause: Duration) -> (Recipient<AgentReport>, Reports) {
    let (sender, queue) = mpsc::unbounded_channel();
    let recipient = Listener { sender, pause }.start().recipient();
    (recipient, Reports { queue })
}

impl Reports {
    /// Waits for the next event.
    pub(crate) async fn next(&mut self) -> AgentEvent {
        let next = tokio::time::timeout(PATIENCE, self.queue.recv()).await;
        let (_, event) = next
            .expect("a report in time")
            .expect("a listener that lives");
        event
    }

    /// Drops events until one satisfies `is_wanted`, and returns that.
    pub(crate) async fn until(&mut self, is_wanted: impl Fn(&AgentEvent) -> bool) -> AgentEvent {
        loop {
            let event = self.next().await;
            if is_wanted(&event) {
                return event;
            }
            assert!(
                !matches!(event, AgentEvent::Exited(_)),
                "ended too early: {event:?}"
            );
        }
    }

    /// Waits for the end of the agent; returns it with all that was reported before.
    pub(crate) async fn exit(&mut self) -> (Vec<AgentEvent>, AgentExit) {
        let mut before = Vec::new();
        loop {
            let event = self.next().await;
            if let AgentEvent::Exited(exit) = event {
                return (before, exit);
            }
            before.push(event);
        }
    }

    /// Returns what has been reported and not been looked at, and by whom.
    pub(crate) fn rest(&mut self) -> Vec<(Generation, AgentEvent)> {
        std::iter::from_fn(|| self.queue.try_recv().ok()).collect()
    }
}

struct Listener {
    sender: mpsc::UnboundedSender<(Generation, AgentEvent)>,
    pause: Duration,
}

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<AgentReport> for Listener {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, report: AgentReport, _ctx: &mut Self::Context) -> Self::Result {
        for event in report.events {
            self.sender.send((report.generation, event)).ok();
        }
        let pause = self.pause;
        AtomicResponse::new(Box::pin(
            async move {
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
            .into_actor(self),
        ))
    }
}
