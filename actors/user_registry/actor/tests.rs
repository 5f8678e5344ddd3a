//! What the registry promises as an actor.

mod disk;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::ids::{MessageId, PostId, SessionKey};
use crate::ports::{GroupRecord, Synced};
use crate::user_registry::{ChatKind, Person, Sender};
use crate::user_registry::{Lists, Notice, Refusal, Request, Role, Strangers, nonce_from};

const CODE: &str = "AB9A9A9H";

#[derive(Default)]
struct MemoryStore {
    users: Mutex<BTreeMap<UserId, UserRecord>>,
    groups: Mutex<BTreeMap<ChatId, GroupRecord>>,
    saves: Mutex<Vec<UserRecord>>,
    lockdown: Mutex<Option<Lockdown>>,
    is_broken: AtomicBool,
    disk: Mutex<Disk>,
}

/// When the disk has what was written.
#[derive(Default)]
enum Disk {
    #[default]
    Quick,
    /// When the gate says so.
    Gated(Vec<oneshot::Sender<Result<(), StoreError>>>),
}

impl MemoryStore {
    /// Lets no wait for the disk end.
    fn hold_disk(&self) {
        *self.disk.lock().unwrap() = Disk::Gated(Vec::new());
    }

    /// Ends every wait for the disk.
    fn release_disk(&self, synced: fn() -> Result<(), StoreError>) {
        let Disk::Gated(waiting) = std::mem::take(&mut *self.disk.lock().unwrap()) else {
            panic!("the disk is not held");
        };
        for tell in waiting {
            tell.send(synced()).ok();
        }
    }

    fn check(&self) -> Result<(), StoreError> {
        match self.is_broken.load(Ordering::Relaxed) {
            true => Err(StoreError("disk on fire".into())),
            false => Ok(()),
        }
    }
}

impl UserStore for MemoryStore {
    fn load(&self, user: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.check()?;
        Ok(self.users.lock().unwrap().get(&user).cloned())
    }

    fn page(&self, start: PageStart, limit: usize) -> Result<Vec<UserRecord>, StoreError> {
        self.check()?;
        let users = self.users.lock().unwrap();
        let all = users.values().cloned();
        Ok(match start {
            PageStart::First => all.take(limit).collect(),
            PageStart::After(user) => all.filter(|it| it.user > user).take(limit).collect(),
            PageStart::Before(user) => {
                let mut page: Vec<_> = all.filter(|it| it.user < user).collect();
                page.split_off(page.len().saturating_sub(limit))
            }
        })
    }

    fn scan(&self, visit: &mut dyn FnMut(UserRecord)) -> Result<(), StoreError> {
        self.check()?;
        let users = self.users.lock().unwrap().clone();
        users.into_values().for_each(visit);
        Ok(())
    }

    fn save(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.check()?;
        self.saves.lock().unwrap().push(user.clone());
        self.users.lock().unwrap().insert(user.user, user.clone());
        Ok(())
    }

    fn groups(&self) -> Result<Vec<GroupRecord>, StoreError> {
        self.check()?;
        Ok(self.groups.lock().unwrap().values().copied().collect())
    }

    fn save_group(&self, group: &GroupRecord) -> Result<(), StoreError> {
        self.check()?;
        self.groups.lock().unwrap().insert(group.chat, *group);
        Ok(())
    }

    fn remove_group(&self, chat: ChatId) -> Result<(), StoreError> {
        self.check()?;
        self.groups.lock().unwrap().remove(&chat);
        Ok(())
    }

    fn lockdown(&self) -> Result<Option<Lockdown>, StoreError> {
        self.check()?;
        Ok(*self.lockdown.lock().unwrap())
    }

    fn save_lockdown(&self, lockdown: Option<&Lockdown>) -> Result<(), StoreError> {
        self.check()?;
        *self.lockdown.lock().unwrap() = lockdown.copied();
        Ok(())
    }

