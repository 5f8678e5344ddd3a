//! Many people's sessions: real supervisor, sessions and outbox between a launcher and a Telegram
//! edge that write everything down.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use actix::prelude::*;

use super::support::{AuditSink, NoFiles, NoRoom, counter};
use crate::agent_event::{
    Activity, AgentEvent, AgentExit, Cost, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome,
};
use crate::clock::{self, Time};
use crate::ids::{ChatId, ConversationId, Generation, MessageId, PromptId, SessionKey, UserId};
use crate::instruction::Role;
use crate::memory_journal::MemoryJournal;
use crate::outbox::{
    Delivered, Flush, Outbox, OutboxPorts, Perform, Performed, PostError, PostIds,
};
use crate::ports::{
    Agent, AgentInput, AgentLauncher, AgentReport, ArchiveDone, ArchiveOrder, Conversation,
    LaunchOrder, PromptsRead, ReadPrompts, SessionRecord, SessionStore, StoreError,
};
use crate::purse::Purse;
use crate::session::settings::SettingsBook;
use crate::session::{Command, CommandKind, Instruct, Prompt, SessionPorts};
use crate::session_supervisor::{Deliver, SessionSupervisor, SupervisorPorts};

/// Ids of messages from below this are of people: the chat's id without its sign times [`OF_CHAT`] and a number.
const FIRST_OF_BOT: u64 = 1_000_000_000;
const OF_CHAT: i64 = 100_000;

/// How agents behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// They only say what the test has them say.
    Puppet,
    /// They answer each prompt after this time.
    Answer(Duration),
}

/// Everything that went to the outside, in order.
pub(super) struct Ledger {
    pub(super) manner: Manner,
    pub(super) calls: Vec<(Time, Perform)>,
    pub(super) orders: Vec<LaunchOrder>,
    pub(super) inputs: Vec<(Generation, AgentInput)>,
    pub(super) saves: Vec<(SessionKey, SessionRecord)>,
    /// What the next calls to Telegram come to; success when nothing is left.
    pub(super) refusals: VecDeque<Option<PostError>>,
    /// In which chat a message of the bot is.
    messages: HashMap<MessageId, ChatId>,
    records: HashMap<SessionKey, SessionRecord>,
    reports: BTreeMap<Generation, Recipient<AgentReport>>,
    exited: HashSet<Generation>,
}

/// The ledger, shared by all fakes.
#[derive(Clone)]
pub(super) struct Book(Arc<Mutex<Ledger>>);

impl Book {
    pub(super) fn open(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap()
    }
}

impl Ledger {
    /// Returns the order that an agent was started with.
    pub(super) fn order(&self, agent: Generation) -> &LaunchOrder {
        let found = (self.orders.iter()).find(|order| order.generation == agent);
        found.expect("an agent that was started")
    }

    /// Returns the agents that have not exited, of one chat.
    pub(super) fn alive(&self, chat: ChatId) -> Vec<Generation> {
        (self.orders.iter())
            .filter(|order| order.key.chat == chat && !self.exited.contains(&order.generation))
            .map(|order| order.generation)
            .collect()
    }

    /// Has an agent say something, if its session still listens; the dead speak too.
    pub(super) fn say(&self, generation: Generation, event: AgentEvent) {
        let events = vec![event];
        let report = AgentReport { generation, events };
        self.reports[&generation].try_send(report).ok();
    }

    /// Ends an agent, once.
    pub(super) fn exit(&mut self, generation: Generation, status: ExitStatus) {
        if self.exited.insert(generation) {
            let stderr = String::new();
            self.say(generation, AgentEvent::Exited(AgentExit { status, stderr }));
        }
    }

    /// Has an agent answer its prompt and go idle.
    pub(super) fn answer(&self, agent: Generation, text: &str) {
        self.say(agent, answered(text));
        self.say(agent, AgentEvent::Activity(Activity::Idle));
    }

    /// Tells whether a message is in a chat, be it from the person or from the bot.
    pub(super) fn is_in(&self, message: MessageId, chat: ChatId) -> bool {
        match self.messages.get(&message) {
            Some(place) => *place == chat,
            None => message.0 / OF_CHAT == chat.0.abs(),
        }
    }
}

