//! The Bot API methods with real effects, and what they refuse.

mod drafts;
mod feedback;
mod files;
mod messages;
mod poll;
mod profile;
mod rich;

use serde_json::Value;

use crate::params::Params;
use crate::render::group_kind;
use crate::world::{Chat, Membership, World};

pub(crate) use drafts::Dismissed;
pub(crate) use poll::{conflict, get_updates};

/// A call that is answered with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) description: String,
    pub(crate) retry_after: Option<u64>,
    /// The supergroup that the named group became.
    pub(crate) migrate_to: Option<i64>,
}

impl Refusal {
    pub(crate) fn new(status: u16, description: impl Into<String>) -> Self {
        Self {
            status,
            description: description.into(),
            retry_after: None,
            migrate_to: None,
        }
    }

    pub(crate) fn bad_request(what: &str) -> Self {
        Self::new(400, format!("Bad Request: {what}"))
    }
}

/// Performs a checked call on the world; `getUpdates` is served elsewhere because it waits.
pub(crate) fn perform(world: &mut World, method: &str, params: &Params) -> Result<Value, Refusal> {
    match method {
        "sendMessage" => messages::send(world, params),
        "sendRichMessage" => rich::send(world, params),
        "editMessageText" if params.values.contains_key("rich_message") => {
            rich::edit(world, params)
        }
        "editMessageText" => messages::edit_text(world, params),
        "editMessageReplyMarkup" => messages::edit_markup(world, params),
        "deleteMessage" => messages::delete(world, params),
        "deleteMessages" => messages::delete_many(world, params),
        "pinChatMessage" => messages::pin(world, params),
        "sendMessageDraft" => drafts::draft(world, params),
        "sendDocument" => files::send_document(world, params),
        "sendMediaGroup" => files::send_album(world, params),
        "sendPhoto" => files::send_photo(world, params),
        "getFile" => files::get_file(world, params),
        "sendChatAction" => feedback::chat_action(world, params),
        "setMessageReaction" => feedback::react(world, params),
        "answerCallbackQuery" => feedback::answer_press(world, params),
        "getMe" => Ok(crate::render::me(world)),
        "getWebhookInfo" => Ok(profile::webhook_info(world)),
        "deleteWebhook" => profile::delete_webhook(world, params),
        "setMyCommands" => profile::set_commands(world, params),
        "getMyCommands" => profile::commands(world, params),
        "deleteMyCommands" => profile::delete_commands(world, params),
        "setMyName" => profile::set_text(world, params, "name"),
        "getMyName" => profile::text(world, params, "name"),
        "setMyDescription" => profile::set_text(world, params, "description"),
        "getMyDescription" => profile::text(world, params, "description"),
        "setMyShortDescription" => profile::set_text(world, params, "short_description"),
        "getMyShortDescription" => profile::text(world, params, "short_description"),
        "getChat" => profile::chat(world, params),
        "leaveChat" => profile::leave(world, params),
        other => Err(Refusal::new(
            400,
            format!("playground: method not simulated: {other} was checked"),
        )),
    }
}

/// Finds the chat a call names; refuses unknown and closed ones.
fn open_chat(world: &World, params: &Params) -> Result<i64, Refusal> {
    let chat = own_chat(world, params.int("chat_id"))?;
    match &chat.closed {
        Some(description) => Err(Refusal::new(403, description.clone())),
        None => Ok(chat.id),
    }
}

/// Finds a chat the bot is in.
fn own_chat(world: &World, chat_id: Option<i64>) -> Result<&Chat, Refusal> {
    let not_found = || Refusal::bad_request("chat not found");
    let chat = chat_id.and_then(|chat_id| world.chats.get(&chat_id));
    let chat = chat.ok_or_else(not_found)?;
    let kind = group_kind(chat.id);
    match chat.membership {
        Membership::Member => Ok(chat),
        Membership::Stranger => Err(not_found()),
        Membership::Left => {
            let description = format!("Forbidden: bot is not a member of the {kind} chat");
            Err(Refusal::new(403, description))
        }
        Membership::Kicked => {
            let description = format!("Forbidden: bot was kicked from the {kind} chat");
            Err(Refusal::new(403, description))
        }
        Membership::Upgraded(to) => Err(Refusal {
            migrate_to: Some(to),
            ..Refusal::bad_request("group chat was upgraded to a supergroup chat")
        }),
    }
}
