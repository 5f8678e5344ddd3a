//! What a person wants of a session: a prompt, a command, an edit, a press of a button.

mod role;
mod unheard;

use actix::prelude::*;

use crate::chat_settings::{Detail, Drafts, Rich, Setting, Trust};
use crate::enquiry::Enquiry;
use crate::ids::{CallbackId, DraftId, MessageId, PromptId, UserId};
use crate::ports::ExportForm;
use crate::rating::Rating;
use crate::sent_file::{FileOf, SentFile};
use unheard::with_speech_of;

pub use role::Role;

/// An order or question of the person; sent by the session supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub enum Instruct {
    /// Work on this.
    Prompt(Prompt),
    /// Work on this, unless it answers what the bot's message asks.
    Reply {
        /// The message of ours that it replies to.
        to: MessageId,
        /// What it is if it answers nothing.
        prompt: Prompt,
    },
    /// A message was changed: work on this if it has not begun.
    Replace(Prompt),
    /// Carry a command out.
    Command(Command),
    /// A button of a message of ours was pressed.
    Press(Press),
    /// The Stop of a draft was pressed.
    StopDraft(StopDraft),
    /// Somebody thinks otherwise of a message of the bot.
    Rate(Rating),
}

/// A command of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its id; that of the prompt that it brings along, if it does.
    pub id: PromptId,
    /// Who wrote it.
    pub by: UserId,
    /// What they may do.
    pub role: Role,
    /// The message it came in.
    pub message: MessageId,
    /// What is to be done.
    pub kind: CommandKind,
}

/// What a command wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandKind {
    /// Set the conversation aside; the next prompt, this one if there is one, starts a new one.
    NewConversation {
        /// The text of the prompt.
        prompt: Option<String>,
        /// What it answers, in words for Claude; empty if it answers nothing.
        context: String,
        /// How what may come next would be joined to it; `None` when it is whole.
        goes_on: Option<Joint>,
        /// The files that came with it.
        files: Vec<SentFile>,
    },
    /// Interrupt the running turn and forget what is queued.
    Stop,
    /// Say what the session is doing.
    Status,
    /// Choose a value of a setting; `None` asks which there are.
    Choose {
        /// What is chosen.
        setting: Setting,
        /// The value.
        value: Option<String>,
    },
    /// Show what is done in the background.
    Tasks,
    /// Show what lies in the inbox.
    Files,
    /// Show the last prompts, to go back to before one.
    Rewind,
    /// Do something with the conversations that are on disk.
    Archive(ArchiveWish),
    /// Ask the agent about itself, and show what it answers.
    Enquire(Enquiry),
    /// Let what the folder brings along run from now on, or no longer.
    Trust(Trust),
    /// Show this much of the work from now on; `None` asks how much is shown.
    Show(Option<Detail>),
    /// Let turns stream as drafts from now on, or no longer; `None` asks.
    Drafts(Option<Drafts>),
    /// Let answers be rich messages from now on, or no longer; `None` asks.
    Rich(Option<Rich>),
}

/// What a command wants of the conversations that are on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveWish {
    /// Show which there are, with these words in their titles; all where it is empty.
    List {
        /// The words.
        words: String,
    },
    /// Send what was said in the one that the session has.
    Export(ExportForm),
}

/// The press of a button that belongs to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// The press, to be answered.
    pub callback: CallbackId,
    /// The message the button hangs on, if it is still known.
    pub message: Option<MessageId>,
    /// The button's data; can be forged.
    pub data: String,
    /// Who pressed it.
    pub by: UserId,
    /// Their first name; untrusted text.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Its id; that of the prompt that it becomes, if it becomes one.
    pub id: PromptId,
}

/// The press of the Stop that Telegram shows at a draft. It names no message and is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopDraft {
    /// Its id.
    pub id: PromptId,
    /// Whose private chat it is: nobody else can press it.
    pub by: UserId,
    /// The draft.
    pub draft: DraftId,
}