/// Returns the end of a turn with an answer.
pub(super) fn answered(text: &str) -> AgentEvent {
    AgentEvent::TurnEnded(TurnEnd {
        outcome: TurnOutcome::Answered {
            text: text.to_owned(),
        },
        origin: TurnOrigin::Prompt,
        prompts: None,
        conversation: None,
        duration: Duration::ZERO,
        cost: Cost::OfProcess(0.0),
        tokens: 0,
    })
}

struct Launcher(Book);

impl AgentLauncher for Launcher {
    fn read_prompts(&self, _order: ReadPrompts, _answers: Recipient<PromptsRead>) {}

    fn look_up(&self, _order: ArchiveOrder, _answers: Recipient<ArchiveDone>) {}

    fn launch(&self, order: LaunchOrder, reports: Recipient<AgentReport>) -> Box<dyn Agent> {
        let generation = order.generation;
        let mut ledger = self.0.open();
        ledger.reports.insert(generation, reports);
        ledger.orders.push(order);
        if ledger.manner != Manner::Puppet {
            ledger.say(generation, ready());
        }
        Box::new(Puppet(generation, self.0.clone()))
    }
}

/// Returns the end of the handshake.
pub(super) fn ready() -> AgentEvent {
    AgentEvent::Ready {
        commands: vec!["compact".to_owned()],
        version: None,
        models: Vec::new(),
    }
}

struct Puppet(Generation, Book);

impl Puppet {
    #[expect(clippy::disallowed_methods, reason = "an agent outside has no actor")]
    fn answer_after(&self, text: String, time: Duration) {
        let (agent, book) = (self.0, self.1.clone());
        actix::spawn(async move {
            tokio::time::sleep(time).await;
            let ledger = book.open();
            let order = ledger.order(agent);
            let (Conversation::New(id) | Conversation::Resume(id)) = &order.conversation;
            let (conversation, commands) = (id.clone(), Vec::new());
            ledger.say(
                agent,
                AgentEvent::TurnStarted {
                    conversation,
                    commands,
                },
            );
            ledger.answer(agent, &format!("answer to {text}"));
        });
    }
}

impl Agent for Puppet {
    fn write(&self, input: AgentInput) {
        let mut ledger = self.1.open();
        ledger.inputs.push((self.0, input.clone()));
        match (input, ledger.manner) {
            (AgentInput::Prompt { text, .. }, Manner::Answer(time)) => {
                self.answer_after(text, time);
            }
            (AgentInput::Close, _) => ledger.exit(self.0, ExitStatus::Code(0)),
            (AgentInput::Prompt { .. }, Manner::Puppet)
            | (
                AgentInput::Interrupt
                | AgentInput::Set { .. }
                | AgentInput::StopTask(_)
                | AgentInput::LetRun { .. }
                | AgentInput::Enquire { .. }
                | AgentInput::ToolResult { .. }
                | AgentInput::Permission { .. }
                | AgentInput::Form { .. },
                _,
            ) => {}
        }
    }

    fn signal_interrupt(&self) {}

    fn kill(&self) {
        self.1.open().exit(self.0, ExitStatus::Signal(9));
    }
}

impl SessionStore for Book {
    fn load(&self, key: SessionKey) -> Result<Option<SessionRecord>, StoreError> {
        Ok(self.open().records.get(&key).cloned())
    }

    fn save(&self, key: SessionKey, record: &SessionRecord) -> Result<(), StoreError> {
        let mut ledger = self.open();
        ledger.saves.push((key, record.clone()));
        ledger.records.insert(key, record.clone());
        Ok(())
    }

    fn forget_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        self.open().records.retain(|key, _| key.chat != chat);
        Ok(())
    }
}

struct Edge {
    book: Book,
    next_message: Box<dyn Fn() -> u64>,
}

impl Actor for Edge {
    type Context = Context<Self>;
}

impl Handler<Perform> for Edge {
    type Result = Performed;

