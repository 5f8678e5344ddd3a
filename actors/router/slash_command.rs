//! Text to command.

mod menu;
mod written;

use super::target::{target_of, target_or_name};
use super::{ChatKind, Inbound, InboundContent, Pointing};
use crate::chat_settings::Detail;
use crate::chat_settings::Drafts;
use crate::chat_settings::Rich;
use crate::chat_settings::Setting;
use crate::chat_settings::Trust;
use crate::enquiry::Enquiry;
use crate::instruction::ArchiveWish;
use crate::login_code::LoginCode;
use crate::ports::ExportForm;
use crate::router::Addressed;
use crate::user_registry::{Change, Request, Target};

pub use menu::menu_of;
#[cfg(test)]
use menu::{ADMIN_MENU, MENU};
use written::{Written, is_bare_word, plain_word};

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
    /// Choose a value of a setting.
    Choose {
        setting: Setting,
        value: Option<String>,
    },
    /// Let what the folder brings along run, or no longer.
    Trust { trust: Trust },
    /// Show what is done in the background.
    Tasks,
    /// Show the files that were sent.
    Files,
    /// Show the last prompts, to go back to before one.
    Rewind,
    /// Do something with the conversations that are on disk.
    Archive(ArchiveWish),
    /// Ask the agent about itself.
    Enquire(Enquiry),
    /// Show more or less of the work; a level that is none asks.
    Verbose { detail: Option<Detail> },
    /// Let turns stream as drafts, or no longer; what is neither asks.
    Draft { wish: Option<Drafts> },
    /// Let answers be rich messages, or no longer; what is neither asks.
    Rich { wish: Option<Rich> },
    /// Tell about oneself or somebody else.
    UserInfo { target: Option<Target> },
    /// Show who uses the bridge.
    Users,
    /// Change who may come in.
    Manage { change: Change, target: Target },
    /// Let the bot work in this group.
    AllowGroup,
    /// Delete all that the person has here.
    DeleteMyData,
    /// End all agents and let nothing run.
    LockDown,
    /// Let agents run again.
    Unlock,
}

impl SlashCommand {
    /// Tells whether Claude is to work on words that come with it.
    fn brings_a_prompt(&self) -> bool {
        matches!(self, Self::New { prompt: Some(_) })
    }

    /// Returns what the registry is asked about the command.
    pub(super) fn request(self) -> Request {
        match self {
            // Words or files may come with it.
            Self::New { .. } | Self::Enquire(Enquiry::Aside(_)) => Request::Work,
            Self::Help
            | Self::Status
            | Self::Verbose { .. }
            | Self::Draft { .. }
            | Self::Rich { .. }
            | Self::Choose { .. }
            | Self::Trust { .. }
            | Self::Tasks
            | Self::Files
            | Self::Rewind
            | Self::Archive(_)
            | Self::Enquire(_) => Request::Command,
            Self::Stop => Request::Stop,
            Self::Start { code } => Request::Start { code },
            Self::UserInfo { target } => Request::UserInfo(target),
            Self::Users => Request::Users,
            Self::Manage { change, target } => Request::Manage { change, target },
            Self::AllowGroup => Request::AllowGroup,
            Self::DeleteMyData => Request::DeleteMyData,
            Self::LockDown => Request::LockDown,
            Self::Unlock => Request::Unlock,
        }
    }
}

/// What an update says to the bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    /// A command of the bridge.
    Command(SlashCommand),
    /// Nothing to the bridge: it was said to a group at large.
    Overheard,
    /// The same, with a file of an album: more of that may be said to the bridge.
    OverheardAlbum,
    /// Anything else, such as a prompt or the press of a button.
    Other,
}

impl Words {
    /// Returns the command, if it is one.
    pub(super) fn command(self) -> Option<SlashCommand> {
        match self {
            Self::Command(command) => Some(command),
            Self::Overheard | Self::OverheardAlbum | Self::Other => None,
        }
    }
}

/// An update and what it says, which is found out once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) inbound: Inbound,
    pub(super) words: Words,
}

