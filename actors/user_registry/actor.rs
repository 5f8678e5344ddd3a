//! Performs what the users' rules decide: reads and writes the store and tells of a claim.

use std::sync::Arc;

use actix::prelude::*;
use tokio::sync::oneshot;
use tracing::{error, info, warn};

use super::messages::PageQuery;
use super::users::{Decision, Haste, Known, Moment, Users, Write, dropped};
use super::{
    Access, AccessRules, Admins, Arrival, Authorise, Due, IsLockedDown, MayGoOn, OnceSynced, Order,
    OwnerClaimed, Role, RulesRefused, Ruling, SetRules,
};
use crate::audit::AuditEntry;
use crate::clock;
use crate::fault_point;
use crate::ids::{ChatId, NewNames, UserId};
use crate::outbox::{PostIds, Posted};
use crate::ports::{Lockdown, PageStart, Standing, StoreError, UserRecord, UserStore};

/// Owns who may come in.
pub struct UserRegistry {
    store: Arc<dyn UserStore>,
    users: Users,
    start: RegistryStart,
}

/// What follows from decisions, and whether it has to wait for the disk.
#[derive(Default)]
struct Outcome {
    /// Whether something was written that is told to somebody.
    is_promised: bool,
    claimed: Option<OwnerClaimed>,
    audit: Vec<AuditEntry>,
}

/// What a registry starts with.
#[derive(Clone)]
pub struct RegistryStart {
    /// Who may come in, as the configuration says.
    pub rules: Arc<AccessRules>,
    /// How many messages a person may send in a minute.
    pub messages_per_minute: u32,
    /// The code that claims an unclaimed bridge, from [`super::claim_code_from`]; an empty one
    /// claims nothing.
    pub claim_code: String,
    /// Names the posts of join requests.
    pub post_ids: PostIds,
    /// Makes what proves that a button belongs to a join request, by [`super::nonce_from`].
    pub nonces: Arc<dyn Fn() -> String + Send + Sync>,
    /// Who is told of a claim.
    pub on_claim: Option<Recipient<OwnerClaimed>>,
    /// Who writes down what was done and refused.
    pub audit: Option<Recipient<AuditEntry>>,
}

impl UserRegistry {
    /// Returns a registry over `store`, which is read at the first question.
    pub fn new(store: Arc<dyn UserStore>, start: RegistryStart) -> Self {
        let rules = Arc::clone(&start.rules);
        Self {
            store,
            users: Users::new(rules, &start.claim_code, start.messages_per_minute),
            start,
        }
    }

    fn read_users(&mut self) -> Result<(), StoreError> {
        if !self.users.are_unread() {
            return Ok(());
        }
        let users = &mut self.users;
        let read = (self.store)
            .scan(&mut |record| users.read(&record))
            .and_then(|()| Ok((self.store.groups()?, self.store.lockdown()?)));
        match read {
            Ok((groups, lockdown)) => self.users.on_read(groups, lockdown),
            Err(error) => {
                error!(%error, "cannot read the users, so nobody is let in");
                self.users.on_unreadable();
                return Err(error);
            }
        }
        Ok(())
    }

    fn authorise(&mut self, arrival: &Arrival, outcome: &mut Outcome) -> Ruling {
        let moment = moment();
        let haste = self.users.haste(arrival, moment.now);
        if haste == Haste::Dropped {
            return dropped(arrival);
        }
        let mut known = match self.read_users().and_then(|()| self.read_needs(arrival)) {
            Ok(known) => known.with(haste),
            Err(error) => {
                error!(chat = %arrival.chat, %error, "cannot look up the sender");
                return self.users.on_unread_arrival(arrival, moment.now);
            }
        };
        let names = NewNames {
            post: &|| self.start.post_ids.next(),
            nonce: &*self.start.nonces,
        };
        let decision = self.users.decide(arrival, &known, moment, &names);
        self.perform(decision, &mut known, outcome)
    }

