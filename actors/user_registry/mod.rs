//! The user registry: who may come in.
//!
//! It is the one writer of users and groups, and asks nobody: the router brings it everybody at
//! the door and carries out what it orders besides. `users` decides, over the `rules` of the
//! configuration; `manage` says what a management command does to a record, `refusals` keeps the
//! answers to strangers rare, `pace` those who may come in, `buttons` reads what a press brings
//! back, and `claim_code` makes and compares the code of a bridge that has no owner yet.

mod actor;
mod buttons;
mod claim_code;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod manage;
mod messages;
mod orders;
mod pace;
mod refusals;
mod rules;
mod users;

pub use crate::instruction::Role;
pub use actor::{RegistryStart, UserRegistry};
pub use buttons::{
    JoinAnswer, erase_button, erase_mine_button, join_button, keep_button, nonce_from,
};
pub use claim_code::claim_code_from;
pub use manage::{Change, Obstacle, Staff};
pub use messages::{
    Admins, Arrival, Authorise, BadTarget, ChatKind, Due, Initiator, IsLockedDown, MayGoOn,
    OnceSynced, OwnerClaimed, Person, Request, RulesRefused, Sender, SetRules, Target,
};
pub use orders::{
    Access, Census, Erasure, ErasureState, Face, GroupNews, JoinVerdict, News, Notice, Order,
    Refusal, RequestPlace, Ruling, Toast, UserInfo, UserPage, UserState,
};
pub use rules::{AccessRules, Admission, Lists, Strangers};
pub use users::{SEEN_INTERVAL, stored_owner};
