//! Pure: what becomes of what is open when a session is given up, and when a person is taken out.

use bridge_texts::Say;

use crate::ids::{NewNames, PromptId, SessionKey, UserId};
use crate::outbox::{Post, PostAction, Rank, Sound};
use crate::ports::{JournalEntry, Open, OpenPrompt, Stage};
use crate::session::Prompt;
use crate::session::offer::{Done, Offer};

use super::texts;

/// Returns what is written down when a session failed too often: nothing of it runs again by
/// itself, since any of it may be what the session fails on. Prompts are offered, and commands are
/// dropped with a word.
pub(super) fn give_up(
    key: SessionKey,
    open: Vec<Open>,
    names: &NewNames<'_>,
    say: Say,
) -> JournalEntry {
    let mut entry = JournalEntry::default();
    let mut dropped = 0;
    for open in open {
        match open {
            Open::Prompt(OpenPrompt {
                stage: Stage::NotBegun { .. } | Stage::Interrupted { .. },
                ..
            }) => {}
            Open::Prompt(OpenPrompt { prompt, .. }) if prompt.is_overheard() => {
                entry.closed.push(prompt.id);
            }
            Open::Prompt(OpenPrompt { prompt, stage, .. }) => {
                let (id, stage, post) = offer(key, (prompt, stage), names, say);
                entry.stages.push((id, stage));
                entry.posts.push(post);
            }
            Open::Instruction(instruction) => {
                entry.closed.push(instruction.id().clone());
                dropped += usize::from(!instruction.is_silent());
            }
        }
    }
    if dropped > 0 {
        let body = crate::outbox::Body::Plain(say.rest_dropped(dropped));
        let action = PostAction::Send {
            id: (names.post)(),
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
    (prompt, stage): (Prompt, Stage),
    names: &NewNames<'_>,
    say: Say,
) -> (PromptId, Stage, Post) {
    let (doing, has_begun) = match stage {
        Stage::Begun { doing } => (doing, true),
        Stage::Halted { .. } => (None, true),
        Stage::Accepted
        | Stage::Started { .. }
        | Stage::NotBegun { .. }
        | Stage::Interrupted { .. } => (None, false),
    };
    let text = texts::parked_prompt(say, has_begun, doing.as_deref());
    let (id, message) = (prompt.id.clone(), prompt.message);
    let offer = Offer {
        prompt,
        nonce: (names.nonce)(),
        done: Done::Some { doing },
    };
    let action = PostAction::Send {
        id: (names.post)(),
        body: offer.body(say, text),
        reply_to: Some(message),
        sound: Sound::Ring,
    };
    (id, offer.stage(), answer(key, action))
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
