//! What the router promises as an actor.

mod disk;
mod lockdown;
mod names;
mod open;
mod places;
mod reload;
mod secrets;
mod sweep;

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use bridge_texts::Language;

use super::*;
use crate::chat_settings::AgentSettings;
use crate::clock;
use crate::ids::{CallbackId, ChatId, PromptId, UpdateId, UserId};
use crate::memory_journal::MemoryJournal;
use crate::outbox::{Heard, PostIds};
use crate::ports::StoreError;
use crate::router::{Addressed, ChatKind, InboundContent, Person, Pointing, Sender};
use crate::router::{RegistryHandle, SetMenu, SupervisorHandle};
use crate::session::policy::Policy;
use crate::session::settings::{Folders, SettingsBook};
use crate::session::{Memory, Prompt, Revoke};
use crate::session_supervisor::{EndChat, LockDown, MoveChat, Reconfigure, ResumeSession, Unlock};
use crate::user_registry::{
    Access, AccessRules, GroupNews, Initiator, MayGoOn, Notice, Refusal, Request, Role, SetRules,
};

type Log = Arc<Mutex<Vec<String>>>;

/// The registry, the supervisor and the outbox in one: writes down what it gets.
#[derive(Default)]
struct World {
    log: Log,
    /// How long the registry takes over its next answers; `None` is for ever.
    registry_delays: VecDeque<Option<Duration>>,
    /// The disk on which its next rulings rest.
    rests_on: Option<oneshot::Receiver<Result<(), StoreError>>>,
    supervisor: Supervisor,
}

#[derive(Clone, Copy, Default)]
enum Supervisor {
    #[default]
    Works,
    Hangs,
}

impl Supervisor {
    fn answer(self) -> ResponseFuture<()> {
        match self {
            Self::Works => Box::pin(std::future::ready(())),
            Self::Hangs => Box::pin(std::future::pending()),
        }
    }
}

impl Actor for World {
    type Context = Context<Self>;
}

impl Handler<Authorise> for World {
    type Result = ResponseFuture<OnceSynced<Vec<Ruling>>>;

    fn handle(&mut self, Authorise(arrivals): Authorise, _: &mut Self::Context) -> Self::Result {
        self.log
            .lock()
            .unwrap()
            .push(format!("ask about {}", arrivals.len()));
        let delay = self
            .registry_delays
            .pop_front()
            .unwrap_or(Some(Duration::ZERO));
        let rulings = (arrivals.iter())
            .map(|arrival| {
                let mut ruling = Ruling::of(match arrival.chat.0 {
                    1 => Access::Granted(Role::User),
                    4 => Access::Unrecorded(Role::User),
                    5 => Access::Refused(Some(Refusal::Barred)),
                    _ => Access::Refused(None),
                });
                if let Request::Moved { from, to } = arrival.request {
                    ruling.orders = vec![Order::MoveGroup { from, to }];
                }
                if arrival.request == Request::LockDown {
                    let said = Order::Answer(Notice::LockedDown);
                    ruling = settled(vec![Order::LockDown, said]);
                }
                if arrival.request == Request::Unlock {
                    let said = Order::Answer(Notice::Unlocked);
                    ruling = settled(vec![Order::Unlock, said]);
                }
                ruling
            })
            .collect();
        let rests_on = self.rests_on.take();
        Box::pin(async move {
            match delay {
                Some(delay) => tokio::time::sleep(delay).await,
                None => std::future::pending().await,
            }
            match rests_on {
                Some(synced) => OnceSynced::after(synced, rulings),
                None => OnceSynced::at_once(rulings),
            }
        })
    }
}

fn settled(orders: Vec<Order>) -> Ruling {
    Ruling {
        access: Access::Settled,
        orders,
    }
}

impl Handler<Deliver> for World {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, deliver: Deliver, _: &mut Self::Context) -> Self::Result {
        #[expect(clippy::wildcard_enum_match_arm, reason = "what no test sends fails")]
        let line = match deliver.instruction {
            Instruct::Prompt(Prompt { text, .. }) => format!("prompt {text}"),
            other => panic!("no test sends this: {other:?}"),
        };
        self.log.lock().unwrap().push(line);
        self.supervisor.answer()
    }
}

