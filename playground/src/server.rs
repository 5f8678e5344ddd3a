//! The HTTP server: its thread, its routes, and the guard that lets only loopback names in.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::connection::{Cut, CuttableListener};
use crate::memory::Keeper;
use crate::params::MAX_BODY;
use crate::shared::Shared;
use crate::{api, page};

/// What the handlers share.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) shared: Arc<Shared>,
    pub(crate) token: String,
    pub(crate) page_key: Option<String>,
    /// What leads to the page once.
    pub(crate) ticket: Mutex<Option<String>>,
    pub(crate) address: SocketAddr,
}

/// Serves the site from a thread of its own until `stopped` fires or its sender is dropped.
pub(crate) fn spawn(
    listener: TcpListener,
    site: Site,
    mut keeper: Option<Keeper>,
    stopped: oneshot::Receiver<()>,
) -> Result<JoinHandle<()>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot start the playground runtime")?;
    let listener = {
        let _guard = runtime.enter();
        tokio::net::TcpListener::from_std(listener).context("cannot serve the bound port")?
    };
    let work = move || {
        runtime.block_on(async move {
            let shared = Arc::clone(&site.shared);
            let app = routes(Arc::new(site)).into_make_service_with_connect_info::<Cut>();
            let serving = axum::serve(CuttableListener(listener), app);
            tokio::select! {
                ended = async { serving.await } => {
                    tracing::error!(?ended, "the playground stopped serving");
                }
                () = keep_up(keeper.as_mut(), &shared) => {}
                _ = stopped => {}
            }
            if let Some(keeper) = &mut keeper {
                keeper.write(&shared, true);
            }
        });
    };
    let thread = thread::Builder::new()
        .name("playground".to_owned())
        .spawn(work);
    thread.context("cannot start the playground thread")
}

fn routes(site: Arc<Site>) -> Router {
    let mut router = Router::new()
        .route("/{bot}/{method}", any(api::call))
        .route("/file/{bot}/{*path}", get(api::download))
        .layer(from_fn_with_state(Arc::clone(&site), only_loopback_names));
    if let Some(key) = &site.page_key {
        router = router.merge(page::routes(key));
    }
    router
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(site)
}

async fn keep_up(keeper: Option<&mut Keeper>, shared: &Shared) {
    match keeper {
        Some(keeper) => keeper.keep_up(shared).await,
        None => std::future::pending().await,
    }
}

/// Refuses foreign `Host` names, so that a web page cannot reach in by DNS rebinding. The token is
/// known to everybody, unlike the key of the chat page, which may stand behind a proxy.
async fn only_loopback_names(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("");
    if own_hosts(site.address.port())
        .iter()
        .any(|own| own.eq_ignore_ascii_case(host))
    {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "this server answers to loopback names only",
        )
            .into_response()
    }
}

/// Returns the `Host` values that mean this server; clients leave out the port of HTTP.
pub(crate) fn own_hosts(port: u16) -> Vec<String> {
    let names = ["127.0.0.1", "localhost"];
    let mut hosts: Vec<_> = names.iter().map(|name| format!("{name}:{port}")).collect();
    if port == 80 {
        hosts.extend(names.map(str::to_owned));
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_of_http_may_be_left_out() {
        assert_eq!(own_hosts(8080), ["127.0.0.1:8080", "localhost:8080"]);
        assert!(own_hosts(80).contains(&"127.0.0.1".to_owned()));
        assert!(own_hosts(80).contains(&"localhost:80".to_owned()));
    }
}
