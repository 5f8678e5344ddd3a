//! Writes the owner into the one-number file of older bridges when the bridge is claimed.

use std::path::PathBuf;

use actix::prelude::*;
use bridge_actors::user_registry::OwnerClaimed;
use tracing::{error, info};

use crate::store::chat_id_file;

/// Owns the file.
#[derive(Debug)]
pub(super) struct Writer {
    path: PathBuf,
}

impl Writer {
    /// Returns the writer of a file.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

impl Actor for Writer {
    type Context = Context<Self>;
}

impl Handler<OwnerClaimed> for Writer {
    type Result = ();

    /// Blocks for the milliseconds of one small file, once in the life of a bridge.
    fn handle(&mut self, claimed: OwnerClaimed, _ctx: &mut Self::Context) {
        match chat_id_file::write(&self.path, claimed.chat) {
            Ok(()) => {
                info!(file = %self.path.display(), "the owner is written to the chat id file");
            }
            // The claim itself is in the store.
            Err(error) => error!(%error, "the chat id file is not written"),
        }
    }
}
