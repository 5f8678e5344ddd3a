//! Pure: what a change of the bot's standing in a chat means.

use bridge_actors::ids::{ChatId, SessionKey, UpdateId};
use bridge_actors::router::{Addressed, ChatKind, Inbound, InboundContent, Sender};

use super::{Ignored, chat_kind, person};
use crate::telegram::update::{Standing, StandingChange};

pub(super) fn on_standing(update: UpdateId, change: &StandingChange) -> Result<Inbound, Ignored> {
    let chat_kind = chat_kind(&change.chat)?;
    match chat_kind {
        ChatKind::Group => {}
        ChatKind::Private | ChatKind::Channel => return Err(Ignored::StandingOutsideGroups),
    }
    let content = if !is_inside(&change.new_chat_member)? {
        InboundContent::Left
    } else if !is_inside(&change.old_chat_member)? {
        InboundContent::Joined
    } else {
        return Err(Ignored::Rights);
    };
    Ok(Inbound {
        update,
        key: SessionKey::of_chat(ChatId(change.chat.id)),
        chat_kind,
        sender: change.from.as_ref().map_or(Sender::Nobody, person),
        addressed: Addressed::ToUs,
        content,
    })
}

fn is_inside(standing: &Standing) -> Result<bool, Ignored> {
    match standing.status.as_str() {
        "creator" | "administrator" | "member" => Ok(true),
        "restricted" => Ok(standing.is_member == Some(true)),
        "left" | "kicked" => Ok(false),
        other => Err(Ignored::Malformed(format!("unknown status {other:?}"))),
    }
}
