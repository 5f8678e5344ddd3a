//! A door without an actor: decides, stores in memory, and says what came of it.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::super::*;
use crate::ids::{MessageId, PostId, SessionKey};
use crate::outbox::Posted;
use crate::ports::PageStart;
use crate::user_registry::Person;
use crate::user_registry::{Change, JoinAnswer, Lists, Strangers, join_button};

pub(super) const CODE: &str = "AB9A9A9H";
pub(super) const GROUP: ChatId = ChatId(-100);
pub(super) const BOSS: i64 = 1;
pub(super) const SECOND: i64 = 2;
pub(super) const GUEST: i64 = 7;

/// The registry's rules over a store that is a map.
pub(super) struct Door {
    pub(super) users: Users,
    pub(super) rules: Arc<AccessRules>,
    pub(super) records: BTreeMap<UserId, UserRecord>,
    pub(super) groups: BTreeMap<ChatId, GroupRecord>,
    pub(super) lockdown: Option<Lockdown>,
    pub(super) seconds: u64,
    pub(super) saves: Vec<Write>,
    pub(super) audit: Vec<String>,
    pub(super) is_broken: bool,
    per_minute: u32,
    fresh: Cell<u64>,
}

pub(super) fn lists(strangers: Strangers) -> AccessRules {
    AccessRules::MultiUser(Lists {
        admins: [BOSS, SECOND].map(UserId).into(),
        strangers,
        ..Lists::default()
    })
}

impl Door {
    pub(super) fn new(rules: AccessRules) -> Self {
        Self::paced(rules, 100_000)
    }

    pub(super) fn paced(rules: AccessRules, per_minute: u32) -> Self {
        let rules = Arc::new(rules);
        let mut users = Users::new(Arc::clone(&rules), CODE, per_minute);
        users.on_read(Vec::new(), None);
        Self {
            users,
            rules,
            records: BTreeMap::new(),
            groups: BTreeMap::new(),
            lockdown: None,
            seconds: 0,
            saves: Vec::new(),
            audit: Vec::new(),
            is_broken: false,
            per_minute,
            fresh: Cell::new(0),
        }
    }

    /// A bridge of two administrators whom strangers have to be let in by.
    pub(super) fn asking() -> Self {
        Self::new(lists(Strangers::Ask))
    }

    /// The same store under a new registry.
    pub(super) fn restart(&mut self) {
        self.users = Users::new(Arc::clone(&self.rules), CODE, self.per_minute);
        for record in self.records.values() {
            self.users.read(record);
        }
        self.users
            .on_read(self.groups.values().copied().collect(), self.lockdown);
    }

    pub(super) fn moment(&self) -> Moment {
        Moment {
            now: Time::ZERO + Duration::from_secs(self.seconds),
            unix: UnixSeconds(1_000_000 + self.seconds),
        }
    }

    pub(super) fn come(&mut self, arrival: &Arrival) -> Ruling {
        let haste = self.users.haste(arrival, self.moment().now);
        if haste == Haste::Dropped {
            return dropped(arrival);
        }
        let needs = self.users.needs(arrival);
        let mut known = Known::default().with(haste);
        for user in needs.users {
            if let Some(record) = self.records.get(&user) {
                known.insert(record.clone());
            }
        }
        known.page = needs.page.map_or_else(Vec::new, |query| self.page(query));
        let moment = self.moment();
        let next = || {
            self.fresh.set(self.fresh.get() + 1);
            self.fresh.get()
        };
        let fresh = NewNames {
            post: &|| PostId(next()),
            nonce: &|| format!("{:022}", next()),
        };
        let decision = self.users.decide(arrival, &known, moment, &fresh);
        self.perform(decision, &mut known)
    }

    fn page(&self, query: PageQuery) -> Vec<UserRecord> {
        let shown = (self.records.values()).filter(|it| it.standing != Standing::Removed);
        let users = shown.cloned();
        match query.start {
            PageStart::First => users.take(query.limit).collect(),
            PageStart::After(user) => {
                let later = users.filter(|it| it.user > user);
                later.take(query.limit).collect()
            }
            PageStart::Before(user) => {
                let earlier: Vec<_> = users.filter(|it| it.user < user).collect();
                let skipped = earlier.len().saturating_sub(query.limit);
                earlier.into_iter().skip(skipped).collect()
            }
        }
    }

