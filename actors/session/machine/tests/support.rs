//! Reads scripts, runs them, writes transcripts.

mod agent;

use std::path::PathBuf;
use std::time::Duration;

use expect_test::Expect;

use self::agent::parse_agent_event;
use super::show::show;
use crate::clock::{Time, UnixSeconds};
use crate::ids::{
    CallbackId, ChatId, ConversationId, Generation, MessageId, PostId, PromptId, SessionKey, UserId,
};
use crate::ports::{AgentSettings, HostUptime, OpenPrompt, SessionRecord, Stage};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::{Fresh, Machine};
use crate::session::policy::Policy;
use crate::session::settings::SessionSettings;
use crate::session::{Instruct, Memory, Press, Prompt, Revoke};
use crate::user_registry::Role;

/// The chat whose session plays; as a group it has the negative of this id.
pub(super) const CHAT: ChatId = ChatId(7);

/// Where its agents work unless the script says otherwise.
pub(super) const FOLDER: &str = "/project";

/// Runs a script on a session without a conversation.
pub(super) fn check(script: &str, expected: Expect) {
    expected.assert_eq(&Player::new(None).play(script));
}

/// Runs a script on the session of a group.
pub(super) fn check_group(script: &str, expected: Expect) {
    let mut player = Player::new(None);
    let key = SessionKey::of_chat(ChatId(-CHAT.0));
    player.machine = Machine::new(key, player.settings.clone(), record(None));
    expected.assert_eq(&player.play(script));
}

/// Runs a script on a session that knows conversation `c0`.
pub(super) fn check_resumed(script: &str, expected: Expect) {
    let conversation = Some(ConversationId("c0".to_owned()));
    expected.assert_eq(&Player::new(conversation).play(script));
}

/// A machine with its clock and its ids.
pub(super) struct Player {
    machine: Machine,
    settings: SessionSettings,
    now: Time,
    conversations: u64,
    posts: u64,
    generations: u64,
    nonces: u64,
    messages: i64,
    /// How often an agent refused to open its conversation.
    pub(super) refusals: u32,
}

fn record(conversation: Option<ConversationId>) -> SessionRecord {
    SessionRecord {
        conversation,
        folder: PathBuf::from(FOLDER),
        home: None,
        cards: Vec::new(),
    }
}

fn settings() -> SessionSettings {
    SessionSettings {
        policy: Policy {
            queued_prompts: 3,
            ..Policy::default()
        },
        folder: PathBuf::from(FOLDER),
        agent: AgentSettings::default(),
        epoch: 0,
    }
}

impl Player {
    pub(super) fn new(conversation: Option<ConversationId>) -> Self {
        let settings = settings();
        let key = SessionKey::of_chat(CHAT);
        let machine = Machine::new(key, settings.clone(), record(conversation));
        Self {
            machine,
            settings,
            now: Time::ZERO,
            conversations: 0,
            posts: 0,
            generations: 0,
            nonces: 0,
            messages: 0,
            refusals: 0,
        }
    }

