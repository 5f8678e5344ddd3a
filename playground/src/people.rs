//! What people do: speak, edit, send files, press buttons; each act becomes an update.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::delivery::announce;
use crate::drive::Playground;
use crate::entities;
use crate::post::{Attachment, AttachmentKind, Author, Post};
use crate::reactions;
use crate::render;
use crate::world::{World, unix_now};

/// A message that a person sent, and the update that tells the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The update id; `None` if the bot's `allowed_updates` keeps it out.
    pub update_id: Option<i64>,
    pub chat_id: i64,
    pub message_id: i64,
    pub at: Instant,
}

/// A press of an inline button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// The update id; `None` if the bot's `allowed_updates` keeps it out.
    pub update_id: Option<i64>,
    pub query_id: String,
    pub at: Instant,
}

/// Why a button cannot be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PressError {
    NoSuchMessage,
    NoSuchButton,
}

impl std::fmt::Display for PressError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoSuchMessage => "the chat has no such message",
            Self::NoSuchButton => "the message has no such button",
        })
    }
}

impl std::error::Error for PressError {}

/// A file that a person sends.
#[derive(Debug, Clone)]
pub struct Upload {
    pub kind: AttachmentKind,
    pub file_name: String,
    pub mime_type: String,
    pub bytes: Arc<[u8]>,
    pub caption: String,
}

impl Upload {
    /// Returns a document without a caption.
    pub fn document(file_name: &str, mime_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: AttachmentKind::Document,
            file_name: file_name.to_owned(),
            mime_type: mime_type.to_owned(),
            bytes: Arc::from(bytes.into()),
            caption: String::new(),
        }
    }
}

impl Playground {
    /// Lets a person write to the bot in private; an unknown person is introduced first.
    pub fn say(&self, person: i64, text: &str) -> Said {
        self.say_in(person, person, text)
    }

    /// Lets a person write in any chat, such as a group.
    pub fn say_in(&self, chat_id: i64, person: i64, text: &str) -> Said {
        let post = new_post(chat_id, Author::Person(person), text);
        self.shared().change(|world| speak(world, person, post))
    }

    /// Lets a person reply to a message of a chat.
    pub fn reply(&self, chat_id: i64, person: i64, message_id: i64, text: &str) -> Said {
        let reply_to = Some(message_id);
        let post = Post {
            reply_to,
            ..new_post(chat_id, Author::Person(person), text)
        };
        self.shared().change(|world| speak(world, person, post))
    }

    /// Lets a person send a file to the bot in private.
    pub fn send_file(&self, person: i64, upload: Upload) -> Said {
        self.shared()
            .change(|world| send_file(world, person, upload))
    }

    /// Lets a person send one file of an album to the bot in private: Telegram sends each as a
    /// message of its own.
    pub fn send_to_album(&self, person: i64, album: &str, upload: Upload) -> Said {
        self.send_to_album_in(person, person, album, upload)
    }

    /// Lets a person send one file of an album to any chat, such as a group.
    pub fn send_to_album_in(&self, chat_id: i64, person: i64, album: &str, upload: Upload) -> Said {
        let fields = Map::from_iter([("media_group_id".to_owned(), json!(album))]);
        self.shared().change(|world| {
            let post = post_with_file(world, (chat_id, person), upload);
            speak(world, person, Post { fields, ..post })
        })
    }

    /// Lets a person send a sticker to the bot in private.
    pub fn sticker(&self, person: i64, emoji: &str) -> Said {
        let upload = Upload {
            kind: AttachmentKind::Sticker,
            caption: emoji.to_owned(),
            ..Upload::document("sticker.webp", "image/webp", *b"RIFF")
        };
        self.send_file(person, upload)
    }

    /// Lets a person replace the text of their own message.
    pub fn edit(&self, said: Said, text: &str) -> Said {
        self.shared().change(|world| edit(world, said, text))
    }

    /// Lets a person put another file, with its caption, in the place of that of their own message.
    pub fn exchange_file(&self, said: Said, upload: Upload) -> Said {
        self.shared().change(|world| {
            let caption = upload.caption.clone();
            let file = store(world, upload);
            let chat = world.chats.get_mut(&said.chat_id);
            if let Some(post) = chat.and_then(|chat| chat.post_mut(said.message_id)) {
                post.attachment = Some(file);
            }
            edit(world, said, &caption)
        })
    }

    /// Lets a person react to a message with these signs, or take all of theirs back; returns the
    /// id of the update. In groups Telegram tells only administrators.
    pub fn react(&self, chat_id: i64, person: i64, message_id: i64, signs: &[&str]) -> Option<i64> {
        self.shared().change(|world| {
            let place = (chat_id, message_id);
            reactions::react(world, place, person, signs)
        })
    }

    /// Lets a person press an inline button, named by its label or its callback data.
    pub fn press(
        &self,
        chat_id: i64,
        person: i64,
        message_id: i64,
        button: &str,
    ) -> Result<Press, PressError> {
        self.shared()
            .change(|world| press(world, chat_id, person, message_id, button))
    }

