//! Performs what the users' rules decide: reads and writes the store and tells of a claim.

use std::sync::Arc;

use actix::prelude::*;
use tracing::{error, info, warn};

use super::users::{Decision, Purpose, Storing, Users};
use super::{Access, Arrival, Authorise, OwnerClaimed};
use crate::clock;
use crate::ids::UserId;
use crate::ports::{UserRecord, UserStore};

/// Owns who may come in.
pub struct UserRegistry {
    store: Arc<dyn UserStore>,
    users: Users,
    on_claim: Option<Recipient<OwnerClaimed>>,
}

/// What a registry starts with.
pub struct RegistryStart {
    /// The owner that the settings name, if any; beats a stored one.
    pub configured_owner: Option<UserId>,
    /// The code that claims an unclaimed bridge, from [`super::claim_code_from`]; an empty one
    /// claims nothing.
    pub claim_code: String,
    /// Who is told of a claim.
    pub on_claim: Option<Recipient<OwnerClaimed>>,
}

impl UserRegistry {
    /// Returns a registry over `store`, which is read at the first arrival.
    pub fn new(store: Arc<dyn UserStore>, start: RegistryStart) -> Self {
        Self {
            store,
            users: Users::new(start.configured_owner, &start.claim_code),
            on_claim: start.on_claim,
        }
    }

    fn read_users(&mut self) {
        let mut records = Vec::new();
        match self.store.scan(&mut |record| records.push(record)) {
            Ok(()) => self.users.on_read(records),
            Err(error) => error!(%error, "cannot read the users: nobody is let in"),
        }
    }

    fn authorise(&mut self, arrival: &Arrival) -> Access {
        let now = clock::now();
        match self.users.decide(arrival, now, clock::unix_now()) {
            Decision::Answer(access) => access,
            Decision::Store(record, purpose) => {
                let storing = self.store_record(&record);
                let access = self.users.on_stored(record.clone(), purpose, storing, now);
                if (purpose, storing) == (Purpose::Claim, Storing::Done) {
                    self.tell_of_claim(&record);
                }
                access
            }
        }
    }

    /// Stores a record before anything else happens.
    ///
    /// This blocks for the milliseconds of a sync to disk. It happens once at the claim and when
    /// a name changes, and an answer before the sync could be a lie after a crash.
    fn store_record(&self, record: &UserRecord) -> Storing {
        match self.store.save(record, crate::ports::Durability::Synced) {
            Ok(()) => Storing::Done,
            Err(error) => {
                error!(user = %record.user, %error, "cannot store the user");
                Storing::Failed
            }
        }
    }

    fn tell_of_claim(&self, record: &UserRecord) {
        info!(user = %record.user, "the bridge is claimed");
        let Some(on_claim) = &self.on_claim else {
            return;
        };
        let claimed = OwnerClaimed {
            user: record.user,
            chat: record.chat,
        };
        if let Err(error) = on_claim.try_send(claimed) {
            warn!(%error, "cannot pass on the claim; the store has it");
        }
    }
}

impl Actor for UserRegistry {
    type Context = Context<Self>;
}

impl Handler<Authorise> for UserRegistry {
    type Result = MessageResult<Authorise>;

    fn handle(&mut self, Authorise(arrivals): Authorise, _: &mut Self::Context) -> Self::Result {
        if self.users.are_unread() {
            self.read_users();
        }
        let accesses = arrivals.iter().map(|arrival| self.authorise(arrival));
        MessageResult(accesses.collect())
    }
}

#[cfg(test)]
mod tests;
