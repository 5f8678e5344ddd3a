//! Writes down what a person did and saw, in the order in which they saw it.

use std::collections::BTreeMap;
use std::path::Path;

use playground::{AttachmentKind, Button, Post, Said, Upload};

use super::plain::{is_card, normalised, wrapped};
use crate::support::bridge::{OWNER, World};

/// What was done and seen, chapter by chapter.
pub(super) struct Diary<'a> {
    world: &'a World,
    project: &'a Path,
    /// The chat that is looked at.
    chat: i64,
    chapters: Vec<String>,
    /// How the person saw each message last.
    seen: BTreeMap<i64, String>,
    /// The last message of the person.
    said: i64,
}

impl<'a> Diary<'a> {
    pub(super) fn new(world: &'a World, project: &'a Path) -> Self {
        Self {
            world,
            project,
            chat: OWNER,
            chapters: Vec::new(),
            seen: BTreeMap::new(),
            said: 0,
        }
    }

    pub(super) fn begin_chapter(&mut self) {
        self.chapters.push(String::new());
    }

    /// Looks at another chat from now on, in a chapter of its own.
    pub(super) fn goes_to(&mut self, chat: i64) {
        self.assert_all_seen();
        self.chat = chat;
        self.said = 0;
        self.seen.clear();
        self.begin_chapter();
    }

    /// Lets somebody write in the chat that is looked at.
    pub(super) fn hears(&mut self, (person, name): (i64, &str), text: &str) -> Said {
        let said = self.world.playground.say_in(self.chat, person, text);
        self.note_said(said, &format!("{name}: {text}"));
        said
    }

    /// Lets the person send a file; the bot sees the words below it.
    pub(super) fn sends(&mut self, upload: Upload) {
        let line = sent_line(&upload);
        let said = self.world.playground.send_file(OWNER, upload);
        self.note_said(said, &line);
    }

    /// Lets the person send several files at once.
    pub(super) fn sends_album(&mut self, uploads: Vec<Upload>) {
        for upload in uploads {
            let line = sent_line(&upload);
            let said = self.world.playground.send_to_album(OWNER, "1", upload);
            self.note_said(said, &line);
        }
    }

    /// Lets the person write.
    pub(super) fn says(&mut self, text: &str) {
        let said = self.world.playground.say_in(self.chat, OWNER, text);
        self.note_said(said, &format!("Olga: {text}"));
    }

    /// Lets the person reply to a message.
    pub(super) fn replies(&mut self, post: &Post, text: &str) {
        self.replies_to(post.message_id, text);
    }

    /// Lets the person reply to a message, whoever wrote it.
    pub(super) fn replies_to(&mut self, message: i64, text: &str) {
        let said = (self.world.playground).reply(self.chat, OWNER, message, text);
        self.note_said(said, &format!("Olga, as a reply to that: {text}"));
    }

    /// Lets the person press a button, and waits for the word that they see for a moment.
    pub(super) fn presses(&mut self, post: &Post, button: &str) {
        let pressed = (self.world.playground).press(self.chat, OWNER, post.message_id, button);
        let pressed = pressed.unwrap_or_else(|error| panic!("{button} of {}: {error}", post.text));
        let word = self.world.wait("the answer to a press", |view| {
            view.press_answer(&pressed.query_id).map(str::to_owned)
        });
        self.write(&format!("* Olga presses [{button}]: “{word}”"));
    }

    /// Waits for a message with these words that is no card, and that answers if it rings.
    pub(super) fn sees(&mut self, words: &str) -> Post {
        self.sees_one(words, |post| {
            !is_card(&post.text) && post.attachment.is_none()
        })
    }

    /// Waits for a file whose name contains this.
    pub(super) fn sees_file(&mut self, name: &str) -> Post {
        self.sees_one("", |post| {
            let file = post.attachment.as_ref();
            file.is_some_and(|file| file.file_name.contains(name))
        })
    }

