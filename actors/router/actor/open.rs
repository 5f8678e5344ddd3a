//! Lets go on what an earlier run or a lockdown left open.

use actix::prelude::*;
use tracing::error;

use super::super::resume::{Going, initiators, refuse_to_resume};
use super::DOOR_DEADLINE;
use crate::fault_point;
use crate::ids::{SessionKey, UserId};
use crate::ports::Open;
use crate::router::{NotResumed, RouterPorts};
use crate::session::TakeOver;
use crate::session_supervisor::ResumeSession;
use crate::user_registry::{Initiator, MayGoOn};

impl RouterPorts {
    /// Starts the sessions that have something to go on with, after the registry has said whose
    /// work may go on.
    pub(super) async fn resume_open(&self, from: &TakeOver) -> Result<(), NotResumed> {
        let mut open = Vec::new();
        for key in self.journal.open_sessions() {
            open.push((key, self.journal.left_open(key)?));
        }
        let restless = self.journal.restless_sessions()?;
        if open.is_empty() && restless.is_empty() {
            return Ok(());
        }
        let mut initiators = initiators(&open);
        initiators.extend(restless.iter().map(|restless| initiator_of(*restless)));
        let question = MayGoOn(initiators.clone());
        let asked = self.registry.may_go_on.send(question);
        let answers = asked.timeout(DOOR_DEADLINE).await;
        let answers = answers.map_err(|error| NotResumed::NoAnswer(error.to_string()))??;
        let going: Going = initiators.into_iter().zip(answers).collect();
        fault_point!("router.resuming");
        for (key, of_session) in open {
            self.resume_session((key, from), of_session, &going).await;
        }
        for (key, works_for) in restless {
            let may = going.get(&initiator_of((key, works_for))).copied();
            if may.flatten().is_some() {
                self.start_session(key, from.clone()).await;
            }
        }
        Ok(())
    }

    async fn resume_session(
        &self,
        (key, from): (SessionKey, &TakeOver),
        open: Vec<Open>,
        going: &Going,
    ) {
        let words = (&self.post_ids, self.language.say());
        let refused = refuse_to_resume(key, &open, going, words);
        if !refused.entry.closed.is_empty() {
            if let Err(error) = self.journal.write(key, &refused.entry) {
                error!(%key, %error, "cannot close prompts that must not resume");
                return;
            }
            for post in refused.entry.posts {
                self.post(post).await;
            }
        }
        if !refused.has_work_left {
            return;
        }
        self.start_session(key, from.clone()).await;
    }

    async fn start_session(&self, key: SessionKey, from: TakeOver) {
        // Without waiting for each: there may be thousands, and they start faster in one go.
        let started = match self.sessions.resume.try_send(ResumeSession { key, from }) {
            Ok(()) => Ok(()),
            Err(SendError::Closed(_)) => Err(MailboxError::Closed),
            Err(SendError::Full(again)) => {
                let started = self.sessions.resume.send(again);
                started.timeout(DOOR_DEADLINE).await
            }
        };
        if let Err(error) = started {
            error!(%key, %error, "cannot resume open prompts");
        }
    }
}

/// Returns as whom an agent had something to do by itself; in a private chat it was its person.
fn initiator_of((key, works_for): (SessionKey, Option<UserId>)) -> Initiator {
    Initiator {
        chat: key.chat,
        author: works_for.unwrap_or(UserId(key.chat.0)),
    }
}
