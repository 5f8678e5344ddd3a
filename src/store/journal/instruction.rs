//! The record of an instruction that was not carried out, as it is written.

use bridge_actors::ids::{CallbackId, DraftId, MessageId, PromptId, SessionKey, UserId};
use bridge_actors::ports::Trust;
use bridge_actors::session::card::Detail;
use bridge_actors::session::choices::Setting;
use bridge_actors::session::draft::Drafts;
use bridge_actors::session::{Command, CommandKind, Instruct, Press, Prompt, StopDraft};
use bridge_actors::user_registry::Role;
use serde::{Deserialize, Serialize};

use super::change::session_of;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct StoredInstruction {
    chat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    topic: Option<i64>,
    id: String,
    by: i64,
    wish: StoredWish,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredWish {
    Replace {
        message: i64,
        text: String,
    },
    Command {
        message: i64,
        role: StoredRole,
        kind: StoredKind,
    },
    Press {
        callback: String,
        message: Option<i64>,
        data: String,
        name: String,
        role: StoredRole,
    },
    StopDraft {
        draft: i64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredRole {
    User,
    Admin,
    Owner,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredKind {
    New {
        prompt: Option<String>,
    },
    Stop,
    Status,
    Choose {
        setting: StoredSetting,
        value: Option<String>,
    },
    Tasks,
    Trust(bool),
    Show(Option<StoredDetail>),
    Drafts(Option<bool>),
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredSetting {
    Model,
    Effort,
    Mode,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredDetail {
    Answer,
    Card,
    Log,
}

impl StoredInstruction {
    /// Returns the record of an instruction; a prompt has records of its own.
    pub(super) fn of(key: SessionKey, instruction: &Instruct) -> Result<Self, &Prompt> {
        let wish = match instruction {
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => return Err(prompt),
            Instruct::Replace(prompt) => StoredWish::Replace {
                message: prompt.message.0,
                text: prompt.text.clone(),
            },
            Instruct::Command(command) => StoredWish::Command {
                message: command.message.0,
                role: StoredRole::of(command.role),
                kind: StoredKind::of(command.kind.clone()),
            },
            Instruct::Press(press) => StoredWish::Press {
                callback: press.callback.0.clone(),
                message: press.message.map(|message| message.0),
                data: press.data.clone(),
                name: press.name.clone(),
                role: StoredRole::of(press.role),
            },
            Instruct::StopDraft(stop) => StoredWish::StopDraft {
                draft: stop.draft.0,
            },
        };
        Ok(Self {
            chat: key.chat.0,
            topic: key.topic.map(|topic| topic.0),
            id: instruction.id().0.clone(),
            by: instruction.by().0,
            wish,
        })
    }

    pub(super) fn key(&self) -> SessionKey {
        session_of(self.chat, self.topic)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn instruction(self) -> Instruct {
        let (id, by) = (PromptId(self.id), UserId(self.by));
        match self.wish {
            StoredWish::Replace { message, text } => Instruct::Replace(Prompt {
                id,
                author: by,
                message: MessageId(message),
                text,
            }),
            StoredWish::Command {
                message,
                role,
                kind,
            } => Instruct::Command(Command {
                id,
                by,
                role: role.role(),
                message: MessageId(message),
                kind: kind.kind(),
            }),
            StoredWish::Press {
                callback,
                message,
                data,
                name,
                role,
            } => Instruct::Press(Press {
                callback: CallbackId(callback),
                message: message.map(MessageId),
                data,
                by,
                name,
                role: role.role(),
                id,
            }),
            StoredWish::StopDraft { draft } => Instruct::StopDraft(StopDraft {
                id,
                by,
                draft: DraftId(draft),
            }),
        }
    }
}

impl StoredRole {
    fn of(role: Role) -> Self {
        match role {
            Role::User => Self::User,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
        }
    }

    fn role(self) -> Role {
        match self {
            Self::User => Role::User,
            Self::Admin => Role::Admin,
            Self::Owner => Role::Owner,
        }
    }
}

impl StoredKind {
    fn of(kind: CommandKind) -> Self {
        match kind {
            CommandKind::NewConversation { prompt } => Self::New { prompt },
            CommandKind::Stop => Self::Stop,
            CommandKind::Status => Self::Status,
            CommandKind::Choose { setting, value } => Self::Choose {
                setting: StoredSetting::of(setting),
                value,
            },
            CommandKind::Tasks => Self::Tasks,
            CommandKind::Trust(trust) => Self::Trust(trust == Trust::Trusted),
            CommandKind::Show(detail) => Self::Show(detail.map(StoredDetail::of)),
            CommandKind::Drafts(wish) => Self::Drafts(wish.map(|wish| wish == Drafts::On)),
        }
    }

    fn kind(self) -> CommandKind {
        match self {
            Self::New { prompt } => CommandKind::NewConversation { prompt },
            Self::Stop => CommandKind::Stop,
            Self::Status => CommandKind::Status,
            Self::Choose { setting, value } => CommandKind::Choose {
                setting: setting.setting(),
                value,
            },
            Self::Tasks => CommandKind::Tasks,
            Self::Trust(true) => CommandKind::Trust(Trust::Trusted),
            Self::Trust(false) => CommandKind::Trust(Trust::Untrusted),
            Self::Show(detail) => CommandKind::Show(detail.map(StoredDetail::detail)),
            Self::Drafts(wish) => CommandKind::Drafts(wish.map(|is_on| match is_on {
                true => Drafts::On,
                false => Drafts::Off,
            })),
        }
    }
}

impl StoredSetting {
    fn of(setting: Setting) -> Self {
        match setting {
            Setting::Model => Self::Model,
            Setting::Effort => Self::Effort,
            Setting::Mode => Self::Mode,
        }
    }

    fn setting(self) -> Setting {
        match self {
            Self::Model => Setting::Model,
            Self::Effort => Setting::Effort,
            Self::Mode => Setting::Mode,
        }
    }
}

impl StoredDetail {
    fn of(detail: Detail) -> Self {
        match detail {
            Detail::Answer => Self::Answer,
            Detail::Card => Self::Card,
            Detail::Log => Self::Log,
        }
    }

    fn detail(self) -> Detail {
        match self {
            Self::Answer => Detail::Answer,
            Self::Card => Detail::Card,
            Self::Log => Detail::Log,
        }
    }
}
