//! The handle of a running playground: start, addresses, snapshots and waits.

use std::fs::File;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::sync::oneshot;

use crate::faults::{Fault, FaultList};
use crate::memory::{Keeper, Memory};
use crate::post::Post;
use crate::recorder::{Call, Violation};
use crate::server;
use crate::shared::Shared;
use crate::view::View;
use crate::world::{BotProfile, World};

/// How to start a playground.
#[derive(Debug, Clone)]
pub struct Options {
    /// The bot token the API accepts, as `<digits>:<secret>`.
    pub token: String,
    /// The loopback port; 0 picks a free one.
    pub port: u16,
    pub page: Page,
    /// A folder that keeps chats, files and the page's address from one run to the next; only its
    /// owner can read it. `None` forgets all at the end. With port 0 the port of the last run is
    /// taken, where it is free.
    pub memory: Option<PathBuf>,
    /// The people with a private chat from the start: user id and name.
    pub people: Vec<(i64, String)>,
    /// The calls and violations kept in the record.
    pub recorded_calls: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            token: "424242:playground-token-for-loopback-only".to_owned(),
            port: 0,
            page: Page::Off,
            memory: None,
            people: Vec::new(),
            recorded_calls: 10_000,
        }
    }
}

/// Whether the chat page is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Off,
    On,
}

