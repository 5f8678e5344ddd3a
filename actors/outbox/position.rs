//! The place of a post in the order of its chat.

/// The place of a post in the order of its chat.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position(u64);

impl Position {
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Returns the same position counted from another one.
    pub(super) fn behind(self, start: Position) -> Self {
        Self(start.0 + self.0)
    }
}
