//! What the registry promises about people and groups.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one kind among many"
)]

mod erasing;
mod groups;
mod haste;
mod intruders;
mod joining;
mod locked;
mod managing;
mod single;
mod support;