/// A running playground; dropping it closes the port and ends its thread.
#[derive(Debug)]
pub struct Playground {
    shared: Arc<Shared>,
    token: String,
    address: SocketAddr,
    page_key: Option<String>,
    ticket: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Playground {
    /// Binds a loopback port and serves it from a thread of its own.
    ///
    /// Fails on a malformed token and on a port in use.
    pub fn start(options: Options) -> Result<Self> {
        let bot_id = parse_bot_id(&options.token)?;
        let folder = options.memory.as_deref();
        let memory = folder.map(Memory::read).transpose()?.flatten();
        let listener = bind(options.port, memory.as_ref().map(|memory| memory.port))?;
        let address = listener
            .local_addr()
            .context("cannot read the bound address")?;
        listener
            .set_nonblocking(true)
            .context("cannot make the listener non-blocking")?;
        let key = match &memory {
            Some(memory) => memory.page_key.clone(),
            None => random_hex()?,
        };
        let keeper = folder.map(|folder| Keeper::new(folder, address.port(), key.clone()));
        let keeper = keeper.transpose()?;
        let shared = Shared::new(new_world(&options, bot_id, memory)?);
        let page_key = match options.page {
            Page::Off => None,
            Page::On => Some(key),
        };
        let ticket = random_hex()?;
        let (stop, stopped) = oneshot::channel();
        let site = server::Site {
            shared: Arc::clone(&shared),
            token: options.token.clone(),
            page_key: page_key.clone(),
            ticket: Mutex::new(Some(ticket.clone())),
            address,
        };
        let thread = server::spawn(listener, site, keeper, stopped)?;
        Ok(Self {
            shared,
            token: options.token,
            address,
            page_key,
            ticket,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns the base address for a Bot API client, without a trailing slash.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the secret address of the chat page, if it is on.
    pub fn page_url(&self) -> Option<String> {
        self.page_key
            .as_ref()
            .map(|key| format!("http://{}/page/{key}/", self.address))
    }

    /// Returns an address that leads to the page once. Other users of this machine can see the
    /// arguments of a browser, so it is this one that they may see.
    pub fn opening_url(&self) -> Option<String> {
        let page = self.page_key.as_ref();
        page.map(|_| format!("http://{}/open/{}", self.address, self.ticket))
    }

    /// Returns the token the API accepts.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the user id of the bot.
    pub fn bot_id(&self) -> i64 {
        self.shared.read().bot.id
    }

    /// Returns the user name of the bot, without `@`.
    pub fn bot_username(&self) -> String {
        self.shared.read().bot.username.clone()
    }

    /// Adds a person with a private chat, or renames them.
    pub fn user(&self, person: i64, name: &str) {
        self.shared.change(|world| world.introduce(person, name));
    }

    /// Adds a group that the bot is in; group ids are negative.
    pub fn group(&self, chat_id: i64, title: &str, members: &[i64]) {
        self.shared
            .change(|world| world.add_group(chat_id, title, members));
    }

    /// Refuses every later call to a chat with 403 and this description.
    pub fn close_chat(&self, chat_id: i64, description: &str) {
        self.shared.change(|world| {
            if let Some(chat) = world.chats.get_mut(&chat_id) {
                chat.closed = Some(description.to_owned());
            }
        });
    }

    /// Lets the next update id jump, as Telegram's does after a quiet week.
    pub fn jump_update_ids(&self, next_id: i64) {
        self.shared.change(|world| world.updates.jump_to(next_id));
    }

    /// Adds a fault behind the waiting ones.
    pub fn push_fault(&self, fault: Fault) {
        self.shared.change(|world| world.faults.push(fault));
    }

    /// Forgets all waiting faults.
    pub fn clear_faults(&self) {
        self.shared
            .change(|world| world.faults = FaultList::default());
    }

    /// Returns the posts of a chat, oldest first, deleted ones included.
    pub fn chat(&self, chat_id: i64) -> Vec<Post> {
        self.look(|view| view.posts(chat_id).cloned().collect())
    }

    /// Returns the recorded calls, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.look(|view| view.calls().cloned().collect())
    }

    /// Returns what a correct bot would not have sent; tests expect none.
    pub fn violations(&self) -> Vec<Violation> {
        self.look(|view| view.violations().cloned().collect())
    }

    /// Returns when an update first left in a `getUpdates` answer.
    pub fn handed_out_at(&self, update_id: i64) -> Option<Instant> {
        self.look(|view| view.handed_out_at(update_id))
    }

    /// Returns the commands menu of a chat: command and description.
    pub fn commands(&self, chat_id: i64) -> Vec<(String, String)> {
        self.look(|view| view.commands(chat_id))
    }

    /// Returns the commands a person sees in this chat, or with `None` those of the default scope.
    pub fn commands_for(&self, scope_chat: Option<i64>) -> Vec<(String, String)> {
        self.look(|view| view.commands_for(scope_chat))
    }

    /// Renders chats, last calls and violations as text.
    pub fn transcript(&self) -> String {
        self.look(|view| view.transcript())
    }

    /// Looks at the world once.
    pub fn look<T>(&self, look: impl FnOnce(&View<'_>) -> T) -> T {
        look(&View::new(&self.shared.read()))
    }

    /// Blocks until `check` yields something; checks again at every change.
    ///
    /// Fails after `limit` with a transcript of what did happen.
    pub fn wait_until<T>(
        &self,
        limit: Duration,
        mut check: impl FnMut(&View<'_>) -> Option<T>,
    ) -> Result<T, Timeout> {
        let found = self
            .shared
            .wait(Instant::now() + limit, |world| check(&View::new(world)));
        found.ok_or_else(|| Timeout {
            limit,
            transcript: self.transcript(),
        })
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the playground thread panicked");
        }
    }
}

/// The awaited thing did not happen in time.
pub struct Timeout {
    pub limit: Duration,
    /// What the chats, calls and violations looked like at the end.
    pub transcript: String,
}

impl std::fmt::Display for Timeout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "not seen within {:?}; transcript:\n{}",
            self.limit, self.transcript
        )
    }
}

impl std::fmt::Debug for Timeout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Timeout {}

fn parse_bot_id(token: &str) -> Result<i64> {
    let (id, secret) = token
        .split_once(':')
        .context("a bot token looks like 123456:secret")?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    ensure!(
        !secret.is_empty() && secret.chars().all(allowed),
        "the part of a bot token behind the colon holds letters, digits, _ and - only"
    );
    id.parse()
        .context("the part of a bot token before the colon is a number")
}

/// Binds the port that was asked for, else the one of the last run, else a free one.
fn bind(asked_for: u16, last: Option<u16>) -> Result<TcpListener> {
    let bound = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if let (0, Some(last)) = (asked_for, last)
        && let Ok(listener) = bound(last)
    {
        return Ok(listener);
    }
    bound(asked_for).with_context(|| {
        let hint = match asked_for {
            1..1024 => "; ports below 1024 need root or CAP_NET_BIND_SERVICE",
            _ => "",
        };
        format!("cannot listen on 127.0.0.1:{asked_for}{hint}")
    })
}

fn new_world(options: &Options, bot_id: i64, memory: Option<Memory>) -> Result<World> {
    let bot = BotProfile {
        id: bot_id,
        username: "playground_bot".to_owned(),
        name: "Playground".to_owned(),
        texts: Default::default(),
        commands: Default::default(),
    };
    let [a, b, c, d, ..] = random_bytes()?;
    let first_update_id = i64::from(u32::from_be_bytes([a & 0x1f, b, c, d])) + 1;
    let mut world = World::new(bot, first_update_id, options.recorded_calls);
    if let (Some(memory), Some(folder)) = (memory, &options.memory) {
        world = memory.recall(world, folder);
    }
    for (person, name) in &options.people {
        world.introduce(*person, name);
    }
    Ok(world)
}

fn random_hex() -> Result<String> {
    Ok(random_bytes()?
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn random_bytes() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    let source = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    source.context("cannot read random bytes from /dev/urandom")?;
    Ok(bytes)
}