impl StopDraft {
    /// Returns the press of a person.
    pub fn new(id: PromptId, by: UserId, draft: DraftId) -> Self {
        Self { id, by, draft }
    }
}

/// One prompt of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its id towards Claude.
    pub id: PromptId,
    /// Who wrote it.
    pub author: UserId,
    /// The message it came in.
    pub message: MessageId,
    /// Its text, as typed; empty where files came without words.
    pub text: String,
    /// What it answers, in words for Claude; empty if it answers nothing.
    pub context: String,
    /// How what may come next would be joined to it; `None` when it is whole.
    pub goes_on: Option<Joint>,
    /// What came in further messages and belongs to it.
    pub further: Vec<Piece>,
    /// The files that came with it, and those of the messages that it answers.
    pub files: Vec<SentFile>,
    /// The prompt whose turn it goes into, if that still runs when nothing of it is to come.
    pub follows: Option<PromptId>,
}

/// What came in one further message of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The message.
    pub message: MessageId,
    /// Its text, as typed.
    pub text: String,
    /// What it answers, if that is something else than what stands before it does.
    pub context: String,
    /// How it is joined to what stands before it.
    pub joint: Joint,
}

/// How two messages of one prompt are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// Without anything between them: they may be two parts of a word.
    Word,
    /// The second one on a new line.
    Line,
    /// With an empty line between them.
    Apart,
    /// On a new line: the first one is a file, of several or without words.
    File,
    /// On a new line: the first one is a file of an album in a group, and was not said to the bot.
    /// It is a part of what its person says if another file of the album is, and nothing else.
    Overheard,
}

impl Joint {
    /// Returns what stands between the two.
    pub fn between(self) -> &'static str {
        match self {
            Self::Word => "",
            Self::Line | Self::File | Self::Overheard => "\n",
            Self::Apart => "\n\n",
        }
    }
}

impl Prompt {
    /// Returns a prompt that answers nothing.
    pub fn new(id: PromptId, author: UserId, message: MessageId, text: String) -> Self {
        Self {
            id,
            author,
            message,
            text,
            context: String::new(),
            goes_on: None,
            further: Vec::new(),
            files: Vec::new(),
            follows: None,
        }
    }

    /// Returns the prompt as the answer to something, which is told in words for Claude.
    pub fn in_context(self, context: String) -> Self {
        Self { context, ..self }
    }

    /// Returns the prompt with files that came with it.
    pub fn with_files(self, files: Vec<SentFile>) -> Self {
        Self { files, ..self }
    }

    /// Returns the prompt as one that may go on in the next message.
    pub fn going_on(self, goes_on: Option<Joint>) -> Self {
        Self { goes_on, ..self }
    }

    /// Returns the messages that it came in.
    pub fn messages(&self) -> impl Iterator<Item = MessageId> {
        let further = self.further.iter().map(|piece| piece.message);
        std::iter::once(self.message).chain(further)
    }

    /// Tells whether it came in the message of this one, of the same person: this one is it, or a
    /// part of it, edited.
    pub fn is_of_message(&self, other: &Self) -> bool {
        self.author == other.author && self.messages().any(|it| it == other.message)
    }

    /// Returns the album that its files came in.
    pub fn album(&self) -> Option<&str> {
        self.files.iter().find_map(|file| file.album.as_deref())
    }

    /// Tells whether it was said to a group at large, and is nothing without the rest of its album.
    pub fn is_overheard(&self) -> bool {
        self.goes_on == Some(Joint::Overheard)
    }

    /// Tells whether it came in the same album as this one, of the same person.
    pub fn is_of_album(&self, other: &Self) -> bool {
        let album = other.album();
        let is_of = |file: &SentFile| file.album.is_some() && file.album.as_deref() == album;
        self.author == other.author && self.files.iter().any(is_of)
    }

