//! The user registry: who may come in.
//!
//! The bridge serves one person. The owner is the numeric id from the settings, else the one in
//! the store, else whoever first sends the claim code from a private chat. `users` decides,
//! `refusals` keeps the answers to strangers rare, `claim_code` makes and compares the code.

mod actor;
mod claim_code;
mod manage;
mod messages;
mod refusals;
mod rules;
mod users;

pub use actor::{RegistryStart, UserRegistry};
pub use claim_code::claim_code_from;
pub use manage::{Change, Obstacle, Staff};
pub use messages::{Access, Arrival, Authorise, OwnerClaimed, Refusal};
pub use rules::{AccessRules, Lists, Strangers, Verdict};
pub use users::stored_owner;
