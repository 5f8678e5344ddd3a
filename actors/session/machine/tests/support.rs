//! Reads scripts, runs them, writes transcripts.

use std::path::PathBuf;
use std::time::Duration;

use expect_test::Expect;

use super::show::show;
use crate::clock::Time;
use crate::ids::{
    ChatId, ConversationId, Generation, MessageId, PostId, PromptId, SessionKey, UserId,
};
use crate::ports::{AgentSettings, SessionRecord};
use crate::session::agent_event::{
    Activity, AgentEvent, AgentExit, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome,
};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::{Fresh, Machine};
use crate::session::policy::Policy;
use crate::session::settings::SessionSettings;
use crate::session::{Instruct, Memory, Prompt, Revoke};

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
    messages: i64,
    /// How often an agent refused to open its conversation.
    pub(super) refusals: u32,
}

fn record(conversation: Option<ConversationId>) -> SessionRecord {
    SessionRecord {
        conversation,
        folder: PathBuf::from(FOLDER),
        home: None,
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
            messages: 0,
            refusals: 0,
        }
    }

    fn play(mut self, script: &str) -> String {
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
        let generations = &mut self.generations;
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

    fn prompt(&mut self, author: UserId, text: &str) -> Event {
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
        const OURS: [&str; 12] = [
            "prompt",
            "/",
            "granted",
            "delayed",
            "yield",
            "shutdown",
            "rebuilt",
            "revoke",
            "remove",
            "configure",
            "moved",
            "+",
        ];
        !OURS.iter().any(|start| line.starts_with(start))
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
            "rebuilt" => Event::Rebuilt,
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

fn parse_agent_event(word: &str, rest: &str) -> AgentEvent {
    match word {
        "ready" => AgentEvent::Ready {
            commands: rest.split_whitespace().map(str::to_owned).collect(),
            version: Some("2.1.330".to_owned()),
        },
        "init" => AgentEvent::TurnStarted {
            conversation: ConversationId(rest.to_owned()),
            commands: Vec::new(),
        },
        "took" => AgentEvent::PromptTaken(PromptId(rest.to_owned())),
        "running" => AgentEvent::Activity(Activity::Running),
        "idle" => AgentEvent::Activity(Activity::Idle),
        "said" => AgentEvent::Said {
            message: "m".to_owned(),
            text: rest.to_owned(),
        },
        "heartbeat" => AgentEvent::Heartbeat,
        "asks" => asked(rest),
        "retrying" => AgentEvent::Retrying {
            attempt: rest.parse().expect("a number"),
            max_attempts: 10,
            delay: Duration::from_secs(1),
            reason: "overloaded".to_owned(),
        },
        "unknown" => AgentEvent::ConversationUnknown,
        "taken" => AgentEvent::ConversationTaken,
        "exit" => AgentEvent::Exited(parse_exit(rest)),
        "answered" => ended(
            TurnOutcome::Answered {
                text: rest.to_owned(),
            },
            TurnOrigin::Prompt,
        ),
        "interrupted" => ended(TurnOutcome::Interrupted, TurnOrigin::Prompt),
        "apierror" => ended(
            TurnOutcome::ApiError {
                text: rest.to_owned(),
            },
            TurnOrigin::Prompt,
        ),
        "failed" => ended(
            TurnOutcome::Failed {
                text: rest.to_owned(),
            },
            TurnOrigin::Prompt,
        ),
        "background" => ended(
            TurnOutcome::Answered {
                text: rest.to_owned(),
            },
            TurnOrigin::Background,
        ),
        _ => panic!("not an event: {word}"),
    }
}

fn asked(text: &str) -> AgentEvent {
    let (tool, target) = text.split_once(' ').unwrap_or((text, ""));
    AgentEvent::PermissionAsked {
        request: "r1".to_owned(),
        tool: tool.to_owned(),
        target: target.to_owned(),
    }
}

fn parse_exit(text: &str) -> AgentExit {
    let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (number, stderr) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = match kind {
        "code" => ExitStatus::Code(number.parse().expect("a number")),
        "signal" => ExitStatus::Signal(number.parse().expect("a number")),
        _ => {
            return AgentExit {
                status: ExitStatus::NotStarted(text.to_owned()),
                stderr: String::new(),
            };
        }
    };
    AgentExit {
        status,
        stderr: stderr.to_owned(),
    }
}

fn ended(outcome: TurnOutcome, origin: TurnOrigin) -> AgentEvent {
    AgentEvent::TurnEnded(TurnEnd {
        outcome,
        origin,
        prompts: None,
        conversation: None,
        duration: Duration::from_secs(1),
        total_cost_usd: 0.0,
    })
}
