//! Telegram's JSON of people, chats, messages and files.

use serde_json::{Value, json};

use crate::post::{Attachment, AttachmentKind, Author, Post};
use crate::world::{Chat, ChatKind, World};

pub(crate) fn bot(world: &World) -> Value {
    json!({
        "id": world.bot.id,
        "is_bot": true,
        "first_name": world.bot.name,
        "username": world.bot.username,
    })
}

/// Renders the answer of `getMe`, which has more fields than other mentions of the bot.
pub(crate) fn me(world: &World) -> Value {
    json!({
        "id": world.bot.id,
        "is_bot": true,
        "first_name": world.bot.name,
        "username": world.bot.username,
        "can_join_groups": true,
        "can_read_all_group_messages": true,
        "supports_inline_queries": false,
        "can_connect_to_business": false,
        "has_main_web_app": false,
        "has_topics_enabled": false,
        "allows_users_to_create_topics": false,
    })
}

pub(crate) fn person(world: &World, id: i64) -> Value {
    let name = world.people.get(&id).map_or("Somebody", String::as_str);
    json!({ "id": id, "is_bot": false, "first_name": name, "language_code": "en" })
}

pub(crate) fn chat(world: &World, chat: &Chat) -> Value {
    match &chat.kind {
        ChatKind::Private => {
            let name = world
                .people
                .get(&chat.id)
                .map_or("Somebody", String::as_str);
            json!({ "id": chat.id, "type": "private", "first_name": name })
        }
        ChatKind::Group { title, .. } => {
            let kind = if chat.id <= -1_000_000_000_000 {
                "supergroup"
            } else {
                "group"
            };
            json!({ "id": chat.id, "type": kind, "title": title })
        }
    }
}

pub(crate) fn message(world: &World, in_chat: &Chat, post: &Post) -> Value {
    let mut out = bare_message(world, in_chat, post);
    let replied = post
        .reply_to
        .and_then(|message_id| in_chat.post(message_id));
    if let Some(replied) = replied {
        out["reply_to_message"] = bare_message(world, in_chat, replied);
    }
    out
}

fn bare_message(world: &World, in_chat: &Chat, post: &Post) -> Value {
    let from = match post.author {
        Author::Bot => bot(world),
        Author::Person(id) => person(world, id),
    };
    let mut out = json!({
        "message_id": post.message_id,
        "from": from,
        "chat": chat(world, in_chat),
        "date": post.date,
    });
    add_content(&mut out, post);
    if let Some(markup) = post
        .reply_markup
        .as_ref()
        .filter(|m| m["inline_keyboard"].is_array())
    {
        out["reply_markup"] = markup.clone();
    }
    if let Some(thread_id) = post.thread_id {
        out["message_thread_id"] = json!(thread_id);
    }
    if post.edits > 0 {
        out["edit_date"] = json!(post.date);
    }
    out
}

fn add_content(out: &mut Value, post: &Post) {
    let (text, entities) = match &post.attachment {
        None => ("text", "entities"),
        Some(file) if file.kind == AttachmentKind::Sticker => {
            out["sticker"] = sticker(file, &post.text);
            return;
        }
        Some(file) if file.kind == AttachmentKind::Photo => {
            out["photo"] = json!([photo_size(file)]);
            ("caption", "caption_entities")
        }
        Some(file) => {
            out["document"] = document(file);
            ("caption", "caption_entities")
        }
    };
    if text == "text" || !post.text.is_empty() {
        out[text] = json!(post.text);
    }
    if !post.entities.is_empty() {
        out[entities] = json!(post.entities);
    }
}

pub(crate) fn file(attachment: &Attachment) -> Value {
    json!({
        "file_id": attachment.file_id,
        "file_unique_id": unique_id(attachment),
        "file_size": attachment.bytes.len(),
        "file_path": attachment.file_path,
    })
}

fn document(file: &Attachment) -> Value {
    json!({
        "file_id": file.file_id,
        "file_unique_id": unique_id(file),
        "file_name": file.file_name,
        "mime_type": file.mime_type,
        "file_size": file.bytes.len(),
    })
}

fn photo_size(file: &Attachment) -> Value {
    json!({
        "file_id": file.file_id,
        "file_unique_id": unique_id(file),
        "width": 640,
        "height": 480,
        "file_size": file.bytes.len(),
    })
}

fn sticker(file: &Attachment, emoji: &str) -> Value {
    json!({
        "file_id": file.file_id,
        "file_unique_id": unique_id(file),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": false,
        "is_video": false,
        "emoji": emoji,
    })
}

fn unique_id(file: &Attachment) -> String {
    format!("u{}", file.file_id)
}