/// Finds out what an update says; `bot_username` is the bot's own name, once it is known.
pub(super) fn parse(inbound: Inbound, bot_username: Option<&str>) -> Parsed {
    let command = match &inbound.content {
        InboundContent::Text {
            text,
            markdown,
            pointing,
            ..
        }
        | InboundContent::Edited {
            text,
            markdown,
            pointing,
            ..
        } if is_login_code(&inbound, text) => {
            let code = LoginCode::of(text);
            code.map(|code| SlashCommand::Enquire(Enquiry::LoginCode(code)))
        }
        InboundContent::Text {
            text,
            markdown,
            pointing,
            ..
        }
        | InboundContent::Edited {
            text,
            markdown,
            pointing,
            ..
        } => match parse_command(text, pointing, bot_username) {
            // What stands behind it is said to Claude.
            Some(SlashCommand::New { .. } | SlashCommand::Enquire(Enquiry::Aside(_))) => {
                parse_command(markdown, pointing, bot_username)
            }
            // Who comes in is told by what is sent.
            Some(SlashCommand::Start { .. }) if is_edit(&inbound.content) => None,
            command => command,
        },
        InboundContent::Unsupported { caption, .. } => caption
            .as_ref()
            .and_then(|caption| parse_command(&caption.text, &caption.pointing, bot_username)),
        InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Reaction { .. }
        | InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. } => None,
    };
    let words = match command {
        command if is_overheard(&inbound, command.is_some()) => match album_of(&inbound.content) {
            Some(_) if inbound.chat_kind == ChatKind::Group => Words::OverheardAlbum,
            Some(_) | None => Words::Overheard,
        },
        // The words of a prompt would go without the file that they are about.
        Some(command) if is_file(&inbound.content) && command.brings_a_prompt() => Words::Other,
        Some(command) => Words::Command(command),
        None => Words::Other,
    };
    Parsed { inbound, words }
}

/// Returns the album of a new message.
pub(super) fn album_of(content: &InboundContent) -> Option<&str> {
    match content {
        InboundContent::Text { files, .. } => files.iter().find_map(|file| file.album.as_deref()),
        InboundContent::Edited { .. }
        | InboundContent::Unsupported { .. }
        | InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Reaction { .. }
        | InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. } => None,
    }
}

/// A code is nothing that Claude is to read, be a login under way or not.
fn is_login_code(inbound: &Inbound, text: &str) -> bool {
    inbound.chat_kind == ChatKind::Private && LoginCode::of(text).is_some()
}

fn is_edit(content: &InboundContent) -> bool {
    matches!(content, InboundContent::Edited { .. })
}

fn is_file(content: &InboundContent) -> bool {
    matches!(content, InboundContent::Unsupported { .. })
}

/// Tells whether a text begins with a slash, be the command behind it known or not.
pub fn begins_like_a_command(text: &str) -> bool {
    Written::read(text).is_some()
}

/// Returns the bridge's command in a text; `None` for everything else, which is a prompt.
///
/// A command may carry the bot's name, `/help@name`; with another bot's name it is not ours.
/// While our own name is unknown every name counts as ours.
fn parse_command(
    text: &str,
    pointing: &Pointing,
    bot_username: Option<&str>,
) -> Option<SlashCommand> {
    let Written {
        name,
        addressee,
        rest,
    } = Written::read(text)?;
    if let (Some(addressee), Some(ours)) = (addressee, bot_username)
        && !addressee.eq_ignore_ascii_case(ours)
    {
        return None;
    }
    let manage = |change| SlashCommand::Manage {
        change,
        target: target_of(rest, pointing),
    };
    let owned = rest.map(str::to_owned);
    let name = name.to_ascii_lowercase();
    if let Some(command) = setting_command(&name, rest) {
        return Some(command);
    }
    Some(match name.as_str() {
        "start" => SlashCommand::Start { code: owned },
        "help" => SlashCommand::Help,
        "new" => SlashCommand::New { prompt: owned },
        "stop" => SlashCommand::Stop,
        "status" => SlashCommand::Status,
        "user_info" | "whoami" => SlashCommand::UserInfo {
            target: (rest.is_some() || *pointing != Pointing::None)
                .then(|| target_of(rest, pointing)),
        },
        "users" => SlashCommand::Users,
        "add_user" => {
            let (target, name) = target_or_name(rest, pointing);
            SlashCommand::Manage {
                change: Change::Add { name },
                target,
            }
        }
        "remove_user" => manage(Change::Remove),
        "activate" => manage(Change::Activate),
        "deactivate" => manage(Change::Deactivate),
        "promote" => manage(Change::Promote),
        "demote" => manage(Change::Demote),
        "allow_group" => SlashCommand::AllowGroup,
        "delete_my_data" => SlashCommand::DeleteMyData,
        "lockdown" => SlashCommand::LockDown,
        "unlock" => SlashCommand::Unlock,
        _ => return None,
    })
}

