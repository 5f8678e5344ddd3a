//! Posts and signs for the scripts.

use crate::ids::{ChatId, DraftId, MessageId, PostId, SessionKey};
use crate::outbox::{Body, Draft, Post, PostAction, Rank, Sign, Sound};

pub(in crate::outbox::schedule::tests) fn send(chat: i64, id: u64, text: &str) -> Post {
    Post {
        key: SessionKey::of_chat(ChatId(chat)),
        action: PostAction::Send {
            id: PostId(id),
            body: Body::Markdown(text.to_owned()),
            reply_to: None,
            sound: Sound::Ring,
        },
        rank: Rank::Answer,
    }
}

/// Returns a send with another body.
pub(in crate::outbox::schedule::tests) fn with_body(mut post: Post, content: Body) -> Post {
    if let PostAction::Send { body, .. } = &mut post.action {
        *body = content;
    }
    post
}

/// Returns a send that answers message 5.
pub(in crate::outbox::schedule::tests) fn replying(mut post: Post) -> Post {
    if let PostAction::Send { reply_to, .. } = &mut post.action {
        *reply_to = Some(MessageId(5));
    }
    post
}

pub(in crate::outbox::schedule::tests) fn edit(chat: i64, id: u64, text: &str) -> Post {
    Post {
        key: SessionKey::of_chat(ChatId(chat)),
        action: PostAction::Edit {
            id: PostId(id),
            body: Body::Markdown(text.to_owned()),
        },
        rank: Rank::Answer,
    }
}

pub(in crate::outbox::schedule::tests) fn notice(post: Post) -> Post {
    Post {
        rank: Rank::Notice,
        ..post
    }
}

pub(in crate::outbox::schedule::tests) fn typing(chat: i64) -> Sign {
    Sign::Typing {
        key: SessionKey::of_chat(ChatId(chat)),
    }
}

pub(in crate::outbox::schedule::tests) fn react(chat: i64) -> Sign {
    Sign::React {
        chat: ChatId(chat),
        message: MessageId(1),
        emoji: None,
    }
}

pub(in crate::outbox::schedule::tests) fn draft(chat: i64, text: &str) -> Sign {
    draft_in(SessionKey::of_chat(ChatId(chat)), text)
}

pub(in crate::outbox::schedule::tests) fn draft_in(key: SessionKey, text: &str) -> Sign {
    Sign::Draft(Draft {
        key,
        id: DraftId(9),
        markdown: text.to_owned(),
        status: String::new(),
    })
}
