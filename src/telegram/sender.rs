//! The sender: performs one call to Telegram and tells truthfully what became of it.

mod keyboard;
mod signs;

use std::collections::VecDeque;
use std::future::ready;
use std::rc::Rc;

use actix::prelude::*;
use bridge_actors::fault_point;
use bridge_actors::ids::{ChatId, MessageId, SessionKey};
use bridge_actors::outbox::{Body, Delivered, Perform, Performed, PostError, Repeat, Sound};
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tracing::debug;

use super::api::{
    EditMessageText, LeaveChat, LinkPreviewOptions, ReplyParameters, SendDocument, SendMessage,
};
use super::connection::Telegram;
use super::errors::{CallError, Effect, Verdict, classify};
use super::piece::{Piece, REPEAT_MARK, cut_to};
use super::render::{Chunk, render, render_live, render_plain};

use keyboard::keyboard;
use signs::show;

/// How many bodies stay rendered: a long text is asked for once per message it is split into.
const MAX_RENDERED: usize = 8;
/// The longest caption, in UTF-16 units.
const MAX_CAPTION: usize = 1024;

/// Owns the rendered form of the bodies that are being sent; performs calls for the outbox.
///
/// Calls run side by side: order and pace are the outbox's business.
#[derive(Debug)]
pub struct Sender {
    telegram: Telegram,
    rendered: VecDeque<(Body, Rc<[Chunk]>)>,
}

/// What becomes of one order.
type Outcome = ResponseFuture<Result<Delivered, PostError>>;

/// A message to send, apart from its text.
#[derive(Clone, Copy)]
struct Envelope {
    key: SessionKey,
    reply_to: Option<MessageId>,
    sound: Sound,
}

/// A text body, ready to be sent.
struct Text {
    chunks: Rc<[Chunk]>,
    /// Below its last message.
    keyboard: Option<Value>,
}

struct Document {
    name: String,
    content: String,
    caption: String,
}

impl Sender {
    /// Makes a sender for a bot.
    pub fn new(telegram: Telegram) -> Self {
        Self {
            telegram,
            rendered: VecDeque::new(),
        }
    }

    fn text(&mut self, body: Body) -> Result<Text, PostError> {
        let keyboard = keyboard(&body)?;
        let chunks = self.chunks(body);
        Ok(Text { chunks, keyboard })
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
            Body::Document { caption, .. } => render_plain(caption).into(),
        };
        self.rendered.push_front((body, Rc::clone(&chunks)));
        self.rendered.truncate(MAX_RENDERED);
        chunks
    }

    fn outcome(&mut self, telegram: Telegram, order: Perform) -> Outcome {
        match order {
            Perform::Send {
                key,
                body,
                part,
                reply_to,
                sound,
                repeat,
            } => {
                let envelope = Envelope {
                    key,
                    reply_to: reply_to.filter(|_| part == 0),
                    sound,
                };
                if let Body::Document {
                    name,
                    content,
                    caption,
                } = body
                {
                    let document = Document {
                        name,
                        content,
                        caption: marked_caption(caption, repeat),
                    };
                    return Box::pin(send_document(telegram, envelope, document));
                }
                match self.text(body) {
                    Ok(text) => Box::pin(send_part(telegram, envelope, text, part, repeat)),
                    Err(error) => Box::pin(ready(Err(error))),
                }
            }
            Perform::Edit { key, message, body } => match self.text(body) {
                Ok(text) => Box::pin(edit(telegram, key, message, text)),
                Err(error) => Box::pin(ready(Err(error))),
            },
            Perform::Sign(sign) => Box::pin(show(telegram, sign)),
            Perform::Leave { chat } => Box::pin(leave(telegram, chat)),
        }
    }
}

impl Actor for Sender {
    type Context = Context<Self>;
}

impl Handler<Perform> for Sender {
    type Result = ResponseFuture<Performed>;

    fn handle(&mut self, order: Perform, _: &mut Context<Self>) -> Self::Result {
        fault_point!("sender.performs");
        let (telegram, count) = self.telegram.counting();
        let outcome = self.outcome(telegram, order);
        Box::pin(async move {
            let result = outcome.await;
            let n_calls = count.get();
            Performed { result, n_calls }
        })
    }
}

async fn send_part(
    telegram: Telegram,
    envelope: Envelope,
    text: Text,
    part: usize,
    repeat: Repeat,
) -> Result<Delivered, PostError> {
    let parts = text.chunks.len();
    let chunk = text.chunks.get(part).ok_or_else(|| {
        PostError::Rejected(format!("there is no part {part} of a text of {parts}"))
    })?;
    let piece = Piece::of(chunk);
    let pieces = match repeat {
        Repeat::No => vec![piece],
        Repeat::Possible => piece.marked(),
    };
    let keyboard = text.keyboard.filter(|_| part + 1 == parts);
    let message = send_pieces(&telegram, envelope, pieces.into(), keyboard.as_ref()).await?;
    Ok(Delivered { message, parts })
}

/// Sends pieces one after the other and returns the first message, or the one with the buttons:
/// an edit is to change those.
async fn send_pieces(
    telegram: &Telegram,
    envelope: Envelope,
    mut waiting: VecDeque<Piece>,
    keyboard: Option<&Value>,
) -> Result<Option<MessageId>, PostError> {
    let mut named = None;
    let mut n_sent = 0;
    while let Some(piece) = waiting.pop_front() {
        let envelope = Envelope {
            reply_to: envelope.reply_to.filter(|_| n_sent == 0),
            ..envelope
        };
        let keyboard = keyboard.filter(|_| waiting.is_empty());
        match send_piece(telegram, envelope, &piece, keyboard).await {
            Ok(message) => {
                named = if keyboard.is_some() {
                    message
                } else {
                    named.or(message)
                };
                n_sent += 1;
            }
            Err(error) => {
                let others = in_other_words(error, Effect::Creates, piece)
                    .map_err(|error| after_some(n_sent, error))?;
                for piece in others.into_iter().flatten().rev() {
                    waiting.push_front(piece);
                }
            }
        }
    }
    Ok(named)
}

