//! The store edge: what survives a restart.
//!
//! - One bridge a data folder: a lock is held for life, and taken before anything is touched.
//! - What `UserStore::save` has returned for is on the disk: flushed by sled and synced by us,
//!   because sled's own flush is not durable on Linux.
//! - A damaged store, or one of a newer version, is refused with its path.
//! - Everything is readable by its owner only.

pub mod chat_id_file;
mod committer;
mod lock;
mod opening;
pub mod record;
mod sled_store;

pub use opening::OpenError;
pub use sled_store::Store;
