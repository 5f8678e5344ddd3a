//! Sends files: one that is made of words, one that lies in a room, an album of them.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bridge_actors::outbox::{
    Delivered, FileCopy, FileForm, Performed, PostError, Rejection, Repeat, Sound, Together,
};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::super::api::{InputMedia, ReplyParameters, SendDocument, SendMediaGroup, SendPhoto};
use super::super::connection::Telegram;
use super::super::errors::{CallError, OnRepeat};
use super::super::piece::{REPEAT_MARK, cut_to};
use super::{Envelope, done, message_id};

/// Opens the copy of a file by its name among those of all rooms.
pub type OpenCopy = Arc<dyn Fn(&str) -> io::Result<File> + Send + Sync>;

/// The longest caption, in UTF-16 units.
const MAX_CAPTION: usize = 1024;

/// A file that is made of words.
pub(super) struct Document {
    pub(super) name: String,
    pub(super) content: String,
    pub(super) caption: String,
}

/// Files of which one message is due.
pub(super) struct Files {
    pub(super) files: Vec<FileCopy>,
    pub(super) together: Together,
    pub(super) part: usize,
    pub(super) repeat: Repeat,
}

pub(super) async fn send_document(
    telegram: Telegram,
    envelope: Envelope,
    document: Document,
) -> Performed {
    let size = document.content.len() as u64;
    let file = Part::text(document.content).file_name(document.name);
    let form = captioned(addressed(envelope), document.caption).part("document", file);
    sent(telegram.upload::<SendDocument>(size, form).await)
}

/// Sends the message of the files that is due: all of them, or one.
pub(super) async fn send_files(
    telegram: Telegram,
    open: OpenCopy,
    envelope: Envelope,
    files: Files,
) -> Performed {
    let Files {
        files,
        together,
        part,
        repeat,
    } = files;
    if together == Together::Album && files.len() > 1 {
        return send_album(telegram, open, envelope, (files, repeat)).await;
    }
    let parts = files.len();
    let no_part = PostError::Rejected(Rejection::NoPart { part, parts });
    let file = files.into_iter().nth(part).ok_or(no_part)?;
    let caption = marked_caption(&file.caption, repeat);
    let form = captioned(addressed(envelope), caption);
    let (content, size) = part_of(&open, &file).await?;
    let sent = match file.form {
        FileForm::Photo => {
            let form = form.part("photo", content);
            sent(telegram.upload::<SendPhoto>(size, form).await)?
        }
        FileForm::Document => {
            let form = form.part("document", content);
            sent(telegram.upload::<SendDocument>(size, form).await)?
        }
    };
    Ok(Delivered { parts, ..sent })
}

async fn send_album(
    telegram: Telegram,
    open: OpenCopy,
    envelope: Envelope,
    (files, repeat): (Vec<FileCopy>, Repeat),
) -> Performed {
    let mut form = addressed(envelope);
    let mut total = 0;
    for (place, file) in files.iter().enumerate() {
        let (content, size) = part_of(&open, file).await?;
        total += size;
        form = form.part(format!("file{place}"), content);
    }
    let captions: Vec<String> = (files.iter().enumerate())
        .map(|(place, file)| match place {
            0 => marked_caption(&file.caption, repeat),
            _ => marked_caption(&file.caption, Repeat::No),
        })
        .collect();
    let media = files.iter().zip(&captions).enumerate();
    let media: Vec<_> = media
        .map(|(place, (file, caption))| InputMedia {
            kind: match file.form {
                FileForm::Photo => "photo",
                FileForm::Document => "document",
            },
            media: format!("attach://file{place}"),
            caption,
        })
        .collect();
    let media = serde_json::to_string(&media).expect("words can be written as JSON");
    let outcome = telegram
        .upload::<SendMediaGroup>(total, form.text("media", media))
        .await;
    let others = outcome.as_ref().ok().and_then(Value::as_array);
    let others = others.into_iter().flatten().skip(1);
    let others = others.filter_map(message_id).collect();
    let outcome = outcome.map(|mut album| album.get_mut(0).map_or(Value::Null, Value::take));
    Ok(Delivered {
        others,
        ..sent(outcome)?
    })
}

/// Returns a copy as a part of a form, and its size.
async fn part_of(open: &OpenCopy, file: &FileCopy) -> Result<(Part, u64), PostError> {
    let (open, copy) = (Arc::clone(open), file.copy.clone());
    let opened = tokio::task::spawn_blocking(move || {
        let file = open(&copy)?;
        let size = file.metadata()?.len();
        Ok::<_, io::Error>((file, size))
    });
    let opened = opened.await.map_err(io::Error::other);
    let (content, size) = opened
        .and_then(|opened| opened)
        .map_err(|error| PostError::Rejected(Rejection::NoCopy(error.to_string())))?;
    let content = tokio::fs::File::from_std(content);
    let part = Part::stream_with_length(content, size).file_name(file.name.clone());
    Ok((part, size))
}

/// Returns the form of a message to a chat.
fn addressed(envelope: Envelope) -> Form {
    let mut form = Form::new().text("chat_id", envelope.key.chat.0.to_string());
    if let Some(topic) = envelope.key.topic {
        form = form.text("message_thread_id", topic.0.to_string());
    }
    if envelope.sound == Sound::Silent {
        form = form.text("disable_notification", "true");
    }
    if let Some(message) = envelope.reply_to {
        let reply = serde_json::to_string(&ReplyParameters::to(message.0))
            .expect("a number and a flag can be written as JSON");
        form = form.text("reply_parameters", reply);
    }
    form
}

fn captioned(form: Form, caption: String) -> Form {
    match caption.is_empty() {
        true => form,
        false => form.text("caption", caption),
    }
}

pub(super) fn marked_caption(caption: &str, repeat: Repeat) -> String {
    let caption = match repeat {
        Repeat::No => caption.to_owned(),
        Repeat::Possible => format!("{REPEAT_MARK}{caption}"),
    };
    cut_to(caption.trim_end(), MAX_CAPTION).to_owned()
}

fn sent(outcome: Result<Value, CallError>) -> Performed {
    let message = outcome.as_ref().ok().and_then(message_id);
    done(outcome, OnRepeat::MakesAnother, message)
}
