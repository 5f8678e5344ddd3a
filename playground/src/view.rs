//! The read-only view that waits and snapshots look through.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::post::{Author, Draft, Post};
use crate::recorder::{Call, Violation};
use crate::world::World;

/// The time a chat action such as `typing` stays visible.
pub(crate) const ACTION_LIFE: Duration = Duration::from_secs(5);

/// A look at the world while it is locked; keep the check quick.
#[derive(Debug)]
pub struct View<'a> {
    world: &'a World,
}

impl<'a> View<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world }
    }

    /// Returns the posts of a chat, oldest first, deleted ones included.
    pub fn posts(&self, chat_id: i64) -> impl DoubleEndedIterator<Item = &'a Post> {
        self.world
            .chats
            .get(&chat_id)
            .into_iter()
            .flat_map(|chat| chat.posts.iter())
    }

    /// Returns the visible posts of the bot in a chat, oldest first.
    pub fn bot_posts(&self, chat_id: i64) -> impl DoubleEndedIterator<Item = &'a Post> {
        self.posts(chat_id)
            .filter(|post| post.is_by_bot() && !post.deleted)
    }

    /// Returns one post that is not deleted.
    pub fn post(&self, chat_id: i64, message_id: i64) -> Option<&'a Post> {
        self.world.chats.get(&chat_id)?.post(message_id)
    }

    /// Returns the draft a person sees, while it lives.
    pub fn draft(&self, chat_id: i64) -> Option<&'a Draft> {
        let draft = self.world.chats.get(&chat_id)?.draft.as_ref()?;
        draft.is_visible(Instant::now()).then_some(draft)
    }

    /// Returns the chat action shown at present, such as `typing`.
    pub fn action(&self, chat_id: i64) -> Option<&'a str> {
        let (shown_at, action) = self.world.chats.get(&chat_id)?.action.as_ref()?;
        (shown_at.elapsed() < ACTION_LIFE).then_some(action.as_str())
    }

    /// Returns the recorded calls, oldest first.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &'a Call> {
        self.world.recorder.calls()
    }

    /// Returns the recorded calls of one method, oldest first.
    pub fn calls_of(&self, method: &'a str) -> impl DoubleEndedIterator<Item = &'a Call> {
        self.calls()
            .filter(move |call| call.method.eq_ignore_ascii_case(method))
    }

    /// Returns what a correct bot would not have sent, oldest first.
    pub fn violations(&self) -> impl Iterator<Item = &'a Violation> {
        self.world.recorder.violations()
    }

    /// Returns when an update first left in a `getUpdates` answer.
    pub fn handed_out_at(&self, update_id: i64) -> Option<Instant> {
        self.world.recorder.handed_out_at(update_id)
    }

    /// Returns the number of updates that the bot has not confirmed.
    pub fn unconfirmed_updates(&self) -> usize {
        self.world.updates.len()
    }

    /// Returns how many faults are still to happen.
    pub fn faults_to_come(&self) -> usize {
        self.world.faults.len()
    }

    /// Returns the text a press was answered with; `None` while it is unanswered.
    pub fn press_answer(&self, query_id: &str) -> Option<&'a str> {
        let mut answers = self.world.press_answers.iter();
        answers
            .find(|(id, _)| id == query_id)
            .map(|(_, text)| text.as_str())
    }

    /// Returns the commands menu of a chat: command and description.
    pub fn commands(&self, chat_id: i64) -> Vec<(String, String)> {
        pairs(self.world.commands_in(Some(chat_id)))
    }

    /// Returns the commands menu of a chat, or with `None` the list of the default scope.
    pub fn commands_for(&self, scope_chat: Option<i64>) -> Vec<(String, String)> {
        pairs(self.world.commands_in(scope_chat))
    }

    /// Renders all chats, the last calls and all violations as text for a failed test.
    pub fn transcript(&self) -> String {
        let mut out = String::new();
        for chat in self
            .world
            .chats
            .values()
            .filter(|chat| !chat.posts.is_empty())
        {
            writeln!(out, "chat {}:", chat.id).expect("a string accepts text");
            for post in &chat.posts {
                writeln!(out, "  {}", line(post)).expect("a string accepts text");
            }
            if let Some(draft) = self.draft(chat.id) {
                let Draft { draft_id, text, .. } = draft;
                writeln!(out, "  draft {draft_id}: {text:?}").expect("a string accepts text");
            }
        }
        writeln!(out, "last calls:").expect("a string accepts text");
        let skipped = self.calls().count().saturating_sub(30);
        for call in self.calls().skip(skipped) {
            writeln!(out, "  {}", call_line(call)).expect("a string accepts text");
        }
        for violation in self.violations() {
            let Violation {
                method,
                description,
            } = violation;
            writeln!(out, "VIOLATION {method}: {description}").expect("a string accepts text");
        }
        out
    }
}

fn pairs(commands: &[Value]) -> Vec<(String, String)> {
    let word = |command: &Value, key: &str| command[key].as_str().unwrap_or("").to_owned();
    let pair = |command| (word(command, "command"), word(command, "description"));
    commands.iter().map(pair).collect()
}

fn line(post: &Post) -> String {
    let author = match post.author {
        Author::Bot => "bot".to_owned(),
        Author::Person(id) => format!("person {id}"),
    };
    let mut marks = String::new();
    let mut mark = |text: String| marks.push_str(&format!(" [{text}]"));
    if let Some(file) = &post.attachment {
        mark(format!("file {}", file.file_name));
    }
    if post.edits > 0 {
        mark(format!("edited {}x", post.edits));
    }
    for button in post.buttons.iter().flatten() {
        mark(format!("button {}", button.label));
    }
    if !post.reactions.is_empty() {
        mark(post.reactions.concat());
    }
    if post.deleted {
        mark("deleted".to_owned());
    }
    format!("#{} {author}: {:?}{marks}", post.message_id, post.text)
}

fn call_line(call: &Call) -> String {
    let outcome = call.answer.as_ref().map_or("waits".to_owned(), |answer| {
        let description = answer.description.as_deref().unwrap_or("");
        format!("{} {description}", answer.status)
            .trim_end()
            .to_owned()
    });
    format!(
        "{} {} -> {outcome}",
        call.method,
        Value::Object(call.params.clone())
    )
}
