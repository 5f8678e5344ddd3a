//! The records of the journal, as they are written.
//!
//! A form repeats the fields of a type of the actors, which know nothing of serde, and says how each
//! is written; the compiler sees to it that they stay the same.

mod wishes;

use bridge_actors::chat_settings::Detail;
use bridge_actors::chat_settings::Drafts;
use bridge_actors::chat_settings::Rich;
use bridge_actors::chat_settings::Setting;
use bridge_actors::chat_settings::Trust;
use bridge_actors::clock::UnixSeconds;
use bridge_actors::enquiry::Enquiry;
use bridge_actors::ids::{
    CallbackId, ChatId, ConversationId, DraftId, MessageId, PostId, PromptId, SessionKey, TopicId,
    UserId,
};
use bridge_actors::instruction::{ArchiveWish, Joint, Piece, Role};
use bridge_actors::outbox::{
    Body, Button, Code, FileCopy, Folded, Post, PostAction, Quoted, Rank, Sound, Together,
};
use bridge_actors::ports::{Lack, Stage, StoreError, Then};
use bridge_actors::rating::{self, Rating};
use bridge_actors::sent_file::SentFile;
use bridge_actors::session::{Command, CommandKind, Instruct, Press, Prompt, StopDraft};
use serde::{Deserialize, Serialize};

use super::super::record::VERSION;
use super::plain;
use wishes::{ArchiveForm, EnquiryForm};

