//! The room edge: the one door to what lies in a chat's folders.
//!
//! Whoever needs a file of a chat gets it here, judged by what was opened and not by its name. So a
//! room can be walled, or lie on another machine, without anybody else knowing.

mod inbox;
mod leaving;
mod open;
mod outgoing;
mod own_files;
mod place;
mod recording;
mod shelf;
mod spares;
mod taking;
mod uids;

#[cfg(feature = "fuzzing")]
pub(crate) use self::inbox::fuzzing::file_names;
pub use self::inbox::{Inbox, InboxLimits, Incoming};
pub use self::leaving::Left;
pub use self::open::{OpenedFile, Place, Refusal};
pub use self::outgoing::{CopyError, CopyKeeper, MAX_SIZE, Outgoing};
pub use self::place::{Room, Rooms, Walled};
pub use self::recording::Recording;
