//! Nothing of one chat ever reaches another, whatever happens in whatever order.
//!
//! Everything that people or their agent say in a chat carries a secret with the chat's name, such
//! as `secret-of-2-17`; so do the chat's settings. After each history everything that went to
//! Telegram, to an agent or to the store is searched for secrets of others.

mod check;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use self::check::{Expected, answer_reached, check};
use super::people::{Bridge, Manner, ready};
use super::support;
use crate::agent_event::{Activity, AgentEvent, ExitStatus};
use crate::ids::{ChatId, ConversationId, Generation, UserId};
use crate::outbox::{PostError, Rejection};
use crate::permission_request::{Ask, Json, Origin, PermissionRequest, Run};
use crate::session::settings::{OwnSettings, SettingsBook};
use crate::session::{CommandKind, Memory, Revoke};
use crate::session_supervisor::{EndAll, Reconfigure};

/// Three people's private chats, and a group in which they are.
const CHATS: [i64; 4] = [1, 2, 3, GROUP];
const GROUP: i64 = -9;
const USERS: [i64; 3] = [1, 2, 3];
const MAX_LIVE: usize = 2;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Prompt {
        author: i64,
        is_public: bool,
    },
    Command(i64),
    New(i64),
    Stop(i64),
    Status(i64),
    /// An agent of the chat says something; the last one, or one so many before it.
    Agent(i64, Word, usize),
    /// The person may no longer come in; they return with their next prompt.
    Revoke(i64, Memory),
    Configure {
        epoch: u64,
        max_live: usize,
    },
    Telegram(Refusal),
    /// So many tasks are polled.
    Poll(usize),
    Pass(Duration),
}

/// What an agent says or does.
#[derive(Debug, Clone, Copy)]
enum Word {
    Ready,
    Begins,
    /// It goes on in a conversation of its own choice.
    Switches,
    Says,
    AsksPermission,
    Answers,
    RunsOn,
    GoesIdle,
    RefusesUnknown,
    RefusesTaken,
    Dies,
}

/// Why Telegram does not do the next call.
#[derive(Debug, Clone, Copy)]
enum Refusal {
    Wait,
    NoRoute,
    Silence,
    MessageGone,
    Rejected,
}

fn step() -> impl Strategy<Value = Step> {
    let user = || prop::sample::select(&USERS[..]);
    let chat = || prop::sample::select(&CHATS[..]);
    let word = prop::sample::select(vec![
        Word::Ready,
        Word::Begins,
        Word::Begins,
        Word::Switches,
        Word::Says,
        Word::Says,
        Word::AsksPermission,
        Word::Answers,
        Word::Answers,
        Word::RunsOn,
        Word::GoesIdle,
        Word::GoesIdle,
        Word::RefusesUnknown,
        Word::RefusesTaken,
        Word::Dies,
    ]);
    let refusal = prop::sample::select(vec![
        Refusal::Wait,
        Refusal::NoRoute,
        Refusal::Silence,
        Refusal::MessageGone,
        Refusal::Rejected,
    ]);
    let memory = prop::sample::select(vec![Memory::Kept, Memory::Forgotten]);
    prop_oneof![
        10 => (user(), prop::bool::weighted(0.3))
            .prop_map(|(author, is_public)| Step::Prompt { author, is_public }),
        1 => chat().prop_map(Step::Command),
        2 => chat().prop_map(Step::New),
        2 => chat().prop_map(Step::Stop),
        1 => chat().prop_map(Step::Status),
        16 => (chat(), word, prop_oneof![4 => Just(0usize), 1 => 1usize..4])
            .prop_map(|(chat, word, back)| Step::Agent(chat, word, back)),
        2 => (user(), memory).prop_map(|(user, memory)| Step::Revoke(user, memory)),
        2 => (0u64..6, 1usize..4)
            .prop_map(|(epoch, max_live)| Step::Configure { epoch, max_live }),
        3 => refusal.prop_map(Step::Telegram),
        6 => (0usize..12).prop_map(Step::Poll),
        6 => prop::sample::select(vec![1u64, 50, 1_500, 30_000, 1_000_000])
            .prop_map(|milliseconds| Step::Pass(Duration::from_millis(milliseconds))),
    ]
}