    /// Lets a person press Stop on the draft of their private chat; `None` without such a button.
    pub fn stop_draft(&self, person: i64) -> Option<i64> {
        self.shared().change(|world| stop_draft(world, person))
    }

    /// Queues a raw update past all filters, for malformed, unknown or repeated ones.
    ///
    /// It gets a fresh `update_id` if it has none; the id is returned.
    pub fn inject(&self, update: Value) -> i64 {
        self.shared().change(|world| world.updates.inject(update))
    }
}

pub(crate) fn new_post(chat_id: i64, author: Author, text: &str) -> Post {
    let now = Instant::now();
    Post {
        chat_id,
        message_id: 0,
        author,
        date: unix_now(),
        text: text.to_owned(),
        entities: Vec::new(),
        attachment: None,
        fields: Map::new(),
        buttons: Vec::new(),
        reply_markup: None,
        reply_to: None,
        thread_id: None,
        reactions: Vec::new(),
        edits: 0,
        earlier_texts: Vec::new(),
        deleted: false,
        pinned: false,
        silent: false,
        sent_at: now,
        changed_at: now,
        revision: 0,
    }
}

pub(crate) fn speak(world: &mut World, person: i64, mut post: Post) -> Said {
    if render::stand_in(person).is_none() {
        world.meet(person);
    }
    if !world.chats.contains_key(&post.chat_id) {
        world.add_group(post.chat_id, &format!("Group {}", post.chat_id), &[person]);
    }
    post.entities = entities::find(&post.text);
    let chat_id = post.chat_id;
    let message_id = world.store_post(post);
    Said {
        update_id: announce(world, "message", chat_id, message_id),
        chat_id,
        message_id,
        at: Instant::now(),
    }
}

fn send_file(world: &mut World, person: i64, upload: Upload) -> Said {
    let post = post_with_file(world, (person, person), upload);
    speak(world, person, post)
}

/// Stores a file and returns the message, not sent yet, that carries it.
pub(crate) fn post_with_file(
    world: &mut World,
    (chat_id, person): (i64, i64),
    upload: Upload,
) -> Post {
    let caption = upload.caption.clone();
    Post {
        attachment: Some(store(world, upload)),
        ..new_post(chat_id, Author::Person(person), &caption)
    }
}

fn store(world: &mut World, upload: Upload) -> Attachment {
    let Upload {
        kind,
        file_name,
        mime_type,
        bytes,
        caption: _,
    } = upload;
    world.store_file(kind, &file_name, &mime_type, bytes)
}

fn edit(world: &mut World, said: Said, text: &str) -> Said {
    let revision = world.revision + 1;
    let chat = world.chats.get_mut(&said.chat_id);
    if let Some(post) = chat.and_then(|chat| chat.post_mut(said.message_id)) {
        let earlier = std::mem::replace(&mut post.text, text.to_owned());
        post.earlier_texts.push(earlier);
        post.entities = entities::find(text);
        post.edits += 1;
        post.changed_at = Instant::now();
        post.revision = revision;
    }
    Said {
        update_id: announce(world, "edited_message", said.chat_id, said.message_id),
        at: Instant::now(),
        ..said
    }
}

pub(crate) fn press(
    world: &mut World,
    chat_id: i64,
    person: i64,
    message_id: i64,
    button: &str,
) -> Result<Press, PressError> {
    let chat = world.chats.get(&chat_id).ok_or(PressError::NoSuchMessage)?;
    let post = chat.post(message_id).ok_or(PressError::NoSuchMessage)?;
    let found = post.button(button).ok_or(PressError::NoSuchButton)?;
    let callback_data = found.data.clone().ok_or(PressError::NoSuchButton)?;
    let message = render::message(world, chat, post);
    Ok(open_press(world, chat_id, person, message, &callback_data))
}

/// Queues a press without asking whether it is possible.
pub(crate) fn open_press(
    world: &mut World,
    chat_id: i64,
    person: i64,
    message: Value,
    callback_data: &str,
) -> Press {
    let query_id = world.open_press();
    let content = json!({
        "id": query_id,
        "from": render::person(world, person),
        "message": message,
        "chat_instance": chat_id.to_string(),
        "data": callback_data,
    });
    let update_id = world.updates.push("callback_query", content);
    Press {
        update_id,
        query_id,
        at: Instant::now(),
    }
}

pub(crate) fn stop_draft(world: &mut World, person: i64) -> Option<i64> {
    let chat = world.chats.get_mut(&person)?;
    let draft = chat.draft.as_mut()?;
    if !draft.can_stop || !draft.is_visible(Instant::now()) {
        return None;
    }
    draft.can_stop = false;
    let (draft_id, thread_id) = (draft.draft_id, draft.thread_id);
    chat.draft.take_if(|draft| !draft.keep_on_stop);
    let mut content = json!({
        "chat": render::chat(world, world.chats.get(&person)?),
        "draft_id": draft_id,
    });
    if let Some(thread_id) = thread_id {
        content["message_thread_id"] = json!(thread_id);
    }
    world.updates.push("stopped_message_generation", content)
}
