//! The state of the simulated Telegram: people, chats, files, the update queue and the record.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::FaultList;
use crate::methods::Dismissed;
use crate::post::{Attachment, AttachmentKind, Draft, Post};
use crate::recorder::Recorder;
use crate::updates::UpdateQueue;

/// The posts a chat keeps; older ones are forgotten.
const MAX_POSTS_PER_CHAT: usize = 2_000;
/// The files that stay downloadable; older ones are forgotten.
const MAX_FILES: usize = 500;
/// The presses that can still be answered; older ones are too old.
const MAX_OPEN_PRESSES: usize = 500;

/// A chat that the bot can see.
#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) id: i64,
    pub(crate) kind: ChatKind,
    pub(crate) posts: VecDeque<Post>,
    pub(crate) draft: Option<Draft>,
    /// Drafts that became messages, the latest last.
    pub(crate) dismissed: Vec<Dismissed>,
    /// When the bot last showed an action such as `typing`, and which.
    pub(crate) action: Option<(Instant, String)>,
    /// The 403 text of every call, if the bot may not write here.
    pub(crate) closed: Option<String>,
    pub(crate) membership: Membership,
}

/// Whether the bot is in a chat; it is always in a private one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    Member,
    /// The bot has never been in this group.
    Stranger,
    Left,
    Kicked,
    /// The group became this supergroup.
    Upgraded(i64),
}

/// Which messages of a group reach the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// Only commands and mentions of the bot, replies to it and service messages.
    On,
    /// All of them, as for a bot that is an administrator.
    Off,
}

/// A person, or another bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) name: String,
    /// Without `@`.
    pub(crate) username: Option<String>,
    pub(crate) language: String,
    pub(crate) is_bot: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChatKind {
    Private,
    Group { title: String, members: Vec<i64> },
}

impl Chat {
    pub(crate) fn post(&self, message_id: i64) -> Option<&Post> {
        self.posts
            .iter()
            .find(|post| post.message_id == message_id && !post.deleted)
    }

    pub(crate) fn post_mut(&mut self, message_id: i64) -> Option<&mut Post> {
        self.posts
            .iter_mut()
            .find(|post| post.message_id == message_id && !post.deleted)
    }
}

/// What the bot says about itself.
#[derive(Debug)]
pub(crate) struct BotProfile {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) name: String,
    /// Names and descriptions by method noun and language, such as `("Description", "")`.
    pub(crate) texts: HashMap<(String, String), String>,
    /// Command lists by scope and language, both as canonical text.
    pub(crate) commands: BTreeMap<(String, String), Vec<Value>>,
}

/// Everything behind the lock.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) bot: BotProfile,
    pub(crate) people: BTreeMap<i64, Person>,
    pub(crate) privacy: Privacy,
    pub(crate) chats: BTreeMap<i64, Chat>,
    pub(crate) updates: UpdateQueue,
    pub(crate) recorder: Recorder,
    pub(crate) faults: FaultList,
    /// Presses that wait for `answerCallbackQuery`, oldest first.
    pub(crate) open_presses: VecDeque<String>,
    /// The answers given to presses: query id and text.
    pub(crate) press_answers: VecDeque<(String, String)>,
    pub(crate) files: VecDeque<Attachment>,
    /// What people think of messages: by chat, message and person.
    pub(crate) reactions: BTreeMap<(i64, i64, i64), Vec<String>>,
    pub(crate) next_message_id: i64,
    pub(crate) next_serial: u64,
    pub(crate) revision: u64,
}

impl World {
    pub(crate) fn new(bot: BotProfile, first_update_id: i64, capacity: usize) -> Self {
        Self {
            bot,
            people: BTreeMap::new(),
            privacy: Privacy::Off,
            chats: BTreeMap::new(),
            updates: UpdateQueue::new(first_update_id),
            recorder: Recorder::new(capacity),
            faults: FaultList::default(),
            open_presses: VecDeque::new(),
            press_answers: VecDeque::new(),
            files: VecDeque::new(),
            reactions: BTreeMap::new(),
            next_message_id: 1,
            next_serial: 1,
            revision: 1,
        }
    }

    /// Adds a person with a private chat, or renames them.
    pub(crate) fn introduce(&mut self, person: i64, name: &str) {
        self.record_of(person).name = name.to_owned();
        self.chats
            .entry(person)
            .or_insert_with(|| Chat::new(person, ChatKind::Private));
    }

    /// Returns what is known of a person, who is added without a private chat if unknown.
    pub(crate) fn record_of(&mut self, person: i64) -> &mut Person {
        self.people.entry(person).or_insert_with(|| Person {
            name: format!("Person {person}"),
            username: None,
            language: "en".to_owned(),
            is_bot: false,
        })
    }

