//! The rules the schema cannot say: lengths, entity ranges, button data, command names.

use serde_json::Value;

use crate::params::Params;

#[cfg(test)]
mod tests;

const MAX_TEXT: usize = 4096;
const MAX_CAPTION: usize = 1024;
const MAX_ENTITIES: usize = 100;
const MAX_COMMANDS: usize = 100;
const MAX_CALLBACK_ANSWER: usize = 200;

const ENTITY_TYPES: [&str; 20] = [
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];

const REACTIONS: &str = "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡";

const UPDATE_KINDS: [&str; 27] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
];

/// Fails with the description of the first rule the call breaks.
pub(crate) fn check_rules(method: &str, params: &Params) -> Result<(), String> {
    if params
        .text("parse_mode")
        .is_some_and(|mode| !mode.is_empty())
    {
        return Err("the playground does not parse parse_mode; send entities".to_owned());
    }
    match method {
        "sendMessage" | "editMessageText" if !params.values.contains_key("rich_message") => {
            check_text(
                params.text("text").unwrap_or(""),
                MAX_TEXT,
                "message is too long",
            )?;
            if params
                .text("text")
                .is_none_or(|text| text.trim().is_empty())
            {
                return Err("message text is empty".to_owned());
            }
        }
        "sendMessageDraft" => {
            check_text(
                params.text("text").unwrap_or(""),
                MAX_TEXT,
                "message is too long",
            )?;
            if params.int("draft_id") == Some(0) {
                return Err("draft_id must be non-zero".to_owned());
            }
        }
        "setMyCommands" => check_commands(params.list("commands"))?,
        "setMessageReaction" => check_reactions(params.list("reaction"))?,
        "answerCallbackQuery" => {
            let text = params.text("text").unwrap_or("");
            check_text(text, MAX_CALLBACK_ANSWER, "MESSAGE_TOO_LONG")?;
        }
        "getUpdates" => check_poll(params)?,
        _ => {}
    }
    let caption = params.text("caption").unwrap_or("");
    check_text(caption, MAX_CAPTION, "message caption is too long")?;
    check_entities(params.text("text").unwrap_or(""), params.list("entities"))?;
    check_entities(caption, params.list("caption_entities"))?;
    check_keyboard(params.values.get("reply_markup"))
}

fn check_text(text: &str, limit: usize, complaint: &str) -> Result<(), String> {
    if text.encode_utf16().count() > limit {
        Err(complaint.to_owned())
    } else {
        Ok(())
    }
}

struct Range<'a> {
    kind: &'a str,
    start: u64,
    end: u64,
}

fn check_entities(text: &str, entities: &[Value]) -> Result<(), String> {
    if entities.len() > MAX_ENTITIES {
        return Err("ENTITIES_TOO_LONG: more than 100 entities".to_owned());
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut ranges: Vec<Range<'_>> = Vec::new();
    for entity in entities {
        let range = read_range(entity, &units)?;
        if let Some(other) = ranges.iter().find(|other| clash(other, &range)) {
            return Err(format!(
                "entities {} and {} overlap badly",
                other.kind, range.kind
            ));
        }
        ranges.push(range);
    }
    Ok(())
}

fn read_range<'a>(entity: &'a Value, units: &[u16]) -> Result<Range<'a>, String> {
    let kind = entity["type"].as_str().unwrap_or("");
    if !ENTITY_TYPES.contains(&kind) {
        return Err(format!(
            "can't parse MessageEntity: unsupported type {kind:?}"
        ));
    }
    if kind == "text_link" && !entity["url"].is_string() {
        return Err("can't parse MessageEntity: text_link without url".to_owned());
    }
    let (Some(start), Some(length)) = (entity["offset"].as_u64(), entity["length"].as_u64()) else {
        return Err(format!("entity {kind} begins before the text"));
    };
    let end = start.saturating_add(length);
    if length == 0 || end > units.len() as u64 {
        return Err(format!(
            "entity {kind} is empty or beyond the end of the text"
        ));
    }
    for edge in [start, end] {
        let at_edge = usize::try_from(edge).ok().and_then(|edge| units.get(edge));
        if at_edge.is_some_and(|unit| (0xdc00..0xe000).contains(unit)) {
            return Err(format!("entity {kind} cuts a character at {edge}"));
        }
    }
    Ok(Range { kind, start, end })
}

