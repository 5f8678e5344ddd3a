//! Plain forms of small types that know nothing of serde: `#[serde(with = "plain")]` writes an id as
//! its number, a choice as its word.

use std::time::Duration;

use bridge_actors::chat_settings::Detail;
use bridge_actors::chat_settings::Drafts;
use bridge_actors::chat_settings::Rich;
use bridge_actors::chat_settings::Setting;
use bridge_actors::chat_settings::Trust;
use bridge_actors::clock::UnixSeconds;
use bridge_actors::ids::{
    CallbackId, ChatId, ConversationId, DraftId, FileId, MessageId, PromptId, TopicId, UserId,
};
use bridge_actors::instruction::{Joint, Piece, Role};
use bridge_actors::money::Day;
use bridge_actors::outbox::{Button, Code, FileCopy, FileForm, Together};
use bridge_actors::ports::{ExportForm, Lack, Then};
use bridge_actors::rating;
use bridge_actors::sent_file::{FileKind, FileOf, SentFile, Speech};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A type with a form that can be stored.
pub(super) trait Plain: Sized {
    type Form: Serialize + DeserializeOwned;

    fn form(&self) -> Self::Form;

    /// Returns what a form stands for; `None` when it stands for nothing.
    fn of_form(form: Self::Form) -> Option<Self>;
}

pub(super) fn serialize<T: Plain, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.form().serialize(serializer)
}

pub(super) fn deserialize<'de, T: Plain, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let form = T::Form::deserialize(deserializer)?;
    let unknown = || D::Error::custom("a word that this bridge does not know");
    T::of_form(form).ok_or_else(unknown)
}

macro_rules! ids {
    ($($id:ident($form:ty)),+ $(,)?) => {$(
        impl Plain for $id {
            type Form = $form;

            fn form(&self) -> $form {
                self.0.clone()
            }

            fn of_form(form: $form) -> Option<Self> {
                Some(Self(form))
            }
        }
    )+};
}

ids!(
    ChatId(i64),
    TopicId(i64),
    UserId(i64),
    UnixSeconds(u64),
    MessageId(i64),
    DraftId(i64),
    PromptId(String),
    CallbackId(String),
    ConversationId(String),
);

macro_rules! choices {
    ($type:ty: $($choice:ident = $word:literal),+) => {
        impl Plain for $type {
            type Form = String;

            fn form(&self) -> String {
                match self {
                    $(Self::$choice => $word.to_owned(),)+
                }
            }

            fn of_form(form: String) -> Option<Self> {
                match form.as_str() {
                    $($word => Some(Self::$choice),)+
                    _ => None,
                }
            }
        }
    };
}

choices!(Role: User = "user", Admin = "admin", Owner = "owner");
choices!(Setting: Model = "model", Effort = "effort", Mode = "mode");
choices!(FileForm: Photo = "photo", Document = "document");
choices!(ExportForm: Markdown = "markdown", Json = "json");
choices!(Together: Album = "album", Apart = "apart");
choices!(Joint:
    Word = "word",
    Line = "line",
    Apart = "apart",
    File = "file",
    Overheard = "overheard"
);
choices!(FileKind:
    Photo = "photo",
    LivePhoto = "live_photo",
    Video = "video",
    Animation = "animation",
    Document = "document",
    Audio = "audio",
    Voice = "voice",
    VideoNote = "video_note"
);
choices!(rating::Change: None = "none", Given = "given", TakenBack = "taken_back");
choices!(Then: Nothing = "nothing", GoesOn = "goes_on");
choices!(Detail: Answer = "answer", Card = "card", Log = "log");

macro_rules! switches {
    ($type:ident: $on:ident, $off:ident) => {
        impl Plain for $type {
            type Form = bool;

            fn form(&self) -> bool {
                match self {
                    Self::$on => true,
                    Self::$off => false,
                }
            }

            fn of_form(is_on: bool) -> Option<Self> {
                Some(if is_on { Self::$on } else { Self::$off })
            }
        }
    };
}

switches!(Trust: Trusted, Untrusted);
switches!(Drafts: On, Off);
switches!(Rich: On, Off);

/// The form of a piece of a prompt.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredPiece {
    message: i64,
    text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    context: String,
    joint: String,
}

impl Plain for Piece {
    type Form = StoredPiece;

    fn form(&self) -> StoredPiece {
        StoredPiece {
            message: self.message.0,
            text: self.text.clone(),
            context: self.context.clone(),
            joint: self.joint.form(),
        }
    }

    fn of_form(form: StoredPiece) -> Option<Self> {
        Some(Self {
            message: MessageId(form.message),
            text: form.text,
            context: form.context,
            joint: Joint::of_form(form.joint)?,
        })
    }
}

impl Plain for Button {
    type Form = (String, String);

    fn form(&self) -> Self::Form {
        (self.label.clone(), self.data.clone())
    }

