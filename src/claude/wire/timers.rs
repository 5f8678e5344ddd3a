//! Serde types of what the agent's lines say of the times at which it goes on by itself.

use serde::Deserialize;

use super::output::lenient;

/// What a tool came to, as far as it is about timers.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ToolOutcome {
    /// Of one that was set, or removed.
    #[serde(flatten)]
    pub job: Job,
    /// All that there are.
    #[serde(deserialize_with = "lenient")]
    pub jobs: Option<Vec<Job>>,
    /// When it wakes up, in milliseconds since 1970.
    #[serde(rename = "scheduledFor", deserialize_with = "lenient")]
    pub scheduled_for: Option<f64>,
    /// Whether it does not wake up any more.
    #[serde(deserialize_with = "lenient")]
    pub stopped: bool,
}

/// A timer.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Job {
    #[serde(deserialize_with = "lenient")]
    pub id: String,
    #[serde(deserialize_with = "lenient")]
    pub cron: String,
    #[serde(deserialize_with = "lenient")]
    pub prompt: String,
    #[serde(rename = "humanSchedule", deserialize_with = "lenient")]
    pub human_schedule: String,
    #[serde(deserialize_with = "lenient")]
    pub recurring: bool,
    /// In milliseconds since 1970.
    #[serde(rename = "nextFireAt", deserialize_with = "lenient")]
    pub next_fire_at: Option<f64>,
}

/// What becomes of something that the agent was given, or gave itself.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct LifecycleLine {
    #[serde(deserialize_with = "lenient")]
    pub state: String,
    /// Why it began by itself.
    #[serde(deserialize_with = "lenient")]
    pub wakeup_source: String,
}
