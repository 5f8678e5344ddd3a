//! What a session is sent, and when reading waits for it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Condvar, Mutex};

use actix::prelude::*;
use bridge_texts::Say;
use tokio::io::{AsyncWriteExt, duplex};
use tokio::sync::{Semaphore, oneshot};
use tokio::task;

use super::*;

const LINE: &[u8] = b"{\"type\":\"keep_alive\"}\n";

#[actix::test]
async fn what_one_read_brings_is_one_report() {
    let session = Session::taking(Semaphore::MAX_PERMITS);
    let (_over, is_over) = watch::channel(false);
    let (replies, _written) = mpsc::channel(1);
    read_output(
        &LINE.repeat(11)[..],
        is_over,
        replies,
        session.reports(),
        Translator::default(),
    )
    .await;
    assert_eq!(*session.taken.borrow(), [11]);
}

#[actix::test]
async fn a_session_that_takes_nothing_stops_the_reading_after_two_reads_and_loses_nothing() {
    let session = Session::taking(0);
    let (mut agent, stdout) = duplex(LINE.len());
    let (_over, is_over) = watch::channel(false);
    let (replies, _written) = mpsc::channel(1);
    let reading = actix::spawn(read_output(
        stdout,
        is_over,
        replies,
        session.reports(),
        Translator::default(),
    ));
    let (told_written, mut is_written) = oneshot::channel();
    let writing = actix::spawn(async move {
        // One is with the session, one is read and waits, one fills the pipe.
        for _ in 0..3 {
            agent.write_all(LINE).await.unwrap();
        }
        told_written.send(()).unwrap();
        agent.write_all(LINE).await.unwrap();
    });
    for _ in 0..100 {
        task::yield_now().await;
    }
    assert_eq!(is_written.try_recv(), Ok(()));
    assert!(!writing.is_finished(), "a fourth line found room");
    assert_eq!(*session.taken.borrow(), [0; 0]);
    session.permits.add_permits(9);
    writing.await.unwrap();
    reading.await.unwrap();
    assert_eq!(session.taken.borrow().iter().sum::<usize>(), 4);
}

#[actix::test]
async fn what_stands_before_the_protocol_says_why_an_agent_does_not_start() {
    let refused = b"Please update first.\nThen try again.\n".to_vec();
    assert_eq!(
        before_the_protocol(&refused).await,
        "Please update first.\nThen try again."
    );
    assert_eq!(before_the_protocol(&[&refused, LINE].concat()).await, "");
    assert_eq!(before_the_protocol(&[LINE, &refused].concat()).await, "");
}

async fn before_the_protocol(stdout: &[u8]) -> String {
    let session = Session::taking(Semaphore::MAX_PERMITS);
    let (_over, is_over) = watch::channel(false);
    let (replies, _written) = mpsc::channel(1);
    let translator = Translator::default();
    read_output(stdout, is_over, replies, session.reports(), translator).await
}

/// What is to be left alone while a folder hangs, in the folder that hangs.
const ASKED: &str = r#"{"type":"control_request","request_id":"1","request":{"subtype":"can_use_tool","tool_name":"Read","input":{"file_path":"/hung/x"},"tool_use_id":"t","permission_suggestions":[{"type":"addRules","rules":[{"toolName":"Read","ruleContent":"//hung/**"}],"behavior":"allow","destination":"session"}]}}"#;

/// A folder that hangs until it is told to answer, or until a test has failed.
struct Hung(Mutex<bool>, Condvar);

impl Hung {
    const fn new() -> Self {
        Self(Mutex::new(false), Condvar::new())
    }

    fn follow(&self, path: &Path) -> PathBuf {
        let (answers, limit) = (self.0.lock().unwrap(), Duration::from_secs(20));
        let waited = self
            .1
            .wait_timeout_while(answers, limit, |answers| !*answers);
        drop(waited.unwrap());
        path.to_owned()
    }

    fn answer(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }
}

#[actix::test]
async fn a_rule_that_names_a_folder_which_hangs_holds_its_own_agent_alone() {
    static HUNG: Hung = Hung::new();
    let session = Session::taking(Semaphore::MAX_PERMITS);
    let (_over, is_over) = watch::channel(false);
    let (replies, _written) = mpsc::channel(1);
    let translator =
        Translator::in_folder(Path::new("/hung"), |path| HUNG.follow(path), Say::default());
    let lines = format!("{ASKED}\n").into_bytes();
    let reading = actix::spawn(async move {
        let reports = session.reports();
        read_output(&lines[..], is_over, replies, reports, translator).await;
        session
    });
    // What other agents do on this thread meanwhile.
    for _ in 0..100 {
        task::yield_now().await;
    }
    assert!(!reading.is_finished(), "the folder was not asked");
    HUNG.answer();
    let session = reading.await.unwrap();
    assert_eq!(*session.taken.borrow(), [1]);
}

#[actix::test]
async fn an_agent_whose_folder_hangs_can_end() {
    static HUNG: Hung = Hung::new();
    let session = Session::taking(Semaphore::MAX_PERMITS);
    let (over, is_over) = watch::channel(false);
    let (replies, _written) = mpsc::channel(1);
    let translator =
        Translator::in_folder(Path::new("/hung"), |path| HUNG.follow(path), Say::default());
    let lines = format!("{ASKED}\n").into_bytes();
    let reports = session.reports();
    let reading = actix::spawn(async move {
        read_output(&lines[..], is_over, replies, reports, translator).await;
    });
    for _ in 0..100 {
        task::yield_now().await;
    }
    over.send_replace(true);
    reading.await.unwrap();
    assert_eq!(*session.taken.borrow(), [0; 0]);
    // The runtime of the test waits for it.
    HUNG.answer();
}

/// Takes as many reports as it is permitted to, and notes how many events each had.
struct Session {
    permits: Rc<Semaphore>,
    taken: Rc<RefCell<Vec<usize>>>,
    recipient: Recipient<AgentReport>,
}

impl Session {
    fn taking(n_reports: usize) -> Self {
        let permits = Rc::new(Semaphore::new(n_reports));
        let taken = Rc::new(RefCell::default());
        let actor = Taker {
            permits: permits.clone(),
            taken: Rc::clone(&taken),
        };
        Self {
            permits,
            taken,
            recipient: actor.start().recipient(),
        }
    }

    fn reports(&self) -> Reports {
        Reports {
            generation: Generation(1),
            recipient: self.recipient.clone(),
        }
    }
}

struct Taker {
    permits: Rc<Semaphore>,
    taken: Rc<RefCell<Vec<usize>>>,
}

impl Actor for Taker {
    type Context = Context<Self>;
}

impl Handler<AgentReport> for Taker {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, report: AgentReport, _ctx: &mut Self::Context) -> Self::Result {
        let (permits, taken) = (Rc::clone(&self.permits), Rc::clone(&self.taken));
        AtomicResponse::new(Box::pin(
            async move {
                permits.acquire().await.unwrap().forget();
                taken.borrow_mut().push(report.events.len());
            }
            .into_actor(self),
        ))
    }
}