    fn read_needs(&self, arrival: &Arrival) -> Result<Known, StoreError> {
        fault_point!("registry.lookup", |reason| Err(StoreError(reason)));
        let needs = self.users.needs(arrival);
        let mut known = Known::default();
        for user in needs.users {
            if let Some(record) = self.store.load(user)? {
                known.insert(record);
            }
        }
        if let Some(query) = needs.page {
            known.page = self.read_page(query)?;
        }
        Ok(known)
    }

    /// Reads a page without those who were removed.
    fn read_page(&self, query: PageQuery) -> Result<Vec<UserRecord>, StoreError> {
        let mut page = Vec::new();
        let mut start = query.start;
        while page.len() < query.limit {
            let read = self.store.page(start, query.limit)?;
            let is_end = read.len() < query.limit;
            let (Some(first), Some(last)) = (read.first(), read.last()) else {
                break;
            };
            let (first, last) = (first.user, last.user);
            let shown = read
                .into_iter()
                .filter(|it| it.standing != Standing::Removed);
            match start {
                PageStart::First | PageStart::After(_) => {
                    start = PageStart::After(last);
                    page.extend(shown);
                }
                PageStart::Before(_) => {
                    start = PageStart::Before(first);
                    page.splice(0..0, shown);
                }
            }
            if is_end {
                break;
            }
        }
        match query.start {
            PageStart::Before(_) => page.drain(..page.len().saturating_sub(query.limit)),
            PageStart::First | PageStart::After(_) => page.drain(query.limit.min(page.len())..),
        };
        Ok(page)
    }

    /// Writes what a decision wants written, and adds to `outcome` what follows once it is on disk.
    fn perform(&mut self, decision: Decision, known: &mut Known, outcome: &mut Outcome) -> Ruling {
        for write in &decision.writes {
            match (self.write(write), write) {
                (Ok(()), Write::Note(_)) => self.users.on_written(write, known),
                (
                    Ok(()),
                    Write::User(_) | Write::Group(_) | Write::DropGroup(_) | Write::Lockdown(_),
                ) => {
                    outcome.is_promised = true;
                    self.users.on_written(write, known);
                }
                // The next arrival tries again.
                (Err(error), Write::Note(record)) => {
                    warn!(user = %record.user, %error, "cannot save new details of a user");
                }
                (
                    Err(error),
                    Write::User(_) | Write::Group(_) | Write::DropGroup(_) | Write::Lockdown(_),
                ) => {
                    error!(%error, "cannot save a change of users, groups or the lockdown");
                    if decision.is_done_even_so {
                        outcome.audit.extend(decision.audit);
                    }
                    return decision.if_failed;
                }
            }
        }
        if let (Access::Claimed, Some(Write::User(record))) =
            (decision.ruling.access, decision.writes.first())
        {
            outcome.claimed = Some(OwnerClaimed {
                user: record.user,
                chat: ChatId(record.user.0),
            });
        }
        outcome.audit.extend(decision.audit);
        decision.ruling
    }

    /// Returns an answer that holds once the disk has what it rests on: what was promised before
    /// could be a lie after a crash. The registry goes on meanwhile.
    fn once_synced<T>(
        &self,
        answer: T,
        outcome: Outcome,
        ctx: &mut Context<Self>,
    ) -> OnceSynced<T> {
        if !outcome.is_promised {
            self.tell(outcome);
            return OnceSynced::at_once(answer);
        }
        let (tell, told) = oneshot::channel();
        let synced = self.store.synced().into_actor(self);
        ctx.spawn(synced.map(move |synced, registry, _| {
            if synced.is_ok() {
                registry.tell(outcome);
            }
            // Whoever asked may be gone.
            tell.send(synced).ok();
        }));
        OnceSynced::after(told, answer)
    }

    fn write(&self, write: &Write) -> Result<(), StoreError> {
        match write {
            Write::User(record) | Write::Note(record) => self.store.save(record),
            Write::Group(group) => self.store.save_group(group),
            Write::DropGroup(chat) => self.store.remove_group(*chat),
            Write::Lockdown(lockdown) => self.store.save_lockdown(lockdown.as_ref()),
        }
    }

    fn tell(&self, outcome: Outcome) {
        if let Some(claimed) = outcome.claimed {
            self.tell_of_claim(claimed);
        }
        let Some(audit) = &self.start.audit else {
            return;
        };
        for entry in outcome.audit {
            if let Err(error) = audit.try_send(entry) {
                warn!(%error, "the audit log does not accept a line");
            }
        }
    }

