//! What the outcome of a call means for its post.

use crate::clock::Time;
use crate::ids::ChatId;
use crate::outbox::log_facts::DropReason;
use crate::outbox::{Body, Delivered, Fit, PostError, Rank, Rejection, Sound};

use super::{
    Deed, Doubt, Edited, FIRST_BACKOFF, FIRST_REST, MAX_BACKOFF, MAX_REST, NOTICE_PATIENCE,
    QUICK_REPEATS, QueuedPost, Told, Verdict,
};

impl QueuedPost {
    /// Judges the outcome of a probe: any word of Telegram shows that it can be reached.
    pub(in crate::outbox) fn on_probe(
        &mut self,
        result: Result<Delivered, PostError>,
        now: Time,
    ) -> Verdict {
        match result {
            Ok(_)
            | Err(
                PostError::MessageGone(_)
                | PostError::TooLong(_)
                | PostError::MarkupRefused(_)
                | PostError::Rejected(_),
            ) => {
                if let Deed::Send { doubt, .. } = &mut self.deed {
                    *doubt = Doubt::Probed;
                }
                self.failures = 0;
                self.failing_since = None;
                Verdict::GoOn
            }
            Err(PostError::NotDelivered(why) | PostError::FateUnknown(why)) => self.retry(why, now),
            Err(PostError::RetryAfter { after }) => Verdict::Hold(after),
            Err(PostError::ChatGone(why)) => Verdict::ChatGone(why),
            Err(PostError::TopicGone(why)) => Verdict::TopicGone(why),
            Err(PostError::Migrated { to }) => self.follow(to),
            Err(PostError::TokenRefused) => Verdict::TokenRefused,
        }
    }

    /// Judges the outcome of the post's own call.
    pub(in crate::outbox) fn on_outcome(
        &mut self,
        result: Result<Delivered, PostError>,
        now: Time,
    ) -> Verdict {
        match result {
            Ok(delivered) => self.on_delivered(delivered.parts),
            Err(PostError::NotDelivered(why)) => self.retry(why, now),
            Err(PostError::FateUnknown(why)) => self.on_fate_unknown(why, now),
            Err(PostError::MessageGone(why)) => self.on_message_gone(why),
            Err(PostError::TooLong(why)) => self.on_too_long(why),
            Err(PostError::MarkupRefused(why)) => self.on_markup_refused(why),
            Err(PostError::Rejected(why)) => self.on_rejected(why),
            Err(PostError::RetryAfter { after }) => Verdict::Hold(after),
            Err(PostError::ChatGone(why)) => Verdict::ChatGone(why),
            Err(PostError::TopicGone(why)) => Verdict::TopicGone(why),
            Err(PostError::Migrated { to }) => self.follow(to),
            Err(PostError::TokenRefused) => Verdict::TokenRefused,
        }
    }

    fn on_delivered(&mut self, parts: usize) -> Verdict {
        self.failures = 0;
        self.failing_since = None;
        match &mut self.deed {
            Deed::Send {
                part,
                doubt,
                repeats,
                ..
            } => {
                match self.fit.next_piece() {
                    Some(next) => self.fit = next,
                    None if *part + 1 < parts => {
                        *part += 1;
                        self.fit = Fit::default();
                    }
                    None => return Verdict::Done,
                }
                *doubt = Doubt::None;
                *repeats = 0;
                Verdict::GoOn
            }
            Deed::Edit(_) => Verdict::Done,
            Deed::Leave => Verdict::Left,
        }
    }

    /// Sends what Telegram does not take as a rich message as ordinary ones.
    fn without_blocks(&mut self, why: &str) -> Option<Verdict> {
        let Body::Rich(text) = &mut self.body else {
            return None;
        };
        self.body = Body::Markdown(std::mem::take(text));
        self.fit = Fit::default();
        Some(Verdict::GoOnPlain(why.to_owned()))
    }

    fn on_too_long(&mut self, why: String) -> Verdict {
        if let Some(verdict) = self.without_blocks(&why) {
            return verdict;
        }
        let smaller = match &self.body {
            Body::Markdown(_)
            | Body::Plain(_)
            | Body::Choice { .. }
            | Body::Live { .. }
            | Body::Folded(_)
            | Body::Quoted(_)
            | Body::Card { .. } => self.fit.halved(),
            Body::Rich(_) | Body::Document { .. } | Body::Files { .. } => None,
        };
        let Some(smaller) = smaller else {
            return self.on_rejected(Rejection::Telegram(why));
        };
        self.fit = smaller;
        Verdict::GoOn
    }

    fn on_markup_refused(&mut self, why: String) -> Verdict {
        if let Some(verdict) = self.without_blocks(&why) {
            return verdict;
        }
        let bare = match &self.body {
            Body::Markdown(_)
            | Body::Live { .. }
            | Body::Folded(_)
            | Body::Quoted(_)
            | Body::Card { .. } => self.fit.without_markup(),
            Body::Rich(_)
            | Body::Plain(_)
            | Body::Choice { .. }
            | Body::Document { .. }
            | Body::Files { .. } => None,
        };
        let Some(bare) = bare else {
            return self.on_rejected(Rejection::Telegram(why));
        };
        self.fit = bare;
        Verdict::GoOnPlain(why)
    }

