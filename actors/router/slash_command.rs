//! Text to command.

/// A command of the bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SlashCommand {
    /// Say hello; a code claims the bridge.
    Start { code: Option<String> },
    /// List the commands.
    Help,
    /// Start a new conversation, with the first prompt if there is one.
    New { prompt: Option<String> },
    /// Stop what runs and forget what waits.
    Stop,
    /// Say what is going on.
    Status,
}

/// The commands for Telegram's menu: name and description.
pub const MENU: &[(&str, &str)] = &[
    ("new", "start a new conversation"),
    ("stop", "stop what Claude is doing"),
    ("status", "what is going on here"),
    ("help", "what you can do"),
];

/// Returns the bridge's command in a text; `None` for everything else, which is a prompt.
///
/// A command may carry the bot's name, `/help@name`; with another bot's name it is not ours.
/// While our own name is unknown every name counts as ours.
pub(super) fn parse_command(text: &str, bot_username: Option<&str>) -> Option<SlashCommand> {
    let command = text.trim_start().strip_prefix('/')?;
    let (word, rest) = match command.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, Some(rest.trim()).filter(|rest| !rest.is_empty())),
        None => (command, None),
    };
    let (name, addressee) = match word.split_once('@') {
        Some((name, addressee)) => (name, Some(addressee)),
        None => (word, None),
    };
    if let (Some(addressee), Some(ours)) = (addressee, bot_username)
        && !addressee.eq_ignore_ascii_case(ours)
    {
        return None;
    }
    let rest = rest.map(str::to_owned);
    match name.to_ascii_lowercase().as_str() {
        "start" => Some(SlashCommand::Start { code: rest }),
        "help" => Some(SlashCommand::Help),
        "new" => Some(SlashCommand::New { prompt: rest }),
        "stop" => Some(SlashCommand::Stop),
        "status" => Some(SlashCommand::Status),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
