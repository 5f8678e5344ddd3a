//! Tests of the supervisor with real sessions, a scripted launcher and recorders.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::*;
use crate::ids::{ChatId, ConversationId, Generation, PromptId};
use crate::outbox::{PostIds, Sign};
use crate::ports::{
    Agent, AgentInput, AgentLauncher, AgentReport, LaunchOrder, SessionRecord, SessionStore,
};
use crate::session::Prompt;
use crate::session::agent_event::{
    Activity, AgentEvent, AgentExit, ExitStatus, TurnEnd, TurnOrigin, TurnOutcome,
};
use crate::session::policy::Policy;

/// What happened outside, in order.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    fn note(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn of_chat(&self, chat: i64) -> Vec<String> {
        let start = format!("{chat}: ");
        let lines = self.0.lock().unwrap();
        lines
            .iter()
            .filter_map(|line| line.strip_prefix(&start))
            .map(str::to_owned)
            .collect()
    }
}

/// Launches agents that echo; `panic` breaks the session, `hang` is never answered.
struct EchoLauncher(Journal);

struct EchoAgent {
    key: SessionKey,
    generation: Generation,
    reports: Recipient<AgentReport>,
    journal: Journal,
}

impl AgentLauncher for EchoLauncher {
    fn launch(&self, order: LaunchOrder, reports: Recipient<AgentReport>) -> Box<dyn Agent> {
        self.0.note(format!("{}: agent started", order.key));
        let (key, generation) = (order.key, order.generation);
        let agent = EchoAgent {
            key,
            generation,
            reports,
            journal: self.0.clone(),
        };
        agent.report(AgentEvent::Ready {
            commands: Vec::new(),
            version: None,
        });
        Box::new(agent)
    }
}

impl EchoAgent {
    fn report(&self, event: AgentEvent) {
        // The session may be gone.
        self.reports
            .try_send(AgentReport {
                generation: self.generation,
                event,
            })
            .ok();
    }

    fn exit(&self) {
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
            AgentInput::Prompt { text, .. } if text == "hang" => {}
            AgentInput::Prompt { text, .. } => {
                self.report(AgentEvent::TurnEnded(TurnEnd {
                    outcome: TurnOutcome::Answered { text },
                    origin: TurnOrigin::Prompt,
                    prompts: None,
                    conversation: None,
                    duration: Duration::ZERO,
                    total_cost_usd: 0.0,
                }));
                self.report(AgentEvent::Activity(Activity::Idle));
            }
            AgentInput::Close => self.exit(),
            AgentInput::Interrupt | AgentInput::Permission { .. } => {}
        }
    }

    fn signal_interrupt(&self) {}

    fn kill(&self) {
        self.exit();
    }
}

impl Drop for EchoAgent {
    fn drop(&mut self) {
        self.journal.note(format!("{}: agent dropped", self.key));
    }
}

struct MemoryStore {
    records: Mutex<HashMap<SessionKey, SessionRecord>>,
    broken_chat: Option<i64>,
}

impl SessionStore for MemoryStore {
    fn load(&self, key: SessionKey) -> Result<Option<SessionRecord>, StoreError> {
        if self.broken_chat == Some(key.chat.0) {
            return Err(StoreError("disk on fire".to_owned()));
        }
        Ok(self.records.lock().unwrap().get(&key).cloned())
    }

    fn save(&self, key: SessionKey, record: &SessionRecord) -> Result<(), StoreError> {
        self.records.lock().unwrap().insert(key, record.clone());
        Ok(())
    }
}

struct PostRecorder(Journal);

impl Actor for PostRecorder {
    type Context = Context<Self>;
}

impl Handler<Post> for PostRecorder {
    type Result = ();

    fn handle(&mut self, post: Post, _ctx: &mut Self::Context) {
        let (PostAction::Send { body, .. } | PostAction::Edit { body, .. }) = post.action;
        let (Body::Markdown(text) | Body::Plain(text) | Body::Document { content: text, .. }) =
            body;
        self.0.note(format!("{}: {text}", post.key));
    }
}

impl Handler<Sign> for PostRecorder {
    type Result = ();

    fn handle(&mut self, _sign: Sign, _ctx: &mut Self::Context) {}
}

struct World {
    supervisor: Addr<SessionSupervisor>,
    journal: Journal,
}

