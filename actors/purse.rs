//! What sessions share of money: what was spent, what runs, and what may be spent.
//!
//! The ledger has what is over. What runs is in memory alone: after a crash nothing runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::budget::{Bound, Budgets, Used, reservation};
use crate::ids::{SessionKey, UserId};
use crate::money::{Charge, Day, MicroDollars, Spent};
use crate::ports::{MoneyLedger, StoreError};

/// How far back the dearest turn of a person is looked for, in days, today among them.
const DEAREST_OF: u32 = 30;

/// Hears of a person who may begin no further turn today.
pub type OnUsedUp = Box<dyn Fn(SessionKey, UserId, Day) + Send + Sync>;

/// Why a turn may not begin.
#[derive(Debug)]
pub enum Refused {
    /// This limit is used up.
    UsedUp(Bound),
    /// What was spent cannot be read.
    Unread(StoreError),
}

/// A turn that is to begin in a session which has none.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The session.
    pub key: SessionKey,
    /// Who wants it.
    pub by: UserId,
    /// Today.
    pub today: Day,
    /// What ended in the same step, and is not in the ledger yet.
    pub charges: &'a [Charge],
}

/// What sessions share of money.
pub struct Purse {
    ledger: Arc<dyn MoneyLedger>,
    inner: Mutex<Inner>,
    on_used_up: Mutex<Option<OnUsedUp>>,
}

#[derive(Default)]
struct Inner {
    budgets: Budgets,
    /// What is reserved, and for whom: a session has one turn at a time.
    running: HashMap<SessionKey, (UserId, MicroDollars)>,
    /// What the dearest turn of each person cost in the days before this one.
    dearest: Option<(Day, HashMap<UserId, MicroDollars>)>,
    /// Who may go up to which turn of a day, as long as the ledger may not have it.
    allowed: HashMap<UserId, (Day, u64)>,
    /// Of whom it was told on which day that a limit is used up.
    told: HashMap<UserId, Day>,
}

impl std::fmt::Debug for Purse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Purse").finish_non_exhaustive()
    }
}

impl Purse {
    /// Returns one without limits.
    pub fn new(ledger: Arc<dyn MoneyLedger>) -> Self {
        Self {
            ledger,
            inner: Mutex::default(),
            on_used_up: Mutex::default(),
        }
    }

    /// Lets these limits hold from the next turn on.
    pub fn limit(&self, budgets: Budgets) {
        self.inner().budgets = budgets;
    }

    /// Tells this from now on when a limit is used up, once a day for each person.
    pub fn tell(&self, on_used_up: OnUsedUp) {
        let told = self.on_used_up.lock();
        *told.unwrap_or_else(PoisonError::into_inner) = Some(on_used_up);
    }

