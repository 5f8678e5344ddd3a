//! Reads the commands of a script.

use super::archive::wish as archive_wish;
use super::enquiries::enquiry;
use super::files::role_of;
use super::sent::{rated, rich};
use super::{CHAT, Player};
use crate::chat_settings::{Detail, Drafts, Setting, Trust};
use crate::ids::{PromptId, UserId};
use crate::instruction::Role;
use crate::session::{Command, CommandKind, Instruct};

impl Player {
    /// Reads a command, if that is what the line is about.
    pub(super) fn command_of(&mut self, word: &str, rest: &str) -> Option<Instruct> {
        Some(match word {
            "/new" => self.new_conversation(rest),
            "/stop" => self.command(Role::User, CommandKind::Stop),
            "/sessions" | "/export" => self.command(Role::User, archive_wish(word, rest)?),
            "/files" => self.command(role_of(rest), CommandKind::Files),
            "/rewind" => self.command(Role::User, CommandKind::Rewind),
            "/tasks" => self.command(Role::User, CommandKind::Tasks),
            "/trust" => self.trust(rest),
            "/model" => self.choose(Setting::Model, rest),
            "/effort" => self.choose(Setting::Effort, rest),
            "/mode" => self.choose(Setting::Mode, rest),
            "/verbose" => self.show(rest),
            "/rich" => self.command(Role::User, rich(rest)),
            "/draft" => self.drafts(rest),
            "rate" => rated(PromptId(format!("p{}", self.next_message().0)), rest),
            "admin_status" => self.command(Role::Admin, CommandKind::Status),
            "/status" => self.command(Role::User, CommandKind::Status),
            _ => {
                let enquiry = enquiry(word, rest)?;
                let role = match rest {
                    "admin" => Role::Admin,
                    _ => Role::User,
                };
                self.command(role, CommandKind::Enquire(enquiry))
            }
        })
    }

    /// Reads a choice; `admin` in front says who chooses.
    fn choose(&mut self, setting: Setting, value: &str) -> Instruct {
        let (role, value) = match value.strip_prefix("admin") {
            Some(value) => (Role::Admin, value.trim()),
            None => (Role::User, value),
        };
        let value = (!value.is_empty()).then(|| value.to_owned());
        self.command(role, CommandKind::Choose { setting, value })
    }

    /// Reads who trusts the folder; `off` takes it back.
    fn trust(&mut self, text: &str) -> Instruct {
        let trust = match text.ends_with("off") {
            true => Trust::Untrusted,
            false => Trust::Trusted,
        };
        let role = match text.starts_with("admin") {
            true => Role::Admin,
            false => Role::User,
        };
        self.command(role, CommandKind::Trust(trust))
    }

    fn show(&mut self, level: &str) -> Instruct {
        let detail = match level {
            "0" => Some(Detail::Answer),
            "1" => Some(Detail::Card),
            "2" => Some(Detail::Log),
            _ => None,
        };
        self.command(Role::User, CommandKind::Show(detail))
    }

    fn drafts(&mut self, wish: &str) -> Instruct {
        let wish = match wish {
            "on" => Some(Drafts::On),
            "off" => Some(Drafts::Off),
            _ => None,
        };
        self.command(Role::User, CommandKind::Drafts(wish))
    }

    pub(super) fn command(&mut self, role: Role, kind: CommandKind) -> Instruct {
        let message = self.next_message();
        Instruct::Command(Command {
            id: PromptId(format!("p{}", message.0)),
            by: UserId(CHAT.0),
            role,
            message,
            kind,
        })
    }

    fn new_conversation(&mut self, text: &str) -> Instruct {
        let kind = CommandKind::NewConversation {
            prompt: (!text.is_empty()).then(|| text.to_owned()),
            context: String::new(),
            goes_on: None,
            files: Vec::new(),
        };
        self.command(Role::User, kind)
    }
}
