//! The lockdown: every session ends with its agent, and none is started until it is over.

use actix::prelude::*;
use tracing::{info, warn};

use super::{Running, SessionSupervisor};
use crate::ids::SessionKey;
use crate::session::LockSession;
use crate::session_supervisor::{LockDown, Unlock};

impl Handler<LockDown> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, LockDown: LockDown, ctx: &mut Self::Context) {
        match self.running {
            Running::GoesOn | Running::LockedDown => {
                warn!("locked down: every agent is ended, and none starts");
                self.running = Running::LockedDown;
                self.slots.forget_waiting();
                self.insist_to_all(&LockSession, ctx);
                self.children.lock();
            }
            // They end already, at once if they have no turn; what has one may go on no longer.
            Running::Stops => self.insist_to_all(&LockSession, ctx),
        }
    }
}

impl Handler<Unlock> for SessionSupervisor {
    type Result = bool;

    fn handle(&mut self, Unlock: Unlock, _: &mut Self::Context) -> bool {
        match self.running {
            Running::LockedDown => {
                info!("the lockdown is over");
                self.running = Running::GoesOn;
                true
            }
            Running::GoesOn | Running::Stops => false,
        }
    }
}

impl SessionSupervisor {
    /// Ends a session that was rebuilt and has forgotten that it is to end.
    pub(super) fn lock_again(&self, key: SessionKey, ctx: &mut Context<Self>) {
        match self.running {
            Running::LockedDown => self.insist(key, LockSession, ctx),
            Running::GoesOn | Running::Stops => {}
        }
    }
}
