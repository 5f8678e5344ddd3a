//! What people have spent.

use std::ops::Bound;

use bridge_actors::ids::{ChatId, SessionKey, UserId};
use bridge_actors::money::{Charge, Day, SpentThere};
use bridge_actors::ports::{MoneyLedger, StoreError, UserStore};

use super::{Changed, Store};
use crate::store::commit::Commit;
use crate::store::keyed::{KeyedChange, Overlay, Range, Tree, to_hex};
use crate::store::record::{
    SpentRecord, decode_spent, encode_spent, first_spending_key, read_spending_key, spending_key,
};

/// What was spent, as it is stored.
type Line = ((Day, UserId, SessionKey), SpentRecord);

impl Store {
    /// Returns the changes that add charges to what was spent.
    ///
    /// Whoever writes them has to hold the door, so that nobody adds in between. A day's records
    /// are small and few, and sled has in memory what was read of late.
    pub(in crate::store) fn charges(
        &self,
        key: SessionKey,
        charges: &[Charge],
        overlay: &Overlay,
    ) -> Result<Vec<KeyedChange>, StoreError> {
        let mut changed: Vec<(Vec<u8>, SpentRecord)> = Vec::new();
        for charge in charges {
            let under = spending_key(charge.day, charge.by, key);
            let place = changed.iter().position(|(known, _)| *known == under);
            let mut record = match place {
                Some(place) => changed.swap_remove(place).1,
                None => self.spent_under(&under, overlay)?,
            };
            record.spent = record.spent.with(charge);
            changed.push((under, record));
        }
        let put = |(under, record): (Vec<u8>, SpentRecord)| put(&under, &record);
        changed.into_iter().map(put).collect()
    }

    fn spent_under(&self, under: &[u8], overlay: &Overlay) -> Result<SpentRecord, StoreError> {
        let changed = overlay.get(Tree::Spending, under);
        let found = match changed {
            Some(changed) => changed,
            None => self.stored(Tree::Spending, under)?,
        };
        let record = found.map(|bytes| read(under, &bytes)).transpose();
        Ok(record?.unwrap_or_default())
    }

    /// Forgets what a person spent, and what was spent in a chat; of the person's day what they
    /// spent stays until it is over, for it counts against their limits.
    ///
    /// # Errors
    ///
    /// When the store does not read or write.
    pub fn forget_spending(&self, chat: ChatId, today: Day) -> Result<(), StoreError> {
        let is_theirs = |(_, by, key): &(Day, UserId, SessionKey)| {
            let is_person = chat.is_private() && by.0 == chat.0;
            is_person || key.chat == chat
        };
        let mut changes = Vec::new();
        // Nobody adds to a day that is over.
        for line in self.lines(Day(0), today.before(1)) {
            let (of, _) = line?;
            if is_theirs(&of) {
                changes.push(KeyedChange::remove(Tree::Spending, &under(of)));
            }
        }
        self.change(changes)?;
        let range = days(today, Day(u32::MAX));
        self.door().write(|_, overlay| {
            let changed = overlay.range(Tree::Spending, &range);
            let mut changes = Vec::new();
            for line in self.lines_with(range, changed) {
                let (of, record) = line?;
                if is_theirs(&of) {
                    let goes_with_day = true;
                    changes.push(put(
                        &under(of),
                        &SpentRecord {
                            goes_with_day,
                            ..record
                        },
                    )?);
                }
            }
            Ok((Commit::of_keyed(changes), ()))
        })
    }

    /// Forgets what is kept no longer today.
    ///
    /// # Errors
    ///
    /// When the store does not read or write.
    pub fn forget_old_spending(&self, today: Day) -> Result<(), StoreError> {
        let mut changes = Vec::new();
        for line in self.lines(Day(0), today.before(1)) {
            let (of, record) = line?;
            if of.0 < today.first_kept() || record.goes_with_day {
                changes.push(KeyedChange::remove(Tree::Spending, &under(of)));
            }
        }
        self.change(changes)
    }

    /// Returns what was spent from one day to another.
    fn lines(&self, from: Day, to: Day) -> impl Iterator<Item = Result<Line, StoreError>> + use<> {
        let range = days(from, to);
        let changed = self
            .door()
            .look_at_overlay(|it| it.range(Tree::Spending, &range));
        self.lines_with(range, changed)
    }

    fn lines_with(
        &self,
        range: Range,
        changed: Changed,
    ) -> impl Iterator<Item = Result<Line, StoreError>> + use<> {
        self.range_with(Tree::Spending, range, changed)
            .map(|entry| {
                let (under, bytes) = entry?;
                let no_key = || StoreError(format!("spending: {} is no key", to_hex(&under)));
                let of = read_spending_key(&under).ok_or_else(no_key)?;
                Ok((of, read(&under, &bytes)?))
            })
    }
}

impl MoneyLedger for Store {
    fn spent(&self, from: Day, to: Day) -> Result<Vec<SpentThere>, StoreError> {
        let told = |line: Result<Line, StoreError>| {
            let ((day, by, key), SpentRecord { spent, .. }) = line?;
            Ok(SpentThere {
                day,
                by,
                key,
                spent,
            })
        };
        self.lines(from, to).map(told).collect()
    }

    fn name_of(&self, user: UserId) -> Option<String> {
        let known = UserStore::load(self, user).ok().flatten()?;
        (!known.first_name.is_empty()).then_some(known.first_name)
    }
}

/// Returns the range of some days, both ends among them.
fn days(from: Day, to: Day) -> Range {
    let end = match to.0.checked_add(1) {
        Some(next) => Bound::Excluded(first_spending_key(Day(next))),
        None => Bound::Unbounded,
    };
    (Bound::Included(first_spending_key(from)), end)
}

fn under((day, by, key): (Day, UserId, SessionKey)) -> Vec<u8> {
    spending_key(day, by, key)
}

fn put(under: &[u8], record: &SpentRecord) -> Result<KeyedChange, StoreError> {
    let bytes = encode_spent(record)
        .map_err(|error| StoreError(format!("spending {}: {error}", to_hex(under))))?;
    KeyedChange::put(Tree::Spending, under, bytes)
}

fn read(under: &[u8], bytes: &[u8]) -> Result<SpentRecord, StoreError> {
    decode_spent(bytes).map_err(|error| StoreError(format!("spending {}: {error}", to_hex(under))))
}
