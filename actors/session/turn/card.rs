//! Pure: the self-editing message that shows a running turn.

use std::time::Duration;

use crate::clock::Time;
use crate::ids::{DraftId, MessageId, PostId};
use crate::session::draft::{DraftState, TurnDraft};

/// A turn that is done before this has no card.
const CARD_DELAY: Duration = Duration::from_secs(2);

/// How long after its first words a turn has a card: time for some more of them.
const FIRST_WORDS_DELAY: Duration = Duration::from_millis(250);

/// How often a card is renewed, by the age of its turn: Telegram bans bots that edit for long at
/// the pace of the beginning. An hour makes 15 + 15 + 354 edits.
const RENEWALS: [(Duration, Duration); 2] = [
    (Duration::from_secs(15), Duration::from_secs(1)),
    (Duration::from_secs(60), Duration::from_secs(3)),
];

/// How often it is renewed after that.
const SLOWEST_RENEWAL: Duration = Duration::from_secs(10);

/// When it is shown how long Claude has waited for the person; requests end after half an hour
/// unless it is set otherwise.
const WAITING_STEPS: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];

/// How much is kept of a text that is not complete, in bytes; more than is ever shown.
const KEPT_TEXT: usize = 16 * 1024;

/// How many tools are kept for the log.
const KEPT_TOOLS: usize = 10;

/// What a turn shows of itself while it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Where it is shown, and what its button carries.
    pub shown: Option<(PostId, String)>,
    /// The draft that shows the turn in place of a message.
    pub draft: Option<TurnDraft>,
    /// The message that it became.
    pub message: Option<MessageId>,
    /// The text that it showed last.
    pub shown_text: String,
    /// When it was last shown that Claude waits for the person, while it does.
    pub waiting_shown_at: Option<Time>,
    /// When the turn began.
    pub started_at: Time,
    /// The latest tools, in words, the last one last.
    tools: Vec<String>,
    /// How many tools ran.
    pub n_tools: usize,
    /// Whether the last tool runs; the next words of the model come when it is done.
    is_tool_running: bool,
    due: Time,
    /// The text under way; void when its attempt is cut.
    partial: String,
}

impl View {
    /// Returns the card of a turn that begins.
    pub fn begin(now: Time) -> Self {
        Self {
            shown: None,
            draft: None,
            message: None,
            shown_text: String::new(),
            waiting_shown_at: None,
            started_at: now,
            tools: Vec::new(),
            n_tools: 0,
            is_tool_running: false,
            due: now + CARD_DELAY,
            partial: String::new(),
        }
    }

    /// Returns when it is to be shown or renewed.
    pub fn due(&self) -> Time {
        self.due
    }

    /// Returns when it is to be shown how long Claude has waited for the person, since a time.
    pub fn waiting_due(&self, since: Time) -> Option<Time> {
        let Some(shown_at) = self.waiting_shown_at else {
            return Some(self.due);
        };
        let steps = WAITING_STEPS.iter().map(|step| since + *step);
        steps.into_iter().find(|step| *step > shown_at)
    }

    /// Takes a new attempt in: what the one before had not completed is void.
    pub fn on_attempt(&mut self) {
        self.is_tool_running = false;
        self.partial.clear();
    }

    /// Takes a piece of text in.
    pub fn on_delta(&mut self, text: &str, now: Time) {
        if !self.is_shown() {
            self.due = self.due.min(now + FIRST_WORDS_DELAY);
        }
        self.is_tool_running = false;
        self.partial.push_str(text);
        if self.partial.len() > 2 * KEPT_TEXT {
            let mut start = self.partial.len() - KEPT_TEXT;
            while !self.partial.is_char_boundary(start) {
                start += 1;
            }
            self.partial.drain(..start);
        }
    }

    /// Notes that what was asked for is decided and nothing of it runs: a plan, a question, a no.
    pub fn on_decided(&mut self) {
        self.is_tool_running = false;
    }

    /// Takes in that a text is complete.
    pub fn on_said(&mut self) {
        self.partial.clear();
    }

    /// Takes a tool in.
    pub fn on_tool(&mut self, doing: String) {
        self.n_tools += 1;
        self.is_tool_running = true;
        if self.tools.len() >= KEPT_TOOLS {
            self.tools.remove(0);
        }
        self.tools.push(doing);
    }

    /// Tells whether the turn shows something of itself, as a message or as a draft.
    pub fn is_shown(&self) -> bool {
        self.shown.is_some() || self.draft.as_ref().is_some_and(TurnDraft::is_shown)
    }

    /// Tells whether the person has stopped the draft of the turn.
    pub fn is_draft_stopped(&self) -> bool {
        let state = self.draft.as_ref().map(|draft| &draft.state);
        self.shown.is_none() && matches!(state, Some(DraftState::Stopped))
    }

    /// Takes in that a message was sent, which takes the draft away: it comes back soon.
    pub fn on_message(&mut self, now: Time) {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.is_shown()) {
            draft.on_dismissed();
            let (_, soon) = RENEWALS[0];
            self.due = self.due.min(now + soon);
        }
    }

    /// Gives the draft up, if it is this one: the turn has a card from now on.
    pub fn on_draft_refused(&mut self, id: DraftId, now: Time) {
        if let Some(draft) = &mut self.draft
            && draft.id == id
            && draft.is_shown()
        {
            draft.state = DraftState::Refused;
            self.due = now;
        }
    }

    /// Notes that it was shown or renewed.
    pub fn renewed(&mut self, now: Time) {
        let age = now.since(self.started_at);
        let of_age = RENEWALS.iter().find(|(until, _)| age < *until);
        self.due = now + of_age.map_or(SLOWEST_RENEWAL, |(_, every)| *every);
    }

    /// Returns the tool that runs, and those that ran before.
    pub fn tools(&self) -> (Option<&String>, &[String]) {
        match self.tools.split_last() {
            Some((last, before)) if self.is_tool_running => (Some(last), before),
            Some(_) | None => (None, &self.tools),
        }
    }

    /// Returns the end of the text under way; empty when there is none.
    pub fn partial(&self) -> &str {
        self.partial.trim()
    }

    /// Tells whether a text is under way.
    pub fn is_writing(&self) -> bool {
        !self.partial.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first is the card itself; the last, which closes it, is not counted.
    #[test]
    fn a_card_is_renewed_ever_more_slowly() {
        let calls = |length: u64| {
            let mut view = View::begin(Time::ZERO);
            let mut calls = 0;
            while view.due().since(Time::ZERO) < Duration::from_secs(length) {
                view.renewed(view.due());
                calls += 1;
            }
            calls
        };
        assert_eq!([1, 10, 60, 3600].map(calls), [0, 8, 28, 382]);
    }

    #[test]
    fn words_of_a_cut_attempt_are_taken_back() {
        let mut view = View::begin(Time::ZERO);
        view.on_delta("never ", Time::ZERO);
        view.on_attempt();
        view.on_delta("but this", Time::ZERO);
        assert_eq!(view.partial(), "but this");
        view.on_said();
        assert_eq!(view.partial(), "");
    }

    #[test]
    fn a_long_text_keeps_its_end() {
        let mut view = View::begin(Time::ZERO);
        for _ in 0..10_000 {
            view.on_delta("größer ", Time::ZERO);
        }
        assert!(view.partial.len() <= 2 * KEPT_TEXT);
        assert!(view.partial().ends_with("größer"));
    }
}
