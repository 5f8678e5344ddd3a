//! What is to be posted to a chat.

use actix::prelude::*;

use crate::ids::{MessageId, PostId, SessionKey};

/// Post this to a chat, in order with the chat's other posts; sent by sessions and the router.
///
/// Of one chat 256 posts wait in memory; what must arrive and comes behind them waits in the
/// journal. Beyond 32 new messages that are notices the oldest one is dropped; the log tells.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Post {
    /// Where to.
    pub key: SessionKey,
    /// What.
    pub action: PostAction,
    /// How much depends on it.
    pub rank: Rank,
}

impl Post {
    /// Tells whether the journal keeps the post until it is delivered: what must arrive and means
    /// something after a restart. That is a new message, and an edit that takes the buttons off a
    /// known one: what was asked is over.
    pub fn is_kept(&self) -> bool {
        match (&self.action, self.rank) {
            (PostAction::EditMessage { body, .. }, Rank::Answer) => !body.has_buttons(),
            (PostAction::Send { body, .. }, Rank::Answer) => match body {
                Body::Markdown(_)
                | Body::Rich(_)
                | Body::Plain(_)
                | Body::Choice { .. }
                | Body::Folded(_)
                | Body::Quoted(_)
                | Body::Document { .. }
                | Body::Files { .. } => true,
                Body::Live { .. } | Body::Card { .. } => false,
            },
            (PostAction::Send { .. } | PostAction::EditMessage { .. }, Rank::Notice)
            | (PostAction::Edit { .. } | PostAction::Leave, Rank::Answer | Rank::Notice) => false,
        }
    }

    /// Returns the files that it sends.
    pub fn files(&self) -> &[FileCopy] {
        match &self.action {
            PostAction::Send {
                body: Body::Files { files, .. },
                ..
            } => files,
            PostAction::Send { .. }
            | PostAction::Edit { .. }
            | PostAction::EditMessage { .. }
            | PostAction::Leave => &[],
        }
    }

    /// Returns the post with another content.
    pub(crate) fn with_body(mut self, content: Body) -> Self {
        match &mut self.action {
            PostAction::Send { body, .. }
            | PostAction::Edit { body, .. }
            | PostAction::EditMessage { body, .. } => *body = content,
            PostAction::Leave => {}
        }
        self
    }

    /// Returns the name of the post, if it has one.
    pub fn id(&self) -> Option<PostId> {
        match self.action {
            PostAction::Send { id, .. }
            | PostAction::Edit { id, .. }
            | PostAction::EditMessage { id, .. } => Some(id),
            PostAction::Leave => None,
        }
    }
}

/// What to do with a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostAction {
    /// Send a new message.
    Send {
        /// The name for later edits.
        id: PostId,
        /// The content.
        body: Body,
        /// The message it answers.
        reply_to: Option<MessageId>,
        /// Whether the phone rings.
        sound: Sound,
    },
    /// Replace the content of an earlier post; of one that needed several messages, the first.
    ///
    /// A newer edit replaces a waiting one, and changes a post that is still to be sent. If the
    /// message is unknown or gone, an answer is sent anew and a notice is dropped.
    Edit {
        /// The post.
        id: PostId,
        /// The new content; only what fits into one message is shown.
        body: Body,
    },
    /// Replace the content of a known message, say one that an earlier run of the bridge sent.
    ///
    /// A newer edit of the message replaces a waiting one. If the message is gone, nothing is
    /// left to do.
    EditMessage {
        /// The name for later edits.
        id: PostId,
        /// The message.
        message: MessageId,
        /// The new content; only what fits into one message is shown.
        body: Body,
    },
    /// Leave the group. It is tried until it is done, whatever the rank; what waits behind it is
    /// dropped then. A later post is tried: the bot may have been taken back.
    Leave,
}

