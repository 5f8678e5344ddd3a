//! What happens to groups: the bot comes and goes, and a group becomes a supergroup.

use std::time::Instant;

use serde_json::{Value, json};

use crate::delivery::announce;
use crate::drive::Playground;
use crate::people::{Said, new_post};
use crate::post::{Author, Post};
use crate::render;
use crate::world::{ChatKind, Membership, Privacy, World, unix_now};

impl Playground {
    /// Adds a group that the bot is not in; ids up to -1000000000000 are supergroups.
    pub fn create_group(&self, chat_id: i64, title: &str, members: &[i64]) {
        self.shared().change(|world| {
            for member in members {
                world.meet(*member);
            }
            world.add_group(chat_id, title, members);
            set_membership(world, chat_id, Membership::Stranger);
        });
    }

    /// Lets a person add the bot to a group; returns the id of the `my_chat_member` update.
    ///
    /// An unknown group is made. The service message follows. A bot that is in the group stays so,
    /// and nothing is told.
    pub fn add_bot(&self, chat_id: i64, by_person: i64) -> Option<i64> {
        self.shared()
            .change(|world| add_bot(world, chat_id, by_person))
    }

    /// Lets a person remove the bot from a group; returns the id of the `my_chat_member` update.
    pub fn remove_bot(&self, chat_id: i64, by_person: i64) -> Option<i64> {
        self.shared()
            .change(|world| remove_bot(world, chat_id, by_person))
    }

    /// Turns a group into a supergroup; returns the service messages of the old and the new chat.
    pub fn migrate(&self, old_chat_id: i64, new_chat_id: i64) -> (Said, Said) {
        self.shared()
            .change(|world| migrate(world, old_chat_id, new_chat_id))
    }

    /// Sets which messages of groups reach the bot; all do from the start.
    pub fn set_privacy(&self, privacy: Privacy) {
        self.shared().change(|world| world.privacy = privacy);
    }
}

fn add_bot(world: &mut World, chat_id: i64, by_person: i64) -> Option<i64> {
    world.meet(by_person);
    if !world.chats.contains_key(&chat_id) {
        world.add_group(chat_id, &format!("Group {chat_id}"), &[by_person]);
        set_membership(world, chat_id, Membership::Stranger);
    }
    if is_member(world, chat_id) {
        return None;
    }
    set_membership(world, chat_id, Membership::Member);
    let actor = Author::Person(by_person);
    let update_id = tell(world, chat_id, actor, ["left", "member"]);
    let bot = render::bot(world);
    announce_service(world, chat_id, actor, json!({ "new_chat_members": [bot] }));
    update_id
}

fn remove_bot(world: &mut World, chat_id: i64, by_person: i64) -> Option<i64> {
    if !is_member(world, chat_id) {
        return None;
    }
    world.meet(by_person);
    let actor = Author::Person(by_person);
    let update_id = tell(world, chat_id, actor, ["member", "left"]);
    let bot = render::bot(world);
    announce_service(world, chat_id, actor, json!({ "left_chat_member": bot }));
    set_membership(world, chat_id, Membership::Kicked);
    update_id
}

/// Lets the bot leave a group; its own service message is not told to it.
pub(crate) fn leave(world: &mut World, chat_id: i64) {
    tell(world, chat_id, Author::Bot, ["member", "left"]);
    let bot = render::bot(world);
    store_service(
        world,
        chat_id,
        Author::Bot,
        json!({ "left_chat_member": bot }),
    );
    set_membership(world, chat_id, Membership::Left);
}

fn migrate(world: &mut World, old_chat_id: i64, new_chat_id: i64) -> (Said, Said) {
    let old = world.chats.get(&old_chat_id);
    let (title, members) = match old.map(|chat| &chat.kind) {
        Some(ChatKind::Group { title, members }) => (title.clone(), members.clone()),
        Some(ChatKind::Private) | None => (format!("Group {old_chat_id}"), Vec::new()),
    };
    let membership = old.map_or(Membership::Member, |chat| chat.membership);
    let creator = members.first().copied();
    world.add_group(old_chat_id, &title, &members);
    world.add_group(new_chat_id, &title, &members);
    set_membership(world, new_chat_id, membership);
    let creator = Author::Person(creator.unwrap_or(render::GROUP_ANONYMOUS_BOT));
    let leads_on = json!({ "migrate_to_chat_id": new_chat_id });
    let in_old = announce_service(world, old_chat_id, creator, leads_on);
    set_membership(world, old_chat_id, Membership::Upgraded(new_chat_id));
    let new_chat = world.chats.get(&new_chat_id);
    let new_chat = new_chat.map(|chat| render::chat(world, chat));
    let leads_back = json!({ "migrate_from_chat_id": old_chat_id, "sender_chat": new_chat });
    let group = Author::Person(render::GROUP_ANONYMOUS_BOT);
    let in_new = announce_service(world, new_chat_id, group, leads_back);
    (in_old, in_new)
}

fn is_member(world: &World, chat_id: i64) -> bool {
    let chat = world.chats.get(&chat_id);
    chat.is_some_and(|chat| chat.membership == Membership::Member)
}

fn set_membership(world: &mut World, chat_id: i64, membership: Membership) {
    if let Some(chat) = world.chats.get_mut(&chat_id) {
        chat.membership = membership;
    }
}

/// Queues the `my_chat_member` update about the bot's old and new status.
fn tell(world: &mut World, chat_id: i64, actor: Author, statuses: [&str; 2]) -> Option<i64> {
    let chat = world.chats.get(&chat_id)?;
    let [old, new] = statuses.map(|status| json!({ "user": render::bot(world), "status": status }));
    let content = json!({
        "chat": render::chat(world, chat),
        "from": render::author(world, actor),
        "date": unix_now(),
        "old_chat_member": old,
        "new_chat_member": new,
    });
    world.updates.push("my_chat_member", content)
}

fn announce_service(world: &mut World, chat_id: i64, author: Author, fields: Value) -> Said {
    let message_id = store_service(world, chat_id, author, fields);
    Said {
        update_id: announce(world, "message", chat_id, message_id),
        chat_id,
        message_id,
        at: Instant::now(),
    }
}

fn store_service(world: &mut World, chat_id: i64, author: Author, fields: Value) -> i64 {
    let fields = fields.as_object().cloned().unwrap_or_default();
    world.store_post(Post {
        fields,
        ..new_post(chat_id, author, "")
    })
}
