//! Looks after the conversations of a session's folder: which are the session's, who has one, and
//! that no two sessions go on with the same.

mod keeper;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix::Recipient;
use bridge_actors::chat_settings::{HostSettings, Wall};
use bridge_actors::ids::{ConversationId, SessionKey};
use bridge_actors::ports::{
    ArchiveDeed, ArchiveDone, ArchiveOrder, ArchiveOutcome, ArchivePage, BegunIn, ExportForm,
    Holder, PastConversation,
};
use tracing::warn;

use super::{ClaudeLauncher, host_config};
use crate::claude::command_line::agent_environment;
use crate::claude::room_view::{CONFIG, level_of};
use crate::claude::transcripts::{
    Entry, Exported, Index, Lying, Refresh, Transcripts, begun_in, begun_in_others, export, is_id,
    process_with, slug_of,
};
use keeper::held;

pub use keeper::{HolderOf, OutgoingOf};
pub(super) use keeper::{Keeper, Live};

/// For how long a look at the transcripts reads what it does not know, before it says what it does.
const BUDGET: Duration = Duration::from_secs(2);

/// Which of the conversations of a folder a session sees.
#[derive(Clone, Copy)]
enum Sight {
    /// All: they lie in a room of its own.
    All,
    /// All that no other chat has begun: the chat is that of the host's user.
    HostUser,
    /// Those that it has begun itself.
    Own,
}

/// The conversations of one session.
#[derive(Clone)]
struct Archive {
    key: SessionKey,
    room: Option<PathBuf>,
    /// A folder that no agent made, and the way from there to that of Claude's files.
    root: PathBuf,
    below: &'static [&'static str],
    folder: PathBuf,
    slug: String,
    sight: Sight,
    current: Option<ConversationId>,
    /// What marks the agents of this bridge.
    marker: String,
    keeper: Arc<Keeper>,
}

impl ClaudeLauncher {
    /// Answers an order about conversations on a thread of its own.
    pub(super) fn look_up_order(&self, order: ArchiveOrder, answers: Recipient<ArchiveDone>) {
        let archive = self.archive(&order);
        let keeper = Arc::clone(&self.archive);
        drop(self.agents.spawn_blocking(move || {
            let outcome = match archive.as_ref().map(Archive::opened) {
                None => nothing(&order.deed),
                Some(Err(error)) => ArchiveOutcome::Failed(error.to_string()),
                Some(Ok((archive, transcripts))) => {
                    let done = archive.look_up(&transcripts, &order, &keeper);
                    done.unwrap_or_else(|error| ArchiveOutcome::Failed(error.to_string()))
                }
            };
            let has_unread = matches!(
                &outcome,
                ArchiveOutcome::Listed(page) if page.n_unread > 0
            );
            let asked_in = order.asked_in;
            if answers.try_send(ArchiveDone { asked_in, outcome }).is_err() {
                warn!("a session does not take what became of its conversations");
            }
            if has_unread && let Some(archive) = archive {
                archive.read_on();
            }
        }));
    }

    /// Returns where the conversations of a session lie; `None` where it can have none.
    fn archive(&self, order: &ArchiveOrder) -> Option<Archive> {
        if order.wall == Wall::Refused {
            return None;
        }
        let options = self.options();
        let home = self.homes.as_ref().map(|homes| homes(order.room));
        let room = home.as_ref().and_then(|home| home.parent());
        let room = room.map(Path::to_owned);
        let is_walled = level_of(order.wall).is_some();
        let (root, below): (PathBuf, &'static [&'static str]) = match (&room, is_walled) {
            (Some(room), true) => (room.clone(), &["home", CONFIG]),
            (None, true) => return None,
            (_, false) => {
                let environment = self.environment.clone();
                let environment = agent_environment(&options, order.key, environment);
                (host_config(&environment)?, &[])
            }
        };
        let is_host_user = order.host_settings == HostSettings::Kept && order.key.chat.is_private();
        Some(Archive {
            key: order.key,
            room,
            root,
            below,
            folder: order.folder.clone(),
            slug: String::new(),
            sight: match (is_walled, is_host_user) {
                (true, _) => Sight::All,
                (false, true) => Sight::HostUser,
                (false, false) => Sight::Own,
            },
            current: order.current.clone(),
            marker: options.marker,
            keeper: Arc::clone(&self.archive),
        })
    }
}