/// The content of a post.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Body {
    /// Markdown as Claude writes it; split into as many messages as it needs.
    Markdown(String),
    /// The same as one rich message; as ordinary ones where Telegram does not take it.
    Rich(String),
    /// Text without markup.
    Plain(String),
    /// Text without markup and buttons below it. Whoever edits it into another body takes the
    /// buttons away.
    Choice {
        /// The text; one message.
        text: String,
        /// The buttons, row by row.
        rows: Vec<Vec<Button>>,
    },
    /// What is going on now: text, then code, then buttons. As a new message it means nothing
    /// after a restart, so the journal does not keep it.
    Live {
        /// The text; with the code one message.
        text: String,
        /// What is shown as code, letter by letter.
        code: Option<Code>,
        /// The buttons, row by row.
        rows: Vec<Vec<Button>>,
    },
    /// What Claude says, and above it what it said on the way; as many messages as that needs.
    Folded(Folded),
    /// Words of a person, letter by letter; as many messages as they need.
    Quoted(Quoted),
    /// What a turn shows of itself: one message. As a new message it means nothing after a restart,
    /// so the journal does not keep it.
    Card {
        /// What it says.
        words: Folded,
        /// How much of the end of its text is shown, in UTF-16 units.
        shown: usize,
        /// The buttons, row by row.
        rows: Vec<Vec<Button>>,
    },
    /// A file.
    Document {
        /// The file's name.
        name: String,
        /// The content.
        content: String,
        /// A line below it.
        caption: String,
    },
    /// Files of a room.
    Files {
        /// One to ten.
        files: Vec<FileCopy>,
        /// In how many messages.
        together: Together,
    },
}

/// A copy of a file in a room: nobody changes it, and it goes when its post is over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileCopy {
    /// Its name among the copies of all rooms.
    pub copy: String,
    /// Its name as it is shown.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is sent as.
    pub form: FileForm,
    /// A line below it; may be empty.
    pub caption: String,
}

/// What a file is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileForm {
    /// A picture that the chat shows.
    Photo,
    /// A file to be opened.
    Document,
}

/// In how many messages files are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Together {
    /// All in one, where there are several; all of them have the same form.
    Album,
    /// Each in its own.
    Apart,
}

impl Body {
    /// Tells whether it has buttons.
    pub fn has_buttons(&self) -> bool {
        match self {
            Body::Choice { rows, .. }
            | Body::Live { rows, .. }
            | Body::Quoted(Quoted { rows, .. })
            | Body::Card { rows, .. } => !rows.is_empty(),
            Body::Markdown(_)
            | Body::Rich(_)
            | Body::Plain(_)
            | Body::Folded(_)
            | Body::Document { .. }
            | Body::Files { .. } => false,
        }
    }

    /// Tells whether it holds words of Claude that are nowhere else.
    pub(crate) fn has_folded_words(&self) -> bool {
        match self {
            Body::Folded(words) | Body::Card { words, .. } => !words.folded.is_empty(),
            Body::Markdown(_)
            | Body::Rich(_)
            | Body::Plain(_)
            | Body::Choice { .. }
            | Body::Live { .. }
            | Body::Quoted(_)
            | Body::Document { .. }
            | Body::Files { .. } => false,
        }
    }
}

/// Words of a person, quoted letter by letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Quoted {
    /// What stands above them.
    pub head: String,
    /// The words; folded where they are many.
    pub words: String,
    /// The buttons below them, row by row.
    pub rows: Vec<Vec<Button>>,
}

impl Quoted {
    /// Returns all of it without buttons.
    pub fn as_written(&self) -> String {
        let Self { head, words, .. } = self;
        match head.is_empty() {
            true => words.clone(),
            false => format!("{head}\n\n{words}"),
        }
    }
}

/// Words, some of them folded: shown in full when somebody wants to see them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Folded {
    /// The first lines, without markup.
    pub head: String,
    /// What is folded, as Markdown; may be empty.
    pub folded: String,
    /// What stands below, as Markdown; may be empty.
    pub text: String,
}

impl Folded {
    /// Returns all of it as it was written.
    pub fn as_written(&self) -> String {
        let parts = [&self.head, &self.folded, &self.text];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join("\n\n")
    }
}

/// Text that is shown as code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code {
    /// Its language, for its colours; may be empty.
    pub language: &'static str,
    /// The text.
    pub text: String,
}

/// A button below a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What its press brings back: at most 64 bytes, and anybody can forge it. Where it is the
    /// address of a page, the button opens that and brings nothing back.
    pub data: String,
}

/// Begins the address of every page that a button opens.
const PAGE: &str = "https://";

impl Button {
    /// Returns a button that opens a page; what it brings back is never an address.
    pub fn to_page(label: String, address: &str) -> Self {
        let data = address.to_owned();
        Self { label, data }
    }

    /// Returns the address of the page that it opens.
    pub fn page(&self) -> Option<&str> {
        self.data.starts_with(PAGE).then_some(self.data.as_str())
    }
}

/// How much depends on a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// The person waits for it: delivered at least once. When its fate is unknown it is sent
    /// again, marked as a possible repeat.
    Answer,
    /// Good to know: when its fate is unknown it is not repeated.
    Notice,
}

/// Whether the phone rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// It rings.
    Ring,
    /// It stays silent.
    Silent,
}
