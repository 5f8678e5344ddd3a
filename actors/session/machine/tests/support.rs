//! Reads scripts, runs them, writes transcripts.

use std::path::PathBuf;
use std::time::Duration;

use expect_test::Expect;

use crate::clock::Time;
use crate::ids::{ChatId, ConversationId, Generation, MessageId, PostId, PromptId, SessionKey};
use crate::outbox::{Body, PostAction, Rank, Sign, Sound};
use crate::ports::{AgentInput, Conversation, PermissionDecision, PromptForm, SessionRecord};
use crate::session::agent_event::{
    Activity, AgentEvent, AgentExit, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome,
};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::{Fresh, Machine};
use crate::session::policy::Policy;
use crate::session::{Instruct, Prompt};

const KEY: SessionKey = SessionKey {
    chat: ChatId(7),
    topic: None,
};

/// Runs a script on a session without a conversation.
pub(super) fn check(script: &str, expected: Expect) {
    expected.assert_eq(&Player::new(None).play(script));
}

/// Runs a script on a session that knows conversation `c0`.
pub(super) fn check_resumed(script: &str, expected: Expect) {
    let conversation = Some(ConversationId("c0".to_owned()));
    expected.assert_eq(&Player::new(conversation).play(script));
}

/// A machine with its clock and its ids.
pub(super) struct Player {
    machine: Machine,
    now: Time,
    conversations: u64,
    posts: u64,
    generations: u64,
    messages: i64,
    /// How often an agent refused to open its conversation.
    pub(super) refusals: u32,
}

impl Player {
    pub(super) fn new(conversation: Option<ConversationId>) -> Self {
        let record = SessionRecord {
            conversation,
            folder: PathBuf::from("/project"),
        };
        let policy = Policy {
            queued_prompts: 3,
            ..Policy::default()
        };
        let machine = Machine::new(KEY, policy, record);
        Self {
            machine,
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

    pub(super) fn prompt(&mut self, text: &str) -> Event {
        let message = self.next_message();
        let id = PromptId(format!("p{}", message.0));
        Event::Instructed(Instruct::Prompt(Prompt {
            id,
            message,
            text: text.to_owned(),
        }))
    }

    pub(super) fn last_message(&self) -> i64 {
        self.messages
    }

    pub(super) fn comes_from_agent(&self, line: &str) -> bool {
        const OURS: [&str; 8] = [
            "prompt", "/", "granted", "delayed", "yield", "shutdown", "rebuilt", "+",
        ];
        !OURS.iter().any(|start| line.starts_with(start))
    }

    fn next_message(&mut self) -> MessageId {
        self.messages += 1;
        MessageId(self.messages)
    }

    pub(super) fn parse(&mut self, line: &str) -> Event {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.refusals += u32::from(matches!(word, "unknown" | "taken"));
        match word {
            "prompt" => self.prompt(rest),
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
            "shutdown" => Event::EndAsked,
            "rebuilt" => Event::Rebuilt,
            _ => Event::Agent(self.generation(), parse_agent_event(word, rest)),
        }
    }
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

fn show(effect: &Effect) -> String {
    match effect {
        Effect::Launch(order) => {
            let conversation = match &order.conversation {
                Conversation::New(id) => format!("new {id}"),
                Conversation::Resume(id) => format!("resume {id}"),
            };
            format!("launch g{} {conversation}", order.generation.0)
        }
        Effect::Write(input) => format!("write {}", show_input(input)),
        Effect::SignalInterrupt => "SIGINT".to_owned(),
        Effect::KillAgent => "kill".to_owned(),
        Effect::ForgetAgent => "forget agent".to_owned(),
        Effect::Remember(record) => match &record.conversation {
            Some(id) => format!("remember {id}"),
            None => "remember no conversation".to_owned(),
        },
        Effect::Post(post) => show_post(&post.action, post.rank),
        Effect::Sign(Sign::Typing { key: _ }) => "typing".to_owned(),
        Effect::Sign(Sign::React {
            chat: _,
            message,
            emoji,
        }) => {
            format!("react {} #{}", emoji.unwrap_or("-"), message.0)
        }
        Effect::Sign(Sign::AnswerCallback { .. }) => "answer callback".to_owned(),
        Effect::Slot(change) => format!("slot {change:?}").to_lowercase(),
        Effect::Finish => "finish".to_owned(),
    }
}

fn show_input(input: &AgentInput) -> String {
    match input {
        AgentInput::Prompt { id, text, form } => {
            let form = match form {
                PromptForm::Text => "text",
                PromptForm::Command => "command",
            };
            format!("{form} {}: {text}", id.0)
        }
        AgentInput::Interrupt => "interrupt".to_owned(),
        AgentInput::Permission {
            request,
            decision: PermissionDecision::Deny { message: _ },
        } => {
            format!("deny {request}")
        }
        AgentInput::Close => "close".to_owned(),
    }
}

fn show_post(action: &PostAction, rank: Rank) -> String {
    let rank = match rank {
        Rank::Answer => "answer",
        Rank::Notice => "notice",
    };
    match action {
        PostAction::Send {
            id,
            body,
            reply_to,
            sound,
        } => {
            let to = reply_to.map_or(String::new(), |message| format!(" to #{}", message.0));
            let sound = match sound {
                Sound::Ring => "",
                Sound::Silent => " silent",
            };
            format!("{rank} @{}{to}{sound}: {}", id.0, show_body(body))
        }
        PostAction::Edit { id, body } => format!("edit @{}: {}", id.0, show_body(body)),
    }
}

fn show_body(body: &Body) -> String {
    match body {
        Body::Markdown(text) => format!("md {text:?}"),
        Body::Plain(text) => format!("{text:?}"),
        Body::Document {
            name,
            content,
            caption,
        } => {
            format!(
                "file {name} of {} chars, {caption:?}",
                content.chars().count()
            )
        }
    }
}
