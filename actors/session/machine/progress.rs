//! The card of a running turn: shown, renewed, closed.

use crate::clock::Time;
use crate::ids::{MessageId, PostId, PromptId};
use crate::outbox::{Rank, Sound};
use crate::ports::{AgentInput, TurnCard};
use crate::session::agent_event::{AgentEvent, TurnEnd, TurnOutcome};
use crate::session::card::Detail;
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts::{self, TurnMark};
use crate::session::turn::{StopReason, Stopping, Turn};
use crate::session::{Press, Prompt};

use super::{Machine, Phase};

/// How much is kept of a text that was shown and never completed, in characters.
const CUT_SHOWN: usize = 600;

/// How much is kept of one that a draft showed, of which nothing else is left.
const DRAFT_CUT_SHOWN: usize = 3_500;

/// The card of a turn as it was before a step.
pub(super) struct OpenCard {
    prompt: PromptId,
    place: Place,
    message: Option<MessageId>,
    started_at: Time,
    n_tools: usize,
    /// The end of a text that is under way.
    partial: String,
}

/// Where a turn was shown.
enum Place {
    Message(PostId),
    /// What was seen there vanishes.
    Draft,
}

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Closing {
    mark: TurnMark,
    /// In US dollars.
    cost: f64,
}

impl Machine {
    /// Shows what an agent does on the card of its turn.
    pub(super) fn note_progress(&mut self, event: &AgentEvent, step: &mut Step<'_>) {
        let Some(turn) = self.running_turn() else {
            return;
        };
        match event {
            AgentEvent::AttemptStarted => turn.card.on_attempt(),
            AgentEvent::TextDelta(text) => turn.card.on_delta(text, step.now()),
            AgentEvent::Said { text, .. } => turn.card.on_said(text),
            AgentEvent::ToolStarted { tool, target } => {
                turn.card.on_tool(texts::doing(tool, target));
            }
            AgentEvent::Ready { .. }
            | AgentEvent::TurnStarted { .. }
            | AgentEvent::PromptTaken(_)
            | AgentEvent::Activity(_)
            | AgentEvent::PermissionAsked(_)
            | AgentEvent::PermissionWithdrawn { .. }
            | AgentEvent::TaskStarted(_)
            | AgentEvent::TaskEnded { .. }
            | AgentEvent::Retrying { .. }
            | AgentEvent::TurnEnded(_)
            | AgentEvent::ConversationUnknown
            | AgentEvent::ConversationTaken
            | AgentEvent::Heartbeat
            | AgentEvent::Exited(_) => {}
        }
    }

    /// Returns when the card of a turn is due, if the chat wants one and there is more to show.
    pub(super) fn card_due(&self, turn: &Turn) -> Option<Time> {
        let is_wanted = self.chat.record().detail != Detail::Answer
            && !turn.is_killed()
            && !turn.card.is_draft_stopped();
        is_wanted.then(|| turn.card.due())
    }

    /// Shows the card, or renews it.
    pub(super) fn show_card(&mut self, step: &mut Step<'_>) {
        let detail = self.chat.record().detail;
        let is_draft = (self.turn_on_show()).is_some_and(|turn| self.streams_as_draft(turn));
        let Some(turn) = self.running_turn() else {
            return;
        };
        turn.card.renewed(step.now());
        if is_draft {
            self.show_draft(step);
            return;
        }
        turn.card.shown_text = turn.card.preview(CUT_SHOWN).0.to_owned();
        let shown = turn.card.shown.clone();
        let nonce = match &shown {
            Some((_, nonce)) => nonce.clone(),
            None => step.nonce(),
        };
        let body = texts::card(&turn.card, detail, &nonce, step.now());
        match shown {
            Some((id, _)) => step.edit_body(id, body, Rank::Notice),
            None => {
                let tone = (Rank::Notice, Sound::Silent);
                let post = step.send(body, None, tone);
                if let Some(turn) = self.running_turn() {
                    turn.card.shown = Some((post, nonce));
                }
            }
        }
    }

    /// Notes the message that the card became.
    pub(super) fn on_card_shown(&mut self, post: PostId, message: MessageId) {
        if let Some(turn) = self.running_turn()
            && turn
                .card
                .shown
                .as_ref()
                .is_some_and(|(card, _)| *card == post)
        {
            turn.card.message = Some(message);
        }
    }

    /// Returns what is remembered of the card, for a start that finds it left behind.
    pub(super) fn card_to_remember(&self) -> Option<TurnCard> {
        let turn = self.turn_on_show()?;
        Some(TurnCard {
            message: turn.card.message?,
            prompt: turn.prompt.id.clone(),
            text: turn.card.shown_text.clone(),
        })
    }

