//! The HTTP server: its thread, its routes, and the guard that lets only loopback in.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context as _, Result};
use tokio::sync::oneshot;

use crate::world::Shared;

/// What the handlers share.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) shared: Arc<Shared>,
    pub(crate) token: String,
    pub(crate) page_key: Option<String>,
    pub(crate) address: SocketAddr,
}

pub(crate) fn spawn(
    listener: TcpListener,
    site: Site,
    stopped: oneshot::Receiver<()>,
) -> Result<JoinHandle<()>> {
    thread::Builder::new()
        .name("playground".to_owned())
        .spawn(move || drop((listener, site, stopped)))
        .context("cannot start the playground thread")
}
