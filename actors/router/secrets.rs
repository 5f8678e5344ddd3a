//! Pure: which message that is turned away holds a secret, and goes all the same.

use super::slash_command::{Parsed, SlashCommand, Words};
use super::{Inbound, InboundContent};
use crate::enquiry::Enquiry;
use crate::outbox::Sign;
use crate::user_registry::Access;

/// Returns what deletes a code of a login that nobody takes: its session would have.
///
/// Only where the person is told why it is not taken, which is seldom: a crowd that sends such
/// messages must not push out the deletions of others.
pub(super) fn deletion_of_refused(parsed: &Parsed, access: Access) -> Option<Sign> {
    let Parsed { inbound, words } = parsed;
    let is_code = matches!(
        words,
        Words::Command(SlashCommand::Enquire(Enquiry::LoginCode(_)))
    );
    match access {
        Access::Refused(Some(_)) if is_code => deletion(inbound),
        Access::Refused(_)
        | Access::Granted(_)
        | Access::Unrecorded(_)
        | Access::Claimed
        | Access::Settled => None,
    }
}

fn deletion(inbound: &Inbound) -> Option<Sign> {
    let chat = inbound.chat();
    match inbound.content {
        InboundContent::Text { message, .. }
        | InboundContent::Edited { message, .. }
        | InboundContent::Unsupported { message, .. } => Some(Sign::Delete { chat, message }),
        InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. }
        | InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Reaction { .. } => None,
    }
}