impl Handler<Heard> for World {
    type Result = ();

    fn handle(&mut self, Heard(key): Heard, _: &mut Self::Context) {
        assert!(matches!(key.chat.0, 1 | 4), "only who may come in is heard");
    }
}

impl Handler<Post> for World {
    type Result = ();

    fn handle(&mut self, post: Post, _: &mut Self::Context) {
        let PostAction::Send {
            body: Body::Plain(text),
            id,
            ..
        } = post.action
        else {
            panic!("the router sends plain text");
        };
        let start: String = text.chars().take(20).collect();
        let line = format!("post {} to {}: {start}", id.0, post.key);
        self.log.lock().unwrap().push(line);
    }
}

impl Handler<Sign> for World {
    type Result = ();

    fn handle(&mut self, sign: Sign, _: &mut Self::Context) {
        self.log.lock().unwrap().push(format!("{sign:?}"));
    }
}

impl Handler<Due> for World {
    type Result = MessageResult<Due>;

    fn handle(&mut self, Due: Due, _: &mut Self::Context) -> Self::Result {
        self.log.lock().unwrap().push("what is due?".into());
        MessageResult(OnceSynced::at_once(vec![
            Order::TellGroup(ChatId(-5), GroupNews::Leaving),
            Order::EndGroup(ChatId(-5)),
        ]))
    }
}

impl Handler<SetRules> for World {
    type Result = Result<Vec<Order>, RulesRefused>;

    fn handle(&mut self, order: SetRules, _: &mut Self::Context) -> Self::Result {
        let number = order.messages_per_minute;
        self.log.lock().unwrap().push(format!("rules {number}"));
        match number {
            0 => Err(RulesRefused::NoAdmin),
            _ => Ok(vec![Order::Revoke(Revoke {
                user: UserId(7),
                memory: Memory::Kept,
            })]),
        }
    }
}

/// Writes these messages down as they are.
macro_rules! write_down {
    ($($message:ident),*) => {
        $(impl Handler<$message> for World {
            type Result = ();

            fn handle(&mut self, message: $message, _: &mut Self::Context) {
                self.log.lock().unwrap().push(format!("{message:?}"));
            }
        })*
    };
}

write_down!(
    Revoke,
    MoveChat,
    EndChat,
    SetMenu,
    ResumeSession,
    LockDown,
    Erase
);

impl Handler<MayGoOn> for World {
    type Result = Result<Vec<Option<Role>>, StoreError>;

    fn handle(&mut self, MayGoOn(initiators): MayGoOn, _: &mut Self::Context) -> Self::Result {
        if initiators.iter().any(|initiator| initiator.chat.0 == 13) {
            return Err(StoreError("disk on fire".into()));
        }
        let may = |initiator: &Initiator| (initiator.chat.0 != 3).then_some(Role::User);
        Ok(initiators.iter().map(may).collect())
    }
}

impl Handler<Reconfigure> for World {
    type Result = ();

    fn handle(&mut self, news: Reconfigure, _: &mut Self::Context) {
        let line = format!("settings {}", news.max_live);
        self.log.lock().unwrap().push(line);
    }
}

fn start(
    registry_delays: impl IntoIterator<Item = Option<Duration>>,
    supervisor: Supervisor,
) -> (Addr<Router>, Log) {
    start_with(registry_delays, supervisor, &MemoryJournal::default())
}

fn start_with(
    registry_delays: impl IntoIterator<Item = Option<Duration>>,
    supervisor: Supervisor,
    journal: &MemoryJournal,
) -> (Addr<Router>, Log) {
    let world = World {
        registry_delays: registry_delays.into_iter().collect(),
        supervisor,
        ..World::default()
    };
    start_over(world, journal)
}

