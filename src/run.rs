//! The composition root: builds the edges, starts the actors, waits for the end, stops all in
//! reverse order.

mod claim_file;
mod ending;
mod options;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix::prelude::*;
use anyhow::{Context as _, Result};
use bridge_actors::ids::{ChatId, ConversationId, Generation, UserId};
use bridge_actors::outbox::{Flush, Outbox, PostIds};
use bridge_actors::ports::UserStore;
use bridge_actors::router::{MENU, Router, RouterDoors};
use bridge_actors::session::SessionDoors;
use bridge_actors::session::policy::Policy;
use bridge_actors::session_supervisor::{EndAll, SessionSupervisor, SupervisorDoors};
use bridge_actors::user_registry::{
    Authorise, RegistryStart, UserRegistry, claim_code_from, stored_owner,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::claude::command_line::AgentOptions;
use crate::claude::guard::{Containment, own_program};
use crate::claude::leftovers::end_leftovers;
use crate::claude::process::ClaudeLauncher;
use crate::store::{Store, chat_id_file};
use crate::telegram::commands::set_commands;
use crate::telegram::poller::{PollEnd, poll};
use crate::telegram::sender::Sender;
use crate::telegram::{Telegram, TelegramOptions};

pub use ending::{EndReason, EndReporter, Ending};

/// How long posts that are under way at the end may take.
const FLUSH_LIMIT: Duration = Duration::from_secs(5);

/// Everything a bridge needs to know.
#[derive(Debug, Clone)]
pub struct BridgeOptions {
    /// The bot.
    pub telegram: TelegramOptions,
    /// How agents are started.
    pub agents: AgentOptions,
    /// The limits of a session.
    pub policy: Policy,
    /// How many agents may live at once; at least 1.
    pub max_live: usize,
    /// Where agents work.
    pub workspace: PathBuf,
    /// The data folder.
    pub storage: PathBuf,
    /// The owner that the configuration names.
    pub owner: Option<ChatId>,
    /// A one-number file of older bridges: read at the start, written at a claim.
    pub chat_id_file: Option<PathBuf>,
}

/// The actors that live as long as the bridge.
#[expect(
    missing_debug_implementations,
    reason = "addresses have nothing to show"
)]
pub struct Actors {
    /// Takes updates.
    pub router: Addr<Router>,
    /// Owns the sessions.
    pub supervisor: Addr<SessionSupervisor>,
    /// Takes posts.
    pub outbox: Addr<Outbox>,
}

/// Runs a bridge until a signal, a refused token or a broken store ends it.
///
/// # Errors
///
/// When it cannot start, or when it ended for another reason than a signal.
pub async fn run(options: BridgeOptions, mut ending: Ending) -> Result<()> {
    let telegram = Telegram::new(options.telegram.clone())?;
    let report = ending.reporter();
    let on_fatal = Box::new(move |fault| report.store_failed(fault));
    let store = Store::open(&options.storage, on_fatal)?;
    let left = end_leftovers(&options.agents.marker);
    if left > 0 {
        warn!(
            processes = left,
            "ended what an earlier run had left behind"
        );
    }
    let registry = start_registry(&options, &store)?;
    let actors = start_actors(&options, &store, &telegram, registry.recipient())?;
    let (stop_polling, stopped) = oneshot::channel::<()>();
    let stopped = async move { drop(stopped.await) };
    let router = actors.router.clone().recipient();
    let mut polling = actix_rt::spawn(poll(telegram.clone(), router, stopped));
    let menu = actix_rt::spawn(set_menu(telegram));
    info!("the bridge is ready");
    let reason = tokio::select! {
        reason = ending.wait() => reason,
        end = &mut polling => EndReason::from_poll(end.context("the poller broke")?),
    };
    info!(%reason, "the bridge stops");
    drop(stop_polling);
    tokio::select! {
        () = stop_all(&actors, polling) => {}
        second = ending.wait() => warn!(reason = %second, "the bridge stops at once"),
    }
    menu.abort();
    store
        .flush()
        .context("the store cannot be closed in order")?;
    reason.into_result()
}

