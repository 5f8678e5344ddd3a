//! Pure: how much of what an account may use is used.
//!
//! The answer to the enquiry names the limits only where the login may read them, which a token of
//! `claude setup-token` may not; what a request to the model said of them last stands in then.

use std::collections::BTreeMap;

use bridge_actors::clock::UnixSeconds;
use bridge_actors::enquiry::{Usage, UsageSpan, UsageWindow};
use bridge_actors::visible::visible_line;
use chrono::DateTime;
use serde_json::Value;

use crate::claude::wire::RateLimitWindow;

/// The limits that have a name of their own, as the CLI names them.
const SPANS: [(&str, UsageSpan); 2] = [
    ("five_hour", UsageSpan::FiveHours),
    ("seven_day", UsageSpan::Week),
];

/// The limits of single models, and how those are called.
const MODELS: [(&str, &str); 2] = [("seven_day_opus", "Opus"), ("seven_day_sonnet", "Sonnet")];

/// The most of a limit that is shown as used, in percent.
const MOST: u64 = 999;

/// Reads the answer to the enquiry.
pub(super) fn of_answer(answer: &Value) -> Option<Usage> {
    let cost = answer.get("session")?.get("total_cost_usd")?.as_f64()?;
    let limits = answer.get("rate_limits").unwrap_or(&Value::Null);
    let named = names().filter_map(|(name, span)| window(limits.get(name)?, span));
    let scoped = limits.get("model_scoped").and_then(Value::as_array);
    let scoped = scoped.into_iter().flatten().filter_map(|limit| {
        let name = visible_line(limit.get("display_name")?.as_str()?);
        window(limit, UsageSpan::WeekOf(name))
    });
    let mut windows: Vec<_> = named.collect();
    for window in scoped {
        if windows.iter().all(|known| known.span != window.span) {
            windows.push(window);
        }
    }
    Some(Usage {
        cost: rounded(cost * 1e6),
        windows,
    })
}

/// Returns what a request to the model said of the limits.
pub(super) fn of_request(said: &BTreeMap<String, RateLimitWindow>) -> Vec<UsageWindow> {
    let windows = names().filter_map(|(name, span)| {
        let window = said.get(name)?;
        let resets = window.resets_at.and_then(|at| u64::try_from(at).ok());
        Some(UsageWindow {
            span,
            percent: percent(window.utilization * 100.0),
            resets: resets.map(UnixSeconds),
        })
    });
    windows.collect()
}

fn names() -> impl Iterator<Item = (&'static str, UsageSpan)> {
    let models = MODELS.map(|(name, model)| (name, UsageSpan::WeekOf(model.to_owned())));
    SPANS.into_iter().chain(models)
}

fn window(limit: &Value, span: UsageSpan) -> Option<UsageWindow> {
    let resets = limit.get("resets_at").and_then(Value::as_str);
    let resets = resets.and_then(|time| DateTime::parse_from_rfc3339(time).ok());
    let resets = resets.and_then(|time| u64::try_from(time.timestamp()).ok());
    Some(UsageWindow {
        span,
        percent: percent(limit.get("utilization")?.as_f64()?),
        resets: resets.map(UnixSeconds),
    })
}

fn percent(amount: f64) -> u64 {
    rounded(amount).min(MOST)
}

/// Anything that is no amount is none.
fn rounded(amount: f64) -> u64 {
    // A cast keeps to the bounds of its type.
    amount.round() as u64
}
