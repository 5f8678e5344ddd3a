//! Reads the lines of a script.

use std::path::PathBuf;
use std::time::Duration;

use super::agent::parse_agent_event;
use super::{CHAT, Player};
use crate::ids::{
    CallbackId, ChatId, ConversationId, MessageId, PostId, PromptId, SessionKey, UserId,
};
use crate::ports::{HostUptime, OpenPrompt, Stage, Trust};
use crate::session::card::Detail;
use crate::session::choices::Setting;
use crate::session::event::Event;
use crate::session::{Instruct, Memory, Press, Prompt, Revoke};
use crate::user_registry::Role;

impl Player {
    /// Reads open prompts: words, separated by commas: how far each had come, and its text.
    fn open(&mut self, text: &str) -> Vec<OpenPrompt> {
        let all: Vec<_> = text
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .collect();
        all.into_iter().map(|one| self.open_prompt(one)).collect()
    }

    fn open_prompt(&mut self, text: &str) -> OpenPrompt {
        let (stage, text) = text.split_once(' ').expect("a stage and a text");
        let Event::Instructed(Instruct::Prompt(prompt)) = self.prompt(UserId(CHAT.0), text) else {
            panic!("a prompt");
        };
        let doing = Some("Bash: make".to_owned());
        let started = Stage::Started {
            conversation: ConversationId("c9".to_owned()),
        };
        let (stage, host, replays) = match stage {
            "accepted" => (Stage::Accepted, HostUptime::Unbroken, 0),
            "thrice" => (Stage::Accepted, HostUptime::Unbroken, 2),
            "started" => (started, HostUptime::Unbroken, 0),
            "started_before_boot" => (started, HostUptime::Restarted, 0),
            "begun" => (Stage::Begun { doing: None }, HostUptime::Unbroken, 0),
            "doing" => (Stage::Begun { doing }, HostUptime::Unbroken, 0),
            "interrupted" => {
                let nonce = "n0".to_owned();
                (Stage::Interrupted { nonce, doing }, HostUptime::Unbroken, 0)
            }
            _ => panic!("not a stage: {stage}"),
        };
        OpenPrompt {
            prompt,
            stage,
            host,
            replays,
        }
    }

    /// Reads a press: the kind and the letter of the button, its nonce, and who presses.
    fn press(&mut self, text: &str) -> Event {
        let words: Vec<_> = text.split_whitespace().collect();
        let [kind, letter, nonce, by] = words[..] else {
            panic!("a kind, a letter, a nonce and a person");
        };
        let (by, role) = match by.strip_prefix("admin") {
            Some(id) => (parse_id(id), Role::Admin),
            None => (parse_id(by), Role::User),
        };
        let message = self.next_message();
        Event::Instructed(Instruct::Press(Press {
            callback: CallbackId("press".to_owned()),
            message: Some(message),
            data: format!("{kind}.{letter}.{nonce}"),
            by: UserId(by),
            name: "Ada".to_owned(),
            role,
            prompt: PromptId(format!("p{}", message.0)),
        }))
    }

    /// Reads a reply: the message it replies to, and its text.
    fn reply(&mut self, text: &str) -> Event {
        let (to, text) = text.split_once(' ').expect("a message and a text");
        let Event::Instructed(Instruct::Prompt(prompt)) = self.prompt(UserId(CHAT.0), text) else {
            panic!("a prompt");
        };
        let to = MessageId(parse_id(to));
        Event::Instructed(Instruct::Reply { to, prompt })
    }

    fn configured(&mut self, change: &str) -> Event {
        let (what, value) = change.split_once(' ').unwrap_or((change, ""));
        match what {
            "nothing" => {}
            "queue" => self.settings.policy.queued_prompts = value.parse().expect("a number"),
            "mode" => value.clone_into(&mut self.settings.agent.permission_mode),
            "model" => value.clone_into(&mut self.settings.agent.model),
            "folder" => self.settings.folder = PathBuf::from(value),
            "program" => self.settings.epoch += 1,
            _ => panic!("not a setting: {what}"),
        }
        Event::Configured(self.settings.clone())
    }

    /// Reads a changed message: its number, and the new text.
    fn edit(&mut self, text: &str) -> Event {
        let (message, text) = text.split_once(' ').expect("a message and a text");
        Event::Instructed(Instruct::Replace(Prompt {
            id: PromptId(format!("p{message}x")),
            author: UserId(CHAT.0),
            message: MessageId(parse_id(message)),
            text: text.to_owned(),
        }))
    }

