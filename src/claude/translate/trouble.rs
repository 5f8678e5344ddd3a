//! Pure: what is wrong with the API, put together from what the agent says before its turn ends.

use std::time::Duration;

use bridge_actors::agent_event::{AgentEvent, ApiFault};
use bridge_actors::clock::UnixSeconds;
use bridge_actors::enquiry::UsageWindow;
use serde_json::Value;

use super::usage;
use crate::claude::wire::{RateLimitInfo, ResultLine, SystemLine};

/// What was said of a failure of the API in the running turn.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    fault: Option<ApiFault>,
    /// When a limit that is reached ends.
    until: Option<UnixSeconds>,
    /// How much of the limits is used, as it was said last.
    windows: Vec<UsageWindow>,
}

impl Trouble {
    /// Notes how much may still be used. A limit holds over turns.
    pub(super) fn on_rate_limit(&mut self, info: &RateLimitInfo) {
        self.until = match info.status.as_str() {
            "rejected" => info.resets_at.and_then(in_time),
            _ => None,
        };
        let windows = usage::of_request(&info.windows);
        if !windows.is_empty() {
            self.windows = windows;
        }
    }

    /// Returns how much of the limits is used, as it was said last.
    pub(super) fn windows(&self) -> &[UsageWindow] {
        &self.windows
    }

    /// Notes the kind of failure that the CLI names beside its text.
    pub(super) fn on_error(&mut self, error: &str, content: &[Value]) {
        let says = |words: &str| {
            let texts = content
                .iter()
                .filter_map(|block| block.get("text")?.as_str());
            texts.into_iter().any(|text| text.contains(words))
        };
        self.fault = Some(match error {
            "rate_limit" => ApiFault::Limit { until: self.until },
            "authentication_failed" if says("Invalid API key") => ApiFault::KeyRefused,
            "authentication_failed" => ApiFault::NotLoggedIn,
            "billing_error" => ApiFault::NoCredit,
            "model_not_found" => ApiFault::NoSuchModel,
            "server_error" | "overloaded" if says("529") => ApiFault::Overloaded,
            // Inside a stream it has no number, and in JSON another name.
            _ if says("Overloaded") || says("overloaded_error") => ApiFault::Overloaded,
            _ => ApiFault::Other,
        });
    }

    /// Returns what is wrong, for the end of the turn, which may know better.
    pub(super) fn take(&mut self, end: &ResultLine) -> ApiFault {
        let said = self.fault.take().unwrap_or(ApiFault::Other);
        let (reason, status) = (end.terminal_reason.as_deref(), end.api_error_status);
        match (said, status) {
            _ if reason == Some("prompt_too_long") => ApiFault::TooLong,
            _ if reason == Some("image_error") => ApiFault::TooLarge,
            _ if end.stop_reason.as_deref() == Some("refusal") => ApiFault::Declined,
            (ApiFault::NotLoggedIn, Some(401)) => ApiFault::LoginExpired,
            (ApiFault::Other, Some(413)) => ApiFault::TooLarge,
            (ApiFault::Other, Some(529)) => ApiFault::Overloaded,
            // Time-outs and conflicts are over the next time.
            (ApiFault::Other, Some(400..=407 | 410..=428)) => ApiFault::Rejected,
            (said, _) => said,
        }
    }
}

/// Returns a time; `None` when it lies before all of them.
fn in_time(seconds: i64) -> Option<UnixSeconds> {
    u64::try_from(seconds).ok().map(UnixSeconds)
}

pub(super) fn on_api_retry(line: SystemLine) -> AgentEvent {
    let error = line.error.as_deref().unwrap_or("unknown").replace('_', " ");
    AgentEvent::Retrying {
        attempt: line.attempt,
        max_attempts: line.max_retries,
        delay: milliseconds(line.retry_delay_ms),
        reason: match line.error_status {
            Some(status @ 401) => format!("the login was refused ({status})"),
            Some(status) => format!("{error} ({status})"),
            None => error,
        },
    }
}

/// Anything that is no length of time is none at all.
pub(super) fn milliseconds(count: f64) -> Duration {
    Duration::try_from_secs_f64(count / 1000.0).unwrap_or_default()
}
