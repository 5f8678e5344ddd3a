//! Tells administrators what only they can change: once, or each time that it comes about.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use actix::Addr;
use bridge_actors::home_use::HomeUse;
use bridge_actors::ids::{ChatId, SessionKey, UserId};
use bridge_actors::outbox::{Body, Outbox, Post, PostAction, PostIds, Rank, Sound};
use bridge_actors::session::used_up_of;
use bridge_actors::size::in_words;
use bridge_actors::user_registry::{Admins, UserRegistry};
use bridge_actors::visible::visible_line;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tracing::warn;

use super::LANGUAGE;
use super::edges::Edges;

/// What was told last, by its digest.
const TOLD: &str = "told-administrators";

/// How much of a name is shown, in characters.
const MOST_OF_NAME: usize = 24;

/// Tells each administrator, unless the same was told before.
pub(super) async fn tell_once(
    text: &str,
    admins: &[UserId],
    storage: &Path,
    (outbox, ids): (&Addr<Outbox>, &PostIds),
) {
    let digest = Sha256::digest(text.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let told = storage.join(TOLD);
    if fs::read_to_string(&told).is_ok_and(|before| before == digest) {
        return;
    }
    for admin in admins {
        let post = post(*admin, LANGUAGE.say().rooms_told(text), ids);
        if let Err(error) = outbox.send(post).await {
            warn!(%error, "cannot tell an administrator");
            return;
        }
    }
    if let Err(error) = fs::write(&told, digest) {
        warn!(%error, "administrators are told again at the next start");
    }
}

/// Tells the administrators of a shared bridge of homes that become full; whoever works there is told
/// in their chat.
pub(super) fn tell_of_full_homes(
    edges: &Edges,
    registry: &Addr<UserRegistry>,
    outbox: &Addr<Outbox>,
) {
    let (full, mut heard) = mpsc::unbounded_channel();
    edges
        .launcher
        .tell_of_full_homes(Arc::new(move |key, home| {
            full.send((key, home)).ok();
        }));
    let (registry, outbox, ids) = (registry.clone(), outbox.clone(), edges.post_ids.clone());
    actix_rt::spawn(async move {
        while let Some((key, home)) = heard.recv().await {
            let admins = match registry.send(Admins).await {
                Ok(Ok(admins)) => admins,
                Ok(Err(_)) | Err(_) => Vec::new(),
            };
            let others = admins.into_iter().filter(|admin| admin.0 != key.chat.0);
            for admin in others {
                let post = post(admin, full_home(key, home), &ids);
                if let Err(error) = outbox.send(post).await {
                    warn!(%error, "cannot tell an administrator");
                }
            }
        }
    });
}

/// Tells the administrators when a person has used up what they may spend in a day, with a button
/// that allows more.
pub(super) fn tell_of_used_up(edges: &Edges, registry: &Addr<UserRegistry>, outbox: &Addr<Outbox>) {
    let (used_up, mut heard) = mpsc::unbounded_channel();
    edges.purse.tell(Box::new(move |key, by, day| {
        used_up.send((key, by, day)).ok();
    }));
    let (registry, outbox, ids) = (registry.clone(), outbox.clone(), edges.post_ids.clone());
    let purse = Arc::clone(&edges.purse);
    actix_rt::spawn(async move {
        while let Some((key, by, day)) = heard.recv().await {
            let admins = match registry.send(Admins).await {
                Ok(Ok(admins)) => admins,
                Ok(Err(_)) | Err(_) => Vec::new(),
            };
            let name = purse.ledger().name_of(by).unwrap_or_default();
            let name: String = visible_line(&name).chars().take(MOST_OF_NAME).collect();
            let who = format!("{name} {by}");
            let body = used_up_of(LANGUAGE.say(), who.trim(), (key, by, day));
            let others = admins.into_iter().filter(|admin| admin.0 != key.chat.0);
            for admin in others {
                let post = post_of(admin, body.clone(), &ids);
                if let Err(error) = outbox.send(post).await {
                    warn!(%error, "cannot tell an administrator");
                }
            }
        }
    });
}

fn full_home(key: SessionKey, home: HomeUse) -> String {
    let (used, limit) = (in_words(home.used), in_words(home.limit));
    LANGUAGE.say().home_full_of(key, used, limit)
}

fn post(admin: UserId, text: String, ids: &PostIds) -> Post {
    post_of(admin, Body::Plain(text), ids)
}

fn post_of(admin: UserId, body: Body, ids: &PostIds) -> Post {
    Post {
        key: SessionKey::of_chat(ChatId(admin.0)),
        action: PostAction::Send {
            id: ids.next(),
            body,
            reply_to: None,
            sound: Sound::Ring,
        },
        rank: Rank::Answer,
    }
}
