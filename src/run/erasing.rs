//! Deletes all that a chat has while the bridge runs: its sessions end first, and start none until
//! it is done.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use actix::prelude::*;
use anyhow::{Context as _, Result};
use bridge_actors::audit::{AuditActor, AuditEntry, AuditOutcome};
use bridge_actors::ids::{ChatId, SessionKey, UserId};
use bridge_actors::outbox::{Body, Outbox, Post, PostAction, PostIds, Rank, Sound};
use bridge_actors::router::Erase;
use bridge_actors::session_supervisor::{EmptyChat, ReopenChat, SessionSupervisor};
use bridge_actors::user_registry::Erasure;
use bridge_texts::Say;
use tokio::sync::Mutex;
use tokio::task;
use tracing::{error, info};

use super::edges::Edges;
use crate::erasing::{Erased, entry, erase};
use crate::room::Rooms;
use crate::store::Store;

/// How long an agent may take to die; a killed tree is gone in well under a second.
const DYING_LIMIT: Duration = Duration::from_secs(30);

/// Owns the deletions that are under way.
#[derive(Clone)]
pub(super) struct Eraser {
    rooms: Rooms,
    store: Store,
    empty: Recipient<EmptyChat>,
    reopen: Recipient<ReopenChat>,
    outbox: Recipient<Post>,
    audit: Recipient<AuditEntry>,
    post_ids: PostIds,
    say: Say,
    /// The chats whose deletion is under way: a second press has nothing to add to it.
    under_way: Rc<RefCell<BTreeSet<ChatId>>>,
    /// They go one after the other, so that none takes another's folders for its own.
    one_by_one: Rc<Mutex<()>>,
}

impl Eraser {
    pub(super) fn new(
        edges: &Edges,
        supervisor: &Addr<SessionSupervisor>,
        outbox: &Addr<Outbox>,
        say: Say,
    ) -> Self {
        Self {
            rooms: edges.rooms.clone(),
            store: edges.store.clone(),
            empty: supervisor.clone().recipient(),
            reopen: supervisor.clone().recipient(),
            outbox: outbox.clone().recipient(),
            audit: edges.audit.clone(),
            post_ids: edges.post_ids.clone(),
            say,
            under_way: Rc::default(),
            one_by_one: Rc::default(),
        }
    }

    /// Deletes what it is noted of that it is to go; returns how many files that were.
    async fn end(&self, chat: ChatId) -> Result<(u64, Erased)> {
        let emptied = self.empty.send(EmptyChat(chat)).timeout(DYING_LIMIT);
        emptied.await.context("its agent does not end")?;
        let (rooms, store) = (self.rooms.clone(), self.store.clone());
        let erasing = move || {
            let left = rooms.left_by(chat)?;
            anyhow::Ok((left.files, erase(&rooms, &store, chat)?))
        };
        let erased = task::spawn_blocking(erasing).await??;
        let reopened = self.reopen.send(ReopenChat(chat));
        reopened.await.context("no session can be started")?;
        Ok(erased)
    }

    async fn erase(self, Erasure { chat, by, shown }: Erasure) {
        let ended = {
            let _turn = self.one_by_one.lock().await;
            self.end(chat).await
        };
        self.under_way.borrow_mut().remove(&chat);
        let outcome = match &ended {
            Ok((files, Erased::All)) => {
                info!(%chat, files, "deleted what a chat had");
                AuditOutcome::Done
            }
            Ok((_, Erased::OutOfSight(error))) => {
                error!(%chat, %error, "a part of what a chat had cannot be removed");
                AuditOutcome::Refused("disk")
            }
            Err(error) => {
                error!(%chat, error = format!("{error:#}"), "cannot delete what a chat had");
                AuditOutcome::Refused("disk")
            }
        };
        self.note((chat, by), outcome);
        let text = match ended {
            Ok((_, Erased::OutOfSight(_))) => self.say.erase_not_removed(),
            Ok((files, Erased::All)) if chat.0 == by.0 => self.say.erase_done(count(files)),
            Ok((files, Erased::All)) => self.say.erase_done_of(chat, count(files)),
            Err(_) => self.say.erase_not_ended(),
        };
        self.tell(shown.0, text).await;
    }

    fn note(&self, (chat, by): (ChatId, UserId), outcome: AuditOutcome) {
        let entry = entry(AuditActor::User(by), chat, outcome);
        if let Err(error) = self.audit.try_send(entry) {
            error!(%error, "the audit log does not accept a line");
        }
    }

    async fn tell(&self, chat: ChatId, text: String) {
        let told = self.outbox.send(post(chat, text, &self.post_ids)).await;
        if let Err(error) = told {
            error!(%chat, %error, "the outbox does not accept a message");
        }
    }
}

impl Actor for Eraser {
    type Context = Context<Self>;
}

impl Handler<Erase> for Eraser {
    type Result = ResponseFuture<()>;

    /// Answers when it is noted that all is to go: a crash from then on is made up for by the next
    /// start.
    fn handle(&mut self, Erase(erasure): Erase, _: &mut Self::Context) -> Self::Result {
        let eraser = self.clone();
        if !eraser.under_way.borrow_mut().insert(erasure.chat) {
            return Box::pin(std::future::ready(()));
        }
        Box::pin(async move {
            let (rooms, chat) = (eraser.rooms.clone(), erasure.chat);
            let told_in = Some(erasure.shown.0);
            let noted = task::spawn_blocking(move || rooms.note_leaving(chat, told_in)).await;
            let noted = noted.unwrap_or_else(|error| Err(error.into()));
            match noted {
                Ok(()) => drop(actix_rt::spawn(eraser.erase(erasure))),
                Err(error) => {
                    eraser.under_way.borrow_mut().remove(&chat);
                    error!(%chat, %error, "cannot note that a chat's data is to be deleted");
                    eraser.note((chat, erasure.by), AuditOutcome::Refused("disk"));
                    let text = eraser.say.erase_not_begun();
                    eraser.tell(erasure.shown.0, text).await;
                }
            }
        })
    }
}

/// Goes on with the deletions that an earlier run did not end: where that was done at the start,
/// whoever wanted it is told, and where it could not be, nothing runs.
pub(super) async fn go_on_erasing(
    edges: &Edges,
    supervisor: &Addr<SessionSupervisor>,
    outbox: &Addr<Outbox>,
    say: Say,
) {
    for chat in &edges.erasures.failed {
        if let Err(error) = supervisor.send(EmptyChat(*chat)).await {
            error!(%chat, %error, "cannot keep a chat from running");
        }
    }
    for (chat, told_in) in &edges.erasures.done {
        for place in told_in {
            let text = match place == chat {
                true => say.erase_done_late(),
                false => say.erase_done_late_of(chat),
            };
            let told = outbox.send(post(*place, text, &edges.post_ids));
            if let Err(error) = told.await {
                error!(%chat, %error, "the outbox does not accept a message");
            }
        }
    }
}

fn post(chat: ChatId, text: String, ids: &PostIds) -> Post {
    let action = PostAction::Send {
        id: ids.next(),
        body: Body::Plain(text),
        reply_to: None,
        sound: Sound::Ring,
    };
    Post {
        key: SessionKey::of_chat(chat),
        action,
        rank: Rank::Answer,
    }
}

fn count(files: u64) -> usize {
    usize::try_from(files).unwrap_or(usize::MAX)
}
