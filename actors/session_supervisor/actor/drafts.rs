//! Tells a session that Telegram will not show its draft.

use actix::prelude::*;

use super::SessionSupervisor;
use crate::outbox::DraftRefused;

impl Handler<DraftRefused> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, refused: DraftRefused, ctx: &mut Self::Context) {
        self.insist(self.current(refused.key), refused, ctx);
    }
}
