//! Promise: what does not exist yet breaks nothing, and whoever sends it is told, once an hour.

use serde_json::{Value, json};

use crate::support::bridge::{OWNER, World};

fn inject(world: &World, message_id: i64, content: (&str, Value)) {
    let (field, content) = content;
    let mut message = json!({
        "message_id": message_id,
        "date": 1,
        "chat": { "id": OWNER, "type": "private", "first_name": "Olga" },
        "from": { "id": OWNER, "is_bot": false, "first_name": "Olga" },
    });
    message[field] = content;
    world.playground.inject(json!({ "message": message }));
}

#[test]
fn who_sends_what_is_not_known_is_told_once_and_the_chat_goes_on() {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say before", "before");
    world
        .playground
        .inject(json!({ "telepathy": { "from": { "id": OWNER } } }));
    inject(&world, 9001, ("pinned_message", json!({ "message_id": 1 })));
    inject(&world, 9002, ("new_chat_title", json!("Title")));
    inject(
        &world,
        9003,
        ("hologram", json!({ "file_id": "a", "depth": 3 })),
    );
    world.see_after(OWNER, 0, "messages of this kind");
    inject(&world, 9004, ("hologram", json!([])));
    world.say_and_see("rehearse: say after", "after");
    let texts = world.bot_texts(OWNER);
    let told = texts.iter().filter(|text| text.contains("of this kind"));
    assert_eq!(told.count(), 1, "{texts:?}");
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert_eq!(world.ledger().len(), 2);
}