/// Returns what the secrets of a chat are named by.
fn name(chat: ChatId) -> String {
    chat.to_string().replace('-', "g")
}

/// Returns the settings number `epoch`: each chat has its own, with its secret in them.
fn settings(epoch: u64) -> SettingsBook {
    let own = |chat: i64| OwnSettings {
        model: Some(format!("secret-of-{}-model-{epoch}", name(ChatId(chat)))),
        folder: (epoch % 3 == 2).then(|| format!("/elsewhere/{chat}").into()),
        ..OwnSettings::default()
    };
    SettingsBook {
        own: CHATS.map(|chat| (ChatId(chat), own(chat))).into(),
        epoch: epoch / 2,
        ..support::book("nobody's")
    }
}

/// A history as it runs.
struct History {
    bridge: Bridge,
    n_secrets: HashMap<i64, u64>,
    expected: Expected,
}

impl History {
    fn begin() -> Self {
        Self {
            bridge: Bridge::start(MAX_LIVE, settings(0), Manner::Puppet),
            n_secrets: HashMap::new(),
            expected: Expected::default(),
        }
    }

    fn secret(&mut self, chat: i64) -> String {
        let n = self.n_secrets.entry(chat).or_default();
        *n += 1;
        format!("secret-of-{}-{n}", name(ChatId(chat)))
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Prompt { author, is_public } => {
                let chat = if is_public { GROUP } else { author };
                let text = self.secret(chat);
                self.prompt(author, chat, text).await;
            }
            Step::Command(chat) => {
                let text = format!("/compact {}", self.secret(chat));
                self.prompt(chat.max(1), chat, text).await;
            }
            Step::New(chat) => {
                let kind = CommandKind::NewConversation {
                    prompt: None,
                    context: String::new(),
                    goes_on: None,
                    files: Vec::new(),
                };
                self.bridge.command(chat, kind).await;
            }
            Step::Stop(chat) => {
                self.bridge.command(chat, CommandKind::Stop).await;
            }
            Step::Status(chat) => {
                self.bridge.command(chat, CommandKind::Status).await;
            }
            Step::Agent(chat, word, back) => self.speak(ChatId(chat), word, back),
            Step::Revoke(user, memory) => self.revoke(user, memory).await,
            Step::Configure { epoch, max_live } => {
                let book = Arc::new(settings(epoch));
                let reconfigure = Reconfigure { book, max_live };
                self.bridge.supervisor.send(reconfigure).await.unwrap();
            }
            Step::Telegram(refusal) => {
                let mut ledger = self.bridge.book.open();
                ledger.refusals.push_back(Some(refusal.error()));
                ledger.refusals.push_back(None);
            }
            Step::Poll(times) => {
                for _ in 0..times {
                    tokio::task::yield_now().await;
                }
            }
            Step::Pass(time) => self.bridge.pass(time).await,
        }
    }

    async fn prompt(&mut self, author: i64, chat: i64, text: String) {
        self.bridge.prompt(author, chat, &text).await;
        self.expected.prompted(UserId(author), text);
    }

    fn speak(&mut self, chat: ChatId, word: Word, back: usize) {
        let secret = self.secret(chat.0);
        let mut ledger = self.bridge.book.open();
        let of_chat = ledger.orders.iter().rev();
        let mut of_chat = of_chat.filter(|order| order.key.chat == chat);
        let Some(order) = of_chat.nth(back) else {
            return;
        };
        let (agent, conversation) = (order.generation, check::opened(order).clone());
        let event = match word {
            Word::Ready => ready(),
            Word::Begins => begun(conversation),
            Word::Switches => {
                self.expected.switched_to(chat, &secret);
                begun(ConversationId(secret))
            }
            Word::Says => AgentEvent::Said {
                message: "m".to_owned(),
                text: secret,
            },
            Word::AsksPermission => asked(&secret),
            Word::Answers => super::people::answered(&secret),
            Word::RunsOn => AgentEvent::Activity(Activity::Running),
            Word::GoesIdle => AgentEvent::Activity(Activity::Idle),
            Word::RefusesUnknown => AgentEvent::ConversationUnknown,
            Word::RefusesTaken => AgentEvent::ConversationTaken,
            Word::Dies => AgentEvent::Heartbeat,
        };
        ledger.say(agent, event);
        if matches!(word, Word::RefusesUnknown | Word::RefusesTaken | Word::Dies) {
            ledger.exit(agent, ExitStatus::Code(1));
        }
    }

    async fn revoke(&mut self, user: i64, memory: Memory) {
        let revoke = Revoke {
            user: UserId(user),
            memory,
        };
        self.bridge.supervisor.send(revoke).await.unwrap();
        self.bridge.pass(Duration::from_millis(1)).await;
        let ledger = self.bridge.book.open();
        assert_eq!(
            ledger.alive(ChatId(user)),
            [],
            "an agent outlives a revocation"
        );
        self.expected.revoked(UserId(user), &ledger);
        if memory == Memory::Forgotten {
            self.expected.forgot(ChatId(user), &ledger);
        }
    }

    /// Whatever happened, everybody is served in the end, and all agents end with the bridge.
    async fn finish(&mut self) {
        let all_agents: Vec<Generation> = {
            let mut ledger = self.bridge.book.open();
            ledger.manner = Manner::Answer(Duration::from_secs(1));
            ledger.refusals.clear();
            let alive = CHATS.iter().flat_map(|chat| ledger.alive(ChatId(*chat)));
            alive.collect()
        };
        for agent in all_agents {
            let ledger = self.bridge.book.open();
            let chat = ledger.order(agent).key.chat;
            ledger.say(agent, ready());
            ledger.answer(agent, &format!("secret-of-{}-late", name(chat)));
        }
        self.bridge.pass(Duration::from_secs(300)).await;
        for chat in CHATS {
            let text = format!("secret-of-{}-last", name(ChatId(chat)));
            self.bridge.prompt(chat.max(1), chat, &text).await;
            self.bridge.pass(Duration::from_secs(60)).await;
        }
        self.bridge
            .supervisor
            .send(EndAll {
                grace: Duration::ZERO,
            })
            .await
            .unwrap();
        self.bridge.flush().await;
    }

    fn check(&self) {
        let ledger = self.bridge.book.open();
        check(&ledger, &self.expected);
        for chat in CHATS {
            let answer = format!("answer to secret-of-{}-last", name(ChatId(chat)));
            assert!(
                answer_reached(&ledger, ChatId(chat), &answer),
                "{chat} is not served"
            );
            assert_eq!(
                ledger.alive(ChatId(chat)),
                [],
                "an agent outlives the bridge"
            );
        }
    }
}

