//! Sending, editing, deleting and pinning messages.

use std::time::Instant;

use serde_json::{Value, json};

use super::{Refusal, drafts, open_chat};
use crate::params::Params;
use crate::people::new_post;
use crate::post::{Author, Button, Post};
use crate::render;
use crate::world::World;

pub(crate) fn send(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let text = params.text("text").unwrap_or("").to_owned();
    publish(world, params, |post| {
        post.text = text;
        post.entities = params.list("entities").to_vec();
    })
}

/// Stores a post of the bot with the parameters that all send methods share.
pub(super) fn publish(
    world: &mut World,
    params: &Params,
    fill: impl FnOnce(&mut Post),
) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let mut post = new_post(chat_id, Author::Bot, "");
    post.silent = params.is_set("disable_notification");
    post.thread_id = params.int("message_thread_id");
    post.reply_to = reply_target(world, chat_id, params)?;
    set_markup(&mut post, params.values.get("reply_markup"));
    fill(&mut post);
    let text = post.text.clone();
    let message_id = world.store_post(post);
    let chat = world
        .chats
        .get_mut(&chat_id)
        .expect("open_chat found this chat");
    // A real message dismisses the draft and the typing indicator.
    drafts::dismiss(chat, &text);
    chat.action = None;
    answer(world, chat_id, message_id)
}

pub(crate) fn edit_text(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let text = params.text("text").unwrap_or("").to_owned();
    let entities = params.list("entities").to_vec();
    edit(world, params, |post| {
        if post.attachment.is_some() {
            return Err(Refusal::bad_request(
                "there is no text in the message to edit",
            ));
        }
        if post.text != text {
            let earlier = std::mem::replace(&mut post.text, text);
            post.earlier_texts.push(earlier);
        }
        post.entities = entities;
        set_markup(post, params.values.get("reply_markup"));
        Ok(())
    })
}

pub(crate) fn edit_markup(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    edit(world, params, |post| {
        set_markup(post, params.values.get("reply_markup"));
        Ok(())
    })
}

pub(super) fn edit(
    world: &mut World,
    params: &Params,
    change: impl FnOnce(&mut Post) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let message_id = params.int("message_id").unwrap_or(0);
    let revision = world.revision + 1;
    let chat = world
        .chats
        .get_mut(&chat_id)
        .expect("open_chat found this chat");
    let post = chat.post_mut(message_id);
    let post = post.ok_or_else(|| Refusal::bad_request("message to edit not found"))?;
    if !post.is_by_bot() {
        return Err(Refusal::bad_request("message can't be edited"));
    }
    let mut edited = post.clone();
    change(&mut edited)?;
    if content(&edited) == content(post) {
        return Err(Refusal::bad_request(
            "message is not modified: specified new message content and reply markup are exactly \
             the same as a current content and reply markup of the message",
        ));
    }
    edited.edits += 1;
    edited.changed_at = Instant::now();
    edited.revision = revision;
    *post = edited;
    answer(world, chat_id, message_id)
}

fn content(post: &Post) -> (&str, &[Value], &[Vec<Button>]) {
    (&post.text, &post.entities, &post.buttons)
}

pub(crate) fn delete(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let message_id = params.int("message_id").unwrap_or(0);
    if mark_deleted(world, chat_id, message_id) {
        Ok(Value::Bool(true))
    } else {
        Err(Refusal::bad_request("message to delete not found"))
    }
}

pub(crate) fn delete_many(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    for message_id in params.list("message_ids").iter().filter_map(Value::as_i64) {
        // Telegram skips the ids it does not find.
        mark_deleted(world, chat_id, message_id);
    }
    Ok(Value::Bool(true))
}

fn mark_deleted(world: &mut World, chat_id: i64, message_id: i64) -> bool {
    change_post(world, chat_id, message_id, |post| post.deleted = true)
}

pub(crate) fn pin(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let message_id = params.int("message_id").unwrap_or(0);
    if change_post(world, chat_id, message_id, |post| post.pinned = true) {
        Ok(Value::Bool(true))
    } else {
        Err(Refusal::bad_request("message to pin not found"))
    }
}

/// Changes a post and stamps it; returns whether the post exists.
pub(super) fn change_post(
    world: &mut World,
    chat_id: i64,
    message_id: i64,
    change: impl FnOnce(&mut Post),
) -> bool {
    let revision = world.revision + 1;
    let chat = world.chats.get_mut(&chat_id);
    let Some(post) = chat.and_then(|chat| chat.post_mut(message_id)) else {
        return false;
    };
    change(post);
    post.changed_at = Instant::now();
    post.revision = revision;
    true
}

fn reply_target(world: &World, chat_id: i64, params: &Params) -> Result<Option<i64>, Refusal> {
    let Some(reply) = params.values.get("reply_parameters") else {
        return Ok(None);
    };
    let message_id = reply["message_id"].as_i64().unwrap_or(0);
    let chat = world.chats.get(&chat_id);
    if chat.is_some_and(|chat| chat.post(message_id).is_some()) {
        return Ok(Some(message_id));
    }
    if reply["allow_sending_without_reply"] == json!(true) {
        return Ok(None);
    }
    Err(Refusal::bad_request("message to be replied not found"))
}

pub(super) fn set_markup(post: &mut Post, markup: Option<&Value>) {
    let rows = markup.and_then(|markup| markup["inline_keyboard"].as_array());
    let rows = rows.map_or(&[][..], Vec::as_slice);
    let row = |row: &Value| {
        row.as_array()
            .into_iter()
            .flatten()
            .map(button)
            .collect::<Vec<_>>()
    };
    post.buttons = rows.iter().map(row).filter(|row| !row.is_empty()).collect();
    post.reply_markup = markup.cloned();
}

fn button(button: &Value) -> Button {
    let word = |name: &str| button[name].as_str().map(str::to_owned);
    Button {
        label: word("text").unwrap_or_default(),
        data: word("callback_data"),
        url: word("url"),
        style: word("style"),
    }
}

fn answer(world: &World, chat_id: i64, message_id: i64) -> Result<Value, Refusal> {
    let chat = world.chats.get(&chat_id);
    let found = chat.and_then(|chat| Some(render::message(world, chat, chat.post(message_id)?)));
    found.ok_or_else(|| Refusal::new(500, "Internal Server Error: the post is gone"))
}
