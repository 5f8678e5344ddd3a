//! The composition root: builds the edges, starts the actors, waits for the end, stops all in
//! reverse order.

mod claim_file;
mod ending;
mod options;
mod vital;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use actix::prelude::*;
use anyhow::{Context as _, Result};
use bridge_actors::ids::{ChatId, ConversationId, Generation, UserId};
use bridge_actors::outbox::{Flush, Outbox, PostIds};
use bridge_actors::ports::{UserRecord, UserStore};
use bridge_actors::router::{MENU, RouteBatch, Router, RouterDoors};
use bridge_actors::session::SessionDoors;
use bridge_actors::session::settings::SettingsBook;
use bridge_actors::session_supervisor::{EndAll, SessionSupervisor, SupervisorDoors};
use bridge_actors::user_registry::{RegistryStart, UserRegistry, claim_code_from, stored_owner};
use futures_util::FutureExt as _;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::claude::command_line::AgentOptions;
use crate::claude::guard::{Containment, own_program};
use crate::claude::leftovers::end_leftovers;
use crate::claude::process::ClaudeLauncher;
use crate::store::{Store, chat_id_file};
use crate::telegram::commands::{Audience, set_menu};
use crate::telegram::me::identify;
use crate::telegram::poller::{PollEnd, poll};
use crate::telegram::sender::Sender;
use crate::telegram::{Telegram, TelegramOptions};

use vital::Vital;

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
    /// What each chat's session goes by.
    pub book: SettingsBook,
    /// How many agents may live at once; at least 1.
    pub max_live: usize,
    /// The data folder.
    pub storage: PathBuf,
    /// The owner that the configuration names.
    pub owner: Option<ChatId>,
    /// A one-number file of older bridges: read at the start, written at a claim.
    pub chat_id_file: Option<PathBuf>,
}

/// The actors that are told to stop, and all that must live until then.
struct Actors {
    router: Addr<Router>,
    supervisor: Addr<SessionSupervisor>,
    outbox: Addr<Outbox>,
    vital: Vital,
}

/// Runs a bridge until a signal, a refused token or a broken store ends it.
///
/// # Errors
///
/// When it cannot start, or when it ended for another reason than a signal.
pub async fn run(options: BridgeOptions, mut ending: Ending) -> Result<()> {
    // Both take milliseconds, and neither needs the other.
    let containment = thread::spawn(|| Containment::probe(&own_program()));
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
    let containment = containment.join().unwrap_or(Containment::Tree);
    let launcher = ClaudeLauncher::new(options.agents.clone(), containment, own_program())
        .context("cannot prepare to start agents")?;
    info!(
        containment = containment.name(),
        "how agents are held together"
    );
    let actors = start_actors(&options, &store, &telegram, &registry, launcher);
    let (stop_polling, stopped) = oneshot::channel::<()>();
    let stopped = async move { drop(stopped.await) };
    let router = actors.router.clone().recipient();
    let mut polling = actix_rt::spawn(receive(telegram.clone(), router, stopped));
    let menu = actix_rt::spawn(show_menu(telegram));
    info!("the bridge is ready");
    let reason = tokio::select! {
        reason = ending.wait() => reason,
        end = &mut polling => EndReason::from_poll(end.context("the poller broke")?),
        gone = actors.vital.first_gone() => EndReason::Broken(gone),
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
fn start_actors(
    options: &BridgeOptions,
    store: &Store,
    telegram: &Telegram,
    registry: &Addr<UserRegistry>,
    launcher: ClaudeLauncher,
) -> Actors {
    let sender = Sender::new(telegram.clone()).start();
    let outbox = Outbox::new(sender.clone().recipient(), None).start();
    let post_ids = PostIds::default();
    let session = session_doors(store, &outbox, &post_ids, launcher);
    let supervisor = SessionSupervisor::new(SupervisorDoors {
        max_live: options.max_live,
        book: Arc::new(options.book.clone()),
        session,
    })
    .start();
    let router = Router::new(RouterDoors {
        registry: registry.clone().recipient(),
        supervisor: supervisor.clone().recipient(),
        outbox: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        bot_username: None,
        post_ids,
    })
    .start();
    let mut vital = Vital::default();
    vital.add("the router is gone after a fault in it", &router);
    vital.add("the user registry is gone after a fault in it", registry);
    vital.add(
        "the session supervisor is gone after a fault in it",
        &supervisor,
    );
    vital.add("the outbox is gone after a fault in it", &outbox);
    vital.add("the sender is gone after a fault in it", &sender);
    Actors {
        router,
        supervisor,
        outbox,
        vital,
    }
}

fn session_doors(
    store: &Store,
    outbox: &Addr<Outbox>,
    post_ids: &PostIds,
    launcher: ClaudeLauncher,
) -> SessionDoors {
    let generations = AtomicU64::new(1);
    SessionDoors {
        launcher: Arc::new(launcher),
        store: Arc::new(store.clone()),
        outbox: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        post_ids: post_ids.clone(),
        conversation_ids: Arc::new(|| ConversationId(uuid::Uuid::new_v4().to_string())),
        generations: Arc::new(move || Generation(generations.fetch_add(1, Ordering::Relaxed))),
    }
}

fn start_registry(options: &BridgeOptions, store: &Store) -> Result<Addr<UserRegistry>> {
    let owner_in_file = match &options.chat_id_file {
        Some(path) => chat_id_file::read(path)?,
        None => None,
    };
    let configured_owner = options.owner.or(owner_in_file).map(|chat| UserId(chat.0));
    let [a, b, c, d, .., e, f, g, h] = *uuid::Uuid::new_v4().as_bytes();
    let claim_code = claim_code_from([a, b, c, d, e, f, g, h]);
    if configured_owner.is_none() && stored_owner(all_users(store)?).is_none() {
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

fn all_users(store: &Store) -> Result<Vec<UserRecord>> {
    let mut users = Vec::new();
    store.scan(&mut |user| users.push(user))?;
    Ok(users)
}

#[expect(
    clippy::print_stdout,
    reason = "the code is for the person at this terminal"
)]
fn print_claim_code(code: &str) {
    println!("This bridge belongs to nobody yet. To claim it, send to your bot: /start {code}");
}

/// Learns who the bot is, then polls.
async fn receive(
    telegram: Telegram,
    router: Recipient<RouteBatch>,
    stopped: impl Future<Output = ()>,
) -> PollEnd {
    let stopped = stopped.shared();
    match identify(&telegram, stopped.clone()).await {
        Ok(us) => poll(telegram, us, router, stopped).await,
        Err(end) => end,
    }
}

async fn show_menu(telegram: Telegram) {
    if let Err(error) = set_menu(&telegram, Audience::Everyone, MENU).await {
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
