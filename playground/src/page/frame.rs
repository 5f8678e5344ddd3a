//! What the page is told: the state of one person's chat, and later only what changed.

use std::time::Instant;

use serde_json::{Value, json};

use crate::post::Post;
use crate::view::View;
use crate::world::{Chat, World};

/// How far one page has been told.
#[derive(Debug, Default)]
pub(super) struct Frame {
    revision: u64,
    surroundings: Value,
    /// The instant a shown draft or action began, so that a renewed one is told again.
    stamps: (Option<Instant>, Option<Instant>),
}

impl Frame {
    /// Returns the news since the last call; `None` if the page would look the same.
    pub(super) fn advance(&mut self, world: &World, person: i64) -> Option<Value> {
        let chat = world.chats.get(&person);
        let posts: Vec<Value> = chat.map_or_else(Vec::new, |chat| {
            let news = chat
                .posts
                .iter()
                .filter(|post| post.revision > self.revision);
            news.map(|post| render(chat, post)).collect()
        });
        let surroundings = surroundings(world, person);
        let stamps = (
            chat.and_then(|chat| Some(chat.draft.as_ref()?.revised_at)),
            chat.and_then(|chat| Some(chat.action.as_ref()?.0)),
        );
        let same = surroundings == self.surroundings && stamps == self.stamps;
        let first = self.revision == 0;
        self.revision = world.revision;
        if posts.is_empty() && same && !first {
            return None;
        }
        let mut news = surroundings.clone();
        news["first"] = json!(first);
        news["posts"] = json!(posts);
        (self.surroundings, self.stamps) = (surroundings, stamps);
        Some(news)
    }
}

fn surroundings(world: &World, person: i64) -> Value {
    let view = View::new(world);
    let people = world.people.iter().filter(|(_, person)| !person.is_bot);
    let people = people.map(|(id, person)| json!({ "id": id, "name": person.name }));
    let commands = view.commands(person).into_iter();
    let commands = commands.map(|(name, about)| json!({ "name": name, "about": about }));
    let draft = view.draft(person).map(|draft| {
        json!({ "text": draft.text, "entities": draft.entities, "can_stop": draft.can_stop })
    });
    let answers = world.press_answers.iter().rev().take(20);
    json!({
        "bot": world.bot.name,
        "username": world.bot.username,
        "people": people.collect::<Vec<_>>(),
        "commands": commands.collect::<Vec<_>>(),
        "draft": draft,
        "action": view.action(person),
        "answers": answers.map(|(id, text)| json!([id, text])).collect::<Vec<_>>(),
    })
}

fn render(chat: &Chat, post: &Post) -> Value {
    let reply = post
        .reply_to
        .and_then(|message_id| chat.post(message_id))
        .map(|replied| {
            let start: String = replied.text.chars().take(90).collect();
            let file_name = replied
                .attachment
                .as_ref()
                .map(|file| file.file_name.as_str());
            json!({
                "id": replied.message_id,
                "by_bot": replied.is_by_bot(),
                "text": if start.is_empty() { file_name.unwrap_or("message") } else { &start },
            })
        });
    let row = |row: &Vec<crate::post::Button>| -> Vec<Value> {
        let button = |b: &crate::post::Button| json!({ "label": b.label, "data": b.data, "url": b.url, "style": b.style });
        row.iter().map(button).collect()
    };
    let file = post.attachment.as_ref().map(|file| {
        json!({
            "id": file.file_id,
            "name": file.file_name,
            "size": file.bytes.len(),
            "picture": picture_type(&file.bytes).is_some(),
        })
    });
    json!({
        "id": post.message_id,
        "by_bot": post.is_by_bot(),
        "date": post.date,
        "text": post.text,
        "entities": post.entities,
        "file": file,
        "buttons": post.buttons.iter().map(row).collect::<Vec<_>>(),
        "reply": reply,
        "reactions": post.reactions,
        "edits": post.edits,
        "deleted": post.deleted,
        "pinned": post.pinned,
        "silent": post.silent,
    })
}

/// Returns the media type of bytes that begin like a picture a browser shows.
pub(super) fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &'static str); 3] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
    ];
    let known = starts.iter().find(|(start, _)| bytes.starts_with(start));
    known.map(|(_, media_type)| *media_type)
}
