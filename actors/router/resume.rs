//! Pure: which open prompts of an earlier run may go on.

use std::collections::{HashMap, HashSet};

use super::texts;
use crate::ids::SessionKey;
use crate::outbox::{Body, Post, PostAction, PostIds, Rank, Sound};
use crate::ports::{JournalEntry, OpenPrompt, Stage};
use crate::user_registry::Errand;

/// Which errands may go on.
pub(super) type Going = HashMap<Errand, bool>;

/// What becomes of the open prompts of one session.
pub(super) struct Resumption {
    /// What does not go on, and the word about it.
    pub(super) entry: JournalEntry,
    /// Whether something is left that a session has to do by itself. An interrupted prompt waits
    /// for a press, which starts the session.
    pub(super) has_work_left: bool,
}

/// Returns every errand once.
pub(super) fn errands(open: &[(SessionKey, Vec<OpenPrompt>)]) -> Vec<Errand> {
    let mut seen = HashSet::new();
    let all = open.iter().flat_map(|(key, prompts)| {
        prompts.iter().map(|open| Errand {
            chat: key.chat,
            author: open.prompt.author,
        })
    });
    all.filter(|errand| seen.insert(*errand)).collect()
}

/// Returns what becomes of the open prompts of a session; what nobody vouches for does not go on.
pub(super) fn refuse_to_resume(
    key: SessionKey,
    open: &[OpenPrompt],
    going: &Going,
    ids: &PostIds,
) -> Resumption {
    let goes_on = |open: &OpenPrompt| {
        let errand = Errand {
            chat: key.chat,
            author: open.prompt.author,
        };
        going.get(&errand) == Some(&true)
    };
    let waits_for_press = |open: &OpenPrompt| matches!(open.stage, Stage::Interrupted { .. });
    let (going, refused): (Vec<_>, Vec<_>) = open.iter().partition(|open| goes_on(open));
    let has_work_left = going.iter().any(|open| !waits_for_press(open));
    let told = refused.iter().filter(|open| !waits_for_press(open)).count();
    let post = (told > 0).then(|| Post {
        key,
        action: PostAction::Send {
            id: ids.next(),
            body: Body::Plain(texts::not_resumed(told)),
            reply_to: None,
            sound: Sound::Ring,
        },
        rank: Rank::Answer,
    });
    let closed = refused.iter().map(|open| open.prompt.id.clone());
    Resumption {
        entry: JournalEntry {
            closed: closed.collect(),
            posts: post.into_iter().collect(),
            ..JournalEntry::default()
        },
        has_work_left,
    }
}