    fn synced(&self) -> Synced {
        match &mut *self.disk.lock().unwrap() {
            Disk::Quick => Box::pin(std::future::ready(Ok(()))),
            Disk::Gated(waiting) => {
                let (tell, synced) = oneshot::channel();
                waiting.push(tell);
                Box::pin(async { synced.await.unwrap() })
            }
        }
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

fn arrival(id: i64, request: Request) -> Arrival {
    Arrival {
        chat: ChatId(id),
        chat_kind: ChatKind::Private,
        sender: Sender::Person(Person {
            user: UserId(id),
            username: None,
            first_name: "Ada".into(),
            language: None,
        }),
        request,
        album: None,
    }
}

fn claim(id: i64, code: &str) -> Arrival {
    let code = Some(code.to_owned());
    arrival(id, Request::Start { code })
}

fn start(
    store: &Arc<MemoryStore>,
    rules: AccessRules,
) -> (Addr<UserRegistry>, Arc<Mutex<Vec<OwnerClaimed>>>) {
    start_with_audit(store, rules, None)
}

fn start_with_audit(
    store: &Arc<MemoryStore>,
    rules: AccessRules,
    audit: Option<Recipient<AuditEntry>>,
) -> (Addr<UserRegistry>, Arc<Mutex<Vec<OwnerClaimed>>>) {
    let recorder = ClaimRecorder::default();
    let claims = Arc::clone(&recorder.0);
    let registry = UserRegistry::new(
        Arc::<MemoryStore>::clone(store),
        RegistryStart {
            rules: Arc::new(rules),
            messages_per_minute: 10_000,
            claim_code: CODE.into(),
            post_ids: PostIds::default(),
            nonces: Arc::new(|| nonce_from([7; 16])),
            on_claim: Some(recorder.start().recipient()),
            audit,
        },
    );
    (registry.start(), claims)
}

fn alone() -> AccessRules {
    AccessRules::SingleUser { owner: None }
}

fn many(strangers: Strangers) -> AccessRules {
    AccessRules::MultiUser(Lists {
        admins: [UserId(1)].into(),
        strangers,
        ..Lists::default()
    })
}

async fn ask(registry: &Addr<UserRegistry>, arrivals: Vec<Arrival>) -> Vec<Access> {
    let rulings = registry.send(Authorise(arrivals)).await.unwrap();
    let rulings = rulings.wait().await.unwrap();
    rulings.iter().map(|ruling| ruling.access).collect()
}

#[actix::test]
async fn a_claim_is_stored_told_and_known_after_a_restart() {
    let store = Arc::new(MemoryStore::default());
    let (registry, claims) = start(&store, alone());
    let batch = vec![
        arrival(2, Request::Work),
        claim(1, "ab9a9a9h"),
        arrival(1, Request::Work),
        claim(3, CODE),
    ];
    let accesses = [
        Access::Refused(Some(Refusal::Unclaimed)),
        Access::Claimed,
        Access::Granted(Role::Owner),
        Access::Refused(Some(Refusal::Stranger)),
    ];
    assert_eq!(ask(&registry, batch).await, accesses);
    tokio::task::yield_now().await;
    let claim = OwnerClaimed {
        user: UserId(1),
        chat: ChatId(1),
    };
    assert_eq!(*claims.lock().unwrap(), [claim]);
    let (restarted, _) = start(&store, alone());
    let access = ask(&restarted, vec![arrival(1, Request::Work)]).await;
    assert_eq!(access, [Access::Granted(Role::Owner)]);
}

#[actix::test]
async fn a_broken_store_lets_nobody_in_until_it_works_again() {
    let store = Arc::new(MemoryStore::default());
    store.is_broken.store(true, Ordering::Relaxed);
    let (registry, claims) = start(&store, alone());
    let access = ask(&registry, vec![claim(1, CODE)]).await;
    assert_eq!(access, [Access::Refused(Some(Refusal::StoreFailed))]);
    assert_eq!(*claims.lock().unwrap(), []);
    store.is_broken.store(false, Ordering::Relaxed);
    let access = ask(&registry, vec![claim(1, CODE)]).await;
    assert_eq!(access, [Access::Claimed]);
}

/// Somebody who has an address of the registry and sends one message of one person.
struct Messenger(Addr<UserRegistry>);

#[derive(Message)]
#[rtype(result = "Vec<Ruling>")]
struct Go;

impl Actor for Messenger {
    type Context = Context<Self>;
}

impl Handler<Go> for Messenger {
    type Result = ResponseFuture<Vec<Ruling>>;

    fn handle(&mut self, Go: Go, _: &mut Self::Context) -> Self::Result {
        let question = self.0.send(Authorise(vec![arrival(7, Request::Work)]));
        Box::pin(async { question.await.unwrap().wait().await.unwrap() })
    }
}

/// Fifty actors on four threads send one person's first message at once.
async fn fifty_first_messages(store: &Arc<MemoryStore>, strangers: Strangers) -> Vec<Ruling> {
    let (registry, _) = start(store, many(strangers));
    let threads: Vec<Arbiter> = (0..4).map(|_| Arbiter::new()).collect();
    let sent = (0..50).map(|number: usize| {
        let registry = registry.clone();
        let thread = threads[number % 4].handle();
        Messenger::start_in_arbiter(&thread, move |_| Messenger(registry)).send(Go)
    });
    let answers = futures_util::future::join_all(sent).await;
    for thread in threads {
        thread.stop();
    }
    (answers.into_iter())
        .flat_map(|answer| answer.unwrap())
        .collect()
}

#[actix::test]
async fn fifty_first_messages_of_one_person_make_one_record() {
    let store = Arc::new(MemoryStore::default());
    let rulings = fifty_first_messages(&store, Strangers::Open).await;
    assert_eq!(rulings.len(), 50);
    let granted = Ruling::of(Access::Granted(Role::User));
    assert!(rulings.iter().all(|ruling| *ruling == granted));
    assert_eq!(store.saves.lock().unwrap().len(), 1);
    assert_eq!(store.users.lock().unwrap().len(), 1);
}

#[actix::test]
async fn fifty_first_messages_of_one_stranger_make_one_request() {
    let store = Arc::new(MemoryStore::default());
    let rulings = fifty_first_messages(&store, Strangers::Ask).await;
    let asked = rulings.iter().filter(|it| it.access == Access::Settled);
    assert_eq!(asked.count(), 1);
    let silent = rulings
        .iter()
        .filter(|it| it.access == Access::Refused(None));
    assert_eq!(silent.count(), 49);
    assert_eq!(store.saves.lock().unwrap().len(), 1);
}

#[actix::test]
async fn where_a_card_stands_is_stored() {
    let store = Arc::new(MemoryStore::default());
    let (registry, _) = start(&store, many(Strangers::Ask));
    ask(&registry, vec![arrival(7, Request::Work)]).await;
    let posted = Posted {
        id: PostId(0),
        key: SessionKey::of_chat(ChatId(1)),
        message: MessageId(500),
    };
    registry.send(posted).await.unwrap();
    registry.send(posted).await.unwrap();
    let record = store.load(UserId(7)).unwrap().unwrap();
    let Standing::Waiting(request) = record.standing else {
        panic!("they wait");
    };
    let places: Vec<_> = request
        .messages
        .iter()
        .map(|it| (it.chat, it.message))
        .collect();
    assert_eq!(places, [(ChatId(1), MessageId(500))]);
}

#[actix::test]
async fn a_page_is_full_though_many_were_removed() {
    let store = Arc::new(MemoryStore::default());
    let (registry, _) = start(&store, many(Strangers::Open));
    let arrivals = (100..160).map(|id| arrival(id, Request::Work)).collect();
    ask(&registry, arrivals).await;
    for (user, record) in store.users.lock().unwrap().iter_mut() {
        if user.0 < 145 {
            record.standing = Standing::Removed;
        }
    }
    let question = Authorise(vec![arrival(1, Request::Users)]);
    let rulings = registry.send(question).await.unwrap();
    let rulings = rulings.wait().await.unwrap();
    let Some(Order::Answer(Notice::Users(page))) = rulings[0].orders.first() else {
        panic!("{rulings:?}");
    };
    let shown: Vec<i64> = page.users.iter().map(|it| it.record.user.0).collect();
    assert_eq!(shown, (145..155).collect::<Vec<_>>());
    assert!(page.after.is_some());
}

#[actix::test]
async fn rules_that_would_ask_nobody_are_refused() {
    let store = Arc::new(MemoryStore::default());
    let (registry, _) = start(&store, many(Strangers::Open));
    let refused = registry.send(SetRules {
        rules: Arc::new(AccessRules::MultiUser(Lists::default())),
        messages_per_minute: 1,
    });
    assert!(matches!(refused.await, Ok(Err(RulesRefused::NoAdmin))));
    assert_eq!(registry.send(Admins).await.unwrap().unwrap(), [UserId(1)]);
}
