//! What leaves the router when the bridge is locked down and unlocked.

use super::open::open;
use super::*;
use crate::ports::Stage;

impl Handler<Unlock> for World {
    type Result = ResponseFuture<bool>;

    fn handle(&mut self, unlock: Unlock, _: &mut Self::Context) -> Self::Result {
        self.log.lock().unwrap().push(format!("{unlock:?}"));
        let answer = self.supervisor.answer();
        Box::pin(async move {
            answer.await;
            true
        })
    }
}

#[actix::test]
async fn the_last_word_of_a_batch_decides_whether_agents_run() {
    let (router, log) = start([], Supervisor::Works);
    let (unlock, lock) = ("/unlock", "/lockdown");
    for (batch, last) in [
        (vec![unlock, lock], "LockDown"),
        (vec![lock, unlock, lock], "LockDown"),
        (vec![lock, unlock], "Unlock"),
    ] {
        log.lock().unwrap().clear();
        let batch = batch.into_iter().map(|word| text(1, word)).collect();
        router.send(RouteBatch(batch)).await.unwrap();
        let log = log.lock().unwrap();
        let mut words = log.iter().rev();
        let word = words.find(|line| ["LockDown", "Unlock"].contains(&line.as_str()));
        assert_eq!(word.map(String::as_str), Some(last), "{log:?}");
    }
}

#[actix::test]
async fn an_unlock_is_confirmed_when_what_was_open_goes_on() {
    let journal = MemoryJournal::default();
    let (key, waiting) = open(1, "a", Stage::Accepted);
    journal.leave_open(key, waiting);
    let (router, log) = start_with([], Supervisor::Works, &journal);
    let unlock = RouteBatch(vec![text(1, "/unlock")]);
    router.send(unlock).await.unwrap();
    let resumed = ResumeSession {
        key,
        from: TakeOver::Lockdown,
    };
    let log = log.lock().unwrap();
    assert_eq!(log[..3], ["ask about 1", "Unlock", &format!("{resumed:?}")]);
    assert!(log[3].contains("🔓 Unlocked"), "{log:?}");
}

#[actix::test]
async fn an_unlock_after_which_nobody_knows_whose_work_goes_on_says_that_nothing_runs() {
    let journal = MemoryJournal::default();
    let (key, waiting) = open(13, "a", Stage::Accepted);
    journal.leave_open(key, waiting);
    let (router, log) = start_with([], Supervisor::Works, &journal);
    let unlock = RouteBatch(vec![text(1, "/unlock")]);
    router.send(unlock).await.unwrap();
    let log = log.lock().unwrap();
    assert_eq!(log[..3], ["ask about 1", "Unlock", "LockDown"]);
    assert!(log[3].contains("⚠"), "{log:?}");
    assert_eq!(log.len(), 4, "nobody is told that it is done: {log:?}");
}

#[actix::test]
async fn an_unlock_that_the_sessions_do_not_answer_says_so() {
    let (router, log) = start([], Supervisor::Hangs);
    let unlock = RouteBatch(vec![text(1, "/unlock")]);
    router.send(unlock).await.unwrap();
    let log = log.lock().unwrap();
    assert_eq!(log[..2], ["ask about 1", "Unlock"]);
    assert!(log[2].contains("⚠"), "{log:?}");
    assert_eq!(log.len(), 3, "nobody is told that it is done: {log:?}");
}