/// Returns the command that sets something for the chat, if it is one.
fn setting_command(name: &str, rest: Option<&str>) -> Option<SlashCommand> {
    let choose = |setting| SlashCommand::Choose {
        setting,
        value: rest.map(str::to_owned),
    };
    let word = rest.map(plain_word);
    let word = word.as_deref();
    Some(match name {
        "model" => choose(Setting::Model),
        "effort" => choose(Setting::Effort),
        "mode" => choose(Setting::Mode),
        "tasks" => SlashCommand::Tasks,
        "files" => SlashCommand::Files,
        "rewind" | "checkpoint" => SlashCommand::Rewind,
        "sessions" | "export" => SlashCommand::Archive(archive_wish(name, rest)?),
        "context" => SlashCommand::Enquire(Enquiry::Context),
        "usage" => SlashCommand::Enquire(Enquiry::Usage),
        "permissions" | "allowed-tools" => SlashCommand::Enquire(Enquiry::Rules),
        "diff" => SlashCommand::Enquire(Enquiry::Changes),
        "mcp" => SlashCommand::Enquire(Enquiry::Servers),
        "login" => SlashCommand::Enquire(match rest.and_then(LoginCode::of) {
            Some(code) => Enquiry::LoginCode(code),
            None => Enquiry::LogIn,
        }),
        "btw" => SlashCommand::Enquire(Enquiry::Aside(rest.unwrap_or_default().to_owned())),
        "trust" => SlashCommand::Trust {
            trust: match word {
                None | Some("on") => Trust::Trusted,
                Some("off") => Trust::Untrusted,
                Some(_) => return None,
            },
        },
        "verbose" => SlashCommand::Verbose {
            detail: match word {
                Some("0") => Some(Detail::Answer),
                Some("1") => Some(Detail::Card),
                Some("2") => Some(Detail::Log),
                Some(_) | None => None,
            },
        },
        "draft" => SlashCommand::Draft {
            wish: match word {
                Some("on") => Some(Drafts::On),
                Some("off") => Some(Drafts::Off),
                Some(_) | None => None,
            },
        },
        "rich" => SlashCommand::Rich {
            wish: match word {
                Some("on") => Some(Rich::On),
                Some("off") => Some(Rich::Off),
                Some(_) | None => None,
            },
        },
        _ => return None,
    })
}

/// Returns what a command wants of the conversations on disk, if it is one.
fn archive_wish(name: &str, rest: Option<&str>) -> Option<ArchiveWish> {
    let word = rest.map(plain_word);
    Some(match name {
        "sessions" => ArchiveWish::List {
            words: rest.unwrap_or_default().to_owned(),
        },
        "export" => ArchiveWish::Export(match word.as_deref() {
            Some("json") => ExportForm::Json,
            None | Some("md" | "markdown") => ExportForm::Markdown,
            Some(_) => return None,
        }),
        _ => return None,
    })
}

/// Returns whether an update was said to a group at large.
///
/// In a group a bare `/word` reaches every bot; only our own commands are meant for us.
fn is_overheard(inbound: &Inbound, is_our_command: bool) -> bool {
    if inbound.chat_kind == ChatKind::Private {
        return false;
    }
    let text = match &inbound.content {
        InboundContent::Text { text, .. } | InboundContent::Edited { text, .. } => Some(text),
        InboundContent::Unsupported { caption, .. } => caption.as_ref().map(|it| &it.text),
        InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Reaction { .. }
        | InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. } => None,
    };
    let is_bare_word = text.is_some_and(|text| is_bare_word(text));
    match inbound.addressed {
        Addressed::ToAll => true,
        Addressed::ToUs => is_bare_word && !is_our_command,
    }
}

#[cfg(test)]
mod tests;
