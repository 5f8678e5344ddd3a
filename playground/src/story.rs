//! Chats as plain text for people: who said what, with buttons and marks.

use serde_json::Value;

use crate::drive::Playground;
use crate::post::{Author, Button, Post};
use crate::world::{Chat, ChatKind, World};

impl Playground {
    /// Renders chats for reading, one line a message: `Anna: text`, `bot: text [Approve] [Deny]`.
    ///
    /// Messages stand in their final form, edited ones with `(edited)`, deleted ones not at all.
    /// Several chats are told apart by a line such as `== Team ==`.
    pub fn transcript_of(&self, chat_ids: &[i64]) -> String {
        let shared = self.shared();
        let world = shared.read();
        let chats = chat_ids.iter().filter_map(|id| world.chats.get(id));
        let sections = chats.map(|chat| {
            let posts = chat.posts.iter().filter(|post| !post.deleted);
            let lines = posts.map(|post| format!("{}\n", line(&world, post)));
            let heading = match chat_ids {
                [_] => String::new(),
                _ => format!("== {} ==\n", title(&world, chat)),
            };
            heading + &lines.collect::<String>()
        });
        sections.collect::<Vec<_>>().join("\n")
    }

    /// Returns the text of a message as it stands; `None` if there is none.
    pub fn text_of(&self, chat_id: i64, message_id: i64) -> Option<String> {
        self.look(|view| Some(view.post(chat_id, message_id)?.text.clone()))
    }

    /// Returns the inline buttons of a message: label, and callback data or else the link.
    pub fn buttons_of(&self, chat_id: i64, message_id: i64) -> Vec<(String, String)> {
        let pair = |button: &Button| {
            let target = button.data.as_ref().or(button.url.as_ref());
            (button.label.clone(), target.cloned().unwrap_or_default())
        };
        self.look(|view| {
            let post = view.post(chat_id, message_id);
            let buttons = post
                .into_iter()
                .flat_map(|post| post.buttons.iter().flatten());
            buttons.map(pair).collect()
        })
    }
}

fn title(world: &World, chat: &Chat) -> String {
    match &chat.kind {
        ChatKind::Private => name(world, Author::Person(chat.id)),
        ChatKind::Group { title, .. } => title.clone(),
    }
}

fn name(world: &World, author: Author) -> String {
    match author {
        Author::Bot => "bot".to_owned(),
        Author::Person(id) => world
            .people
            .get(&id)
            .map_or_else(|| format!("Person {id}"), |person| person.name.clone()),
    }
}

fn line(world: &World, post: &Post) -> String {
    let sender_chat = post.fields.get("sender_chat");
    let sender_title = sender_chat.and_then(|chat| chat["title"].as_str());
    let author = sender_title.map_or_else(|| name(world, post.author), str::to_owned);
    if let Some(event) = event(post) {
        return format!("* {author} {event}");
    }
    let mut parts = Vec::new();
    if let Some(origin) = post.fields.get("forward_origin") {
        parts.push(format!("(forwarded from {})", origin_name(origin)));
    }
    if let Some(contact) = post.fields.get("contact") {
        let word = |key: &str| contact[key].as_str().unwrap_or("").to_owned();
        parts.push(format!(
            "(contact {} {})",
            word("first_name"),
            word("phone_number")
        ));
    }
    if let Some(file) = &post.attachment {
        parts.push(format!("(file {})", file.file_name));
    }
    if !post.text.is_empty() {
        parts.push(post.text.clone());
    }
    let buttons = post.buttons.iter().flatten();
    parts.extend(buttons.map(|button| format!("[{}]", button.label)));
    if post.edits > 0 {
        parts.push("(edited)".to_owned());
    }
    format!("{author}: {}", parts.join(" "))
}

/// Words a service message; `None` for an ordinary one.
fn event(post: &Post) -> Option<&'static str> {
    let goes = if post.is_by_bot() {
        "left"
    } else {
        "removed the bot"
    };
    let events = [
        ("new_chat_members", "added the bot"),
        ("left_chat_member", goes),
        ("migrate_to_chat_id", "upgraded the group to a supergroup"),
        ("migrate_from_chat_id", "is a supergroup"),
    ];
    let mut found = events
        .iter()
        .filter(|(field, _)| post.fields.contains_key(*field));
    found.next().map(|(_, words)| *words)
}

fn origin_name(origin: &Value) -> &str {
    let names = [
        &origin["sender_user"]["first_name"],
        &origin["sender_user_name"],
        &origin["chat"]["title"],
    ];
    let mut known = names.into_iter().filter_map(Value::as_str);
    known.next().unwrap_or("somebody")
}