    /// Reads a choice; `admin` in front says who chooses.
    fn choose(&mut self, setting: Setting, value: &str) -> Event {
        let (role, value) = match value.strip_prefix("admin") {
            Some(value) => (Role::Admin, value.trim()),
            None => (Role::User, value),
        };
        Event::Instructed(Instruct::Choose {
            message: self.next_message(),
            setting,
            value: (!value.is_empty()).then(|| value.to_owned()),
            role,
        })
    }

    /// Reads who trusts the folder; `off` takes it back.
    fn trust(&mut self, text: &str) -> Event {
        let trust = match text.ends_with("off") {
            true => Trust::Untrusted,
            false => Trust::Trusted,
        };
        let role = match text.starts_with("admin") {
            true => Role::Admin,
            false => Role::User,
        };
        Event::Instructed(Instruct::Trust {
            message: self.next_message(),
            trust,
            by: UserId(CHAT.0),
            role,
        })
    }

    fn show(&mut self, level: &str) -> Event {
        let detail = match level {
            "0" => Some(Detail::Answer),
            "2" => Some(Detail::Log),
            _ => None,
        };
        let message = self.next_message();
        Event::Instructed(Instruct::Show { message, detail })
    }

    pub(in super::super) fn parse(&mut self, line: &str) -> Event {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.refusals += u32::from(matches!(word, "unknown" | "taken"));
        match word {
            "prompt" => self.prompt(UserId(CHAT.0), rest),
            "again" => {
                let (message, text) = rest.split_once(' ').expect("a message and a text");
                let message = MessageId(parse_id(message));
                Event::Instructed(Instruct::Prompt(Prompt {
                    id: PromptId(format!("p{}", message.0)),
                    author: UserId(CHAT.0),
                    message,
                    text: text.to_owned(),
                }))
            }
            "prompt_of" => {
                let (author, text) = rest.split_once(' ').expect("an author and a text");
                self.prompt(UserId(parse_id(author)), text)
            }
            "/new" => Event::Instructed(Instruct::NewConversation {
                message: self.next_message(),
            }),
            "/stop" => Event::Instructed(Instruct::Stop {
                message: self.next_message(),
            }),
            "/tasks" => Event::Instructed(Instruct::Tasks {
                message: self.next_message(),
            }),
            "stop_task" => self.press(&format!("k1 {rest}")),
            "/trust" => self.trust(rest),
            "/model" => self.choose(Setting::Model, rest),
            "/effort" => self.choose(Setting::Effort, rest),
            "/mode" => self.choose(Setting::Mode, rest),
            "pick" => self.press(&format!("c1 {rest}")),
            "/verbose" => self.show(rest),
            "/status" => Event::Instructed(Instruct::Status {
                message: self.next_message(),
            }),
            "granted" => Event::SlotGranted,
            "delayed" => Event::SlotDelayed {
                ahead: rest.parse().expect("a number"),
            },
            "yield" => Event::YieldAsked,
            // With a word behind it, a running turn may go on for so many seconds.
            "shutdown" => Event::EndAsked {
                deadline: self.now + Duration::from_secs(rest.parse().unwrap_or(0)),
            },
            "rebuilt" => Event::Rebuilt(self.open(rest)),
            "resumed" => Event::Resumed(self.open(rest)),
            "press" => self.press(&format!("t1 {rest}")),
            "answer" => self.press(&format!("a1 {rest}")),
            "wish" => self.press(&format!("q1 {rest}")),
            "edit" => self.edit(rest),
            "stop" => self.press(&format!("s1 {rest}")),
            "shown" => shown(rest),
            "reply" => self.reply(rest),
            "revoke" => revoked(rest, Memory::Kept),
            "remove" => revoked(rest, Memory::Forgotten),
            "configure" => self.configured(rest),
            "moved" => Event::Moved(SessionKey::of_chat(ChatId(parse_id(rest)))),
            _ => Event::Agent(self.generation(), parse_agent_event(word, rest)),
        }
    }
}

fn shown(text: &str) -> Event {
    let (post, message) = text.split_once(' ').expect("a post and a message");
    Event::Shown {
        post: PostId(post.parse().expect("a number")),
        message: MessageId(parse_id(message)),
    }
}

fn parse_id(text: &str) -> i64 {
    text.parse().expect("an id")
}

fn revoked(user: &str, memory: Memory) -> Event {
    let user = UserId(parse_id(user));
    Event::Revoked(Revoke { user, memory })
}
