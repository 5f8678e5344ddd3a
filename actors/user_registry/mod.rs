//! The user registry: who may come in.

mod messages;

pub use messages::{Access, Arrival, Authorise, Refusal};