    /// Waits for a card with these words.
    pub(super) fn sees_card(&mut self, words: &str) -> Post {
        self.sees_one(words, |post| is_card(&post.text))
    }

    /// Waits until a message has these words.
    pub(super) fn sees_change(&mut self, post: &Post, words: &str) {
        let post = self.world.see_edited(post, words);
        self.note_change(&post);
    }

    /// Waits until a card shows that its turn is over.
    pub(super) fn sees_end_of(&mut self, card: &Post) {
        let post = self.world.wait("the end of a card", |view| {
            let post = view.post(card.chat_id, card.message_id)?;
            (!post.text.starts_with('⏳')).then(|| post.clone())
        });
        self.note_change(&post);
    }

    fn note_change(&mut self, post: &Post) {
        let form = self.form(post);
        let before = self.seen.insert(post.message_id, form.clone()).unwrap();
        let before: Vec<_> = before.lines().collect();
        let is_new = |line: &&str| !before.contains(line);
        let news: Vec<_> = form.lines().filter(is_new).collect();
        self.write(&format!("bot edits that: {}", news.join("\n")));
    }

    /// Writes down what happens outside the chat.
    pub(super) fn notes(&mut self, event: &str) {
        self.write(&format!("* {event}"));
    }

    /// Returns the chapters, if there is nothing in the chat that was not seen like that.
    pub(super) fn close(self) -> Vec<String> {
        self.assert_all_seen();
        self.chapters
    }

    fn assert_all_seen(&self) {
        let mut posts = self.world.playground.chat(self.chat);
        posts.retain(|post| post.is_by_bot() && !post.deleted);
        for post in posts {
            let form = self.form(&post);
            match self.seen.get(&post.message_id) {
                Some(seen) => assert_eq!(seen, &form, "a message has changed since"),
                None => assert!(is_card(&post.text), "nobody has seen {form:?}"),
            }
        }
    }

    fn sees_one(&mut self, words: &str, is_it: impl Fn(&Post) -> bool) -> Post {
        let post = self.world.wait(&format!("{words:?}"), |view| {
            let mut posts = view.bot_posts(self.chat);
            let is_news = |post: &Post| {
                post.message_id > self.said && !self.seen.contains_key(&post.message_id)
            };
            posts
                .find(|post| is_news(post) && is_it(post) && post.text.contains(words))
                .cloned()
        });
        let form = self.form(&post);
        self.write(&format!("bot: {form}"));
        self.seen.insert(post.message_id, form);
        post
    }

    fn note_said(&mut self, said: Said, line: &str) {
        self.said = said.message_id;
        self.write(line);
    }

    /// Returns a message as text: its words, its file, its buttons row by row.
    fn form(&self, post: &Post) -> String {
        let mut form = normalised(&post.text, self.project);
        if let Some(file) = &post.attachment {
            form.push_str(&format!("\n(file {})", file.file_name));
        }
        for row in &post.buttons {
            let label = |button: &Button| format!("[{}]", button.label);
            let labels: Vec<_> = row.iter().map(label).collect();
            form.push_str(&format!("\n{}", labels.join(" ")));
        }
        form
    }

    fn write(&mut self, entry: &str) {
        let chapter = self.chapters.last_mut().expect("a chapter has begun");
        chapter.push_str(&wrapped(entry));
    }
}

/// Returns how the page tells of a file that was sent.
fn sent_line(upload: &Upload) -> String {
    let what = match upload.kind {
        AttachmentKind::Voice => "voice message".to_owned(),
        AttachmentKind::Photo => "photo".to_owned(),
        AttachmentKind::Document
        | AttachmentKind::Sticker
        | AttachmentKind::Video
        | AttachmentKind::Animation
        | AttachmentKind::Audio
        | AttachmentKind::VideoNote => format!("file {}", upload.file_name),
    };
    format!("Olga: ({what}) {}", upload.caption)
        .trim_end()
        .to_owned()
}
