//! Pure: what a person can choose when work was interrupted.
//!
//! Nothing that Claude may have begun is ever done again by itself. The person is told, and three
//! buttons offer to go on, to do it again, or to leave it.

use bridge_texts::Say;

use crate::clock::UnixSeconds;
use crate::home_use::FullHome;
use crate::ids::{MessageId, UserId};
use crate::instruction::Role;
use crate::outbox::{Body, Button, Quoted};
use crate::ports::{Lack, Stage, Then};
use crate::session::Prompt;
use crate::session::buttons::Meaning;
use crate::session::texts;

/// How many interrupted prompts of one chat can be decided about; beyond that the oldest lapses.
pub const MAX_OFFERS: usize = 8;

/// An interrupted prompt that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The prompt.
    pub prompt: Prompt,
    /// What its buttons carry.
    pub nonce: String,
    /// What of it may have been done.
    pub done: Done,
}

/// What may have been done of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Nothing: it did not begin, for want of this.
    Nothing(Lack),
    /// Nobody knows how much.
    Some {
        /// The tool that ran last, in words.
        doing: Option<String>,
    },
    /// What the API let it do.
    UpTo {
        /// From when on it can be asked again.
        until: UnixSeconds,
        /// What happens then.
        then: Then,
        /// The message that says so, once that is known.
        asked_in: Option<MessageId>,
    },
}

/// What can become of an interrupted prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferAnswer {
    /// Claude looks what was done and goes on.
    Continue,
    /// The same prompt runs again from its start.
    Retry,
    /// The same, and its person may have further turns today.
    More,
    /// The prompt runs with the recording that nobody could listen to as a file.
    AsFile,
    /// Claude goes on by itself as soon as the API can be asked again.
    Wait,
    /// Nothing.
    Discard,
}

impl Done {
    /// Returns whether an agent may start in a full home where it is done after all.
    pub(super) fn full_home(&self) -> FullHome {
        match self {
            Self::Nothing(Lack::Space) => FullHome::Allowed,
            Self::Nothing(Lack::File | Lack::Words | Lack::Consent { .. } | Lack::Money { .. })
            | Self::UpTo { .. }
            | Self::Some { .. } => FullHome::Refused,
        }
    }
}

impl Offer {
    /// Tells whether a person may decide: whoever wrote the prompt, or an administrator.
    pub fn may_decide(&self, by: UserId, role: Role) -> bool {
        by == self.prompt.author || role.is_in_charge()
    }

    /// Tells whether it goes on by itself.
    pub fn goes_on(&self) -> bool {
        let then = match self.done {
            Done::UpTo { then, .. } => then,
            Done::Nothing(_) | Done::Some { .. } => Then::Nothing,
        };
        then == Then::GoesOn
    }

    /// Returns how far its prompt has come.
    pub fn stage(&self) -> Stage {
        let nonce = self.nonce.clone();
        match &self.done {
            Done::Nothing(lacks) => Stage::NotBegun {
                nonce,
                lacks: *lacks,
            },
            Done::UpTo {
                until,
                then,
                asked_in,
            } => Stage::Halted {
                nonce,
                until: *until,
                then: *then,
                asked_in: *asked_in,
            },
            Done::Some { doing } => Stage::Interrupted {
                nonce,
                doing: doing.clone(),
            },
        }
    }

    /// Returns the message with its buttons.
    pub fn body(&self, say: Say, text: String) -> Body {
        let rows = self.rows(say);
        Body::Choice { text, rows }
    }

    /// Returns the message that asks whether these are the words of a person.
    pub fn transcript(&self, say: Say) -> Body {
        Body::Quoted(Quoted {
            rows: self.rows(say),
            ..texts::is_this_right(say, &self.prompt)
        })
    }

    fn rows(&self, say: Say) -> Vec<Vec<Button>> {
        let discard = self.button(say.button_discard(), OfferAnswer::Discard);
        let try_again = || self.button(say.button_try_again(), OfferAnswer::Retry);
        match self.done {
            Done::Nothing(Lack::File) => vec![vec![try_again(), discard]],
            Done::Nothing(Lack::Words) => {
                let as_file = self.button(say.button_send_as_file(), OfferAnswer::AsFile);
                vec![vec![try_again(), as_file], vec![discard]]
            }
            Done::Nothing(Lack::Consent { .. }) => {
                vec![vec![
                    self.button(say.button_run(), OfferAnswer::Retry),
                    discard,
                ]]
            }
            Done::UpTo { then, .. } => {
                let then_button = match then {
                    Then::Nothing => Some(self.button(say.button_go_on_then(), OfferAnswer::Wait)),
                    Then::GoesOn => None,
                };
                let now = self.button(say.button_go_on_now(), OfferAnswer::Continue);
                let leave = self.button(say.button_leave_it(), OfferAnswer::Discard);
                then_button
                    .map(|button| vec![button])
                    .into_iter()
                    .chain([vec![now, leave]])
                    .collect()
            }
            Done::Nothing(Lack::Money { .. }) => {
                let run = self.button(say.button_run(), OfferAnswer::Retry);
                let more = self.button(say.button_allow_more(), OfferAnswer::More);
                vec![vec![run, discard], vec![more]]
            }
            Done::Nothing(Lack::Space) => {
                let start = self.button(say.button_start_anyway(), OfferAnswer::Retry);
                vec![vec![start, discard]]
            }
            Done::Some { .. } => vec![vec![
                self.button(say.button_continue(), OfferAnswer::Continue),
                self.button(say.button_run_again(), OfferAnswer::Retry),
                discard,
            ]],
        }
    }

    fn button(&self, label: String, answer: OfferAnswer) -> Button {
        let data = Meaning::Offer(answer, &self.nonce).data();
        Button { label, data }
    }
}
