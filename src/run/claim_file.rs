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
    type Result = ResponseFuture<()>;

    /// Writes on another thread, for a disk may be slow.
    fn handle(&mut self, claimed: OwnerClaimed, _ctx: &mut Self::Context) -> Self::Result {
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || {
            match chat_id_file::write(&path, claimed.chat) {
                Ok(()) => {
                    info!(file = %path.display(), "wrote the owner to the chat id file");
                }
                // The claim itself is in the store.
                Err(error) => error!(%error, "cannot write the chat id file"),
            }
        });
        Box::pin(async {
            if let Err(error) = written.await {
                error!(%error, "writing the chat id file failed");
            }
        })
    }
}