#[derive(Serialize, Deserialize)]
#[serde(remote = "SessionKey")]
pub(super) struct KeyForm {
    #[serde(with = "plain")]
    chat: ChatId,
    #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
    topic: Option<TopicId>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Prompt")]
pub(super) struct PromptForm {
    #[serde(with = "plain")]
    id: PromptId,
    #[serde(with = "plain")]
    author: UserId,
    #[serde(with = "plain")]
    message: MessageId,
    text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    context: String,
    #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
    goes_on: Option<Joint>,
    #[serde(default, with = "plain", skip_serializing_if = "Vec::is_empty")]
    further: Vec<Piece>,
    #[serde(default, with = "plain", skip_serializing_if = "Vec::is_empty")]
    files: Vec<SentFile>,
    #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
    follows: Option<PromptId>,
}

/// A prompt and a reply are stored as prompts.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Instruct", rename_all = "snake_case")]
pub(super) enum InstructForm {
    #[serde(skip)]
    Prompt(Prompt),
    #[serde(skip)]
    Reply {
        to: MessageId,
        prompt: Prompt,
    },
    Replace(#[serde(with = "PromptForm")] Prompt),
    Command(#[serde(with = "CommandForm")] Command),
    Press(#[serde(with = "PressForm")] Press),
    StopDraft(#[serde(with = "StopDraftForm")] StopDraft),
    Rate(#[serde(with = "RatingForm")] Rating),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Command")]
struct CommandForm {
    #[serde(with = "plain")]
    id: PromptId,
    #[serde(with = "plain")]
    by: UserId,
    #[serde(with = "plain")]
    role: Role,
    #[serde(with = "plain")]
    message: MessageId,
    #[serde(with = "KindForm")]
    kind: CommandKind,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CommandKind", rename_all = "snake_case")]
enum KindForm {
    #[serde(rename = "new")]
    NewConversation {
        prompt: Option<String>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        context: String,
        #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
        goes_on: Option<Joint>,
        #[serde(default, with = "plain", skip_serializing_if = "Vec::is_empty")]
        files: Vec<SentFile>,
    },
    Stop,
    Status,
    Choose {
        #[serde(with = "plain")]
        setting: Setting,
        value: Option<String>,
    },
    Tasks,
    Files,
    Rewind,
    Archive(#[serde(with = "ArchiveForm")] ArchiveWish),
    Enquire(#[serde(with = "EnquiryForm")] Enquiry),
    Trust(#[serde(with = "plain")] Trust),
    Show(#[serde(with = "plain")] Option<Detail>),
    Drafts(#[serde(with = "plain")] Option<Drafts>),
    Rich(#[serde(with = "plain")] Option<Rich>),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Press")]
struct PressForm {
    #[serde(with = "plain")]
    callback: CallbackId,
    #[serde(with = "plain")]
    message: Option<MessageId>,
    data: String,
    #[serde(with = "plain")]
    by: UserId,
    name: String,
    #[serde(with = "plain")]
    role: Role,
    #[serde(with = "plain")]
    id: PromptId,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "StopDraft")]
struct StopDraftForm {
    #[serde(with = "plain")]
    id: PromptId,
    #[serde(with = "plain")]
    by: UserId,
    #[serde(with = "plain")]
    draft: DraftId,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Rating")]
struct RatingForm {
    #[serde(with = "plain")]
    id: PromptId,
    #[serde(with = "plain")]
    by: UserId,
    #[serde(with = "plain")]
    up: rating::Change,
    #[serde(with = "plain")]
    down: rating::Change,
}

/// How far a prompt has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct StoredStage {
    v: u32,
    #[serde(with = "StageForm")]
    pub(super) at: Stage,
    /// The boot of the host in which this was written.
    pub(super) boot: String,
    #[serde(default)]
    pub(super) replays: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Stage", rename_all = "snake_case")]
enum StageForm {
    Accepted,
    Started {
        #[serde(with = "plain")]
        conversation: ConversationId,
    },
    Begun {
        #[serde(default)]
        doing: Option<String>,
    },
    NotBegun {
        nonce: String,
        #[serde(default = "a_file", with = "plain")]
        lacks: Lack,
    },
    Halted {
        nonce: String,
        /// In seconds since 1970.
        #[serde(with = "plain")]
        until: UnixSeconds,
        #[serde(with = "plain")]
        then: Then,
        #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
        asked_in: Option<MessageId>,
    },
    Interrupted {
        nonce: String,
        #[serde(default)]
        doing: Option<String>,
    },
}

/// What a prompt lacked that did not begin when that was not written down: only files could lack.
fn a_file() -> Lack {
    Lack::File
}

/// A post that is kept: a new message, or an edit of a known one.
#[derive(Debug, Clone, PartialEq, Hash, Serialize, Deserialize)]
pub(in crate::store) struct StoredPost {
    #[serde(flatten, with = "KeyForm")]
    key: SessionKey,
    #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
    reply_to: Option<MessageId>,
    #[serde(default)]
    is_silent: bool,
    /// The message that an edit changes; a new one has none.
    #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
    edits: Option<MessageId>,
    #[serde(with = "BodyForm")]
    body: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Body", rename_all = "snake_case")]
enum BodyForm {
    Markdown(String),
    Rich(String),
    Plain(String),
    Choice {
        text: String,
        #[serde(with = "plain")]
        rows: Vec<Vec<Button>>,
    },
    Live {
        text: String,
        #[serde(default, with = "plain", skip_serializing_if = "Option::is_none")]
        code: Option<Code>,
        #[serde(default, with = "plain", skip_serializing_if = "Vec::is_empty")]
        rows: Vec<Vec<Button>>,
    },
    Folded(#[serde(with = "FoldedForm")] Folded),
    Quoted(#[serde(with = "QuotedForm")] Quoted),
    Card {
        #[serde(with = "FoldedForm")]
        words: Folded,
        shown: usize,
        #[serde(default, with = "plain", skip_serializing_if = "Vec::is_empty")]
        rows: Vec<Vec<Button>>,
    },
    Document {
        name: String,
        content: String,
        caption: String,
    },
    Files {
        #[serde(with = "plain")]
        files: Vec<FileCopy>,
        #[serde(with = "plain")]
        together: Together,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Folded")]
struct FoldedForm {
    head: String,
    folded: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Quoted")]
struct QuotedForm {
    head: String,
    words: String,
    #[serde(default, with = "plain", skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Vec<Button>>,
}

impl StoredStage {
    pub(super) fn of(stage: &Stage, boot: &str, replays: u32) -> Self {
        Self {
            v: VERSION,
            at: stage.clone(),
            boot: boot.to_owned(),
            replays,
        }
    }
}

impl StoredPost {
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
            key: post.key,
            reply_to,
            is_silent: sound == Sound::Silent,
            edits,
            body: body.clone(),
        })
    }

    pub(super) fn is_edit(&self) -> bool {
        self.edits.is_some()
    }

    pub(super) fn post(self, id: PostId) -> Post {
        let (reply_to, body) = (self.reply_to, self.body);
        let sound = match self.is_silent {
            true => Sound::Silent,
            false => Sound::Ring,
        };
        let action = match self.edits {
            Some(message) => PostAction::EditMessage { id, message, body },
            None => PostAction::Send {
                id,
                body,
                reply_to,
                sound,
            },
        };
        Post {
            key: self.key,
            action,
            rank: Rank::Answer,
        }
    }
}