    fn tell_of_claim(&self, claimed: OwnerClaimed) {
        info!(user = %claimed.user, "the bridge has been claimed");
        let Some(on_claim) = &self.start.on_claim else {
            return;
        };
        if let Err(error) = on_claim.try_send(claimed) {
            warn!(%error, "cannot announce the claim, but it is stored");
        }
    }
}

fn moment() -> Moment {
    Moment {
        now: clock::now(),
        unix: clock::unix_now(),
    }
}

impl Actor for UserRegistry {
    type Context = Context<Self>;
}

impl Handler<Authorise> for UserRegistry {
    type Result = MessageResult<Authorise>;

    fn handle(&mut self, Authorise(arrivals): Authorise, ctx: &mut Self::Context) -> Self::Result {
        let mut outcome = Outcome::default();
        let arrivals = arrivals.iter();
        let rulings = arrivals.map(|arrival| self.authorise(arrival, &mut outcome));
        let rulings = rulings.collect();
        MessageResult(self.once_synced(rulings, outcome, ctx))
    }
}

impl Handler<Posted> for UserRegistry {
    type Result = ();

    fn handle(&mut self, posted: Posted, _: &mut Self::Context) {
        let Some(user) = self.users.requester_of(&posted) else {
            return;
        };
        let mut known = Known::default();
        match self.store.load(user) {
            Ok(record) => record.into_iter().for_each(|record| known.insert(record)),
            Err(error) => warn!(%user, %error, "cannot save the state of a join request"),
        }
        if let Some(write) = self.users.on_posted(&posted, &known) {
            match self.write(&write) {
                Ok(()) => self.users.on_written(&write, &mut known),
                Err(error) => warn!(%user, %error, "cannot save the state of a join request"),
            }
        }
    }
}

impl Handler<SetRules> for UserRegistry {
    type Result = Result<Vec<Order>, RulesRefused>;

    fn handle(&mut self, order: SetRules, _: &mut Self::Context) -> Self::Result {
        self.read_users()?;
        let mut change = self.users.begin_rules(order.rules);
        let users = &self.users;
        self.store
            .scan(&mut |record| users.review(&mut change, &record))?;
        let orders = self.users.finish_rules(change, order.messages_per_minute);
        orders.ok_or(RulesRefused::NoAdmin)
    }
}

impl Handler<Due> for UserRegistry {
    type Result = MessageResult<Due>;

    fn handle(&mut self, Due: Due, ctx: &mut Self::Context) -> Self::Result {
        let mut outcome = Outcome::default();
        let mut orders = Vec::new();
        if self.read_users().is_ok() {
            let decision = self.users.overdue(moment());
            let ruling = self.perform(decision, &mut Known::default(), &mut outcome);
            orders = ruling.orders;
        }
        MessageResult(self.once_synced(orders, outcome, ctx))
    }
}

impl Handler<MayGoOn> for UserRegistry {
    type Result = Result<Vec<Option<Role>>, StoreError>;

    fn handle(&mut self, MayGoOn(initiators): MayGoOn, _: &mut Self::Context) -> Self::Result {
        self.read_users()?;
        let answers = initiators.into_iter().map(|initiator| {
            let record = self.store.load(initiator.author)?;
            Ok(self.users.may_go_on(initiator, record.as_ref()))
        });
        answers.collect()
    }
}

impl Handler<IsLockedDown> for UserRegistry {
    type Result = Result<Option<Lockdown>, StoreError>;

    fn handle(&mut self, IsLockedDown: IsLockedDown, _: &mut Self::Context) -> Self::Result {
        self.read_users()?;
        Ok(self.users.lockdown())
    }
}

impl Handler<Admins> for UserRegistry {
    type Result = Result<Vec<UserId>, StoreError>;

    fn handle(&mut self, Admins: Admins, _: &mut Self::Context) -> Self::Result {
        self.read_users()?;
        Ok(self.users.admins())
    }
}

#[cfg(test)]
mod tests;
