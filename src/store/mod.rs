//! The store edge: what must survive a restart, behind one type.
//!
//! - One bridge per data folder: `lock` is taken before anything is touched.
//! - What was acknowledged as synced survives `kill -9` and a power cut: `committer`.
//! - Records are versioned, and old versions stay readable: `record`.
//! - A damaged store is refused and left as it is; nothing is repaired by guessing. One that
//!   opens but went back in time is known by its `mark`.
//! - A store of an older layout is brought up to date, after a copy was set aside: `migrate`.
//! - A `backup` is one text file that needs no sled to be read.

pub mod backup;
pub mod chat_id_file;
mod committer;
mod journal;
mod lock;
mod mark;
mod migrate;
mod open;
pub mod record;
mod replace_file;
mod sled_store;
#[cfg(feature = "fault-points")]
mod synced_copy;

pub use committer::OnFatal;
pub use open::OpenError;
pub use replace_file::replace_file;
pub use sled_store::Store;