impl Archive {
    /// Returns it with its transcripts; the folder is known by its real path.
    fn opened(&self) -> std::io::Result<(Self, Transcripts)> {
        let folder = self.folder.canonicalize();
        let folder = folder.unwrap_or_else(|_| self.folder.clone());
        let slug = slug_of(&folder);
        let transcripts = Transcripts::open(&self.root, self.below, &slug)?;
        let opened = Self {
            folder,
            slug,
            ..self.clone()
        };
        Ok((opened, transcripts))
    }

    fn look_up(
        &self,
        transcripts: &Transcripts,
        order: &ArchiveOrder,
        keeper: &Keeper,
    ) -> std::io::Result<ArchiveOutcome> {
        let id = match &order.deed {
            ArchiveDeed::List { words, page, size } => {
                let page = self.list(transcripts, words, (*page, *size))?;
                return Ok(ArchiveOutcome::Listed(page));
            }
            ArchiveDeed::Look { id }
            | ArchiveDeed::Export { id, .. }
            | ArchiveDeed::Delete { id }
            | ArchiveDeed::Claim { id } => id,
        };
        let Some(past) = self.find(transcripts, id)? else {
            return Ok(ArchiveOutcome::Missing);
        };
        Ok(match &order.deed {
            ArchiveDeed::List { .. } | ArchiveDeed::Look { .. } => ArchiveOutcome::Found(past),
            ArchiveDeed::Export { form, .. } => {
                let say = order.language.say();
                self.export(transcripts, &past, (*form, say), (order.room, keeper))?
            }
            ArchiveDeed::Delete { .. } => match self.taken(id) {
                Some(holder) => ArchiveOutcome::Held(holder),
                None => {
                    transcripts.remove(&id.0)?;
                    ArchiveOutcome::Deleted
                }
            },
            ArchiveDeed::Claim { .. } => match self.taken(id) {
                Some(holder) => ArchiveOutcome::Held(holder),
                None => match keeper.claim(id, self.key) {
                    Ok(()) => ArchiveOutcome::Free(past),
                    Err(holder) => ArchiveOutcome::Held(holder),
                },
            },
        })
    }

    fn taken(&self, id: &ConversationId) -> Option<Holder> {
        if self.keeper.has_holder(id, self.key) {
            return Some(Holder::Session);
        }
        process_with(&id.0, &self.config(), &self.marker)
    }

    /// Returns the folder of Claude's own files.
    fn config(&self) -> PathBuf {
        let below = self.below.iter();
        below.fold(self.root.clone(), |folder, part| folder.join(part))
    }

    fn list(
        &self,
        transcripts: &Transcripts,
        words: &str,
        (page, size): (usize, usize),
    ) -> std::io::Result<ArchivePage> {
        let (index, Refresh { lying, n_unread }) = self.refreshed(transcripts)?;
        let words = words.to_lowercase();
        let known = self.known();
        let shown = lying.iter().filter_map(|lying| {
            let entry = index.get(&lying.id)?;
            let is_seen = self.sees(&lying.id, entry, &known) && entry.has(&words);
            is_seen.then_some((lying, entry))
        });
        let shown: Vec<_> = shown.collect();
        let size = size.max(1);
        let page = page.min(shown.len().div_ceil(size).max(1) - 1);
        let of_page = shown.iter().skip(page * size).take(size);
        let past = |(lying, entry): &(&_, &_)| self.past(lying, entry, &known);
        Ok(ArchivePage {
            shown: of_page.map(past).collect(),
            page,
            count: shown.len(),
            n_unread,
        })
    }

    fn find(
        &self,
        transcripts: &Transcripts,
        id: &ConversationId,
    ) -> std::io::Result<Option<PastConversation>> {
        if !is_id(&id.0) {
            return Ok(None);
        }
        let lying = transcripts.list()?.into_iter().find(|it| it.id == id.0);
        let known = self.known();
        Ok(lying.and_then(|lying| {
            let entry = Entry::read(transcripts, &lying);
            let is_seen = self.sees(&lying.id, &entry, &known);
            is_seen.then(|| self.past(&lying, &entry, &known))
        }))
    }

