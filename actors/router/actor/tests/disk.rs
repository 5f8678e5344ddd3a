//! What leaves the router while the disk has not yet what the registry has ruled.

use super::*;

type Synced = Result<(), StoreError>;

/// A router whose registry has ruled about its next batch and waits for this disk.
fn start_on_slow_disk() -> (Addr<Router>, Log, oneshot::Sender<Synced>) {
    let (disk, synced) = oneshot::channel();
    let (router, log) = start_over(
        World {
            rests_on: Some(synced),
            ..World::default()
        },
        &MemoryJournal::default(),
    );
    (router, log, disk)
}

#[actix::test]
async fn a_batch_waits_for_a_slow_disk_and_then_leaves_in_its_order() {
    let (router, log, disk) = start_on_slow_disk();
    let batch = vec![text(1, "a"), text(2, "stranger"), text(1, "b")];
    let routed = router.send(RouteBatch(batch));
    let after = router.send(RouteBatch(vec![text(1, "c")]));
    // Far longer than an answer of the registry may take.
    let opened = async {
        tokio::time::sleep(DOOR_DEADLINE * 3).await;
        assert_eq!(*log.lock().unwrap(), ["ask about 3"]);
        disk.send(Ok(())).unwrap();
    };
    let (routed, after, ()) = futures_util::future::join3(routed, after, opened).await;
    routed.unwrap();
    after.unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [
            "ask about 3",
            "prompt a",
            "prompt b",
            "ask about 1",
            "prompt c"
        ]
    );
}

#[actix::test]
async fn what_a_failed_disk_may_have_leaves_the_updates_with_telegram() {
    let (router, log, disk) = start_on_slow_disk();
    let routed = router.send(RouteBatch(vec![text(1, "a")]));
    disk.send(Err(StoreError("disk on fire".into()))).unwrap();
    tokio::time::timeout(DOOR_DEADLINE * 3, routed)
        .await
        .expect_err("the batch never counts as routed");
    assert_eq!(*log.lock().unwrap(), ["ask about 1"]);
}

#[actix::test]
async fn agents_die_before_the_disk_has_the_lockdown_and_it_is_confirmed_after_that() {
    let (router, log, disk) = start_on_slow_disk();
    let routed = router.send(RouteBatch(vec![text(1, "a"), text(1, "/lockdown")]));
    let opened = async {
        tokio::time::sleep(DOOR_DEADLINE * 3).await;
        assert_eq!(*log.lock().unwrap(), ["ask about 2", "LockDown"]);
        disk.send(Ok(())).unwrap();
    };
    let (routed, ()) = futures_util::future::join(routed, opened).await;
    routed.unwrap();
    let log = log.lock().unwrap();
    // In its place once more, since what came before it may have begun meanwhile.
    assert_eq!(
        log[..4],
        ["ask about 2", "LockDown", "prompt a", "LockDown"]
    );
    assert!(log[4].contains("🔒 Locked down"), "{log:?}");
}
