//! Pure: who wrote a message, in words for Claude.
//!
//! Names are chosen by whoever bears them: they stand in one line, with all signs shown.

use bridge_actors::visible::visible_line;
use serde_json::Value;

use crate::telegram::update::User;

/// How much of a name is shown, in characters: Telegram's longest is the title of a chat.
const MAX_NAME: usize = 128;

/// Returns who wrote what was forwarded; `None` when that is told in no shape that we know.
pub(super) fn origin(origin: &Value) -> Option<String> {
    let kind = origin.get("type")?.as_str()?;
    let written_by = match kind {
        "user" => account(origin.get("sender_user")?)?,
        "hidden_user" => {
            let name = named(text(origin, "sender_user_name")?)?;
            format!("{name}, who hides their account")
        }
        "chat" => format!("the group {}", titled(origin.get("sender_chat")?)?),
        "channel" => format!("the channel {}", titled(origin.get("chat")?)?),
        _ => return None,
    };
    let signature = text(origin, "author_signature").and_then(named);
    Some(match signature {
        Some(signature) => format!("{written_by}, signed {signature}"),
        None => written_by,
    })
}

/// Returns the name of a person or bot.
pub(super) fn person(user: &User) -> Option<String> {
    let full = [Some(&user.first_name), user.last_name.as_ref()];
    let full: Vec<&str> = full.into_iter().flatten().map(String::as_str).collect();
    with_username(&full.join(" "), user.username.as_deref())
}

/// Returns the title of a chat.
pub(super) fn titled(chat: &Value) -> Option<String> {
    with_username(
        text(chat, "title").unwrap_or_default(),
        text(chat, "username"),
    )
}

/// Returns the name of an account.
pub(super) fn account(user: &Value) -> Option<String> {
    let names = [text(user, "first_name"), text(user, "last_name")];
    let full: Vec<&str> = names.into_iter().flatten().collect();
    with_username(&full.join(" "), text(user, "username"))
}

fn with_username(name: &str, username: Option<&str>) -> Option<String> {
    let username = username.and_then(named).map(|name| format!("@{name}"));
    match (named(name), username) {
        (Some(name), Some(username)) => Some(format!("{name} ({username})")),
        (name, username) => name.or(username),
    }
}

fn named(name: &str) -> Option<String> {
    let name = name.trim();
    let mut shown = visible_line(&name.chars().take(MAX_NAME).collect::<String>());
    if name.chars().nth(MAX_NAME).is_some() {
        shown.push('…');
    }
    (!shown.is_empty()).then_some(shown)
}

fn text<'a>(of: &'a Value, name: &str) -> Option<&'a str> {
    of.get(name)?.as_str()
}
