//! The command menu: checked here, because one bad entry makes Telegram refuse the whole menu.

use bridge_actors::ids::ChatId;
use serde_json::{Value, json};

use super::api::{BotCommand, DeleteMyCommands, SetMyCommands};
use super::connection::Telegram;
use super::errors::CallError;

/// The longest command name, in characters.
const MAX_NAME: usize = 32;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 256;
/// The longest menu.
const MAX_COMMANDS: usize = 100;

/// The menu was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandsError {
    /// A name is not 1 to 32 of `a-z`, `0-9` and `_`.
    #[error("the command name {0:?} is not 1 to 32 small letters, digits and underscores")]
    Name(String),
    /// A description is empty or longer than 256 characters.
    #[error("the description of the command {0} is not 1 to 256 characters long")]
    Description(String),
    /// There are more than 100 commands.
    #[error("the menu has {0} commands; telegram takes at most 100")]
    TooMany(usize),
    /// Telegram did not do it.
    #[error("cannot change the command menu: {0}")]
    Call(#[from] CallError),
}

/// Who sees a menu; of several that fit, Telegram shows the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everyone, where no narrower menu is set.
    Everyone,
    /// All groups.
    Groups,
    /// One chat.
    Chat(ChatId),
}

impl Audience {
    fn scope(self) -> Value {
        match self {
            Audience::Everyone => json!({ "type": "default" }),
            Audience::Groups => json!({ "type": "all_group_chats" }),
            Audience::Chat(chat) => json!({ "type": "chat", "chat_id": chat.0 }),
        }
    }
}

/// Sets the menu of an audience: pairs of a name without slash and a description.
pub async fn set_menu(
    telegram: &Telegram,
    audience: Audience,
    commands: &[(&str, String)],
) -> Result<(), CommandsError> {
    let payload = SetMyCommands {
        commands: checked(commands)?,
        scope: audience.scope(),
    };
    telegram.call(&payload).await?;
    Ok(())
}

/// Takes the menu of an audience away, so that it sees the next wider one.
pub async fn drop_menu(telegram: &Telegram, audience: Audience) -> Result<(), CommandsError> {
    let scope = audience.scope();
    telegram.call(&DeleteMyCommands { scope }).await?;
    Ok(())
}

fn checked(commands: &[(&str, String)]) -> Result<Vec<BotCommand>, CommandsError> {
    if commands.len() > MAX_COMMANDS {
        return Err(CommandsError::TooMany(commands.len()));
    }
    commands
        .iter()
        .map(|(name, description)| {
            let is_allowed =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(is_allowed) {
                return Err(CommandsError::Name((*name).to_owned()));
            }
            if !(1..=MAX_DESCRIPTION).contains(&description.trim().chars().count()) {
                return Err(CommandsError::Description((*name).to_owned()));
            }
            Ok(BotCommand {
                command: (*name).to_owned(),
                description: description.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::scripted_api::{Reply, ScriptedApi};
    use super::*;

    fn stop() -> (&'static str, String) {
        ("stop", "Stop".to_owned())
    }

    #[actix::test]
    async fn each_audience_has_a_menu_of_its_own() {
        let api = ScriptedApi::start().await;
        let telegram = api.telegram();
        for audience in [
            Audience::Everyone,
            Audience::Groups,
            Audience::Chat(ChatId(-5)),
        ] {
            set_menu(&telegram, audience, &[stop()]).await.unwrap();
            drop_menu(&telegram, audience).await.unwrap();
        }
        let scopes = [
            json!({ "type": "default" }),
            json!({ "type": "all_group_chats" }),
            json!({ "type": "chat", "chat_id": -5 }),
        ];
        let menu = json!([{ "command": "stop", "description": "Stop" }]);
        let set = scopes.clone();
        let set = set.map(|scope| json!({ "commands": menu, "scope": scope }));
        assert_eq!(api.calls("setMyCommands"), set);
        let dropped = scopes.map(|scope| json!({ "scope": scope }));
        assert_eq!(api.calls("deleteMyCommands"), dropped);
    }

    #[actix::test]
    async fn a_refused_menu_is_an_error_and_a_bad_one_is_not_sent() {
        let api = ScriptedApi::start().await;
        let telegram = api.telegram();
        api.reply(
            "deleteMyCommands",
            [Reply::Refusal(400, "Bad Request: chat not found")],
        );
        let dropped = drop_menu(&telegram, Audience::Chat(ChatId(5))).await;
        assert!(matches!(dropped, Err(CommandsError::Call(_))));
        let set = set_menu(&telegram, Audience::Groups, &[("Stop", "Stop".to_owned())]).await;
        assert!(matches!(set, Err(CommandsError::Name(_))));
        assert!(api.calls("setMyCommands").is_empty());
    }

    #[test]
    fn one_bad_entry_is_named_before_anything_is_sent() {
        assert!(matches!(
            checked(&[stop(), ("Stop-it", "Stop".to_owned())]),
            Err(CommandsError::Name(name)) if name == "Stop-it"
        ));
        assert!(matches!(
            checked(&[("stop", " ".to_owned())]),
            Err(CommandsError::Description(name)) if name == "stop"
        ));
        let many = vec![stop(); 101];
        assert!(matches!(checked(&many), Err(CommandsError::TooMany(101))));
    }

    #[test]
    fn a_good_menu_passes_as_it_is() {
        let menu = checked(&[
            ("user_info", "Who you are".to_owned()),
            ("new2", "x".to_owned()),
        ])
        .unwrap();
        let names: Vec<&str> = menu.iter().map(|entry| entry.command.as_str()).collect();
        assert_eq!(names, ["user_info", "new2"]);
    }
}