fn world(max_live: usize, broken_chat: Option<i64>) -> World {
    tokio::time::pause();
    let journal = Journal::default();
    let recorder = PostRecorder(journal.clone()).start();
    let counter = Arc::new(AtomicU64::new(0));
    let session = SessionDoors {
        policy: Policy::default(),
        folder: PathBuf::from("/project"),
        launcher: Arc::new(EchoLauncher(journal.clone())),
        store: Arc::new(MemoryStore {
            records: Mutex::default(),
            broken_chat,
        }),
        outbox: recorder.clone().recipient(),
        signs: recorder.recipient(),
        post_ids: PostIds::default(),
        conversation_ids: Arc::new(|| ConversationId("c".to_owned())),
        generations: Arc::new(move || Generation(counter.fetch_add(1, Ordering::Relaxed))),
    };
    let supervisor = SessionSupervisor::new(SupervisorDoors { max_live, session }).start();
    World {
        supervisor,
        journal,
    }
}

impl World {
    async fn say(&self, chat: i64, text: &str) {
        let prompt = Prompt {
            id: PromptId(text.to_owned()),
            message: MessageId(1),
            text: text.to_owned(),
        };
        let key = SessionKey::of_chat(ChatId(chat));
        let instruction = Instruct::Prompt(prompt);
        self.supervisor
            .send(Deliver { key, instruction })
            .await
            .unwrap();
    }

    /// Lets everything happen that happens within `time`; the clock is paused.
    async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

const SHORT: Duration = Duration::from_millis(50);

#[actix::test]
async fn chats_are_served_side_by_side() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.say(2, "hello").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1), ["agent started"]);
    assert_eq!(world.journal.of_chat(2), ["agent started", "hello"]);
}

#[actix::test]
async fn a_session_that_panics_is_rebuilt_told_and_leaves_the_others_alone() {
    let world = world(2, None);
    world.say(2, "hang").await;
    world.say(1, "panic").await;
    world.pass(Duration::from_secs(1)).await;
    let lines = world.journal.of_chat(1);
    assert_eq!(lines[..2], ["agent started", "agent dropped"]);
    assert!(
        lines[2].contains("restarted this chat's session"),
        "{lines:?}"
    );
    // Its slot is free again: with two slots and one chat hanging it is served.
    world.say(1, "still there?").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1).last().unwrap(), "still there?");
    assert_eq!(world.journal.of_chat(2), ["agent started"]);
}

#[actix::test]
async fn a_session_that_panics_again_and_again_is_parked_and_the_person_told() {
    let world = world(8, None);
    for _ in 0..6 {
        world.say(1, "panic").await;
        world.pass(Duration::from_secs(8)).await;
    }
    world.say(1, "hello").await;
    world.pass(SHORT).await;
    let lines = world.journal.of_chat(1);
    assert!(
        lines.last().unwrap().contains("rests for 10 min"),
        "{lines:?}"
    );
    world
        .pass(crate::session_supervisor::children::PARKING_TIME)
        .await;
    world.say(1, "hello again").await;
    world.pass(SHORT).await;
    assert_eq!(world.journal.of_chat(1).last().unwrap(), "hello again");
}

#[actix::test]
async fn a_chat_beyond_max_live_takes_over_from_an_idle_one() {
    let world = world(1, None);
    world.say(1, "one").await;
    world.pass(SHORT).await;
    world.say(2, "two").await;
    world.pass(SHORT).await;
    assert_eq!(
        world.journal.of_chat(1),
        ["agent started", "one", "agent dropped"]
    );
    let lines = world.journal.of_chat(2);
    assert_eq!(lines.last().unwrap(), "two");
    assert!(lines[0].contains("You are next"), "{lines:?}");
}

#[actix::test]
async fn a_store_that_cannot_be_read_starts_nothing() {
    let world = world(8, Some(1));
    world.say(1, "hello").await;
    world.pass(SHORT).await;
    let lines = world.journal.of_chat(1);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("cannot read its store"), "{lines:?}");
}

#[actix::test]
async fn ending_all_ends_every_agent_and_answers_when_they_are_gone() {
    let world = world(8, None);
    world.say(1, "hang").await;
    world.say(2, "hello").await;
    world.pass(SHORT).await;
    world.supervisor.send(EndAll).await.unwrap();
    for chat in [1, 2] {
        assert!(
            world
                .journal
                .of_chat(chat)
                .contains(&"agent dropped".to_owned())
        );
    }
}

#[actix::test]
async fn ending_all_without_sessions_is_immediate() {
    let world = world(8, None);
    world.supervisor.send(EndAll).await.unwrap();
}
