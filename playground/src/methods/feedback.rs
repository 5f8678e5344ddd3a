//! Small signs to people: chat actions, reactions and answers to button presses.

use std::time::Instant;

use serde_json::Value;

use super::{Refusal, messages, open_chat};
use crate::params::Params;
use crate::world::World;

const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

pub(crate) fn chat_action(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let action = params.text("action").unwrap_or("");
    if !ACTIONS.contains(&action) {
        return Err(Refusal::bad_request("wrong parameter action in request"));
    }
    let chat = world
        .chats
        .get_mut(&chat_id)
        .expect("open_chat found this chat");
    chat.action = Some((Instant::now(), action.to_owned()));
    Ok(Value::Bool(true))
}

pub(crate) fn react(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let message_id = params.int("message_id").unwrap_or(0);
    let emoji = params
        .list("reaction")
        .iter()
        .filter_map(|reaction| reaction["emoji"].as_str());
    let reactions: Vec<String> = emoji.map(str::to_owned).collect();
    if messages::change_post(world, chat_id, message_id, |post| {
        post.reactions = reactions;
    }) {
        Ok(Value::Bool(true))
    } else {
        Err(Refusal::bad_request("message to react not found"))
    }
}

pub(crate) fn answer_press(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let query_id = params.text("callback_query_id").unwrap_or("");
    if world.answer_press(query_id, params.text("text").unwrap_or("")) {
        Ok(Value::Bool(true))
    } else {
        Err(Refusal::bad_request(
            "query is too old and response timeout expired or query ID is invalid",
        ))
    }
}
