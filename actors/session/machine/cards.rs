//! The messages with buttons that requests have: none stays alive without its request.

use crate::ids::{Generation, MessageId, PostId};
use crate::outbox::{Body, Rank};
use crate::session::Press;
use crate::session::approval::Asked;
use crate::session::step::Step;
use crate::session::texts;

use super::{Machine, Phase};

/// How many decided requests are told apart from those of an earlier run.
const MAX_USED_NONCES: usize = 64;

impl Machine {
    /// Notes which message shows a request, so that a reply to it is known.
    pub(super) fn on_shown(&mut self, post: PostId, message: MessageId) {
        if let Phase::Live(live) = &mut self.phase
            && let Some(asked) = live.asked.iter_mut().find(|asked| asked.post == post)
        {
            asked.message = Some(message);
        }
        self.on_card_shown(post, message);
    }

    /// A button of a request that is decided, of an earlier run, or of none. The message of a
    /// decided one says so already; that of an earlier run is made to.
    pub(super) fn on_dead_button(&mut self, press: Press, step: &mut Step<'_>) {
        let nonce = press.data.rsplit('.').next();
        let is_used = self
            .used_nonces
            .iter()
            .any(|used| Some(used.as_str()) == nonce);
        // Data that is forged may come from below an open request, which may not yet be known to
        // be a message.
        let may_be_open = |message| {
            let is_it = |asked: &Asked| {
                let shows = asked.message.is_none_or(|shown| shown == message);
                shows || Some(asked.nonce.as_str()) == nonce
            };
            self.place_of(is_it).is_some()
        };
        if let Some(message) = press.message
            && !is_used
            && !may_be_open(message)
        {
            step.close_message(message, texts::request_of_earlier_run());
        }
        step.toast(press.callback, texts::offer_is_over());
    }

    /// Changes the message of a request. What takes the buttons off a known message outlives the
    /// bridge.
    pub(super) fn edit_request(asked: &Asked, body: Body, step: &mut Step<'_>) {
        step.close((asked.post, asked.message), body, Rank::Answer);
    }

    /// Forgets which messages show requests and the turn: they have other ids where the chat is
    /// now.
    pub(super) fn forget_messages(&mut self) {
        if let Phase::Live(live) = &mut self.phase {
            for asked in &mut live.asked {
                asked.message = None;
            }
            if let Some(turn) = &mut live.turn {
                turn.card.message = None;
            }
        }
    }

    /// Remembers what the buttons carry of what is decided or over: one may be pressed twice.
    pub(super) fn note_used(&mut self, nonce: String) {
        if self.used_nonces.len() >= MAX_USED_NONCES {
            self.used_nonces.pop_front();
        }
        self.used_nonces.push_back(nonce);
    }

    /// Returns the requests that wait, and the agent that waits for them.
    pub(super) fn waiting_requests(&self) -> Option<(Generation, Vec<Asked>)> {
        match &self.phase {
            Phase::Live(live) => Some((live.generation, live.asked.clone())),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        }
    }

    /// Closes the messages of requests whose agent went in the step.
    ///
    /// They are found by looking, so that no way through the machine leaves live buttons behind.
    pub(super) fn close_dead_requests(
        &mut self,
        before: Option<(Generation, Vec<Asked>)>,
        step: &mut Step<'_>,
    ) {
        if let Some((generation, requests)) = before
            && self.live_agent() != Some(generation)
        {
            for asked in requests {
                self.note_used(asked.nonce.clone());
                Self::edit_request(&asked, texts::withdrawn_request(&asked), step);
            }
        }
        self.remember_cards(step);
    }

    /// Keeps true what the record says of messages with live buttons.
    fn remember_cards(&mut self, step: &mut Step<'_>) {
        let cards: Vec<MessageId> = match &self.phase {
            Phase::Live(live) => live
                .asked
                .iter()
                .filter_map(|asked| asked.message)
                .collect(),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => Vec::new(),
        };
        let turn_card = self.card_to_remember();
        self.chat.remember_cards(cards, turn_card, step);
    }
}