/// What failed after some pieces had arrived is in part there: a repeat must be marked.
fn after_some(n_sent: usize, error: PostError) -> PostError {
    if n_sent > 0
        && let PostError::NotDelivered(reason) = error
    {
        return PostError::FateUnknown(reason);
    }
    error
}

/// Returns what to send in place of a refused piece; `None` when nothing is left to do.
fn in_other_words(
    error: CallError,
    effect: Effect,
    piece: Piece,
) -> Result<Option<Vec<Piece>>, PostError> {
    let reason = error.to_string();
    match classify(error, effect) {
        Verdict::NothingToDo => Ok(None),
        Verdict::SendPlain if !piece.entities.is_empty() => {
            debug!(reason, "entities refused; sending the text without them");
            Ok(Some(vec![piece.without_entities()]))
        }
        Verdict::SendSmaller => match piece.halves() {
            Some(halves) => Ok(Some(halves.into())),
            None => Err(PostError::Rejected(reason)),
        },
        Verdict::SendPlain => Err(PostError::Rejected(reason)),
        Verdict::Failed(error) => Err(error),
    }
}

async fn send_piece(
    telegram: &Telegram,
    envelope: Envelope,
    piece: &Piece,
    keyboard: Option<&Value>,
) -> Result<Option<MessageId>, CallError> {
    let payload = SendMessage {
        chat_id: envelope.key.chat.0,
        message_thread_id: envelope.key.topic.map(|topic| topic.0),
        text: &piece.text,
        entities: &piece.entities,
        link_preview_options: LinkPreviewOptions::OFF,
        disable_notification: envelope.sound == Sound::Silent,
        reply_parameters: envelope.reply_to.map(|id| ReplyParameters::to(id.0)),
        reply_markup: keyboard,
    };
    telegram.call(&payload).await.map(|sent| message_id(&sent))
}

async fn send_document(
    telegram: Telegram,
    envelope: Envelope,
    document: Document,
) -> Result<Delivered, PostError> {
    let file = Part::text(document.content).file_name(document.name);
    let mut form = Form::new()
        .text("chat_id", envelope.key.chat.0.to_string())
        .part("document", file);
    if let Some(topic) = envelope.key.topic {
        form = form.text("message_thread_id", topic.0.to_string());
    }
    if !document.caption.is_empty() {
        form = form.text("caption", document.caption);
    }
    if envelope.sound == Sound::Silent {
        form = form.text("disable_notification", "true");
    }
    if let Some(message) = envelope.reply_to {
        let reply = serde_json::to_string(&ReplyParameters::to(message.0))
            .expect("a number and a flag can be written as JSON");
        form = form.text("reply_parameters", reply);
    }
    match telegram.upload::<SendDocument>(form).await {
        Ok(sent) => Ok(delivered(message_id(&sent))),
        Err(error) => settled(error, Effect::Creates).map(|()| delivered(None)),
    }
}

async fn edit(
    telegram: Telegram,
    key: SessionKey,
    message: MessageId,
    text: Text,
) -> Result<Delivered, PostError> {
    let nothing = || PostError::Rejected("there is no text to show".to_owned());
    let mut piece = Piece::of(text.chunks.first().ok_or_else(nothing)?);
    loop {
        let payload = EditMessageText {
            chat_id: key.chat.0,
            message_id: message.0,
            text: &piece.text,
            entities: &piece.entities,
            link_preview_options: LinkPreviewOptions::OFF,
            reply_markup: text.keyboard.as_ref(),
        };
        let Err(error) = telegram.call(&payload).await else {
            return Ok(delivered(Some(message)));
        };
        let others = in_other_words(error, Effect::Repeatable, piece)?;
        match others.and_then(|pieces| pieces.into_iter().next()) {
            Some(other) => piece = other,
            None => return Ok(delivered(Some(message))),
        }
    }
}

/// Leaves a group; one that the bot is not in is left already.
async fn leave(telegram: Telegram, chat: ChatId) -> Result<Delivered, PostError> {
    let payload = LeaveChat { chat_id: chat.0 };
    let Err(error) = telegram.call(&payload).await else {
        return Ok(delivered(None));
    };
    match settled(error, Effect::Repeatable) {
        Ok(()) | Err(PostError::ChatGone(_)) => Ok(delivered(None)),
        Err(error) => Err(error),
    }
}

/// Tells whether a failed call without text of ours leaves something undone.
fn settled(error: CallError, effect: Effect) -> Result<(), PostError> {
    let reason = error.to_string();
    match classify(error, effect) {
        Verdict::NothingToDo => Ok(()),
        Verdict::SendPlain | Verdict::SendSmaller => Err(PostError::Rejected(reason)),
        Verdict::Failed(error) => Err(error),
    }
}

fn delivered(message: Option<MessageId>) -> Delivered {
    Delivered { message, parts: 1 }
}

fn marked_caption(caption: String, repeat: Repeat) -> String {
    let caption = match repeat {
        Repeat::No => caption,
        Repeat::Possible => format!("{REPEAT_MARK}{caption}"),
    };
    cut_to(&caption, MAX_CAPTION).to_owned()
}

/// Returns the id of a sent message; one that came to be without telling its id is still sent.
fn message_id(sent: &Value) -> Option<MessageId> {
    sent.get("message_id")
        .and_then(Value::as_i64)
        .map(MessageId)
}

#[cfg(test)]
mod tests;
