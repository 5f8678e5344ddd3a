//! Files of the bot: sending documents and photos, and looking up downloads.

use serde_json::{Value, json};

use super::{Refusal, messages, open_chat};
use crate::params::Params;
use crate::post::{Attachment, AttachmentKind};
use crate::render;
use crate::world::World;

/// The largest file a bot can download.
const MAX_DOWNLOAD: usize = 20 << 20;
/// The largest photo a bot can upload.
const MAX_PHOTO: usize = 10 << 20;

pub(crate) fn send_document(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    send_file(world, params, "document", AttachmentKind::Document)
}

pub(crate) fn send_photo(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    if params
        .file("photo")
        .is_some_and(|part| part.bytes.len() > MAX_PHOTO)
    {
        return Err(Refusal::bad_request("file is too big"));
    }
    send_file(world, params, "photo", AttachmentKind::Photo)
}

/// Sends an album: a message for each file, held together by an id. Files of one kind alone make one,
/// as the schema says.
pub(crate) fn send_album(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    open_chat(world, params)?;
    let media = params.list("media");
    if !(2..=10).contains(&media.len()) {
        let what = "there must be 2 to 10 files in an album";
        return Err(Refusal::bad_request(what));
    }
    let mut files = Vec::new();
    for item in media {
        let kind = match item["type"].as_str() {
            Some("photo") => AttachmentKind::Photo,
            _ => AttachmentKind::Document,
        };
        let part = item["media"].as_str().unwrap_or_default();
        let part = part.strip_prefix("attach://").unwrap_or(part);
        files.push((take_file(world, params, part, kind)?, item));
    }
    let group = json!(format!("album-{}", world.take_serial()));
    let mut messages = Vec::new();
    for (attachment, item) in files {
        let message = messages::publish(world, params, |post| {
            item["caption"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut post.text);
            post.attachment = Some(attachment);
            post.fields
                .insert("media_group_id".to_owned(), group.clone());
        })?;
        messages.push(message);
    }
    Ok(Value::Array(messages))
}

fn send_file(
    world: &mut World,
    params: &Params,
    parameter: &str,
    kind: AttachmentKind,
) -> Result<Value, Refusal> {
    open_chat(world, params)?;
    let attachment = take_file(world, params, parameter, kind)?;
    let caption = params.text("caption").unwrap_or("").to_owned();
    messages::publish(world, params, |post| {
        post.text = caption;
        post.entities = params.list("caption_entities").to_vec();
        post.attachment = Some(attachment);
    })
}

/// Stores the uploaded part, or finds the file that a `file_id` names.
fn take_file(
    world: &mut World,
    params: &Params,
    parameter: &str,
    kind: AttachmentKind,
) -> Result<Attachment, Refusal> {
    if let Some(part) = params.file(parameter) {
        if part.bytes.is_empty() {
            return Err(Refusal::bad_request("file must be non-empty"));
        }
        let bytes = part.bytes.clone();
        return Ok(world.store_file(kind, &part.file_name, &part.mime_type, bytes));
    }
    let known = params
        .text(parameter)
        .and_then(|file_id| world.file_by_id(file_id));
    let known =
        known.ok_or_else(|| Refusal::bad_request("wrong file identifier/HTTP URL specified"));
    Ok(Attachment {
        kind,
        ..known?.clone()
    })
}

pub(crate) fn get_file(world: &World, params: &Params) -> Result<Value, Refusal> {
    let file = params
        .text("file_id")
        .and_then(|file_id| world.file_by_id(file_id));
    let file = file.ok_or_else(|| Refusal::bad_request("invalid file_id"))?;
    if file.bytes.len() > MAX_DOWNLOAD {
        return Err(Refusal::bad_request("file is too big"));
    }
    Ok(render::file(file))
}
