//! The composition root: builds the edges, starts the actors, waits for the end, stops all in
//! reverse order.

mod claim_file;
mod edges;
mod ending;
mod erasing;
mod fetching;
mod hearing;
mod menus;
mod notices;
mod options;
mod people;
mod places;
mod polling;
mod reload;
mod service;
mod vital;

use std::convert::Infallible;
use std::env;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix::prelude::*;
use anyhow::{Context as _, Result};
use bridge_actors::budget::Budgets;
use bridge_actors::ids::{ChatId, ConversationId, Generation, UserId};
use bridge_actors::outbox::{Flush, Outbox, OutboxPorts, TellMoves};
use bridge_actors::ports::KeptPost;
use bridge_actors::router::{
    NotResumed, RegistryHandle, ResumeOpen, Router, RouterPorts, SupervisorHandle,
};
use bridge_actors::session::settings::SettingsBook;
use bridge_actors::session::{FetchFiles, SessionPorts, Transcribe};
use bridge_actors::session_supervisor::{EndAll, LockDown, SessionSupervisor, SupervisorPorts};
use bridge_actors::user_registry::{Admins, IsLockedDown, UserRegistry};
use bridge_texts::Language;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tracing::{error, info, warn};

use crate::audit::date_of;
use crate::claude::command_line::AgentOptions;
use crate::claude::process::ClaudeLauncher;
use crate::isolation::IsolationOptions;
use crate::replace_file::replace_file;
use crate::room::{CopyKeeper, InboxLimits};
use crate::store_care::tidy_up_daily;
use crate::telegram::TelegramOptions;
use crate::telegram::paces::PaceKeeper;
use crate::telegram::poller::PollEnd;
use crate::telegram::sender::Sender;

use edges::{Edges, open_edges};
use erasing::{Eraser, go_on_erasing};
use fetching::sweep_inboxes;
use hearing::start_file_actors;
use menus::{MenuKeeper, ShowMenus};
use people::start_registry;
use polling::start_polling;
use reload::Reloader;
use service::Service;
use vital::Vital;

pub use ending::{EndReason, EndReporter, Ending, Wake};
pub use people::{People, rules_of, start_refusal};
pub use reload::ConfigSource;

/// How long posts that are under way at the end may take.
const FLUSH_LIMIT: Duration = Duration::from_secs(5);

/// The language in which the bridge speaks to everybody.
const LANGUAGE: Language = Language::English;

/// Everything a bridge needs to know.
#[derive(Debug, Clone)]
pub struct BridgeOptions {
    /// The bot.
    pub telegram: TelegramOptions,
    /// How agents are started.
    pub agents: AgentOptions,
    /// What is to keep them to their rooms.
    pub isolation: IsolationOptions,
    /// What each chat's session goes by.
    pub book: SettingsBook,
    /// What people may spend.
    pub budgets: Budgets,
    /// How many agents may live at once; at least 1.
    pub max_live: usize,
    /// The data folder.
    pub storage: PathBuf,
    /// How much the files that a chat sends may take.
    pub inbox: InboxLimits,
    /// How long they are kept.
    pub keep_files: Duration,
    /// The owner that the configuration names.
    pub owner: Option<ChatId>,
    /// A one-number file of older bridges: read at the start, written at a claim.
    pub chat_id_file: Option<PathBuf>,
    /// Who else may use it.
    pub people: People,
    /// How long running turns may go on after a signal to stop.
    pub shutdown_grace: Duration,
}

/// The actors that are told to stop, and all that must live until then.
struct Actors {
    router: Addr<Router>,
    supervisor: Addr<SessionSupervisor>,
    outbox: Addr<Outbox>,
    menus: Addr<MenuKeeper>,
    vital: Vital,
}