/// Entities may nest, never cross; code stands alone except in a quote; quotes do not nest.
fn clash(a: &Range<'_>, b: &Range<'_>) -> bool {
    let disjoint = a.end <= b.start || b.end <= a.start;
    if disjoint {
        return false;
    }
    let nested = (a.start <= b.start && b.end <= a.end) || (b.start <= a.start && a.end <= b.end);
    let is_quote = |range: &Range<'_>| range.kind.ends_with("blockquote");
    let is_code = |range: &Range<'_>| matches!(range.kind, "code" | "pre");
    let code_formatted = (is_code(a) && !is_quote(b)) || (is_code(b) && !is_quote(a));
    !nested || code_formatted || (is_quote(a) && is_quote(b))
}

fn check_keyboard(markup: Option<&Value>) -> Result<(), String> {
    let rows = markup.and_then(|markup| markup["inline_keyboard"].as_array());
    let rows = rows.map_or(&[][..], Vec::as_slice);
    for button in rows.iter().filter_map(Value::as_array).flatten() {
        if button["text"]
            .as_str()
            .is_none_or(|text| text.trim().is_empty())
        {
            return Err("button text must be non-empty".to_owned());
        }
        check_button(button)?;
    }
    Ok(())
}

fn check_button(button: &Value) -> Result<(), String> {
    let looks = ["text", "icon_custom_emoji_id", "style"];
    let fields = button.as_object().into_iter().flatten();
    let n_actions = fields
        .filter(|(name, _)| !looks.contains(&name.as_str()))
        .count();
    if n_actions != 1 {
        return Err("an inline button has exactly one action".to_owned());
    }
    if let Some(callback_data) = button["callback_data"].as_str()
        && !(1..=64).contains(&callback_data.len())
    {
        return Err("BUTTON_DATA_INVALID".to_owned());
    }
    match button["style"].as_str() {
        None | Some("danger" | "success" | "primary") => Ok(()),
        Some(style) => Err(format!("unknown button style {style:?}")),
    }
}

fn check_commands(commands: &[Value]) -> Result<(), String> {
    if commands.len() > MAX_COMMANDS {
        return Err("BOT_COMMANDS_TOO_MUCH".to_owned());
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    for command in commands {
        let name = command["command"]
            .as_str()
            .unwrap_or("")
            .trim_start_matches('/');
        if !(1..=32).contains(&name.len()) || !name.chars().all(allowed) {
            return Err(format!("BOT_COMMAND_INVALID: {name:?}"));
        }
        let description = command["description"].as_str().unwrap_or("");
        if !(1..=256).contains(&description.encode_utf16().count()) {
            return Err(format!("BOT_COMMAND_DESCRIPTION_INVALID: {name:?}"));
        }
    }
    Ok(())
}

fn check_reactions(reactions: &[Value]) -> Result<(), String> {
    if reactions.len() > 1 {
        return Err("a bot sets at most one reaction".to_owned());
    }
    for reaction in reactions {
        // Telegram lists emoji without the variation selector and accepts both forms.
        let emoji = reaction["emoji"]
            .as_str()
            .map(|emoji| emoji.trim_end_matches('\u{fe0f}'));
        if emoji.is_none_or(|emoji| !REACTIONS.split(' ').any(|allowed| allowed == emoji)) {
            return Err("REACTION_INVALID".to_owned());
        }
    }
    Ok(())
}

fn check_poll(params: &Params) -> Result<(), String> {
    if params
        .int("limit")
        .is_some_and(|limit| !(1..=100).contains(&limit))
    {
        return Err("limit is not in 1..100".to_owned());
    }
    if params.int("timeout").is_some_and(|timeout| timeout < 0) {
        return Err("timeout is negative".to_owned());
    }
    let mut kinds = params
        .list("allowed_updates")
        .iter()
        .filter_map(Value::as_str);
    match kinds.find(|kind| !UPDATE_KINDS.contains(kind)) {
        Some(kind) => Err(format!("unknown update kind {kind:?} in allowed_updates")),
        None => Ok(()),
    }
}
