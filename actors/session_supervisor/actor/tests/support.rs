//! A supervisor with a scripted launcher, a store in memory and a recorder of posts.

mod recorders;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;

use crate::agent_event::{
    Activity, AgentEvent, AgentExit, Cost, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome,
};
use crate::chat_settings::AgentSettings;
use crate::ids::{
    CallbackId, ChatId, ConversationId, Generation, MessageId, PromptId, SessionKey, TopicId,
    UserId,
};
use crate::instruction::Role;
use crate::memory_journal::MemoryJournal;
use crate::outbox::PostIds;
use crate::ports::{
    Agent, AgentInput, AgentLauncher, AgentReport, ArchiveDone, ArchiveOrder, Conversation,
    FileRoom, FilesTaken, InboxDone, InboxOrder, LaunchOrder, PromptJournal, PromptsRead,
    ReadPrompts, SessionRecord, SessionStore, SpareOrder, SparesDone, StoreError, TakeFiles,
};
use crate::purse::Purse;
use crate::session::settings::{Folders, SettingsBook};
use crate::session::{Instruct, Press, Prompt, SessionPorts, policy::Policy};
use crate::session_supervisor::{Deliver, SessionSupervisor, SupervisorPorts};

use recorders::PostRecorder;
pub(super) use recorders::{AuditSink, NoFiles};

/// What happened outside, in order.
#[derive(Clone, Default)]
pub(super) struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    fn note(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(super) fn of_chat(&self, chat: i64) -> Vec<String> {
        let start = format!("{chat}: ");
        let lines = self.0.lock().unwrap();
        lines
            .iter()
            .filter_map(|line| line.strip_prefix(&start))
            .map(str::to_owned)
            .collect()
    }
}

/// Launches agents that echo; `panic` breaks the session, `hang` is never answered, `silent` does
/// not even begin. Their ends are reported at once unless the test does so.
struct EchoLauncher {
    ends: Arc<Mutex<Ends>>,
    journal: Journal,
    orders: Arc<Mutex<Vec<LaunchOrder>>>,
    reports: Arc<Mutex<HashMap<Generation, Recipient<AgentReport>>>>,
}

/// When the tree of an agent that was told to end is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Ends {
    #[default]
    AtOnce,
    /// When the test says so.
    Later,
}

struct EchoAgent {
    ends: Arc<Mutex<Ends>>,
    order: LaunchOrder,
    reports: Recipient<AgentReport>,
    journal: Journal,
}

impl AgentLauncher for EchoLauncher {
    fn read_prompts(&self, _order: ReadPrompts, _answers: Recipient<PromptsRead>) {}

    fn look_up(&self, _order: ArchiveOrder, _answers: Recipient<ArchiveDone>) {}

    fn launch(&self, order: LaunchOrder, reports: Recipient<AgentReport>) -> Box<dyn Agent> {
        self.journal.note(format!("{}: agent started", order.key));
        self.orders.lock().unwrap().push(order.clone());
        let mut all = self.reports.lock().unwrap();
        all.insert(order.generation, reports.clone());
        let agent = EchoAgent {
            ends: Arc::clone(&self.ends),
            order,
            reports,
            journal: self.journal.clone(),
        };
        agent.report(AgentEvent::Ready {
            commands: Vec::new(),
            version: None,
            models: Vec::new(),
        });
        Box::new(agent)
    }
}

impl EchoAgent {
    fn report(&self, event: AgentEvent) {
        // The session may be gone.
        self.reports
            .try_send(AgentReport {
                generation: self.order.generation,
                events: vec![event],
            })
            .ok();
    }

    fn begin(&self) {
        let (Conversation::New(id) | Conversation::Resume(id)) = &self.order.conversation;
        self.report(AgentEvent::TurnStarted {
            conversation: id.clone(),
            commands: Vec::new(),
        });
    }

    fn exit(&self) {
        if *self.ends.lock().unwrap() == Ends::Later {
            return;
        }
        let exit = AgentExit {
            status: ExitStatus::Code(0),
            stderr: String::new(),
        };
        self.report(AgentEvent::Exited(exit));
    }
}

