//! What the registry promises as an actor.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::ids::ChatId;
use crate::ports::StoreError;
use crate::router::{ChatKind, Person, Sender};
use crate::user_registry::Refusal;

#[derive(Default)]
struct MemoryStore {
    records: Mutex<Vec<UserRecord>>,
    is_broken: AtomicBool,
}

impl MemoryStore {
    fn check(&self) -> Result<(), StoreError> {
        match self.is_broken.load(Ordering::Relaxed) {
            true => Err(StoreError("disk on fire".into())),
            false => Ok(()),
        }
    }
}

impl UserStore for MemoryStore {
    fn users(&self) -> Result<Vec<UserRecord>, StoreError> {
        self.check()?;
        Ok(self.records.lock().unwrap().clone())
    }

    fn save(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.check()?;
        self.records.lock().unwrap().push(user.clone());
        Ok(())
    }
}

/// Keeps the claims it is told of.
#[derive(Default)]
struct ClaimRecorder(Arc<Mutex<Vec<OwnerClaimed>>>);

impl Actor for ClaimRecorder {
    type Context = Context<Self>;
}

impl Handler<OwnerClaimed> for ClaimRecorder {
    type Result = ();

    fn handle(&mut self, claimed: OwnerClaimed, _: &mut Self::Context) {
        self.0.lock().unwrap().push(claimed);
    }
}

fn arrival(id: i64, code: Option<&str>) -> Arrival {
    Arrival {
        chat: ChatId(id),
        chat_kind: ChatKind::Private,
        sender: Sender::Person(Person {
            user: UserId(id),
            username: None,
            first_name: "Ada".into(),
        }),
        start_code: code.map(str::to_owned),
    }
}

fn start(store: &Arc<MemoryStore>) -> (Addr<UserRegistry>, Arc<Mutex<Vec<OwnerClaimed>>>) {
    let recorder = ClaimRecorder::default();
    let claims = Arc::clone(&recorder.0);
    let registry = UserRegistry::new(
        Arc::<MemoryStore>::clone(store),
        RegistryStart {
            configured_owner: None,
            claim_code: "AB9A9A9H".into(),
            on_claim: Some(recorder.start().recipient()),
        },
    );
    (registry.start(), claims)
}

#[actix::test]
async fn a_claim_is_stored_told_and_known_after_a_restart() {
    let store = Arc::new(MemoryStore::default());
    let (registry, claims) = start(&store);
    let batch = vec![
        arrival(2, None),
        arrival(1, Some("ab9a9a9h")),
        arrival(1, None),
        arrival(3, Some("AB9A9A9H")),
    ];
    assert_eq!(
        registry.send(Authorise(batch)).await.unwrap(),
        [
            Access::Refused(Some(Refusal::Unclaimed)),
            Access::Claimed,
            Access::Granted,
            Access::Refused(Some(Refusal::Stranger)),
        ]
    );
    tokio::task::yield_now().await;
    let claim = OwnerClaimed {
        user: UserId(1),
        chat: ChatId(1),
    };
    assert_eq!(*claims.lock().unwrap(), [claim]);
    let (restarted, _) = start(&store);
    let access = restarted.send(Authorise(vec![arrival(1, None)])).await;
    assert_eq!(access.unwrap(), [Access::Granted]);
}

#[actix::test]
async fn a_broken_store_lets_nobody_in_until_it_works_again() {
    let store = Arc::new(MemoryStore::default());
    store.is_broken.store(true, Ordering::Relaxed);
    let (registry, claims) = start(&store);
    let claim = || Authorise(vec![arrival(1, Some("AB9A9A9H"))]);
    assert_eq!(
        registry.send(claim()).await.unwrap(),
        [Access::Refused(Some(Refusal::StoreFailed))]
    );
    assert_eq!(*claims.lock().unwrap(), []);
    store.is_broken.store(false, Ordering::Relaxed);
    assert_eq!(registry.send(claim()).await.unwrap(), [Access::Claimed]);
}
