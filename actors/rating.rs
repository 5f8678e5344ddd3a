//! Pure: what people think of the bot's messages, counted.

use crate::ids::{PromptId, UserId};

/// What became of a sign that a person can give a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// It was given.
    Given,
    /// It was taken back.
    TakenBack,
}

/// A person thinks otherwise of a message of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// Its id.
    pub id: PromptId,
    /// Who.
    pub by: UserId,
    /// What became of 👍.
    pub up: Change,
    /// What became of 👎.
    pub down: Change,
}

/// How often people have said what they think of the bot's messages, and not taken it back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratings {
    /// 👍.
    pub up: u32,
    /// 👎.
    pub down: u32,
}

impl Ratings {
    /// Counts a change. What was given before anybody counted can be taken back too.
    #[must_use]
    pub fn with(self, rating: &Rating) -> Self {
        let counted = |count: u32, change| match change {
            Change::None => count,
            Change::Given => count.saturating_add(1),
            Change::TakenBack => count.saturating_sub(1),
        };
        Self {
            up: counted(self.up, rating.up),
            down: counted(self.down, rating.down),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_no_longer_counts_and_nothing_counts_below_zero() {
        let rating = |up, down| Rating {
            id: PromptId("p".to_owned()),
            by: UserId(7),
            up,
            down,
        };
        let mut ratings = Ratings::default();
        for (up, down, counted) in [
            (Change::TakenBack, Change::None, (0, 0)),
            (Change::Given, Change::None, (1, 0)),
            (Change::Given, Change::Given, (2, 1)),
            (Change::TakenBack, Change::Given, (1, 2)),
            (Change::None, Change::TakenBack, (1, 1)),
        ] {
            ratings = ratings.with(&rating(up, down));
            assert_eq!((ratings.up, ratings.down), counted);
        }
    }
}
