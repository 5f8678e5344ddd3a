//! Answers as rich messages.

use bridge_actors::ids::{MessageId, SessionKey};
use bridge_actors::outbox::{Performed, PostError, Repeat, Sound};
use serde_json::{Value, json};

use super::{Envelope, done, message_id};
use crate::telegram::api::{EditRichMessage, InputRichMessage, ReplyParameters, SendRichMessage};
use crate::telegram::connection::Telegram;
use crate::telegram::errors::OnRepeat;
use crate::telegram::piece::REPEAT_MARK;
use crate::telegram::render::render_blocks;

pub(super) async fn send_rich(
    telegram: Telegram,
    envelope: Envelope,
    markdown: String,
    repeat: Repeat,
) -> Performed {
    let blocks = blocks(&markdown, repeat)?;
    let payload = SendRichMessage {
        chat_id: envelope.key.chat.0,
        message_thread_id: envelope.key.topic.map(|topic| topic.0),
        rich_message: rich(&blocks),
        disable_notification: envelope.sound == Sound::Silent,
        reply_parameters: envelope.reply_to.map(|id| ReplyParameters::to(id.0)),
    };
    let outcome = telegram.call(&payload).await;
    let message = outcome.as_ref().ok().and_then(message_id);
    done(outcome, OnRepeat::MakesAnother, message)
}

pub(super) async fn edit_rich(
    telegram: Telegram,
    key: SessionKey,
    message: MessageId,
    markdown: String,
) -> Performed {
    let blocks = blocks(&markdown, Repeat::No)?;
    let payload = EditRichMessage {
        chat_id: key.chat.0,
        message_id: message.0,
        rich_message: rich(&blocks),
    };
    let outcome = telegram.call(&payload).await;
    done(outcome, OnRepeat::ChangesNothing, Some(message))
}

/// Returns the blocks of a text; the mark of a possible repeat is one of its own, so that it changes
/// none of the others.
fn blocks(markdown: &str, repeat: Repeat) -> Result<Vec<Value>, PostError> {
    let too_much = || PostError::TooLong("more than one rich message holds".to_owned());
    let mut blocks = render_blocks(markdown).ok_or_else(too_much)?;
    match repeat {
        Repeat::No => {}
        Repeat::Possible => {
            let mark = json!({ "type": "paragraph", "text": REPEAT_MARK.trim() });
            blocks.insert(0, mark);
        }
    }
    Ok(blocks)
}

fn rich(blocks: &[Value]) -> InputRichMessage<'_> {
    InputRichMessage {
        blocks,
        skip_entity_detection: true,
    }
}
