//! The running turn as a draft: shown, renewed, stopped, refused.

use crate::ids::DraftId;
use crate::outbox::{Draft, PostAction, Sign};
use crate::session::StopDraft;
use crate::session::draft::{DraftState, Drafts, TurnDraft};
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::Turn;

use super::Machine;
use super::progress::stop_harder;

impl Machine {
    /// Tells whether a turn is to be shown as a draft: where the chat wants it, Telegram has not
    /// refused it and there is no card yet.
    pub(super) fn streams_as_draft(&self, turn: &Turn) -> bool {
        let state = turn.card.draft.as_ref().map(|draft| &draft.state);
        let is_refused = matches!(state, Some(DraftState::Refused));
        let is_wanted = self.chat.record().drafts == Drafts::On && self.key.chat.is_private();
        is_wanted && !is_refused && turn.card.shown.is_none()
    }

    /// Shows the draft of the running turn, or renews it.
    pub(super) fn show_draft(&mut self, step: &mut Step<'_>) {
        let detail = self.chat.record().detail;
        let Some(turn) = self.running_turn() else {
            return;
        };
        let words = texts::draft(&turn.said, &turn.card, detail);
        let (id, is_news) = match &mut turn.card.draft {
            Some(draft) => (draft.id, draft.renew(words.clone(), step.now())),
            None => {
                let id = DraftId::of_nonce(&step.nonce());
                turn.card.draft = Some(TurnDraft::begin(id, words.clone(), step.now()));
                (id, true)
            }
        };
        if is_news {
            let (markdown, status) = words;
            step.push(Effect::Sign(Sign::Draft(Draft {
                key: step.key(),
                id,
                markdown,
                status,
            })));
        }
    }

    /// Shows the draft again soon if a message has taken it away.
    pub(super) fn bring_draft_back(&mut self, step: &Step<'_>) {
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
        if step.effects().iter().any(is_message)
            && let Some(turn) = self.running_turn()
        {
            turn.card.on_message(step.now());
        }
    }

    /// Stops the turn whose draft was stopped, as the button of a card does.
    pub(super) fn on_draft_stopped(&mut self, stop: &StopDraft, step: &mut Step<'_>) {
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
        stop_harder(turn, step);
    }

    /// Lets the running turn have a card in place of the draft that Telegram refused.
    pub(super) fn on_draft_refused(&mut self, id: DraftId, step: &mut Step<'_>) {
        if let Some(turn) = self.running_turn() {
            turn.card.on_draft_refused(id, step.now());
        }
    }
}