    pub(super) fn play(mut self, script: &str) -> String {
        let mut transcript = String::new();
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            transcript.push_str(&format!("> {line}\n"));
            let effects = match line.strip_prefix('+') {
                Some(seconds) => {
                    self.pass(Duration::from_secs_f64(seconds.parse().expect("seconds")))
                }
                None => {
                    let event = self.parse(line);
                    self.step(event)
                }
            };
            let shown: Vec<_> = effects.iter().map(show).collect();
            for run in shown.chunk_by(|one, other| one == other) {
                let times = if run.len() > 1 {
                    format!(" ×{}", run.len())
                } else {
                    String::new()
                };
                transcript.push_str(&format!("  {}{times}\n", run[0]));
            }
        }
        transcript
    }

    pub(super) fn step(&mut self, event: Event) -> Vec<Effect> {
        let (conversations, posts) = (&mut self.conversations, &mut self.posts);
        let (generations, nonces) = (&mut self.generations, &mut self.nonces);
        let mut fresh = Fresh {
            conversation: &mut || {
                *conversations += 1;
                ConversationId(format!("c{conversations}"))
            },
            post: &mut || {
                *posts += 1;
                PostId(*posts)
            },
            generation: &mut || {
                *generations += 1;
                Generation(*generations)
            },
            nonce: &mut || {
                *nonces += 1;
                format!("n{nonces}")
            },
            calendar: UnixSeconds(14 * 3600 + 5 * 60),
        };
        self.machine.step(event, self.now, &mut fresh)
    }

    pub(super) fn pass(&mut self, time: Duration) -> Vec<Effect> {
        let end = self.now + time;
        let mut effects = Vec::new();
        while let Some(deadline) = self.machine.next_deadline().filter(|&at| at <= end) {
            self.now = self.now.max(deadline);
            effects.extend(self.step(Event::DeadlineReached));
        }
        self.now = end;
        effects
    }

    pub(super) fn generation(&self) -> Generation {
        Generation(self.generations)
    }

    /// Puts a new machine in the place of one that died with the bridge.
    pub(super) fn restart(&mut self, conversation: Option<ConversationId>) {
        let key = SessionKey::of_chat(CHAT);
        self.machine = Machine::new(key, self.settings.clone(), record(conversation));
    }

    /// Puts a machine in place that an earlier run left messages with buttons.
    pub(super) fn restart_with_cards(&mut self, cards: &[i64]) {
        let key = SessionKey::of_chat(CHAT);
        let cards = cards.iter().copied().map(MessageId).collect();
        let record = SessionRecord {
            cards,
            ..record(None)
        };
        self.machine = Machine::new(key, self.settings.clone(), record);
    }

    pub(super) fn prompt(&mut self, author: UserId, text: &str) -> Event {
        let message = self.next_message();
        let id = PromptId(format!("p{}", message.0));
        Event::Instructed(Instruct::Prompt(Prompt {
            id,
            author,
            message,
            text: text.to_owned(),
        }))
    }

    pub(super) fn last_message(&self) -> i64 {
        self.messages
    }

    pub(super) fn comes_from_agent(&self, line: &str) -> bool {
        const OURS: [&str; 18] = [
            "prompt",
            "/",
            "granted",
            "delayed",
            "yield",
            "shutdown",
            "rebuilt",
            "resumed",
            "press",
            "answer ",
            "shown",
            "reply",
            "again",
            "revoke",
            "remove",
            "configure",
            "moved",
            "+",
        ];
        !OURS.iter().any(|start| line.starts_with(start))
    }

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
            "model" => value.clone_into(&mut self.settings.agent.model),
            "folder" => self.settings.folder = PathBuf::from(value),
            "program" => self.settings.epoch += 1,
            _ => panic!("not a setting: {what}"),
        }
        Event::Configured(self.settings.clone())
    }

    fn next_message(&mut self) -> MessageId {
        self.messages += 1;
        MessageId(self.messages)
    }

    pub(super) fn parse(&mut self, line: &str) -> Event {
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
            "shown" => {
                let (post, message) = rest.split_once(' ').expect("a post and a message");
                Event::Shown {
                    post: PostId(post.parse().expect("a number")),
                    message: MessageId(parse_id(message)),
                }
            }
            "reply" => self.reply(rest),
            "revoke" => revoked(rest, Memory::Kept),
            "remove" => revoked(rest, Memory::Forgotten),
            "configure" => self.configured(rest),
            "moved" => Event::Moved(SessionKey::of_chat(ChatId(parse_id(rest)))),
            _ => Event::Agent(self.generation(), parse_agent_event(word, rest)),
        }
    }
}

fn parse_id(text: &str) -> i64 {
    text.parse().expect("an id")
}

fn revoked(user: &str, memory: Memory) -> Event {
    let user = UserId(parse_id(user));
    Event::Revoked(Revoke { user, memory })
}
