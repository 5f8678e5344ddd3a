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
///
/// It tells the setting most bots have; with `Privacy::Off` groups are heard as by an administrator.
pub(crate) fn me(world: &World) -> Value {
    json!({
        "id": world.bot.id,
        "is_bot": true,
        "first_name": world.bot.name,
        "username": world.bot.username,
        "can_join_groups": true,
        "can_read_all_group_messages": false,
        "supports_inline_queries": false,
        "can_connect_to_business": false,
        "has_main_web_app": false,
        "has_topics_enabled": false,
        "allows_users_to_create_topics": false,
    })
}

/// Telegram's own accounts that stand in for a chat that speaks.
pub(crate) const GROUP_ANONYMOUS_BOT: i64 = 1_087_968_824;
pub(crate) const CHANNEL_BOT: i64 = 136_817_688;

/// Renders an account of Telegram that stands in for a chat; `None` for all others.
pub(crate) fn stand_in(id: i64) -> Option<Value> {
    let (name, username) = match id {
        GROUP_ANONYMOUS_BOT => ("Group", "GroupAnonymousBot"),
        CHANNEL_BOT => ("Channel", "Channel_Bot"),
        _ => return None,
    };
    Some(json!({ "id": id, "is_bot": true, "first_name": name, "username": username }))
}

pub(crate) fn person(world: &World, id: i64) -> Value {
    if let Some(account) = stand_in(id) {
        return account;
    }
    let Some(person) = world.people.get(&id) else {
        return json!({ "id": id, "is_bot": false, "first_name": "Somebody", "language_code": "en" });
    };
    let mut out = json!({ "id": id, "is_bot": person.is_bot, "first_name": person.name });
    if let Some(username) = &person.username {
        out["username"] = json!(username);
    }
    // Telegram tells no language of bots.
    if !person.is_bot {
        out["language_code"] = json!(person.language);
    }
    out
}

pub(crate) fn author(world: &World, author: Author) -> Value {
    match author {
        Author::Bot => bot(world),
        Author::Person(id) => person(world, id),
    }
}

pub(crate) fn chat(world: &World, chat: &Chat) -> Value {
    match &chat.kind {
        ChatKind::Private => {
            let person = world.people.get(&chat.id);
            let name = person.map_or("Somebody", |person| person.name.as_str());
            let mut out = json!({ "id": chat.id, "type": "private", "first_name": name });
            if let Some(username) = person.and_then(|person| person.username.as_ref()) {
                out["username"] = json!(username);
            }
            out
        }
        ChatKind::Group { title, .. } => {
            let kind = group_kind(chat.id);
            json!({ "id": chat.id, "type": kind, "title": title })
        }
    }
}

/// Returns the type of the group with this id.
pub(crate) fn group_kind(chat_id: i64) -> &'static str {
    if chat_id <= -1_000_000_000_000 {
        "supergroup"
    } else {
        "group"
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
    let mut out = json!({
        "message_id": post.message_id,
        "from": author(world, post.author),
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
    if let Some(file) = &post.attachment {
        add_file(out, file, &post.text);
    }
    let (text, entities) = match &post.attachment {
        None => ("text", "entities"),
        Some(file) if file.kind == AttachmentKind::Sticker => return,
        Some(_) => ("caption", "caption_entities"),
    };
    for (name, value) in &post.fields {
        out[name] = value.clone();
    }
    let is_plain = text == "text" && post.fields.is_empty();
    if is_plain || !post.text.is_empty() {
        out[text] = json!(post.text);
    }
    if !post.entities.is_empty() {
        out[entities] = json!(post.entities);
    }
}

fn add_file(out: &mut Value, file: &Attachment, words: &str) {
    let film = json!({ "width": 640, "height": 480, "duration": 3 });
    match file.kind {
        AttachmentKind::Document => out["document"] = document(file),
        AttachmentKind::Photo => out["photo"] = json!([photo_size(file)]),
        AttachmentKind::Sticker => out["sticker"] = sticker(file, words),
        AttachmentKind::Video => out["video"] = with(document(file), &film),
        AttachmentKind::Animation => {
            out["animation"] = with(document(file), &film);
            // Telegram sends both, for programs that do not know animations.
            out["document"] = document(file);
        }
        AttachmentKind::Audio => {
            out["audio"] = with(document(file), &json!({ "duration": 3 }));
        }
        AttachmentKind::Voice => {
            let mut voice = with(document(file), &json!({ "duration": 3 }));
            // A voice has no name.
            voice.as_object_mut().map(|voice| voice.remove("file_name"));
            out["voice"] = voice;
        }
        AttachmentKind::VideoNote => {
            out["video_note"] = json!({
                "file_id": file.file_id,
                "file_unique_id": unique_id(file),
                "length": 240,
                "duration": 3,
                "file_size": file.bytes.len(),
            });
        }
    }
}

fn with(mut value: Value, more: &Value) -> Value {
    for (name, more) in more.as_object().into_iter().flatten() {
        value[name] = more.clone();
    }
    value
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