fn start_over(world: World, journal: &MemoryJournal) -> (Addr<Router>, Log) {
    tokio::time::pause();
    let log = Arc::clone(&world.log);
    let world = world.start();
    let router = Router::new(RouterPorts {
        registry: RegistryHandle::of(&world),
        sessions: SupervisorHandle::of(&world),
        outbox: world.clone().recipient(),
        heard: world.clone().recipient(),
        signs: world.clone().recipient(),
        menus: world.clone().recipient(),
        eraser: world.recipient(),
        journal: Arc::new(journal.clone()),
        post_ids: PostIds::default(),
        language: Language::English,
    });
    (router.start(), log)
}

fn inbound(chat: i64, content: InboundContent) -> Inbound {
    Inbound {
        update: UpdateId(1),
        key: SessionKey::of_chat(ChatId(chat)),
        chat_kind: ChatKind::Private,
        sender: Sender::Person(Person {
            user: UserId(chat),
            username: None,
            first_name: "Ada".into(),
            language: None,
        }),
        addressed: Addressed::ToUs,
        content,
    }
}

fn text(chat: i64, text: &str) -> Inbound {
    let content = InboundContent::Text {
        message: MessageId(40),
        prompt: PromptId(text.into()),
        text: text.into(),
        markdown: text.into(),
        context: String::new(),
        goes_on: None,
        pointing: Pointing::None,
        reply_to: None,
        files: Vec::new(),
    };
    inbound(chat, content)
}

#[actix::test]
async fn one_question_covers_a_batch_and_all_leaves_in_order() {
    let (router, log) = start([], Supervisor::Works);
    let press = InboundContent::Button {
        callback: CallbackId("c".into()),
        message: None,
        data: String::new(),
        prompt: PromptId("press".into()),
    };
    let batch = vec![
        text(1, "a"),
        text(2, "stranger"),
        text(1, "/help"),
        text(1, "b"),
        inbound(1, press),
    ];
    router.send(RouteBatch(batch)).await.unwrap();
    tokio::task::yield_now().await;
    let press = Sign::AnswerCallback {
        callback: CallbackId("c".into()),
        text: Some("This button no longer works.".into()),
    };
    assert_eq!(
        *log.lock().unwrap(),
        [
            "ask about 5",
            "prompt a",
            "post 0 to 1: Write what you want ",
            "prompt b",
            &format!("{press:?}"),
        ]
    );
}

#[actix::test]
async fn overlapping_batches_keep_their_order_however_long_the_first_takes() {
    let slow = Some(Duration::from_secs(5));
    let (router, log) = start([slow, slow], Supervisor::Works);
    let batches = ["a", "b", "c", "d"].map(|word| router.send(RouteBatch(vec![text(1, word)])));
    for routed in futures_util::future::join_all(batches).await {
        routed.unwrap();
    }
    let log = log.lock().unwrap();
    let prompts: Vec<&String> = log.iter().filter(|line| line.contains("prompt")).collect();
    assert_eq!(prompts, ["prompt a", "prompt b", "prompt c", "prompt d"]);
}

#[actix::test]
async fn no_answer_of_the_registry_is_a_no() {
    let (router, log) = start([None], Supervisor::Works);
    let started_at = clock::now();
    router.send(RouteBatch(vec![text(1, "a")])).await.unwrap();
    let waited = clock::now().since(started_at);
    assert_eq!(waited.as_secs(), DOOR_DEADLINE.as_secs());
    assert_eq!(
        *log.lock().unwrap(),
        ["ask about 1", "post 0 to 1: I cannot check who m"]
    );
}

#[actix::test]
async fn a_hanging_supervisor_is_told_and_does_not_stop_the_batch() {
    let (router, log) = start([], Supervisor::Hangs);
    let batch = vec![text(1, "a"), text(1, "/help")];
    router.send(RouteBatch(batch)).await.unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [
            "ask about 2",
            "prompt a",
            "post 0 to 1: ⚠ A fault inside the",
            "post 1 to 1: Write what you want ",
        ]
    );
}

#[actix::test]
async fn an_empty_batch_asks_nobody() {
    let (router, log) = start([], Supervisor::Works);
    router.send(RouteBatch(Vec::new())).await.unwrap();
    assert!(log.lock().unwrap().is_empty());
}