    /// Adds a person under a made-up name, unless they are known.
    pub(crate) fn meet(&mut self, person: i64) {
        if !self.people.contains_key(&person) {
            self.introduce(person, &format!("Person {person}"));
        }
    }

    pub(crate) fn add_group(&mut self, chat_id: i64, title: &str, members: &[i64]) {
        let kind = ChatKind::Group {
            title: title.to_owned(),
            members: members.to_vec(),
        };
        self.chats
            .entry(chat_id)
            .or_insert_with(|| Chat::new(chat_id, kind));
    }

    /// Completes a post with id, times and revision, stores it and returns its message id.
    pub(crate) fn store_post(&mut self, mut post: Post) -> i64 {
        post.message_id = self.next_message_id;
        post.revision = self.revision + 1;
        self.next_message_id += 1;
        let message_id = post.message_id;
        let chat_id = post.chat_id;
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            chat.posts.push_back(post);
            if chat.posts.len() > MAX_POSTS_PER_CHAT {
                chat.posts.pop_front();
            }
        }
        message_id
    }

    /// Stores bytes under a fresh file id.
    pub(crate) fn store_file(
        &mut self,
        kind: AttachmentKind,
        file_name: &str,
        mime_type: &str,
        bytes: Arc<[u8]>,
    ) -> Attachment {
        let serial = self.take_serial();
        let folder = match kind {
            AttachmentKind::Document => "documents",
            AttachmentKind::Photo => "photos",
            AttachmentKind::Sticker => "stickers",
            AttachmentKind::Video => "videos",
            AttachmentKind::Animation => "animations",
            AttachmentKind::Audio => "music",
            AttachmentKind::Voice => "voice",
            AttachmentKind::VideoNote => "video_notes",
        };
        let extension = file_name
            .rsplit_once('.')
            .map_or("bin", |(_, extension)| extension);
        let extension: String = extension
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let attachment = Attachment {
            kind,
            file_id: format!("playground-file-{serial}"),
            file_path: format!("{folder}/file_{serial}.{extension}"),
            file_name: file_name.to_owned(),
            mime_type: mime_type.to_owned(),
            bytes,
        };
        self.files.push_back(attachment.clone());
        if self.files.len() > MAX_FILES {
            self.files.pop_front();
        }
        attachment
    }

    pub(crate) fn file_by_id(&self, file_id: &str) -> Option<&Attachment> {
        self.files.iter().find(|file| file.file_id == file_id)
    }

    pub(crate) fn file_by_path(&self, file_path: &str) -> Option<&Attachment> {
        self.files.iter().find(|file| file.file_path == file_path)
    }

    /// Opens a press and returns its callback query id.
    pub(crate) fn open_press(&mut self) -> String {
        let query_id = format!("{}", 7_000_000_000_u64 + self.take_serial());
        self.open_presses.push_back(query_id.clone());
        if self.open_presses.len() > MAX_OPEN_PRESSES {
            self.open_presses.pop_front();
        }
        query_id
    }

    /// Closes a press; returns whether it was open.
    pub(crate) fn answer_press(&mut self, query_id: &str, text: &str) -> bool {
        let Some(position) = self.open_presses.iter().position(|open| open == query_id) else {
            return false;
        };
        self.open_presses.remove(position);
        self.press_answers
            .push_back((query_id.to_owned(), text.to_owned()));
        if self.press_answers.len() > MAX_OPEN_PRESSES {
            self.press_answers.pop_front();
        }
        true
    }

    /// Returns the commands of the narrowest scope that applies; without a chat, of the widest.
    pub(crate) fn commands_in(&self, chat_id: Option<i64>) -> &[Value] {
        let wide = match chat_id {
            Some(1..) => Some("all_private_chats"),
            Some(_) => Some("all_group_chats"),
            None => None,
        };
        let scopes = [
            chat_id.map(|chat_id| json!({ "chat_id": chat_id, "type": "chat" })),
            wide.map(|kind| json!({ "type": kind })),
            Some(json!({ "type": "default" })),
        ];
        let lists = scopes.into_iter().flatten().map(|scope| {
            let key = (scope.to_string(), String::new());
            self.bot.commands.get(&key)
        });
        lists.flatten().next().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn take_serial(&mut self) -> u64 {
        self.next_serial += 1;
        self.next_serial
    }
}

impl Chat {
    pub(crate) fn new(id: i64, kind: ChatKind) -> Self {
        Self {
            id,
            kind,
            posts: VecDeque::new(),
            draft: None,
            dismissed: Vec::new(),
            action: None,
            closed: None,
            membership: Membership::Member,
        }
    }
}

/// Returns the Unix time in seconds.
pub(crate) fn unix_now() -> i64 {
    let since_epoch = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}
