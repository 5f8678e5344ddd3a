//! What a turn shows of itself while it runs: a card, or a draft where the chat wants one.

#[cfg(test)]
use super::card::View;
use super::draft::{DraftState, TurnDraft};
use super::{Turn, Waits};
use crate::agent_event::{TurnEnd, TurnOutcome};
use crate::chat_settings::{Detail, Drafts};
use crate::clock::Time;
use crate::ids::{DraftId, MessageId, PostId, PromptId};
use crate::outbox::{Draft, PostAction, Rank, Sign, Sound};
use crate::ports::TurnCard;
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts::{self, Fold, Summary, TurnMark};

/// How much is remembered of what was said, for a start that finds its card left behind, in bytes.
const REMEMBERED: usize = 2_000;

/// What a chat wants to see of its turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) struct ShowWish {
    pub(in crate::session) detail: Detail,
    /// Drafts are for private chats only.
    pub(in crate::session) drafts: Drafts,
    /// Whom the turn waits for.
    pub(in crate::session) waits: Waits,
}

/// What a turn showed before a step.
pub(in crate::session) struct OpenShow {
    prompt: PromptId,
    /// `None` for a draft: all there was to see in it is in the answer, or was told.
    card: Option<PostId>,
    message: Option<MessageId>,
    started_at: Time,
    n_tools: usize,
}

/// How a turn ended.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::session) struct Closing {
    mark: TurnMark,
    /// In US dollars, if it is known.
    cost: Option<f64>,
    remains: Remains,
}

/// What is left to say in the card of a turn that is over.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::session) struct Remains {
    /// Whether the last of it was cut short.
    pub(in crate::session) is_cut: bool,
    /// What was said.
    pub(in crate::session) fold: Fold,
}

impl Turn {
    /// Returns when it is to be shown or renewed, if the chat wants to see it and there is more to
    /// show.
    pub(super) fn show_due(&self, wish: ShowWish) -> Option<Time> {
        let is_wanted =
            wish.detail != Detail::Answer && !self.is_killed() && !self.view.is_draft_stopped();
        let due = match wish.waits {
            Waits::ForAgent => Some(self.view.due()),
            // A card says that it waits for the person, and then stands still but for the time.
            Waits::ForPerson { .. } if self.view.shown.is_none() => None,
            Waits::ForPerson { since } => self.view.waiting_due(since),
        };
        due.filter(|_| is_wanted)
    }

    /// Shows it, or renews what is shown, if that is due.
    pub(super) fn show_if_due(&mut self, wish: ShowWish, step: &mut Step<'_>) {
        if self.show_due(wish).is_none_or(|due| due > step.now()) {
            return;
        }
        self.view.renewed(step.now());
        if self.streams_as_draft(wish.drafts) {
            self.show_draft(wish.detail, step);
        } else {
            self.show_card(wish, step);
        }
    }

    fn show_card(&mut self, wish: ShowWish, step: &mut Step<'_>) {
        self.view.shown_text = texts::end_of_all(&self.said, self.view.partial(), REMEMBERED);
        let nonce = match &self.view.shown {
            Some((_, nonce)) => nonce.clone(),
            None => step.nonce(),
        };
        self.view.waiting_shown_at = match wish.waits {
            Waits::ForPerson { .. } => Some(step.now()),
            Waits::ForAgent => None,
        };
        let body = texts::card(
            (step.say(), step.now()),
            &self.view,
            &self.said,
            wish,
            &nonce,
        );
        match &self.view.shown {
            Some((id, _)) => step.edit_body(*id, body, Rank::Notice),
            None => {
                let post = step.send(body, None, (Rank::Notice, Sound::Silent));
                self.view.shown = Some((post, nonce));
            }
        }
    }

    /// Tells whether it is to be shown as a draft: where the chat wants it, Telegram has not
    /// refused it and there is no card yet.
    fn streams_as_draft(&self, wish: Drafts) -> bool {
        let state = self.view.draft.as_ref().map(|draft| &draft.state);
        let is_refused = matches!(state, Some(DraftState::Refused));
        wish == Drafts::On && !is_refused && self.view.shown.is_none()
    }

