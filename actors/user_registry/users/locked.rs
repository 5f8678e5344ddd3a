//! The lockdown: no agent lives, and nothing is taken in but `/unlock`.

use std::collections::HashMap;
use std::time::Duration;

use super::super::rules::Admission;
use super::super::{Access, Arrival, News, Notice, Order, Refusal, Request, Ruling, Toast};
use super::{Decision, Known, Moment, Users, Write};
use crate::audit::AuditAction;
use crate::clock::Time;
use crate::ids::UserId;
use crate::ports::Lockdown;
use crate::user_registry::{ChatKind, Person, Sender};

/// How long a person who was told is not told again.
const SILENCE: Duration = Duration::from_secs(3600);

/// How many people are told within [`SILENCE`]; nobody else is remembered.
const MAX_TOLD: usize = 1024;

/// A lockdown, and who was told of it.
#[derive(Debug)]
pub(super) struct Locked {
    lockdown: Lockdown,
    /// Whether the store has it, so that the next start knows of it.
    is_saved: bool,
    told: HashMap<UserId, Time>,
}

impl Locked {
    /// Returns what the store has.
    pub(super) fn new(lockdown: Lockdown) -> Self {
        Self {
            lockdown,
            is_saved: true,
            told: HashMap::new(),
        }
    }

    /// Tells whether a person is told now.
    fn tell(&mut self, user: UserId, now: Time) -> bool {
        self.told.retain(|_, told_at| now.since(*told_at) < SILENCE);
        if self.told.contains_key(&user) || self.told.len() >= MAX_TOLD {
            return false;
        }
        self.told.insert(user, now);
        true
    }
}

impl Users {
    /// Returns whether the bridge is locked down.
    pub(in super::super) fn lockdown(&self) -> Option<Lockdown> {
        self.locked.as_ref().map(|locked| locked.lockdown)
    }

    /// Takes in what the store has of the lockdown.
    pub(super) fn note_lockdown(&mut self, lockdown: Option<Lockdown>) {
        match (lockdown, &mut self.locked) {
            (Some(lockdown), Some(locked)) => {
                locked.lockdown = lockdown;
                locked.is_saved = true;
            }
            (lockdown, _) => self.locked = lockdown.map(Locked::new),
        }
    }

    /// Returns what comes of an arrival that begins or ends the lockdown, or that meets it; `None`
    /// when it is to be decided like any other.
    ///
    /// Before anything else of it is looked at: the way into the lockdown has no other condition
    /// than who asks, and while it holds nothing else counts.
    pub(super) fn on_lockdown(
        &mut self,
        arrival: &Arrival,
        known: &Known,
        moment: Moment,
    ) -> Option<Decision> {
        let is_about_it = matches!(arrival.request, Request::LockDown | Request::Unlock);
        if self.locked.is_none() && !is_about_it {
            return None;
        }
        let insider = self.insider(arrival, known);
        if let Some(by) = insider.filter(|user| is_about_it && self.is_admin(*user)) {
            return Some(match arrival.request == Request::LockDown {
                true => self.lock_down(by, moment),
                false => self.unlock(by, moment),
            });
        }
        self.locked.is_some().then(|| match insider {
            Some(user) => self.meet_lockdown(user, &arrival.request, moment),
            None => Decision::of(Access::Refused(None)),
        })
    }

    /// Returns who is at the door, if they may come in.
    fn insider(&self, arrival: &Arrival, known: &Known) -> Option<UserId> {
        let Sender::Person(Person { user, .. }) = &arrival.sender else {
            return None;
        };
        let is_in = self.verdict(*user, known.record(*user)) == Admission::In;
        let is_at_home = match arrival.chat_kind {
            ChatKind::Private => arrival.chat.0 == user.0,
            ChatKind::Group => true,
            ChatKind::Channel => false,
        };
        (is_in && is_at_home).then_some(*user)
    }