    fn perform(&mut self, decision: Decision, known: &mut Known) -> Ruling {
        for write in &decision.writes {
            if self.is_broken {
                match write {
                    Write::Note(_) => continue,
                    _ => {
                        if decision.is_done_even_so {
                            self.log(&decision.audit);
                        }
                        return decision.if_failed;
                    }
                }
            }
            match write {
                Write::User(record) | Write::Note(record) => {
                    self.records.insert(record.user, record.clone());
                    self.saves.push(write.clone());
                }
                Write::Group(group) => {
                    self.groups.insert(group.chat, *group);
                }
                Write::DropGroup(chat) => {
                    self.groups.remove(chat);
                }
                Write::Lockdown(lockdown) => self.lockdown = *lockdown,
            }
            self.users.on_written(write, known);
        }
        self.log(&decision.audit);
        decision.ruling
    }

    fn log(&mut self, entries: &[AuditEntry]) {
        let lines = entries.iter().map(|entry| {
            let (by, what) = (entry.by, entry.action.as_str());
            format!("{by:?} {what} {:?} {:?}", entry.target, entry.outcome)
        });
        self.audit.extend(lines);
    }

    pub(super) fn sweep(&mut self) -> Vec<Order> {
        let decision = self.users.overdue(self.moment());
        self.perform(decision, &mut Known::default()).orders
    }

    pub(super) fn posted(&mut self, post: PostId, chat: i64, message: i64) {
        let posted = Posted {
            id: post,
            key: SessionKey::of_chat(ChatId(chat)),
            message: MessageId(message),
        };
        let Some(user) = self.users.requester_of(&posted) else {
            return;
        };
        let mut known = Known::default();
        known.insert(self.records[&user].clone());
        if let Some(write) = self.users.on_posted(&posted, &known) {
            let mut decision = Decision::of(Access::Settled);
            decision.writes = vec![write];
            self.perform(decision, &mut known);
        }
    }

    pub(super) fn set_rules(&mut self, rules: AccessRules) -> Option<Vec<Order>> {
        let rules = Arc::new(rules);
        let mut change = self.users.begin_rules(Arc::clone(&rules));
        for record in self.records.values() {
            self.users.review(&mut change, record);
        }
        let orders = self.users.finish_rules(change, self.per_minute)?;
        self.rules = rules;
        Some(orders)
    }

    pub(super) fn work(&mut self, user: i64) -> Access {
        self.come(&private(user, Request::Work)).access
    }

    pub(super) fn manage(&mut self, by: i64, change: Change, user: i64) -> Ruling {
        let target = Target::User(UserId(user));
        self.come(&private(by, Request::Manage { change, target }))
    }

    /// Presses the button of somebody's request with this nonce.
    pub(super) fn press(&mut self, by: i64, answer: JoinAnswer, nonce: &str) -> Ruling {
        let data = join_button(answer, UserId(GUEST), nonce);
        self.come(&private(by, press(&data)))
    }

    pub(super) fn standing(&self, user: i64) -> Option<Standing> {
        let record = self.records.get(&UserId(user));
        record.map(|record| record.standing.clone())
    }

    /// The nonce of a person's request.
    pub(super) fn nonce(&self, user: i64) -> String {
        match self.standing(user) {
            Some(Standing::Waiting(request)) => request.nonce,
            other => panic!("{other:?} is not a request"),
        }
    }
}

pub(super) fn person(user: i64) -> Person {
    Person {
        user: UserId(user),
        username: Some(format!("name{user}")),
        first_name: "Ada".into(),
        language: None,
    }
}

pub(super) fn private(user: i64, request: Request) -> Arrival {
    Arrival {
        chat: ChatId(user),
        chat_kind: ChatKind::Private,
        sender: Sender::Person(person(user)),
        request,
        album: None,
    }
}

pub(super) fn in_group(user: i64, request: Request) -> Arrival {
    Arrival {
        chat: GROUP,
        chat_kind: ChatKind::Group,
        ..private(user, request)
    }
}

pub(super) fn press(data: &str) -> Request {
    Request::Press {
        message: Some(MessageId(500)),
        data: data.to_owned(),
    }
}

pub(super) fn start(code: &str) -> Request {
    Request::Start {
        code: Some(code.into()),
    }
}

pub(super) fn refused(refusal: Refusal) -> Access {
    Access::Refused(Some(refusal))
}

/// The cards that are closed, in order.
pub(super) fn closed(ruling: &Ruling) -> Vec<super::super::super::RequestPlace> {
    let closes = ruling.orders.iter().filter_map(|order| match order {
        Order::Close { card, .. } => Some(*card),
        _ => None,
    });
    closes.collect()
}

/// The requests that are put to administrators: whom, in which post.
pub(super) fn asked(ruling: &Ruling) -> Vec<(i64, PostId)> {
    let asks = ruling.orders.iter().filter_map(|order| match order {
        Order::Ask { admin, post, .. } => Some((admin.0, *post)),
        _ => None,
    });
    asks.collect()
}