    /// Returns what was spent.
    pub fn ledger(&self) -> &dyn MoneyLedger {
        &*self.ledger
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reserves what a turn may cost, if it may begin.
    ///
    /// # Errors
    ///
    /// When it may not.
    pub fn admit(&self, candidate: &Candidate<'_>) -> Result<(), Refused> {
        let mut inner = self.inner();
        if inner.budgets.are_none() {
            return Ok(());
        }
        let own = self.look_at(&inner, candidate)?;
        let before = self.dearest_before(&mut inner, candidate.by, candidate.today);
        let dearest = before.map_err(Refused::Unread)?.max(own.spent.dearest);
        let reserved = (candidate.by, reservation(dearest));
        inner.running.insert(candidate.key, reserved);
        Ok(())
    }

    /// Tells whether a turn may begin.
    ///
    /// # Errors
    ///
    /// When it may not.
    pub fn look(&self, candidate: &Candidate<'_>) -> Result<(), Refused> {
        let inner = self.inner();
        match inner.budgets.are_none() {
            true => Ok(()),
            false => self.look_at(&inner, candidate).map(drop),
        }
    }

    fn look_at(&self, inner: &Inner, candidate: &Candidate<'_>) -> Result<Used, Refused> {
        let Candidate { by, today, .. } = *candidate;
        let but = Some(candidate.key);
        let used = self.used(inner, (by, today), but);
        let (mut own, mut all) = used.map_err(Refused::Unread)?;
        for charge in candidate.charges {
            all.spent = all.spent.with(charge);
            if charge.by == by {
                own.spent = own.spent.with(charge);
            }
        }
        let admitted = inner.budgets.admit(by, &own, &all);
        admitted.map(|()| own).map_err(Refused::UsedUp)
    }

    /// Says that a person may begin no further turn in a session.
    pub fn say_used_up(&self, key: SessionKey, by: UserId, today: Day) {
        if self.inner().told.insert(by, today) == Some(today) {
            return;
        }
        let told = self.on_used_up.lock();
        if let Some(tell) = &*told.unwrap_or_else(PoisonError::into_inner) {
            tell(key, by, today);
        }
    }

    /// Lets what is reserved for a session be that of another one: its chat has another id.
    pub fn move_session(&self, from: SessionKey, to: SessionKey) {
        let mut inner = self.inner();
        if let Some(reserved) = inner.running.remove(&from) {
            inner.running.insert(to, reserved);
        }
    }

    /// Reserves nothing any more for a session: it has no turn.
    pub fn release(&self, key: SessionKey) {
        self.inner().running.remove(&key);
    }

    /// Returns a limit that is nearly used up only with these charges.
    pub fn nearly(&self, by: UserId, today: Day, charges: &[Charge]) -> Option<Bound> {
        let inner = self.inner();
        if inner.budgets.are_none() {
            return None;
        }
        let (own, all) = self.used(&inner, (by, today), None).ok()?;
        let of = |spent| Used {
            spent,
            ..Used::default()
        };
        let theirs = charges.iter().filter(|charge| charge.by == by);
        let before = (of(own.spent), of(all.spent));
        let after = (
            of(theirs.fold(own.spent, Spent::with)),
            of(charges.iter().fold(all.spent, Spent::with)),
        );
        inner.budgets.nearly(by, &before, &after)
    }

    /// Allows a person further turns today; returns up to which turn, to be written down.
    ///
    /// # Errors
    ///
    /// When what was spent cannot be read.
    pub fn allow_more(&self, by: UserId, today: Day) -> Result<u64, StoreError> {
        let mut inner = self.inner();
        let to = self.used(&inner, (by, today), None)?.0.more_turns();
        inner.allowed.insert(by, (today, to));
        Ok(to)
    }

    /// Returns what one person and all together have used today, without what is reserved for one
    /// session.
    fn used(
        &self,
        inner: &Inner,
        (by, today): (UserId, Day),
        but: Option<SessionKey>,
    ) -> Result<(Used, Used), StoreError> {
        let (mut own, mut all) = (Used::default(), Used::default());
        for line in self.ledger.spent(today, today)? {
            all.spent = all.spent.and(line.spent);
            if line.by == by {
                own.spent = own.spent.and(line.spent);
            }
        }
        if let Some((_, to)) = inner.allowed.get(&by).filter(|(day, _)| *day == today) {
            own.spent.allowed_to = own.spent.allowed_to.max(*to);
        }
        let others = inner.running.iter().filter(|(key, _)| Some(**key) != but);
        for (user, reserved) in others.map(|(_, reserved)| reserved) {
            all.add_running(*reserved);
            if *user == by {
                own.add_running(*reserved);
            }
        }
        Ok((own, all))
    }

    fn dearest_before(
        &self,
        inner: &mut Inner,
        by: UserId,
        today: Day,
    ) -> Result<MicroDollars, StoreError> {
        if inner.dearest.as_ref().is_none_or(|(day, _)| *day != today) {
            let mut dearest: HashMap<UserId, MicroDollars> = HashMap::new();
            let days = (today.before(DEAREST_OF - 1), today.before(1));
            for line in self.ledger.spent(days.0, days.1)? {
                let of_person = dearest.entry(line.by).or_default();
                *of_person = line.spent.dearest.max(*of_person);
            }
            inner.dearest = Some((today, dearest));
        }
        let known = inner.dearest.as_ref().and_then(|(_, all)| all.get(&by));
        Ok(known.copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{LEAST_RESERVED, OwnBudget};
    use crate::ids::ChatId;
    use crate::memory_journal::MemoryJournal;
    use crate::money::{Bill, Charged};
    use crate::ports::{JournalEntry, PromptJournal as _};

    const WHO: UserId = UserId(7);
    const TODAY: Day = Day(20_788);

    fn key(chat: i64) -> SessionKey {
        SessionKey::of_chat(ChatId(chat))
    }

    /// Returns a purse whose person may spend a dollar, and what it goes by.
    fn limited() -> (Purse, MemoryJournal) {
        let ledger = MemoryJournal::default();
        let purse = Purse::new(Arc::new(ledger.clone()));
        let own = OwnBudget {
            cost: Some(1_000_000),
            turns: None,
        };
        purse.limit(Budgets {
            all: None,
            own: HashMap::from([(WHO, own)]),
        });
        (purse, ledger)
    }

    fn spend(ledger: &MemoryJournal, days_ago: u32, cost: MicroDollars) {
        let charge = Charge {
            by: WHO,
            day: TODAY.before(days_ago),
            of: Charged::Turn,
            bill: Bill {
                cost: Some(cost),
                tokens: 0,
            },
        };
        let entry = JournalEntry {
            charges: vec![charge],
            ..JournalEntry::default()
        };
        ledger.write(key(7), &entry).unwrap();
    }

    /// Tells whether a turn of the person may begin in a chat.
    fn admits(purse: &Purse, chat: i64) -> bool {
        let candidate = Candidate {
            key: key(chat),
            by: WHO,
            today: TODAY,
            charges: &[],
        };
        purse.admit(&candidate).is_ok()
    }

    #[test]
    fn what_is_set_aside_for_turns_that_run_counts_until_they_are_over() {
        let (purse, ledger) = limited();
        spend(&ledger, 0, 1_000_000 - LEAST_RESERVED);
        spend(&ledger, 0, 0);
        purse.limit(Budgets {
            all: Some(1_000_000),
            ..Budgets::default()
        });
        // The dearest of today is set aside for the first.
        assert!(admits(&purse, 7));
        assert!(!admits(&purse, -5));
        purse.move_session(key(7), key(8));
        assert!(!admits(&purse, -5));
        purse.release(key(7));
        assert!(!admits(&purse, -5));
        purse.release(key(8));
        assert!(admits(&purse, -5));
    }

    #[test]
    fn the_dearest_turn_of_thirty_days_is_set_aside_and_ten_cents_at_least() {
        for (days_ago, cost, others) in [(29, 600_000, 1), (30, 600_000, 9), (1, 10_000, 9)] {
            let (purse, ledger) = limited();
            spend(&ledger, days_ago, cost);
            assert!(admits(&purse, 0));
            // Each further one needs room for all that run.
            let begun = (1..20).take_while(|chat| admits(&purse, *chat)).count();
            assert_eq!(begun, others, "{cost} spent {days_ago} days ago");
        }
    }
}
