//! The sender: performs one call to Telegram and tells truthfully what became of it.
//!
//! What is to be tried in place of what was refused is the outbox's decision: it says how a message
//! is made to fit.

mod files;
pub(super) mod keyboard;
mod rich;
mod signs;

use std::collections::VecDeque;
use std::future::ready;
use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;
use bridge_actors::fault_point;
use bridge_actors::ids::{ChatId, MessageId, SessionKey};
use bridge_actors::outbox::{
    Body, Delivered, Fit, Perform, Performed, PostError, Rejection, Repeat, Sound,
};
use serde_json::Value;

use super::api::{EditMessageText, LeaveChat, LinkPreviewOptions, ReplyParameters, SendMessage};
use super::connection::Telegram;
use super::errors::{CallError, OnRepeat, judge};
use super::piece::Piece;
use super::render::{
    Chunk, render, render_card, render_folded, render_live, render_plain, render_quoted,
};

pub use files::OpenCopy;
use files::{Document, Files, marked_caption, send_document, send_files};
use keyboard::keyboard;
use rich::{edit_rich, send_rich};
use signs::show;

/// How many bodies stay rendered: a long text is asked for once per message it is split into.
const MAX_RENDERED: usize = 8;

/// Owns the rendered form of the bodies that are being sent; performs calls for the outbox.
///
/// Calls run side by side: order and pace are the outbox's business.
#[expect(
    missing_debug_implementations,
    reason = "a closure has nothing to show"
)]
pub struct Sender {
    telegram: Telegram,
    open_copy: OpenCopy,
    rendered: VecDeque<(Body, Rc<[Chunk]>)>,
}

/// What becomes of one order.
type Outcome = ResponseFuture<Performed>;

/// A message to send, apart from its text.
#[derive(Clone, Copy)]
struct Envelope {
    key: SessionKey,
    reply_to: Option<MessageId>,
    sound: Sound,
}

/// One message of a text body, ready to be sent.
struct Text {
    piece: Piece,
    /// How many messages the body is split into.
    parts: usize,
    keyboard: Option<Value>,
}

impl Sender {
    /// Makes a sender for a bot, with what opens the files that lie in rooms.
    pub fn new(telegram: Telegram, open_copy: OpenCopy) -> Self {
        Self {
            telegram,
            open_copy,
            rendered: VecDeque::new(),
        }
    }

    /// Returns a message of a text body.
    fn text(&mut self, body: Body, part: usize, fit: Fit) -> Result<Text, PostError> {
        let keyboard = keyboard(&body)?;
        let chunks = self.chunks(body);
        let parts = chunks.len();
        let no_part = PostError::Rejected(Rejection::NoPart { part, parts });
        let chunk = chunks.get(part).ok_or(no_part)?;
        let no_character = PostError::Rejected(Rejection::NoCharacter);
        let piece = Piece::of(chunk).fitted(fit).ok_or(no_character)?;
        Ok(Text {
            piece,
            parts,
            keyboard,
        })
    }

    /// Returns the messages of a text body, from memory if it was asked for lately.
    fn chunks(&mut self, body: Body) -> Rc<[Chunk]> {
        let known = self.rendered.iter().position(|(known, _)| *known == body);
        if let Some(entry) = known.and_then(|at| self.rendered.remove(at)) {
            let chunks = Rc::clone(&entry.1);
            self.rendered.push_front(entry);
            return chunks;
        }
        let chunks: Rc<[Chunk]> = match &body {
            Body::Markdown(text) => render(text).into(),
            Body::Plain(text) | Body::Choice { text, .. } => render_plain(text).into(),
            Body::Live { text, code, .. } => render_live(text, code.as_ref()).into(),
            Body::Folded(words) => render_folded(words).into(),
            Body::Quoted(quoted) => render_quoted(&quoted.head, &quoted.words).into(),
            Body::Card { words, shown, .. } => render_card(words, *shown).into(),
            Body::Document { caption, .. } => render_plain(caption).into(),
            // These are no text.
            Body::Rich(_) | Body::Files { .. } => render_plain("").into(),
        };
        self.rendered.push_front((body, Rc::clone(&chunks)));
        self.rendered.truncate(MAX_RENDERED);
        chunks
    }

    fn send(
        &mut self,
        telegram: Telegram,
        envelope: Envelope,
        body: Body,
        (part, fit, repeat): (usize, Fit, Repeat),
    ) -> Outcome {
        match body {
            Body::Document {
                name,
                content,
                caption,
            } => {
                let document = Document {
                    name,
                    content,
                    caption: marked_caption(&caption, repeat),
                };
                Box::pin(send_document(telegram, envelope, document))
            }
            Body::Files { files, together } => {
                let files = Files {
                    files,
                    together,
                    part,
                    repeat,
                };
                let open = Arc::clone(&self.open_copy);
                Box::pin(send_files(telegram, open, envelope, files))
            }
            Body::Rich(text) => Box::pin(send_rich(telegram, envelope, text, repeat)),
            Body::Markdown(_)
            | Body::Plain(_)
            | Body::Choice { .. }
            | Body::Live { .. }
            | Body::Folded(_)
            | Body::Quoted(_)
            | Body::Card { .. } => {
                let text = self.text(body, part, fit);
                match text.and_then(|text| text.in_place(part, fit).marked(repeat)) {
                    Ok(text) => Box::pin(send_text(telegram, envelope, text)),
                    Err(error) => Box::pin(ready(Err(error))),
                }
            }
        }
    }

