//! Pure: whom a message points at by what it replies to.

use bridge_actors::ids::UserId;
use bridge_actors::router::Pointing;
use serde::Deserialize as _;
use serde_json::Value;

use super::is_topic_root;
use crate::telegram::bot_identity::BotIdentity;
use crate::telegram::update::{Contact, ForwardOrigin, Message, User};

/// Tells whom a message points at.
///
/// What is shown stands before who shows it: a contact, then the author of what was forwarded,
/// then the author. What has an author that cannot be made out is hidden and never falls back to
/// who passed it on, who is somebody else. Bots and the sender are nobody: a reply to one's own
/// words must not turn a command against oneself.
pub(super) fn pointing(us: &BotIdentity, message: &Message) -> Pointing {
    let replied = message.reply_to_message.as_ref();
    let Some(replied) = replied.filter(|replied| !is_topic_root(message, replied)) else {
        return Pointing::None;
    };
    let target = if let Some(contact) = &replied.contact {
        of_contact(contact)
    } else if let Some(origin) = &replied.forward_origin {
        of_origin(origin)
    } else if replied.sender_chat.is_some() {
        Target::Hidden
    } else {
        let author = replied.from.as_ref();
        author.map_or(Target::Hidden, Target::account)
    };
    let own_id = message.from.as_ref().map(|sender| sender.id);
    match target {
        Target::Bot => Pointing::None,
        Target::Hidden => Pointing::Hidden,
        Target::Person { id, .. } if id == us.id || Some(id) == own_id => Pointing::None,
        Target::Person { id, first_name } => Pointing::At {
            user: UserId(id),
            first_name,
        },
    }
}

enum Target {
    Bot,
    Hidden,
    Person { id: i64, first_name: String },
}

impl Target {
    fn account(user: &User) -> Self {
        if user.is_bot {
            return Target::Bot;
        }
        Self::person(user.id, &user.first_name)
    }

    /// People have positive ids: others are of chats, or made up.
    fn person(id: i64, first_name: &str) -> Self {
        if id <= 0 {
            return Target::Hidden;
        }
        Target::Person {
            id,
            first_name: first_name.to_owned(),
        }
    }
}

fn of_contact(contact: &Value) -> Target {
    Contact::deserialize(contact).map_or(Target::Hidden, |contact| {
        Target::person(contact.user_id, &contact.first_name)
    })
}

fn of_origin(origin: &Value) -> Target {
    if origin.get("type").and_then(Value::as_str) != Some("user") {
        return Target::Hidden;
    }
    ForwardOrigin::deserialize(origin).map_or(Target::Hidden, |origin| {
        Target::account(&origin.sender_user)
    })
}
