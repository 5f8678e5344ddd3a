//! What was spent before a script begins.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{CHAT, NOON, Player};
use crate::budget::{Budgets, OwnBudget};
use crate::clock::UnixSeconds;
use crate::ids::{ChatId, SessionKey, UserId};
use crate::money::{Day, MicroDollars, Spent, SpentThere};
use crate::ports::{MoneyLedger, StoreError};
use crate::session::effect::Effect;

/// A ledger to which nothing is added.
#[derive(Debug, Default)]
pub(in super::super) struct Money {
    spent: Mutex<Vec<SpentThere>>,
    is_broken: AtomicBool,
}

impl Money {
    /// Lets somebody have spent something, so many days ago.
    pub(in super::super) fn spend(
        &self,
        (by, days_ago): (i64, u32),
        (turns, cost): (u64, Option<MicroDollars>),
    ) {
        self.spent.lock().unwrap().push(SpentThere {
            day: Day::of(UnixSeconds(NOON)).before(days_ago),
            by: UserId(by),
            key: SessionKey::of_chat(ChatId(by)),
            spent: Spent {
                turns,
                unknown: u64::from(cost.is_none()),
                cost: cost.unwrap_or(0),
                dearest: cost.unwrap_or(0) / turns.max(1),
                tokens: 0,
                allowed_to: 0,
            },
        });
    }
}

impl Money {
    /// Takes in what a step has written down.
    pub(super) fn take_in(&self, effects: &[Effect]) {
        let charges = effects.iter().flat_map(|effect| {
            let Effect::Journal(entry) = effect else {
                return [].as_slice();
            };
            &entry.charges
        });
        let taken_in = charges.map(|charge| SpentThere {
            day: charge.day,
            by: charge.by,
            key: SessionKey::of_chat(ChatId(charge.by.0)),
            spent: Spent::default().with(charge),
        });
        self.spent.lock().unwrap().extend(taken_in);
    }

    /// Lets it be unreadable.
    pub(in super::super) fn break_down(&self) {
        self.is_broken.store(true, Ordering::Relaxed);
    }
}

impl MoneyLedger for Money {
    fn spent(&self, from: Day, to: Day) -> Result<Vec<SpentThere>, StoreError> {
        if self.is_broken.load(Ordering::Relaxed) {
            return Err(StoreError("it is broken".to_owned()));
        }
        let spent = self.spent.lock().unwrap().clone().into_iter();
        Ok(spent.filter(|it| (from..=to).contains(&it.day)).collect())
    }

    fn name_of(&self, user: UserId) -> Option<String> {
        (user.0 == 8).then(|| "Ben\u{202e}".to_owned())
    }
}

impl Player {
    /// Lets the person of the chat have so many turns in a day.
    pub(super) fn limit_turns(&self, turns: u64) {
        let own = OwnBudget {
            turns: Some(turns),
            cost: None,
        };
        self.purse.limit(Budgets {
            all: None,
            own: HashMap::from([(UserId(CHAT.0), own)]),
        });
    }
}
