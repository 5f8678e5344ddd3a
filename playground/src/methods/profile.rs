//! What the bot says about itself and asks about chats: commands, texts, webhook, membership.

use serde_json::{Value, json};

use super::{Refusal, open_chat, own_chat};
use crate::groups;
use crate::params::Params;
use crate::render;
use crate::world::World;

pub(crate) fn webhook_info(world: &World) -> Value {
    json!({
        "url": "",
        "has_custom_certificate": false,
        "pending_update_count": world.updates.len(),
    })
}

pub(crate) fn delete_webhook(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    if params.is_set("drop_pending_updates") {
        world.updates.forget_all();
    }
    Ok(Value::Bool(true))
}

pub(crate) fn set_commands(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let key = scope_key(world, params)?;
    world
        .bot
        .commands
        .insert(key, params.list("commands").to_vec());
    Ok(Value::Bool(true))
}

pub(crate) fn commands(world: &World, params: &Params) -> Result<Value, Refusal> {
    let key = scope_key(world, params)?;
    Ok(json!(
        world.bot.commands.get(&key).map_or(&[][..], Vec::as_slice)
    ))
}

pub(crate) fn delete_commands(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let key = scope_key(world, params)?;
    world.bot.commands.remove(&key);
    Ok(Value::Bool(true))
}

pub(crate) fn set_text(world: &mut World, params: &Params, noun: &str) -> Result<Value, Refusal> {
    let text = params.text(noun).unwrap_or("").to_owned();
    let limit = match noun {
        "name" => 64,
        "short_description" => 120,
        _ => 512,
    };
    if text.encode_utf16().count() > limit {
        return Err(Refusal::bad_request(&format!("{noun} is too long")));
    }
    let language = language(params);
    if noun == "name" && language.is_empty() && !text.is_empty() {
        world.bot.name.clone_from(&text);
    }
    world.bot.texts.insert((noun.to_owned(), language), text);
    Ok(Value::Bool(true))
}

pub(crate) fn text(world: &World, params: &Params, noun: &str) -> Result<Value, Refusal> {
    let key = (noun.to_owned(), language(params));
    let fallback = if noun == "name" {
        world.bot.name.as_str()
    } else {
        ""
    };
    let text = world.bot.texts.get(&key).map_or(fallback, String::as_str);
    Ok(json!({ noun: text }))
}

pub(crate) fn chat(world: &World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let chat = world
        .chats
        .get(&chat_id)
        .expect("open_chat found this chat");
    let mut out = render::chat(world, chat);
    out["accent_color_id"] = json!(0);
    out["max_reaction_count"] = json!(11);
    out["accepted_gift_types"] = json!({
        "unlimited_gifts": false,
        "limited_gifts": false,
        "unique_gifts": false,
        "premium_subscription": false,
        "gifts_from_channels": false,
    });
    Ok(out)
}

pub(crate) fn leave(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    if chat_id > 0 {
        return Err(Refusal::bad_request(
            "chat member status can't be changed in private chats",
        ));
    }
    groups::leave(world, chat_id);
    Ok(Value::Bool(true))
}

/// Returns scope and language as a key; the text of a JSON object is sorted by field name.
fn scope_key(world: &World, params: &Params) -> Result<(String, String), Refusal> {
    let scope = params
        .values
        .get("scope")
        .cloned()
        .unwrap_or_else(|| json!({"type": "default"}));
    if let Some(chat_id) = scope.get("chat_id") {
        own_chat(world, chat_id.as_i64())?;
    }
    Ok((scope.to_string(), language(params)))
}

fn language(params: &Params) -> String {
    params.text("language_code").unwrap_or("").to_owned()
}
