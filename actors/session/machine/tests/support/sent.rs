//! Files that a person sends, what becomes of them, and what is heard in them.

use std::path::PathBuf;
use std::time::Duration;

use super::{CHAT, Player};
use crate::chat_settings::Rich;
use crate::ids::{FileId, MessageId, PromptId, UserId};
use crate::instruction::Joint;
use crate::ports::{HostUptime, Lack, OpenPrompt, Stage};
use crate::rating::{Change, Rating};
use crate::sent_file::{FetchFault, FileKind, FileOf, HearingFault, PictureFormat, ReceivedFile};
use crate::sent_file::{SentFile, Speech};
use crate::session::event::Event;
use crate::session::policy::{Confirm, VoicePolicy, WhoConfigures};
use crate::session::{CommandKind, Instruct, Prompt};

pub(super) fn photo_of(message: MessageId) -> SentFile {
    file_of(FileKind::Photo, message)
}

fn file_of(kind: FileKind, message: MessageId) -> SentFile {
    let name = match kind {
        FileKind::Voice => "voice",
        FileKind::Audio => "audio",
        FileKind::Photo
        | FileKind::LivePhoto
        | FileKind::Video
        | FileKind::Animation
        | FileKind::Document
        | FileKind::VideoNote => "photo",
    };
    SentFile {
        message,
        of: FileOf::Message,
        kind,
        file: FileId(format!("{name}{}", message.0)),
        unique: format!("unique{}", message.0),
        name: None,
        media_type: None,
        bytes: None,
        album: None,
        length: None,
        speech: Speech::Unheard,
    }
}

/// Returns the photo of a message that is answered in another one.
pub(super) fn photo_answered_in(message: MessageId) -> SentFile {
    SentFile {
        message,
        of: FileOf::Answered,
        file: FileId("photo0".to_owned()),
        unique: "unique0".to_owned(),
        ..photo_of(message)
    }
}

impl Player {
    /// Reads a message with a photo: its caption, which may be empty.
    pub(super) fn with_photo(&mut self, caption: &str) -> Prompt {
        let prompt = self.written(UserId(CHAT.0), caption);
        let files = vec![photo_of(prompt.message)];
        Prompt { files, ..prompt }
    }

    /// Reads a message of an album: its name and the caption.
    pub(super) fn of_album(&mut self, text: &str, joint: Joint) -> Prompt {
        let (album, caption) = text.split_once(' ').unwrap_or((text, ""));
        let mut photo = self.with_photo(caption).going_on(Some(joint));
        photo.files[0].album = Some(album.to_owned());
        photo
    }
}

/// Reads what somebody thinks of a message: what became of 👍, and of 👎.
pub(super) fn rated(id: PromptId, text: &str) -> Instruct {
    let change = |sign: &str| match text.split(' ').find_map(|word| word.strip_suffix(sign)) {
        Some("+") => Change::Given,
        Some("-") => Change::TakenBack,
        Some(_) | None => Change::None,
    };
    Instruct::Rate(Rating {
        id,
        by: UserId(CHAT.0),
        up: change("👍"),
        down: change("👎"),
    })
}

/// Reads a wish for rich messages.
pub(super) fn rich(wish: &str) -> CommandKind {
    CommandKind::Rich(match wish {
        "on" => Some(Rich::On),
        "off" => Some(Rich::Off),
        _ => None,
    })
}

/// Returns an edit that puts another photo in the place of the one that its message had.
pub(super) fn exchanged(edit: Instruct) -> Instruct {
    let Instruct::Replace(prompt) = edit else {
        panic!("an edit");
    };
    let other = |photo: SentFile| SentFile {
        file: FileId(format!("{}b", photo.file.0)),
        unique: format!("{}b", photo.unique),
        ..photo
    };
    let files = prompt.files.iter().cloned().map(other).collect();
    Instruct::Replace(Prompt { files, ..prompt })
}

impl Player {
    /// Returns the kinds of the files of a prompt that waits.
    pub(super) fn kinds_of_files(&self, id: &PromptId) -> Vec<FileKind> {
        let mut waiting = self.machine.prompts.waiting();
        let prompt = waiting.find(|prompt| prompt.id == *id);
        let files = prompt.map_or(&[][..], |prompt| prompt.files.as_slice());
        files.iter().map(|file| file.kind).collect()
    }

    /// Reads a message with a file that may be left open, if it is one.
    pub(super) fn file_left_open(&mut self, stage: &str, text: &str) -> Option<Prompt> {
        match stage {
            "album_of" => Some(self.of_album(text, Joint::File)),
            "overheard" => Some(self.of_album(text, Joint::Overheard)),
            // It belongs to the turn of the message before.
            "photo_behind" => {
                let follows = Some(PromptId(format!("p{}", self.messages)));
                let photo = self.with_photo(text);
                Some(Prompt { follows, ..photo })
            }
            _ => None,
        }
    }

    /// Reads a message with a recording or of an album that is named, if it is one.
    pub(super) fn sent_with(&mut self, word: &str, text: &str) -> Option<Prompt> {
        match word {
            "voice" | "long_voice" | "audio" => Some(self.recording(word, text)),
            "forward_voice" => Some(self.recording("voice", text).going_on(Some(Joint::Apart))),
            "forward_photo" => Some(self.with_photo(text).going_on(Some(Joint::Apart))),
            _ => self.file_left_open(word, text),
        }
    }

