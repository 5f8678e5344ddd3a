//! What the outbox promises as an actor.

mod kept;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::*;
use crate::clock::Time;
use crate::ids::{ChatId, DraftId, MessageId, PostId, SessionKey, TopicId};
use crate::memory_journal::MemoryJournal;
use crate::outbox::Rank;
use crate::outbox::Rejection;
use crate::outbox::{Body, Button, Delivered, Draft, PostAction, Repeat, Sound};

/// What the edge does with a call.
enum Fate {
    Ok,
    Err(PostError),
    /// The answer never comes.
    Silence,
}

/// A Telegram edge that writes down its calls; without a script everything succeeds.
struct FakeEdge {
    log: Rc<RefCell<Vec<(Time, String)>>>,
    script: VecDeque<Fate>,
}

impl Actor for FakeEdge {
    type Context = Context<Self>;
}

impl Handler<Perform> for FakeEdge {
    type Result = ResponseFuture<Performed>;

    fn handle(&mut self, call: Perform, _: &mut Self::Context) -> Self::Result {
        let line = match call {
            Perform::Send { body, repeat, .. } => format!("send {body:?} {repeat:?}"),
            Perform::Edit { message, body, .. } => format!("edit {} {body:?}", message.0),
            Perform::Sign(_) => "sign".to_owned(),
            Perform::Leave { chat } => format!("leave {chat}"),
        };
        self.log.borrow_mut().push((clock::now(), line));
        let message = Some(MessageId(7));
        match self.script.pop_front().unwrap_or(Fate::Ok) {
            Fate::Ok => Box::pin(async move {
                Ok(Delivered {
                    message,
                    parts: 1,
                    others: Vec::new(),
                })
            }),
            Fate::Err(error) => Box::pin(async move { Err(error) }),
            Fate::Silence => Box::pin(std::future::pending()),
        }
    }
}

/// Whoever keeps track of messages with buttons.
struct Keeper(Rc<RefCell<Vec<Posted>>>);

impl Actor for Keeper {
    type Context = Context<Self>;
}

impl Handler<Posted> for Keeper {
    type Result = ();

    fn handle(&mut self, posted: Posted, _: &mut Self::Context) {
        self.0.borrow_mut().push(posted);
    }
}

/// Whoever keeps track of drafts.
struct DraftKeeper(Rc<RefCell<Vec<DraftRefused>>>);

impl Actor for DraftKeeper {
    type Context = Context<Self>;
}

impl Handler<DraftRefused> for DraftKeeper {
    type Result = ();

    fn handle(&mut self, refused: DraftRefused, _: &mut Self::Context) {
        self.0.borrow_mut().push(refused);
    }
}

struct Bench {
    journal: MemoryJournal,
    told: Rc<RefCell<Vec<Posted>>>,
    refused: Rc<RefCell<Vec<DraftRefused>>>,
    outbox: Addr<Outbox>,
    edge: Addr<FakeEdge>,
    log: Rc<RefCell<Vec<(Time, String)>>>,
    started_at: Time,
}

impl Bench {
    fn new(script: impl IntoIterator<Item = Fate>) -> Self {
        Self::over(&MemoryJournal::default(), script)
    }

    /// Returns an outbox over what an earlier one left in the journal.
    fn over(journal: &MemoryJournal, script: impl IntoIterator<Item = Fate>) -> Self {
        tokio::time::pause();
        Self::start(journal, script)
    }

    /// Returns the outbox that follows one which was killed in the middle of what it did.
    fn after(killed: Self, script: impl IntoIterator<Item = Fate>) -> Self {
        Self::start(&killed.journal, script)
    }

    fn start(journal: &MemoryJournal, script: impl IntoIterator<Item = Fate>) -> Self {
        let log = Rc::new(RefCell::new(Vec::new()));
        let edge = FakeEdge {
            log: Rc::clone(&log),
            script: script.into_iter().collect(),
        }
        .start();
        let told = Rc::default();
        let journal = journal.clone();
        let keeper = Keeper(Rc::clone(&told)).start();
        let refused = Rc::default();
        let draft_keeper = DraftKeeper(Rc::clone(&refused)).start();
        let ports = OutboxPorts {
            edge: edge.clone().recipient(),
            journal: Arc::new(journal.clone()),
            on_posted: vec![keeper.recipient()],
            on_draft_refused: vec![draft_keeper.recipient()],
            on_files_settled: Vec::new(),
            paces: Vec::new(),
            on_paces: Vec::new(),
            language: Language::English,
        };
        let kept = PostJournal::kept(&journal).unwrap();
        Self {
            told,
            refused,
            outbox: Outbox::new(ports, kept).start(),
            journal,
            edge,
            log,
            started_at: clock::now(),
        }
    }

    fn post(&self, id: u64, text: &str) {
        self.post_body(id, Body::Plain(text.to_owned()));
    }

    fn post_body(&self, id: u64, body: Body) {
        self.outbox.try_send(answer_of(id, body)).unwrap();
    }