    /// Locks in memory whatever the store says: what is not written down holds until the bridge
    /// ends, and says so.
    fn lock_down(&mut self, by: UserId, moment: Moment) -> Decision {
        let before = self.lockdown();
        let lockdown = before.unwrap_or(Lockdown {
            by,
            since: moment.unix,
        });
        let locked = self.locked.get_or_insert_with(|| Locked {
            is_saved: false,
            ..Locked::new(lockdown)
        });
        let is_saved = locked.is_saved;
        let notice = match before {
            Some(before) => Notice::LockedDownAlready(before, moment.unix),
            None => Notice::LockedDown,
        };
        let mut decision = Decision::orders(vec![Order::LockDown, Order::Answer(notice)]);
        decision.audit = vec![moment.done(by, (AuditAction::Lockdown, None))];
        if is_saved {
            return decision;
        }
        decision.writes = vec![Write::Lockdown(Some(lockdown))];
        let locked = self.tell_admins(by, News::LockedDown(by));
        decision.ruling.orders.extend(locked);
        let mut unsaved = vec![Order::LockDown, Order::Answer(Notice::LockedDownUnsaved)];
        if before.is_none() {
            unsaved.extend(self.tell_admins(by, News::LockedDownUnsaved(by)));
            decision.is_done_even_so = true;
        }
        decision.if_failed = Ruling::settled(unsaved);
        decision
    }

    fn unlock(&mut self, by: UserId, moment: Moment) -> Decision {
        if self.locked.is_none() {
            // It may have been lifted before and nothing could be started: that is made up for.
            let answer = Order::Answer(Notice::NotLockedDown);
            return Decision::orders(vec![Order::Unlock, answer]);
        }
        // What follows the order to run again is only said when that could be carried out.
        let mut orders = vec![Order::Unlock, Order::Answer(Notice::Unlocked)];
        orders.extend(self.tell_admins(by, News::Unlocked(by)));
        let mut decision = Decision::orders(orders);
        decision.writes = vec![Write::Lockdown(None)];
        decision.if_failed = Ruling::answer(Notice::NotStored);
        decision.audit = vec![moment.done(by, (AuditAction::Unlock, None))];
        decision
    }

    fn tell_admins(&self, by: UserId, news: News) -> impl Iterator<Item = Order> + use<> {
        let others = self.admins().into_iter().filter(move |admin| *admin != by);
        others.map(move |admin| Order::Tell(admin, news))
    }

    /// Answers somebody who may come in and wants anything else: presses each time, since they are
    /// no messages, everything else once an hour.
    fn meet_lockdown(&mut self, user: UserId, request: &Request, moment: Moment) -> Decision {
        match request {
            Request::Press { .. } => return Decision::ruled(Ruling::toast(Toast::LockedDown)),
            Request::StopDraft
            | Request::Overheard
            | Request::OverheardAlbum
            | Request::Reaction
            | Request::Joined
            | Request::Left
            | Request::Moved { .. } => {
                return Decision::of(Access::Refused(None));
            }
            Request::Work
            | Request::Command
            | Request::UnknownKind
            | Request::Stop
            | Request::Start { .. }
            | Request::UserInfo(_)
            | Request::Users
            | Request::Manage { .. }
            | Request::AllowGroup
            | Request::DeleteMyData
            | Request::LockDown
            | Request::Unlock => {}
        }
        let role = self.role(user);
        let is_told = (self.locked.as_mut()).is_some_and(|locked| locked.tell(user, moment.now));
        let refusal = is_told.then_some(Refusal::LockedDown(role));
        Decision::of(Access::Refused(refusal))
    }

    /// Refuses somebody who may come in and is no administrator.
    pub(super) fn not_theirs_to_lock(
        &self,
        user: UserId,
        arrival: &Arrival,
        moment: Moment,
    ) -> Decision {
        let action = match arrival.request == Request::Unlock {
            true => AuditAction::Unlock,
            false => AuditAction::Lockdown,
        };
        let mut decision = Decision::ruled(Ruling::answer(Notice::AdminsOnly));
        decision.audit = vec![moment.refused(user, (action, None), "not an administrator")];
        decision
    }
}
