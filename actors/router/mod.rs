//! The router: every update's way in.

mod messages;

pub use messages::{ChatKind, Inbound, InboundContent, Person, RouteBatch, Sender};
