//! What the outbox tells of posts: it reaches the session that they are of.

use actix::prelude::*;

use super::SessionSupervisor;
use crate::outbox::{FilesSettled, Posted};
use crate::session::Shown;

impl Handler<Posted> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, posted: Posted, ctx: &mut Self::Context) {
        self.insist(self.current(posted.key), Shown::of(posted), ctx);
    }
}

impl Handler<FilesSettled> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, settled: FilesSettled, ctx: &mut Self::Context) {
        self.insist(self.current(settled.key), settled, ctx);
    }
}
