//! What a person leaves: its deletion is asked for, and ordered. The edge carries it out.

use std::time::Duration;

use super::super::buttons::RegistryButton;
use super::super::{Erasure, ErasureState, Notice, Order, Ruling, Toast};
use super::{Decision, Known, Moment, Users};
use crate::audit::{AuditAction, AuditEntry, AuditOutcome};
use crate::clock::UnixSeconds;
use crate::ids::{ChatId, MessageId, UserId};
use crate::ports::Standing;
use crate::user_registry::Role;

/// How long the question whether all is to go can be answered.
const PATIENCE: Duration = Duration::from_secs(600);

/// Whoever pressed, and the message that they pressed.
pub(super) struct PressOfErasure {
    pub(super) by: UserId,
    pub(super) pressed: Option<(ChatId, MessageId)>,
}

impl Users {
    /// Asks somebody whether all that they have in their private chat is to go.
    pub(super) fn ask_to_erase(&self, is_private: bool, moment: Moment) -> Decision {
        Decision::ruled(Ruling::answer(match is_private {
            true => Notice::AskToErase {
                until: UnixSeconds(moment.unix.0.saturating_add(PATIENCE.as_secs())),
            },
            false => Notice::PrivateOnly,
        }))
    }

    /// Returns what the press of a button about a deletion leads to.
    pub(super) fn on_erasure_pressed(
        &self,
        button: &RegistryButton,
        PressOfErasure { by, pressed }: PressOfErasure,
        known: &Known,
        moment: Moment,
    ) -> Decision {
        let (chat, is_open) = match *button {
            RegistryButton::Join { .. } | RegistryButton::Page(_) => (ChatId(by.0), false),
            RegistryButton::KeepAll => return kept(pressed),
            RegistryButton::EraseMine { until } => (ChatId(by.0), moment.unix <= until),
            RegistryButton::EraseOf(_) if self.role(by) != Role::Admin => {
                return Decision::ruled(Ruling::toast(Toast::AdminsOnly));
            }
            // Who may come in again decides about it themselves.
            RegistryButton::EraseOf(user) => {
                let standing = known.record(user).map(|record| &record.standing);
                (ChatId(user.0), standing == Some(&Standing::Removed))
            }
        };
        match (is_open, pressed) {
            (true, Some(shown)) => begun(Erasure { chat, by, shown }, moment),
            (true, None) | (false, _) => Decision::ruled(Ruling::toast(Toast::OutOfUse)),
        }
    }
}

fn begun(erasure: Erasure, moment: Moment) -> Decision {
    let begun = Order::ShowErasure(erasure.shown, ErasureState::Begun);
    let what = (AuditAction::DeleteRoom, Some(erasure.chat.0));
    let entry = moment.done(erasure.by, what);
    let press = Order::AnswerPress(Toast::Silent);
    let mut decision = Decision::orders(vec![press, begun, Order::Erase(erasure)]);
    decision.audit = vec![AuditEntry {
        outcome: AuditOutcome::Begun,
        ..entry
    }];
    decision
}

fn kept(pressed: Option<(ChatId, MessageId)>) -> Decision {
    let mut orders = vec![Order::AnswerPress(Toast::Silent)];
    orders.extend(pressed.map(|shown| Order::ShowErasure(shown, ErasureState::Kept)));
    Decision::orders(orders)
}
