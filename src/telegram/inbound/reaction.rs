//! Pure: what a person thinks of a message.

use bridge_actors::ids::{ChatId, MessageId, SessionKey, UpdateId};
use bridge_actors::rating::Change;
use bridge_actors::router::{Addressed, Inbound, InboundContent, Sender};

use super::{Ignored, chat_kind, person, prompt_id};
use crate::telegram::bot_identity::BotIdentity;
use crate::telegram::update::{Reaction, ReactionChange};

/// Telegram does not tell the topic of the message, so it counts for the chat.
pub(super) fn on_reaction(
    us: &BotIdentity,
    update: UpdateId,
    change: &ReactionChange,
) -> Result<Inbound, Ignored> {
    let up = change_of("👍", change);
    let down = change_of("👎", change);
    if (up, down) == (Change::None, Change::None) {
        return Err(Ignored::Reaction);
    }
    Ok(Inbound {
        update,
        key: SessionKey::of_chat(ChatId(change.chat.id)),
        chat_kind: chat_kind(&change.chat)?,
        sender: change.user.as_ref().map_or(Sender::Nobody, person),
        addressed: Addressed::ToUs,
        content: InboundContent::Reaction {
            message: MessageId(change.message_id),
            up,
            down,
            prompt: prompt_id(us.id, update),
        },
    })
}

fn change_of(sign: &str, change: &ReactionChange) -> Change {
    let has = |reactions: &[Reaction]| {
        let mut signs = reactions.iter().filter_map(|it| it.emoji.as_deref());
        signs.any(|it| it == sign)
    };
    match (has(&change.old_reaction), has(&change.new_reaction)) {
        (false, true) => Change::Given,
        (true, false) => Change::TakenBack,
        (true, true) | (false, false) => Change::None,
    }
}
