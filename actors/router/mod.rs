//! The router: every update's way in.
//!
//! It asks the user registry who may come in and hands each update to the actor it concerns, in
//! the order of arrival. `route` decides, with the commands of `slash_command`, whom they are
//! about from `target`, and the words of `texts`; what an edited message is from `edits`, and what
//! is deleted although it is turned away from `secrets`; `order_effects` turns what the registry
//! orders into things to do. New configuration takes the same way, so that it comes between two
//! updates and never into one.

mod actor;
mod edits;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod messages;
mod order_effects;
mod ports;
mod resume;
mod route;
mod secrets;
mod slash_command;
mod target;
mod texts;

pub use actor::Router;
pub use messages::{
    Addressed, Caption, Erase, Inbound, InboundContent, Introduce, MediaKind, NotResumed, Pointing,
    Reload, ResumeOpen, RouteBatch, SetMenu,
};
pub use ports::{RegistryHandle, RouterPorts, SupervisorHandle};
pub use slash_command::{begins_like_a_command, menu_of};
pub use target::{MAX_USER_ID, parse_user_id};
pub use texts::plain_name;

// Who stands at the door, as an inbound update says it too.
pub use crate::user_registry::{ChatKind, Person, Sender};