/// Runs a bridge until a signal, a refused token or a broken store ends it.
///
/// With a source, SIGHUP reads the configuration anew; without one it does nothing.
///
/// # Errors
///
/// When it cannot start, or when it ended for another reason than a signal.
pub async fn run(
    mut options: BridgeOptions,
    source: Option<ConfigSource>,
    mut ending: Ending,
) -> Result<()> {
    let (edges, kept, owner) = open_edges(&mut options, &ending)?;
    let (audit, post_ids) = (edges.audit.clone(), &edges.post_ids);
    let vital = Vital::new();
    let registry = start_registry(&options, owner, &edges.store, post_ids, audit, &vital);
    let admins = find_admins(&options, &registry).await?;
    let actors = start_actors(&options, &edges, &registry, vital, kept);
    go_on_erasing(&edges, &actors.supervisor, &actors.outbox, LANGUAGE.say()).await;
    if let Err(error) = go_on(&registry, &actors).await? {
        // What the outbox has begun is brought to its end, or every start would begin it again.
        end_all(&actors, Duration::ZERO).await;
        edges.store.flush().ok();
        return Err(error).context("cannot resume what was open when the bridge stopped");
    }
    let (stop_polling, mut polling) = start_polling(&edges, &actors);
    let admins_told = admins.clone();
    if let Err(error) = actors.menus.try_send(ShowMenus { admins }) {
        warn!(%error, "cannot set the command menus");
    }
    let reloader = Reloader {
        source,
        owner,
        router: actors.router.clone().recipient(),
        launcher: Arc::clone(&edges.launcher),
        rooms: edges.rooms.clone(),
        isolation: edges.isolation.clone(),
        audit: edges.audit.clone(),
        epoch: options.book.epoch,
        purse: Arc::clone(&edges.purse),
    };
    if let Some(text) = edges
        .isolation
        .to_be_told(&options.agents, |name| env::var_os(name))
    {
        warn!("{text}");
        let posts = (&actors.outbox, &edges.post_ids);
        notices::tell_once(&text, &admins_told, &options.storage, posts).await;
    }
    let backups = tidy_up_daily(edges.store.clone(), options.storage.clone());
    let backups = actix_rt::spawn(backups);
    let sweeping = actix_rt::spawn(sweep_inboxes(edges.rooms.clone(), options.keep_files));
    notices::tell_of_full_homes(&edges, &registry, &actors.outbox);
    notices::tell_of_used_up(&edges, &registry, &actors.outbox);
    info!("the bridge is ready");
    let service = Service::ready();
    let reloading = reloader.serve(&service);
    let reason = serve(&mut ending, &mut polling, &actors.vital, reloading).await;
    let grace = reason.grace(options.shutdown_grace);
    info!(%reason, ?grace, "the bridge stops; a second signal stops it at once");
    service.stopping();
    drop(stop_polling);
    tokio::select! {
        () = stop_all(&actors, polling, grace) => {}
        second = ending.wait() => warn!(reason = %second, "the bridge stops at once"),
    }
    backups.abort();
    sweeping.abort();
    let closed = edges.store.flush();
    closed.context("cannot close the store cleanly")?;
    reason.into_result()
}

/// Waits for a reason to end; reads the configuration anew meanwhile when it is asked to.
async fn serve(
    ending: &mut Ending,
    polling: &mut JoinHandle<PollEnd>,
    vital: &Vital,
    (reload, reloading): (Arc<Notify>, impl Future<Output = Infallible>),
) -> EndReason {
    let mut reloading = pin!(reloading);
    loop {
        tokio::select! {
            wake = ending.wake() => match wake {
                Wake::Reload => reload.notify_one(),
                Wake::End(reason) => return reason,
            },
            end = &mut *polling => return EndReason::from_poll(end.ok()),
            gone = vital.first_gone() => return EndReason::Broken(gone),
            never = &mut reloading => match never {},
        }
    }
}

/// Lets all go on that was open when the bridge stopped; while it is locked down, nothing does.
async fn go_on(registry: &Addr<UserRegistry>, actors: &Actors) -> Result<Result<(), NotResumed>> {
    let Some(lockdown) = registry.send(IsLockedDown).await?? else {
        return Ok(actors.router.send(ResumeOpen).await?);
    };
    let (by, since) = (lockdown.by, date_of(lockdown.since));
    warn!(
        %by,
        since,
        "the bridge is locked down: send /unlock to it, or stop it and run `bridge unlock`"
    );
    actors.supervisor.send(LockDown).await?;
    Ok(Ok(()))
}

/// Returns who manages a bridge of many people. One that asks about strangers and has nobody to
/// ask does not start.
async fn find_admins(
    options: &BridgeOptions,
    registry: &Addr<UserRegistry>,
) -> Result<Vec<UserId>> {
    if options.people.many.is_none() {
        return Ok(Vec::new());
    }
    let admins = registry.send(Admins).await??;
    people::ensure_somebody_decides(&options.people, &admins)?;
    Ok(admins)
}

