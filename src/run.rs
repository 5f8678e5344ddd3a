//! The composition root: builds the edges, starts the actors, waits for the end, stops all in
//! reverse order.

mod chat_id_file;
mod doors;
mod ending;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use anyhow::{Context as _, Result};
use bridge_actors::outbox::{Flush, Outbox, PostIds};
use bridge_actors::router::{Router, RouterDoors};
use bridge_actors::session::policy::Policy;
use bridge_actors::session_supervisor::{EndAll, SessionSupervisor, SupervisorDoors};
use bridge_actors::user_registry::{RegistryStart, UserRegistry, claim_code_from};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::claude::command_line::AgentOptions;
use crate::claude::guard::{Containment, own_program};
use crate::claude::leftovers::end_leftovers;
use crate::claude::process::ClaudeLauncher;
use crate::store::Store;
use crate::telegram::poller::{PollEnd, poll};
use crate::telegram::sender::Sender;
use crate::telegram::{Telegram, TelegramOptions};

pub use ending::{EndReason, Ending};

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
    pub owner: Option<i64>,
    /// A one-number file of older bridges: read at the start, written at a claim.
    pub chat_id_file: Option<PathBuf>,
    /// Whether the claim code is printed when nobody owns the bridge.
    pub commands: Vec<(&'static str, &'static str)>,
}

/// Runs a bridge until a signal, a refused token or a broken store ends it.
///
/// # Errors
///
/// When it cannot start, or when it ended for a reason that a restart may mend.
pub async fn run(options: BridgeOptions, mut ending: Ending) -> Result<()> {
    let store = open_store(&options, &ending)?;
    let left = end_leftovers(&options.agents.marker);
    if left > 0 {
        warn!(processes = left, "ended what an earlier run had left behind");
    }
    let telegram = Telegram::new(options.telegram.clone())?;
    let actors = start_actors(&options, &store, &telegram)?;
    let (stop_polling, stopped) = watch::channel(());
    let router = actors.router.clone().recipient();
    let mut polling = actix::spawn(poll(telegram.clone(), router, stopped));
    let menu = actix::spawn(set_menu(telegram, options.commands.clone()));
    let reason = tokio::select! {
        reason = ending.wait() => reason,
        end = &mut polling => poll_ended(end.context("the poller broke")?),
    };
    info!(%reason, "the bridge stops");
    drop(stop_polling);
    let orderly = stop_all(&actors, polling);
    tokio::select! {
        () = orderly => {}
        second = ending.wait() => warn!(reason = %second, "the bridge stops at once"),
    }
    menu.abort();
    drop(actors);
    store.close().context("the store cannot be closed in order")?;
    reason.into_result()
}

/// The actors that live as long as the bridge.
struct Actors {
    router: Addr<Router>,
    supervisor: Addr<SessionSupervisor>,
    outbox: Addr<Outbox>,
}

fn open_store(options: &BridgeOptions, ending: &Ending) -> Result<Arc<Store>> {
    let report = ending.reporter();
    let store = Store::open(&options.storage, move |fault| report.store_failed(fault))?;
    Ok(Arc::new(store))
}

fn start_actors(options: &BridgeOptions, store: &Arc<Store>, telegram: &Telegram) -> Result<Actors> {
    let guard = own_program();
    let containment = Containment::probe(&guard);
    info!(containment = containment.name(), "agents are contained");
    let launcher = ClaudeLauncher::new(options.agents.clone(), containment, guard)
        .context("cannot prepare to start agents")?;
    let outbox = Outbox::new(Sender::new(telegram.clone()).start().recipient()).start();
    let post_ids = PostIds::default();
    let session = doors::session_doors(options, store, launcher, &outbox, &post_ids);
    let supervisor =
        SessionSupervisor::new(SupervisorDoors { max_live: options.max_live, session }).start();
    let registry = start_registry(options, store)?;
    let router = Router::new(RouterDoors {
        registry: registry.recipient(),
        supervisor: supervisor.clone().recipient(),
        outbox: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        post_ids,
        bot_username: None,
    })
    .start();
    Ok(Actors { router, supervisor, outbox })
}

fn start_registry(options: &BridgeOptions, store: &Arc<Store>) -> Result<Addr<UserRegistry>> {
    let owner_in_file = chat_id_file::read(options.chat_id_file.as_deref())?;
    let random = *uuid::Uuid::new_v4().as_bytes();
    let [a, b, c, d, e, f, .., g, h] = random;
    let claim_code = claim_code_from([a, b, c, d, e, f, g, h]);
    let on_claim = chat_id_file::Writer::new(options.chat_id_file.clone()).start().recipient();
    let start = RegistryStart {
        configured_owner: options.owner.or(owner_in_file).map(bridge_actors::ids::UserId),
        claim_code: claim_code.clone(),
        on_claim: Some(on_claim),
    };
    let registry = UserRegistry::new(store.clone(), start)?;
    if registry.is_unclaimed() {
        print_claim_code(&claim_code);
    }
    Ok(registry.start())
}

#[expect(clippy::print_stdout, reason = "the code is for the person at this terminal, not for a log")]
fn print_claim_code(code: &str) {
    println!("This bridge belongs to nobody yet. To claim it, send your bot: /start {code}");
}

async fn set_menu(telegram: Telegram, commands: Vec<(&'static str, &'static str)>) {
    if let Err(error) = crate::telegram::commands::set_commands(&telegram, &commands).await {
        warn!(%error, "the command menu is not set");
    }
}

fn poll_ended(end: PollEnd) -> EndReason {
    match end {
        PollEnd::Stopped => EndReason::Signal("the poller stopped"),
        PollEnd::TokenRefused => EndReason::TokenRefused,
    }
}

async fn stop_all(actors: &Actors, polling: tokio::task::JoinHandle<PollEnd>) {
    if let Err(error) = polling.await {
        warn!(%error, "the poller did not end in order");
    }
    if actors.supervisor.send(EndAll).await.is_err() {
        warn!("the session supervisor is gone already");
    }
    if actors.outbox.send(Flush { within: FLUSH_LIMIT }).await.is_err() {
        warn!("the outbox is gone already");
    }
}
