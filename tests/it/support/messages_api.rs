//! A mock of the Messages API on the loopback: answers as the prompt says, remembers what it got.
//!
//! A prompt is a list of steps, separated by newlines or ` ;; `; the k-th model call after the
//! prompt performs the k-th step, and the call after the last one says `done: ` and the last tool
//! result. The steps are documented at [`script::Step`]. What a test teaches with
//! [`MessagesApi::teach`] comes first, so that prompts can read as people write them.

mod answer;
mod reading;
mod script;
mod server;
mod tests;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

pub(crate) use reading::{Request, RequestKind};
pub(crate) use script::Reply;

use script::Lesson;

/// The running mock; it stops and hangs up on everybody when dropped.
pub(crate) struct MessagesApi {
    address: SocketAddr,
    record: Arc<Record>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What was asked, in the order of arrival, and what was taught.
#[derive(Default)]
struct Record {
    lessons: Mutex<Vec<Lesson>>,
    requests: Mutex<Vec<Request>>,
    arrived: Condvar,
}

impl MessagesApi {
    /// Starts a mock on a free port of the loopback.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let record = Arc::new(Record::default());
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn({
            let record = Arc::clone(&record);
            move || server::serve_until(stopped, listener, record)
        });
        Self {
            address,
            record,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Returns the value for `ANTHROPIC_BASE_URL`.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Teaches what to say and do about a prompt that contains `phrase`: one reply a model call.
    pub(crate) fn teach(&self, phrase: &str, replies: impl IntoIterator<Item = Reply>) {
        self.record.lessons.lock().unwrap().push(Lesson {
            phrase: phrase.to_owned(),
            replies: replies.into_iter().collect(),
        });
    }

    /// Returns every request so far, side requests too.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.record.lock().clone()
    }

    /// Returns the prompts of the conversation's own model calls so far, one for each call.
    pub(crate) fn prompts(&self) -> Vec<String> {
        main_requests(&self.record.lock())
            .map(|request| request.prompt.clone())
            .collect()
    }

    /// Waits until the conversation has made `n` model calls and returns them all.
    ///
    /// Panics after `limit`, listing what was asked so far.
    #[track_caller]
    pub(crate) fn wait_for(&self, n: usize, limit: Duration) -> Vec<Request> {
        let deadline = Instant::now() + limit;
        let mut requests = self.record.lock();
        while main_requests(&requests).count() < n {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{n} model calls were expected within {limit:?}, seen: {requests:#?}"
            );
            (requests, _) = self.record.arrived.wait_timeout(requests, left).unwrap();
        }
        main_requests(&requests).cloned().collect()
    }
}

impl Drop for MessagesApi {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been printed already.
            thread.join().ok();
        }
    }
}

impl Record {
    fn lock(&self) -> MutexGuard<'_, Vec<Request>> {
        self.requests.lock().unwrap()
    }

    fn add(&self, request: Request) {
        self.lock().push(request);
        self.arrived.notify_all();
    }
}

fn main_requests(requests: &[Request]) -> impl Iterator<Item = &Request> {
    requests
        .iter()
        .filter(|request| request.kind == RequestKind::Main)
}
