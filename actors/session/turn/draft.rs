//! Pure: the draft that shows a running turn in place of the card.

use std::time::Duration;

use crate::clock::Time;
use crate::ids::DraftId;

/// How long a draft that says nothing new is not sent again. Telegram shows it for 30 s: one or two
/// may get lost before it vanishes.
const UNCHANGED_FOR: Duration = Duration::from_secs(10);

/// The draft of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnDraft {
    /// What its Stop tells.
    pub id: DraftId,
    /// What has become of it.
    pub state: DraftState,
}

/// What has become of the draft of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftState {
    /// It is shown.
    Shown {
        /// Its text and the status below.
        words: (String, String),
        /// When it was last sent.
        at: Time,
    },
    /// The person pressed its Stop: it does not come back.
    Stopped,
    /// Telegram will not show it: the rest of the turn has a card.
    Refused,
}

impl TurnDraft {
    /// Returns a draft that is about to be shown.
    pub fn begin(id: DraftId, words: (String, String), now: Time) -> Self {
        let state = DraftState::Shown { words, at: now };
        Self { id, state }
    }

    /// Takes in what is to be shown; tells whether it has to be sent.
    pub fn renew(&mut self, words: (String, String), now: Time) -> bool {
        match &self.state {
            DraftState::Shown { words: before, at }
                if *before == words && now.since(*at) < UNCHANGED_FOR =>
            {
                return false;
            }
            DraftState::Shown { .. } => {}
            DraftState::Stopped | DraftState::Refused => return false,
        }
        self.state = DraftState::Shown { words, at: now };
        true
    }

    /// Notes that a message took it away: it is sent again whatever it says.
    pub fn on_dismissed(&mut self) {
        if let DraftState::Shown { at, .. } = &mut self.state {
            *at = Time::ZERO;
        }
    }

    /// Tells whether it is shown.
    pub fn is_shown(&self) -> bool {
        matches!(self.state, DraftState::Shown { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_new_is_sent_again_before_it_vanishes() {
        let words = |text: &str| (text.to_owned(), String::new());
        let at = |seconds| Time::ZERO + Duration::from_secs(seconds);
        let mut draft = TurnDraft::begin(DraftId(1), words("a"), at(0));
        assert!(!draft.renew(words("a"), at(9)));
        assert!(draft.renew(words("ab"), at(9)));
        assert!(!draft.renew(words("ab"), at(18)));
        assert!(draft.renew(words("ab"), at(19)));
        draft.state = DraftState::Stopped;
        assert!(!draft.renew(words("abc"), at(60)));
    }
}
