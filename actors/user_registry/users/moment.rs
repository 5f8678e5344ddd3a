//! When something is decided, and how the audit log tells of it.

use crate::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use crate::clock::{Time, UnixSeconds};
use crate::ids::{ChatId, UserId};

/// The moment of a decision.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Moment {
    pub(in super::super) now: Time,
    pub(in super::super) unix: UnixSeconds,
}

impl Moment {
    pub(super) fn done(
        self,
        by: UserId,
        (action, target): (AuditAction, Option<i64>),
    ) -> AuditEntry {
        AuditEntry {
            at: self.unix,
            by: AuditActor::User(by),
            action,
            target,
            subject: None,
            outcome: AuditOutcome::Done,
        }
    }

    pub(super) fn refused(
        self,
        by: UserId,
        what: (AuditAction, Option<i64>),
        reason: &'static str,
    ) -> AuditEntry {
        AuditEntry {
            subject: None,
            outcome: AuditOutcome::Refused(reason),
            ..self.done(by, what)
        }
    }

    /// An entry about what the bridge does by itself.
    pub(super) fn by_bridge(self, action: AuditAction, target: ChatId) -> AuditEntry {
        AuditEntry {
            at: self.unix,
            by: AuditActor::Bridge,
            action,
            target: Some(target.0),
            subject: None,
            outcome: AuditOutcome::Done,
        }
    }
}
