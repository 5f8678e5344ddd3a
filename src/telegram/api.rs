//! The Bot API methods we call, with exactly the parameters we use.

use serde::Serialize;
use serde_json::{Value, json};
use teloxide_core::requests::Payload;

use super::connection::Telegram;
use super::errors::CallError;

/// The kinds of updates we ask for; kinds that are not listed are never delivered.
///
/// `my_chat_member` tells that the bot came into a group or had to leave it, `message_reaction` what
/// people think of its messages; Telegram sends these only to those who ask, and the latter in
/// groups only to administrators. Strings, because new kinds appear more often than releases of any client
/// library.
pub(super) const ALLOWED_UPDATES: [&str; 6] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
    "stopped_message_generation",
];

macro_rules! payload {
    ($type:ident, $name:literal) => {
        impl Payload for $type {
            type Output = Value;
            const NAME: &'static str = $name;
        }
    };
}

#[derive(Debug, Serialize)]
pub(super) struct GetMe {}
payload!(GetMe, "getMe");

#[derive(Debug, Serialize)]
pub(super) struct DeleteWebhook {
    pub(super) drop_pending_updates: bool,
}
payload!(DeleteWebhook, "deleteWebhook");

#[derive(Debug, Serialize)]
pub(super) struct GetUpdatesRaw {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) offset: Option<i64>,
    pub(super) limit: u8,
    /// Seconds.
    pub(super) timeout: u64,
    pub(super) allowed_updates: &'static [&'static str],
}
payload!(GetUpdatesRaw, "getUpdates");

#[derive(Debug, Serialize)]
pub(super) struct SendMessage<'a> {
    pub(super) chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_thread_id: Option<i64>,
    pub(super) text: &'a str,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    pub(super) entities: &'a [Value],
    pub(super) link_preview_options: LinkPreviewOptions,
    pub(super) disable_notification: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_parameters: Option<ReplyParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_markup: Option<&'a Value>,
}

impl Payload for SendMessage<'_> {
    type Output = Value;
    const NAME: &'static str = "sendMessage";
}

#[derive(Debug, Serialize)]
pub(super) struct EditMessageText<'a> {
    pub(super) chat_id: i64,
    pub(super) message_id: i64,
    pub(super) text: &'a str,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    pub(super) entities: &'a [Value],
    pub(super) link_preview_options: LinkPreviewOptions,
    /// Without it the buttons of the message go away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_markup: Option<&'a Value>,
}

impl Payload for EditMessageText<'_> {
    type Output = Value;
    const NAME: &'static str = "editMessageText";
}

/// Structured, so that nothing has to be escaped and nothing is found in it that nobody wrote.
#[derive(Debug, Serialize)]
pub(super) struct InputRichMessage<'a> {
    pub(super) blocks: &'a [Value],
    pub(super) skip_entity_detection: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct SendRichMessage<'a> {
    pub(super) chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_thread_id: Option<i64>,
    pub(super) rich_message: InputRichMessage<'a>,
    pub(super) disable_notification: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_parameters: Option<ReplyParameters>,
}

impl Payload for SendRichMessage<'_> {
    type Output = Value;
    const NAME: &'static str = "sendRichMessage";
}

#[derive(Debug, Serialize)]
pub(super) struct EditRichMessage<'a> {
    pub(super) chat_id: i64,
    pub(super) message_id: i64,
    pub(super) rich_message: InputRichMessage<'a>,
}

impl Payload for EditRichMessage<'_> {
    type Output = Value;
    const NAME: &'static str = "editMessageText";
}

#[derive(Debug, Serialize)]
pub(super) struct SendMessageDraft<'a> {
    pub(super) chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_thread_id: Option<i64>,
    pub(super) draft_id: i64,
    pub(super) text: &'a str,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    pub(super) entities: &'a [Value],
    /// Shows a button that stops it.
    pub(super) can_stop: bool,
    /// What was stopped stays until there is word of it.
    pub(super) keep_on_stop: bool,
}

impl Payload for SendMessageDraft<'_> {
    type Output = Value;
    const NAME: &'static str = "sendMessageDraft";
}

/// Sent as a form, because it carries a file.
pub(super) struct SendDocument;
payload!(SendDocument, "sendDocument");

pub(super) struct SendPhoto;
payload!(SendPhoto, "sendPhoto");

pub(super) struct SendMediaGroup;
payload!(SendMediaGroup, "sendMediaGroup");

/// A file of an album; its content is the part of the form with this name.
#[derive(Debug, Serialize)]
pub(super) struct InputMedia<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) media: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) caption: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct SendChatAction {
    pub(super) chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_thread_id: Option<i64>,
    pub(super) action: &'static str,
}
payload!(SendChatAction, "sendChatAction");

#[derive(Debug, Serialize)]
pub(super) struct SetMessageReaction {
    pub(super) chat_id: i64,
    pub(super) message_id: i64,
    /// Empty to take the reaction back.
    pub(super) reaction: Vec<Value>,
}
payload!(SetMessageReaction, "setMessageReaction");

#[derive(Debug, Serialize)]
pub(super) struct DeleteMessage {
    pub(super) chat_id: i64,
    pub(super) message_id: i64,
}
payload!(DeleteMessage, "deleteMessage");

#[derive(Debug, Serialize)]
pub(super) struct AnswerCallbackQuery {
    pub(super) callback_query_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}
payload!(AnswerCallbackQuery, "answerCallbackQuery");

#[derive(Debug, Serialize)]
pub(super) struct SetMyCommands {
    pub(super) commands: Vec<BotCommand>,
    pub(super) scope: Value,
}
payload!(SetMyCommands, "setMyCommands");

#[derive(Debug, Serialize)]
pub(super) struct DeleteMyCommands {
    pub(super) scope: Value,
}
payload!(DeleteMyCommands, "deleteMyCommands");

#[derive(Debug, Serialize)]
pub(super) struct LeaveChat {
    pub(super) chat_id: i64,
}
payload!(LeaveChat, "leaveChat");

#[derive(Debug, Serialize)]
pub(super) struct BotCommand {
    pub(super) command: String,
    pub(super) description: String,
}

/// What a message answers; it is sent without the reply when that message is gone.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct ReplyParameters {
    message_id: i64,
    allow_sending_without_reply: bool,
}

/// Links in answers get no preview: it would be longer than most answers.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct LinkPreviewOptions {
    is_disabled: bool,
}

impl ReplyParameters {
    pub(super) fn to(message_id: i64) -> Self {
        Self {
            message_id,
            allow_sending_without_reply: true,
        }
    }
}

impl LinkPreviewOptions {
    pub(super) const OFF: Self = Self { is_disabled: true };
}

/// Returns a reaction in the form that Telegram wants.
pub(super) fn emoji_reaction(emoji: &str) -> Value {
    json!({ "type": "emoji", "emoji": emoji })
}

impl Telegram {
    /// Removes a webhook, which would keep polls from working; waiting updates stay.
    pub(super) async fn delete_webhook(&self) -> Result<(), CallError> {
        let payload = DeleteWebhook {
            drop_pending_updates: false,
        };
        self.call(&payload).await.map(drop)
    }
}
