//! The limits a session keeps.

use std::time::Duration;

use bridge_texts::Language;

/// The limits a session keeps; from the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long an agent may take to answer the opening handshake.
    pub start_timeout: Duration,
    /// How long a turn may show no sign of life.
    pub silence_limit: Duration,
    /// How long a person may take to answer a request.
    pub permission_timeout: Duration,
    /// How long an agent may have nothing to do before it is ended.
    pub idle_timeout: Duration,
    /// How many prompts may wait behind the running one.
    pub queued_prompts: usize,
    /// What becomes of what people say in voice messages.
    pub voice: VoicePolicy,
    /// What happens when a limit of the API has ended that Claude met.
    pub at_reset: AtReset,
    /// The language in which the session speaks.
    pub language: Language,
}

/// What becomes of what people say in voice messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoicePolicy {
    /// Claude gets them as files.
    Off {
        /// Who could change that.
        who: WhoConfigures,
    },
    /// It is written down, and runs.
    On {
        /// Whether it waits for a person's word before it runs.
        confirm: Confirm,
        /// The longest recording that is listened to.
        max_length: Duration,
    },
}

/// What happens when a limit of the API has ended that Claude met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtReset {
    /// What a person wants, who is asked when it is met.
    Asks,
    /// Claude goes on by itself.
    GoesOn,
}

/// Who could change the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoConfigures {
    /// Whoever is in the chat: the bridge is theirs alone.
    Owner,
    /// An administrator of a bridge that many people share.
    Administrators,
}

/// Whether a transcript waits for a person's word before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// It runs at once.
    No,
    /// It waits.
    Yes,
}

/// How long an agent may take to obey an interrupt before it gets SIGINT.
///
/// The CLI answers within 0.03 s when it is healthy.
pub const INTERRUPT_GRACE: Duration = Duration::from_secs(5);

/// How long an agent may take to obey SIGINT before its tree is killed.
///
/// The slowest seen was 1.7 s.
pub const SIGNAL_GRACE: Duration = Duration::from_secs(3);

/// How long an agent may take to exit after the end of its input.
///
/// The CLI takes 0.1 s when it is idle.
pub const CLOSE_GRACE: Duration = Duration::from_secs(5);

/// How long a killed agent may take to be reported gone before that is taken for granted.
pub const KILL_GRACE: Duration = Duration::from_secs(10);

/// How long a turn runs before "typing…" is shown, so that short turns cost no extra call.
pub const TYPING_DELAY: Duration = Duration::from_millis(400);

/// How often "typing…" is renewed; Telegram shows it for 5 s.
pub const TYPING_INTERVAL: Duration = Duration::from_millis(4_500);

/// From this length an answer comes as a file too.
pub const DOCUMENT_THRESHOLD: usize = 12_000;

/// From this length only the head of an answer is posted beside the file, so that one answer
/// cannot flood the chat for a minute.
pub const HEAD_THRESHOLD: usize = 40_000;

/// How much of what was said on the way is shown beside an answer or a summary, in UTF-16 units: a
/// message has 4,096 of them, and marks of lists and tables take some.
pub const FOLDED_SHOWN: usize = 2_500;

/// How long a session that sleeps stays in memory; what is stored of it brings it back.
///
/// A forum can have any number of topics, and each has a session.
pub const RETIREMENT_AGE: Duration = Duration::from_secs(60 * 60);

/// How long after a turn an agent that has not said it is idle counts as idle all the same.
pub const SETTLING_TIME: Duration = Duration::from_secs(1);

impl Policy {
    /// Returns how long an agent that works by itself may show no sign of life: what it left running
    /// is treated no worse than an agent that has nothing to do.
    pub fn background_silence(&self) -> Duration {
        self.silence_limit.max(self.idle_timeout)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            start_timeout: Duration::from_secs(60),
            silence_limit: Duration::from_secs(10 * 60),
            permission_timeout: Duration::from_secs(30 * 60),
            idle_timeout: Duration::from_secs(15 * 60),
            queued_prompts: 16,
            voice: VoicePolicy::Off {
                who: WhoConfigures::Owner,
            },
            at_reset: AtReset::Asks,
            language: Language::English,
        }
    }
}