impl Agent for EchoAgent {
    fn write(&self, input: AgentInput) {
        match input {
            AgentInput::Prompt { text, .. } if text == "panic" => panic!("told to"),
            AgentInput::Prompt { text, .. } if text == "silent" => {}
            AgentInput::Prompt { text, .. } if text == "hang" => self.begin(),
            AgentInput::Prompt { text, .. } => {
                self.begin();
                self.report(AgentEvent::TurnEnded(TurnEnd {
                    outcome: TurnOutcome::Answered { text },
                    origin: TurnOrigin::Prompt,
                    prompts: None,
                    conversation: None,
                    duration: Duration::ZERO,
                    cost: Cost::OfProcess(0.0),
                    tokens: 0,
                }));
                self.report(AgentEvent::Activity(Activity::Idle));
            }
            AgentInput::Close => self.exit(),
            AgentInput::Interrupt
            | AgentInput::Set { .. }
            | AgentInput::StopTask(_)
            | AgentInput::LetRun { .. }
            | AgentInput::Enquire { .. }
            | AgentInput::ToolResult { .. }
            | AgentInput::Permission { .. }
            | AgentInput::Form { .. } => {}
        }
    }

    fn signal_interrupt(&self) {}

    fn kill(&self) {
        self.exit();
    }
}

impl Drop for EchoAgent {
    fn drop(&mut self) {
        self.journal
            .note(format!("{}: agent dropped", self.order.key));
    }
}

/// Has no files.
pub(super) struct NoRoom;

impl FileRoom for NoRoom {
    fn take(&self, _order: TakeFiles, _answers: Recipient<FilesTaken>) {}

    fn look_after(&self, _order: InboxOrder, _answers: Recipient<InboxDone>) {}

    fn spare(&self, _order: SpareOrder, _answers: Recipient<SparesDone>) {}

    fn release(&self, _copies: Vec<String>) {}
}

pub(super) struct MemoryStore {
    pub(super) records: Mutex<HashMap<SessionKey, SessionRecord>>,
    broken_chat: Option<i64>,
    /// Breaks a session once, when it stores its record.
    pub(super) breaks: AtomicBool,
}

impl SessionStore for MemoryStore {
    fn load(&self, key: SessionKey) -> Result<Option<SessionRecord>, StoreError> {
        if self.broken_chat == Some(key.chat.0) {
            return Err(StoreError("disk on fire".to_owned()));
        }
        Ok(self.records.lock().unwrap().get(&key).cloned())
    }

    fn save(&self, key: SessionKey, record: &SessionRecord) -> Result<(), StoreError> {
        assert!(!self.breaks.swap(false, Ordering::Relaxed), "told to");
        self.records.lock().unwrap().insert(key, record.clone());
        Ok(())
    }

    fn forget_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        self.records
            .lock()
            .unwrap()
            .retain(|key, _| key.chat != chat);
        Ok(())
    }
}

pub(super) struct World {
    pub(super) supervisor: Addr<SessionSupervisor>,
    pub(super) journal: Journal,
    next_prompt: Box<dyn Fn() -> u64>,
    /// The prompts without an outcome.
    pub(super) open: MemoryJournal,
    pub(super) store: Arc<MemoryStore>,
    pub(super) orders: Arc<Mutex<Vec<LaunchOrder>>>,
    reports: Arc<Mutex<HashMap<Generation, Recipient<AgentReport>>>>,
    pub(super) ends: Arc<Mutex<Ends>>,
}

pub(super) fn world(max_live: usize, broken_chat: Option<i64>) -> World {
    tokio::time::pause();
    let journal = Journal::default();
    let open = MemoryJournal::default();
    let recorder = PostRecorder(journal.clone()).start();
    let orders = Arc::new(Mutex::default());
    let ends = Arc::new(Mutex::default());
    let reports = Arc::new(Mutex::default());
    let store = Arc::new(MemoryStore {
        records: Mutex::default(),
        broken_chat,
        breaks: AtomicBool::new(false),
    });
    let (conversations, generations) = (counter(), counter());
    let session = SessionPorts {
        launcher: Arc::new(EchoLauncher {
            ends: Arc::clone(&ends),
            journal: journal.clone(),
            orders: Arc::clone(&orders),
            reports: Arc::clone(&reports),
        }),
        store: Arc::clone(&store) as Arc<dyn SessionStore>,
        room: Arc::new(NoRoom),
        journal: Arc::new(open.clone()),
        nonces: Arc::new(|| "nonce".to_owned()),
        next_time: |_, _| None,
        purse: Arc::new(Purse::new(Arc::new(open.clone()))),
        outbox: recorder.clone().recipient(),
        signs: recorder.recipient(),
        files: NoFiles.start().recipient(),
        listener: NoFiles.start().recipient(),
        audit: AuditSink.start().recipient(),
        post_ids: PostIds::default(),
        conversation_ids: Arc::new(move || ConversationId(format!("c{}", conversations()))),
        generations: Arc::new(move || Generation(generations())),
    };
    let ports = SupervisorPorts {
        max_live,
        book: Arc::new(book("")),
        session,
    };
    World {
        supervisor: SessionSupervisor::new(ports).start(),
        journal,
        next_prompt: Box::new(counter()),
        open,
        store,
        orders,
        reports,
        ends,
    }
}