fn begun(conversation: ConversationId) -> AgentEvent {
    AgentEvent::TurnStarted {
        conversation,
        commands: Vec::new(),
    }
}

impl Refusal {
    fn error(self) -> PostError {
        let why = || "no".to_owned();
        match self {
            Self::Wait => PostError::RetryAfter {
                after: Duration::from_secs(3),
            },
            Self::NoRoute => PostError::NotDelivered(why()),
            Self::Silence => PostError::FateUnknown(why()),
            Self::MessageGone => PostError::MessageGone(why()),
            Self::Rejected => PostError::Rejected(Rejection::Telegram(why())),
        }
    }
}

/// Runs a history on a paused clock and looks for what went astray.
fn run(steps: Vec<Step>) {
    let paused = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().start_paused(true).build().unwrap()
    };
    actix::System::with_tokio_rt(paused).block_on(async {
        let mut history = History::begin();
        for step in steps {
            history.take(step).await;
        }
        history.finish().await;
        history.check();
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_one_chat_ever_reaches_another_and_everybody_is_served(
        steps in prop::collection::vec(step(), 20..60),
    ) {
        run(steps);
    }
}

fn asked(secret: &str) -> AgentEvent {
    AgentEvent::PermissionAsked(Box::new(PermissionRequest {
        id: secret.to_owned(),
        tool: format!("Tool-{secret}"),
        from: Origin::Claude,
        ask: Ask::Run(Run {
            title: secret.to_owned(),
            detail: secret.to_owned(),
            language: "",
            digest: secret.to_owned(),
            purpose: None,
            reason: None,
            rules: Vec::new(),
        }),
        input: Json(secret.to_owned()),
        for_call: None,
    }))
}
