//! What people think of messages.

use serde_json::{Value, json};

use crate::render;
use crate::world::{Privacy, World, unix_now};

pub(crate) fn react(
    world: &mut World,
    (chat_id, message_id): (i64, i64),
    person: i64,
    signs: &[&str],
) -> Option<i64> {
    let signs: Vec<String> = signs.iter().map(|sign| (*sign).to_owned()).collect();
    let place = (chat_id, message_id, person);
    let before = world.reactions.insert(place, signs.clone());
    let is_administrator = world.privacy == Privacy::Off;
    if chat_id < 0 && !is_administrator {
        return None;
    }
    let content = json!({
        "chat": render::chat(world, world.chats.get(&chat_id)?),
        "message_id": message_id,
        "user": render::person(world, person),
        "date": unix_now(),
        "old_reaction": listed(&before.unwrap_or_default()),
        "new_reaction": listed(&signs),
    });
    world.updates.push("message_reaction", content)
}

fn listed(signs: &[String]) -> Vec<Value> {
    let sign = |emoji: &String| json!({ "type": "emoji", "emoji": emoji });
    signs.iter().map(sign).collect()
}