/// Returns what draws the numbers from 1.
pub(super) fn counter() -> impl Fn() -> u64 + Send + Sync {
    let last = AtomicU64::new(0);
    move || last.fetch_add(1, Ordering::Relaxed) + 1
}

/// Returns settings with this model, and a folder for each chat.
pub(super) fn book(model: &str) -> SettingsBook {
    SettingsBook {
        policy: Policy::default(),
        folders: Folders::PerChat {
            root: PathBuf::from("/folders"),
            owner: None,
        },
        agent: AgentSettings {
            model: model.to_owned(),
            ..AgentSettings::default()
        },
        own: HashMap::new(),
        epoch: 0,
    }
}

impl World {
    /// Hands a prompt to a chat; in a private one its person wrote it, in a group person 1.
    pub(super) async fn say(&self, chat: i64, text: &str) {
        let author = if chat > 0 { chat } else { 1 };
        self.say_as(author, chat, text).await;
    }

    /// Hands a prompt of a person to a chat.
    pub(super) async fn say_as(&self, author: i64, chat: i64, text: &str) {
        let key = SessionKey::of_chat(ChatId(chat));
        self.deliver(key, author, text).await;
    }

    /// Hands a prompt of person 1 to a topic of a group.
    pub(super) async fn say_in_topic(&self, chat: i64, topic: i64, text: &str) {
        let (chat, topic) = (ChatId(chat), Some(TopicId(topic)));
        self.deliver(SessionKey { chat, topic }, 1, text).await;
    }

    /// Lets person 1 press a button in a chat.
    pub(super) async fn press(&self, chat: i64, data: &str) {
        let key = SessionKey::of_chat(ChatId(chat));
        let instruction = Instruct::Press(Press {
            callback: CallbackId("press".to_owned()),
            message: None,
            data: data.to_owned(),
            by: UserId(1),
            name: "Ada".to_owned(),
            role: Role::User,
            id: PromptId(format!("press-{}", (self.next_prompt)())),
        });
        PromptJournal::accept(&self.open, key, &instruction).unwrap();
        let deliver = Deliver { key, instruction };
        self.supervisor.send(deliver).await.unwrap();
    }

    async fn deliver(&self, key: SessionKey, author: i64, text: &str) {
        let prompt = Prompt::new(
            PromptId(format!("{text}-{}", (self.next_prompt)())),
            UserId(author),
            MessageId(1),
            text.to_owned(),
        );
        let instruction = Instruct::Prompt(prompt);
        PromptJournal::accept(&self.open, key, &instruction).unwrap();
        self.supervisor
            .send(Deliver { key, instruction })
            .await
            .unwrap();
    }

    /// Takes an instruction in, as the router does before it delivers it.
    pub(super) fn accept(&self, key: SessionKey, instruction: &Instruct) {
        PromptJournal::accept(&self.open, key, instruction).unwrap();
    }

    /// Lets the latest agent of a chat be gone with its whole tree.
    pub(super) fn exit(&self, chat: i64) {
        let of_chat = |order: &&LaunchOrder| order.key.chat == ChatId(chat);
        let generation = {
            let orders = self.orders.lock().unwrap();
            orders.iter().rfind(of_chat).unwrap().generation
        };
        let exit = AgentExit {
            status: ExitStatus::Code(0),
            stderr: String::new(),
        };
        self.report(generation, AgentEvent::Exited(exit));
    }

    /// Lets an agent say something.
    pub(super) fn report(&self, generation: Generation, event: AgentEvent) {
        let events = vec![event];
        let report = AgentReport { generation, events };
        let all = self.reports.lock().unwrap();
        all[&generation].try_send(report).unwrap();
    }

    /// Lets everything happen that happens within `time`; the clock is paused.
    pub(super) async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
