//! The running turn as a draft: shown, renewed, stopped, refused.

use crate::clock::Time;
use crate::ids::{DraftId, MessageId};
use crate::outbox::{Draft, PostAction, Sign};
use crate::session::StopDraft;
use crate::session::draft::{DraftState, Drafts, TurnDraft};
use crate::session::effect::Effect;
use crate::session::texts;
use crate::session::turn::Turn;

use super::progress::stop_harder;
use super::{Fresh, Machine};

impl Machine {
    /// Tells whether a turn is to be shown as a draft: where the chat wants it, Telegram has not
    /// refused it and there is no card yet.
    pub(super) fn streams_as_draft(&self, turn: &Turn) -> bool {
        let state = turn.card.draft.as_ref().map(|draft| &draft.state);
        let is_refused = matches!(state, Some(DraftState::Refused));
        let is_wanted = self.record.drafts == Drafts::On && self.key.chat.is_private();
        is_wanted && !is_refused && turn.card.shown.is_none()
    }

    /// Shows the draft of the running turn, or renews it.
    pub(super) fn show_draft(&mut self, now: Time, fresh: &mut Fresh<'_>, out: &mut Vec<Effect>) {
        let (key, detail) = (self.key, self.record.detail);
        let Some(turn) = self.running_turn() else {
            return;
        };
        let words = texts::draft(&turn.said, &turn.card, detail);
        let (id, is_news) = match &mut turn.card.draft {
            Some(draft) => (draft.id, draft.renew(words.clone(), now)),
            None => {
                let id = DraftId::of_nonce(&(fresh.nonce)());
                turn.card.draft = Some(TurnDraft::begin(id, words.clone(), now));
                (id, true)
            }
        };
        if is_news {
            let (markdown, status) = words;
            out.push(Effect::Sign(Sign::Draft(Draft {
                key,
                id,
                markdown,
                status,
            })));
        }
    }

    /// Shows the draft again soon if a message has taken it away.
    pub(super) fn bring_draft_back(&mut self, now: Time, out: &[Effect]) {
        let is_message = |effect: &Effect| match effect {
            Effect::Post(post) => matches!(post.action, PostAction::Send { .. }),
            Effect::Journal(_)
            | Effect::Launch(_)
            | Effect::Write(_)
            | Effect::SignalInterrupt
            | Effect::KillAgent
            | Effect::ForgetAgent
            | Effect::Remember(_)
            | Effect::Sign(_)
            | Effect::Audit(_)
            | Effect::Slot(_)
            | Effect::Finish => false,
        };
        if out.iter().any(is_message)
            && let Some(turn) = self.running_turn()
        {
            turn.card.on_message(now);
        }
    }

    /// Stops the turn whose draft was stopped, as the button of a card does.
    pub(super) fn on_draft_stopped(&mut self, stop: &StopDraft, now: Time, out: &mut Vec<Effect>) {
        let Some(turn) = self.running_turn() else {
            return;
        };
        // One of another turn is over, or was never ours.
        let Some(draft) = (turn.card.draft.as_mut()).filter(|draft| draft.id == stop.draft) else {
            return;
        };
        if draft.is_shown() {
            draft.state = DraftState::Stopped;
        }
        stop_harder(turn, now, out);
    }

    /// Lets the running turn have a card in place of the draft that Telegram refused.
    pub(super) fn on_draft_refused(&mut self, id: DraftId, now: Time) {
        if let Some(turn) = self.running_turn() {
            turn.card.on_draft_refused(id, now);
        }
    }

    /// Lets the chat's turns stream as drafts from now on, or no longer; `None` asks.
    pub(super) fn on_drafts_wish(
        &mut self,
        message: MessageId,
        wish: Option<Drafts>,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        if !self.key.chat.is_private() {
            self.reply(message, texts::drafts_are_private(), fresh, out);
            return;
        }
        if let Some(drafts) = wish
            && drafts != self.record.drafts
        {
            self.record.drafts = drafts;
            out.push(Effect::Remember(self.record.clone()));
        }
        let text = texts::drafts(self.record.drafts, self.record.detail);
        self.reply(message, text, fresh, out);
    }
}
