//! The command menu: checked here, because one bad entry makes Telegram refuse the whole menu.

use bridge_actors::ids::ChatId;
use serde_json::{Value, json};

use super::api::{BotCommand, SetMyCommands};
use super::connection::Telegram;
use super::errors::CallError;

/// The longest command name, in characters.
const MAX_NAME: usize = 32;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 256;
/// The longest menu.
const MAX_COMMANDS: usize = 100;

/// The menu was not set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandsError {
    /// A name is not 1 to 32 of `a-z`, `0-9` and `_`.
    #[error("the command name {0:?} is not 1 to 32 small letters, digits and underscores")]
    Name(String),
    /// A description is empty or longer than 256 characters.
    #[error("the description of the command {0} is not 1 to 256 characters long")]
    Description(String),
    /// There are more than 100 commands.
    #[error("the menu has {0} commands, telegram takes 100")]
    TooMany(usize),
    /// Telegram did not do it.
    #[error("cannot set the command menu: {0}")]
    Call(#[from] CallError),
}

/// Sets the menu that everyone sees: pairs of a name without slash and a description.
pub async fn set_commands(
    telegram: &Telegram,
    commands: &[(&str, &str)],
) -> Result<(), CommandsError> {
    set_scoped(telegram, commands, json!({ "type": "default" })).await
}

/// Sets the menu of one chat, which takes the place of the one that everyone sees.
pub async fn set_chat_commands(
    telegram: &Telegram,
    chat: ChatId,
    commands: &[(&str, &str)],
) -> Result<(), CommandsError> {
    let scope = json!({ "type": "chat", "chat_id": chat.0 });
    set_scoped(telegram, commands, scope).await
}

async fn set_scoped(
    telegram: &Telegram,
    commands: &[(&str, &str)],
    scope: Value,
) -> Result<(), CommandsError> {
    let commands = checked(commands)?;
    telegram.call(&SetMyCommands { commands, scope }).await?;
    Ok(())
}

fn checked(commands: &[(&str, &str)]) -> Result<Vec<BotCommand>, CommandsError> {
    if commands.len() > MAX_COMMANDS {
        return Err(CommandsError::TooMany(commands.len()));
    }
    commands
        .iter()
        .map(|&(name, description)| {
            let is_allowed =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(is_allowed) {
                return Err(CommandsError::Name(name.to_owned()));
            }
            if !(1..=MAX_DESCRIPTION).contains(&description.trim().chars().count()) {
                return Err(CommandsError::Description(name.to_owned()));
            }
            Ok(BotCommand {
                command: name.to_owned(),
                description: description.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_entry_is_named_before_anything_is_sent() {
        assert!(matches!(
            checked(&[("stop", "Stop"), ("Stop-it", "Stop")]),
            Err(CommandsError::Name(name)) if name == "Stop-it"
        ));
        assert!(matches!(
            checked(&[("stop", " ")]),
            Err(CommandsError::Description(name)) if name == "stop"
        ));
        let many = vec![("stop", "Stop"); 101];
        assert!(matches!(checked(&many), Err(CommandsError::TooMany(101))));
    }

    #[test]
    fn a_good_menu_passes_as_it_is() {
        let menu = checked(&[("user_info", "Who you are"), ("new2", "x")]).unwrap();
        let names: Vec<&str> = menu.iter().map(|entry| entry.command.as_str()).collect();
        assert_eq!(names, ["user_info", "new2"]);
    }
}