    fn show_draft(&mut self, detail: Detail, step: &mut Step<'_>) {
        let words = texts::draft(&self.said, &self.view, detail);
        let (id, is_news) = match &mut self.view.draft {
            Some(draft) => (draft.id, draft.renew(words.clone(), step.now())),
            None => {
                let id = DraftId::of_nonce(&step.nonce());
                self.view.draft = Some(TurnDraft::begin(id, words.clone(), step.now()));
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

    /// Shows the draft again soon if a message of the step has taken it away.
    pub(in crate::session) fn bring_draft_back(&mut self, step: &Step<'_>) {
        if step.effects().iter().any(is_message) {
            self.view.on_message(step.now());
        }
    }

    /// Notes the message that the card became.
    pub(in crate::session) fn on_shown(&mut self, post: PostId, message: MessageId) {
        let shown = self.view.shown.as_ref();
        if shown.is_some_and(|(card, _)| *card == post) {
            self.view.message = Some(message);
        }
    }

    /// Forgets which message shows it: it has another id where the chat is now.
    pub(in crate::session) fn forget_message(&mut self) {
        self.view.message = None;
    }

    /// Returns what is remembered of the card, for a start that finds it left behind.
    pub(in crate::session) fn card_to_remember(&self) -> Option<TurnCard> {
        Some(TurnCard {
            message: self.view.message?,
            prompt: self.prompt.id.clone(),
            text: self.view.shown_text.clone(),
        })
    }

    /// Tells whether the button below its card carries this, and hangs on this message, as far as
    /// it is known which one the card is.
    pub(in crate::session) fn has_button(&self, nonce: &str, message: Option<MessageId>) -> bool {
        let shown = self.view.shown.as_ref();
        let is_it = self.view.message.is_none() || self.view.message == message;
        is_it && shown.is_some_and(|(_, shown)| shown == nonce)
    }

    /// Stops it if its draft was stopped, as the button of a card does.
    pub(in crate::session) fn on_draft_stopped(&mut self, id: DraftId, step: &mut Step<'_>) {
        // One of another turn is over, or was never ours.
        let Some(draft) = self.view.draft.as_mut().filter(|draft| draft.id == id) else {
            return;
        };
        if draft.is_shown() {
            draft.state = DraftState::Stopped;
        }
        self.stop_harder(step);
    }

    /// Lets it have a card in place of the draft that Telegram refused.
    pub(in crate::session) fn on_draft_refused(&mut self, id: DraftId, now: Time) {
        self.view.on_draft_refused(id, now);
    }

    /// Returns what it shows, to be closed if the turn ends in this step.
    pub(in crate::session) fn open_show(&self) -> Option<OpenShow> {
        let card = self.view.shown.as_ref().map(|(post, _)| *post);
        let is_shown = card.is_some() || self.view.draft.is_some();
        is_shown.then(|| OpenShow {
            prompt: self.prompt.id.clone(),
            card,
            message: self.view.message,
            started_at: self.view.started_at,
            n_tools: self.view.n_tools,
        })
    }

    /// Returns what it shows of itself.
    #[cfg(test)]
    pub(in crate::session) fn view(&self) -> &View {
        &self.view
    }
}

impl OpenShow {
    /// Tells whether this is what a turn shows.
    pub(in crate::session) fn is_of(&self, turn: &Turn) -> bool {
        turn.prompt.id == self.prompt
    }

    /// Closes it: its turn is over.
    pub(in crate::session) fn close(self, closing: Option<Closing>, step: &mut Step<'_>) {
        let Some(card) = self.card else { return };
        let Closing {
            mark,
            cost,
            remains,
        } = closing.unwrap_or(Closing::cut(Remains::default()));
        let summary = Summary {
            mark,
            time: step.now().since(self.started_at),
            n_tools: self.n_tools,
            cost,
        };
        let body = texts::card_closed(step.say(), summary, remains);
        step.close((card, self.message), body, Rank::Notice);
    }
}

impl Closing {
    /// Returns how a turn ended, and what it cost.
    pub(in crate::session) fn of(end: &TurnEnd, cost: Option<f64>) -> Self {
        Self {
            mark: Self::mark_of(&end.outcome),
            cost,
            remains: Remains::default(),
        }
    }

    /// Returns that a turn was cut.
    pub(in crate::session) fn cut(remains: Remains) -> Self {
        Self {
            mark: TurnMark::Stopped,
            cost: None,
            remains,
        }
    }

    /// Adds what is left to say.
    pub(in crate::session) fn with(self, remains: Remains) -> Self {
        Self { remains, ..self }
    }

    pub(super) fn mark_of(outcome: &TurnOutcome) -> TurnMark {
        match outcome {
            TurnOutcome::Answered { .. } => TurnMark::Done,
            TurnOutcome::Interrupted => TurnMark::Stopped,
            TurnOutcome::ApiError { .. } | TurnOutcome::Failed(_) => TurnMark::Failed,
        }
    }
}

fn is_message(effect: &Effect) -> bool {
    match effect {
        Effect::Post(post) => matches!(post.action, PostAction::Send { .. }),
        Effect::Journal(_)
        | Effect::Launch(_)
        | Effect::Write(_)
        | Effect::SignalInterrupt
        | Effect::KillAgent
        | Effect::ForgetAgent
        | Effect::Fetch { .. }
        | Effect::Listen { .. }
        | Effect::StopListening { .. }
        | Effect::Remember(_)
        | Effect::Sign(_)
        | Effect::Audit(_)
        | Effect::TakeFiles(_)
        | Effect::Inbox(_)
        | Effect::Spare(_)
        | Effect::ReadPrompts(_)
        | Effect::LookUp(_)
        | Effect::ReleaseFiles(_)
        | Effect::SayUsedUp { .. }
        | Effect::Slot(_)
        | Effect::Finish => false,
    }
}
