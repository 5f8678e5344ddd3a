//! The port to the ledger: what people have spent.

use super::StoreError;
use crate::ids::UserId;
use crate::money::{Day, SpentThere};

/// Tells what was spent; charges come to it with what a step of a session writes down.
pub trait MoneyLedger: Send + Sync {
    /// Returns what was spent from one day to another, both among them, in the order of the days.
    fn spent(&self, from: Day, to: Day) -> Result<Vec<SpentThere>, StoreError>;

    /// Returns how a person is called, if that is known.
    fn name_of(&self, user: UserId) -> Option<String>;
}
