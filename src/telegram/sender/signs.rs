//! Performs the signs beside the queue: quick calls that are not repeated.

use bridge_actors::outbox::{Delivered, PostError, Sign};

use super::super::api::{AnswerCallbackQuery, SendChatAction, SetMessageReaction, emoji_reaction};
use super::super::connection::Telegram;
use super::super::errors::Effect;
use super::super::piece::cut_to;
use super::{delivered, settled};

/// The longest answer to the press of a button, in UTF-16 units.
const MAX_CALLBACK_TEXT: usize = 200;

pub(super) async fn show(telegram: Telegram, sign: Sign) -> Result<Delivered, PostError> {
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
        Sign::AnswerCallback { callback, text } => {
            let payload = AnswerCallbackQuery {
                callback_query_id: callback.0,
                text: text.map(|text| cut_to(&text, MAX_CALLBACK_TEXT).to_owned()),
            };
            telegram.call(&payload).await
        }
    };
    match outcome {
        Ok(_) => Ok(delivered(None)),
        Err(error) => settled(error, Effect::Repeatable).map(|()| delivered(None)),
    }
}
