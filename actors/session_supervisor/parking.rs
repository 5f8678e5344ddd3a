//! Pure: what becomes of what is open when a session is given up, and when a person is taken out.

use crate::ids::{PostId, PromptId, SessionKey, UserId};
use crate::outbox::{Post, PostAction, Rank, Sound};
use crate::ports::{JournalEntry, Open, OpenPrompt, Stage};
use crate::session::Prompt;
use crate::session::offer::Offer;

use super::texts;

/// What nobody had before.
pub(super) struct Fresh<'a> {
    /// Draws the id of a post.
    pub(super) post: &'a mut dyn FnMut() -> PostId,
    /// Draws what proves that a button belongs to its message; nobody can guess it.
    pub(super) nonce: &'a mut dyn FnMut() -> String,
}

/// Returns what is written down when a session failed too often: nothing of it runs again by
/// itself, since any of it may be what the session fails on. Prompts are offered, and commands are
/// dropped with a word.
pub(super) fn give_up(key: SessionKey, open: Vec<Open>, fresh: &mut Fresh<'_>) -> JournalEntry {
    let mut entry = JournalEntry::default();
    let mut dropped = 0;
    for open in open {
        match open {
            Open::Prompt(OpenPrompt {
                stage: Stage::Interrupted { .. },
                ..
            }) => {}
            Open::Prompt(OpenPrompt { prompt, stage, .. }) => {
                let (id, stage, post) = offer(key, prompt, stage, fresh);
                entry.stages.push((id, stage));
                entry.posts.push(post);
            }
            Open::Instruction(instruction) => {
                entry.closed.push(instruction.id().clone());
                dropped += 1;
            }
        }
    }
    if dropped > 0 {
        let body = crate::outbox::Body::Plain(texts::dropped_commands(dropped));
        let action = PostAction::Send {
            id: (fresh.post)(),
            body,
            reply_to: None,
            sound: Sound::Ring,
        };
        entry.posts.push(answer(key, action));
    }
    entry
}

fn offer(
    key: SessionKey,
    prompt: Prompt,
    stage: Stage,
    fresh: &mut Fresh<'_>,
) -> (PromptId, Stage, Post) {
    let (doing, has_begun) = match stage {
        Stage::Begun { doing } => (doing, true),
        Stage::Accepted | Stage::Started { .. } | Stage::Interrupted { .. } => (None, false),
    };
    let nonce = (fresh.nonce)();
    let stage = Stage::Interrupted {
        nonce: nonce.clone(),
        doing: doing.clone(),
    };
    let text = texts::parked_prompt(has_begun, doing.as_deref());
    let (id, message) = (prompt.id.clone(), prompt.message);
    let offer = Offer {
        prompt,
        nonce,
        doing,
    };
    let action = PostAction::Send {
        id: (fresh.post)(),
        body: offer.body(text),
        reply_to: Some(message),
        sound: Sound::Ring,
    };
    (id, stage, answer(key, action))
}

fn answer(key: SessionKey, action: PostAction) -> Post {
    Post {
        key,
        action,
        rank: Rank::Answer,
    }
}

/// Returns what a person left open who may no longer come in.
pub(super) fn left_by(user: UserId, open: &[Open]) -> JournalEntry {
    let theirs = open.iter().filter(|open| open.by() == user);
    JournalEntry {
        closed: theirs.map(|open| open.id().clone()).collect(),
        ..JournalEntry::default()
    }
}

#[cfg(test)]
mod tests;
