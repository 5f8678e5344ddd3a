//! A strict loopback Telegram Bot API with a chat page: the tests' fake Telegram and the base of
//! `bridge try`.
//!
//! A test starts one, points the bot at it, plays a person, and waits for what the person sees:
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//!
//! use playground::{Fault, Matcher, Options, Playground, Trouble};
//!
//! let playground = Playground::start(Options::default())?;
//! // Here the bot starts with `playground.api_url()` and `playground.token()`.
//! let slow_down = Trouble::TooManyRequests { retry_after: 2 };
//! playground.push_fault(Fault { when: Matcher::method("sendMessage").in_chat(7), what: slow_down });
//! playground.say(7, "hello");
//! let answer = playground.wait_until(Duration::from_secs(10), |view| {
//!     view.bot_posts(7).find(|post| post.text.contains("hi")).cloned()
//! })?;
//! assert!(answer.reply_to.is_some());
//! assert_eq!(playground.violations(), []);
//! # Ok(())
//! # }
//! ```
//!
//! What it does not do: channels, inline mode, payments, webhooks, `parse_mode`, media groups, and
//! Telegram's own delays. A method of the schema without a simulation is checked, then refused
//! with "method not simulated".

mod drive;
mod groups;
mod people;
mod personas;
mod story;
mod view;

mod delivery;
mod entities;
mod faults;
mod memory;
mod post;
mod reactions;
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
pub use personas::{ChatSender, ForwardOrigin};
pub use post::{Attachment, AttachmentKind, Author, Button, Draft, Post};
pub use recorder::{Answer, Call, Violation};
pub use view::View;
pub use world::Privacy;
