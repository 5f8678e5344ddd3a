//! Files that people send: what Telegram keeps of them for us, and what came of it.

use std::path::PathBuf;
use std::time::Duration;

use crate::ids::{FileId, MessageId};

/// A file of a message, which Telegram keeps for us.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SentFile {
    /// The message of the person that brings it; 0 if an earlier bridge wrote it down without.
    pub message: MessageId,
    /// How it belongs to that message.
    pub of: FileOf,
    /// What it is.
    pub kind: FileKind,
    /// What Telegram gives it out for.
    pub file: FileId,
    /// The same for the same file in every message; what its name in the inbox is made of.
    pub unique: String,
    /// Its name as it was sent; untrusted.
    pub name: Option<String>,
    /// Its media type as it was sent; untrusted.
    pub media_type: Option<String>,
    /// Its size in bytes as Telegram tells it, if it does.
    pub bytes: Option<u64>,
    /// The album that it came in, by Telegram's name for it.
    pub album: Option<String>,
    /// How long it plays as its sender says; untrusted.
    pub length: Option<Duration>,
    /// What is known of what is said in it.
    pub speech: Speech,
}

/// How a file belongs to the message that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileOf {
    /// It is the message's own: the message does not run without it.
    Message,
    /// It is that of the message that is answered: the words run without it if it cannot be had.
    Answered,
}

/// What is known of what is said in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Speech {
    /// Nobody has listened to it.
    #[default]
    Unheard,
    /// These words.
    Words(String),
    /// Nobody is to listen: Claude gets the file.
    LeftAsFile,
}

/// What a file was sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A picture that Telegram has made smaller.
    Photo,
    /// A picture with a moment of film.
    LivePhoto,
    /// A film.
    Video,
    /// A film without sound.
    Animation,
    /// Any file as it is.
    Document,
    /// Music and the like.
    Audio,
    /// A recorded voice.
    Voice,
    /// A film of whoever speaks.
    VideoNote,
}

impl FileKind {
    /// Tells whether it is what the person says, so that no words have to come with it.
    pub fn speaks(self) -> bool {
        match self {
            Self::Voice | Self::VideoNote => true,
            Self::Photo
            | Self::LivePhoto
            | Self::Video
            | Self::Animation
            | Self::Document
            | Self::Audio => false,
        }
    }
}

/// A sent file that lies in the inbox of its chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedFile {
    /// What it was sent as.
    pub kind: FileKind,
    /// Where it lies; absolute.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether Claude takes it as a picture, by what is in it.
    pub picture: Option<PictureFormat>,
}

/// What became of a file that was to be fetched.
pub type Fetched = Result<ReceivedFile, FetchFault>;

/// The formats of pictures that Claude takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

/// Why a file did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchFault {
    /// It is larger than the bridge takes.
    TooLarge {
        /// `limits.max_file_size`, in bytes.
        limit: u64,
    },
    /// It is larger than this Bot API server hands out.
    TooLargeForTelegram,
    /// The chat's files together would be more than the bridge keeps.
    InboxFull {
        /// `limits.files_per_chat`, in bytes.
        limit: u64,
    },
    /// Telegram has it no longer, or says so.
    Gone,
    /// Telegram did not hand it out in time.
    Unreachable,
    /// It could not be written.
    Unwritten {
        /// What the system said.
        reason: String,
    },
}

/// Why what is said in a file could not be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HearingFault {
    /// It is longer than the bridge listens to.
    TooLong {
        /// `voice.max_length`.
        limit: Duration,
    },
    /// The program is not there.
    NotFound {
        /// As it is written in the configuration.
        program: String,
    },
    /// The program could not be started.
    NotStarted {
        /// Why.
        reason: String,
    },
    /// The program ended without success.
    Failed {
        /// Its exit code, or what the system makes of a signal.
        code: i32,
        /// The last line that it wrote to stderr; untrusted, may be empty.
        said: String,
    },
    /// The program took too long.
    TimedOut {
        /// `voice.timeout`.
        limit: Duration,
    },
    /// It wrote more than anybody says.
    TooMuch,
    /// It wrote something else than text in UTF-8.
    NoText,
    /// It wrote no words.
    Silence,
}

impl FetchFault {
    /// Tells whether another try can end differently without the person's doing.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::TooLarge { .. } | Self::TooLargeForTelegram => false,
            Self::InboxFull { .. } | Self::Gone | Self::Unreachable | Self::Unwritten { .. } => {
                true
            }
        }
    }
}
