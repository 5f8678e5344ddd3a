//! What was spent before a script begins.

use super::NOON;
use crate::clock::UnixSeconds;
use crate::ids::{ChatId, SessionKey, UserId};
use crate::money::{Day, MicroDollars, Spent, SpentThere};
use crate::ports::{MoneyLedger, StoreError};

/// A ledger to which nothing is added.
#[derive(Debug, Default)]
pub(in super::super) struct Money {
    spent: Vec<SpentThere>,
    /// Whether it cannot be read.
    pub(in super::super) is_broken: bool,
}

impl Money {
    /// Lets somebody have spent something, so many days ago.
    pub(in super::super) fn spend(
        &mut self,
        (by, days_ago): (i64, u32),
        (turns, cost): (u64, Option<MicroDollars>),
    ) {
        self.spent.push(SpentThere {
            day: Day::of(UnixSeconds(NOON)).before(days_ago),
            by: UserId(by),
            key: SessionKey::of_chat(ChatId(by)),
            spent: Spent {
                turns,
                unknown: u64::from(cost.is_none()),
                cost: cost.unwrap_or(0),
                dearest: cost.unwrap_or(0) / turns.max(1),
            },
        });
    }
}

impl MoneyLedger for Money {
    fn spent(&self, from: Day, to: Day) -> Result<Vec<SpentThere>, StoreError> {
        if self.is_broken {
            return Err(StoreError("it is broken".to_owned()));
        }
        let spent = self.spent.iter().copied();
        Ok(spent.filter(|it| (from..=to).contains(&it.day)).collect())
    }

    fn name_of(&self, user: UserId) -> Option<String> {
        (user.0 == 8).then(|| "Ben\u{202e}".to_owned())
    }
}