/// Starts the actors over an open store; `registry` says who may come in.
///
/// # Errors
///
/// When the system refuses the thread that serves agents.
pub fn start_actors(
    options: &BridgeOptions,
    store: &Store,
    telegram: &Telegram,
    registry: Recipient<Authorise>,
) -> Result<Actors> {
    let outbox = Outbox::new(Sender::new(telegram.clone()).start().recipient()).start();
    let post_ids = PostIds::default();
    let session = session_doors(options, store, &outbox, &post_ids)?;
    let supervisor = SessionSupervisor::new(SupervisorDoors {
        max_live: options.max_live,
        session,
    })
    .start();
    let router = Router::new(RouterDoors {
        registry,
        supervisor: supervisor.clone().recipient(),
        outbox: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        bot_username: None,
        post_ids,
    })
    .start();
    Ok(Actors {
        router,
        supervisor,
        outbox,
    })
}

fn session_doors(
    options: &BridgeOptions,
    store: &Store,
    outbox: &Addr<Outbox>,
    post_ids: &PostIds,
) -> Result<SessionDoors> {
    let guard = own_program();
    let containment = Containment::probe(&guard);
    info!(
        containment = containment.name(),
        "how agents are held together"
    );
    let launcher = ClaudeLauncher::new(options.agents.clone(), containment, guard)
        .context("cannot prepare to start agents")?;
    let generations = AtomicU64::new(1);
    Ok(SessionDoors {
        policy: options.policy,
        folder: options.workspace.clone(),
        launcher: Arc::new(launcher),
        store: Arc::new(store.clone()),
        outbox: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        post_ids: post_ids.clone(),
        conversation_ids: Arc::new(|| ConversationId(uuid::Uuid::new_v4().to_string())),
        generations: Arc::new(move || Generation(generations.fetch_add(1, Ordering::Relaxed))),
    })
}

fn start_registry(options: &BridgeOptions, store: &Store) -> Result<Addr<UserRegistry>> {
    let owner_in_file = match &options.chat_id_file {
        Some(path) => chat_id_file::read(path)?,
        None => None,
    };
    let configured_owner = options.owner.or(owner_in_file).map(|chat| UserId(chat.0));
    let [a, b, c, d, .., e, f, g, h] = *uuid::Uuid::new_v4().as_bytes();
    let claim_code = claim_code_from([a, b, c, d, e, f, g, h]);
    if configured_owner.is_none() && stored_owner(store.users()?).is_none() {
        print_claim_code(&claim_code);
    }
    let on_claim = options
        .chat_id_file
        .clone()
        .map(|path| claim_file::Writer::new(path).start());
    let start = RegistryStart {
        configured_owner,
        claim_code,
        on_claim: on_claim.map(Addr::recipient),
    };
    Ok(UserRegistry::new(Arc::new(store.clone()), start).start())
}

#[expect(
    clippy::print_stdout,
    reason = "the code is for the person at this terminal"
)]
fn print_claim_code(code: &str) {
    println!("This bridge belongs to nobody yet. To claim it, send to your bot: /start {code}");
}

async fn set_menu(telegram: Telegram) {
    if let Err(error) = set_commands(&telegram, MENU).await {
        warn!(%error, "the command menu is not set");
    }
}

async fn stop_all(actors: &Actors, polling: JoinHandle<PollEnd>) {
    if !polling.is_finished()
        && let Err(error) = polling.await
    {
        warn!(%error, "the poller did not end in order");
    }
    if actors.supervisor.send(EndAll).await.is_err() {
        warn!("the session supervisor is gone already");
    }
    if actors
        .outbox
        .send(Flush {
            within: FLUSH_LIMIT,
        })
        .await
        .is_err()
    {
        warn!("the outbox is gone already");
    }
}

/// Keeps other processes of the same user from reading this one's memory and environment, where
/// the token is.
pub fn hide_memory() {
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        warn!(%error, "the bridge's memory can be read by other processes of its user");
    }
}
