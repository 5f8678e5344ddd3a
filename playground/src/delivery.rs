//! Which messages reach the bot: those of its chats, and of groups what privacy lets pass.

use crate::entities;
use crate::post::{Author, Post};
use crate::render;
use crate::world::{Chat, ChatKind, Membership, Privacy, World};

/// The fields that make a message a service message; bots get all of these.
const SERVICE_FIELDS: [&str; 4] = [
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
];

/// Queues the update about a message; `None` if it does not reach the bot.
pub(crate) fn announce(
    world: &mut World,
    kind: &str,
    chat_id: i64,
    message_id: i64,
) -> Option<i64> {
    let chat = world.chats.get(&chat_id)?;
    let post = chat.post(message_id)?;
    if !reaches_bot(world, chat, post) {
        return None;
    }
    let message = render::message(world, chat, post);
    world.updates.push(kind, message)
}

fn reaches_bot(world: &World, chat: &Chat, post: &Post) -> bool {
    if chat.membership != Membership::Member {
        return false;
    }
    match (&chat.kind, world.privacy) {
        (ChatKind::Private, _) | (ChatKind::Group { .. }, Privacy::Off) => true,
        (ChatKind::Group { .. }, Privacy::On) => is_meant_for_bot(world, chat, post),
    }
}

fn is_meant_for_bot(world: &World, chat: &Chat, post: &Post) -> bool {
    let replied = post.reply_to.and_then(|replied| chat.post(replied));
    let own_name = format!("@{}", world.bot.username);
    let mut mentions = entities::texts(&post.text, &post.entities, "mention");
    let mut commands = entities::texts(&post.text, &post.entities, "bot_command");
    is_service(post)
        || replied.is_some_and(Post::is_by_bot)
        || mentions.any(|mention| mention.eq_ignore_ascii_case(&own_name))
        || commands.any(|command| match command.find('@') {
            Some(at) => command[at..].eq_ignore_ascii_case(&own_name),
            None => spoke_last_of_bots(world, chat),
        })
}

pub(crate) fn is_service(post: &Post) -> bool {
    let mut names = post.fields.keys();
    names.any(|name| SERVICE_FIELDS.contains(&name.as_str()))
}

/// A command without a name is for the bot that spoke last, or for all if none spoke.
fn spoke_last_of_bots(world: &World, chat: &Chat) -> bool {
    let mut authors = chat.posts.iter().rev().map(|post| post.author);
    let last = authors.find(|author| match author {
        Author::Bot => true,
        Author::Person(id) => world.people.get(id).is_some_and(|person| person.is_bot),
    });
    last.is_none_or(|author| author == Author::Bot)
}