    /// Returns the prompt with the next message of the same person added to it.
    pub fn joined(mut self, next: Self, joint: Joint) -> Self {
        self.goes_on = next.goes_on;
        let is_new = next.context != self.context;
        let context = if is_new { next.context } else { String::new() };
        self.further.push(Piece {
            message: next.message,
            text: next.text,
            context,
            joint,
        });
        self.further.extend(next.further);
        // Each message of an album answers what all of it answers.
        let known: Vec<_> = self.files.iter().map(|file| file.unique.clone()).collect();
        let is_new = |file: &SentFile| match file.of {
            FileOf::Message => true,
            FileOf::Answered => !known.contains(&file.unique),
        };
        self.files.extend(next.files.into_iter().filter(is_new));
        self
    }

    /// Returns how many files of its own it has.
    pub fn n_own_files(&self) -> usize {
        let is_own = |file: &&SentFile| file.of == FileOf::Message;
        self.files.iter().filter(is_own).count()
    }

    /// Returns the prompt as it is with one of its messages edited.
    pub fn edited(&self, edit: Self) -> Self {
        let mut edited = Self {
            id: edit.id,
            ..self.clone()
        };
        let files = with_speech_of(&self.files, edit.files);
        match self.further.is_empty() {
            true => edited.files = files,
            false => exchange(&mut edited.files, edit.message, files),
        }
        if self.message == edit.message {
            (edited.text, edited.context) = (edit.text, edit.context);
            return edited;
        }
        let mut further = edited.further.iter_mut();
        if let Some(piece) = further.find(|piece| piece.message == edit.message) {
            piece.text = edit.text;
        }
        edited
    }
}

/// Puts the files of a message in the place of those that it brought before it was edited.
fn exchange(files: &mut Vec<SentFile>, message: MessageId, changed: Vec<SentFile>) {
    let is_its = |file: &SentFile| file.message == message;
    let place = files.iter().position(is_its).unwrap_or(files.len());
    files.retain(|file| !is_its(file));
    // What is answered may be what another message of the same prompt answers.
    let known: Vec<_> = files.iter().map(|file| file.unique.clone()).collect();
    let is_new = |file: &SentFile| file.of == FileOf::Message || !known.contains(&file.unique);
    files.splice(place..place, changed.into_iter().filter(is_new));
}

impl Instruct {
    /// Returns what the instruction is known by.
    pub fn id(&self) -> &PromptId {
        match self {
            Self::Prompt(prompt) | Self::Reply { prompt, .. } | Self::Replace(prompt) => &prompt.id,
            Self::Command(command) => &command.id,
            Self::Press(press) => &press.id,
            Self::StopDraft(stop) => &stop.id,
            Self::Rate(rating) => &rating.id,
        }
    }

    /// Tells whether nobody waits for a word about it: it was not said to the bot, or is a sign.
    pub fn is_silent(&self) -> bool {
        match self {
            Self::Prompt(prompt) => prompt.is_overheard(),
            Self::Rate(_) => true,
            Self::Reply { .. }
            | Self::Replace(_)
            | Self::Command(_)
            | Self::Press(_)
            | Self::StopDraft(_) => false,
        }
    }

    /// Returns whose instruction it is.
    pub fn by(&self) -> UserId {
        match self {
            Self::Prompt(prompt) | Self::Reply { prompt, .. } | Self::Replace(prompt) => {
                prompt.author
            }
            Self::Command(command) => command.by,
            Self::Press(press) => press.by,
            Self::StopDraft(stop) => stop.by,
            Self::Rate(rating) => rating.by,
        }
    }

    /// Returns what they may do, if it makes a difference to the instruction.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Prompt(_)
            | Self::Reply { .. }
            | Self::Replace(_)
            | Self::StopDraft(_)
            | Self::Rate(_) => None,
            Self::Command(command) => Some(command.role),
            Self::Press(press) => Some(press.role),
        }
    }

    /// Returns the message the instruction came in, if it was one.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::Prompt(prompt) | Self::Reply { prompt, .. } | Self::Replace(prompt) => {
                Some(prompt.message)
            }
            Self::Command(command) => Some(command.message),
            Self::Press(_) | Self::StopDraft(_) | Self::Rate(_) => None,
        }
    }
}
