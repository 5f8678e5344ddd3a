//! A running turn: its prompt, what was said so far, and how far a stop has come.

use crate::clock::Time;
use crate::session::Prompt;
use crate::session::agent_event::{TurnEnd, TurnOrigin};
use crate::session::card::Card;
use crate::session::policy::{INTERRUPT_GRACE, KILL_GRACE, SIGNAL_GRACE, TYPING_DELAY};

/// A prompt that was written to an agent and has no outcome yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The prompt.
    pub prompt: Prompt,
    /// When it was written.
    pub started_at: Time,
    /// When "typing…" is due.
    pub typing_at: Time,
    /// The last sign of life.
    pub last_sign_at: Time,
    /// What was said so far.
    pub said: Said,
    /// How far a stop has come.
    pub stopping: Stopping,
    /// Whether it is written down that it is being stopped.
    pub is_stop_noted: bool,
    /// Prompts that were given to the agent while it worked on this one.
    pub steered: Vec<Steered>,
    /// What it shows of itself.
    pub card: Card,
    /// Whether the person knows that the API is tried again.
    pub retry_told: RetryTold,
    /// How far the agent has come with the prompt.
    pub progress: Progress,
    /// What of its work was seen.
    pub work: Work,
    /// The end of a background turn that may have answered this prompt too.
    pub folded_end: Option<TurnEnd>,
}

/// A prompt that was given to an agent while it worked on another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steered {
    /// The prompt.
    pub prompt: Prompt,
    /// Whether the running turn has taken it in.
    pub is_taken: bool,
}

/// How far an agent has come with a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It was written.
    Written,
    /// The agent has it, and has shown no work on it.
    Taken,
    /// The agent works on it.
    Begun,
}

/// What was seen of Claude's work on a prompt.
///
/// From the first sign on the prompt is not sent again by itself. The sign comes with the first
/// words of the model, so before any tool can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Nothing.
    Unseen,
    /// Words.
    Seen,
    /// A tool, in words.
    Tool(String),
}

impl Work {
    /// Returns the tool that ran last, in words.
    pub fn doing(&self) -> Option<String> {
        match self {
            Work::Unseen | Work::Seen => None,
            Work::Tool(doing) => Some(doing.clone()),
        }
    }
}

/// Whether the person knows that the API is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryTold {
    /// Not yet in this turn.
    No,
    /// Yes.
    Yes,
}

/// How far a stop has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopping {
    /// Nobody asked for one.
    No,
    /// The agent was asked; at the deadline it gets SIGINT.
    Asked { reason: StopReason, deadline: Time },
    /// It got SIGINT; at the deadline it is killed.
    Signalled { reason: StopReason, deadline: Time },
    /// It was killed; at the deadline its end is taken for granted.
    Killed { reason: StopReason, deadline: Time },
}

/// Why a turn is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The person said so.
    Person,
    /// There was no sign of life for too long.
    Silence,
    /// Whoever wrote the prompt may no longer come in.
    Revoked,
}

/// The finished text blocks of a turn, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    blocks: Vec<String>,
}

impl Turn {
    /// Returns the turn of a prompt that is being written.
    pub fn begin(prompt: Prompt, now: Time) -> Self {
        Self {
            prompt,
            started_at: now,
            typing_at: now + TYPING_DELAY,
            last_sign_at: now,
            said: Said::default(),
            stopping: Stopping::No,
            is_stop_noted: false,
            steered: Vec::new(),
            card: Card::begin(now),
            retry_told: RetryTold::No,
            progress: Progress::Written,
            work: Work::Unseen,
            folded_end: None,
        }
    }

    /// Tells whether its agent has shown work, or taken in what it was given meanwhile.
    pub fn has_work(&self) -> bool {
        self.work != Work::Unseen || self.steered.iter().any(|steered| steered.is_taken)
    }

    /// Returns the state of a stop that begins.
    pub fn ask_to_stop(&mut self, reason: StopReason, now: Time) {
        self.stopping = Stopping::Asked {
            reason,
            deadline: now + INTERRUPT_GRACE,
        };
    }

    /// Moves a stop on to the signal.
    pub fn signal(&mut self, reason: StopReason, now: Time) {
        self.stopping = Stopping::Signalled {
            reason,
            deadline: now + SIGNAL_GRACE,
        };
    }

    /// Moves a stop on to the kill.
    pub fn kill(&mut self, reason: StopReason, now: Time) {
        self.stopping = Stopping::Killed {
            reason,
            deadline: now + KILL_GRACE,
        };
    }

    /// Tells whether its agent was killed.
    pub fn is_killed(&self) -> bool {
        matches!(self.stopping, Stopping::Killed { .. })
    }

    /// Returns why the turn is being stopped, if it is.
    pub fn stop_reason(&self) -> Option<StopReason> {
        match self.stopping {
            Stopping::No => None,
            Stopping::Asked { reason, .. }
            | Stopping::Signalled { reason, .. }
            | Stopping::Killed { reason, .. } => Some(reason),
        }
    }

    /// Returns the turn that follows by itself: what was given to the agent and not taken in by
    /// this turn becomes the next one, all of it at once.
    pub fn follow_up(&mut self, end: &TurnEnd, now: Time) -> Option<Turn> {
        let consumed = end.prompts.as_deref().unwrap_or_default();
        let steered = std::mem::take(&mut self.steered);
        let mut left = steered
            .into_iter()
            .filter(|steered| !steered.is_taken && !consumed.contains(&steered.prompt.id));
        let mut turn = Turn::begin(left.next()?.prompt, now);
        turn.steered = left.collect();
        Some(turn)
    }

    /// Tells whether `end` is the end of this turn.
    ///
    /// A turn that a background task started can end first. Newer CLIs name the prompts that a
    /// turn consumed; older ones only say who asked for it.
    pub fn is_ended_by(&self, end: &TurnEnd) -> bool {
        match (&end.prompts, end.origin) {
            (Some(prompts), _) if prompts.contains(&self.prompt.id) => true,
            (Some(_), TurnOrigin::Background) | (None, TurnOrigin::Background) => false,
            (Some(_), TurnOrigin::Prompt) | (None, TurnOrigin::Prompt) => true,
        }
    }
}

impl Said {
    /// Returns the blocks.
    pub fn blocks(&self) -> &[String] {
        &self.blocks
    }

    /// Adds a finished block.
    pub fn push(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.blocks.push(text.to_owned());
        }
    }

    /// Takes all blocks as one text, with `last` at the end unless it was said already.
    pub fn take(&mut self, last: &str) -> String {
        let last = last.trim();
        if self.blocks.last().is_none_or(|block| block != last) {
            self.push(last);
        }
        std::mem::take(&mut self.blocks).join("\n\n")
    }
}
