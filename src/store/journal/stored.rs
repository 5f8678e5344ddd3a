//! The records of the journal, as they are written.

use bridge_actors::ids::{ConversationId, MessageId, PostId, PromptId, SessionKey, UserId};
use bridge_actors::outbox::{Body, Button, Code, Post, PostAction, Rank, Sound};
use bridge_actors::ports::{Stage, StoreError};
use bridge_actors::session::Prompt;
use serde::{Deserialize, Serialize};

use super::super::record::VERSION;
use super::change::session_of;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct StoredPrompt {
    chat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    topic: Option<i64>,
    id: String,
    author: i64,
    message: i64,
    text: String,
}

/// How far a prompt has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct StoredStage {
    v: u32,
    at: StoredAt,
    /// The boot of the host in which this was written.
    pub(super) boot: String,
    #[serde(default)]
    pub(super) replays: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredAt {
    Accepted,
    Started {
        conversation: String,
    },
    Begun {
        #[serde(default)]
        doing: Option<String>,
    },
    Interrupted {
        nonce: String,
        #[serde(default)]
        doing: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize, Deserialize)]
pub(in crate::store) struct StoredPost {
    chat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    topic: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<i64>,
    #[serde(default)]
    is_silent: bool,
    /// The message that an edit changes; a new one has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edits: Option<i64>,
    body: StoredBody,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredBody {
    Markdown(String),
    Plain(String),
    Choice {
        text: String,
        rows: Vec<Vec<(String, String)>>,
    },
    Live {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<(String, String)>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rows: Vec<Vec<(String, String)>>,
    },
    Document {
        name: String,
        content: String,
        caption: String,
    },
}

impl StoredPrompt {
    pub(super) fn of(key: SessionKey, prompt: &Prompt) -> Self {
        Self {
            chat: key.chat.0,
            topic: key.topic.map(|topic| topic.0),
            id: prompt.id.0.clone(),
            author: prompt.author.0,
            message: prompt.message.0,
            text: prompt.text.clone(),
        }
    }

    pub(super) fn key(&self) -> SessionKey {
        session_of(self.chat, self.topic)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn prompt(self) -> Prompt {
        Prompt {
            id: PromptId(self.id),
            author: UserId(self.author),
            message: MessageId(self.message),
            text: self.text,
        }
    }
}

impl StoredStage {
    pub(super) fn of(stage: &Stage, boot: &str, replays: u32) -> Self {
        let at = match stage.clone() {
            Stage::Accepted => StoredAt::Accepted,
            Stage::Started { conversation } => StoredAt::Started {
                conversation: conversation.0,
            },
            Stage::Begun { doing } => StoredAt::Begun { doing },
            Stage::Interrupted { nonce, doing } => StoredAt::Interrupted { nonce, doing },
        };
        Self {
            v: VERSION,
            at,
            boot: boot.to_owned(),
            replays,
        }
    }

    pub(super) fn stage(self) -> Stage {
        match self.at {
            StoredAt::Accepted => Stage::Accepted,
            StoredAt::Started { conversation } => Stage::Started {
                conversation: ConversationId(conversation),
            },
            StoredAt::Begun { doing } => Stage::Begun { doing },
            StoredAt::Interrupted { nonce, doing } => Stage::Interrupted { nonce, doing },
        }
    }

    /// Returns the same stage, written in this boot of the host.
    pub(super) fn again(&self, boot: &str, replays: u32) -> Self {
        Self {
            boot: boot.to_owned(),
            replays,
            ..self.clone()
        }
    }
}

impl StoredPost {
    /// New messages are kept, and edits of known ones.
    pub(super) fn of(post: &Post) -> Result<Self, StoreError> {
        let (reply_to, sound, edits, body) = match &post.action {
            PostAction::Send {
                body,
                reply_to,
                sound,
                ..
            } => (*reply_to, *sound, None, body),
            PostAction::EditMessage { message, body, .. } => {
                (None, Sound::Ring, Some(*message), body)
            }
            PostAction::Edit { .. } | PostAction::Leave => {
                let reason = "only new messages and edits of known ones are kept";
                return Err(StoreError(reason.to_owned()));
            }
        };
        Ok(Self {
            chat: post.key.chat.0,
            topic: post.key.topic.map(|topic| topic.0),
            reply_to: reply_to.map(|message| message.0),
            is_silent: sound == Sound::Silent,
            edits: edits.map(|message| message.0),
            body: StoredBody::of(body.clone()),
        })
    }

    pub(super) fn is_edit(&self) -> bool {
        self.edits.is_some()
    }

    pub(super) fn post(self, id: PostId) -> Post {
        let key = session_of(self.chat, self.topic);
        let body = self.body.body();
        let sound = if self.is_silent {
            Sound::Silent
        } else {
            Sound::Ring
        };
        let action = match self.edits.map(MessageId) {
            Some(message) => PostAction::EditMessage { id, message, body },
            None => PostAction::Send {
                id,
                body,
                reply_to: self.reply_to.map(MessageId),
                sound,
            },
        };
        Post {
            key,
            action,
            rank: Rank::Answer,
        }
    }
}

impl StoredBody {
    fn of(body: Body) -> Self {
        match body {
            Body::Markdown(text) => Self::Markdown(text),
            Body::Plain(text) => Self::Plain(text),
            Body::Choice { text, rows } => Self::Choice {
                text,
                rows: stored_rows(rows),
            },
            Body::Live { text, code, rows } => Self::Live {
                text,
                code: code.map(|code| (code.language.to_owned(), code.text)),
                rows: stored_rows(rows),
            },
            Body::Document {
                name,
                content,
                caption,
            } => Self::Document {
                name,
                content,
                caption,
            },
        }
    }

    fn body(self) -> Body {
        match self {
            Self::Markdown(text) => Body::Markdown(text),
            Self::Plain(text) => Body::Plain(text),
            Self::Choice { text, rows } => Body::Choice {
                text,
                rows: read_rows(rows),
            },
            Self::Live { text, code, rows } => {
                let code = code.map(|(language, text)| Code {
                    language: known_language(&language),
                    text,
                });
                let rows = read_rows(rows);
                Body::Live { text, code, rows }
            }
            Self::Document {
                name,
                content,
                caption,
            } => Body::Document {
                name,
                content,
                caption,
            },
        }
    }
}

fn stored_rows(rows: Vec<Vec<Button>>) -> Vec<Vec<(String, String)>> {
    let row = |row: Vec<Button>| row.into_iter().map(|it| (it.label, it.data)).collect();
    rows.into_iter().map(row).collect()
}

fn read_rows(rows: Vec<Vec<(String, String)>>) -> Vec<Vec<Button>> {
    let button = |(label, data)| Button { label, data };
    let row = |row: Vec<_>| row.into_iter().map(button).collect();
    rows.into_iter().map(row).collect()
}

/// Returns a language of code by its name; one that is none of ours only costs its colours.
fn known_language(name: &str) -> &'static str {
    let mut known = ["bash", "diff", "json"].into_iter();
    known.find(|known| *known == name).unwrap_or("")
}