    async fn flush(&self, seconds: u64) {
        let within = Duration::from_secs(seconds);
        self.outbox.send(Flush { within }).await.unwrap();
    }

    /// Returns the calls with the second in which each was made.
    fn calls(&self) -> Vec<(u64, String)> {
        let log = self.log.borrow();
        log.iter()
            .map(|(at, line)| (at.since(self.started_at).as_secs(), line.clone()))
            .collect()
    }
}

fn answer(id: u64, text: &str) -> Post {
    answer_of(id, Body::Plain(text.to_owned()))
}

fn answer_of(id: u64, body: Body) -> Post {
    let action = PostAction::Send {
        id: PostId(id),
        body,
        reply_to: None,
        sound: Sound::Ring,
    };
    Post {
        key: SessionKey::of_chat(ChatId(1)),
        action,
        rank: Rank::Answer,
    }
}

fn sent(second: u64, text: &str, repeat: Repeat) -> (u64, String) {
    (
        second,
        format!("send {:?} {repeat:?}", Body::Plain(text.to_owned())),
    )
}

#[actix::test]
async fn posts_leave_in_order_at_the_chats_pace_and_a_flush_waits_for_them() {
    let bench = Bench::new([]);
    for id in 0..7 {
        bench.post(id, &id.to_string());
    }
    bench.flush(60).await;
    let expected: Vec<_> = [0, 0, 0, 0, 0, 1, 2]
        .into_iter()
        .zip(0..)
        .map(|(second, id): (u64, u64)| sent(second, &id.to_string(), Repeat::No))
        .collect();
    assert_eq!(bench.calls(), expected);
}

#[actix::test]
async fn an_answer_that_never_comes_counts_as_an_unknown_fate() {
    let bench = Bench::new([Fate::Silence]);
    bench.post(1, "a");
    bench.flush(200).await;
    assert_eq!(
        bench.calls(),
        [
            sent(0, "a", Repeat::No),
            (90, "sign".to_owned()),
            sent(90, "a", Repeat::Possible),
        ]
    );
}

#[actix::test]
async fn a_failed_call_is_repeated_without_anybody_asking() {
    let bench = Bench::new([
        Fate::Err(PostError::NotDelivered("no route".into())),
        Fate::Err(PostError::RetryAfter {
            after: Duration::from_secs(30),
        }),
    ]);
    bench.post(1, "a");
    bench.flush(60).await;
    assert_eq!(
        bench.calls(),
        [
            sent(0, "a", Repeat::No),
            sent(0, "a", Repeat::No),
            sent(30, "a", Repeat::No),
        ]
    );
}

#[derive(Message)]
#[rtype(result = "()")]
struct StopEdge;

impl Handler<StopEdge> for FakeEdge {
    type Result = ();

    fn handle(&mut self, _: StopEdge, ctx: &mut Self::Context) {
        ctx.stop();
    }
}

#[actix::test]
async fn a_flush_gives_up_in_time_when_the_edge_is_gone() {
    let bench = Bench::new([]);
    bench.edge.send(StopEdge).await.unwrap();
    tokio::task::yield_now().await;
    bench.post(1, "a");
    bench.flush(20).await;
    assert_eq!(clock::now().since(bench.started_at).as_secs(), 20);
    assert!(bench.outbox.connected());
    assert_eq!(bench.calls(), []);
}

#[actix::test]
async fn a_flush_of_an_empty_outbox_is_answered_at_once() {
    let bench = Bench::new([]);
    bench.flush(60).await;
    assert_eq!(clock::now(), bench.started_at);
}

#[actix::test]
async fn the_keeper_is_told_of_a_message_with_buttons() {
    let bench = Bench::new([]);
    let button = Button {
        label: "Yes".to_owned(),
        data: "y".to_owned(),
    };
    let (text, rows) = ("asks".to_owned(), vec![vec![button]]);
    bench.post(1, "words");
    bench.post_body(2, Body::Choice { text, rows });
    bench.flush(60).await;
    tokio::task::yield_now().await;
    let posted = Posted {
        id: PostId(2),
        key: SessionKey::of_chat(ChatId(1)),
        message: MessageId(7),
    };
    assert_eq!(*bench.told.borrow(), [posted]);
}

#[actix::test]
async fn the_keeper_is_told_of_a_draft_that_telegram_will_not_show() {
    let no = PostError::Rejected(Rejection::Telegram("method not found".into()));
    let bench = Bench::new([Fate::Err(no)]);
    let (key, id) = (SessionKey::of_chat(ChatId(1)), DraftId(9));
    let draft = Draft {
        key,
        id,
        markdown: "so f".to_owned(),
        status: String::new(),
    };
    bench.outbox.send(Sign::Draft(draft)).await.unwrap();
    bench.flush(60).await;
    bench.post(1, "so far");
    bench.flush(60).await;
    tokio::task::yield_now().await;
    assert_eq!(*bench.refused.borrow(), [DraftRefused { key, id }]);
    let expected = [(0, "sign".to_owned()), sent(0, "so far", Repeat::No)];
    assert_eq!(bench.calls(), expected);
}
