//! Performs the lockdown and its end.

use std::ops::ControlFlow;

use actix::MailboxError;
use tracing::error;

use super::DOOR_DEADLINE;
use crate::ids::SessionKey;
use crate::outbox::Rank;
use crate::router::RouterPorts;
use crate::session::TakeOver;
use crate::session_supervisor::{LockDown, Unlock};

impl RouterPorts {
    /// Ends every agent.
    pub(super) async fn lock_down(&self) -> Result<(), MailboxError> {
        let locked = self.sessions.lock_down.send(LockDown);
        locked.timeout(DOOR_DEADLINE).await
    }

    /// Lets sessions run again, and all go on that is open. When nobody can say whose work that is,
    /// none goes on; that is told, and nobody may tell that the lockdown is over.
    pub(super) async fn unlock(&self, told_in: Option<SessionKey>) -> ControlFlow<()> {
        if self.let_run_again().await {
            return ControlFlow::Continue(());
        }
        if let Some(key) = told_in {
            let text = self.language.say().unlock_not_resumed();
            self.answer(key, None, text, Rank::Answer).await;
        }
        ControlFlow::Break(())
    }

    /// Returns whether sessions run and all that is open goes on.
    async fn let_run_again(&self) -> bool {
        let unlocked = self.sessions.unlock.send(Unlock);
        match unlocked.timeout(DOOR_DEADLINE).await {
            Ok(true) => {}
            // They ran all the time, so nothing waits for this.
            Ok(false) => return true,
            Err(error) => {
                error!(%error, "cannot tell the sessions that the lockdown is over");
                return false;
            }
        }
        let Err(error) = self.resume_open(&TakeOver::Lockdown).await else {
            return true;
        };
        error!(%error, "cannot resume what was open at the lockdown, so nothing runs");
        if let Err(error) = self.lock_down().await {
            error!(%error, "cannot tell the sessions to wait");
        }
        false
    }
}
