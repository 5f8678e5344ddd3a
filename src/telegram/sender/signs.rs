//! Performs the signs beside the queue: quick calls that are not repeated.

use std::time::Duration;

use bridge_actors::outbox::{Draft, Performed, Sign};
use serde_json::Value;

use super::super::api::{
    AnswerCallbackQuery, DeleteMessage, SendChatAction, SendMessageDraft, SetMessageReaction,
    emoji_reaction,
};
use super::super::connection::Telegram;
use super::super::errors::{CallError, OnRepeat};
use super::super::piece::{Piece, cut_to};
use super::super::render::render_end;
use super::done;

/// The longest answer to the press of a button, in UTF-16 units.
const MAX_CALLBACK_TEXT: usize = 200;

/// How long a draft may take: an answer to the chat waits for it.
const DRAFT_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn show(telegram: Telegram, sign: Sign) -> Performed {
    let outcome = match sign {
        Sign::Typing { key } => {
            let payload = SendChatAction {
                chat_id: key.chat.0,
                message_thread_id: key.topic.map(|topic| topic.0),
                action: "typing",
            };
            telegram.call(&payload).await
        }
        Sign::React {
            chat,
            message,
            emoji,
        } => {
            let payload = SetMessageReaction {
                chat_id: chat.0,
                message_id: message.0,
                reaction: emoji.map(emoji_reaction).into_iter().collect(),
            };
            telegram.call(&payload).await
        }
        Sign::Delete { chat, message } => {
            let payload = DeleteMessage {
                chat_id: chat.0,
                message_id: message.0,
            };
            telegram.call(&payload).await
        }
        Sign::AnswerCallback { callback, text } => {
            let payload = AnswerCallbackQuery {
                callback_query_id: callback.0,
                text: text.map(|text| cut_to(&text, MAX_CALLBACK_TEXT).to_owned()),
            };
            telegram.call(&payload).await
        }
        Sign::Draft(draft) => show_draft(&telegram, draft).await,
    };
    done(outcome, OnRepeat::ChangesNothing, None)
}

async fn show_draft(telegram: &Telegram, draft: Draft) -> Result<Value, CallError> {
    let chunk = render_end(&draft.markdown, &draft.status);
    let nothing = Piece {
        text: String::new(),
        entities: Vec::new(),
    };
    let piece = chunk.as_ref().map_or(nothing, Piece::of);
    let payload = SendMessageDraft {
        chat_id: draft.key.chat.0,
        message_thread_id: draft.key.topic.map(|topic| topic.0),
        draft_id: draft.id.0,
        text: &piece.text,
        entities: &piece.entities,
        can_stop: true,
        keep_on_stop: true,
    };
    telegram.call_within(DRAFT_TIMEOUT, &payload).await
}