    /// Says what is known of one.
    fn past(&self, lying: &Lying, entry: &Entry, known: &Known) -> PastConversation {
        PastConversation {
            id: ConversationId(lying.id.clone()),
            title: entry.title.clone(),
            at: lying.at(),
            turns: entry.turns,
            has_more: entry.has_more,
            begun_in: match entry.is_of_terminal && !known.own.contains(&lying.id) {
                true => BegunIn::Terminal,
                false => BegunIn::Bridge,
            },
            folder: self.folder.clone(),
        }
    }

    /// Tells whether a conversation is the session's own.
    fn sees(&self, id: &str, entry: &Entry, known: &Known) -> bool {
        // Another folder can have the same name among Claude's files.
        let is_here = entry
            .folder
            .as_deref()
            .is_some_and(|it| self.folder == Path::new(it));
        let is_current = self.current.as_ref().is_some_and(|it| it.0 == id);
        let is_own = is_current || known.own.contains(id);
        let is_seen = match self.sight {
            Sight::All => true,
            Sight::HostUser => is_own || !known.of_others.contains(id),
            Sight::Own => is_own,
        };
        is_here && is_seen
    }

    fn known(&self) -> Known {
        let own = self.room.as_deref().map(begun_in).unwrap_or_default();
        let of_others = match (&self.sight, self.room.as_deref()) {
            (Sight::HostUser, Some(room)) => begun_in_others(room),
            (Sight::All | Sight::Own | Sight::HostUser, _) => HashSet::new(),
        };
        Known { own, of_others }
    }

    fn refreshed(&self, transcripts: &Transcripts) -> std::io::Result<(Index, Refresh)> {
        let lock = self
            .room
            .as_deref()
            .map(|room| self.keeper.index_lock(room));
        let _held = lock.as_deref().map(held);
        let mut index = Index::load(self.room.as_deref(), &self.slug);
        let refresh = index.refresh(transcripts, BUDGET)?;
        Ok((index, refresh))
    }

    /// Reads what a list had no time for; others come in between.
    fn read_on(&self) {
        let Some(room) = self.room.clone() else {
            return;
        };
        if !held(&self.keeper.reading).insert(room.clone()) {
            return;
        }
        while let Ok((archive, transcripts)) = self.opened()
            && let Ok((_, refresh)) = archive.refreshed(&transcripts)
            && refresh.n_unread > 0
        {}
        held(&self.keeper.reading).remove(&room);
    }

    fn export(
        &self,
        transcripts: &Transcripts,
        past: &PastConversation,
        (form, say): (ExportForm, bridge_texts::Say),
        (room, keeper): (SessionKey, &Keeper),
    ) -> std::io::Result<ArchiveOutcome> {
        let opened = transcripts.open_one(&past.id.0);
        let file = opened.map_err(std::io::Error::other)?;
        let about = (past.id.0.as_str(), past.title.as_str(), &*past.folder);
        let content = match export(&file, about, form, say)? {
            Exported::File(content) => content,
            Exported::TooLong => return Ok(ArchiveOutcome::TooLong),
        };
        let Some(outgoing) = &keeper.outgoing else {
            return Err(std::io::Error::other("there is no room for files"));
        };
        let sent = outgoing(room, &name_of(past, form), &content)?;
        Ok(sent.map_or(ArchiveOutcome::TooLong, ArchiveOutcome::Exported))
    }
}

/// What is known of who has begun what.
struct Known {
    own: HashSet<String>,
    of_others: HashSet<String>,
}

/// Says that there is nothing.
fn nothing(deed: &ArchiveDeed) -> ArchiveOutcome {
    match deed {
        ArchiveDeed::List { .. } => ArchiveOutcome::Listed(ArchivePage {
            shown: Vec::new(),
            page: 0,
            count: 0,
            n_unread: 0,
        }),
        ArchiveDeed::Look { .. }
        | ArchiveDeed::Export { .. }
        | ArchiveDeed::Delete { .. }
        | ArchiveDeed::Claim { .. } => ArchiveOutcome::Missing,
    }
}

/// Returns a name for a file that every system takes.
fn name_of(past: &PastConversation, form: ExportForm) -> String {
    const MAX_NAME: usize = 40;
    let words = past.title.split(|sign: char| !sign.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(MAX_NAME).collect();
    let name = match name.trim_matches('-') {
        "" => &past.id.0,
        name => name,
    };
    match form {
        ExportForm::Markdown => format!("{name}.md"),
        ExportForm::Json => format!("{name}.json"),
    }
}
