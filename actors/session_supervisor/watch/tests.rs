//! Tests of the watch: every way a child can end.

use std::cell::RefCell;
use std::rc::Rc;

use super::*;
use crate::session_supervisor::restart_limit::SESSION_RESTARTS;

/// Counts what it is told and breaks where it is told to.
struct Child {
    log: Rc<RefCell<Vec<String>>>,
    count: u32,
}

#[derive(Message)]
#[rtype(result = "()")]
enum Tell {
    Count,
    PanicInHandler,
    PanicInFuture,
    PanicInWait,
    Stop,
}

impl Actor for Child {
    type Context = Context<Self>;

    fn started(&mut self, _ctx: &mut Self::Context) {
        self.log.borrow_mut().push("started".to_owned());
    }
}

impl Supervised for Child {
    fn restarting(&mut self, _ctx: &mut Self::Context) {
        *self = Child {
            log: self.log.clone(),
            count: 0,
        };
    }
}

impl Handler<Tell> for Child {
    type Result = ();

    fn handle(&mut self, tell: Tell, ctx: &mut Self::Context) {
        match tell {
            Tell::Count => {
                self.count += 1;
                self.log.borrow_mut().push(format!("count {}", self.count));
            }
            Tell::PanicInHandler => panic!("told to, in a handler"),
            Tell::PanicInFuture => {
                ctx.spawn(async { panic!("told to, in a future") }.into_actor(self));
            }
            Tell::PanicInWait => {
                ctx.wait(async { panic!("told to, in a wait") }.into_actor(self));
            }
            Tell::Stop => ctx.stop(),
        }
    }
}

fn start() -> (Addr<Child>, Rc<RefCell<Vec<String>>>) {
    let log = Rc::new(RefCell::new(Vec::new()));
    let fates = log.clone();
    let child = Child {
        log: log.clone(),
        count: 0,
    };
    let address = start_watched(child, 64, SESSION_RESTARTS, move |fate| {
        let fate = match fate {
            Fate::Rebuilt { pause: _ } => "rebuilt",
            Fate::GaveUp => "gave up",
            Fate::Ended => "ended",
        };
        fates.borrow_mut().push(fate.to_owned());
    });
    (address, log)
}

async fn check(tells: Vec<Tell>, expected: &[&str]) {
    tokio::time::pause();
    let (address, log) = start();
    for tell in tells {
        address.try_send(tell).unwrap();
    }
    // Paused time runs on when everybody waits: this is after every pause.
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(*log.borrow(), expected);
}

#[actix::test]
async fn a_panic_in_a_handler_costs_its_message_and_nothing_else() {
    let tells = vec![Tell::Count, Tell::PanicInHandler, Tell::Count, Tell::Count];
    check(
        tells,
        &[
            "started", "count 1", "rebuilt", "started", "count 1", "count 2",
        ],
    )
    .await;
}

#[actix::test]
async fn a_panic_in_a_spawned_future_is_noticed() {
    check(
        vec![Tell::PanicInFuture],
        &["started", "rebuilt", "started"],
    )
    .await;
}

#[actix::test]
async fn a_panic_in_an_awaited_future_is_noticed_and_the_queue_survives() {
    let tells = vec![Tell::PanicInWait, Tell::Count];
    check(tells, &["started", "rebuilt", "started", "count 1"]).await;
}

#[actix::test]
async fn a_child_that_stops_has_ended() {
    check(
        vec![Tell::Count, Tell::Stop],
        &["started", "count 1", "ended"],
    )
    .await;
}

#[actix::test]
async fn a_child_that_fails_too_often_is_given_up() {
    tokio::time::pause();
    let (address, log) = start();
    for _ in 0..6 {
        address.try_send(Tell::PanicInHandler).unwrap();
    }
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(
        log.borrow()
            .iter()
            .filter(|line| *line == "rebuilt")
            .count(),
        5
    );
    assert_eq!(log.borrow().last().unwrap(), "gave up");
    assert!(!address.connected());
}
