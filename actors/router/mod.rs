//! The router: every update's way in.
//!
//! It asks the user registry who may come in and hands each update to the actor it concerns, in
//! the order of arrival. `route` decides, with the commands of `slash_command` and the words of
//! `texts`.

mod actor;
mod messages;
mod route;
mod slash_command;
mod texts;

pub use actor::{Router, RouterDoors};
pub use messages::{
    Addressed, ChatKind, Inbound, InboundContent, Person, Pointing, RouteBatch, Sender,
};
pub use slash_command::MENU;