    fn on_fate_unknown(&mut self, why: String, now: Time) -> Verdict {
        match (&mut self.deed, self.rank) {
            // An edit done twice is an edit done once, and so is leaving.
            (Deed::Edit(_) | Deed::Leave, Rank::Answer | Rank::Notice) => self.retry(why, now),
            (Deed::Send { .. }, Rank::Notice) => Verdict::Drop(DropReason::FateUnknown),
            (Deed::Send { doubt, repeats, .. }, Rank::Answer) => {
                *doubt = Doubt::Unprobed;
                *repeats = repeats.saturating_add(1);
                match repeats.checked_sub(QUICK_REPEATS + 1) {
                    None => self.retry(why, now),
                    Some(rests) => Verdict::Rest {
                        after: (FIRST_REST * (1 << rests.min(10))).min(MAX_REST),
                        why,
                        told: match rests {
                            0 => Told::NotYet,
                            _ => Told::Before,
                        },
                    },
                }
            }
        }
    }

    fn on_message_gone(&mut self, why: String) -> Verdict {
        if self.is_edit() {
            return if self.send_anew() {
                Verdict::SentAnew
            } else {
                Verdict::Drop(DropReason::NothingToEdit)
            };
        }
        match &mut self.deed {
            // The message it answers is gone.
            Deed::Send { reply_to, .. } if reply_to.is_some() => {
                *reply_to = None;
                Verdict::GoOn
            }
            Deed::Send { .. } | Deed::Edit(_) | Deed::Leave => {
                Verdict::Drop(DropReason::Rejected(Rejection::Telegram(why)))
            }
        }
    }

    /// Makes a new message of an edit that has nothing to edit; false when it is not worth one.
    pub(super) fn send_anew(&mut self) -> bool {
        let is_worth_one = match &self.deed {
            Deed::Edit(Edited::Post) => true,
            // Its message was taken away by a person, and these words are nowhere else.
            Deed::Edit(Edited::Message(_) | Edited::Lost) => self.body.has_folded_words(),
            Deed::Send { .. } | Deed::Leave => false,
        };
        match (is_worth_one, self.rank) {
            (true, Rank::Answer) => {
                let sound = match self.body.has_folded_words() {
                    true => Sound::Silent,
                    false => Sound::Ring,
                };
                self.deed = Deed::send(None, sound);
                self.fit = Fit::default();
                true
            }
            (true, Rank::Notice) | (false, Rank::Answer | Rank::Notice) => false,
        }
    }

    fn on_rejected(&mut self, why: Rejection) -> Verdict {
        if let Some(verdict) = self.without_blocks(&why.to_string()) {
            return verdict;
        }
        let text = match (&mut self.body, self.rank) {
            (Body::Markdown(text), Rank::Answer) => std::mem::take(text),
            (Body::Files { .. }, Rank::Answer | Rank::Notice) => return self.on_file_refused(why),
            (Body::Folded(words), Rank::Answer) => words.as_written(),
            (Body::Markdown(_) | Body::Folded(_), Rank::Notice)
            | (Body::Rich(_), Rank::Answer | Rank::Notice)
            | (
                Body::Plain(_)
                | Body::Choice { .. }
                | Body::Live { .. }
                | Body::Quoted(_)
                | Body::Card { .. }
                | Body::Document { .. },
                Rank::Answer | Rank::Notice,
            ) => {
                return Verdict::Drop(DropReason::Rejected(why));
            }
        };
        self.body = Body::Plain(text);
        let has_begun = self.has_begun();
        self.fit = Fit::default();
        if let Deed::Send { part, doubt, .. } = &mut self.deed
            && has_begun
        {
            // Plain text is cut at other places: only from its start on nothing can be missing.
            *part = 0;
            *doubt = Doubt::Probed;
        }
        Verdict::GoOnPlain(why.to_string())
    }

    fn follow(&self, to: ChatId) -> Verdict {
        if to == self.key.chat {
            return Verdict::Drop(DropReason::Rejected(Rejection::ChatMovedToItself));
        }
        Verdict::Migrated(to)
    }

    fn retry(&mut self, why: String, now: Time) -> Verdict {
        let failing_since = *self.failing_since.get_or_insert(now);
        if self.rank == Rank::Notice && now.since(failing_since) >= NOTICE_PATIENCE {
            return Verdict::Drop(DropReason::TooLate);
        }
        let doublings = self.failures.min(10);
        self.failures = self.failures.saturating_add(1);
        Verdict::RetryIn((FIRST_BACKOFF * (1 << doublings)).min(MAX_BACKOFF), why)
    }
}
