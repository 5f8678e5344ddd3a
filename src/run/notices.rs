//! Tells administrators once what only they can change.

use std::fs;
use std::path::Path;

use actix::Addr;
use bridge_actors::ids::{ChatId, SessionKey, UserId};
use bridge_actors::outbox::{Body, Outbox, Post, PostAction, PostIds, Rank, Sound};
use sha2::{Digest as _, Sha256};
use tracing::warn;

use super::LANGUAGE;

/// What was told last, by its digest.
const TOLD: &str = "told-administrators";

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
        let post = Post {
            key: SessionKey::of_chat(ChatId(admin.0)),
            action: PostAction::Send {
                id: ids.next(),
                body: Body::Plain(LANGUAGE.say().rooms_told(text)),
                reply_to: None,
                sound: Sound::Ring,
            },
            rank: Rank::Answer,
        };
        if let Err(error) = outbox.send(post).await {
            warn!(%error, "cannot tell an administrator");
            return;
        }
    }
    if let Err(error) = fs::write(&told, digest) {
        warn!(%error, "administrators are told again at the next start");
    }
}
