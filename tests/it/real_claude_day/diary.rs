//! Writes down what a person did and saw, in the order in which they saw it.

use std::collections::BTreeMap;
use std::path::Path;

use playground::{Button, Post, Said};

use super::plain::{is_card, normalised, wrapped};
use crate::support::bridge::{OWNER, World};

/// What was done and seen, chapter by chapter.
pub(super) struct Diary<'a> {
    world: &'a World,
    project: &'a Path,
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
            chapters: Vec::new(),
            seen: BTreeMap::new(),
            said: 0,
        }
    }

    pub(super) fn begin_chapter(&mut self) {
        self.chapters.push(String::new());
    }

    /// Lets the person write.
    pub(super) fn says(&mut self, text: &str) {
        let said = self.world.playground.say(OWNER, text);
        self.note_said(said, &format!("Olga: {text}"));
    }

    /// Lets the person reply to a message.
    pub(super) fn replies(&mut self, post: &Post, text: &str) {
        let said = (self.world.playground).reply(OWNER, OWNER, post.message_id, text);
        self.note_said(said, &format!("Olga, as a reply to that: {text}"));
    }

    /// Lets the person press a button, and waits for the word that they see for a moment.
    pub(super) fn presses(&mut self, post: &Post, button: &str) {
        let pressed = (self.world.playground).press(OWNER, OWNER, post.message_id, button);
        let pressed = pressed.unwrap_or_else(|error| panic!("{button} of {}: {error}", post.text));
        let word = self.world.wait("the answer to a press", |view| {
            view.press_answer(&pressed.query_id).map(str::to_owned)
        });
        self.write(&format!("* Olga presses [{button}]: “{word}”"));
    }

    /// Waits for a message with these words that is no card, and that answers if it rings.
    pub(super) fn sees(&mut self, words: &str) -> Post {
        self.sees_one(words, |post| !is_card(&post.text))
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
        let mut posts = self.world.playground.chat(OWNER);
        posts.retain(|post| post.is_by_bot() && !post.deleted);
        for post in posts {
            let form = self.form(&post);
            match self.seen.get(&post.message_id) {
                Some(seen) => assert_eq!(seen, &form, "a message has changed since"),
                None => assert!(is_card(&post.text), "nobody has seen {form:?}"),
            }
        }
        self.chapters
    }

    fn sees_one(&mut self, words: &str, is_it: impl Fn(&Post) -> bool) -> Post {
        let post = self.world.wait(&format!("{words:?}"), |view| {
            let mut posts = view.bot_posts(OWNER);
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