    fn outcome(&mut self, telegram: Telegram, order: Perform) -> Outcome {
        match order {
            Perform::Send {
                key,
                body,
                part,
                fit,
                reply_to,
                sound,
                repeat,
            } => {
                let envelope = Envelope {
                    key,
                    reply_to,
                    sound,
                };
                self.send(telegram, envelope, body, (part, fit, repeat))
            }
            Perform::Edit {
                key,
                message,
                body: Body::Rich(text),
                fit: _,
            } => Box::pin(edit_rich(telegram, key, message, text)),
            Perform::Edit {
                key,
                message,
                body,
                fit,
            } => match self.text(body, 0, fit) {
                Ok(text) => Box::pin(edit(telegram, key, message, text)),
                Err(error) => Box::pin(ready(Err(error))),
            },
            Perform::Sign(sign) => Box::pin(show(telegram, sign)),
            Perform::Leave { chat } => Box::pin(leave(telegram, chat)),
        }
    }
}

impl Text {
    /// Leaves the buttons to the last message of the body.
    fn in_place(self, part: usize, fit: Fit) -> Self {
        let is_last = part + 1 == self.parts && fit.is_last();
        let keyboard = self.keyboard.filter(|_| is_last);
        Self { keyboard, ..self }
    }

    /// Marks what may be a repeat.
    fn marked(self, repeat: Repeat) -> Result<Self, PostError> {
        let piece = match repeat {
            Repeat::No => self.piece,
            Repeat::Possible => self.piece.marked(),
        };
        if piece.is_too_long() {
            let why = "there is no room for the mark of a repeat";
            return Err(PostError::TooLong(why.to_owned()));
        }
        Ok(Self { piece, ..self })
    }
}

impl Actor for Sender {
    type Context = Context<Self>;
}

impl Handler<Perform> for Sender {
    type Result = ResponseFuture<Performed>;

    fn handle(&mut self, order: Perform, _: &mut Context<Self>) -> Self::Result {
        fault_point!("sender.performs");
        self.outcome(self.telegram.clone(), order)
    }
}

async fn send_text(telegram: Telegram, envelope: Envelope, text: Text) -> Performed {
    let payload = SendMessage {
        chat_id: envelope.key.chat.0,
        message_thread_id: envelope.key.topic.map(|topic| topic.0),
        text: &text.piece.text,
        entities: &text.piece.entities,
        link_preview_options: LinkPreviewOptions::OFF,
        disable_notification: envelope.sound == Sound::Silent,
        reply_parameters: envelope.reply_to.map(|id| ReplyParameters::to(id.0)),
        reply_markup: text.keyboard.as_ref(),
    };
    let outcome = telegram.call(&payload).await;
    let message = outcome.as_ref().ok().and_then(message_id);
    let sent = done(outcome, OnRepeat::MakesAnother, message)?;
    let parts = text.parts;
    Ok(Delivered { parts, ..sent })
}

async fn edit(telegram: Telegram, key: SessionKey, message: MessageId, text: Text) -> Performed {
    let payload = EditMessageText {
        chat_id: key.chat.0,
        message_id: message.0,
        text: &text.piece.text,
        entities: &text.piece.entities,
        link_preview_options: LinkPreviewOptions::OFF,
        reply_markup: text.keyboard.as_ref(),
    };
    let outcome = telegram.call(&payload).await;
    done(outcome, OnRepeat::ChangesNothing, Some(message))
}

/// Leaves a group; one that the bot is not in is left already.
async fn leave(telegram: Telegram, chat: ChatId) -> Performed {
    let payload = LeaveChat { chat_id: chat.0 };
    match done(
        telegram.call(&payload).await,
        OnRepeat::ChangesNothing,
        None,
    ) {
        Err(PostError::ChatGone(_)) => Ok(delivered(None)),
        performed => performed,
    }
}

/// Returns what became of a call, and the message that is there if it succeeded.
fn done(
    outcome: Result<Value, CallError>,
    on_repeat: OnRepeat,
    message: Option<MessageId>,
) -> Performed {
    match outcome {
        Ok(_) => Ok(delivered(message)),
        Err(error) => judge(error, on_repeat).map(|()| delivered(message)),
    }
}

fn delivered(message: Option<MessageId>) -> Delivered {
    Delivered {
        message,
        parts: 1,
        others: Vec::new(),
    }
}

/// Returns the id of a sent message; one that came to be without telling its id is still sent.
fn message_id(sent: &Value) -> Option<MessageId> {
    sent.get("message_id")
        .and_then(Value::as_i64)
        .map(MessageId)
}

#[cfg(test)]
mod tests;
