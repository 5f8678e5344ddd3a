//! What a commit promises, tried without a disk.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use super::*;

/// A disk that writes down what is asked of it, and does it only when it is let.
struct FakeDisk {
    calls: Arc<Mutex<Vec<&'static str>>>,
    /// One word per commit: what happens to it.
    fates: Receiver<Fate>,
}

enum Fate {
    Works,
    FlushFails,
    SyncFails,
    Panics,
}

impl Disk for FakeDisk {
    fn flush(&mut self) -> Result<(), String> {
        self.calls.lock().unwrap().push("flush");
        match self.fates.recv().expect("the test says what happens") {
            Fate::Works => Ok(()),
            Fate::FlushFails => Err("no space".to_owned()),
            Fate::Panics => panic!("the disk fell over"),
            Fate::SyncFails => {
                self.calls.lock().unwrap().push("will fail");
                Ok(())
            }
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut calls = self.calls.lock().unwrap();
        let fails = calls.last() == Some(&"will fail");
        calls.push("sync");
        if fails {
            return Err(io::Error::other("device gone"));
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.calls.lock().unwrap().push("close");
        Ok(())
    }
}

struct Bench {
    committer: Committer,
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
    Bench {
        committer: Committer::start(disk, on_fatal).unwrap(),
        fates,
        calls,
        fatal,
    }
}

#[test]
fn commit_flushes_then_syncs_then_returns() {
    let bench = bench();
    bench.fates.send(Fate::Works).unwrap();
    bench.committer.commit().unwrap();
    assert_eq!(*bench.calls.lock().unwrap(), ["flush", "sync"]);
}

#[test]
fn many_writers_share_the_commits() {
    let bench = bench();
    let n_writers = 32;
    for _ in 0..n_writers {
        bench.committer.request().unwrap();
    }
    // At most one commit was already running when the others asked.
    for _ in 0..2 {
        bench.fates.send(Fate::Works).unwrap();
    }
    drop(bench.committer);
    let n_syncs = bench
        .calls
        .lock()
        .unwrap()
        .iter()
        .filter(|call| **call == "sync")
        .count();
    assert!(
        (1..=2).contains(&n_syncs),
        "{n_syncs} commits for {n_writers} writers"
    );
}

#[test]
fn what_was_requested_is_committed_before_the_thread_ends() {
    let bench = bench();
    bench.fates.send(Fate::Works).unwrap();
    bench.committer.request().unwrap();
    drop(bench.committer);
    assert_eq!(*bench.calls.lock().unwrap(), ["flush", "sync", "close"]);
}

#[test]
fn failed_commit_is_told_to_the_writer_and_once_to_the_process() {
    let cases = [
        (Fate::FlushFails, "no space"),
        (
            Fate::SyncFails,
            "cannot sync the store to disk: device gone",
        ),
        (Fate::Panics, "sled panicked: the disk fell over"),
    ];
    for (fate, reason) in cases {
        let bench = bench();
        bench.fates.send(fate).unwrap();
        assert_eq!(bench.committer.commit(), Err(reason.to_owned()));
        assert_eq!(bench.committer.request(), Err(reason.to_owned()));
        assert_eq!(bench.committer.commit(), Err(reason.to_owned()));
        drop(bench.committer);
        assert_eq!(bench.fatal.iter().collect::<Vec<_>>(), [reason]);
    }
}

#[test]
fn last_handle_may_go_while_the_failure_is_told() {
    let (hand_over, handed) = channel::<Committer>();
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
    let committer = Committer::start(disk, Box::new(on_fatal)).unwrap();
    committer.request().unwrap();
    hand_over.send(committer).unwrap();
    fates.send(Fate::FlushFails).unwrap();
    done.recv_timeout(Duration::from_secs(10)).unwrap();
}
