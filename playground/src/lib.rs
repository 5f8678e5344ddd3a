//! A strict loopback Telegram Bot API with a chat page: the tests' fake Telegram and the base of
//! `bridge try`.

mod drive;
mod people;
mod view;

mod faults;
mod post;
mod recorder;
mod shared;
mod updates;
mod world;

mod api;
mod connection;
mod methods;
mod page;
mod params;
mod render;
mod rules;
mod schema;
mod server;
mod validate;

pub use drive::{Options, Page, Playground, Timeout};
pub use faults::{Fault, Matcher, Trouble};
pub use people::{Press, PressError, Said, Upload};
pub use post::{Attachment, AttachmentKind, Author, Button, Draft, Post};
pub use recorder::{Answer, Call, Violation};
pub use view::View;
