//! What the thread promises, tried without a disk.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::*;

/// A disk that writes down what is asked of it, and does it only when it is let.
struct FakeDisk {
    calls: Arc<Mutex<Vec<&'static str>>>,
    /// One word per sync: what happens to it.
    fates: Receiver<Fate>,
}

enum Fate {
    Works(u64),
    Fails,
    Panics,
}

impl Disk for FakeDisk {
    fn sync(&mut self) -> Result<u64, String> {
        self.calls.lock().unwrap().push("sync");
        match self.fates.recv().expect("the test says what happens") {
            Fate::Works(write) => Ok(write),
            Fate::Fails => Err("device gone".to_owned()),
            Fate::Panics => panic!("the disk fell over"),
        }
    }

    fn rest(&mut self) -> Result<(), String> {
        self.calls.lock().unwrap().push("rest");
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<u64, String> {
        self.calls.lock().unwrap().push("checkpoint");
        Ok(0)
    }

    fn close(&mut self) -> Result<(), String> {
        self.calls.lock().unwrap().push("close");
        Ok(())
    }
}

struct Bench {
    keeper: Keeper,
    syncing: Arc<Syncing>,
    fates: Sender<Fate>,
    calls: Arc<Mutex<Vec<&'static str>>>,
    fatal: Receiver<String>,
}

fn bench() -> Bench {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (fates, of_disk) = channel();
    let (report, fatal) = channel();
    let disk = FakeDisk {
        calls: Arc::clone(&calls),
        fates: of_disk,
    };
    let on_fatal = Box::new(move |reason| report.send(reason).unwrap());
    let syncing = Arc::new(Syncing::new(0, on_fatal));
    Bench {
        keeper: Keeper::start(disk, Arc::clone(&syncing)).unwrap(),
        syncing,
        fates,
        calls,
        fatal,
    }
}

impl Bench {
    /// Lets a sync work and waits for its end: the thread is outside of the clock of a test.
    fn finish(&self, write: u64) {
        self.fates.send(Fate::Works(write)).unwrap();
        while self.syncing.synced() < write {
            thread::yield_now();
        }
    }
}

#[test]
fn who_waits_waits_for_a_sync_that_began_after_the_write() {
    let bench = bench();
    // The first sync covers an earlier write alone.
    bench.fates.send(Fate::Works(4)).unwrap();
    bench.fates.send(Fate::Works(7)).unwrap();
    bench.syncing.block_for(5).unwrap();
    assert_eq!(bench.syncing.synced(), 7);
    drop(bench.keeper);
    let calls = bench.calls.lock().unwrap();
    assert_eq!(*calls, ["sync", "rest", "sync", "rest", "close"]);
}

#[test]
fn what_is_on_disk_is_not_synced_again_and_nobody_syncs_for_nobody() {
    let bench = bench();
    bench.fates.send(Fate::Works(7)).unwrap();
    bench.syncing.block_for(7).unwrap();
    bench.syncing.block_for(3).unwrap();
    drop(bench.keeper);
    assert_eq!(*bench.calls.lock().unwrap(), ["sync", "rest", "close"]);
    let idle = self::bench();
    drop(idle.keeper);
    assert_eq!(*idle.calls.lock().unwrap(), ["close"]);
}

#[actix::test]
async fn all_that_is_ready_to_write_shares_one_sync() {
    let bench = bench();
    let wait = |write| Arc::clone(&bench.syncing).wait_for(write);
    // The fate is there before anybody asks: the sync takes no time.
    bench.fates.send(Fate::Works(32)).unwrap();
    let waits = (1..=32).map(wait);
    let words = futures_util::future::join_all(waits).await;
    assert!(words.iter().all(Result::is_ok));
    assert_eq!(bench.syncing.n_done(), 1);
}

#[test]
fn a_failed_sync_is_told_to_whoever_waits_and_once_to_the_process() {
    let cases = [
        (Fate::Fails, "device gone"),
        (Fate::Panics, "the store panicked: the disk fell over"),
    ];
    for (fate, reason) in cases {
        let bench = bench();
        bench.fates.send(fate).unwrap();
        assert_eq!(bench.syncing.block_for(1), Err(reason.to_owned()));
        assert_eq!(bench.syncing.check(), Err(reason.to_owned()));
        assert_eq!(bench.syncing.block_for(2), Err(reason.to_owned()));
        drop((bench.keeper, bench.syncing));
        assert_eq!(bench.fatal.iter().collect::<Vec<_>>(), [reason]);
    }
}

#[test]
fn the_last_handle_may_go_while_the_failure_is_told() {
    let (hand_over, handed) = channel::<Keeper>();
    let (report, done) = channel();
    let (fates, of_disk) = channel();
    let disk = FakeDisk {
        calls: Arc::default(),
        fates: of_disk,
    };
    let on_fatal = move |_| {
        drop(handed.recv().unwrap());
        report.send(()).unwrap();
    };
    let syncing = Arc::new(Syncing::new(0, Box::new(on_fatal)));
    let keeper = Keeper::start(disk, Arc::clone(&syncing)).unwrap();
    hand_over.send(keeper).unwrap();
    fates.send(Fate::Fails).unwrap();
    syncing.block_for(1).unwrap_err();
    done.recv_timeout(Duration::from_secs(10)).unwrap();
}

/// A disk of a laptop that wakes up: the wait is long, and it ends well.
#[tokio::test(start_paused = true)]
async fn a_disk_that_stands_still_for_fifteen_seconds_is_waited_for_and_nobody_is_told_otherwise() {
    let bench = bench();
    let wait = tokio::spawn(Arc::clone(&bench.syncing).wait_for(1));
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert!(!wait.is_finished());
    bench.finish(1);
    assert_eq!(wait.await.unwrap(), Ok(()));
    drop((bench.keeper, bench.syncing));
    assert_eq!(bench.fatal.iter().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_takes_200_milliseconds_a_sync_is_a_disk_like_any_other() {
    let bench = bench();
    for write in 1..=5 {
        let wait = tokio::spawn(Arc::clone(&bench.syncing).wait_for(write));
        tokio::time::sleep(Duration::from_millis(200)).await;
        bench.finish(write);
        assert_eq!(wait.await.unwrap(), Ok(()));
    }
    drop((bench.keeper, bench.syncing));
    assert_eq!(bench.fatal.iter().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_goes_on_is_waited_for_however_long_the_queue_is() {
    let bench = bench();
    let wait = tokio::spawn(Arc::clone(&bench.syncing).wait_for(10));
    for write in 1..=10 {
        tokio::time::sleep(Duration::from_secs(45)).await;
        assert!(!wait.is_finished());
        bench.finish(write);
    }
    assert_eq!(wait.await.unwrap(), Ok(()));
}

/// A checkpoint waits for the disk several times.
#[tokio::test(start_paused = true)]
async fn a_checkpoint_on_a_slow_disk_is_waited_for_as_long_as_it_goes_on() {
    let bench = bench();
    let wait = tokio::spawn(Arc::clone(&bench.syncing).wait_for(1));
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_secs(45)).await;
        assert!(!wait.is_finished());
        bench.syncing.has_done_something();
    }
    bench.finish(1);
    assert_eq!(wait.await.unwrap(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_stands_still_for_a_minute_ends_the_bridge() {
    let bench = bench();
    let wait = tokio::spawn(Arc::clone(&bench.syncing).wait_for(1));
    let reason = "the disk has not responded for 60s";
    assert_eq!(wait.await.unwrap(), Err(reason.to_owned()));
    assert_eq!(bench.fatal.recv().unwrap(), reason);
    // The end of the bridge does not wait for such a disk.
    drop(bench.keeper);
    assert_eq!(bench.syncing.block_for(1), Err(reason.to_owned()));
}