    /// Reads a voice message that was left open: how far it had come, and what was heard.
    pub(super) fn open_voice(&mut self, text: &str) -> OpenPrompt {
        let (came_to, words) = text.split_once(' ').expect("how far and words");
        let mut prompt = self.recording("voice", "");
        if matches!(came_to, "heard" | "confirm") {
            prompt.files[0].speech = Speech::Words(words.to_owned());
        }
        let asked_in = Some(MessageId(504));
        let not_begun = |lacks| {
            let nonce = "n0".to_owned();
            Stage::NotBegun { nonce, lacks }
        };
        let stage = match came_to {
            "failed" => not_begun(Lack::Words),
            "confirm" => not_begun(Lack::Consent { asked_in }),
            _ => Stage::Accepted,
        };
        OpenPrompt {
            prompt,
            stage,
            host: HostUptime::Unbroken,
            replays: 0,
        }
    }

    /// Reads a message with a recording: the words below it, which may be none.
    pub(super) fn recording(&mut self, word: &str, caption: &str) -> Prompt {
        let (kind, length) = match word {
            "long_voice" => (FileKind::Voice, 61),
            "voice" => (FileKind::Voice, 5),
            _ => (FileKind::Audio, 5),
        };
        let prompt = self.written(UserId(CHAT.0), caption);
        let file = SentFile {
            length: Some(Duration::from_secs(length)),
            ..file_of(kind, prompt.message)
        };
        let is_whole = kind.speaks() || !caption.is_empty();
        let goes_on = (!is_whole).then_some(Joint::File);
        prompt.with_files(vec![file]).going_on(goes_on)
    }
}

fn received(kind: FileKind) -> ReceivedFile {
    let (name, picture) = match kind {
        FileKind::Voice => ("voice.ogg", None),
        FileKind::Audio => ("audio.mp3", None),
        FileKind::Photo
        | FileKind::LivePhoto
        | FileKind::Video
        | FileKind::Animation
        | FileKind::Document
        | FileKind::VideoNote => ("photo.jpg", Some(PictureFormat::Jpeg)),
    };
    ReceivedFile {
        kind,
        path: PathBuf::from(format!("/inbox/{name}")),
        bytes: 70_000,
        picture,
    }
}

/// Reads what became of the files of a prompt, which are of these kinds: its id, and why they cannot
/// be had if they cannot.
pub(super) fn fetched(text: &str, kinds: impl Fn(&PromptId) -> Vec<FileKind>) -> Event {
    let (prompt, fault) = text.split_once(' ').unwrap_or((text, ""));
    let prompt = PromptId(prompt.to_owned());
    let files: Vec<_> = kinds(&prompt)
        .into_iter()
        .map(|kind| Ok(received(kind)))
        .collect();
    let photo = received(FileKind::Photo);
    let outcome = match fault {
        "" => Ok(files),
        "not a picture" => Ok(vec![Ok(ReceivedFile {
            picture: None,
            ..photo
        })]),
        "huge" => Ok(vec![Ok(ReceivedFile {
            bytes: 7_000_000,
            ..photo
        })]),
        "without the answered" => Ok(vec![Err(FetchFault::TooLargeForTelegram); files.len()]),
        "too large" => Err(FetchFault::TooLarge {
            limit: 20 * 1024 * 1024,
        }),
        "unreachable" => Err(FetchFault::Unreachable),
        _ => panic!("not a fault: {fault}"),
    };
    Event::Fetched { prompt, outcome }
}

/// Reads what was heard for a prompt: its id and the words, or what went wrong behind an `!`.
pub(super) fn heard(text: &str) -> Event {
    let (prompt, words) = text.split_once(' ').expect("a prompt and words");
    let outcome = match words.strip_prefix('!') {
        None => Ok(words.to_owned()),
        Some("missing") => Err(HearingFault::NotFound {
            program: "whisper".to_owned(),
        }),
        Some("broken") => Err(HearingFault::NotStarted {
            reason: "no guard".to_owned(),
        }),
        Some("failed") => Err(HearingFault::Failed {
            code: 3,
            said: String::new(),
        }),
        Some("complained") => Err(HearingFault::Failed {
            code: 3,
            said: "no model\u{202e}".to_owned(),
        }),
        Some("timed out") => Err(HearingFault::TimedOut {
            limit: Duration::from_secs(300),
        }),
        Some("too much") => Err(HearingFault::TooMuch),
        Some("no text") => Err(HearingFault::NoText),
        Some("silence") => Err(HearingFault::Silence),
        // Somebody said so.
        Some(_) => Ok(words.to_owned()),
    };
    Event::Heard {
        prompt: PromptId(prompt.to_owned()),
        outcome,
    }
}

/// Reads what becomes of what people say: up to a minute of it where it is written down.
pub(super) fn voice_policy(word: &str) -> VoicePolicy {
    let on = |confirm| VoicePolicy::On {
        confirm,
        max_length: Duration::from_secs(60),
    };
    match word {
        "on" => on(Confirm::No),
        "confirm" => on(Confirm::Yes),
        "off" => VoicePolicy::Off {
            who: WhoConfigures::Owner,
        },
        "shared" => VoicePolicy::Off {
            who: WhoConfigures::Administrators,
        },
        _ => panic!("not a policy: {word}"),
    }
}
