//! What is said while the disk has not yet what it rests on.

use futures_util::FutureExt as _;
use tokio::sync::mpsc;

use super::*;
use crate::user_registry::{Change, Target};

/// Passes on what is written down.
struct AuditRecorder(mpsc::UnboundedSender<AuditEntry>);

impl Actor for AuditRecorder {
    type Context = Context<Self>;
}

impl Handler<AuditEntry> for AuditRecorder {
    type Result = ();

    fn handle(&mut self, entry: AuditEntry, _: &mut Self::Context) {
        self.0.send(entry).unwrap();
    }
}

fn add(id: i64) -> Arrival {
    let (change, target) = (Change::Add { name: None }, Target::User(UserId(id)));
    arrival(1, Request::Manage { change, target })
}

/// A bridge whose one administrator is known, on a disk that is held.
async fn with_held_disk() -> (
    Arc<MemoryStore>,
    Addr<UserRegistry>,
    mpsc::UnboundedReceiver<AuditEntry>,
) {
    let store = Arc::new(MemoryStore::default());
    let (tell, audit) = mpsc::unbounded_channel();
    let (registry, _) = start_with_audit(
        &store,
        many(Strangers::Refuse),
        Some(AuditRecorder(tell).start().recipient()),
    );
    ask(&registry, vec![arrival(1, Request::Work)]).await;
    store.hold_disk();
    (store, registry, audit)
}

#[actix::test]
async fn nobody_is_told_of_a_change_before_it_is_on_disk_and_others_are_answered() {
    let (store, registry, mut audit) = with_held_disk().await;
    let rulings = registry.send(Authorise(vec![add(7)])).await.unwrap();
    let mut told = Box::pin(rulings.wait());
    assert!((&mut told).now_or_never().is_none(), "the disk is held");
    let access = ask(&registry, vec![arrival(1, Request::Work)]).await;
    assert_eq!(access, [Access::Granted(Role::Admin)]);
    assert!((&mut told).now_or_never().is_none(), "the disk is held");
    audit.try_recv().expect_err("nothing is done yet");
    store.release_disk(|| Ok(()));
    let rulings = told.await.unwrap();
    let changed = rulings[0].orders.first();
    assert!(
        matches!(changed, Some(Order::Answer(Notice::Changed(..)))),
        "{rulings:?}"
    );
    assert_eq!(audit.recv().await.unwrap().target, Some(7));
}

#[actix::test]
async fn what_a_failed_disk_may_have_is_never_told() {
    let (store, registry, mut audit) = with_held_disk().await;
    let rulings = registry.send(Authorise(vec![add(7)])).await.unwrap();
    store.release_disk(|| Err(StoreError("disk on fire".into())));
    rulings.wait().await.unwrap_err();
    ask(&registry, vec![arrival(1, Request::Work)]).await;
    audit.try_recv().expect_err("nothing is known to be done");
}

#[actix::test]
async fn a_claim_is_passed_on_when_the_disk_has_it() {
    let store = Arc::new(MemoryStore::default());
    let (registry, claims) = start(&store, alone());
    store.hold_disk();
    let rulings = registry.send(Authorise(vec![claim(1, CODE)])).await;
    let rulings = rulings.unwrap();
    assert_eq!(*claims.lock().unwrap(), []);
    store.release_disk(|| Ok(()));
    rulings.wait().await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(claims.lock().unwrap().len(), 1);
}