/// Starts the actors over open edges; `registry` says who may come in, `kept` is still to be
/// delivered.
fn start_actors(
    options: &BridgeOptions,
    edges: &Edges,
    registry: &Addr<UserRegistry>,
    vital: Vital,
    kept: Vec<KeptPost>,
) -> Actors {
    let rooms = edges.rooms.clone();
    let open_copy = Arc::new(move |copy: &str| rooms.open_copy(copy));
    let sender = Sender::new(edges.telegram.clone(), open_copy);
    let sender = vital.start("the sender failed", sender);
    // The outbox tells the supervisor which message a post became, and the supervisor's sessions
    // post to the outbox: one of them is known before it runs.
    let mut supervising = Context::<SessionSupervisor>::new();
    vital.watch("the session supervisor failed", &mut supervising);
    let paces = PaceKeeper::new(&options.storage, replace_file);
    let ports = OutboxPorts {
        edge: sender.clone().recipient(),
        journal: Arc::new(edges.store.clone()),
        on_posted: vec![
            registry.clone().recipient(),
            supervising.address().recipient(),
        ],
        on_draft_refused: vec![supervising.address().recipient()],
        on_files_settled: vec![
            CopyKeeper(edges.rooms.clone()).start().recipient(),
            supervising.address().recipient(),
        ],
        paces: paces.known(),
        on_paces: vec![paces.start().recipient()],
        language: LANGUAGE,
    };
    let files = start_file_actors(options, edges, &vital);
    let outbox = Outbox::new(ports, kept);
    let outbox = vital.start("the outbox failed", outbox);
    let supervisor = supervising.run(SessionSupervisor::new(SupervisorPorts {
        max_live: options.max_live,
        book: Arc::new(options.book.clone()),
        session: session_ports(edges, &outbox, files),
    }));
    let eraser = Eraser::new(edges, &supervisor, &outbox, LANGUAGE.say()).start();
    let menus = MenuKeeper::new(edges.telegram.clone(), LANGUAGE).start();
    let router = RouterPorts {
        registry: RegistryHandle::of(registry),
        sessions: SupervisorHandle::of(&supervisor),
        outbox: outbox.clone().recipient(),
        heard: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        menus: menus.clone().recipient(),
        eraser: eraser.recipient(),
        journal: Arc::new(edges.store.clone()),
        post_ids: edges.post_ids.clone(),
        language: LANGUAGE,
    };
    let router = Router::new(router);
    let router = vital.start("the router failed", router);
    if outbox
        .try_send(TellMoves(router.clone().recipient()))
        .is_err()
    {
        error!("the outbox cannot report groups that have another id");
    }
    Actors {
        router,
        supervisor,
        outbox,
        menus,
        vital,
    }
}

fn session_ports(
    edges: &Edges,
    outbox: &Addr<Outbox>,
    (files, listener): (Recipient<FetchFiles>, Recipient<Transcribe>),
) -> SessionPorts {
    let generations = AtomicU64::new(1);
    let launcher: Arc<ClaudeLauncher> = Arc::clone(&edges.launcher);
    SessionPorts {
        launcher,
        store: Arc::new(edges.store.clone()),
        room: Arc::new(edges.rooms.clone()),
        journal: Arc::new(edges.store.clone()),
        outbox: outbox.clone().recipient(),
        signs: outbox.clone().recipient(),
        files,
        listener,
        audit: edges.audit.clone(),
        post_ids: edges.post_ids.clone(),
        conversation_ids: Arc::new(|| ConversationId(uuid::Uuid::new_v4().to_string())),
        generations: Arc::new(move || Generation(generations.fetch_add(1, Ordering::Relaxed))),
        nonces: Arc::new(people::new_nonce),
        next_time: crate::calendar::next_time,
        purse: Arc::clone(&edges.purse),
    }
}

async fn stop_all(actors: &Actors, polling: JoinHandle<PollEnd>, grace: Duration) {
    if !polling.is_finished()
        && let Err(error) = polling.await
    {
        warn!(%error, "the poller did not end cleanly");
    }
    end_all(actors, grace).await;
}

/// Ends the sessions, then lets the outbox send what waits.
async fn end_all(actors: &Actors, grace: Duration) {
    if actors.supervisor.send(EndAll { grace }).await.is_err() {
        warn!("the session supervisor had already ended");
    }
    if actors
        .outbox
        .send(Flush {
            within: FLUSH_LIMIT,
        })
        .await
        .is_err()
    {
        warn!("the outbox had already ended");
    }
}

/// Keeps other processes of the same user from reading this one's memory and environment, where
/// the token is.
pub fn hide_memory() {
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        warn!(%error, "other processes of the same user can read the bridge's memory");
    }
}
