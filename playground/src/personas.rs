//! Who people are and as whom they speak: names, forwards, contacts, channels, other bots.

use serde_json::{Value, json};

use crate::drive::Playground;
use crate::people::{Press, Said, new_post, open_press, speak};
use crate::post::{Author, Post};
use crate::render::{self, CHANNEL_BOT, GROUP_ANONYMOUS_BOT};
use crate::world::{World, unix_now};

/// Who first wrote a forwarded message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForwardOrigin {
    User {
        id: i64,
        first_name: String,
        /// Without `@`.
        username: Option<String>,
    },
    /// Somebody who hides their account in forwards; only a name is told.
    Hidden(String),
    Channel {
        id: i64,
        title: String,
    },
}

/// The chat in whose name a message is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatSender {
    /// An administrator of the group who remains anonymous.
    AnonymousAdmin,
    Channel {
        id: i64,
        title: String,
    },
}

impl Playground {
    /// Lets a person forward a message.
    pub fn forward(&self, chat_id: i64, person: i64, origin: ForwardOrigin, text: &str) -> Said {
        let fields = json!({ "forward_origin": origin.render() });
        self.say_with(chat_id, person, text, fields)
    }

    /// Lets a person share a contact; `user_id` is the Telegram account of the contact.
    pub fn send_contact(
        &self,
        chat_id: i64,
        person: i64,
        phone: &str,
        first_name: &str,
        user_id: Option<i64>,
    ) -> Said {
        let mut contact = json!({ "phone_number": phone, "first_name": first_name });
        if let Some(user_id) = user_id {
            contact["user_id"] = json!(user_id);
        }
        self.say_with(chat_id, person, "", json!({ "contact": contact }))
    }

    /// Lets somebody write in a group in the name of the group or of a channel.
    pub fn say_as_chat(&self, chat_id: i64, sender: ChatSender, text: &str) -> Said {
        self.shared().change(|world| {
            let (account, sender_chat) = sender.render(world, chat_id);
            let post = with_fields(
                chat_id,
                account,
                text,
                json!({ "sender_chat": sender_chat }),
            );
            speak(world, account, post)
        })
    }

    /// Lets another bot write in a group; an unknown one is introduced first.
    pub fn say_as_bot(&self, chat_id: i64, other_bot: i64, text: &str) -> Said {
        self.shared().change(|world| {
            if !world.people.contains_key(&other_bot) {
                let record = world.record_of(other_bot);
                record.name = format!("Bot {other_bot}");
                record.username = Some(format!("other_{other_bot}_bot"));
            }
            world.record_of(other_bot).is_bot = true;
            let post = new_post(chat_id, Author::Person(other_bot), text);
            speak(world, other_bot, post)
        })
    }

    /// Lets a person take, change or give up a user name, written without `@`.
    pub fn set_username(&self, person: i64, username: Option<&str>) {
        self.shared().change(|world| {
            world.meet(person);
            world.record_of(person).username = username.map(str::to_owned);
        });
    }

    /// Lets a person change their first name.
    pub fn set_first_name(&self, person: i64, first_name: &str) {
        self.shared().change(|world| {
            world.meet(person);
            world.record_of(person).name = first_name.to_owned();
        });
    }

    /// Lets a person change the language of their app, such as `de`.
    pub fn set_language(&self, person: i64, code: &str) {
        self.shared().change(|world| {
            world.meet(person);
            world.record_of(person).language = code.to_owned();
        });
    }

    /// Queues a forged press: neither button, message, chat nor person need exist.
    pub fn press_as(&self, person: i64, chat_id: i64, message_id: i64, data: &str) -> Press {
        self.shared().change(|world| {
            let message = pressed_message(world, chat_id, message_id);
            open_press(world, chat_id, person, message, data)
        })
    }

    fn say_with(&self, chat_id: i64, person: i64, text: &str, fields: Value) -> Said {
        let post = with_fields(chat_id, person, text, fields);
        self.shared().change(|world| speak(world, person, post))
    }
}

impl ForwardOrigin {
    fn render(self) -> Value {
        let date = unix_now() - 60;
        match self {
            Self::User {
                id,
                first_name,
                username,
            } => {
                let mut user = json!({ "id": id, "is_bot": false, "first_name": first_name });
                if let Some(username) = username {
                    user["username"] = json!(username);
                }
                json!({ "type": "user", "date": date, "sender_user": user })
            }
            Self::Hidden(name) => {
                json!({ "type": "hidden_user", "date": date, "sender_user_name": name })
            }
            Self::Channel { id, title } => {
                let chat = channel(id, &title);
                json!({ "type": "channel", "date": date, "chat": chat, "message_id": 1 })
            }
        }
    }
}

impl ChatSender {
    /// Returns the account that stands in for the chat, and the chat itself.
    fn render(self, world: &World, chat_id: i64) -> (i64, Value) {
        match self {
            Self::AnonymousAdmin => (GROUP_ANONYMOUS_BOT, known_chat(world, chat_id)),
            Self::Channel { id, title } => (CHANNEL_BOT, channel(id, &title)),
        }
    }
}

fn channel(id: i64, title: &str) -> Value {
    json!({ "id": id, "type": "channel", "title": title })
}

fn with_fields(chat_id: i64, person: i64, text: &str, fields: Value) -> Post {
    Post {
        fields: fields.as_object().cloned().unwrap_or_default(),
        ..new_post(chat_id, Author::Person(person), text)
    }
}

/// Renders the message below a press; one that is gone is told as inaccessible.
fn pressed_message(world: &World, chat_id: i64, message_id: i64) -> Value {
    let chat = world.chats.get(&chat_id);
    let found = chat.and_then(|chat| Some(render::message(world, chat, chat.post(message_id)?)));
    found.unwrap_or_else(|| {
        let chat = known_chat(world, chat_id);
        json!({ "chat": chat, "message_id": message_id, "date": 0 })
    })
}

fn known_chat(world: &World, chat_id: i64) -> Value {
    let chat = world.chats.get(&chat_id);
    chat.map_or_else(
        || {
            let kind = if chat_id > 0 {
                "private"
            } else {
                render::group_kind(chat_id)
            };
            json!({ "id": chat_id, "type": kind })
        },
        |chat| render::chat(world, chat),
    )
}