    /// Notes how the running turn ends.
    pub(super) fn note_end(&mut self, end: &TurnEnd) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let mark = match &end.outcome {
            TurnOutcome::Answered { .. } => TurnMark::Done,
            TurnOutcome::Interrupted => TurnMark::Stopped,
            TurnOutcome::ApiError { .. } | TurnOutcome::Failed { .. } => TurnMark::Failed,
        };
        // The sum of the process; another conversation begins it anew.
        let before = std::mem::replace(&mut live.cost, end.total_cost_usd);
        let cost = match end.total_cost_usd >= before {
            true => end.total_cost_usd - before,
            false => end.total_cost_usd,
        };
        self.closing = Some(Closing { mark, cost });
    }

    /// Returns the card of the running turn, to be closed if the turn ends in this step.
    pub(super) fn open_card(&self) -> Option<OpenCard> {
        let turn = self.turn_on_show()?;
        let (place, limit) = match (&turn.card.shown, &turn.card.draft) {
            (Some((post, _)), _) => (Place::Message(*post), CUT_SHOWN),
            (None, Some(_)) => (Place::Draft, DRAFT_CUT_SHOWN),
            (None, None) => return None,
        };
        Some(OpenCard {
            prompt: turn.prompt.id.clone(),
            place,
            message: turn.card.message,
            started_at: turn.card.started_at,
            n_tools: turn.card.n_tools,
            partial: match turn.card.is_writing() {
                true => turn.card.preview(limit).0.to_owned(),
                false => String::new(),
            },
        })
    }

    /// Closes the card of a turn that is over: found by looking, as what is written down is.
    pub(super) fn close_card_of_turn(&mut self, before: Option<OpenCard>, step: &mut Step<'_>) {
        let closing = self.closing.take();
        let Some(card) = before else { return };
        let runs_on = self
            .running_turn()
            .is_some_and(|turn| turn.prompt.id == card.prompt);
        if runs_on {
            self.bring_draft_back(step);
            return;
        }
        let (mark, cost) = match closing {
            Some(Closing { mark, cost }) => (mark, cost),
            None => (TurnMark::Stopped, 0.0),
        };
        let time = step.now().since(card.started_at);
        // A text that was completed is in the answer.
        let cut = match mark {
            TurnMark::Done => "",
            TurnMark::Stopped | TurnMark::Failed => &card.partial,
        };
        let closing = texts::closing(mark, time, card.n_tools, cost, cut);
        match card.place {
            Place::Message(id) => {
                let body = texts::card_closed(closing);
                step.close((id, card.message), body, Rank::Notice);
            }
            // All there was to see is in the answer.
            Place::Draft if cut.is_empty() => {}
            Place::Draft => {
                step.tell(closing);
                // Before the word about its end.
                let effects = step.effects_mut();
                let first = (effects.iter()).position(|effect| matches!(effect, Effect::Post(_)));
                effects[first.unwrap_or(0)..].rotate_right(1);
            }
        }
    }

    /// Stops the turn whose button was pressed; a second press ends it by force.
    pub(super) fn on_stop_pressed(&mut self, press: Press, nonce: &str, step: &mut Step<'_>) {
        let turn = self.running_turn().filter(|turn| {
            let shown = turn.card.shown.as_ref();
            shown.is_some_and(|(_, shown)| shown == nonce)
        });
        let text = match turn {
            Some(turn) => {
                stop_harder(turn, step);
                texts::stopping()
            }
            None => match self.take_unbegun_of_card(&press) {
                Some(prompt) => {
                    step.reply(prompt.message, texts::stopped_unread());
                    texts::stopped_waiting()
                }
                None => texts::offer_is_over(),
            },
        };
        step.toast(press.callback, text);
    }

    pub(super) fn turn_on_show(&self) -> Option<&Turn> {
        match &self.phase {
            Phase::Live(live) => live.turn.as_deref(),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        }
    }

    /// Takes the prompt out of the queue whose card an earlier run left, if it waits once more.
    fn take_unbegun_of_card(&mut self, press: &Press) -> Option<Prompt> {
        let card = self.chat.record().turn_card.as_ref();
        let card = card.filter(|card| Some(card.message) == press.message)?;
        self.prompts.take(&card.prompt)
    }

    pub(super) fn running_turn(&mut self) -> Option<&mut Turn> {
        match &mut self.phase {
            Phase::Live(live) => live.turn.as_deref_mut(),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        }
    }
}

/// Asks a turn to stop, or ends it by force when it was asked before.
pub(super) fn stop_harder(turn: &mut Turn, step: &mut Step<'_>) {
    match turn.stopping {
        // An interrupt leaves what was said meanwhile alive, and it would run next.
        Stopping::No if turn.steered.iter().any(|steered| !steered.is_taken) => {
            turn.kill(StopReason::Person, step.now());
            step.push(Effect::KillAgent);
        }
        Stopping::No => {
            turn.ask_to_stop(StopReason::Person, step.now());
            step.write(AgentInput::Interrupt);
        }
        // The person is out of patience: no more grace.
        Stopping::Asked { .. } | Stopping::Signalled { .. } => {
            turn.kill(StopReason::Person, step.now());
            step.push(Effect::KillAgent);
        }
        Stopping::Killed { .. } => {}
    }
}