    fn of_form((label, data): Self::Form) -> Option<Self> {
        Some(Self { label, data })
    }
}

impl Plain for Code {
    type Form = (String, String);

    fn form(&self) -> Self::Form {
        (self.language.to_owned(), self.text.clone())
    }

    /// A language that is none of ours only costs its colours.
    fn of_form((language, text): Self::Form) -> Option<Self> {
        let mut known = ["bash", "diff", "json"].into_iter();
        let language = known.find(|known| *known == language).unwrap_or("");
        Some(Self { language, text })
    }
}

impl Plain for FileCopy {
    /// Copy, name, size, form and caption.
    type Form = (String, String, u64, String, String);

    fn form(&self) -> Self::Form {
        let Self {
            copy,
            name,
            size,
            form,
            caption,
        } = self;
        let form = form.form();
        (copy.clone(), name.clone(), *size, form, caption.clone())
    }

    fn of_form((copy, name, size, form, caption): Self::Form) -> Option<Self> {
        Some(Self {
            copy,
            name,
            size,
            form: FileForm::of_form(form)?,
            caption,
        })
    }
}

/// What is stored of a file that was sent.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredFile {
    #[serde(default)]
    message: i64,
    /// Whether it is that of the message that is answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    answered: bool,
    kind: String,
    file: String,
    unique: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    album: Option<String>,
    /// In milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<u64>,
    #[serde(default, skip_serializing_if = "StoredSpeech::is_unheard")]
    speech: StoredSpeech,
}

/// What is stored of what is said in a file.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredSpeech {
    #[default]
    Unheard,
    Words(String),
    LeftAsFile,
}

impl StoredSpeech {
    fn is_unheard(&self) -> bool {
        matches!(self, Self::Unheard)
    }
}

impl Plain for Lack {
    /// What it is, and the message that asks for consent, or the day.
    type Form = (String, Option<i64>);

    fn form(&self) -> Self::Form {
        match self {
            Self::File => ("file".to_owned(), None),
            Self::Words => ("words".to_owned(), None),
            Self::Space => ("space".to_owned(), None),
            Self::Money { day } => ("money".to_owned(), Some(i64::from(day.0))),
            Self::Consent { asked_in } => ("consent".to_owned(), asked_in.map(|it| it.0)),
        }
    }

    fn of_form((lack, message): Self::Form) -> Option<Self> {
        match lack.as_str() {
            "file" => Some(Self::File),
            "space" => Some(Self::Space),
            "words" => Some(Self::Words),
            "money" => Some(Self::Money {
                day: Day(u32::try_from(message?).ok()?),
            }),
            "consent" => Some(Self::Consent {
                asked_in: message.map(MessageId),
            }),
            _ => None,
        }
    }
}

impl Plain for SentFile {
    type Form = StoredFile;

    fn form(&self) -> StoredFile {
        StoredFile {
            message: self.message.0,
            answered: match self.of {
                FileOf::Message => false,
                FileOf::Answered => true,
            },
            kind: self.kind.form(),
            file: self.file.0.clone(),
            unique: self.unique.clone(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            bytes: self.bytes,
            album: self.album.clone(),
            length: self
                .length
                .map(|it| u64::try_from(it.as_millis()).unwrap_or(u64::MAX)),
            speech: match &self.speech {
                Speech::Unheard => StoredSpeech::Unheard,
                Speech::Words(words) => StoredSpeech::Words(words.clone()),
                Speech::LeftAsFile => StoredSpeech::LeftAsFile,
            },
        }
    }

    fn of_form(form: StoredFile) -> Option<Self> {
        Some(Self {
            message: MessageId(form.message),
            of: match form.answered {
                false => FileOf::Message,
                true => FileOf::Answered,
            },
            kind: FileKind::of_form(form.kind)?,
            file: FileId(form.file),
            unique: form.unique,
            name: form.name,
            media_type: form.media_type,
            bytes: form.bytes,
            album: form.album,
            length: form.length.map(Duration::from_millis),
            speech: match form.speech {
                StoredSpeech::Unheard => Speech::Unheard,
                StoredSpeech::Words(words) => Speech::Words(words),
                StoredSpeech::LeftAsFile => Speech::LeftAsFile,
            },
        })
    }
}

impl<T: Plain> Plain for Option<T> {
    type Form = Option<T::Form>;

    fn form(&self) -> Self::Form {
        self.as_ref().map(T::form)
    }

    fn of_form(form: Self::Form) -> Option<Self> {
        match form {
            Some(form) => T::of_form(form).map(Some),
            None => Some(None),
        }
    }
}

impl<T: Plain> Plain for Vec<T> {
    type Form = Vec<T::Form>;

    fn form(&self) -> Self::Form {
        self.iter().map(T::form).collect()
    }

    fn of_form(form: Self::Form) -> Option<Self> {
        form.into_iter().map(T::of_form).collect()
    }
}
