//! Pure: what an earlier run left open and may go on.

use std::collections::{HashMap, HashSet};

use bridge_texts::Say;

use crate::ids::SessionKey;
use crate::outbox::{Body, Post, PostAction, PostIds, Rank, Sound};
use crate::ports::{JournalEntry, Open};
use crate::user_registry::{Initiator, Role};

/// As what people's initiators may go on; `None` is not at all.
pub(super) type Going = HashMap<Initiator, Option<Role>>;

/// What becomes of what is open of one session.
pub(super) struct Resumption {
    /// What does not go on, and the word about it.
    pub(super) entry: JournalEntry,
    /// Whether something is left that a session has to do by itself. An interrupted prompt waits
    /// for a press, which starts the session.
    pub(super) has_work_left: bool,
}

/// Returns every initiator once.
pub(super) fn initiators(open: &[(SessionKey, Vec<Open>)]) -> Vec<Initiator> {
    let mut seen = HashSet::new();
    let all = open.iter().flat_map(|(key, of_session)| {
        of_session.iter().map(|open| Initiator {
            chat: key.chat,
            author: open.by(),
        })
    });
    all.filter(|initiator| seen.insert(*initiator)).collect()
}

/// Returns what becomes of what is open of a session; what nobody vouches for does not go on, nor
/// does a command or press of somebody whose role is another one since.
pub(super) fn refuse_to_resume(
    key: SessionKey,
    open: &[Open],
    going: &Going,
    (ids, say): (&PostIds, Say),
) -> Resumption {
    let goes_on = |open: &Open| {
        let initiator = Initiator {
            chat: key.chat,
            author: open.by(),
        };
        let role = going.get(&initiator).copied().flatten();
        match open {
            Open::Prompt(_) => role.is_some(),
            Open::Instruction(instruction) => {
                role.is_some() && instruction.role().is_none_or(|then| role == Some(then))
            }
        }
    };
    let (going, refused): (Vec<_>, Vec<_>) = open.iter().partition(|open| goes_on(open));
    let has_work_left = going.iter().any(|open| !open.waits_for_a_person());
    let told = refused
        .iter()
        .filter(|open| !open.waits_for_a_person() && !open.is_silent())
        .count();
    let post = (told > 0).then(|| Post {
        key,
        action: PostAction::Send {
            id: ids.next(),
            body: Body::Plain(say.not_resumed(told)),
            reply_to: None,
            sound: Sound::Ring,
        },
        rank: Rank::Answer,
    });
    let closed = refused.iter().map(|open| open.id().clone());
    Resumption {
        entry: JournalEntry {
            closed: closed.collect(),
            posts: post.into_iter().collect(),
            ..JournalEntry::default()
        },
        has_work_left,
    }
}
