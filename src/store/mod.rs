//! The store edge: what must survive a restart, behind one type.
//!
//! - One bridge per data folder: `lock` is taken before anything is touched.
//! - Every change is one record of the `log`, written through one `door`: it outlives the process
//!   when the call returns, and a power cut when it was waited for (`syncing`, `keeper`).
//! - What is under way lies in the log alone (`journal`); what is looked up by its key lies in
//!   sled, which gets what the log has at checkpoints (`keyed`, `log_disk`).
//! - Records are versioned, and old versions stay readable: `record`.
//! - A damaged store is refused and left as it is; nothing is repaired by guessing. One that
//!   opens but went back in time is known by its `mark`.
//! - A store of an older layout is brought up to date, after a copy was set aside: `migrate`.
//! - A `backup` is one text file that needs no sled to be read.

pub mod backup;
pub mod chat_id_file;
mod commit;
mod door;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod journal;
mod keeper;
mod keyed;
mod lock;
mod log;
mod log_disk;
mod mark;
mod migrate;
mod open;
mod open_log;
pub mod record;
mod sled_store;
#[cfg(feature = "fault-points")]
mod synced_copy;
mod syncing;

pub use open::OpenError;
pub use sled_store::Store;
pub use syncing::OnFatal;
