//! Durations as people write them: `"250ms"`, `"50s"`, `"15m"`, `"2h"`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// What a duration looks like, for error texts.
pub(super) const ALLOWED: &str = "a duration like \"250ms\", \"50s\", \"15m\" or \"2h\"";

/// Reads a duration; `None` when it is none.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let milliseconds: u64 = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(source)?;
    parse(&text).ok_or_else(|| de::Error::custom(format!("expected {ALLOWED}")))
}
