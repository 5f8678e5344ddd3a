//! What the router tells the outbox of chats, and hears from it.

use std::rc::Rc;

use actix::prelude::*;
use tracing::debug;

use super::Router;
use crate::ids::SessionKey;
use crate::outbox::{ChatMoved, Heard};
use crate::router::RouterPorts;
use crate::user_registry::{Access, Arrival, ChatKind, Request, Ruling, Sender};

impl Handler<ChatMoved> for Router {
    type Result = ResponseActFuture<Self, ()>;

    fn handle(&mut self, moved: ChatMoved, _: &mut Self::Context) -> Self::Result {
        let ports = Rc::clone(&self.ports);
        self.chain(async move { ports.follow_chat(moved).await })
    }
}

impl RouterPorts {
    /// Lets what could not be written to this place be tried again, if somebody who may come in was
    /// heard there.
    pub(super) fn note_heard(&self, key: SessionKey, ruling: &Ruling) {
        let may_come_in = match ruling.access {
            Access::Granted(_) | Access::Unrecorded(_) | Access::Claimed => true,
            Access::Settled | Access::Refused(_) => false,
        };
        if may_come_in && let Err(error) = self.heard.try_send(Heard(key)) {
            debug!(%error, "what could not be written waits longer");
        }
    }

    /// Lets everything follow a group to its new id, as its own message about that does.
    async fn follow_chat(&self, ChatMoved { from, to }: ChatMoved) {
        let arrival = Arrival {
            chat: from,
            chat_kind: ChatKind::Group,
            sender: Sender::Nobody,
            request: Request::Moved { from, to },
            album: None,
        };
        for ruling in self.ask_registry(vec![arrival]).await {
            self.carry_out(ruling.orders, None).await;
        }
    }
}
