//! Why Telegram will never take something: what the log says of it, and what the person is told by.

/// Why Telegram will never take something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// As Telegram says itself.
    #[error("{0}")]
    Telegram(String),
    /// Telegram takes no file of this size.
    #[error("the file is too big")]
    FileTooBig,
    /// The copy of a file that was to be sent cannot be read.
    #[error("the copy of the file cannot be read: {0}")]
    NoCopy(String),
    /// The text has come to fewer messages than before.
    #[error("there is no part {part} of a text of {parts}")]
    NoPart {
        /// The message that was to be sent, from 0.
        part: usize,
        /// How many there are.
        parts: usize,
    },
    /// The text was made smaller until nothing was left.
    #[error("telegram takes not even one character of it")]
    NoCharacter,
    /// The group became one with the same id.
    #[error("the chat moved to itself")]
    ChatMovedToItself,
    /// A button brings back too much, or nothing.
    #[error(
        "a button carries {n_bytes} bytes of data, telegram takes 1 to {most}: give it a short \
         name for the data"
    )]
    ButtonData {
        /// How much it brings back.
        n_bytes: usize,
        /// The most that Telegram takes.
        most: usize,
    },
    /// A button says nothing.
    #[error("a button has no label: give it a word")]
    NoLabel,
}