    fn handle(&mut self, call: Perform, _: &mut Self::Context) -> Self::Result {
        let mut ledger = self.book.open();
        let sent = MessageId(i64::try_from(FIRST_OF_BOT + (self.next_message)()).unwrap());
        let message = match &call {
            Perform::Send { key, .. } => {
                ledger.messages.insert(sent, key.chat);
                Some(sent)
            }
            Perform::Edit { message, .. } => Some(*message),
            Perform::Sign(_) | Perform::Leave { .. } => None,
        };
        ledger.calls.push((clock::now(), call));
        match ledger.refusals.pop_front().flatten() {
            Some(error) => Err(error),
            None => Ok(Delivered {
                message,
                parts: 1,
                others: Vec::new(),
            }),
        }
    }
}

/// A bridge without its router; the clock is paused.
pub(super) struct Bridge {
    pub(super) supervisor: Addr<SessionSupervisor>,
    pub(super) book: Book,
    outbox: Addr<Outbox>,
    next_prompt: Box<dyn Fn() -> u64>,
}

impl Bridge {
    pub(super) fn start(max_live: usize, settings: SettingsBook, manner: Manner) -> Self {
        let book = Book(Arc::new(Mutex::new(Ledger {
            manner,
            calls: Vec::new(),
            orders: Vec::new(),
            inputs: Vec::new(),
            saves: Vec::new(),
            refusals: VecDeque::new(),
            messages: HashMap::new(),
            records: HashMap::new(),
            reports: BTreeMap::new(),
            exited: HashSet::new(),
        })));
        let edge = Edge {
            book: book.clone(),
            next_message: Box::new(counter()),
        };
        let journal = MemoryJournal::default();
        let ports = OutboxPorts {
            edge: edge.start().recipient(),
            journal: Arc::new(journal.clone()),
            on_posted: Vec::new(),
            on_draft_refused: Vec::new(),
            on_files_settled: Vec::new(),
            paces: Vec::new(),
            on_paces: Vec::new(),
            language: bridge_texts::Language::English,
        };
        let outbox = Outbox::new(ports, Vec::new()).start();
        let (conversations, generations) = (counter(), counter());
        let session = SessionPorts {
            launcher: Arc::new(Launcher(book.clone())),
            store: Arc::new(book.clone()),
            room: Arc::new(NoRoom),
            journal: Arc::new(journal.clone()),
            nonces: Arc::new(|| "nonce".to_owned()),
            next_time: |_, _| None,
            purse: Arc::new(Purse::new(Arc::new(journal))),
            outbox: outbox.clone().recipient(),
            signs: outbox.clone().recipient(),
            files: NoFiles.start().recipient(),
            listener: NoFiles.start().recipient(),
            audit: AuditSink.start().recipient(),
            post_ids: PostIds::default(),
            conversation_ids: Arc::new(move || ConversationId(format!("c{}", conversations()))),
            generations: Arc::new(move || Generation(generations())),
        };
        let ports = SupervisorPorts {
            max_live,
            book: Arc::new(settings),
            session,
        };
        let supervisor = SessionSupervisor::new(ports).start();
        Self {
            supervisor,
            book,
            outbox,
            next_prompt: Box::new(counter()),
        }
    }

    /// Hands an instruction to a chat, with the message that it came in.
    pub(super) async fn instruct(&self, chat: i64, instruction: impl Fn(MessageId) -> Instruct) {
        let n = i64::try_from((self.next_prompt)()).unwrap();
        let deliver = Deliver {
            key: SessionKey::of_chat(ChatId(chat)),
            instruction: instruction(MessageId(chat.abs() * OF_CHAT + n)),
        };
        self.supervisor.send(deliver).await.unwrap();
    }

    pub(super) async fn command(&self, chat: i64, kind: CommandKind) {
        self.instruct(chat, |message| {
            Instruct::Command(Command {
                id: PromptId(format!("command#{}", message.0)),
                by: UserId(chat),
                role: Role::User,
                message,
                kind: kind.clone(),
            })
        })
        .await;
    }

    pub(super) async fn prompt(&self, author: i64, chat: i64, text: &str) {
        self.instruct(chat, |message| {
            let id = PromptId(format!("{text}#{}", message.0));
            Instruct::Prompt(Prompt::new(id, UserId(author), message, text.to_owned()))
        })
        .await;
    }

    /// Lets everything happen that happens within `time`.
    pub(super) async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    pub(super) async fn flush(&self) {
        let within = Duration::from_secs(3600);
        self.outbox.send(Flush { within }).await.unwrap();
    }
}
